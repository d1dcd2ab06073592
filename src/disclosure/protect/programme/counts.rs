//! Which groups count in which sums of a programme: those of the second table come after those of the first, and the number
//! comes last.

use super::{Programme, Sought};

impl<'s> Programme<'s> {
    /// The sign with which a table counts in the number.
    pub(super) fn sign(&self, table: usize) -> f64 {
        if table == 1 || self.sought == Sought::Smaller { -1.0 } else { 1.0 }
    }

    /// What a change of a group costs by itself.
    pub(super) fn little(&self, group: usize) -> f64 {
        let groups = self.part.little.len();
        self.part.little[if group < groups { group } else { group - groups }]
    }

    /// What a change of a sum costs.
    pub(super) fn price(&self, row: usize) -> f64 {
        let rows = self.part.prices.len();
        self.part.prices[if row < rows { row } else { row - rows }]
    }

    /// The table of a group and its number there, and that of the table's first sum.
    pub(super) fn place(&self, group: usize) -> (usize, usize, usize) {
        let groups = self.part.units.len();
        if group < groups { (0, group, 0) } else { (1, group - groups, self.part.prices.len()) }
    }

    /// The sums that count a group of a table.
    pub(super) fn rows_of(&self, group: usize) -> impl Iterator<Item = (usize, f64)> + use<'s> {
        let (table, group, first) = self.place(group);
        let own = self.part.counts(group).then_some((self.number(), self.sign(table)));
        self.part.rows(group).iter().map(move |row| (first + *row as usize, 1.0)).chain(own)
    }

    /// The factor of a group in a sum.
    pub(super) fn factor(&self, row: usize, group: usize) -> f64 {
        let (table, group, first) = self.place(group);
        if row == self.number() {
            return if self.part.counts(group) { self.sign(table) } else { 0.0 };
        }
        let row = row.checked_sub(first).and_then(|row| u32::try_from(row).ok());
        if row.is_some_and(|row| self.part.rows(group).binary_search(&row).is_ok()) { 1.0 } else { 0.0 }
    }
}
