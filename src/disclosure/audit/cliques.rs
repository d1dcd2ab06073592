//! Which dimensions must be looked at together.
//!
//! Dimensions that no row breaks down by at once need no joint table: counts that agree on what two tables share always have
//! a common table (the decomposable models of Lauritzen, "Graphical Models", 1996, chapter 4). Dimensions are linked where a
//! row breaks down by both; links are added until every circle has a chord, and each clique is a table of its own.

use std::collections::BTreeSet;

use super::cells::Cell;

/// A set of dimensions, a bit each.
pub(super) type Dimensions = u64;

/// Sets of dimensions, and the pairs of them that must agree on what they share.
pub(super) struct Cliques {
    pub(super) cliques: Vec<Dimensions>,
    /// What two neighbours share.
    pub(super) shared: BTreeSet<Dimensions>,
}

/// The dimensions that a cell is broken down by.
pub(super) fn broken_down(cell: &Cell) -> Dimensions {
    (0..).zip(cell.iter()).filter(|(_, set)| **set != 0).map(|(at, _)| 1_u64 << at).sum()
}

impl Cliques {
    /// The cliques of what rows break down by; the fewest links are added first.
    pub(super) fn of(broken_down: &BTreeSet<Dimensions>) -> Self {
        let mut linked = [0_u64; 64];
        for (at, links) in linked.iter_mut().enumerate() {
            *links = broken_down.iter().filter(|set| *set >> at & 1 == 1).fold(0, |all, set| all | set);
        }
        let mut left: Dimensions = broken_down.iter().fold(0, |all, set| all | set);
        let mut cliques: Vec<Dimensions> = Vec::new();
        while let Some(next) = members(left).min_by_key(|at| added(&linked, linked[*at] & left)) {
            let clique = linked[next] & left;
            members(clique).for_each(|at| linked[at] |= clique);
            left &= !(1 << next);
            if cliques.iter().all(|other| clique & !other != 0) {
                cliques.push(clique);
            }
        }
        if cliques.is_empty() {
            cliques.push(0);
        }
        let shared = tree(&cliques);
        Self { cliques, shared }
    }

    /// Only what rows break down by, whether or not it has a common table.
    pub(super) fn loose(broken_down: &BTreeSet<Dimensions>) -> Self {
        let largest = |set: &&Dimensions| broken_down.iter().all(|other| *set == other || *set & !other != 0);
        Self { cliques: broken_down.iter().filter(largest).copied().collect(), shared: BTreeSet::new() }
    }
}

/// The dimensions of a set.
pub(super) fn members(set: Dimensions) -> impl Iterator<Item = usize> {
    (0..64).filter(move |at| set >> at & 1 == 1)
}

/// How many links are missing among these.
fn added(linked: &[Dimensions; 64], among: Dimensions) -> (u32, u32) {
    (members(among).map(|at| (among & !linked[at]).count_ones()).sum(), among.count_ones())
}

/// What neighbours share in the tree of cliques that share most.
fn tree(cliques: &[Dimensions]) -> BTreeSet<Dimensions> {
    let mut inside = vec![false; cliques.len()];
    inside[0] = true;
    let mut shared = BTreeSet::new();
    for _ in 1..cliques.len() {
        let pairs = (0..cliques.len())
            .filter(|at| inside[*at])
            .flat_map(|one| (0..cliques.len()).map(move |other| (one, other)));
        let best = pairs
            .filter(|(_, other)| !inside[*other])
            .max_by_key(|(one, other)| (cliques[*one] & cliques[*other]).count_ones());
        let Some((one, other)) = best else { break };
        inside[other] = true;
        shared.insert(cliques[one] & cliques[other]);
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cliques(sets: &[Dimensions]) -> (Vec<Dimensions>, Vec<Dimensions>) {
        let found = Cliques::of(&sets.iter().copied().collect());
        let mut cliques = found.cliques;
        cliques.sort_unstable();
        (cliques, found.shared.into_iter().collect())
    }

    #[test]
    fn what_no_row_joins_is_apart() {
        assert_eq!(cliques(&[0, 0b011, 0b110, 0b010]), (vec![0b011, 0b110], vec![0b010]));
        assert_eq!(cliques(&[0b001, 0b010]), (vec![0b001, 0b010], vec![0]));
        assert_eq!(cliques(&[0]), (vec![0], vec![]));
    }

    #[test]
    fn a_circle_gets_a_chord() {
        let (found, shared) = cliques(&[0b0011, 0b0110, 0b1100, 0b1001]);
        assert_eq!((found.len(), shared.len()), (2, 1));
        assert!(found.iter().all(|clique| clique.count_ones() == 3));
        assert_eq!(cliques(&[0b011, 0b110, 0b101]), (vec![0b111], vec![]));
    }
}
