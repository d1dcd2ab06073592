//! The rows that an indicator asks for, queried with Polars: publications row by row, registers added up.

use anyhow::Result;
use polars::prelude::{Expr, IntoLazy, col, lit};

use super::facts::Cells;
use super::margins::Entry;
use super::{Rule, Statement};
use crate::indicator::{Indicator, Measure};
use crate::period::Period;
use crate::schema::{Kind, Observations, Schema};
use crate::validate::{COUNT, COUNTRY, Dataset, END, MEASURE, PERIOD, QUALIFIER, REGISTER, START, STATE, WRITTEN};
use crate::value::{Missing, Qualifier, Value};

/// The observations of `indicator` in the folder of `country`, each with its source.
pub(super) fn rows(
    dataset: &Dataset,
    country: &str,
    indicator: &Indicator,
    schema: &Schema,
) -> Result<Vec<(String, Entry)>> {
    let (Some(frame), Some(observations)) = (dataset.table(&schema.name), &schema.observations) else {
        return Ok(Vec::new());
    };
    let asked = frame.clone().lazy().filter(condition(country, indicator, observations));
    let mut keys = vec![col("source"), col(PERIOD), col(START), col(END)];
    keys.extend(observations.dimensions.iter().map(|dimension| col(dimension.as_str())));
    let by = ["source", START, END].into_iter().chain(observations.dimensions.iter().map(String::as_str));
    let by: Vec<_> = by.map(polars::prelude::PlSmallStr::from).collect();
    let published = asked.clone().filter(col(REGISTER).not()).sort(by.clone(), <_>::default()).collect()?;
    let kind = schema.field(&observations.value).map_or(Kind::Text, |field| field.kind);
    let mut entries = Vec::new();
    let cells = Cells { frame: &published };
    for row in 0..published.height() {
        let statement = Statement {
            source: cells.text("source", row)?,
            outcome: outcome(&cells, row, kind)?,
            qualifier: Qualifier::read(&cells.text(QUALIFIER, row)?),
            rule: Rule::Stated,
            rows: vec![cells.lineage(dataset, row)?],
            register: false,
            as_reported: cells.text("as_reported", row)?,
        };
        entries.push(entry(&cells, row, indicator, observations, statement)?);
    }
    let summed =
        asked.filter(col(REGISTER)).group_by(keys).agg([col(COUNT).sum()]).sort(by, <_>::default()).collect()?;
    let cells = Cells { frame: &summed };
    for row in 0..summed.height() {
        let count = summed.column(COUNT)?.i64()?.get(row).unwrap_or_default();
        let statement = Statement {
            source: cells.text("source", row)?,
            outcome: Ok(Value::Count(count)),
            qualifier: Qualifier::Exact,
            rule: Rule::Derived,
            rows: Vec::new(),
            register: true,
            as_reported: String::new(),
        };
        entries.push(entry(&cells, row, indicator, observations, statement)?);
    }
    Ok(entries)
}

fn condition(country: &str, indicator: &Indicator, observations: &Observations) -> Expr {
    let mut condition = col(COUNTRY).eq(lit(country));
    if let Measure::Observed { code: Some(code), .. } = &indicator.measure
        && observations.measure.is_some()
    {
        condition = condition.and(col(MEASURE).eq(lit(code.as_str())));
    }
    for (dimension, codes) in &indicator.conditions {
        let any = codes.iter().map(|code| {
            let code = if code == crate::schema::OWN { country } else { code };
            col(dimension.as_str()).eq(lit(code))
        });
        if let Some(any) = any.reduce(Expr::or) {
            condition = condition.and(any);
        }
    }
    condition
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
) -> Result<(String, Entry)> {
    let period = Period::parse(&cells.text(PERIOD, row)?).map_err(anyhow::Error::msg)?;
    let free = observations.dimensions.iter().filter(|dimension| !indicator.conditions.contains_key(*dimension));
    let codes = free.map(|dimension| Ok((dimension.clone(), cells.text(dimension, row)?))).collect::<Result<_>>()?;
    Ok((statement.source.clone(), Entry { period, codes, statement }))
}
