//! What is confidential: a register's rows are exact, each is one case, and lies in the period that the register covers.

use super::ahead::is_ahead;
use super::checked::Checked;
use super::fault::Fault;
use super::sources::Sources;
use crate::diagnostic::Code;
use crate::tables::ingest::Column;
use crate::value::period::Period;

/// A row with a case id counts 1.
pub(super) fn one_case(at: &Checked<'_>) -> Vec<Fault> {
    let (Some((column, counts)), Some((_, cases)), true) =
        (at.table.cells("count"), at.table.cells("case_id"), at.table.register)
    else {
        return Vec::new();
    };
    // What is empty or no number was said already.
    let wrong = flags(counts, |count| count.parse::<i64>().is_ok_and(|count| count != 1));
    let empty = cases.empty_code();
    let fault = |row| Fault::cell(row, column, Code::ConstraintError, "in a register a row with a case id counts 1");
    rows(counts, &wrong).into_iter().filter(|row| Some(cases.code(*row)) != empty).map(fault).collect()
}

/// A register knows what it counts.
pub(super) fn exact(at: &Checked<'_>) -> Vec<Fault> {
    let Some((column, qualifiers)) = at.table.cells("qualifier").filter(|_| at.table.register) else {
        return Vec::new();
    };
    let wrong = flags(qualifiers, |qualifier| !matches!(qualifier, "" | "exact"));
    let fault = |row| {
        Fault::cell(row, column, Code::ConstraintError, "a register's rows are exact").hint("leave the cell empty")
    };
    rows(qualifiers, &wrong).into_iter().map(fault).collect()
}

/// A register counts: a state in the place of a number would be counted as none.
pub(super) fn counted(at: &Checked<'_>) -> Vec<Fault> {
    let observations = at.schema.observations.as_ref().filter(|_| at.table.register);
    let field = observations.and_then(|observations| at.schema.field(&observations.value));
    let (Some(field), Some((column, counts))) = (field, field.and_then(|field| at.table.cells(&field.name))) else {
        return Vec::new();
    };
    let wrong = flags(counts, |count| !count.is_empty() && field.missing.contains_key(count));
    let fault = |row| {
        let message = format!("`{}` is no number; a register's row counts", counts.cell(row));
        Fault::cell(row, column, Code::ConstraintError, message).hint("write how many the row counts, or delete it")
    };
    rows(counts, &wrong).into_iter().map(fault).collect()
}

/// A row outside the period that its register covers would never be counted.
pub(super) fn covered(at: &Checked<'_>) -> Vec<Fault> {
    let observations = at.schema.observations.as_ref().filter(|_| at.table.register);
    let periods = observations.and_then(|observations| at.table.cells(&observations.period));
    let (Some(sources), Some((column, periods)), Some((_, cited))) =
        (Sources::of(at), periods, at.table.cells("source"))
    else {
        return Vec::new();
    };
    let bounds: Vec<Option<Period>> = periods.values().iter().map(|period| Period::parse(period).ok()).collect();
    let mut faults = Vec::new();
    for (source, id) in (0_u64..).zip(cited.values()) {
        let Some(covers) = sources.says(id, "covers").and_then(|covers| Period::parse(covers).ok()) else { continue };
        let outside: Vec<bool> = bounds
            .iter()
            .map(|p| p.as_ref().is_some_and(|period| !covers.contains(period) && !is_ahead(at, period)))
            .collect();
        // Which register the row cites is another of its cells.
        let message = format!("the period lies outside what its register covers, `{}`", covers.text());
        let found = rows(periods, &outside).into_iter().filter(|row| cited.code(*row) == source);
        faults.extend(found.map(|row| {
            Fault::cell(row, column, Code::OutsideCoverage, message.as_str())
                .hint("correct the period, or `covers` of the register in sources.csv")
        }));
    }
    faults
}

/// For each distinct value whether it is wrong.
fn flags(column: &Column, wrong: impl Fn(&str) -> bool) -> Vec<bool> {
    column.values().iter().map(|value| wrong(value)).collect()
}

/// The rows whose value is flagged; none of a column without a dictionary.
fn rows(column: &Column, flags: &[bool]) -> Vec<usize> {
    if !flags.contains(&true) {
        return Vec::new();
    }
    column.rows_with(|code| usize::try_from(code).is_ok_and(|code| flags.get(code) == Some(&true)))
}
