//! Types and constraints of cells. Each distinct value is judged once.

use std::sync::Arc;

use rayon::prelude::*;

use super::ahead::is_ahead;
use super::cells::judge;
use super::checked::Checked;
use super::fault::{Fault, joined_lists};
use super::rows::Shape;
use crate::diagnostic::{Code, Severity, shortened};
use crate::project::schema::{Field, REST};
use crate::value::period::Period;

/// The error of a distinct value: its code, message and hint.
type Wrong = (Code, Arc<str>, Option<Arc<str>>);

/// Suggestions are looked for at most for this many distinct values of a column: nobody reads on after that.
const ADVISED: usize = 1000;

/// Judges each distinct value once, and looks for its rows only if it is faulty.
pub(super) fn cells(at: &Checked<'_>) -> Vec<Fault> {
    let columns = 0..at.table.columns.len();
    joined_lists(columns.into_par_iter().map(|column| of_column(at, column)).collect())
}

fn of_column(at: &Checked<'_>, number: usize) -> Vec<Fault> {
    let column = &at.table.columns[number];
    let Some(field) = at.schema.field(&at.table.labels[number].text) else { return Vec::new() };
    let required = at.schema.observations.as_ref().is_some_and(|observations| observations.requires(&field.name));
    // In a column without a dictionary only an empty cell can be wrong, and its code is 0.
    let empty = [String::new()];
    let values = if column.coded() { column.values() } else { &empty };
    let wrong = wrong(values, field, required);
    if wrong.iter().all(Option::is_none) {
        return Vec::new();
    }
    let of = |code: u64| usize::try_from(code).ok().and_then(|code| wrong.get(code)?.as_ref());
    let shape = Shape::of(at.table);
    let rows = column.rows_with(|code| of(code).is_some()).into_par_iter().with_min_len(1024);
    let fault = |row| {
        let (code, message, hint) = of(column.code(row))?;
        let fault = Fault::cell(row, number, *code, message.clone()).or_hint(hint.clone());
        Some(
            at.table
                .looks
                .rounded(row, number)
                .map_or(fault, |shown| shown_rounded(column.cell(row), shown, *code, row, number)),
        )
    };
    rows.filter(|row| !shape.lacks(*row, number)).filter_map(fault).collect()
}

/// The error for a number that a sheet shows rounded and whose stored value the column does not allow.
fn shown_rounded(stored: &str, shown: &str, code: Code, row: usize, column: usize) -> Fault {
    let message = format!("the cell shows `{shown}` but stores {stored}");
    Fault::cell(row, column, code, message)
        .hint("write the number that is meant; a number format rounds only what the cell shows")
}

/// A note for each column in which a sheet shows numbers with fewer decimals than it stores: the stored ones are read.
pub(super) fn rounded(at: &Checked<'_>) -> Vec<Fault> {
    let of_column = |column: usize| {
        let field = at.schema.field(&at.table.labels.get(column)?.text)?;
        let sound = |row: usize| {
            let cells = &at.table.columns[column];
            !cells.coded() || judge(cells.cell(row), field, false, false).is_none()
        };
        let (row, shown) = at.table.looks.rounded_in(column).find(|(row, _)| sound(*row))?;
        let stored = at.table.columns[column].cell(row);
        let message =
            format!("the cell shows `{shown}` but stores {stored}; in this column the stored numbers are read");
        let note = Fault::cell(row, column, Code::RoundedNumber, message).severity(Severity::Note);
        Some(note.hint("round the numbers themselves if fewer decimals are meant"))
    };
    (0..at.table.columns.len()).filter_map(of_column).collect()
}

/// The error of each distinct value, if it has one.
fn wrong(values: &[String], field: &Field, required: bool) -> Vec<Option<Wrong>> {
    let judged = |value: &String, advise| {
        // The NUL was reported while reading; judging the value as well would report one slip twice.
        if value.contains('\0') {
            return None;
        }
        let words = |words: String| shortened(words.into());
        let Some(wrong) = judge(value, field, required, advise) else {
            let c = acting(value)?;
            let message = format!("`{value}` contains U+{:04X}, {}", u32::from(c), kind_of(c));
            return Some((
                Code::EncodingError,
                words(message),
                Some("delete it: no text here needs this character".into()),
            ));
        };
        Some((wrong.code, words(wrong.message), wrong.hint.map(words)))
    };
    let mut wrong: Vec<Option<Wrong>> =
        values.par_iter().with_min_len(1024).map(|value| judged(value, false)).collect();
    for (wrong, value) in wrong.iter_mut().zip(values).filter(|(wrong, _)| wrong.is_some()).take(ADVISED) {
        *wrong = judged(value, true);
    }
    wrong
}

/// The first character that is invisible and changes the text around it, such as one that turns its direction.
fn acting(value: &str) -> Option<char> {
    if value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let acts = |c: &char| {
        let breaks = matches!(c, '\t' | '\n' | '\r');
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && !breaks) || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    value.chars().find(acts)
}

/// What a message calls a character that [`acting`] finds.
fn kind_of(c: char) -> &'static str {
    match c {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "a character that changes the direction of the text around it"
        }
        c if c.is_control() => "a control character",
        _ => "an invisible formatting character",
    }
}

/// `rest`, which print uses for the combined rare codes of a register, must not be a code in a table.
pub(super) fn reserved(at: &Checked<'_>) -> Vec<Fault> {
    let dimensions = at.schema.observations.iter().flat_map(|observations| &observations.dimensions);
    let mut faults = Vec::new();
    for (field, (column, cells)) in dimensions.filter_map(|name| Some((at.schema.field(name)?, at.table.cells(name)?)))
    {
        // If the field does not allow the code, that has been reported.
        if judge(REST, field, true, false).is_some() {
            continue;
        }
        let rows = cells.rows_with(|code| {
            usize::try_from(code).is_ok_and(|code| cells.values().get(code).is_some_and(|value| value == REST))
        });
        let message = format!("`{REST}` is reserved for the codes of a register that are combined in print");
        faults.extend(rows.into_iter().map(|row| {
            Fault::cell(row, column, Code::ConstraintError, message.as_str())
                .hint("write the code itself, or `unknown` if it is recorded as unknown")
        }));
    }
    faults
}

/// A period that must lie between the dates in two other fields, such as the year of a report between first and last.
pub(super) fn within(at: &Checked<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for field in &at.schema.fields {
        let Some((from, to)) = &field.within else { continue };
        let column = |name: &str| at.table.cells(name).filter(|(_, column)| column.coded());
        let (Some((number, cells)), Some((_, first)), Some((end, last))) =
            (column(&field.name), column(from), column(to))
        else {
            continue;
        };
        for row in 0..at.table.rows {
            let stretch = [cells.cell(row), first.cell(row), last.cell(row)].map(Period::parse);
            let [Ok(period), Ok(first), Ok(last)] = stretch else { continue };
            // A year that is too late has been reported as such.
            if [&period, &first, &last].into_iter().any(|stretch| is_ahead(at, stretch)) {
                continue;
            }
            if last.end() < first.start() {
                let message =
                    format!("`{}` is before `{}`, the start of the period covered", last.text(), first.text());
                let hint = format!("correct `{from}` or `{to}`");
                faults.push(Fault::cell(row, end, Code::PeriodError, message).hint(hint));
            } else if period.end() < first.start() || last.end() < period.start() {
                let message = format!(
                    "`{}` is outside the period covered, `{}` to `{}`",
                    period.text(),
                    first.text(),
                    last.text()
                );
                let hint = format!("correct `{}`, or `{from}` and `{to}`", field.name);
                faults.push(Fault::cell(row, number, Code::OutsideCoverage, message).hint(hint));
            }
        }
    }
    faults
}
