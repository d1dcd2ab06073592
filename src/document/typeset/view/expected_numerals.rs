//! Every numeral that a document is expected to print: its figures, and each string of its view and its drawings by kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::model::{Method, Source, View};
use crate::disclosure::protect::{Relation, ReleasedCell};
use crate::document::draw::Figure;
use crate::document::outline::{Outline, late_line};
use crate::document::typeset::expected::{ExpectedText, Kind};
use crate::value::Qualifier;

/// The texts of one document that may hold a numeral.
pub(super) fn of(
    outline: &Outline<'_>,
    view: &View,
    drawn: &[Figure],
    printed: &BTreeSet<String>,
) -> serde_json::Result<ExpectedText> {
    let mut strings = Vec::new();
    collect(&serde_json::to_value(view)?, &mut Vec::new(), &mut strings);
    strings.extend(outline.bindings.literals.iter().map(|text| (Kind::Literal, text.clone())));
    strings.extend(in_drawings(outline, drawn));
    strings.extend(in_lists_of_sources(outline, view));
    for (word, count) in [("figure", drawn.len()), ("table", outline.tables.len())] {
        let word = outline.document.text.word(word);
        strings.extend((1..=count).map(|number| (Kind::Number, format!("{word} {number}"))));
    }
    strings.extend(periods(outline).map(|period| (Kind::Date, period)));
    let marks = outline.document.text.marks().clone();
    Ok(ExpectedText { strings, figures: figures(outline, printed), marks })
}

/// The texts of the charts: numbers of grid lines, sources, and all others.
fn in_drawings(outline: &Outline<'_>, drawn: &[Figure]) -> Vec<(Kind, String)> {
    let text = outline.document.text;
    let cited = ["chart_source", "chart_sources"].map(|key| text.phrase(key, &[("numbers", "")]));
    let kind = |words: &str| match words.chars().all(|c| c.is_numeric() || matches!(c, ',' | '.')) {
        true => Kind::Axis,
        false if cited.iter().any(|word| words.starts_with(word.trim())) => Kind::Mark,
        false => Kind::Literal,
    };
    let texts = drawn.iter().flat_map(Figure::words).filter(|words| words.contains(char::is_numeric));
    texts.map(|words| (kind(words), words.to_owned())).collect()
}

/// Source numbers with the text that the page sets directly before them.
fn in_lists_of_sources(outline: &Outline<'_>, view: &View) -> Vec<(Kind, String)> {
    let semicolon = outline.document.text.word("semicolon");
    let cited = |method: &Method| format!("{} {}", method.cited, method.marks.join(", "));
    let follows = |pair: &[Source]| format!("{}{semicolon}{}", pair[0].published, pair[1].number);
    let strings = view.methods.iter().map(cited).chain(view.back.sources.windows(2).map(follows));
    strings.map(|text| (Kind::Mark, text)).collect()
}

/// The period of each released cell in every form that the page may print.
fn periods<'o>(outline: &'o Outline<'_>) -> impl Iterator<Item = String> + 'o {
    let text = outline.document.text;
    outline
        .released
        .all()
        .map(|cell| &cell.period)
        .flat_map(|period| [text.dated(period), text.period(period), text.column(period), text.short_period(period)])
}

/// The figures as they are printed: those of the released cells, and those that only prose computes.
fn figures(outline: &Outline<'_>, printed: &BTreeSet<String>) -> Vec<String> {
    by_form(outline, printed).into_keys().collect()
}

/// The ids of these figures by each form in which the document may print them.
pub(super) fn by_form(outline: &Outline<'_>, printed: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let phrases = outline.bindings.phrases.values();
    let computed = phrases.flat_map(|bound| bound.derived.iter().chain(&bound.whole));
    let cells = outline.released.all().chain(outline.released.all_late()).chain(computed);
    let mut by_form: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for cell in cells.filter(|cell| cell.relation != Relation::Own || printed.contains(&cell.id)) {
        for form in forms(outline, cell) {
            by_form.entry(form).or_default().insert(cell.id.clone());
        }
    }
    by_form
}

/// The forms in which a document may print the values of one figure.
fn forms(outline: &Outline<'_>, cell: &ReleasedCell) -> BTreeSet<String> {
    let text = outline.document.text;
    let own = cell.value.iter().map(|value| (value, cell.qualifier));
    let others = cell.alternatives.iter().map(|other| (&other.value, other.qualifier));
    let mut forms: BTreeSet<String> = late_line(text, cell).into_iter().collect();
    for (value, qualifier) in own.chain(others) {
        // A line may break between a number and the words of its qualifier.
        let exact = text.value(value, Qualifier::Exact);
        forms.extend([outline.say(cell, value, qualifier), text.value(value, qualifier), exact]);
    }
    forms
}

fn collect(json: &Json, path: &mut Vec<String>, strings: &mut Vec<(Kind, String)>) {
    match json {
        Json::String(text) if text.contains(char::is_numeric) => strings.push((kind(path), text.clone())),
        Json::Array(items) => items.iter().for_each(|item| collect(item, path, strings)),
        Json::Object(entries) => {
            // Alternative texts, colours and keywords are not printed, and the checksum among the keywords would let any digit pass;
            // the texts of drawings are collected with their own kinds.
            let document = path.is_empty();
            for (key, entry) in entries.iter().filter(|(key, _)| !left_out(document, key)) {
                path.push(key.clone());
                collect(entry, path, strings);
                path.pop();
            }
        }
        _ => {}
    }
}

fn left_out(document: bool, key: &str) -> bool {
    document && matches!(key, "keywords" | "theme")
        || matches!(key, "alt" | "logo_alt" | "code_alt" | "texts" | "to" | "chart_glyphs")
}

/// The kind of a string, by its place in the view. In a string with figures, every other numeral is a count, such as how many
/// sources agree.
fn kind(path: &[String]) -> Kind {
    let at = |depth: usize| path.get(depth).map_or("", String::as_str);
    match (at(0), path.last().map_or("", String::as_str)) {
        (_, "marks" | "before_marks" | "change_marks" | "number")
        | ("source_numbers", _)
        | ("figures" | "record", "sources") => Kind::Mark,
        ("dates" | "periods" | "edition" | "running" | "series", _)
        | (_, "date" | "dated" | "published" | "accessed" | "period" | "year" | "columns")
        | ("sections" | "milestones", "or") => Kind::Date,
        // The corrections also print figures of the previous snapshot.
        ("values" | "phrases", _)
        | ("key_figures", "value" | "or" | "change" | "caution" | "old" | "last")
        | ("changes", "reading" | "text" | "or")
        | ("corrections", "text" | "or")
        | ("corrected", "change")
        | ("tables", "lines")
        | ("scoreboard", "text" | "or" | "value" | "names" | "why")
        | ("chart_data" | "record", "text") => Kind::Number,
        _ => Kind::Literal,
    }
}
