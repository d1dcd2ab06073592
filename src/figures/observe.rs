//! The rows that an indicator asks for, queried with Polars. Of a register only what it covers is read.

use anyhow::Result;
use chrono::Datelike;
use polars::prelude::{BooleanChunked, ChunkCompareEq, DataFrame};

use super::facts::{Cells, SourceRecord};
use super::margins::PlacedStatement;
use super::{Rule, Statement};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Kind, Observations, Schema, TOTAL};
use crate::tables::validate::{
    BELOW, COUNT, COUNTRY, Dataset, END, MEASURE, PERIOD, QUALIFIER, Register, START, STATE, WRITTEN,
};
use crate::value::period::Period;
use crate::value::{Missing, Qualifier, Value};

/// The observations of `indicator` in the folder of `country`, each with its source.
pub(super) fn rows(
    dataset: &Dataset,
    country: &str,
    indicator: &Indicator,
    schema: &Schema,
    sources: &[SourceRecord],
) -> Result<Vec<(String, PlacedStatement)>> {
    let Some(observations) = &schema.observations else { return Ok(Vec::new()) };
    let mut entries = confidential(dataset, country, indicator, schema, sources);
    let Some(frame) = dataset.table(&schema.name) else { return Ok(entries) };
    let by = ["source", START, END].into_iter().chain(observations.dimensions.iter().map(String::as_str));
    let by: Vec<_> = by.map(polars::prelude::PlSmallStr::from).collect();
    let asked = frame.filter(&asked_for(frame, country, indicator, observations)?)?;
    let published = asked.sort(by, <_>::default())?;
    let kind = schema.field(&observations.value).map_or(Kind::Text, |field| field.kind);
    let cells = Cells { frame: &published };
    for row in 0..published.height() {
        let statement = Statement {
            source: cells.text("source", row)?,
            outcome: outcome(&cells, row, kind)?,
            below: published.column(BELOW)?.i64()?.get(row),
            qualifier: Qualifier::read(&cells.text(QUALIFIER, row)?),
            rule: Rule::Stated,
            rows: vec![cells.lineage(dataset, row)?],
            register: false,
            as_reported: cells.text("as_reported", row)?,
        };
        entries.push(entry(&cells, row, indicator, observations, statement)?);
    }
    Ok(entries)
}

/// Placeholder entries for the registers that hold this measure in any year; a register reports nothing on a measure that it
/// never holds.
fn confidential(
    dataset: &Dataset,
    country: &str,
    indicator: &Indicator,
    schema: &Schema,
    sources: &[SourceRecord],
) -> Vec<(String, PlacedStatement)> {
    let Some(observations) = &schema.observations else { return Vec::new() };
    let registers = dataset.registers().iter();
    let kept = registers.filter(|register| register.country() == country && register.table() == schema.name);
    let measure = match &indicator.measure {
        Measure::Observed { code: Some(code), .. } if observations.measure.is_some() => Some(code.as_str()),
        _ => None,
    };
    let of = |register: &'_ Register| {
        let ids = register.values("source").unwrap_or_default().iter();
        ids.filter(|id| register.holds(id, measure)).cloned().collect::<Vec<String>>()
    };
    let ids: std::collections::BTreeSet<String> = kept.flat_map(of).collect();
    let records = ids.into_iter().filter_map(|id| sources.iter().find(|source| source.id == id));
    records.flat_map(|record| covered(record, indicator, observations)).collect()
}

/// One withheld entry for each calendar year that a register covers. It does not depend on the rows of the year, so that it
/// reveals nothing about them.
fn covered(
    source: &SourceRecord,
    indicator: &Indicator,
    observations: &Observations,
) -> Vec<(String, PlacedStatement)> {
    let Ok(covers) = Period::parse(&source.covers) else { return Vec::new() };
    let years = covers.start().year()..=covers.end().year();
    let years = years.filter_map(|year| Period::year(year).ok()).filter(|year| covers.contains(year));
    let free = observations.dimensions.iter().filter(|dimension| !indicator.conditions.contains_key(*dimension));
    let codes: std::collections::BTreeMap<_, _> = free.map(|d| (d.clone(), TOTAL.to_owned())).collect();
    let statement = Statement {
        source: source.id.clone(),
        outcome: Err(Missing::Withheld),
        below: None,
        qualifier: Qualifier::Exact,
        rule: Rule::Stated,
        rows: Vec::new(),
        register: true,
        as_reported: String::new(),
    };
    years
        .map(|period| {
            (source.id.clone(), PlacedStatement { period, codes: codes.clone(), statement: statement.clone() })
        })
        .collect()
}

/// Which rows of `frame` the indicator asks for in the folder of `country`.
fn asked_for(
    frame: &DataFrame,
    country: &str,
    indicator: &Indicator,
    observations: &Observations,
) -> Result<BooleanChunked> {
    let mut asked = frame.column(COUNTRY)?.str()?.equal(country);
    if let Measure::Observed { code: Some(code), .. } = &indicator.measure
        && observations.measure.is_some()
    {
        asked = asked & frame.column(MEASURE)?.str()?.equal(code.as_str());
    }
    for (dimension, codes) in &indicator.conditions {
        let written = frame.column(dimension)?.str()?;
        let own = |code: &String| if code == crate::project::schema::OWN { country.to_owned() } else { code.clone() };
        if let Some(any) = codes.iter().map(|code| written.equal(own(code).as_str())).reduce(|any, of| any | of) {
            asked = asked & any;
        }
    }
    Ok(asked)
}

fn outcome(cells: &Cells<'_>, row: usize, kind: Kind) -> Result<Result<Value, Missing>> {
    let state = cells.text(STATE, row)?;
    if !state.is_empty() {
        return Ok(Err(Missing::read(&state)));
    }
    let written = cells.text(WRITTEN, row)?;
    let count = cells.frame.column(COUNT)?.i64()?.get(row).filter(|_| kind != Kind::Text);
    Ok(Ok(match count {
        Some(count) => Value::Count(count),
        None if kind == Kind::Text => Value::Code(written),
        None => Value::Decimal(written),
    }))
}

fn entry(
    cells: &Cells<'_>,
    row: usize,
    indicator: &Indicator,
    observations: &Observations,
    statement: Statement,
) -> Result<(String, PlacedStatement)> {
    let period = Period::parse(&cells.text(PERIOD, row)?).map_err(anyhow::Error::msg)?;
    let free = observations.dimensions.iter().filter(|dimension| !indicator.conditions.contains_key(*dimension));
    let codes = free.map(|dimension| Ok((dimension.clone(), cells.text(dimension, row)?))).collect::<Result<_>>()?;
    Ok((statement.source.clone(), PlacedStatement { period, codes, statement }))
}
