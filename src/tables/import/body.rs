//! The rows of a table below its labels: where it ends, which rows are passed over, sections, and the outline.

use super::found::{Found, Wrong};
use super::frame::{Frame, begins};
use super::labels::{Naming, filled, first_filled};
use super::{marks, number};
use crate::diagnostic::Code;
use crate::tables::ingest::delivered::CellKind;

/// The rows of a table.
pub(super) struct Body {
    /// The rows of data, by their numbers in the sheet.
    pub(super) rows: Vec<usize>,
    /// For each of them the section that it is in, as an index of `sections` and 1; 0 above the first.
    pub(super) section: Vec<usize>,
    /// The cells of the sections.
    pub(super) sections: Vec<(usize, usize)>,
    /// For each column of the outline, the row from which each row's cell is taken.
    pub(super) filled: Vec<(usize, Vec<usize>)>,
}

/// Finds the rows of a table.
pub(super) fn body(naming: Naming<'_>, frame: &Frame<'_>, found: &mut Found) -> Option<Body> {
    let read = naming.read();
    let sheet = frame.sheet;
    let first = frame.labels.row + 1;
    let end = match &read.end {
        Some(end) => {
            let row = (first..sheet.rows).find(|row| begins(sheet, *row, &end.value));
            if row.is_none() {
                let wrong = Wrong::new(Code::UnexpectedText, format!("no row begins with `{}`", end.value.text));
                found.error((frame.number, 0, 0), wrong.hint("correct `end`, above which the table ends"));
                return None;
            }
            row
        }
        None => None,
    };
    let passed = |row: usize| read.skip.iter().any(|skip| begins(sheet, row, skip));
    let blank = |row: usize| frame.read.iter().all(|column| frame.is_blank(*column, row));
    let sections = naming.mapping.asks_sections();
    let mut body = Body { rows: Vec::new(), section: Vec::new(), sections: Vec::new(), filled: Vec::new() };
    let last = end.unwrap_or(sheet.rows);
    let mut row = first;
    while row < last {
        if passed(row) {
            row += 1;
            continue;
        }
        let is_section = sections && filled(sheet, row) == 1 && {
            let next = (row + 1..last).find(|next| !passed(*next));
            next.is_some_and(|next| !blank(next))
        };
        if is_section {
            body.sections.extend(first_filled(sheet, row).map(|column| (row, column)));
        } else if blank(row) {
            if end.is_none() {
                below(naming, frame, row, found);
                break;
            }
        } else {
            body.rows.push(row);
            body.section.push(body.sections.len());
        }
        row += 1;
    }
    outline(frame, &mut body);
    Some(body)
}

/// For each column of the outline the row from which each row's cell is taken.
fn outline(frame: &Frame<'_>, body: &mut Body) {
    let mut above: Vec<usize> = Vec::new();
    let mut filled: Vec<(usize, Vec<usize>)> = frame.fill.iter().map(|column| (*column, Vec::new())).collect();
    for row in &body.rows {
        let first = frame.fill.iter().position(|column| !frame.is_blank(*column, *row));
        // Left of the first filled cell stands what stood in the row above, its blanks included.
        let from = first.unwrap_or(frame.fill.len());
        let own: Vec<usize> = (0..frame.fill.len())
            .map(|at| if at < from { above.get(at).copied().unwrap_or(*row) } else { *row })
            .collect();
        filled.iter_mut().zip(&own).for_each(|((_, rows), from)| rows.push(*from));
        above = own;
    }
    body.filled = filled;
}

/// Numbers below the end of the table: rows that nobody reads.
fn below(naming: Naming<'_>, frame: &Frame<'_>, ended: usize, found: &mut Found) {
    let sheet = frame.sheet;
    let mapping = naming.mapping;
    let taken: std::collections::BTreeSet<usize> = frame.taken.iter().flatten().copied().collect();
    let untaken = mapping.makes.iter().any(|make| make.take.is_empty());
    let is_number = |row: usize, column: usize| {
        let at = frame.at(column);
        let text = sheet.text(row, at);
        let kind = sheet.columns.get(at).and_then(|values| values.values.get(values.code(row))).map(|value| value.kind);
        let text = marks::strip(text, &mapping.marks, true).text;
        number::read(&text, kind.unwrap_or(CellKind::Text), &mapping.number).is_some()
    };
    for row in ended + 1..sheet.rows {
        if naming.read().skip.iter().any(|skip| begins(sheet, row, skip)) {
            continue;
        }
        let number = taken.iter().copied().find(|column| is_number(row, *column));
        let two = || {
            let mut filled = frame.read.iter().copied().filter(|column| !frame.is_blank(*column, row));
            let first = filled.next();
            first.filter(|_| untaken && filled.next().is_some())
        };
        if let Some(column) = number.or_else(two) {
            let message = if sheet.source.confidential {
                "the table ended above, and here stands something again".to_owned()
            } else {
                format!("the table ended above row {}, and here stands something again", ended + 1)
            };
            let wrong = Wrong::new(Code::UnreadRow, message);
            let hint = "say where the table ends: `end = \"…\"`; blank rows above that are passed over";
            found.error((frame.number, row, frame.at(column)), wrong.hint(hint));
        }
    }
}

impl Body {
    /// These rows, without sections and an outline.
    pub(super) fn of(rows: Vec<usize>) -> Self {
        Self { rows, section: Vec::new(), sections: Vec::new(), filled: Vec::new() }
    }

    /// The row from which a column's cell is taken, in the `at`-th row.
    pub(super) fn source_row(&self, column: usize, at: usize) -> usize {
        let own = || self.rows.get(at).copied().unwrap_or(0);
        match self.filled.iter().find(|(filled, _)| *filled == column) {
            Some((_, rows)) => rows.get(at).copied().unwrap_or_else(own),
            None => own(),
        }
    }
}
