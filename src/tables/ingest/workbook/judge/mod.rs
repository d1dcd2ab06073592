//! Where what a sheet shows is not what would be read: each such cell is a fault.
//!
//! One cell has one fault, the first that is found: what its formula is worth, then what its text and its number show, then
//! what stands around it.

mod cells;
mod conditional;
mod formulas;
mod layout;
mod looks;

use std::collections::BTreeMap;

use super::sheet::{Cell, Grid, Place, Value};
use super::shown;
use crate::diagnostic::Code;

/// What is wrong at a cell.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) struct Finding {
    pub(in super::super) code: Code,
    pub(in super::super) message: String,
    pub(in super::super) hint: String,
}

/// What is wrong with a sheet.
#[derive(Debug, Default)]
pub(in super::super) struct Judged {
    /// By the place of the cell. Nothing of its value is judged any more.
    pub(in super::super) cells: BTreeMap<Place, Finding>,
    /// By the place of the first cell that is concerned, whose value stands all the same.
    pub(in super::super) stretches: Vec<(Place, Finding)>,
    /// Numbers that are shown with fewer decimals than they are stored with: what is shown.
    pub(in super::super) rounded: BTreeMap<Place, String>,
}

/// Judges all cells of a sheet, which stand in order.
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

/// Longer texts may be more than one cell, and are not shown.
const SHORT: usize = 40;

/// What a cell stores, as a message says it.
fn stored(cell: &Cell) -> String {
    match &cell.value {
        Value::Number(number) | Value::Duration(number) | Value::Day { serial: number, .. } => shown::number(*number),
        value => quoted(&shown::text(value, &shown::Pattern::default())),
    }
}

/// A text in the quotes of messages, if it is short enough to be one value.
fn quoted(text: &str) -> String {
    let short = text.chars().count() <= SHORT && !text.contains(['\t', ';', '|', ',', '\n', '\r']);
    if short { format!("`{text}`") } else { "a text".to_owned() }
}
