//! What the looks of a workbook's cells change: which cells already have an error, and which show a rounded number.

use std::collections::{BTreeMap, BTreeSet};

/// Cells by row and column.
#[derive(Debug, Default)]
pub struct Looks {
    pub(super) faulty: BTreeSet<(usize, usize)>,
    pub(super) rounded: BTreeMap<(usize, usize), String>,
}

impl Looks {
    /// Whether any cell has an error.
    #[must_use]
    pub fn any_faulty(&self) -> bool {
        !self.faulty.is_empty()
    }

    /// Whether a cell already has an error, so that its value is not judged.
    #[must_use]
    pub fn is_faulty(&self, row: usize, column: usize) -> bool {
        self.faulty.contains(&(row, column))
    }

    /// The rounded number that the sheet shows in a cell.
    #[must_use]
    pub fn rounded(&self, row: usize, column: usize) -> Option<&str> {
        if self.rounded.is_empty() { None } else { self.rounded.get(&(row, column)).map(String::as_str) }
    }

    /// The rows of a column in which the sheet shows a rounded number, and that number.
    pub fn rounded_in(&self, column: usize) -> impl Iterator<Item = (usize, &str)> {
        let of_column = self.rounded.iter().filter(move |((_, at), _)| *at == column);
        of_column.map(|((row, _), shown)| (*row, shown.as_str()))
    }
}
