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
#[derive(Default)]
struct Table {
    groups: Changes,
    cells: Changes,
    /// How many cells it changes that are to be printed.
    printed: usize,
}

/// Which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Number {
    /// That of a group.
    Group(u32),
    /// That of a cell.
    Cell(u32),
}

/// The known tables.
pub(super) struct Reach {
    tables: Vec<Table>,
    groups: Vec<Range>,
    cells: Vec<Range>,
    /// For each group and each cell the tables that change it.
    of_group: Vec<Vec<usize>>,
    of_cell: Vec<Vec<usize>>,
}

impl Reach {
    /// Of so many groups and cells only the true table is known.
    pub(super) fn of(groups: usize, cells: usize) -> Self {
        Self {
            tables: Vec::new(),
            groups: vec![Range::default(); groups],
            cells: vec![Range::default(); cells],
            of_group: vec![Vec::new(); groups],
            of_cell: vec![Vec::new(); cells],
        }
    }

    /// Adds a table, given by the changes of its groups and cells, unless nothing reaches further in it.
    pub(super) fn add(&mut self, groups: &Changes, cells: &Changes) {
        let table = Table { groups: groups.clone(), cells: cells.clone(), printed: 0 };
        if !self.extend(&table, self.tables.len()) {
            return;
        }
        groups.iter().for_each(|(group, _)| self.of_group[*group as usize].push(self.tables.len()));
        cells.iter().for_each(|(cell, _)| self.of_cell[*cell as usize].push(self.tables.len()));
        self.tables.push(table);
    }

    /// Takes in what a table makes of numbers; whether anything reaches further.
    fn extend(&mut self, table: &Table, at: usize) -> bool {
        let mut further = false;
        for (group, more) in &table.groups {
            further |= self.groups[*group as usize].extend(*more, at + 1);
        }
        for (cell, more) in &table.cells {
            further |= self.cells[*cell as usize].extend(*more, at + 1);
        }
        further
    }

    fn range(&self, number: Number) -> &Range {
        match number {
            Number::Group(group) => &self.groups[group as usize],
            Number::Cell(cell) => &self.cells[cell as usize],
        }
    }

    /// How far a number reaches below the truth and above.
    pub(super) fn span(&self, number: Number) -> (i64, i64) {
        let range = self.range(number);
        (range.low.0, range.high.0)
    }

    /// Leaves out the tables that change a cell, since it is to be printed. The numbers that reach less far without them.
    pub(super) fn leave_out(&mut self, cell: usize) -> BTreeSet<Number> {
        let mut less = BTreeSet::new();
        for at in &self.of_cell[cell] {
            let table = &mut self.tables[*at];
            table.printed += 1;
            let is_of = |range: &Range| range.low.1 == at + 1 || range.high.1 == at + 1;
            let cells = table.cells.iter().filter(|(cell, _)| is_of(&self.cells[*cell as usize]));
            less.extend(cells.map(|(cell, _)| Number::Cell(*cell)));
            let groups = table.groups.iter().filter(|(group, _)| is_of(&self.groups[*group as usize]));
            less.extend(groups.map(|(group, _)| Number::Group(*group)));
        }
        for number in &less {
            let mut range = Range::default();
            let (tables, at) = match number {
                Number::Group(group) => (&self.of_group[*group as usize], group),
                Number::Cell(cell) => (&self.of_cell[*cell as usize], cell),
            };
            for table in tables.iter().filter(|table| self.tables[**table].printed == 0) {
                let changes = match number {
                    Number::Group(_) => &self.tables[*table].groups,
                    Number::Cell(_) => &self.tables[*table].cells,
                };
                if let Ok(place) = changes.binary_search_by_key(at, |(at, _)| *at) {
                    range.extend(changes[place].1, table + 1);
                }
            }
            match number {
                Number::Group(group) => self.groups[*group as usize] = range,
                Number::Cell(cell) => self.cells[*cell as usize] = range,
            }
        }
        less
    }

    /// Takes the tables that change a cell in again.
    pub(super) fn take_in(&mut self, cell: usize) {
        for at in std::mem::take(&mut self.of_cell[cell]) {
            self.of_cell[cell].push(at);
            self.tables[at].printed -= 1;
            if self.tables[at].printed == 0 {
                let table = std::mem::take(&mut self.tables[at]);
                self.extend(&table, at);
                self.tables[at] = table;
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_room_between_any_two_tables_that_change_nothing_printed() {
        let mut reach = Reach::of(3, 3);
        reach.add(&vec![(0, 7), (1, -7)], &vec![(0, 7), (1, -7)]);
        reach.add(&vec![(0, -4), (2, 4)], &vec![(0, -4), (2, 4)]);
        // Nothing reaches further.
        reach.add(&vec![(0, 5), (1, -5)], &vec![(0, 5), (1, -5)]);
        assert_eq!((reach.span(Number::Group(0)), reach.tables.len()), ((-4, 7), 2));
        let less: Vec<Number> = reach.leave_out(1).into_iter().collect();
        assert_eq!(less, [Number::Group(0), Number::Group(1), Number::Cell(0), Number::Cell(1)]);
        assert_eq!([0, 1, 2].map(|cell| reach.span(Number::Cell(cell))), [(-4, 0), (0, 0), (0, 4)]);
        reach.leave_out(2);
        reach.take_in(1);
        assert_eq!([0, 1, 2].map(|cell| reach.span(Number::Cell(cell))), [(0, 7), (-7, 0), (0, 0)]);
        reach.take_in(2);
        assert_eq!(reach.span(Number::Cell(0)), (-4, 7));
    }
}
