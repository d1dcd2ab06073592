//! Evidence for or against a reading: whether printed parts fit into the whole that it gives them.

use std::collections::{HashMap, HashSet};

use super::columns::Columns;
use crate::disclosure::attack::Bounds;

/// Rows that differ in one column only: a whole, and its parts.
pub(super) struct Group {
    whole: Bounds,
    /// How many parts there are, each code once.
    pub(super) parts: usize,
    /// Their sum, and the greatest.
    sum: Bounds,
    greatest: i128,
    /// A row of the parts.
    pub(super) row: usize,
    /// What its rows have in common.
    pub(super) key: u64,
}

impl Group {
    /// Whether a single part exceeds the largest possible whole.
    pub(super) fn part_exceeds(&self) -> bool {
        self.whole.1.is_some_and(|most| most < self.greatest)
    }

    /// Whether the sum of all parts exceeds the largest possible whole by more than rounding.
    pub(super) fn sum_exceeds(&self, scale: i128) -> bool {
        self.whole.1.is_some_and(|most| most + self.tolerance(scale) < self.sum.0)
    }

    /// Whether the sum of all parts falls short of the smallest possible whole by more than rounding.
    pub(super) fn falls_short(&self, scale: i128) -> bool {
        self.sum.1.is_some_and(|most| most + self.tolerance(scale) < self.whole.0)
    }

    /// Whether all parts are printed and add up to the whole.
    pub(super) fn is_whole(&self) -> bool {
        self.whole.1 == Some(self.whole.0) && self.sum == self.whole
    }

    /// Whether all parts are printed but do not add up to the whole.
    pub(super) fn never_whole(&self) -> bool {
        self.whole.1 == Some(self.whole.0) && self.sum.1 == Some(self.sum.0) && self.sum != self.whole
    }

    /// By how much a sum may differ because its numbers are rounded.
    fn tolerance(&self, scale: i128) -> i128 {
        scale * i128::try_from(self.parts).unwrap_or(0)
    }
}

/// The groups of rows that are alike in every column but `at`, of the rows that `within` names, with a whole and parts.
pub(super) fn weigh(
    columns: &Columns,
    at: usize,
    within: impl Fn(usize) -> bool,
    is_whole: impl Fn(usize) -> bool,
) -> Vec<Group> {
    let others: Vec<usize> = columns.live().into_iter().filter(|other| *other != at).collect();
    let rows = || (0..columns.observations.len()).filter(|row| within(*row));
    let mut wholes: HashMap<u64, Bounds> = HashMap::new();
    for row in rows().filter(|row| is_whole(*row)) {
        wholes.entry(columns.key(&others, row)).or_insert(columns.observations[row].bounds());
    }
    let mut found: HashMap<u64, Group> = HashMap::new();
    let mut met: HashSet<(u64, u32)> = HashSet::new();
    for row in rows().filter(|row| !is_whole(*row)) {
        let key = columns.key(&others, row);
        let Some(whole) = wholes.get(&key) else { continue };
        if !met.insert((key, columns.columns[at].of_row[row])) {
            continue;
        }
        let (least, most) = columns.observations[row].bounds();
        let group =
            found.entry(key).or_insert(Group { key, whole: *whole, parts: 0, sum: (0, Some(0)), greatest: 0, row });
        group.parts += 1;
        group.sum = (group.sum.0 + least, group.sum.1.zip(most).map(|(sum, most)| sum + most));
        group.greatest = group.greatest.max(least);
    }
    let mut found: Vec<Group> = found.into_values().collect();
    found.sort_by_key(|group| group.row);
    found
}
