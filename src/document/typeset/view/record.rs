//! The record behind the documents: every figure by measure, with its definition and its id, and the dated facts by year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use super::events::dated;
use super::marks;
use super::methods::words_of;
use super::model::{Recorded, RecordedSeries, Year};
use super::readings::reading;
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::{Outline, late_line, unidentified};
use crate::project::indicator::{Indicator, Selector};
use crate::value::Value;

/// At most this many parts of a measure are listed, the total beside them; the tables hold all.
const PARTS: usize = 24;

/// Every indicator with a figure, in the order of the sections; none but in the record.
pub(super) fn record(outline: &Outline<'_>) -> Vec<Recorded> {
    if !outline.document.kind.record {
        return Vec::new();
    }
    outline.project.indicators.iter().filter_map(|indicator| recorded(outline, indicator)).collect()
}

/// The ids of the figures that the record lists.
pub(super) fn printed(record: &[Recorded]) -> impl Iterator<Item = String> + '_ {
    record.iter().flat_map(|measure| &measure.series).flat_map(|series| series.figures.iter().cloned())
}

/// The dated facts of all its sections, the newest year first; none but in the record.
pub(super) fn years(outline: &Outline<'_>) -> Vec<Year> {
    let mut years: BTreeMap<i32, Vec<_>> = BTreeMap::new();
    for event in outline.dated_facts().into_iter().filter(|_| outline.document.kind.record) {
        years.entry(event.dates[0].start().year()).or_default().push(dated(outline, event));
    }
    let newest_first =
        |(year, events): (i32, Vec<_>)| Year { year: year.to_string(), events: events.into_iter().rev().collect() };
    years.into_iter().rev().map(newest_first).collect()
}

fn recorded(outline: &Outline<'_>, indicator: &Indicator) -> Option<Recorded> {
    let text = outline.document.text;
    let cells = outline.released.cells(&indicator.id);
    let told: Vec<&ReleasedCell> = cells.iter().filter(|cell| cell.status != Status::NotReported).collect();
    let mut codes: Vec<&BTreeMap<String, String>> = Vec::new();
    for cell in &told {
        if !codes.contains(&&cell.codes) {
            codes.push(&cell.codes);
        }
    }
    // The total first, then one dimension at a time.
    codes.sort_by_key(|codes| (codes.len(), place(outline, codes)));
    let left_out = codes.len() > PARTS + 1;
    codes.truncate(PARTS + 1);
    let series: Vec<RecordedSeries> = codes.into_iter().map(|codes| series(outline, indicator, codes)).collect();
    (!series.is_empty()).then(|| Recorded {
        id: indicator.id.clone(),
        title: indicator.title.clone(),
        unit: text.unit(&indicator.unit, None).to_owned(),
        text: words_of(outline, indicator, &told),
        address: format!("{}/{}:", outline.document.country.iso3, indicator.id),
        series,
        rest: left_out.then(|| text.phrase("record_rest", &[("table", &indicator.id)])),
    })
}

/// The country itself first, its neighbours as it lists them, then all other codes in their order.
fn place<'c>(outline: &Outline<'_>, codes: &'c BTreeMap<String, String>) -> Vec<(&'c String, usize, &'c String)> {
    let country = outline.document.country;
    let order: Vec<&String> = std::iter::once(&country.iso3).chain(&country.neighbours).collect();
    let place = |code: &String| order.iter().position(|known| *known == code).unwrap_or(usize::MAX);
    codes.iter().map(|(dimension, code)| (dimension, place(code), code)).collect()
}

fn series(outline: &Outline<'_>, indicator: &Indicator, codes: &BTreeMap<String, String>) -> RecordedSeries {
    let text = outline.document.text;
    let mut cells = outline.released.series(&indicator.id, codes);
    cells.retain(|cell| cell.status != Status::NotReported);
    let selector = Selector { indicator: indicator.id.clone(), codes: codes.clone() };
    let numbers: BTreeSet<usize> = cells.iter().flat_map(|cell| outline.marks(cell)).collect();
    let pairs: Vec<String> = indicator
        .dimensions
        .iter()
        .filter_map(|dimension| Some(format!("{dimension}={}", codes.get(dimension)?)))
        .collect();
    let late = cells.iter().filter_map(|cell| outline.released.with_late_cases(cell)).map(|late| late.id.clone());
    RecordedSeries {
        label: outline.name(&selector, "").trim_start_matches(", ").to_owned(),
        codes: if pairs.is_empty() { String::new() } else { format!(":{}", pairs.join(",")) },
        text: runs(outline, &cells).join(text.word("semicolon")),
        sources: cited(outline, &numbers.into_iter().collect::<Vec<_>>()),
        figures: cells.iter().map(|cell| cell.id.clone()).chain(late).collect(),
    }
}

/// "2007: 23", "Apr 2007–Mar 2008: 280"; a rating that stays the same from year to year is said once.
fn runs(outline: &Outline<'_>, cells: &[&ReleasedCell]) -> Vec<String> {
    let text = outline.document.text;
    let mut runs: Vec<(String, &ReleasedCell, &ReleasedCell)> = Vec::new();
    for cell in cells {
        let mut printed = reading(outline, cell);
        let late = outline.released.with_late_cases(cell);
        if let Some(late) = late.and_then(|late| Some(outline.known_as(late, late_line(text, late)?))) {
            printed = format!("{printed}, {late}");
        }
        let rated = matches!(cell.value, Some(Value::Code(_)));
        let same = |last: &str| unidentified(last) == unidentified(&printed);
        match runs.last_mut().filter(|(last, _, end)| rated && same(last) && end.period.meets(&cell.period)) {
            Some(run) => *run = (outline.also_known_as(cell, &run.0), run.1, cell),
            None => runs.push((printed, cell, cell)),
        }
    }
    let period = |first: &ReleasedCell, last: &ReleasedCell| match (first.period.whole_year(), last.period.whole_year())
    {
        (Some(from), Some(to)) => text.years(from, to),
        _ => text.column(&first.period),
    };
    let said = |(value, first, last): &(String, &ReleasedCell, &ReleasedCell)| {
        let inferred = if first.period.inferred() { crate::project::text::INFERRED } else { "" };
        let period = format!("{}{inferred}", period(first, last));
        text.phrase("data_figure", &[("value", value), ("period", &period)])
    };
    runs.iter().map(said).collect()
}

/// "Source 2." or "Sources 2, 13."; empty without any.
fn cited(outline: &Outline<'_>, numbers: &[usize]) -> String {
    let key = if numbers.len() == 1 { "caption_source" } else { "caption_sources" };
    let cited = || outline.document.text.phrase(key, &[("numbers", &condensed(numbers)), ("table", "")]);
    if numbers.is_empty() { String::new() } else { cited() }
}

/// Numbers with runs of three or more drawn together: "1, 4–7, 9".
fn condensed(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == *number => run.1 = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let said = |(from, to): &(usize, usize)| match to - from {
        0 => from.to_string(),
        1 => marks(&[*from, *to]).join(", "),
        _ => format!("{from}–{to}"),
    };
    runs.iter().map(said).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_of_numbers_are_drawn_together() {
        assert_eq!(condensed(&[1, 2, 4, 5, 6, 7, 9]), "1, 2, 4–7, 9");
        assert_eq!(condensed(&[]), "");
    }
}
