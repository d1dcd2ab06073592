//! Where a number comes from: the row that states it, or the parts that it is the sum of. Nobody looks up a place before
//! somebody asks for it, so that the total of a million rows costs no million words.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::tables::validate::Places;

/// The number of an entry that no row of a table states.
pub(super) const NO_ROW: u32 = u32::MAX;

/// The entries of one indicator: first those that rows state, then the sums, each after its parts.
#[derive(Default)]
pub(super) struct Tree {
    places: Option<Arc<Places>>,
    /// The row of each stated entry, or [`NO_ROW`].
    rows: Vec<u32>,
    /// Where the parts of each sum end.
    ends: Vec<usize>,
    parts: Vec<u32>,
}

impl Tree {
    /// The entries that these rows of a table state.
    pub(super) fn new(places: Option<Arc<Places>>, rows: Vec<u32>) -> Self {
        Self { places, rows, ends: Vec::new(), parts: Vec::new() }
    }

    /// The row of a stated entry; none for a sum, and for an entry that no row states.
    pub(super) fn row(&self, entry: u32) -> Option<usize> {
        self.rows.get(entry as usize).filter(|row| **row != NO_ROW).map(|row| *row as usize)
    }

    /// Enters a sum of earlier entries; its number.
    pub(super) fn enter(&mut self, parts: impl IntoIterator<Item = u32>) -> u32 {
        self.parts.extend(parts);
        self.ends.push(self.parts.len());
        u32::try_from(self.rows.len() + self.ends.len() - 1).unwrap_or(NO_ROW)
    }

    /// How many entries there are: the number of the next.
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.ends.len()
    }

    /// Forgets the sums from this number on, but not the `wanted` ones and those that they are made of. The new numbers of
    /// the wanted ones.
    pub(super) fn keep(&mut self, first: usize, wanted: &[u32]) -> Vec<u32> {
        let since = |entry: u32| (entry as usize).checked_sub(first);
        let mut is_kept = vec![false; self.len() - first];
        wanted.iter().filter_map(|entry| since(*entry)).for_each(|sum| is_kept[sum] = true);
        // A sum comes after its parts.
        for sum in (0..is_kept.len()).rev() {
            if is_kept[sum] {
                let parts = self.parts(u32::try_from(first + sum).unwrap_or(NO_ROW));
                parts.iter().filter_map(|part| since(*part)).for_each(|part| is_kept[part] = true);
            }
        }
        let (before, mut kept) = (first - self.rows.len(), 0);
        let (mut numbers, mut start, mut end) = (vec![NO_ROW; is_kept.len()], self.start(before), self.start(before));
        let new = |entry: u32, numbers: &[u32]| since(entry).map_or(entry, |sum| numbers[sum]);
        for sum in 0..is_kept.len() {
            let parts = start..self.ends[before + sum];
            start = parts.end;
            if is_kept[sum] {
                numbers[sum] = u32::try_from(first + kept).unwrap_or(NO_ROW);
                for part in parts {
                    self.parts[end] = new(self.parts[part], &numbers);
                    end += 1;
                }
                self.ends[before + kept] = end;
                kept += 1;
            }
        }
        self.ends.truncate(before + kept);
        self.parts.truncate(end);
        wanted.iter().map(|entry| new(*entry, &numbers)).collect()
    }

    /// The entries that a sum was added up from; none for a stated entry.
    fn parts(&self, entry: u32) -> &[u32] {
        let Some(sum) = (entry as usize).checked_sub(self.rows.len()) else { return &[] };
        self.ends.get(sum).and_then(|end| self.parts.get(self.start(sum)..*end)).unwrap_or_default()
    }

    /// Where the parts of a sum start.
    fn start(&self, sum: usize) -> usize {
        sum.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }

    /// The rows behind an entry, in the order in which they were added.
    fn rows_of(&self, entry: u32) -> Vec<usize> {
        let (mut rows, mut open) = (Vec::new(), vec![entry]);
        while let Some(entry) = open.pop() {
            rows.extend(self.row(entry));
            open.extend(self.parts(entry).iter().rev());
        }
        rows
    }
}

/// The rows behind a number, carried unread.
#[derive(Clone, Default)]
pub struct Lineage(Vec<(Arc<Tree>, u32)>);

impl Lineage {
    pub(super) fn of(tree: &Arc<Tree>, entry: u32) -> Self {
        Self(vec![(tree.clone(), entry)])
    }

    /// The rows behind this number or the other.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.0.extend(other.0.iter().cloned());
        self
    }

    /// The places of the rows, `path:line`, each once; of a row that a mapping made its cell, and then the mapping's line.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let of = |(tree, entry): &(Arc<Tree>, u32)| {
            let places = tree.places.as_ref();
            let of_row = |row: usize| places.map(|places| places.of(row)).unwrap_or_default();
            tree.rows_of(*entry).into_iter().flat_map(of_row).collect::<Vec<String>>()
        };
        let mut places: Vec<String> = self.0.iter().flat_map(of).collect();
        // One entry is never the sum of the same row twice.
        let shared = || self.0.iter().any(|(tree, _)| tree.places.as_ref().is_some_and(|places| places.share_names()));
        if self.0.len() > 1 || shared() {
            let mut known = HashSet::new();
            places.retain(|place| known.insert(place.clone()));
        }
        places
    }
}

impl fmt::Debug for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.places()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_sums_leads_back_to_its_rows_each_once() {
        let places = Arc::new(Places::new("a.csv".to_owned(), (2..9).collect()));
        let mut tree = Tree::new(Some(places), vec![4, 0, 3, NO_ROW]);
        let inner = tree.enter([2, 1]);
        let outer = tree.enter([inner, 0, 3]);
        let tree = Arc::new(tree);
        assert_eq!(Lineage::of(&tree, outer).places(), ["a.csv:5", "a.csv:2", "a.csv:6"]);
        let both = Lineage::of(&tree, 1).and(&Lineage::of(&tree, inner));
        assert_eq!(both.places(), ["a.csv:2", "a.csv:5"]);
        assert!(Lineage::default().places().is_empty());
    }

    #[test]
    fn only_wanted_sums_and_their_parts_are_kept() {
        let mut tree = Tree::new(None, vec![4, 0, 3, 2]);
        let early = tree.enter([0, 1]);
        let first = tree.len();
        let (inner, idle) = (tree.enter([2, 3]), tree.enter([1, 3]));
        let (outer, other) = (tree.enter([early, inner]), tree.enter([idle, 0]));
        let rows = [early, outer].map(|entry| tree.rows_of(entry));
        let kept = tree.keep(first, &[outer, 1]);
        assert_eq!((kept.len(), kept[0] as usize, kept[1]), (2, first + 1, 1));
        assert_eq!(tree.len(), first + 2, "{other} and its part are gone");
        assert_eq!([early, kept[0]].map(|entry| tree.rows_of(entry)), rows);
        assert_eq!(tree.enter([kept[0]]) as usize, first + 2);
        assert!(tree.keep(first, &[]).is_empty() && tree.len() == first);
    }
}
