//! The differences as JSON: what `figures.json` says of each figure, before and now, and why it differs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Because, CellChange, Comparison, Difference, RowChange, Side, counts};
use crate::snapshots::record::{Alternative, Figure};
use crate::value::Value;

#[derive(Serialize)]
struct Answer<'a> {
    old: Edition<'a>,
    new: Edition<'a>,
    counts: BTreeMap<&'static str, usize>,
    figures: Vec<Entry<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Edition<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    country: &'a str,
    indicator: &'a str,
    period: &'a str,
    dimensions: &'a BTreeMap<String, String>,
    change: &'static str,
    before: Option<Reading<'a>>,
    now: Option<Reading<'a>>,
    before_is_not_said_again: bool,
    causes: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Reading<'a> {
    value: serde_json::Value,
    unit: &'a str,
    qualifier: &'static str,
    status: &'static str,
    rule: &'a str,
    sources: &'a [String],
    contested: bool,
    alternatives: Vec<Other<'a>>,
}

#[derive(Serialize)]
struct Other<'a> {
    value: serde_json::Value,
    qualifier: &'static str,
    sources: &'a [String],
}

#[derive(Serialize)]
struct Told<'a> {
    cause: &'static str,
    words: &'static str,
    inferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Step<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    definition: Vec<Cell<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    before: &'a str,
    now: &'a str,
}

#[derive(Serialize)]
struct Row<'a> {
    before: Option<&'a str>,
    now: Option<&'a str>,
    cells: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    field: &'a str,
    /// Nothing where there is no cell, or where it is not said again.
    before: Option<&'a str>,
    now: Option<&'a str>,
}

/// The answer for machines.
///
/// # Errors
/// When it cannot be written as JSON, which no answer gives reason for.
pub fn json(comparison: &Comparison) -> anyhow::Result<String> {
    let counts = counts(&comparison.differences).into_iter().map(|(change, count)| (change.code(), count));
    let answer = Answer {
        old: edition(&comparison.old),
        new: edition(&comparison.new),
        counts: counts.collect(),
        figures: comparison.differences.iter().filter_map(entry).collect(),
        notes: &comparison.notes,
    };
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn edition(side: &Side) -> Edition<'_> {
    Edition { name: &side.name, commit: side.commit.as_deref() }
}

fn entry(difference: &Difference) -> Option<Entry<'_>> {
    let figure = difference.figure()?;
    Some(Entry {
        id: &figure.id,
        country: &difference.country,
        indicator: &figure.indicator,
        period: figure.period.text(),
        dimensions: &figure.codes,
        change: difference.change.code(),
        before: difference.before.as_ref().map(reading),
        now: difference.now.as_ref().map(reading),
        before_is_not_said_again: difference.hidden,
        causes: difference.causes.iter().map(told).collect(),
    })
}

fn reading(figure: &Figure) -> Reading<'_> {
    let other = |other: &'_ Alternative| (other.value.json(), other.qualifier.code());
    let alternatives = figure.alternatives.iter().map(|alternative| {
        let (value, qualifier) = other(alternative);
        Other { value, qualifier, sources: &alternative.sources }
    });
    Reading {
        value: figure.value.as_ref().map_or(serde_json::Value::Null, Value::json),
        unit: &figure.unit,
        qualifier: figure.qualifier.code(),
        status: figure.status.code(),
        rule: &figure.rule,
        sources: &figure.sources,
        contested: figure.contested,
        alternatives: alternatives.collect(),
    }
}

fn told(because: &Because) -> Told<'_> {
    Told {
        cause: because.code,
        words: because.words(),
        inferred: because.inferred,
        sources: because.sources.as_ref().map(|(before, now)| Step { before, now }),
        definition: because.definition.iter().map(cell).collect(),
        rows: because.rows.iter().map(row).collect(),
    }
}

fn row(row: &RowChange) -> Row<'_> {
    let cells = row.cells.iter().map(cell).collect();
    Row { before: row.before.as_deref(), now: row.now.as_deref(), cells }
}

fn cell(cell: &CellChange) -> Cell<'_> {
    let before = Some(cell.before.as_str()).filter(|before| !before.is_empty());
    Cell { field: &cell.field, before, now: Some(cell.now.as_str()).filter(|now| !now.is_empty()) }
}
