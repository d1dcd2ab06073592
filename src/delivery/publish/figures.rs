//! `figures.json`: every released figure with its rule, its sources, its rows, and where it is printed.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use super::paths::name;
use crate::disclosure::protect::{CountryRelease, Relation, ReleasedCell};
use crate::document::outline::printed_value;
use crate::document::typeset::SetDocument;
use crate::project::Project;
use crate::project::indicator::{Indicator, Measure};
use crate::project::text::Text;
use crate::value::Value;

#[derive(Serialize)]
struct File<'f> {
    country: &'f str,
    figures: Vec<Figure<'f>>,
    literals: Vec<Literal<'f>>,
}

/// A numeral that is not a figure.
#[derive(Serialize)]
struct Literal<'f> {
    text: &'f str,
    kind: &'static str,
    printed: Vec<String>,
}

#[derive(Serialize)]
struct Figure<'f> {
    id: &'f str,
    indicator: &'f str,
    period: &'f str,
    period_inferred: bool,
    dimensions: &'f BTreeMap<String, String>,
    value: serde_json::Value,
    unit: &'f str,
    qualifier: &'static str,
    status: &'static str,
    rule: &'static str,
    display: BTreeMap<&'f str, String>,
    sources: &'f [String],
    contested: bool,
    alternatives: Vec<Alternative<'f>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    printed: Vec<String>,
}

#[derive(Serialize)]
struct Alternative<'f> {
    value: serde_json::Value,
    qualifier: &'static str,
    sources: &'f [String],
    rows: Vec<String>,
}

/// The unit of a share, a key of the language's `[units]`.
const PER_CENT: &str = "percent";

/// The file of one country.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json<'f>(released: &'f CountryRelease, project: &'f Project, documents: &'f [&SetDocument]) -> Result<Vec<u8>> {
    let mut figures = Vec::new();
    for indicator in &project.indicators {
        let cells = released.cells(&indicator.id).iter().chain(released.late(&indicator.id));
        figures.extend(cells.map(|cell| figure(cell, indicator, project, documents)));
        let derived = documents.iter().flat_map(|document| &document.derived);
        let derived: BTreeMap<&str, &ReleasedCell> =
            derived.filter(|cell| cell.indicator == indicator.id).map(|cell| (cell.id.as_str(), cell)).collect();
        figures.extend(derived.into_values().map(|cell| figure(cell, indicator, project, documents)));
    }
    let file = File { country: released.iso3(), figures, literals: literals(documents) };
    let mut bytes = serde_json::to_vec_pretty(&file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn literals<'f>(documents: &'f [&SetDocument]) -> Vec<Literal<'f>> {
    let mut printed: BTreeMap<(&str, &'static str), Vec<String>> = BTreeMap::new();
    for document in documents {
        for (kind, text) in &document.literals {
            printed.entry((text, kind.name())).or_default().push(name(document));
        }
    }
    printed.into_iter().map(|((text, kind), printed)| Literal { text, kind, printed }).collect()
}

fn figure<'f>(
    cell: &'f ReleasedCell,
    indicator: &'f Indicator,
    project: &'f Project,
    documents: &[&SetDocument],
) -> Figure<'f> {
    let printed = documents.iter().filter(|document| document.printed.contains(&cell.id));
    let alternative = |other: &'f crate::disclosure::protect::Alternative| Alternative {
        value: other.value.json(),
        qualifier: other.qualifier.code(),
        sources: &other.sources,
        rows: other.rows.places(),
    };
    Figure {
        id: &cell.id,
        indicator: &cell.indicator,
        period: cell.period.text(),
        period_inferred: cell.period.inferred(),
        dimensions: &cell.codes,
        value: cell.value.as_ref().map_or(serde_json::Value::Null, Value::json),
        unit: if cell.relation == Relation::Share { PER_CENT } else { &indicator.unit },
        qualifier: cell.qualifier.code(),
        status: cell.status.code(),
        rule: cell.rule,
        display: project
            .languages()
            .map(|(text, words)| (text.language.as_str(), display(cell, words, text)))
            .collect(),
        sources: &cell.sources,
        contested: cell.contested,
        alternatives: cell.alternatives.iter().map(alternative).collect(),
        rows: (!cell.register).then(|| cell.rows.places()),
        filter: cell.register.then(|| filter(cell, indicator)),
        printed: printed.map(|document| name(document)).collect(),
    }
}

fn display(cell: &ReleasedCell, project: &Project, text: &Text) -> String {
    match &cell.value {
        None => text.word(cell.status.code()).to_owned(),
        Some(value) => printed_value(project, text, cell, value, cell.qualifier),
    }
}

/// What a figure of a register counts, without showing any of its rows: `victims: identified, found_in=own|total, sex=female`.
fn filter(cell: &ReleasedCell, indicator: &Indicator) -> String {
    let counted = match &indicator.measure {
        Measure::Observed { table, code: Some(code), .. } => format!("{table}: {code}"),
        Measure::Observed { table, .. } => table.clone(),
        Measure::Ratio(ratio) => format!("{} to {}", ratio.of.value.indicator, ratio.to.value.indicator),
        Measure::Collection(_) | Measure::Events => String::new(),
    };
    let conditions = indicator.conditions.iter().map(|(dimension, codes)| format!("{dimension}={}", codes.join("|")));
    let codes = cell.codes.iter().map(|(dimension, code)| format!("{dimension}={code}"));
    std::iter::once(counted).chain(conditions).chain(codes).collect::<Vec<_>>().join(", ")
}
