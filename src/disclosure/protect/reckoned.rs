//! The counts of publications on one measure, attacked: which withheld ones follow, and from which printed ones.

use std::collections::BTreeSet;

use crate::disclosure::attack::{Bounds, Verdict};
use crate::disclosure::audit::Cells;

/// One source's count of a combination of codes in a period.
pub(super) struct Count {
    pub(super) bounds: Bounds,
    pub(super) withheld: bool,
    /// Counts of the same combination and period are withheld together, as one unit.
    pub(super) unit: usize,
    /// How many persons it counts, 0 if withheld.
    pub(super) persons: i64,
    /// How many dimensions it is broken down by.
    pub(super) breadth: usize,
    pub(super) printed: Printed,
}

/// How prominently authors have a number printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Printed {
    /// Only in tables that list everything.
    Listed,
    /// In a chart.
    Drawn,
    /// By itself: in prose, as a key figure, or in a declaration.
    Cited,
}

/// Counts, and the readings in which they are attacked.
pub(super) struct System {
    pub(super) counts: Vec<Count>,
    pub(super) readings: Vec<Reading>,
    /// The counts of each unit.
    pub(super) units: Vec<Vec<usize>>,
}

/// The counts that one reader sees.
pub(super) struct Reading {
    pub(super) members: Vec<usize>,
    pub(super) cells: Cells,
    /// Whether all are one source's counts of one period. Then a contradiction leaves the attack undecided; otherwise it only
    /// shows that sources count different people or have revised their numbers.
    pub(super) at_once: bool,
}

/// What an attack on a reading does not clear.
pub(super) struct Uncleared {
    /// The withheld counts that follow or may follow.
    pub(super) counts: Vec<(usize, Verdict)>,
    /// Counts that contradict each other, so that nothing could be decided.
    pub(super) clashes: Vec<Vec<usize>>,
}

/// A withheld count that follows or may follow.
pub(super) struct Finding {
    pub(super) count: usize,
    /// The counts it follows from; none where nothing was proved either way.
    pub(super) reason: Option<Vec<usize>>,
}

/// How a count follows from others.
pub(super) enum Way {
    /// By subtraction: this whole less its other parts.
    Less(usize),
    /// By addition of its parts.
    Sum,
    /// By several steps.
    Together,
}

/// Units withheld in addition to what sources withhold.
pub(super) type Units = BTreeSet<usize>;

/// Among more counts than these no sum is sought whose parts differ from the whole in several dimensions.
const MANY: usize = 60;

impl System {
    pub(super) fn new(counts: Vec<Count>) -> Self {
        let mut units = vec![Vec::new(); counts.iter().map(|count| count.unit + 1).max().unwrap_or(0)];
        counts.iter().enumerate().for_each(|(at, count)| units[count.unit].push(at));
        Self { counts, readings: Vec::new(), units }
    }

    /// Adds a reading: some of the counts, and the groups that they hold.
    pub(super) fn read(&mut self, members: Vec<usize>, cells: Cells, at_once: bool) {
        self.readings.push(Reading { members, cells, at_once });
    }

    /// Whether some reading has so many groups that its equations are incomplete.
    pub(super) fn is_partial(&self) -> bool {
        self.readings.iter().any(|reading| reading.cells.is_partial())
    }

    /// The withheld counts that follow, each with its reason, and those where nothing was proved.
    pub(super) fn reckonable(&self) -> Vec<Finding> {
        let nothing = Units::new();
        let mut found: Vec<Finding> = Vec::new();
        for reading in &self.readings {
            for (count, verdict) in self.uncleared(reading, &nothing).counts {
                let known = found.iter().position(|known| known.count == count);
                if known.is_some_and(|at| found[at].reason.is_some()) {
                    continue;
                }
                let near = self.near(reading, count, &nothing);
                let reason = near.or_else(|| self.far(reading, count, verdict, &nothing));
                match (known, reason) {
                    (Some(at), Some(reason)) => found[at].reason = Some(reason),
                    (None, reason) => found.push(Finding { count, reason }),
                    (Some(_), None) => {}
                }
            }
        }
        found.sort_by_key(|finding| finding.count);
        found
    }

    pub(super) fn is_printed(&self, count: usize, withheld: &Units) -> bool {
        !self.counts[count].withheld && !withheld.contains(&self.counts[count].unit)
    }

    /// The known bounds of a count, if these units are withheld as well.
    fn known(&self, count: usize, withheld: &Units) -> Option<Bounds> {
        let Count { bounds, withheld: by_source, .. } = &self.counts[count];
        (*by_source || self.is_printed(count, withheld)).then_some(*bounds)
    }

    pub(super) fn all_known(&self, reading: &Reading, withheld: &Units) -> Vec<Option<Bounds>> {
        reading.members.iter().map(|count| self.known(*count, withheld)).collect()
    }

    /// Attacks a reading.
    pub(super) fn uncleared(&self, reading: &Reading, withheld: &Units) -> Uncleared {
        let (members, known) = (&reading.members, self.all_known(reading, withheld));
        // A bound that leaves one number only, such as `<1`, is not a secret.
        let is_public = |at: usize| known[at].is_some_and(|(least, most)| most == Some(least));
        let hidden = |at: &usize| !self.is_printed(members[*at], withheld) && !is_public(*at);
        let targets: Vec<usize> = (0..members.len()).filter(hidden).collect();
        let found = reading.cells.attack(&known, &targets);
        let in_dispute = !found.clashes.is_empty() && !reading.at_once;
        let attacked = targets.iter().map(|at| members[*at]).zip(found.verdicts);
        let open = |verdict: Verdict| verdict != Verdict::Free && !(in_dispute && verdict == Verdict::Undecided);
        let clashes = found.clashes.into_iter().filter(|_| reading.at_once);
        Uncleared {
            counts: attacked.filter(|(_, verdict)| open(*verdict)).collect(),
            clashes: clashes.map(|clash| clash.into_iter().map(|at| members[at]).collect()).collect(),
        }
    }

    /// The numbers of one sum from which a count follows: a whole and its other parts, or its own parts. Sums along a single
    /// dimension come first, since most tables are added up that way.
    pub(super) fn near(&self, reading: &Reading, count: usize, withheld: &Units) -> Option<Vec<usize>> {
        let sum = |line| self.sum(reading, count, withheld, line);
        sum(true).or_else(|| sum(false))
    }

    /// The numbers of one sum from which a count follows, with parts that differ from the whole in one dimension (`line`) or in
    /// several.
    pub(super) fn sum(&self, reading: &Reading, count: usize, withheld: &Units, line: bool) -> Option<Vec<usize>> {
        let (cells, members) = (&reading.cells, &reading.members);
        let target = members.iter().position(|member| *member == count)?;
        let known: Vec<(usize, Bounds)> = (0..members.len())
            .filter(|at| *at != target)
            .filter_map(|at| Some((at, self.known(members[at], withheld)?)))
            .filter(|(_, bounds)| *bounds != (0, None))
            .collect();
        let own = self.known(count, withheld).map(|bounds| (target, bounds));
        let follows = |kept: &[(usize, Bounds)]| {
            let kept: Vec<(usize, Bounds)> = kept.iter().copied().chain(own).collect();
            cells.attack_one(&kept, target) == Verdict::Exact
        };
        let mut wholes: Vec<usize> = known.iter().map(|(at, _)| *at).filter(|at| cells.within(target, *at)).collect();
        wholes.sort_by_key(|at| (cells.distance(target, *at), *at));
        if line {
            wholes.retain(|whole| cells.distance(target, *whole).0 <= 1);
        }
        // The count's own parts are tried last.
        for whole in wholes.into_iter().map(Some).chain([None]) {
            let far = |at: usize| whole.map_or_else(|| cells.distance(at, target), |whole| cells.distance(at, whole)).0;
            let part = |at: usize| match whole {
                Some(whole) => cells.apart(at, target) && cells.within(at, whole),
                None => cells.within(at, target),
            };
            let belongs = |at: usize| Some(at) == whole || part(at) && (!line || far(at) <= 1);
            let kept: Vec<(usize, Bounds)> = known.iter().copied().filter(|(at, _)| belongs(*at)).collect();
            if !kept.is_empty() && (line || kept.len() <= MANY) && follows(&kept) {
                let needed = fewest(kept, follows);
                return Some(needed.into_iter().map(|at| members[at]).collect());
            }
        }
        None
    }

    /// A minimal set of any numbers from which a count follows; none unless it certainly follows.
    pub(super) fn far(
        &self,
        reading: &Reading,
        count: usize,
        verdict: Verdict,
        withheld: &Units,
    ) -> Option<Vec<usize>> {
        if verdict != Verdict::Exact {
            return None;
        }
        let target = reading.members.iter().position(|member| *member == count)?;
        let known = self.all_known(reading, withheld);
        let kept = (0..known.len()).filter(|at| *at != target);
        let kept: Vec<(usize, Bounds)> =
            kept.filter_map(|at| Some((at, known[at].filter(|bounds| *bounds != (0, None))?))).collect();
        let own = known[target];
        let needed = fewest(kept, |kept| {
            let mut without = vec![None; known.len()];
            kept.iter().for_each(|(at, bounds)| without[*at] = Some(*bounds));
            without[target] = own;
            reading.cells.attack(&without, &[target]).verdicts == [Verdict::Exact]
        });
        Some(needed.into_iter().map(|at| reading.members[at]).collect())
    }

    /// How a count follows from its reason.
    pub(super) fn way(&self, count: usize, reason: &[usize]) -> Way {
        let holds = |reading: &&Reading| reason.iter().chain([&count]).all(|one| reading.members.contains(one));
        let Some(reading) = self.readings.iter().find(holds) else { return Way::Together };
        let at = |count: usize| reading.members.iter().position(|member| *member == count).unwrap_or(0);
        let makes = |whole: usize, parts: &[usize]| {
            let parts: Vec<usize> = parts.iter().map(|part| at(*part)).collect();
            let mut pairs =
                parts.iter().enumerate().flat_map(|(n, one)| parts[..n].iter().map(move |two| (*one, *two)));
            let within = parts.iter().all(|part| reading.cells.within(*part, at(whole)));
            let sizes: usize = parts.iter().map(|part| reading.cells.size(*part)).sum();
            reason.len() > 1
                && within
                && sizes <= reading.cells.size(at(whole))
                && pairs.all(|(one, two)| reading.cells.apart(one, two))
        };
        let less = |whole: &usize| {
            let parts: Vec<usize> = reason.iter().chain([&count]).copied().filter(|part| part != whole).collect();
            makes(*whole, &parts)
        };
        match reason.iter().copied().find(less) {
            Some(whole) => Way::Less(whole),
            None if makes(count, reason) => Way::Sum,
            None => Way::Together,
        }
    }
}

/// Drops numbers that are not needed, in ever smaller groups, until each is needed.
fn fewest(mut kept: Vec<(usize, Bounds)>, follows: impl Fn(&[(usize, Bounds)]) -> bool) -> Vec<usize> {
    let mut size = kept.len().next_power_of_two();
    while size > 0 {
        for some in kept.clone().chunks(size) {
            let without: Vec<_> = kept.iter().copied().filter(|one| !some.contains(one)).collect();
            if without.len() < kept.len() && follows(&without) {
                kept = without;
            }
        }
        size /= 2;
    }
    kept.into_iter().map(|(at, _)| at).collect()
}
