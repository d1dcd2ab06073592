//! Where the numerals of a document come from that are no figures: every string of the view and of its drawings, by kind.

use serde_json::Value as Json;

use super::View;
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::document::typeset::{Kind, Told};
use crate::value::Qualifier;

/// Everything that a document may say.
pub(super) fn told(outline: &Outline<'_>, view: &View, figures: &[Figure]) -> serde_json::Result<Told> {
    let marks = outline.document.text.marks().clone();
    let mut told = Told { strings: Vec::new(), figures: Vec::new(), marks };
    collect(&serde_json::to_value(view)?, &mut Vec::new(), &mut told);
    told.strings.extend(outline.bindings.literals.iter().map(|text| (Kind::Literal, text.clone())));
    let text = outline.document.text;
    let cited = ["chart_source", "chart_sources"].map(|key| text.phrase(key, &[("numbers", "")]));
    for drawn in figures.iter().flat_map(Figure::words).filter(|words| words.contains(char::is_numeric)) {
        let bare = drawn.chars().all(|c| c.is_numeric() || matches!(c, ',' | '.'));
        let kind = match bare {
            true => Kind::Axis,
            false if cited.iter().any(|word| drawn.starts_with(word.trim())) => Kind::Mark,
            false => Kind::Literal,
        };
        told.strings.push((kind, drawn.to_owned()));
    }
    let sources = |method: &super::Method| format!("{} {}", method.cited, method.marks.join(", "));
    told.strings.extend(view.methods.iter().map(|method| (Kind::Mark, sources(method))));
    let follows = |pair: &[super::Source]| format!("{}{}{}", pair[0].published, text.word("semicolon"), pair[1].number);
    told.strings.extend(view.sources.windows(2).map(|pair| (Kind::Mark, follows(pair))));
    for (word, count) in [("figure", figures.len()), ("table", outline.tables.len())] {
        told.strings.extend((1..=count).map(|number| (Kind::Number, format!("{} {number}", text.word(word)))));
    }
    for cell in outline.released.all() {
        let period = &cell.period;
        let periods = [text.dated(period), text.period(period), text.column(period), text.short_period(period)];
        told.strings.extend(periods.map(|period| (Kind::Date, period)));
    }
    Ok(told)
}

/// The figures as they are printed: those of the released cells, and those that only prose computes.
pub(super) fn said(outline: &Outline<'_>, printed: &std::collections::BTreeSet<String>) -> Vec<String> {
    let derived = outline.bindings.phrases.values();
    let derived = derived.flat_map(|bound| bound.derived.iter().chain(&bound.whole));
    let cells = outline
        .released
        .all()
        .chain(derived)
        .filter(|cell| cell.relation != crate::disclosure::protect::Relation::Own || printed.contains(&cell.id));
    let mut said = Vec::new();
    for cell in cells {
        let own = cell.value.iter().map(|value| (value, cell.qualifier));
        let others = cell.alternatives.iter().map(|other| (&other.value, other.qualifier));
        for (value, qualifier) in own.chain(others) {
            said.push(outline.say(cell, value, qualifier));
            said.push(outline.document.text.value(value, qualifier));
            // A line may break between a number and the words that say how exact it is.
            said.push(outline.document.text.value(value, Qualifier::Exact));
        }
    }
    said.sort();
    said.dedup();
    said
}

fn collect(json: &Json, path: &mut Vec<String>, told: &mut Told) {
    match json {
        Json::String(text) if text.contains(char::is_numeric) => told.strings.push((kind(path), text.clone())),
        Json::Array(items) => items.iter().for_each(|item| collect(item, path, told)),
        Json::Object(entries) => {
            // An alternative text is read aloud, not printed; the checksum among the keywords is on no page, and would let any
            // digit pass; the words of drawings have been told by their kinds.
            let document = path.is_empty();
            for (key, entry) in entries.iter().filter(|(key, _)| !left_out(document, key)) {
                path.push(key.clone());
                collect(entry, path, told);
                path.pop();
            }
        }
        _ => {}
    }
}

fn left_out(document: bool, key: &str) -> bool {
    document && key == "keywords" || matches!(key, "alt" | "texts")
}

/// What a string of the view is, by where it stands in it. A string that holds figures holds them first; whatever else is in
/// it is a number that was counted for it, such as how many sources agree.
fn kind(path: &[String]) -> Kind {
    let at = |depth: usize| path.get(depth).map_or("", String::as_str);
    match (at(0), path.last().map_or("", String::as_str)) {
        (_, "marks" | "before_marks" | "change_marks" | "number") | ("source_numbers", _) | ("figures", "sources") => {
            Kind::Mark
        }
        ("dates" | "periods" | "edition" | "running" | "series", _)
        | (_, "date" | "published" | "accessed" | "period" | "year" | "columns")
        | ("sections", "or") => Kind::Date,
        // Among the corrections stands what the previous snapshot printed.
        ("values" | "phrases", _)
        | ("key_figures", "value" | "or" | "change" | "caution")
        | ("changes", "reading" | "text" | "or")
        | ("corrections", "text" | "or")
        | ("tables", "lines")
        | ("chart_data", "text") => Kind::Number,
        _ => Kind::Literal,
    }
}
