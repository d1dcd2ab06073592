//! Periods that are too late: after the year of the issue, or after their source was published. Nobody can have counted them.
//!
//! In a table of counts or ratings that is an error. Indices and events may be plans or projections: there it is
//! a warning, and nothing if the number is approximate.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::cells::is_far;
use super::checked::Checked;
use super::eras;
use super::fault::Fault;
use super::sources::Sources;
use crate::diagnostic::{Code, Severity};
use crate::project::schema::{Kind, Schema};
use crate::tables::ingest::Column;
use crate::value::Qualifier;
use crate::value::period::Period;

/// How many years after the issue a source may be published, a period end, and a register cover.
const LATE: i32 = 1;
/// A date more than this many years after the issue is certainly a slip.
const FAR: i32 = 10;

/// Whether a period of a count begins after the issue's year, or ends more than a year after it.
pub(super) fn is_ahead(at: &Checked<'_>, period: &Period) -> bool {
    let year = at.issue.end().year();
    period.start().year() > year || period.end().year() > year + LATE && is_counted(at.schema)
}

/// Rows whose period is after the year of the issue: one finding for each row, at its first such cell.
pub(super) fn of_the_issue(at: &Checked<'_>) -> Vec<Fault> {
    if at.table.table == SOURCES {
        return Vec::new();
    }
    let mut found: BTreeMap<usize, Fault> = BTreeMap::new();
    for (number, column) in dated(at.schema).filter_map(|field| coded(at, field)) {
        let wrong: Vec<Option<Wrong>> = column.values().iter().map(|value| after_the_issue(at, value)).collect();
        if wrong.iter().all(Option::is_none) {
            continue;
        }
        let of = |row: usize| wrong.get(usize::try_from(column.code(row)).ok()?)?.as_ref();
        let flagged = |code: u64| usize::try_from(code).is_ok_and(|code| wrong.get(code).is_some_and(Option::is_some));
        for row in column.rows_with(flagged).into_iter().filter(|row| !is_projection(at, *row)) {
            let Some((message, hint)) = of(row) else { continue };
            let hint = or_planned(at.schema, hint);
            let fault = Fault::cell(row, number, Code::PeriodError, Arc::clone(message)).hint(hint);
            found.entry(row).or_insert_with(|| fault.severity(severity(at.schema)));
        }
    }
    found.into_values().collect()
}

/// The message and the hint for a period.
type Wrong = (Arc<str>, Arc<str>);

fn after_the_issue(at: &Checked<'_>, value: &str) -> Option<Wrong> {
    let period = Period::parse(value).ok().filter(|period| !is_far(value) && is_ahead(at, period))?;
    let year = at.issue.end().year();
    let begins = period.start().year() > year;
    let (verb, meant) = if begins { ("begins", period.start()) } else { ("ends more than a year", period.end()) };
    let verb = if period.is_day() { "is" } else { verb };
    let message = format!("`{}` {verb} after the year of the issue, {year}", period.text());
    let correct = || "correct it, or `issue` in data/report.toml".to_owned();
    Some((message.into(), eras::hint(meant.year(), year).unwrap_or_else(correct).into()))
}

/// Rows whose period begins after their source was published. Registers are not published, so they are left out.
pub(super) fn of_the_source(at: &Checked<'_>) -> Vec<Fault> {
    let public = Sources::of(at).filter(|_| !at.table.register && at.table.table != SOURCES);
    let (Some(sources), Some((_, cited))) = (public, coded(at, "source")) else { return Vec::new() };
    let published: Vec<Option<Period>> = cited.values().iter().map(|id| published(&sources, id)).collect();
    let Some(earliest) = published.iter().flatten().map(Period::end).min() else { return Vec::new() };
    let begins = dated(at.schema).filter(|field| !is_end(at.schema, field));
    let columns: Vec<_> = begins.filter_map(|field| coded(at, field)).collect();
    let mut late: BTreeMap<u64, BTreeMap<usize, Late<'_>>> = BTreeMap::new();
    for (number, column) in columns {
        let starts: Vec<Option<Period>> = column.values().iter().map(|value| sound(at, value)).collect();
        let period = |row: usize| starts.get(usize::try_from(column.code(row)).ok()?)?.as_ref();
        let later = |code: u64| usize::try_from(code).is_ok_and(|code| is_later(starts.get(code), earliest));
        for row in column.rows_with(later).into_iter().filter(|row| !is_projection(at, *row)) {
            let source = cited.code(row);
            let Some(Some(published)) = usize::try_from(source).ok().and_then(|source| published.get(source)) else {
                continue;
            };
            if let Some(period) = period(row).filter(|period| period.start() > published.end()) {
                let cell = Late { number, period: period.text().to_owned(), published, id: cited.cell(row) };
                late.entry(source).or_default().entry(row).or_insert(cell);
            }
        }
    }
    late.iter()
        .flat_map(|(source, rows)| of_one_source(at, cited.rows_with(|code| code == *source).len(), rows))
        .collect()
}

fn is_later(period: Option<&Option<Period>>, day: NaiveDate) -> bool {
    period.and_then(Option::as_ref).is_some_and(|period| period.start() > day)
}

/// The period, unless another rule reports it.
fn sound(at: &Checked<'_>, value: &str) -> Option<Period> {
    Period::parse(value).ok().filter(|period| !is_far(value) && !is_ahead(at, period))
}

fn published(sources: &Sources<'_>, id: &str) -> Option<Period> {
    let written = sources.cell(id, "published")?;
    Period::parse(written).ok().filter(|_| !is_far(written))
}

/// A cell whose period begins after its source was published.
struct Late<'t> {
    number: usize,
    period: String,
    published: &'t Period,
    id: &'t str,
}

/// The findings of one source. If all its rows are late, its own date is probably wrong: then there is one finding.
fn of_one_source(at: &Checked<'_>, citing: usize, late: &BTreeMap<usize, Late<'_>>) -> Vec<Fault> {
    let all = citing > 1 && late.len() == citing;
    let fault = |(row, late): (&usize, &Late<'_>)| {
        let Late { number, period, published, id } = late;
        let others = if all { format!("; so do all {citing} rows that cite this source") } else { String::new() };
        let message = format!("`{period}` begins after `{id}` was published, `{}`{others}", published.text());
        let hint = format!("correct the period, or `published` of `{id}` in {}", at.file_of("sources"));
        let fault = Fault::cell(*row, *number, Code::PeriodError, message);
        fault.hint(or_planned(at.schema, &hint)).severity(severity(at.schema))
    };
    late.iter().take(if all { 1 } else { late.len() }).map(fault).collect()
}

/// The table of sources.
const SOURCES: &str = "sources";

/// The dates of the sources themselves: one long after the issue is a slip.
pub(super) fn of_sources(at: &Checked<'_>) -> Vec<Fault> {
    if at.table.table != SOURCES {
        return Vec::new();
    }
    let fields = [("published", Severity::Warning), ("covers", Severity::Warning), ("accessed", Severity::Note)];
    fields.into_iter().flat_map(|(field, late)| of_source_dates(at, field, late)).collect()
}

/// One of the dates of every source. A source may be read again for an old issue, so `accessed` is only reported if it
/// is far away.
fn of_source_dates(at: &Checked<'_>, field: &str, late: Severity) -> Vec<Fault> {
    let Some((number, column)) = coded(at, field) else { return Vec::new() };
    let year = at.issue.end().year();
    let fault = |row: usize| {
        let written = column.cell(row);
        let period = Period::parse(written).ok().filter(|_| !is_far(written))?;
        let reached = if field == "covers" { period.end().year() } else { period.start().year() };
        let severity = if reached > year + FAR { Severity::Error } else { late };
        let too_late = reached > year + LATE && severity != Severity::Note;
        let verb = if period.text().contains('/') { "ends" } else { "is" };
        let message = format!("`{}` {verb} more than a year after the year of the issue, {year}", period.text());
        let correct = || format!("correct `{field}`, or `issue` in data/report.toml");
        let hint = eras::hint(reached, year).unwrap_or_else(correct);
        too_late.then(|| Fault::cell(row, number, Code::PeriodError, message).hint(hint).severity(severity))
    };
    (0..at.table.rows).filter_map(fault).collect()
}

/// Whether a table counts or rates what has happened. Rows with a unit of their own may be plans or projections.
fn is_counted(schema: &Schema) -> bool {
    schema.observations.is_some() && schema.field("unit").is_none()
}

fn severity(schema: &Schema) -> Severity {
    if is_counted(schema) { Severity::Error } else { Severity::Warning }
}

/// The hint, which also says what to do if the row is a plan or a projection.
fn or_planned(schema: &Schema, hint: &str) -> String {
    match schema.field("qualifier") {
        _ if is_counted(schema) => hint.to_owned(),
        Some(_) => format!("if it is a projection, write `approximate` in `qualifier`; otherwise: {hint}"),
        None => format!("leave it if it is planned; otherwise: {hint}"),
    }
}

/// Whether a row that may be a projection is marked as approximate.
fn is_projection(at: &Checked<'_>, row: usize) -> bool {
    let qualifier = coded(at, "qualifier").map_or("", |(_, column)| column.cell(row));
    !is_counted(at.schema) && Qualifier::read(qualifier) == Qualifier::Approximate
}

/// The fields with dates: for observations the period and the fields it must lie within, for other rows every date.
fn dated(schema: &Schema) -> impl Iterator<Item = &str> {
    let period = schema.observations.as_ref().and_then(|observations| schema.field(&observations.period));
    let within = period.and_then(|period| period.within.as_ref());
    let of_observations = period.map(|period| period.name.as_str()).into_iter();
    let of_observations = of_observations.chain(within.into_iter().flat_map(|(from, to)| [from.as_str(), to.as_str()]));
    let is_date = |kind| matches!(kind, Kind::Period | Kind::Date | Kind::Year | Kind::YearMonth);
    let others = schema.fields.iter().filter(move |field| period.is_none() && is_date(field.kind));
    of_observations.chain(others.map(|field| field.name.as_str()))
}

/// Whether a field is the end of the period that its observation covers.
fn is_end(schema: &Schema, name: &str) -> bool {
    schema.fields.iter().filter_map(|field| field.within.as_ref()).any(|(_, to)| to == name)
}

fn coded<'t>(at: &Checked<'t>, field: &str) -> Option<(usize, &'t Column)> {
    at.table.cells(field).filter(|(_, column)| column.coded())
}
