//! Checked columns as a Polars frame: observations in one common form, every other table as it is.

use anyhow::{Context, Result};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

use crate::project::schema::{Observations, Schema, TOTAL};
use crate::tables::ingest::RawTable;
use crate::value::Missing;
use crate::value::period::Period;

/// The country in whose folder the row is (text).
pub const COUNTRY: &str = "country_folder";
/// The number of the row's file (u32).
pub const FILE: &str = "file";
/// The line of the row (u32).
pub const LINE: &str = "line";
/// The code of the measure; empty for a table with one measure (text).
pub const MEASURE: &str = "measure_code";
/// The period as it was written (text).
pub const PERIOD: &str = "period_written";
/// Its first day (as a number of days: 1 January of year 1 is day 1; i32).
pub const START: &str = "period_start";
/// Its last day (counted like the first; i32).
pub const END: &str = "period_end";
/// The count; null when missing or when the value is not a whole number (i64).
pub const COUNT: &str = "count_value";
/// The value as it was written; empty when missing (text).
pub const WRITTEN: &str = "value_written";
/// The state of a missing value; empty for a value (text).
pub const STATE: &str = "value_state";
/// The number that a withheld value is below, where its source gives one; null otherwise (i64).
pub const BELOW: &str = "value_below";
/// `exact`, `approximate`, `at_least` or `at_most` (text).
pub const QUALIFIER: &str = "qualifier_code";

/// The frame of one file.
pub(super) fn build(table: &RawTable, schema: &Schema, file: u32) -> Result<DataFrame> {
    let rows = table.rows;
    let mut columns = vec![
        text(COUNTRY, vec![table.country.as_str(); rows]),
        Series::new(FILE.into(), vec![file; rows]).into(),
        Series::new(LINE.into(), table.lines()).into(),
    ];
    match &schema.observations {
        Some(observations) => columns.extend(observed(table, schema, observations)?),
        None => columns.extend(schema.fields.iter().map(|field| text(&field.name, cells(table, &field.name, "")))),
    }
    Ok(DataFrame::new(rows, columns)?)
}

fn observed(table: &RawTable, schema: &Schema, observations: &Observations) -> Result<Vec<Column>> {
    let measure = observations.measure.as_ref().map_or_else(|| vec![""; table.rows], |m| cells(table, m, ""));
    let written_periods = cells(table, &observations.period, "");
    let (mut starts, mut ends) = (Vec::new(), Vec::new());
    for period in &written_periods {
        // Every period was checked, so this fails only if a check is wrong.
        let period = Period::parse(period).map_err(anyhow::Error::msg).context("an unchecked period")?;
        starts.push(chrono::Datelike::num_days_from_ce(&period.start()));
        ends.push(chrono::Datelike::num_days_from_ce(&period.end()));
    }
    let values = cells(table, &observations.value, "");
    let field = schema.field(&observations.value).context("an observation without a value")?;
    let states: Vec<&str> = values.iter().map(|value| field.missing.get(*value).map_or("", String::as_str)).collect();
    let counts: Vec<Option<i64>> = values.iter().map(|value| field.integer(value)).collect();
    let written: Vec<&str> =
        values.iter().zip(&states).map(|(value, state)| if state.is_empty() { *value } else { "" }).collect();
    let mut columns = vec![
        text(MEASURE, measure),
        text(PERIOD, written_periods),
        Series::new(START.into(), starts).into(),
        Series::new(END.into(), ends).into(),
        Series::new(COUNT.into(), counts).into(),
        text(WRITTEN, written),
        Series::new(BELOW.into(), below(&values, &states)).into(),
        text(STATE, states),
        text(QUALIFIER, or_exact(cells(table, "qualifier", "exact"))),
    ];
    columns.extend(observations.dimensions.iter().map(|dimension| text(dimension, cells(table, dimension, TOTAL))));
    for extra in ["source", "note", "unit", "as_reported"] {
        columns.push(text(extra, cells(table, extra, "")));
    }
    Ok(columns)
}

/// The bounds in withheld values: 5 in `<5`.
fn below(values: &[&str], states: &[&str]) -> Vec<Option<i64>> {
    let bound = |(value, state): (&&str, &&str)| {
        let withheld = Missing::read(state) == Missing::Withheld && !state.is_empty();
        value.strip_prefix('<').filter(|_| withheld)?.trim().parse().ok()
    };
    values.iter().zip(states).map(bound).collect()
}

fn or_exact(cells: Vec<&str>) -> Vec<&str> {
    cells.into_iter().map(|cell| if cell.is_empty() { "exact" } else { cell }).collect()
}

fn text(name: &str, cells: Vec<&str>) -> Column {
    Series::new(name.into(), cells).into()
}

/// The cells of a column; `absent` in every row if the file lacks it.
fn cells<'t>(table: &'t RawTable, label: &str, absent: &'t str) -> Vec<&'t str> {
    match table.cells(label) {
        Some((_, cells)) => (0..table.rows).map(|row| cells.cell(row)).collect(),
        None => vec![absent; table.rows],
    }
}
