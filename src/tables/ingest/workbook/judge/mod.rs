//! Reports each cell whose sheet shows something else than would be read.
//!
//! A cell has at most one error, the first that is found: about its formula, then about how its text or number looks, then
//! about what is around it.

mod cells;
mod conditional;
mod formulas;
mod layout;
mod looks;

use std::collections::BTreeMap;

use super::sheet::{Cell, Grid, Place, Value};
use super::shown;
use crate::diagnostic::Code;

/// The error of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Finding {
    pub(in super::super) code: Code,
    pub(in super::super) message: String,
    pub(in super::super) hint: String,
}

/// Everything found on a sheet.
#[derive(Debug, Default)]
pub(in super::super) struct Judged {
    /// Errors of single cells, whose values are not judged after that.
    pub(in super::super) cells: BTreeMap<Place, Finding>,
    /// Errors about rows, columns or tables, at their first cell, whose value is judged all the same.
    pub(in super::super) stretches: Vec<(Place, Finding)>,
    /// The rounded numbers that cells show where they store more decimals.
    pub(in super::super) rounded: BTreeMap<Place, String>,
}

/// Judges all cells of a sheet, which must be sorted.
pub(super) fn judge(grid: &Grid) -> Judged {
    let mut judged = Judged::default();
    formulas::judge(grid, &mut judged);
    looks::judge(grid, &mut judged);
    conditional::judge(grid, &mut judged);
    layout::judge(grid, &mut judged);
    let faulty = &judged.cells;
    judged.rounded.retain(|place, _| !faulty.contains_key(place));
    judged
}

impl Judged {
    fn fault(&mut self, place: Place, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        let finding = Finding { code, message: message.into(), hint: hint.into() };
        self.cells.entry(place).or_insert(finding);
    }

    fn stretch(&mut self, place: Place, code: Code, message: impl Into<String>, hint: impl Into<String>) {
        self.stretches.push((place, Finding { code, message: message.into(), hint: hint.into() }));
    }
}

/// Longer texts are not shown, since they may be more than one cell.
const SHORT: usize = 40;

/// The value that a cell stores, for a message.
fn stored(cell: &Cell) -> String {
    match &cell.value {
        Value::Number(number) | Value::Duration(number) | Value::Day { serial: number, .. } => shown::number(*number),
        value => quoted(&shown::text(value, &shown::Pattern::default())),
    }
}

/// A text in quotes, if it is short enough to be one value.
fn quoted(text: &str) -> String {
    let short = text.chars().count() <= SHORT && !text.contains(['\t', ';', '|', ',', '\n', '\r']);
    if short { format!("`{text}`") } else { "a text".to_owned() }
}
