//! Texts that the templates find too long for their place: an error for each, where the text is written.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::outline::Outline;

/// How the message of `templates/theme.typ` begins.
const TOO_LONG: &str = "panicked with: too long: ";

/// The name of a text in a message, by the kind that the templates give.
const KINDS: [(&str, &str); 20] = [
    ("name", "the name of the country"),
    ("running", "the name of the country in the running head"),
    ("official", "the official name"),
    ("deck", "the deck"),
    ("headline", "the headline"),
    ("finding", "the headline of the finding"),
    ("statement", "the statement"),
    ("ask", "the headline of the request"),
    ("key-figure", "the label of the key figure"),
    ("released", "the title of the table"),
    ("donor", "the name of the donor"),
    ("cover-note", "the cover note"),
    ("page-one", "page one"),
    ("question", "the finding"),
    ("question-text", "the text of the block"),
    ("question-unknown", "the text on what is not known"),
    ("dated", "the title of the dated facts"),
    ("ask-owner", "the owner of the request"),
    ("ask-because", "the reason of the request"),
    ("ask-met", "the test of the request"),
];
const CHART: &str = "the title of the chart";

/// An error for each text that is too long; none when Typst stopped for another reason.
pub(super) fn too_long(outline: &Outline<'_>, message: &str) -> Option<Vec<Diagnostic>> {
    let texts = message.strip_prefix(TOO_LONG)?;
    texts.split("; ").map(|text| fault(outline, text)).collect()
}

fn fault(outline: &Outline<'_>, text: &str) -> Option<Diagnostic> {
    let [what, which, needed, lines] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let name = KINDS.iter().find(|(kind, _)| *kind == what).map_or(CHART, |(_, name)| *name);
    let noun = if lines == "1" { "line" } else { "lines" };
    let message = format!("{name} needs {needed} lines; there is room for {lines} {noun}");
    let fault = Diagnostic::error(Code::TooLong, place(outline, what, which)?, message);
    Some(fault.hint("shorten the text; it is never set in smaller type"))
}

/// Where a text is written: among the titles of prose by its number or id, else where it is declared.
fn place(outline: &Outline<'_>, what: &str, which: &str) -> Option<Span> {
    let country = outline.document.country;
    let mut titles = outline.bindings.titles.iter().filter(|title| title.what == what);
    let indicator = || outline.project.indicator(which);
    match what {
        "page-one" => outline.front.map(|front| Span::start_of(&front.source)),
        "question" | "question-text" | "question-unknown" => {
            titles.find(|title| title.id == which).map(|title| title.span.clone())
        }
        "name" | "running" => country.written[0].clone(),
        "official" => country.written[1].clone(),
        "donor" => outline.document.donor.map(|donor| donor.written.clone()),
        "cover-note" => outline.document.donor.and_then(|donor| Some(donor.note.as_ref()?.span.clone())),
        "key-figure" => indicator().map(|indicator| indicator.title_span.for_country(&country.iso3)),
        "chart" | "released" => {
            let given = titles.find(|title| title.id == which).map(|title| title.span.clone());
            let declared = || indicator()?.chart.as_ref()?.title_span.clone();
            given.or_else(|| declared().filter(|_| what == "chart")).or_else(|| Some(indicator()?.title_span.clone()))
        }
        _ => titles.nth(which.parse::<usize>().ok()?.checked_sub(1)?).map(|title| title.span.clone()),
    }
}
