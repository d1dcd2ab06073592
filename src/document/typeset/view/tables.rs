//! Released tables in print: measures down, periods across, the five states apart.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Table, TableCell, TableGroup, TableRow};
use super::readings::{cell_at, readings};
use super::{marks, parts};
use crate::disclosure::protect::{ReleasedCell, Status};
use crate::document::outline::{Outline, late_line};
use crate::project::indicator::{Indicator, Selector};
use crate::project::text::INFERRED;
use crate::value::period::Period;

/// What the id of a figure with late cases holds.
const LATE: &str = ":late=";
/// More columns than this do not fit the page; the latest are printed.
const MOST_COLUMNS: usize = 11;

pub(super) fn tables(outline: &Outline<'_>, printed: &mut BTreeSet<String>) -> BTreeMap<String, Table> {
    outline.tables.iter().map(|indicator| (indicator.id.clone(), table(outline, indicator, printed))).collect()
}

fn table(outline: &Outline<'_>, indicator: &Indicator, printed: &mut BTreeSet<String>) -> Table {
    let text = outline.document.text;
    let shown = outline.shown(indicator);
    let (columns, left_out) = columns(&shown);
    let mut groups: Vec<(String, parts::Rows)> = Vec::new();
    let mut states: BTreeSet<&'static str> = BTreeSet::new();
    let mut figures = Vec::new();
    for (selector, series) in &shown {
        let at = |period: &Period| cell_at(outline, selector, period).filter(|_| !series.is_empty());
        let cells: Vec<Option<&ReleasedCell>> = columns.iter().map(at).collect();
        if cells.iter().all(Option::is_none) {
            continue;
        }
        figures.extend(cells.iter().flatten().map(|cell| cell.id.clone()));
        let late = |cell: &&ReleasedCell| outline.released.with_late_cases(cell).map(|late| late.id.clone());
        figures.extend(cells.iter().flatten().filter_map(late));
        let numbers: BTreeSet<usize> = cells.iter().flatten().flat_map(|cell| outline.marks(cell)).collect();
        let Some(measured) = outline.project.indicator(&selector.indicator) else { continue };
        let unit = capitalised(text.unit(&measured.unit, None));
        if groups.iter().all(|(title, _)| *title != unit) {
            groups.push((unit.clone(), parts::Rows::default()));
        }
        let Some((_, rows)) = groups.iter_mut().find(|(title, _)| *title == unit) else { continue };
        let of_total = rows.holds_total(&selector.indicator)
            && parts::is_of_the_total(outline, &shown, selector, &columns, &cells);
        let indent = u8::from(of_total);
        let label = if indent == 1 {
            text.phrase("of_whom", &[("part", outline.name(selector, "").trim_start_matches(", "))])
        } else {
            outline.name(selector, &measured.short)
        };
        let row = TableRow {
            label,
            method: selector.indicator.clone(),
            indent,
            cells: cells.iter().map(|cell| printed_cell(outline, *cell, &mut states)).collect(),
            marks: marks(&numbers.into_iter().collect::<Vec<_>>()),
        };
        rows.push(row, selector.codes.is_empty());
    }
    printed.extend(figures.iter().cloned());
    let order = ["zero", "not_reported", "not_applicable", "withheld", "contested", "small_base"];
    Table {
        title: indicator.title.clone(),
        subtitle: Some(indicator.definition(outline.document.country)).filter(|description| !description.is_empty()),
        columns: columns.iter().map(|period| text.column(period)).collect(),
        groups: groups
            .into_iter()
            .map(|(title, rows)| TableGroup { title: Some(title), rows: rows.finish() })
            .collect(),
        legend: order.into_iter().filter(|state| states.contains(state)).collect(),
        notes: notes(outline, left_out, &figures),
        method: super::methods::of_host(outline, indicator),
        figures,
    }
}

/// What stands below a table: that periods are left out, and what the mark of an inferred period means.
fn notes(outline: &Outline<'_>, left_out: bool, figures: &[String]) -> Option<String> {
    let text = outline.document.text;
    let left_out = left_out.then(|| text.word("table_left_out"));
    let marked = outline.shows_inferred(figures).then(|| text.word("inferred_mark"));
    let late = figures.iter().any(|id| id.contains(LATE)).then(|| text.word("late_table_note"));
    let notes: Vec<&str> = left_out.into_iter().chain(marked).chain(late).collect();
    (!notes.is_empty()).then(|| notes.join(" "))
}

/// The periods across: every one where they fit; otherwise the latest calendar years.
fn columns(shown: &[(Selector, Vec<&ReleasedCell>)]) -> (Vec<Period>, bool) {
    let cells = || shown.iter().flat_map(|(_, series)| series.iter()).filter(|cell| cell.status != Status::NotReported);
    // What holds for one day stands in the column of its year.
    let year = |cell: &ReleasedCell| Period::year(chrono::Datelike::year(&cell.period.start())).ok();
    let column = |cell: &&ReleasedCell| if cell.period.is_day() { year(cell) } else { Some(cell.period.clone()) };
    let all: BTreeSet<Period> = cells().filter_map(column).collect();
    if all.len() <= MOST_COLUMNS {
        return (all.into_iter().collect(), false);
    }
    let years = all.into_iter().filter(|period| period.whole_year().is_some());
    let years: Vec<Period> = years.collect();
    let first = years.len().saturating_sub(MOST_COLUMNS);
    (years[first..].to_vec(), true)
}

fn printed_cell(outline: &Outline<'_>, cell: Option<&ReleasedCell>, states: &mut BTreeSet<&'static str>) -> TableCell {
    let state = match cell {
        None => "not_reported",
        Some(cell) if cell.value.is_none() => cell.status.code(),
        Some(cell) if cell.contested => "contested",
        Some(cell) if cell.is_zero() => "zero",
        Some(_) => "value",
    };
    states.insert(state);
    if cell.is_some_and(|cell| cell.small_base) {
        states.insert("small_base");
    }
    let known = cell.filter(|cell| cell.value.is_some());
    let mut lines = known.map(|cell| readings(outline, cell)).unwrap_or_default();
    // A column may hold stated and inferred periods: the mark stands at the figure.
    if known.is_some_and(|cell| cell.period.inferred()) {
        lines.iter_mut().for_each(|line| line.push_str(INFERRED));
    }
    let late = known.and_then(|cell| outline.released.with_late_cases(cell));
    lines.extend(late.and_then(|late| Some(outline.known_as(late, late_line(outline.document.text, late)?))));
    TableCell { state, lines }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
