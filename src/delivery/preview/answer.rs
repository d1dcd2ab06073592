//! What is known of a number, as HTML: the same as `explain` says of it.

use quick_xml::escape::escape;

use crate::document::explain::{Answer, ExplainedFigure, Source, TableRow, what};
use crate::document::trace::Numeral;

/// What is known of a number that is no figure.
pub(super) fn other(numeral: &Numeral) -> String {
    format!("<h2>{}</h2>\n<p>This is {}.</p>\n", escape(&numeral.text), escape(what(numeral)))
}

/// What is known of the figures that a number is, or, where that is not certain, may be.
pub(super) fn figures(numeral: &Numeral, answers: &[Answer], rows_are_stale: bool) -> String {
    let shown = numeral.whole.as_ref().unwrap_or(&numeral.text);
    let mut html = format!("<h2>{}</h2>\n", escape(shown));
    let figures: Vec<&ExplainedFigure> = answers.iter().flat_map(|answer| &answer.figures).collect();
    match (&numeral.whole, figures.len()) {
        (None, 2..) => html.push_str("<p>It is not known which of these figures it is.</p>\n"),
        (Some(_), 2..) => html.push_str("<p>These figures are printed together.</p>\n"),
        _ => {}
    }
    figures.iter().for_each(|one| html.push_str(&figure(one, rows_are_stale)));
    html
}

fn figure(figure: &ExplainedFigure, rows_are_stale: bool) -> String {
    let mut list = String::new();
    let mut field = |name: &str, html: &str| list.push_str(&format!("<dt>{name}</dt>\n<dd>{html}</dd>\n"));
    field("figure", &escape(format!("{} · {} · {}", figure.display, figure.title, figure.period)));
    if figure.contested {
        let others: Vec<&str> = figure.alternatives.iter().map(|other| other.display.as_str()).collect();
        field("contested", &escape(format!("other sources give {}", others.join(", "))));
    }
    field("definition", &escape(&figure.definition));
    field("rule", &escape(&figure.rule));
    if let Some(filter) = &figure.filter {
        field("filter", &format!("{}<br>The rows of a register are shown to nobody.", escape(filter)));
    }
    let stale = "<br>The tables have changed since the build: its rows are shown after the next one.";
    let stale = if rows_are_stale && !figure.rows.is_empty() { stale } else { "" };
    if !figure.rows.is_empty() {
        field("rows", &format!("{}{stale}", rows(&figure.rows)));
    }
    if !figure.sources.is_empty() {
        field("sources", &sources(&figure.sources));
    }
    if !figure.agreeing.is_empty() {
        field("the same in", &rows(&figure.agreeing));
    }
    for other in &figure.alternatives {
        let words = escape(format!("{}: {}", other.display, other.why)).into_owned();
        field("alternative", &format!("{words}{}{}", rows(&other.rows), sources(&other.sources)));
    }
    if !figure.printed.is_empty() {
        let printed: String =
            figure.printed.iter().map(|place| format!("<li><code>{}</code></li>", escape(&place.document))).collect();
        field("printed", &format!("<ul>{printed}</ul>"));
    }
    format!("<h3><code>{}</code></h3>\n<dl>\n{list}</dl>\n", escape(&figure.id))
}

fn rows(rows: &[TableRow]) -> String {
    let row = |row: &TableRow| {
        let text = if row.text.is_empty() {
            String::new()
        } else {
            format!(" <code class=\"row\">{}</code>", escape(&row.text))
        };
        format!("<li><code>{}</code>{text}</li>", escape(&row.place))
    };
    format!("<ul>{}</ul>", rows.iter().map(row).collect::<String>())
}

fn sources(sources: &[Source]) -> String {
    let source = |source: &Source| {
        let accessed =
            if source.accessed.is_empty() { String::new() } else { format!(", accessed {}", escape(&source.accessed)) };
        let url = escape(&source.url);
        // Another address might run something.
        let is_page = ["https://", "http://"].iter().any(|scheme| source.url.starts_with(scheme));
        let found = match (source.held_at.is_empty(), source.url.is_empty()) {
            (false, _) => format!("<br>held at {}", escape(&source.held_at)),
            (true, false) if is_page => {
                format!("<br><a href=\"{url}\" rel=\"noreferrer noopener\">{url}</a>{accessed}")
            }
            (true, false) => format!("<br>{url}{accessed}"),
            (true, true) => String::new(),
        };
        format!("<li>{} ({}){found}</li>", escape(&source.name), escape(&source.id))
    };
    format!("<ul>{}</ul>", sources.iter().map(source).collect::<String>())
}
