//! The sum by which a withheld number would follow if another were printed: a whole and its parts along one dimension.

use std::collections::{BTreeMap, BTreeSet};

use super::system::{Dimension, System};

/// A whole and its parts, by cell; and the one of them that would follow.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Follows {
    pub(super) gives: usize,
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
}

/// How many choices of parts are tried for one whole.
const TRIED: usize = 20_000;

/// The shortest sum in which a cell stands and all others but one are printed; none where no sum alone gives another away.
pub(super) fn follows(system: &System, withheld: &[bool], cell: usize) -> Option<Follows> {
    let all = (0..system.dimensions.len()).filter_map(|at| along(system, withheld, cell, at));
    all.min_by_key(|found| found.parts.len())
}

/// The same along one dimension.
fn along(system: &System, withheld: &[bool], cell: usize, at: usize) -> Option<Follows> {
    let (own, dimension) = (&system.cells[cell].codes, &system.dimensions[at]);
    let beside = |other: &[u16]| (0..own.len()).all(|place| place == at || own[place] == other[place]);
    let line: BTreeMap<u16, usize> = system
        .cells
        .iter()
        .enumerate()
        .filter(|(_, other)| beside(&other.codes))
        .map(|(number, other)| (other.codes[at], number))
        .collect();
    let hidden = |number: usize| withheld[number] && number != cell;
    let mut best: Option<Follows> = None;
    for (code, whole) in &line {
        let mut parts = Parts { line: &line, dimension, hidden: &hidden, whole: *code, left: TRIED, most: usize::MAX };
        parts.most = best.as_ref().map_or(usize::MAX, |best| best.parts.len());
        let leaves: BTreeSet<u16> = (0..dimension.leaves()).filter(|leaf| dimension.holds(*code, *leaf)).collect();
        let needs = (*whole != cell).then_some(cell);
        if let Some((parts, gives)) = parts.search(&leaves, hidden(*whole).then_some(*whole), needs, Vec::new()) {
            best = Some(Follows { gives, whole: *whole, parts });
        }
    }
    best
}

/// The search for the parts of one whole, of which exactly one number in all is hidden.
struct Parts<'s> {
    line: &'s BTreeMap<u16, usize>,
    dimension: &'s Dimension,
    hidden: &'s dyn Fn(usize) -> bool,
    whole: u16,
    left: usize,
    /// As many parts are too many.
    most: usize,
}

impl Parts<'_> {
    /// Covers what is left of the whole; `needs` must be among the parts.
    fn search(
        &mut self,
        left: &BTreeSet<u16>,
        gives: Option<usize>,
        needs: Option<usize>,
        parts: Vec<usize>,
    ) -> Option<(Vec<usize>, usize)> {
        let Some(first) = left.first() else {
            let fits = parts.len() > 1 && parts.len() < self.most && needs.is_none_or(|cell| parts.contains(&cell));
            return gives.filter(|_| fits).map(|gives| (parts, gives));
        };
        let dimension = self.dimension;
        let mut wide: Vec<(usize, u16, usize)> = Vec::new();
        for (code, number) in self.line {
            let inside = |leaf: &u16| dimension.holds(*code, *leaf);
            let whole = *code == self.whole || !inside(first);
            if !whole && (0..dimension.leaves()).filter(inside).all(|leaf| left.contains(&leaf)) {
                wide.push((left.iter().filter(|leaf| inside(leaf)).count(), *code, *number));
            }
        }
        wide.sort_unstable_by_key(|(leaves, code, _)| (std::cmp::Reverse(*leaves), *code));
        let mut best = None;
        for (_, code, number) in wide {
            let is_hidden = (self.hidden)(number);
            if self.left == 0 || parts.len() + 1 >= self.most || (is_hidden && gives.is_some()) {
                continue;
            }
            self.left -= 1;
            let rest = left.iter().copied().filter(|leaf| !dimension.holds(code, *leaf)).collect();
            let gives = if is_hidden { Some(number) } else { gives };
            let longer = parts.iter().copied().chain([number]).collect();
            if let Some((found, gives)) = self.search(&rest, gives, needs, longer) {
                self.most = found.len();
                best = Some((found, gives));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Girls and women of north and south, with all sums: `[sex][place]`, total first.
    fn system() -> System {
        let dimension = || Dimension::new(2, &[vec![0, 1], vec![0], vec![1]]);
        let units = [([0, 0], 21), ([1, 0], 3), ([0, 1], 30), ([1, 1], 40)];
        let units = units.map(|(leaves, units)| (leaves.to_vec(), units));
        System::new(vec![dimension(), dimension()], units, &[vec![vec![0, 1, 2], vec![0, 1, 2]]], &[])
    }

    fn at(system: &System, codes: [u16; 2]) -> usize {
        system.cells.iter().position(|cell| cell.codes == codes).expect("there is such a cell")
    }

    #[test]
    fn the_sum_names_the_whole_the_parts_and_what_follows() {
        let system = system();
        let corners = [[1, 1], [1, 2], [2, 1], [2, 2]].map(|codes| at(&system, codes));
        let withheld: Vec<bool> = (0..system.cells.len()).map(|cell| corners.contains(&cell)).collect();
        let found = follows(&system, &withheld, corners[0]).expect("a sum gives a corner away");
        assert!([corners[1], corners[2]].contains(&found.gives) && found.parts.contains(&corners[0]), "{found:?}");
        assert!(found.whole == at(&system, [1, 0]) || found.whole == at(&system, [0, 1]), "{found:?}");
    }

    #[test]
    fn where_two_numbers_are_hidden_no_sum_gives_one_away() {
        let system = system();
        let withheld: Vec<bool> = system.cells.iter().map(|cell| !cell.codes.contains(&0)).collect();
        let margins = [[1, 0], [0, 1], [2, 0], [0, 2]].map(|codes| at(&system, codes));
        let all: Vec<bool> = (0..withheld.len()).map(|cell| withheld[cell] || margins.contains(&cell)).collect();
        assert_eq!(follows(&system, &all, at(&system, [1, 1])), None);
        // With the margins printed it follows at once.
        assert!(follows(&system, &withheld, at(&system, [1, 1])).is_some());
        // A total that is withheld is the sum of its parts.
        let total = at(&system, [1, 0]);
        let only: Vec<bool> = (0..withheld.len()).map(|cell| cell == total || cell == at(&system, [1, 1])).collect();
        let found = follows(&system, &only, at(&system, [1, 1])).expect("the total follows");
        assert_eq!((found.gives, found.whole), (total, total));
    }
}
