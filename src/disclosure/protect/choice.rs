//! Which numbers of publications to withhold so that nothing withheld follows: the fewest persons where that can be searched
//! through, and else few.
//!
//! The least choice is found by branching: whatever follows, follows from some printed numbers, of which one has to go. Where
//! that takes too long, the cheapest number of each sum is withheld until nothing follows, and what turns out not to be
//! needed is printed again (as in the "hypercube" and other heuristics compared by Fischetti and Salazar, JASA 95, 2000).
//! Either way the attack has the last word: nothing follows from what is left, only its being the least is not proved.

use std::collections::BTreeSet;

use super::reckoned::{Printed, Reading, System, Units};
use crate::disclosure::attack::Verdict;

/// What is withheld beside what sources withhold.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) words: Vec<usize>,
    /// Whether it is proved that no other choice loses less.
    pub(super) is_least: bool,
    /// Withheld words that follow from what sources say of others that they withhold, as fewer than one.
    pub(super) of_bounds: bool,
    /// Withheld words of which no proof was found that they do not follow from what is left.
    pub(super) unproved: Vec<usize>,
}

/// The information lost: what is cited, what is drawn, persons, then how far the numbers are from the total, so that
/// broader ones are kept, then numbers.
type Cost = (usize, usize, i64, usize, usize);

/// So many choices are tried; what was best until then is taken.
const TRIED: usize = 300;
/// So many words, times readings, are searched through; of more, some choice is made that does.
const SEARCHED: usize = 120;
/// So much is spent, in words attacked, on finding out what need not be withheld after all.
const SPARED: usize = 20_000;
/// A cell is broken down by fewer dimensions.
const NARROWEST: usize = 20;

/// The search for what to withhold.
struct Search {
    best: Option<(Cost, Units)>,
    tried: usize,
}

impl System {
    /// What to withhold so that nothing withheld follows.
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
        let words = (0..self.words.len()).filter(|word| !self.words[*word].withheld);
        let words = words.filter(|word| units.contains(&self.words[*word].unit)).collect();
        let left: Vec<(usize, Verdict)> =
            self.readings.iter().flat_map(|reading| self.open(reading, &units).words).collect();
        let unproved = left.iter().filter(|(word, verdict)| *verdict != Verdict::Exact && self.words[*word].withheld);
        let unproved: BTreeSet<usize> = unproved.map(|(word, _)| *word).collect();
        let of_bounds = left.iter().any(|(_, verdict)| *verdict == Verdict::Exact);
        Chosen { words, is_least, of_bounds, unproved: unproved.into_iter().collect() }
    }

    /// Tries every way to break the first thing that follows, the cheapest first; none of `kept` is withheld any more.
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

    /// The units from which the first withheld word follows, or may.
    fn first_reason(&self, withheld: &Units) -> Option<Units> {
        for reading in &self.readings {
            let open = self.open(reading, withheld);
            for (word, verdict) in open.words {
                let reason = self.near(reading, word, withheld).or_else(|| self.far(reading, word, verdict, withheld));
                // Without a proof it is open what it follows from: any of the numbers may have to go.
                let reason =
                    reason.or_else(|| open.clashes.first().cloned()).unwrap_or_else(|| reading.members.clone());
                let units = self.printed(&reason, withheld);
                if !units.is_empty() {
                    return Some(units);
                }
            }
        }
        None
    }

    /// The units of those words that are printed.
    fn printed(&self, words: &[usize], withheld: &Units) -> Units {
        let printed = words.iter().filter(|word| self.is_printed(**word, withheld));
        printed.map(|word| self.words[*word].unit).collect()
    }

    /// Some choice that does.
    fn some_choice(&self) -> Units {
        let mut withheld = Units::new();
        loop {
            let more = self.cheapest_of_each(&withheld);
            if more.is_empty() {
                break;
            }
            withheld.extend(more);
        }
        self.spare(&mut withheld);
        withheld
    }

    /// Of each sum from which something follows the number that costs least; one is enough for all sums that it stands in.
    fn cheapest_of_each(&self, withheld: &Units) -> Units {
        let mut more = Units::new();
        let mut waiting: Vec<(&Reading, usize, Verdict)> = Vec::new();
        for reading in &self.readings {
            let open = self.open(reading, withheld);
            open.clashes.iter().for_each(|clash| self.withhold_one(clash, withheld, &mut more));
            for (word, verdict) in open.words {
                match self.sum(reading, word, withheld, true) {
                    Some(reason) => self.withhold_one(&reason, withheld, &mut more),
                    None => waiting.push((reading, word, verdict)),
                }
            }
        }
        // What takes several steps may have been broken with one of them.
        for (reading, word, verdict) in waiting {
            if !more.is_empty() {
                break;
            }
            let reason = self.sum(reading, word, withheld, false);
            let reason = reason.or_else(|| self.far(reading, word, verdict, withheld));
            match reason {
                Some(reason) => self.withhold_one(&reason, withheld, &mut more),
                None => more = self.narrowest(reading, withheld),
            }
        }
        more
    }

    fn withhold_one(&self, reason: &[usize], withheld: &Units, more: &mut Units) {
        let units = self.printed(reason, withheld);
        if !units.iter().any(|unit| more.contains(unit)) {
            more.extend(units.into_iter().min_by_key(|unit| (self.cost_of(*unit), *unit)));
        }
    }

    /// Where no proof is found either way: all printed numbers that are broken down by the most dimensions.
    fn narrowest(&self, reading: &Reading, withheld: &Units) -> Units {
        let breadth = |unit: &usize| self.units[*unit].iter().map(|word| self.words[*word].breadth).max().unwrap_or(0);
        let mut units = self.printed(&reading.members, withheld);
        let most = units.iter().map(breadth).max().unwrap_or(0);
        units.retain(|unit| breadth(unit) == most);
        units
    }

    /// Prints again what nothing follows from, the dearest first.
    fn spare(&self, withheld: &mut Units) {
        let mut order: Vec<usize> = withheld.iter().copied().collect();
        order.sort_by_key(|unit| (std::cmp::Reverse(self.cost_of(*unit)), *unit));
        let mut left = SPARED;
        for unit in order {
            if left < self.words.len() {
                return;
            }
            left -= self.words.len();
            let mut fewer = withheld.clone();
            fewer.remove(&unit);
            if self.holds(&fewer) {
                *withheld = fewer;
            }
        }
    }

    /// Whether nothing follows from what is printed without these units, nor may.
    fn holds(&self, withheld: &Units) -> bool {
        self.readings.iter().all(|reading| self.open(reading, withheld).words.is_empty())
    }

    fn cost_of(&self, unit: usize) -> Cost {
        let words = || self.units[unit].iter().map(|word| &self.words[*word]);
        let printed = words().map(|word| word.printed).max().unwrap_or(Printed::Listed);
        let persons = words().map(|word| word.persons).max().unwrap_or(0);
        let wide = words().map(|word| NARROWEST.saturating_sub(word.breadth)).max().unwrap_or(0);
        (usize::from(printed == Printed::Cited), usize::from(printed == Printed::Drawn), persons, wide, 1)
    }

    fn cost(&self, units: &Units) -> Cost {
        units.iter().map(|unit| self.cost_of(*unit)).fold((0, 0, 0, 0, 0), |one, other| {
            (one.0 + other.0, one.1 + other.1, one.2.saturating_add(other.2), one.3 + other.3, one.4 + other.4)
        })
    }
}
