//! The distinct cells of a column of a delivered file, each with its kind.

use super::column::Codes;
use crate::project::imports::{folded, is_folded};

/// What a cell is beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CellKind {
    /// A text, or nothing.
    Text,
    /// A stored number, written with a point.
    Number,
    /// A date, written as far as its format shows it.
    Day,
    /// A spreadsheet's error.
    Error,
    /// A formula without a value.
    Uncomputed,
}

/// A distinct cell of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its text, with white space folded.
    pub text: String,
    /// Its kind.
    pub kind: CellKind,
}

/// A column: its distinct cells, and which of them each row has.
#[derive(Debug)]
pub struct Values {
    /// The distinct cells; two may have the same text.
    pub values: Vec<Value>,
    codes: Codes,
    /// How many rows stand above those of `codes`, which are not among these cells.
    above: usize,
}

impl Default for Values {
    fn default() -> Self {
        Self { values: Vec::new(), codes: Codes::Narrow(Vec::new()), above: 0 }
    }
}

impl Values {
    /// Adds a distinct cell, and returns its number.
    pub(super) fn add(&mut self, text: &str, kind: CellKind) -> u32 {
        let text = if is_folded(text) { text.to_owned() } else { folded(text) };
        self.values.push(Value { text, kind });
        u32::try_from(self.values.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn coded(mut self, codes: &[u32]) -> Self {
        self.codes = Codes::Narrow(Vec::new());
        self.codes.append(codes, self.values.len());
        self
    }

    pub(super) fn with(values: Vec<Value>, codes: Codes) -> Self {
        Self { values, codes, above: 0 }
    }

    /// The same cells, of which each row below the first `above` has the one with its code.
    pub(super) fn below(&mut self, above: usize, codes: Codes) {
        (self.above, self.codes) = (above, codes);
    }

    /// The number of a row's cell among the distinct ones.
    #[must_use]
    pub fn code(&self, row: usize) -> usize {
        let Some(row) = row.checked_sub(self.above) else { return usize::MAX };
        match &self.codes {
            Codes::Narrow(codes) => codes.get(row).map_or(0, |code| usize::from(*code)),
            Codes::Middle(codes) => codes.get(row).map_or(0, |code| usize::from(*code)),
            Codes::Wide(codes) => codes.get(row).map_or(0, |code| *code as usize),
            Codes::Hashes(_) => 0,
        }
    }

    /// The text of a row's cell.
    #[must_use]
    pub fn text(&self, row: usize) -> &str {
        self.values.get(self.code(row)).map_or("", |value| value.text.as_str())
    }

    /// Whether a row's cell holds nothing.
    #[must_use]
    pub fn is_blank(&self, row: usize) -> bool {
        self.values.get(self.code(row)).is_none_or(Value::is_blank)
    }
}

impl Value {
    /// Whether it holds nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.is_empty() && self.kind == CellKind::Text
    }
}
