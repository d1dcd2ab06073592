//! The differences as JSON: each figure as in `figures.json`, before and now, with its causes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::differences::counts;
use super::{Because, CellChange, Comparison, Difference, RowChange, Side};
use crate::snapshots::record::{Alternative, Figure};
use crate::value::Value;

#[derive(Serialize)]
struct JsonComparison<'a> {
    old: JsonSide<'a>,
    new: JsonSide<'a>,
    counts: BTreeMap<&'static str, usize>,
    figures: Vec<JsonDifference<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct JsonSide<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonDifference<'a> {
    id: &'a str,
    country: &'a str,
    indicator: &'a str,
    period: &'a str,
    dimensions: &'a BTreeMap<String, String>,
    change: &'static str,
    before: Option<JsonFigure<'a>>,
    now: Option<JsonFigure<'a>>,
    before_is_not_said_again: bool,
    causes: Vec<JsonCause<'a>>,
}

#[derive(Serialize)]
struct JsonFigure<'a> {
    value: serde_json::Value,
    unit: &'a str,
    qualifier: &'static str,
    status: &'static str,
    rule: &'a str,
    sources: &'a [String],
    contested: bool,
    alternatives: Vec<JsonAlternative<'a>>,
}

#[derive(Serialize)]
struct JsonAlternative<'a> {
    value: serde_json::Value,
    qualifier: &'static str,
    sources: &'a [String],
}

#[derive(Serialize)]
struct JsonCause<'a> {
    cause: &'static str,
    words: &'static str,
    inferred: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Step<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    definition: Vec<JsonCell<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<JsonRow<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    before: &'a str,
    now: &'a str,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    before: Option<&'a str>,
    now: Option<&'a str>,
    cells: Vec<JsonCell<'a>>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    field: &'a str,
    /// None where there is no cell, or where it is not shown again.
    before: Option<&'a str>,
    now: Option<&'a str>,
}

/// The answer for machines.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json(comparison: &Comparison) -> anyhow::Result<String> {
    let counts = counts(&comparison.differences).into_iter().map(|(change, count)| (change.code(), count));
    let answer = JsonComparison {
        old: json_side(&comparison.old),
        new: json_side(&comparison.new),
        counts: counts.collect(),
        figures: comparison.differences.iter().filter_map(entry).collect(),
        notes: &comparison.notes,
    };
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}

fn json_side(side: &Side) -> JsonSide<'_> {
    JsonSide { name: &side.name, commit: side.commit.as_deref() }
}

fn entry(difference: &Difference) -> Option<JsonDifference<'_>> {
    let figure = difference.figure()?;
    Some(JsonDifference {
        id: &figure.id,
        country: &difference.country,
        indicator: &figure.indicator,
        period: figure.period.text(),
        dimensions: &figure.codes,
        change: difference.change.code(),
        before: difference.before.as_ref().map(reading),
        now: difference.now.as_ref().map(reading),
        before_is_not_said_again: difference.hidden,
        causes: difference.causes.iter().map(cause).collect(),
    })
}

fn reading(figure: &Figure) -> JsonFigure<'_> {
    let other = |other: &'_ Alternative| (other.value.json(), other.qualifier.code());
    let alternatives = figure.alternatives.iter().map(|alternative| {
        let (value, qualifier) = other(alternative);
        JsonAlternative { value, qualifier, sources: &alternative.sources }
    });
    JsonFigure {
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

fn cause(because: &Because) -> JsonCause<'_> {
    JsonCause {
        cause: because.code,
        words: because.words(),
        inferred: because.inferred,
        sources: because.sources.as_ref().map(|(before, now)| Step { before, now }),
        definition: because.definition.iter().map(cell).collect(),
        rows: because.rows.iter().map(row).collect(),
    }
}

fn row(row: &RowChange) -> JsonRow<'_> {
    let cells = row.cells.iter().map(cell).collect();
    JsonRow { before: row.before.as_deref(), now: row.now.as_deref(), cells }
}

fn cell(cell: &CellChange) -> JsonCell<'_> {
    let before = Some(cell.before.as_str()).filter(|before| !before.is_empty());
    JsonCell { field: &cell.field, before, now: Some(cell.now.as_str()).filter(|now| !now.is_empty()) }
}
