//! The cells of a table: the groups of each dimension that a cell counts, and the bounds that are printed for it.

use std::collections::{BTreeSet, HashMap};

use super::arrange::TableRow;
use super::dimension::Dimension;
use crate::disclosure::attack::Bounds;

/// A set of groups of one dimension, numbered; 0 are all groups.
pub(super) type Set = u32;
/// A cell: a set for every dimension.
pub(super) type Cell = Box<[Set]>;

/// All sets of the groups of one dimension that were met.
pub(super) struct Sets {
    groups: Vec<Vec<u32>>,
    numbers: HashMap<Vec<u32>, Set>,
    /// For each code its set.
    pub(super) of_code: Vec<Set>,
}

impl Sets {
    pub(super) fn of(dimension: &Dimension) -> Self {
        let mut sets = Self { groups: Vec::new(), numbers: HashMap::new(), of_code: Vec::new() };
        sets.number((0..u32::try_from(dimension.size()).unwrap_or(u32::MAX)).collect());
        sets.of_code = (0..dimension.codes()).map(|code| sets.number(dimension.groups(code).to_vec())).collect();
        sets
    }

    /// The groups of a set, in order.
    pub(super) fn groups(&self, set: Set) -> &[u32] {
        &self.groups[set as usize]
    }

    /// A code that holds just this set.
    pub(super) fn code_of(&self, set: Set) -> usize {
        self.of_code.iter().position(|code| *code == set).unwrap_or(0)
    }

    /// Whether a set holds another, and more.
    pub(super) fn holds(&self, larger: Set, set: Set) -> bool {
        let (larger, own) = (self.groups(larger), self.groups(set));
        own.len() < larger.len() && own.iter().all(|group| larger.binary_search(group).is_ok())
    }

    /// The smallest codes that together make up a set without overlap; `None` if they do not cover it.
    pub(super) fn codes_of(&self, set: Set) -> Vec<Set> {
        let whole = self.groups(set);
        let fits = |code: &&Set| **code == set || self.holds(set, **code);
        let codes: BTreeSet<Set> = self.of_code.iter().filter(fits).copied().collect();
        let mut codes: Vec<Set> =
            codes.into_iter().filter(|code| *code != set && !self.groups(*code).is_empty()).collect();
        codes.sort_by_key(|code| (self.groups(*code).len(), *code));
        let mut taken: BTreeSet<u32> = BTreeSet::new();
        codes.retain(|code| {
            let free = self.groups(*code).iter().all(|group| !taken.contains(group));
            if free {
                taken.extend(self.groups(*code));
            }
            free
        });
        if taken.len() == whole.len() { codes } else { Vec::new() }
    }

    /// The number of a set of groups, which are in order.
    pub(super) fn number(&mut self, groups: Vec<u32>) -> Set {
        let next = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(groups).or_insert_with_key(|groups| {
            self.groups.push(groups.clone());
            next
        })
    }

    /// The finest sets that any of these distinguishes.
    pub(super) fn elements(&mut self, sets: &BTreeSet<Set>) -> Vec<Set> {
        let mut named: HashMap<u32, Vec<Set>> = HashMap::new();
        for set in sets {
            self.groups(*set).iter().for_each(|group| named.entry(*group).or_default().push(*set));
        }
        let mut alike: HashMap<Vec<Set>, Vec<u32>> = HashMap::new();
        named.into_iter().for_each(|(group, sets)| alike.entry(sets).or_default().push(group));
        let mut elements: Vec<Vec<u32>> = alike.into_values().collect();
        elements.iter_mut().for_each(|groups| groups.sort_unstable());
        elements.sort_unstable();
        elements.into_iter().map(|groups| self.number(groups)).collect()
    }

    /// Sets that together make up one: first the `larger`, in their order, then of the elements what these leave.
    pub(super) fn divided(&self, set: Set, larger: &[Set], elements: &[Set]) -> Vec<Set> {
        if self.groups(set).len() == 1 {
            return Vec::new();
        }
        let own: BTreeSet<u32> = self.groups(set).iter().copied().collect();
        let (mut taken, mut parts) = (BTreeSet::new(), Vec::new());
        for part in larger.iter().chain(elements).filter(|part| **part != set) {
            let groups = self.groups(*part);
            if groups.len() < own.len() && groups.iter().all(|group| own.contains(group) && !taken.contains(group)) {
                taken.extend(groups.iter().copied());
                parts.push(*part);
            }
        }
        parts
    }

    /// Sets by their size, the largest first.
    pub(super) fn by_size(&self, sets: &BTreeSet<Set>) -> Vec<Set> {
        let mut sets: Vec<Set> = sets.iter().copied().collect();
        sets.sort_by_key(|set| (std::cmp::Reverse(self.groups(*set).len()), *set));
        sets
    }
}

/// The cells that rows print or withhold, each once.
pub(super) struct Printed {
    pub(super) cells: Vec<Cell>,
    pub(super) bounds: Vec<Bounds>,
    /// The cell of each row.
    pub(super) of_row: Vec<usize>,
    /// The rows of each cell.
    pub(super) rows: Vec<Vec<usize>>,
}

impl Printed {
    pub(super) fn of(rows: &[TableRow], sets: &[Sets]) -> Self {
        let mut printed = Self { cells: Vec::new(), bounds: Vec::new(), of_row: Vec::new(), rows: Vec::new() };
        let mut known: HashMap<Cell, usize> = HashMap::new();
        for (number, row) in rows.iter().enumerate() {
            let cell: Cell = row.codes.iter().zip(sets).map(|(code, sets)| sets.of_code[*code]).collect();
            let next = printed.cells.len();
            let at = *known.entry(cell.clone()).or_insert(next);
            printed.of_row.push(at);
            if at == next {
                printed.cells.push(cell);
                printed.bounds.push((row.least, row.most));
                printed.rows.push(vec![number]);
                continue;
            }
            let (least, most) = printed.bounds[at];
            printed.bounds[at] = (least.max(row.least), [most, row.most].into_iter().flatten().min());
            printed.rows[at].push(number);
        }
        printed
    }
}
