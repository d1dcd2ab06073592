//! Secondary suppression for publications: which printed numbers to withhold so that no withheld one follows.
//!
//! A small publication is searched by branching for the choice that loses the fewest persons: a count that follows does so
//! from some printed numbers, and one of them has to go. In a large one, a heuristic withholds one number of each sum that
//! gives a count away, again and again until nothing follows. It prefers numbers that give no further sum away, since each
//! of those would cost another number. Then every number that turns out not to be needed is printed after all. Either way
//! the attack decides: nothing withheld follows from what is left, only that the choice is the least is not always proved.

use std::collections::BTreeSet;

use super::reckoned::{Printed, Reading, System, Units};
use crate::disclosure::attack::Verdict;

/// The numbers to withhold in addition to what sources withhold.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) counts: Vec<usize>,
    /// Whether it is proved that no other choice loses less.
    pub(super) is_least: bool,
    /// Whether a withheld count follows from the bounds that a source gives for others, such as `<1`.
    pub(super) of_bounds: bool,
    /// Withheld counts for which no proof was found that they do not follow.
    pub(super) unproved: Vec<usize>,
}

/// The information lost, in this order: cited numbers, drawn numbers, persons, breadth (so that numbers near the total are
/// kept), and how many numbers.
type Cost = (usize, usize, i64, usize, usize);

/// How many choices the search tries before it takes the best so far.
const TRIED: usize = 300;
/// The largest system that is searched, in counts over all readings.
const SEARCHED: usize = 120;
/// The work, in counts attacked, spent on printing numbers that need not be withheld.
const SPARED: usize = 400_000;
/// More than the dimensions of any table.
const NARROWEST: usize = 20;

/// The search for what to withhold.
struct Search {
    best: Option<(Cost, Units)>,
    tried: usize,
}

impl System {
    /// Chooses what to withhold so that nothing withheld follows.
    pub(super) fn chosen(&self) -> Chosen {
        let size: usize = self.readings.iter().map(|reading| reading.members.len()).sum();
        let mut search = Search { best: None, tried: 0 };
        let searched = size <= SEARCHED && !self.is_partial();
        if searched {
            self.search(&mut search, &Units::new(), &Units::new());
        }
        let is_least = searched && search.tried < TRIED;
        let found = search.best.map(|(_, units)| units);
        let units = match found {
            Some(units) if is_least => units,
            found => {
                let some = self.some_choice();
                found.filter(|found| self.cost(found) <= self.cost(&some)).unwrap_or(some)
            }
        };
        let counts = (0..self.counts.len()).filter(|count| !self.counts[*count].withheld);
        let counts = counts.filter(|count| units.contains(&self.counts[*count].unit)).collect();
        let left: Vec<(usize, Verdict)> =
            self.readings.iter().flat_map(|reading| self.uncleared(reading, &units).counts).collect();
        let unproved =
            left.iter().filter(|(count, verdict)| *verdict != Verdict::Exact && self.counts[*count].withheld);
        let unproved: BTreeSet<usize> = unproved.map(|(count, _)| *count).collect();
        let of_bounds = left.iter().any(|(_, verdict)| *verdict == Verdict::Exact);
        Chosen { counts, is_least, of_bounds, unproved: unproved.into_iter().collect() }
    }

    /// Tries each number whose loss would break the first reason, the cheapest first; those of `kept` have been tried.
    fn search(&self, search: &mut Search, withheld: &Units, kept: &Units) {
        let cost = self.cost(withheld);
        let worse = search.best.as_ref().is_some_and(|(best, _)| cost >= *best);
        if worse || search.tried >= TRIED {
            return;
        }
        search.tried += 1;
        let Some(reason) = self.first_reason(withheld) else {
            search.best = Some((cost, withheld.clone()));
            return;
        };
        let mut units: Vec<usize> = reason.into_iter().filter(|unit| !kept.contains(unit)).collect();
        units.sort_by_key(|unit| (self.cost_of(*unit), *unit));
        let mut kept = kept.clone();
        for unit in units {
            let mut more = withheld.clone();
            more.insert(unit);
            self.search(search, &more, &kept);
            kept.insert(unit);
        }
    }

    /// The units from which the first withheld count follows or may follow.
    fn first_reason(&self, withheld: &Units) -> Option<Units> {
        for reading in &self.readings {
            let uncleared = self.uncleared(reading, withheld);
            for (count, verdict) in uncleared.counts {
                let reason =
                    self.near(reading, count, withheld).or_else(|| self.far(reading, count, verdict, withheld));
                // Without a proof of what it follows from, any number may have to go.
                let reason =
                    reason.or_else(|| uncleared.clashes.first().cloned()).unwrap_or_else(|| reading.members.clone());
                let units = self.printed(&reason, withheld);
                if !units.is_empty() {
                    return Some(units);
                }
            }
        }
        None
    }

    /// The units of those of these counts that are printed.
    fn printed(&self, counts: &[usize], withheld: &Units) -> Units {
        let printed = counts.iter().filter(|count| self.is_printed(**count, withheld));
        printed.map(|count| self.counts[*count].unit).collect()
    }

    /// A choice that protects everything, not proved to be the least.
    fn some_choice(&self) -> Units {
        let mut withheld = Units::new();
        loop {
            let more = self.one_of_each_sum(&withheld);
            if more.is_empty() {
                break;
            }
            withheld.extend(more);
        }
        self.print_unneeded(&mut withheld);
        withheld
    }

    /// One number of each sum that gives a withheld count away; a number that is in several sums serves for all of them.
    fn one_of_each_sum(&self, withheld: &Units) -> Units {
        let mut more = Units::new();
        let mut waiting: Vec<(&Reading, usize, Verdict)> = Vec::new();
        for reading in &self.readings {
            let uncleared = self.uncleared(reading, withheld);
            uncleared.clashes.iter().for_each(|clash| self.withhold_one(reading, clash, withheld, &mut more));
            for (count, verdict) in uncleared.counts {
                match self.sum(reading, count, withheld, true) {
                    Some(reason) => self.withhold_one(reading, &reason, withheld, &mut more),
                    None => waiting.push((reading, count, verdict)),
                }
            }
        }
        // A count that follows by several steps may be protected already, once one of the steps is broken.
        for (reading, count, verdict) in waiting {
            if !more.is_empty() {
                break;
            }
            let reason = self.sum(reading, count, withheld, false);
            let reason = reason.or_else(|| self.far(reading, count, verdict, withheld));
            match reason {
                Some(reason) => self.withhold_one(reading, &reason, withheld, &mut more),
                None => more = self.narrowest(reading, withheld),
            }
        }
        more
    }

    /// Withholds one of the numbers of a reason, unless one of them is withheld already: of those that matter least to
    /// authors the one that gives away the fewest further sums, and of these the cheapest.
    fn withhold_one(&self, reading: &Reading, reason: &[usize], withheld: &Units, more: &mut Units) {
        let units = self.printed(reason, withheld);
        if units.iter().any(|unit| more.contains(unit)) {
            return;
        }
        let all: Units = withheld.union(more).copied().collect();
        let known = self.all_known(reading, &all);
        let given_away = |unit: &usize| -> usize {
            let members = self.units[*unit].iter().filter_map(|count| reading.members.binary_search(count).ok());
            members.map(|at| reading.cells.sole_unknown(&known, at)).sum()
        };
        more.extend(units.into_iter().min_by_key(|unit| {
            let (cited, drawn, persons, wide, _) = self.cost_of(*unit);
            (cited, drawn, given_away(unit), persons, wide, *unit)
        }));
    }

    /// All printed numbers that are broken down by the most dimensions: withheld where nothing is proved either way.
    fn narrowest(&self, reading: &Reading, withheld: &Units) -> Units {
        let breadth =
            |unit: &usize| self.units[*unit].iter().map(|count| self.counts[*count].breadth).max().unwrap_or(0);
        let mut units = self.printed(&reading.members, withheld);
        let most = units.iter().map(breadth).max().unwrap_or(0);
        units.retain(|unit| breadth(unit) == most);
        units
    }

    /// Prints every number that nothing withheld follows from after all, the dearest first, as far as the work allows.
    fn print_unneeded(&self, withheld: &mut Units) {
        let mut order: Vec<usize> = withheld.iter().copied().collect();
        order.sort_by_key(|unit| (std::cmp::Reverse(self.cost_of(*unit)), *unit));
        let mut work = SPARED;
        for unit in order {
            let concerned = || {
                self.readings
                    .iter()
                    .filter(|reading| self.units[unit].iter().any(|count| reading.members.contains(count)))
            };
            let size: usize = concerned().map(|reading| reading.members.len()).sum();
            if work < size {
                return;
            }
            work -= size;
            withheld.remove(&unit);
            // The smallest reading is attacked first: it is the quickest to say no.
            let mut readings: Vec<&Reading> = concerned().collect();
            readings.sort_by_key(|reading| reading.members.len());
            if !readings.into_iter().all(|reading| self.uncleared(reading, withheld).counts.is_empty()) {
                withheld.insert(unit);
            }
        }
    }

    fn cost_of(&self, unit: usize) -> Cost {
        let counts = || self.units[unit].iter().map(|count| &self.counts[*count]);
        let printed = counts().map(|count| count.printed).max().unwrap_or(Printed::Listed);
        let persons = counts().map(|count| count.persons).max().unwrap_or(0);
        let wide = counts().map(|count| NARROWEST.saturating_sub(count.breadth)).max().unwrap_or(0);
        (usize::from(printed == Printed::Cited), usize::from(printed == Printed::Drawn), persons, wide, 1)
    }

    fn cost(&self, units: &Units) -> Cost {
        units.iter().map(|unit| self.cost_of(*unit)).fold((0, 0, 0, 0, 0), |one, other| {
            (one.0 + other.0, one.1 + other.1, one.2.saturating_add(other.2), one.3 + other.3, one.4 + other.4)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::reckoned::Count;
    use super::*;
    use crate::disclosure::audit::Cells;

    /// The groups of each dimension: sex, age, purpose, province.
    const GROUPS: [u32; 4] = [2, 2, 4, 5];
    const YEARS: usize = 2;

    /// Two years of a table with all its margins, of which a publication withholds one number in twenty.
    fn publication(seed: u64) -> System {
        let mut random = fastrand::Rng::with_seed(seed);
        let codes = |size: u32| (0..size).map(|group| vec![group]).chain([(0..size).collect()]).collect::<Vec<_>>();
        let cells = GROUPS.iter().fold(vec![Vec::new()], |cells: Vec<Vec<Vec<u32>>>, size| {
            let longer = |cell: &Vec<Vec<u32>>| {
                codes(*size).into_iter().map(|code| [cell.clone(), vec![code]].concat()).collect::<Vec<_>>()
            };
            cells.iter().flat_map(longer).collect()
        });
        let atoms: Vec<&Vec<Vec<u32>>> = cells.iter().filter(|cell| cell.iter().all(|code| code.len() == 1)).collect();
        let mut counts = Vec::new();
        for _ in 0..YEARS {
            let persons: Vec<i64> = atoms.iter().map(|_| random.i64(0..40)).collect();
            for cell in &cells {
                let holds = |atom: &[Vec<u32>]| atom.iter().zip(cell).all(|(group, code)| code.contains(&group[0]));
                let persons: i64 =
                    atoms.iter().zip(&persons).filter(|(atom, _)| holds(atom)).map(|(_, persons)| persons).sum();
                let withheld = random.u8(0..20) == 0;
                let bounds = if withheld { (0, None) } else { (persons.into(), Some(persons.into())) };
                let breadth = cell.iter().filter(|code| code.len() == 1).count();
                counts.push(Count { bounds, withheld, unit: counts.len(), persons, breadth, printed: Printed::Listed });
            }
        }
        let size = cells.len();
        let mut system = System::new(counts);
        for year in 0..YEARS {
            system.read((year * size..(year + 1) * size).collect(), Cells::of(&cells, &GROUPS), true);
        }
        let all: Vec<Vec<Vec<u32>>> =
            (0..2).flat_map(|year| cells.iter().map(move |cell| [cell.clone(), vec![vec![year]]].concat())).collect();
        system.read((0..2 * size).collect(), Cells::of(&all, &[GROUPS.as_slice(), &[2]].concat()), false);
        system
    }

    #[test]
    fn a_large_publication_keeps_two_numbers_of_three() {
        let system = publication(0);
        let chosen = system.chosen();
        let withheld: Units = chosen.counts.iter().map(|count| system.counts[*count].unit).collect();
        let printed = (0..system.counts.len()).filter(|count| system.is_printed(*count, &withheld)).count();
        assert!(3 * printed > 2 * system.counts.len(), "{printed} of {} are printed", system.counts.len());
        let follows = |reading: &&Reading| !system.uncleared(reading, &withheld).counts.is_empty();
        assert_eq!(system.readings.iter().filter(follows).count(), 0);
        assert!(chosen.unproved.is_empty() && !chosen.of_bounds);
    }
}
