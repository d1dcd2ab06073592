//! Numbers that cannot both be true: a total and its parts, and the numbers of two sources
//! (docs/data.md#how-rows-are-read, rules 2 and 4).

use std::collections::{BTreeMap, BTreeSet};

use super::checked::Checked;
use super::fault::Fault;
use super::sources::Sources;
use super::stated::{Codes, Stated, rows};
use crate::diagnostic::{Code, Severity};
use crate::project::schema::TOTAL;
use crate::tables::parts::{complete, disjoint};
use crate::value::agree;
use crate::value::period::Period;

/// Totals that differ from the sum of their parts, and breakdowns with different sums.
pub(super) fn differ(at: &Checked<'_>) -> Vec<Fault> {
    let Some(observations) = at.schema.observations.as_ref().filter(|observations| observations.subject.is_none())
    else {
        return Vec::new();
    };
    let (rows, sources, count) = (rows(at), Sources::of(at), at.table.column(&observations.value));
    let mut groups: BTreeMap<(&str, &str, &Period), Vec<&Stated<'_>>> = BTreeMap::new();
    for row in &rows {
        groups.entry((row.source, row.measure, &row.period)).or_default().push(row);
    }
    let mut faults = Vec::new();
    for ((source, ..), rows) in groups {
        let declared = sources.as_ref().map(|sources| sources.complete(source)).unwrap_or_default();
        let stated: BTreeMap<&Codes<'_>, &Stated<'_>> = rows.iter().rev().map(|row| (&row.codes, *row)).collect();
        for (margin, sums) in sums(&rows, &declared, &at.table.country) {
            faults.extend(match stated.get(&margin) {
                Some(stated) => stated_margin(stated, &sums, count),
                None => two_breakdowns(&sums, count),
            });
        }
    }
    faults
}

/// The fault of a stated total that its complete parts do not add up to, or that its disjoint parts exceed.
fn stated_margin(margin: &Stated<'_>, sums: &[Sum<'_, '_>], count: Option<usize>) -> Option<Fault> {
    let stated = margin.exact()?;
    let wrong = sums.iter().find(|sum| if sum.complete { sum.total != stated } else { sum.total > stated })?;
    let parts = if wrong.complete { "its complete parts" } else { "some of its parts" };
    let message = format!("{stated} is stated, but {parts} add up to {}", wrong.total);
    let hint = "correct the mistyped row, or explain in `note` why the source contradicts itself";
    Some(mismatch((margin.at, count), message, (wrong.first.at, count), "the first of the parts").hint(hint))
}

/// The fault of two complete breakdowns of the same people whose sums differ, so that neither can be the total.
fn two_breakdowns(sums: &[Sum<'_, '_>], count: Option<usize>) -> Option<Fault> {
    let mut complete = sums.iter().filter(|sum| sum.complete);
    let one = complete.next()?;
    let other = complete.find(|other| other.total != one.total)?;
    let message = format!(
        "this breakdown adds up to {}, another of the same source to {}; no total is derived",
        other.total, one.total
    );
    let second = "the first part of the other breakdown";
    Some(mismatch((other.first.at, count), message, (one.first.at, count), second))
}

fn mismatch(place: (usize, Option<usize>), message: String, second: (usize, Option<usize>), word: &str) -> Fault {
    let fault = match place.1 {
        Some(column) => Fault::cell(place.0, column, Code::MarginMismatch, message),
        None => Fault::row(place.0, Code::MarginMismatch, message),
    };
    fault.severity(Severity::Warning).second(second, word)
}

/// The sum of some parts of a total.
struct Sum<'r, 't> {
    total: i64,
    complete: bool,
    first: &'r Stated<'t>,
}

/// The sums of the complete parts, or of the disjoint ones, for each total that rows could add up to.
fn sums<'r, 't>(rows: &[&'r Stated<'t>], declared: &BTreeSet<&str>, own: &str) -> Vec<(Codes<'t>, Vec<Sum<'r, 't>>)> {
    let mut parts: BTreeMap<(Codes<'t>, &str), Vec<&'r Stated<'t>>> = BTreeMap::new();
    for row in rows {
        for (dimension, _) in row.codes.iter().filter(|(_, code)| **code != TOTAL) {
            let mut margin = row.codes.clone();
            margin.insert(dimension, TOTAL);
            parts.entry((margin, dimension)).or_default().push(row);
        }
    }
    let mut sorted: Vec<_> = parts.into_iter().collect();
    sorted.sort_by_key(|((_, dimension), parts)| (parts[0].at, *dimension));
    let mut sums: BTreeMap<Codes<'t>, Vec<Sum<'r, 't>>> = BTreeMap::new();
    let mut order = Vec::new();
    for ((margin, dimension), parts) in sorted {
        if !sums.contains_key(&margin) {
            order.push(margin.clone());
        }
        sums.entry(margin).or_default().extend(of_parts(&parts, dimension, declared, own));
    }
    order.into_iter().filter_map(|margin| sums.remove_entry(&margin)).collect()
}

fn of_parts<'r, 't>(
    parts: &[&'r Stated<'t>],
    dimension: &str,
    declared: &BTreeSet<&str>,
    own: &str,
) -> Vec<Sum<'r, 't>> {
    let codes: Vec<&str> = parts.iter().map(|part| part.codes[dimension]).collect();
    let add = |chosen: &[usize], complete| {
        let exact: Option<Vec<i64>> = chosen.iter().map(|at| parts[*at].exact()).collect();
        let total = exact?.into_iter().try_fold(0_i64, i64::checked_add)?;
        Some(Sum { total, complete, first: parts[*chosen.first()?] })
    };
    let covers = complete(&codes, declared.contains(dimension), own);
    if covers.is_empty() {
        return add(&disjoint(&codes, own), false).into_iter().collect();
    }
    covers.iter().filter_map(|cover| add(cover, true)).collect()
}

/// Sources that contradict each other. Both numbers are printed, and whoever keeps the table should know.
pub(super) fn contested(at: &Checked<'_>) -> Vec<Fault> {
    let rows = rows(at);
    let column = at.schema.observations.as_ref().and_then(|observations| at.table.column(&observations.value));
    let mut cells: BTreeMap<(&str, &Period, &Codes<'_>), Vec<&Stated<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.value.is_some()) {
        let rows_of_cell = cells.entry((row.measure, &row.period, &row.codes)).or_default();
        // If one source gives the number twice, that is reported elsewhere.
        if rows_of_cell.last().is_none_or(|last| last.source != row.source) {
            rows_of_cell.push(row);
        }
    }
    let mut faults = Vec::new();
    for rows in cells.values() {
        let values = rows.iter().filter_map(|row| Some((row.value.as_ref()?, row.qualifier)));
        let (Some(first), Some(last), false) = (rows.first(), rows.last(), agree(values)) else { continue };
        let other = rows.iter().find(|row| differs(first, row)).unwrap_or(last);
        let plain = |row: &Stated<'_>| row.value.as_ref().map_or(String::new(), crate::value::Value::plain);
        let message = format!(
            "{} from `{}` and {} from `{}` contradict each other",
            plain(other),
            other.source,
            plain(first),
            first.source
        );
        let place = (first.at, column);
        let fault = match column {
            Some(column) => Fault::cell(other.at, column, Code::ContestedCell, message),
            None => Fault::row(other.at, Code::ContestedCell, message),
        };
        faults.push(fault.severity(Severity::Note).second(place, "the other source"));
    }
    faults
}

fn differs(one: &Stated<'_>, other: &Stated<'_>) -> bool {
    let values = [one, other].into_iter().filter_map(|row| Some((row.value.as_ref()?, row.qualifier)));
    !agree(values)
}
