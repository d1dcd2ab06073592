//! The tables that are known to agree with everything printed, and how far numbers reach in them.
//!
//! Any two of these tables are a witness: a number that one makes large and another small has the room between them. So what
//! was found for one number protects others, and for the next it is enough to find what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern::Witness;
use super::sheet::Sheet;
use super::whole::Changes;

/// How far a number reaches, as differences from the truth, and the table in which it does; 0 is the true one.
#[derive(Clone, Copy, Default)]
struct Range {
    low: (i64, usize),
    high: (i64, usize),
}

impl Range {
    /// Takes in what a table makes of the number; whether that is further than before.
    fn extend(&mut self, more: i64, table: usize) -> bool {
        let (below, above) = (more < self.low.0, more > self.high.0);
        if below {
            self.low = (more, table);
        }
        if above {
            self.high = (more, table);
        }
        below || above
    }
}

/// The changes of a table, by groups and by cells.
#[derive(Clone)]
struct Table {
    groups: Changes,
    cells: Changes,
}

/// Which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Number {
    /// That of a group.
    Group(u32),
    /// That of a cell.
    Cell(usize),
}

/// The known tables.
#[derive(Clone)]
pub(super) struct Reach {
    tables: Vec<Table>,
    groups: Vec<Range>,
    cells: Vec<Range>,
}

impl Reach {
    /// Of so many groups and cells only the true table is known.
    pub(super) fn of(groups: usize, cells: usize) -> Self {
        Self { tables: Vec::new(), groups: vec![Range::default(); groups], cells: vec![Range::default(); cells] }
    }

    /// Adds a table, given by the changes of its groups and cells, unless nothing reaches further in it.
    pub(super) fn add(&mut self, groups: &Changes, cells: &Changes) {
        let number = self.tables.len() + 1;
        let mut further = false;
        for (group, more) in groups {
            further |= self.groups[*group as usize].extend(*more, number);
        }
        for (cell, more) in cells {
            further |= self.cells[*cell as usize].extend(*more, number);
        }
        if further {
            self.tables.push(Table { groups: groups.clone(), cells: cells.clone() });
        }
    }

    fn range(&self, number: Number) -> &Range {
        match number {
            Number::Group(group) => &self.groups[group as usize],
            Number::Cell(cell) => &self.cells[cell],
        }
    }

    /// How far a number reaches below the truth and above.
    pub(super) fn span(&self, number: Number) -> (i64, i64) {
        let range = self.range(number);
        (range.low.0, range.high.0)
    }

    /// The tables that leave a cell as it is.
    pub(super) fn without(&self, cell: usize) -> Self {
        let mut left = Self::of(self.groups.len(), self.cells.len());
        let changes = |table: &&Table| u32::try_from(cell).is_ok_and(|cell| table.cells.contains_key(&cell));
        for table in self.tables.iter().filter(|table| !changes(table)) {
            left.add(&table.groups, &table.cells);
        }
        left
    }

    /// Adds the tables of another.
    pub(super) fn join(&mut self, other: &Self) {
        other.tables.iter().for_each(|table| self.add(&table.groups, &table.cells));
    }

    /// The pairs of tables in which these numbers reach furthest.
    pub(super) fn witnesses(&self, sheet: &Sheet, numbers: impl Iterator<Item = Number>) -> Vec<Witness> {
        let pair = |number| {
            let range = self.range(number);
            (range.low.1, range.high.1)
        };
        let pairs: BTreeSet<(usize, usize)> = numbers.map(pair).filter(|pair| *pair != (0, 0)).collect();
        let table = |number: usize| -> BTreeMap<_, _> {
            let table = number.checked_sub(1).map(|at| &self.tables[at].groups);
            table.into_iter().flatten().map(|(group, more)| (sheet.atoms[*group as usize], *more)).collect()
        };
        pairs.into_iter().map(|(low, high)| Witness { low: table(low), high: table(high) }).collect()
    }
}
