//! Rows of one publication that cannot both be true, or may tell of the same people twice: warnings and notes (3.2.2, 3.2.6).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Fault, Where};
use crate::diagnostic::{Code, Severity};
use crate::ingest::RawTable;
use crate::parts::{complete, disjoint};
use crate::period::Period;
use crate::schema::{Observations, Schema, TOTAL};

type Paired<'t> = (&'t RawTable, &'t Schema);
/// Codes by dimension.
type Codes<'t> = BTreeMap<&'t str, &'t str>;

/// A row of a publication, read as far as these rules need it.
struct Row<'t> {
    at: usize,
    measure: &'t str,
    source: &'t str,
    period: Period,
    codes: Codes<'t>,
    /// Only a whole number without a qualifier can be held against another.
    exact: Option<i64>,
}

/// The findings of every publication table.
pub(super) fn check<'t>(tables: &[Paired<'t>]) -> Vec<(&'t RawTable, Vec<Fault>)> {
    let mut found = Vec::new();
    for (table, schema) in tables.iter().filter(|(table, _)| !table.register) {
        let Some(observations) = schema.observations.as_ref().filter(|observations| observations.subject.is_none())
        else {
            continue;
        };
        let rows = rows(table, observations);
        let count = table.column(&observations.value);
        let mut faults = overlaps(&rows, observations);
        faults.extend(margins(&rows, &declared(table, tables), &table.country, count));
        found.push((*table, faults));
    }
    found
}

fn rows<'t>(table: &'t RawTable, observations: &'t Observations) -> Vec<Row<'t>> {
    let column = |label: &str| table.column(label).map(|at| &table.columns[at]);
    let (period, value) = (column(&observations.period), column(&observations.value));
    let measure = observations.measure.as_ref().and_then(|measure| column(measure));
    let (Some(period), Some(value), Some(measure), Some(source)) = (period, value, measure, column("source")) else {
        return Vec::new();
    };
    let qualifier = column("qualifier");
    let row = |at: usize| {
        let exact = qualifier.is_none_or(|column| matches!(column.cell(at), "" | "exact"));
        let code =
            |dimension: &'t String| (dimension.as_str(), column(dimension).map_or(TOTAL, |column| column.cell(at)));
        Some(Row {
            at,
            measure: measure.cell(at),
            source: source.cell(at),
            period: Period::parse(period.cell(at)).ok()?,
            codes: observations.dimensions.iter().map(code).collect(),
            exact: value.cell(at).parse().ok().filter(|_| exact),
        })
    };
    (0..table.lines.len()).filter_map(row).collect()
}

/// For each source the dimensions whose parts it declares complete.
fn declared<'t>(table: &RawTable, tables: &[Paired<'t>]) -> HashMap<&'t str, BTreeSet<&'t str>> {
    let sources = tables.iter().find(|(other, _)| other.table == "sources" && other.country == table.country);
    let Some((sources, _)) = sources else { return HashMap::new() };
    let (Some(id), Some(dimensions)) = (sources.column("id"), sources.column("complete")) else {
        return HashMap::new();
    };
    let split = |row| sources.columns[dimensions].cell(row).split([';', ',', ' ']).filter(|d| !d.is_empty()).collect();
    (0..sources.lines.len()).map(|row| (sources.columns[id].cell(row), split(row))).collect()
}

/// Rows of one publication, measure and codes whose periods share a day.
fn overlaps(rows: &[Row<'_>], observations: &Observations) -> Vec<Fault> {
    let mut alike: BTreeMap<(&str, &str, &Codes<'_>), Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !observations.is_stock(row.measure)) {
        alike.entry((row.source, row.measure, &row.codes)).or_default().push(row);
    }
    let mut faults = Vec::new();
    for rows in alike.into_values() {
        for (at, row) in rows.iter().enumerate() {
            let earlier = rows[..at].iter().filter(|other| other.period != row.period);
            for other in earlier.filter(|other| other.period.overlaps(&row.period)) {
                let (one, two) = (&other.period, &row.period);
                let known = one.contains(two) || two.contains(one) || one.inferred() || two.inferred();
                let severity = if known { Severity::Note } else { Severity::Warning };
                let message =
                    format!("`{}` overlaps `{}` of the same source; the two are never added", two.text(), one.text());
                let fault = Fault::new(Where::Cell((row.at, None)), Code::OverlappingPeriods, message);
                faults.push(fault.severity(severity).second((other.at, None), "the other row"));
            }
        }
    }
    faults
}

/// Margins against their parts: a stated one, or the sums of two complete breakdowns of the same people.
fn margins(rows: &[Row<'_>], declared: &HashMap<&str, BTreeSet<&str>>, own: &str, count: Option<usize>) -> Vec<Fault> {
    let mut groups: BTreeMap<(&str, &str, &Period), Vec<&Row<'_>>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.source, row.measure, &row.period)).or_default().push(row);
    }
    let mut faults = Vec::new();
    for ((source, ..), rows) in groups {
        let none = BTreeSet::new();
        let declared = declared.get(source).unwrap_or(&none);
        for (target, sums) in sums(&rows, declared, own) {
            let margin = rows.iter().find(|row| row.codes == target);
            faults.extend(match margin {
                Some(margin) => stated_margin(margin, &sums, count),
                None => two_breakdowns(&sums, count),
            });
        }
    }
    faults
}

/// A stated margin that complete parts do not add up to, or that disjoint parts exceed.
fn stated_margin(margin: &Row<'_>, sums: &[Sum<'_, '_>], count: Option<usize>) -> Option<Fault> {
    let stated = margin.exact?;
    let wrong = sums.iter().find(|sum| if sum.complete { sum.total != stated } else { sum.total > stated })?;
    let parts = if wrong.complete { "its complete parts" } else { "some of its parts" };
    let message = format!("{stated} is stated, but {parts} add up to {}", wrong.total);
    let fault = Fault::new(Where::Cell((margin.at, count)), Code::MarginMismatch, message).severity(Severity::Warning);
    let hint = "correct the row that was mistyped, or say in `note` why the source differs from itself";
    Some(fault.second((wrong.first.at, count), "the first of the parts").hint(hint))
}

/// Two complete breakdowns of the same people with different sums, of which neither can be the total.
fn two_breakdowns(sums: &[Sum<'_, '_>], count: Option<usize>) -> Option<Fault> {
    let mut complete = sums.iter().filter(|sum| sum.complete);
    let one = complete.next()?;
    let other = complete.find(|other| other.total != one.total)?;
    let message = format!(
        "this breakdown adds up to {}, another of the same source to {}; no total is derived",
        other.total, one.total
    );
    let fault = Fault::new(Where::Cell((other.first.at, count)), Code::MarginMismatch, message);
    Some(fault.severity(Severity::Warning).second((one.first.at, count), "the first part of the other breakdown"))
}

/// What some parts of a margin add up to.
struct Sum<'r, 't> {
    total: i64,
    complete: bool,
    first: &'r Row<'t>,
}

/// For each margin that rows could add up to, what its complete parts, or its disjoint ones, add up to.
fn sums<'r, 't>(rows: &[&'r Row<'t>], declared: &BTreeSet<&str>, own: &str) -> BTreeMap<Codes<'t>, Vec<Sum<'r, 't>>> {
    let mut sums: BTreeMap<Codes<'t>, Vec<Sum<'r, 't>>> = BTreeMap::new();
    let mut seen: BTreeSet<(Codes<'t>, &str)> = BTreeSet::new();
    for row in rows {
        for (dimension, _) in row.codes.iter().filter(|(_, code)| **code != TOTAL) {
            let mut target = row.codes.clone();
            target.insert(dimension, TOTAL);
            if !seen.insert((target.clone(), dimension)) {
                continue;
            }
            let alike = |other: &&&Row<'t>| {
                other.codes.iter().all(|(d, code)| if d == dimension { *code != TOTAL } else { target[d] == *code })
            };
            let parts: Vec<&'r Row<'t>> = rows.iter().filter(alike).copied().collect();
            let codes: Vec<&str> = parts.iter().map(|part| part.codes[dimension]).collect();
            let add = |chosen: &[usize], complete| {
                let exact: Option<Vec<i64>> = chosen.iter().map(|at| parts[*at].exact).collect();
                Some(Sum { total: exact?.iter().sum(), complete, first: parts[*chosen.first()?] })
            };
            let covers = complete(&codes, declared.contains(dimension), own);
            let found = sums.entry(target).or_default();
            found.extend(covers.iter().filter_map(|cover| add(cover, true)));
            if covers.is_empty() {
                found.extend(add(&disjoint(&codes, own), false));
            }
        }
    }
    sums
}
