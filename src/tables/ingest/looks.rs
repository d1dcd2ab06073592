//! What is known of a workbook's cells beside what they say: which are faulty already, and which show another number.

use std::collections::{BTreeMap, BTreeSet};

/// By row and column of a table.
#[derive(Debug, Default)]
pub struct Looks {
    pub(super) faulty: BTreeSet<(usize, usize)>,
    pub(super) rounded: BTreeMap<(usize, usize), String>,
}

impl Looks {
    /// Whether any cell is faulty.
    #[must_use]
    pub fn any_faulty(&self) -> bool {
        !self.faulty.is_empty()
    }

    /// Whether a fault of the cell was found before its value is judged.
    #[must_use]
    pub fn is_faulty(&self, row: usize, column: usize) -> bool {
        self.faulty.contains(&(row, column))
    }

    /// What the sheet shows in place of the number, in fewer decimals.
    #[must_use]
    pub fn rounded(&self, row: usize, column: usize) -> Option<&str> {
        if self.rounded.is_empty() { None } else { self.rounded.get(&(row, column)).map(String::as_str) }
    }

    /// The rows of a column whose numbers the sheet shows in fewer decimals, and what it shows.
    pub fn rounded_in(&self, column: usize) -> impl Iterator<Item = (usize, &str)> {
        let of_column = self.rounded.iter().filter(move |((_, at), _)| *at == column);
        of_column.map(|((row, _), shown)| (*row, shown.as_str()))
    }
}
