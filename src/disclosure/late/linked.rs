//! The late figures of all releases as sums of one table of whole numbers that never falls.
//!
//! The unknowns are by how much z of a group rises at each release; where the base is another one than before, z itself. Groups
//! that stand in the same figures are one unknown.

use std::collections::BTreeMap;

use super::fits::{Answer, fits};
use super::search::Row;

/// What one release told: each figure by its groups, in order.
pub(super) struct Told {
    pub(super) base: i64,
    pub(super) figures: BTreeMap<Vec<usize>, i64>,
}

/// More than any sum, and small enough to be reckoned with.
const UNBOUNDED: i64 = 1 << 60;

/// Whether some z of every release fits all late figures.
pub(super) fn fit_all(releases: Vec<Told>) -> Answer {
    let linked = Linked::of(releases.into_iter().filter(|told| !told.figures.is_empty()).collect());
    if linked.releases.is_sorted_by_key(|told| told.base) && !linked.is_one_base() {
        // Where a base is raised, a table whose z does not fall either is found more easily.
        if let found @ Answer::Fits(_) = fits(linked.unknowns(), &linked.rows(false)) {
            return found;
        }
    }
    fits(linked.unknowns(), &linked.rows(true))
}

struct Linked {
    releases: Vec<Told>,
    /// For each group the number of its kind.
    kind: BTreeMap<usize, usize>,
    kinds: usize,
}

impl Linked {
    fn of(releases: Vec<Told>) -> Self {
        let mut figures_of: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, told) in releases.iter().enumerate() {
            for (number, groups) in told.figures.keys().enumerate() {
                groups.iter().for_each(|group| figures_of.entry(*group).or_default().push((at, number)));
            }
        }
        let mut kinds: BTreeMap<Vec<(usize, usize)>, usize> = BTreeMap::new();
        let number = |(group, figures)| {
            let next = kinds.len();
            (group, *kinds.entry(figures).or_insert(next))
        };
        let kind = figures_of.into_iter().map(number).collect();
        Self { releases, kind, kinds: kinds.len() }
    }

    fn is_one_base(&self) -> bool {
        self.releases.windows(2).all(|pair| pair.iter().all(|told| told.base == pair[0].base))
    }

    fn unknowns(&self) -> usize {
        self.kinds * self.releases.len()
    }

    fn unknown(&self, kind: usize, release: usize) -> usize {
        kind * self.releases.len() + release
    }

    /// The release from which on z is counted: where the base of this one came in, if a raised base begins anew.
    fn from(&self, release: usize, anew: bool) -> usize {
        let same = |other: &usize| !anew || self.releases[*other].base == self.releases[release].base;
        (0..=release).rev().take_while(same).last().unwrap_or(release)
    }

    /// Every late figure as a sum. With `anew`, base × z must not fall where the base is raised, else z.
    fn rows(&self, anew: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        for (at, told) in self.releases.iter().enumerate() {
            let from = self.from(at, anew);
            for (groups, cases) in &told.figures {
                // By what it has risen since it was last told.
                let last = (from..at).rev().find_map(|earlier| {
                    let told = &self.releases[earlier];
                    Some((earlier + 1, told.figures.get(groups)? / told.base))
                });
                let (since, before) = last.unwrap_or((from, 0));
                let mut kinds: Vec<usize> = groups.iter().filter_map(|group| self.kind.get(group)).copied().collect();
                kinds.sort_unstable();
                kinds.dedup();
                let risen = kinds.iter().flat_map(|kind| (since..=at).map(|release| (self.unknown(*kind, release), 1)));
                let rise = cases / told.base - before;
                rows.push(Row { terms: risen.collect(), least: rise, most: rise, aim: None });
            }
            if at > 0 && from == at {
                rows.extend((0..self.kinds).map(|kind| self.raised(kind, at)));
            }
        }
        rows
    }

    /// A kind of group does not fall where the base is raised.
    fn raised(&self, kind: usize, at: usize) -> Row {
        let earlier = self.from(at - 1, true)..at;
        let terms = earlier.map(|release| (self.unknown(kind, release), -self.releases[release].base));
        let terms = [(self.unknown(kind, at), self.releases[at].base)].into_iter().chain(terms).collect();
        Row { terms, least: 0, most: UNBOUNDED, aim: None }
    }
}
