//! Registers: their rows are exact, a case counts 1, and every row lies in the period that its register covers.

use super::ahead::is_ahead;
use super::checked::Checked;
use super::fault::Fault;
use super::sources::Sources;
use crate::diagnostic::Code;
use crate::tables::ingest::Column;
use crate::value::period::Period;

/// A row with a case id must count 1.
pub(super) fn one_case(at: &Checked<'_>) -> Vec<Fault> {
    let (Some((column, counts)), Some((_, cases)), true) =
        (at.table.cells("count"), at.table.cells("case_id"), at.table.register)
    else {
        return Vec::new();
    };
    // An empty cell, or one that is not a number, has been reported.
    let wrong = flags(counts, |count| count.parse::<i64>().is_ok_and(|count| count != 1));
    let empty = cases.empty_code();
    let fault = |row| Fault::cell(row, column, Code::ConstraintError, "a register row with a case id must count 1");
    rows(counts, &wrong).into_iter().filter(|row| Some(cases.code(*row)) != empty).map(fault).collect()
}

/// A register knows its numbers exactly, so no qualifier is allowed.
pub(super) fn exact(at: &Checked<'_>) -> Vec<Fault> {
    let Some((column, qualifiers)) = at.table.cells("qualifier").filter(|_| at.table.register) else {
        return Vec::new();
    };
    let wrong = flags(qualifiers, |qualifier| !matches!(qualifier, "" | "exact"));
    let fault = |row| {
        Fault::cell(row, column, Code::ConstraintError, "the rows of a register must be exact")
            .hint("leave the cell empty")
    };
    rows(qualifiers, &wrong).into_iter().map(fault).collect()
}

/// Every row needs a number: a state such as "not reported" would be counted as zero.
pub(super) fn counted(at: &Checked<'_>) -> Vec<Fault> {
    let observations = at.schema.observations.as_ref().filter(|_| at.table.register);
    let field = observations.and_then(|observations| at.schema.field(&observations.value));
    let (Some(field), Some((column, counts))) = (field, field.and_then(|field| at.table.cells(&field.name))) else {
        return Vec::new();
    };
    let wrong = flags(counts, |count| !count.is_empty() && field.missing.contains_key(count));
    let fault = |row| {
        let message = format!("`{}` is not a number; every row of a register needs a count", counts.cell(row));
        Fault::cell(row, column, Code::ConstraintError, message).hint("write the count, or delete the row")
    };
    rows(counts, &wrong).into_iter().map(fault).collect()
}

/// A row outside the period that its register covers, which would never be counted.
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
        let Some(covers) = sources.cell(id, "covers").and_then(|covers| Period::parse(covers).ok()) else { continue };
        let outside: Vec<bool> = bounds
            .iter()
            .map(|p| p.as_ref().is_some_and(|period| !covers.contains(period) && !is_ahead(at, period)))
            .collect();
        // The message must not name the register: that would show another cell of the row.
        let message = format!("the period is outside the one that its register covers, `{}`", covers.text());
        let found = rows(periods, &outside).into_iter().filter(|row| cited.code(*row) == source);
        faults.extend(found.map(|row| {
            Fault::cell(row, column, Code::OutsideCoverage, message.as_str())
                .hint(format!("correct the period, or `covers` of the register in {}", at.file_of("sources")))
        }));
    }
    faults
}

/// Whether each distinct value is wrong.
fn flags(column: &Column, wrong: impl Fn(&str) -> bool) -> Vec<bool> {
    column.values().iter().map(|value| wrong(value)).collect()
}

/// The rows with a flagged value; none in a column without a dictionary.
fn rows(column: &Column, flags: &[bool]) -> Vec<usize> {
    if !flags.contains(&true) {
        return Vec::new();
    }
    column.rows_with(|code| usize::try_from(code).is_ok_and(|code| flags.get(code) == Some(&true)))
}
