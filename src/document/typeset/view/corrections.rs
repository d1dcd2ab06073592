//! The page "Changes and corrections": each difference put into words, sorted as the outline has it.

use super::marks;
use super::model::{ChangedFigure, CorrectedReading, CorrectionTable, Corrections};
use crate::document::outline::Outline;
use crate::project::indicator::Selector;
use crate::snapshots::diff::Difference;
use crate::snapshots::record::Figure;
use crate::value::Value;
use crate::value::period::Period;

/// The page, if a previous snapshot is declared and held the country.
pub(super) fn corrections(outline: &Outline<'_>) -> Option<Corrections> {
    let (text, changes) = (outline.document.text, outline.changes.as_ref()?);
    let previous = outline.project.report.previous.as_ref()?;
    let named = Period::parse(&previous.value).map_or_else(|_| previous.value.clone(), |period| text.period(&period));
    let phrase = |key: &str| text.phrase(key, &[("previous", &named)]);
    let single = |differences: &[&Difference]| differences.iter().filter_map(|found| row(outline, &[*found])).collect();
    let table = |key: &str, (before, now, why), rows: Vec<ChangedFigure>| CorrectionTable {
        title: phrase(key),
        before,
        now,
        why,
        rows,
    };
    let tables = [
        table("changes_corrected", (true, true, true), single(&changes.corrected)),
        table("changes_found", (false, true, true), single(&changes.found)),
        table("changes_new", (false, true, false), by_period(outline, &changes.new)),
        table("changes_gone", (false, false, true), single(&changes.gone)),
    ];
    let mut notes = Vec::new();
    if changes.is_empty() {
        notes.push(phrase("changes_none"));
    }
    if !changes.redefined.is_empty() {
        let names: Vec<String> = changes.redefined.iter().map(|title| (*title).to_owned()).collect();
        notes.push(text.phrase("changes_redefined", &[("names", &text.all_of(&names))]));
    }
    if changes.hidden {
        notes.push(phrase("changes_hidden"));
    }
    Some(Corrections {
        heading: phrase("changes"),
        headline: phrase("changes_headline"),
        lead: phrase("changes_lead"),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).collect(),
        notes,
    })
}

/// A row for each indicator and period: its parts stand one after the other.
fn by_period(outline: &Outline<'_>, differences: &[&Difference]) -> Vec<ChangedFigure> {
    let alike = |one: &&Difference, other: &&Difference| {
        let of = |difference: &Difference| difference.figure().map(|f| (f.indicator.clone(), f.period.clone()));
        of(one) == of(other)
    };
    differences.chunk_by(alike).filter_map(|rows| row(outline, rows)).collect()
}

/// One figure, or the parts of one period, in which case the label leaves them to the readings.
fn row(outline: &Outline<'_>, differences: &[&Difference]) -> Option<ChangedFigure> {
    let text = outline.document.text;
    let difference = differences.first()?;
    let figure = difference.figure()?;
    let short = outline.project.indicator(&figure.indicator).map(|indicator| indicator.short.as_str());
    let title = short.unwrap_or(&difference.title);
    let parts = differences.len() > 1;
    let name = if parts { title.to_owned() } else { outline.name(&selector(figure), title) };
    let label = with_unit(outline, figure, &name);
    let now = differences.iter().filter_map(|difference| difference.now.as_ref());
    let why = difference.causes.first().map_or("", |because| because.code);
    Some(ChangedFigure {
        label,
        period: text.period(&figure.period),
        before: difference.before.as_ref().map(|before| reading(outline, before, false)),
        now: now.map(|now| reading(outline, now, parts)).collect(),
        why: text.word(&format!("cause.{why}")).to_owned(),
        marks: cited(outline, differences),
    })
}

/// The name of a figure with its unit, without its period.
pub(super) fn label(outline: &Outline<'_>, figure: &Figure) -> String {
    let indicator = outline.project.indicator(&figure.indicator);
    let title = indicator.map_or(figure.indicator.as_str(), |indicator| indicator.short.as_str());
    with_unit(outline, figure, &outline.name(&selector(figure), title))
}

fn with_unit(outline: &Outline<'_>, figure: &Figure, name: &str) -> String {
    let text = outline.document.text;
    match text.unit(&figure.unit, None) {
        "" => name.to_owned(),
        unit => text.phrase("change_label", &[("name", name), ("unit", unit)]),
    }
}

fn selector(figure: &Figure) -> Selector {
    Selector { indicator: figure.indicator.clone(), codes: figure.codes.clone() }
}

/// The numbers of the sources behind what a row prints, before and now.
fn cited(outline: &Outline<'_>, differences: &[&Difference]) -> Vec<String> {
    let mut numbers = Vec::new();
    for difference in differences {
        let now = difference.now.as_ref().and_then(|now| outline.cell(now));
        let Some(cell) = now.filter(|cell| cell.value.is_some()) else { continue };
        let before = difference.before.iter().filter_map(|before| before.sources.first());
        numbers.extend(outline.marks(cell));
        numbers.extend(outline.numbers(before.map(String::as_str)));
    }
    numbers.sort_unstable();
    numbers.dedup();
    marks(&numbers)
}

/// A figure as a reader sees it: every reading of a contested one, or its state in words.
pub(super) fn reading(outline: &Outline<'_>, figure: &Figure, part: bool) -> CorrectedReading {
    let text = outline.document.text;
    let readings: Vec<String> = figure
        .readings()
        .into_iter()
        .map(|(value, qualifier)| match (value, outline.project.indicator(&figure.indicator)) {
            (Value::Code(code), Some(indicator)) => outline.project.value_label(indicator, code, text),
            _ => text.value(value, qualifier),
        })
        .collect();
    let mut readings = readings.into_iter();
    let first = readings.next();
    let part = part.then(|| outline.name(&selector(figure), "").trim_start_matches(", ").to_owned());
    CorrectedReading {
        part: part.unwrap_or_default(),
        stated: first.is_some(),
        text: first.unwrap_or_else(|| text.word(figure.status.code()).to_owned()),
        or: readings.collect(),
    }
}
