//! Words of publications on one measure, as they are attacked: what follows of what they withhold, and from which of their
//! numbers.

use std::collections::BTreeSet;

use crate::disclosure::attack::{Bounds, Verdict};
use crate::disclosure::audit::Cells;

/// What a source says of one combination of codes and one period.
pub(super) struct Word {
    pub(super) bounds: Bounds,
    pub(super) withheld: bool,
    /// Words on the same combination and period are withheld together.
    pub(super) unit: usize,
    /// How many persons it counts.
    pub(super) persons: i64,
    /// By how many dimensions it is broken down.
    pub(super) breadth: usize,
    pub(super) printed: Printed,
}

/// Where authors chose that a number is printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Printed {
    /// Nowhere but in tables that hold everything.
    Listed,
    /// In a chart.
    Drawn,
    /// By itself: prose, a key figure, or a declaration names it.
    Cited,
}

/// Words, and the readings in which they are attacked.
pub(super) struct System {
    pub(super) words: Vec<Word>,
    pub(super) readings: Vec<Reading>,
    /// The words of each unit.
    pub(super) units: Vec<Vec<usize>>,
}

/// Some of the words, as somebody reads them who sees only these.
pub(super) struct Reading {
    pub(super) members: Vec<usize>,
    pub(super) cells: Cells,
    /// Whether one source says all of it of one period. Then numbers that cannot all be true are in the way of an answer;
    /// otherwise they only count other people, or were revised.
    pub(super) at_once: bool,
}

/// What an attack on a reading leaves open.
pub(super) struct Open {
    /// The withheld words that follow, or of which it is not certain that they do not.
    pub(super) words: Vec<(usize, Verdict)>,
    /// Words that cannot all be true, for which it is not certain.
    pub(super) clashes: Vec<Vec<usize>>,
}

/// What is found of a withheld word.
pub(super) struct Finding {
    pub(super) word: usize,
    /// The words it follows from; none where no proof was found, either way.
    pub(super) reason: Option<Vec<usize>>,
}

/// How a word follows from others.
pub(super) enum Way {
    /// What is left of this one when the others, its parts, are taken off.
    Less(usize),
    /// They are its parts.
    Sum,
    /// In more than one step.
    Together,
}

/// Units that are withheld beside what sources withhold.
pub(super) type Units = BTreeSet<usize>;

/// In more words than these no sum is looked for whose parts lie in several dimensions.
const MANY: usize = 60;

impl System {
    pub(super) fn new(words: Vec<Word>) -> Self {
        let mut units = vec![Vec::new(); words.iter().map(|word| word.unit + 1).max().unwrap_or(0)];
        words.iter().enumerate().for_each(|(at, word)| units[word.unit].push(at));
        Self { words, readings: Vec::new(), units }
    }

    /// Adds a reading: some of the words, which count these groups.
    pub(super) fn read(&mut self, members: Vec<usize>, cells: Cells, at_once: bool) {
        self.readings.push(Reading { members, cells, at_once });
    }

    /// Whether some reading tells so many groups apart that its equations are not complete.
    pub(super) fn is_partial(&self) -> bool {
        self.readings.iter().any(|reading| reading.cells.is_partial())
    }

    /// The words that are withheld and follow, each with those it follows from, or of which that is not certain.
    pub(super) fn reckonable(&self) -> Vec<Finding> {
        let nothing = Units::new();
        let mut found: Vec<Finding> = Vec::new();
        for reading in &self.readings {
            for (word, verdict) in self.open(reading, &nothing).words {
                let known = found.iter().position(|known| known.word == word);
                if known.is_some_and(|at| found[at].reason.is_some()) {
                    continue;
                }
                let near = self.near(reading, word, &nothing);
                let reason = near.or_else(|| self.far(reading, word, verdict, &nothing));
                match (known, reason) {
                    (Some(at), Some(reason)) => found[at].reason = Some(reason),
                    (None, reason) => found.push(Finding { word, reason }),
                    (Some(_), None) => {}
                }
            }
        }
        found.sort_by_key(|finding| finding.word);
        found
    }

    pub(super) fn is_printed(&self, word: usize, withheld: &Units) -> bool {
        !self.words[word].withheld && !withheld.contains(&self.words[word].unit)
    }

    /// What is known of a word of a reading, when these units are withheld, too.
    fn known(&self, word: usize, withheld: &Units) -> Option<Bounds> {
        let Word { bounds, withheld: by_source, .. } = &self.words[word];
        (*by_source || self.is_printed(word, withheld)).then_some(*bounds)
    }

    fn all_known(&self, reading: &Reading, withheld: &Units) -> Vec<Option<Bounds>> {
        reading.members.iter().map(|word| self.known(*word, withheld)).collect()
    }

    /// What an attack on a reading leaves open.
    pub(super) fn open(&self, reading: &Reading, withheld: &Units) -> Open {
        let (members, known) = (&reading.members, self.all_known(reading, withheld));
        // A bound that leaves one number only, as fewer than one, is no secret.
        let is_told = |at: usize| known[at].is_some_and(|(least, most)| most == Some(least));
        let hidden = |at: &usize| !self.is_printed(members[*at], withheld) && !is_told(*at);
        let targets: Vec<usize> = (0..members.len()).filter(hidden).collect();
        let found = reading.cells.attack(&known, &targets);
        let in_dispute = !found.clashes.is_empty() && !reading.at_once;
        let told = targets.iter().map(|at| members[*at]).zip(found.verdicts);
        let open = |verdict: Verdict| verdict != Verdict::Free && !(in_dispute && verdict == Verdict::Undecided);
        let clashes = found.clashes.into_iter().filter(|_| reading.at_once);
        Open {
            words: told.filter(|(_, verdict)| open(*verdict)).collect(),
            clashes: clashes.map(|clash| clash.into_iter().map(|at| members[at]).collect()).collect(),
        }
    }

    /// The numbers of one sum from which a word follows: a whole and its other parts, or its own parts. First along one
    /// dimension, which most tables are added up by.
    pub(super) fn near(&self, reading: &Reading, word: usize, withheld: &Units) -> Option<Vec<usize>> {
        let sum = |line| self.sum(reading, word, withheld, line);
        sum(true).or_else(|| sum(false))
    }

    /// The numbers of one sum from which a word follows, whose parts differ from the whole in one dimension, or in several.
    pub(super) fn sum(&self, reading: &Reading, word: usize, withheld: &Units, line: bool) -> Option<Vec<usize>> {
        let (cells, members) = (&reading.cells, &reading.members);
        let target = members.iter().position(|member| *member == word)?;
        let known: Vec<(usize, Bounds)> = (0..members.len())
            .filter(|at| *at != target)
            .filter_map(|at| Some((at, self.known(members[at], withheld)?)))
            .filter(|(_, bounds)| *bounds != (0, None))
            .collect();
        let own = self.known(word, withheld).map(|bounds| (target, bounds));
        let follows = |kept: &[(usize, Bounds)]| {
            let kept: Vec<(usize, Bounds)> = kept.iter().copied().chain(own).collect();
            cells.attack_one(&kept, target) == Verdict::Exact
        };
        let mut wholes: Vec<usize> = known.iter().map(|(at, _)| *at).filter(|at| cells.within(target, *at)).collect();
        wholes.sort_by_key(|at| (cells.distance(target, *at), *at));
        if line {
            wholes.retain(|whole| cells.distance(target, *whole).0 <= 1);
        }
        // The parts of the word itself are tried last.
        for whole in wholes.into_iter().map(Some).chain([None]) {
            let far = |at: usize| whole.map_or_else(|| cells.distance(at, target), |whole| cells.distance(at, whole)).0;
            let part = |at: usize| match whole {
                Some(whole) => cells.apart(at, target) && cells.within(at, whole),
                None => cells.within(at, target),
            };
            let stands = |at: usize| Some(at) == whole || part(at) && (!line || far(at) <= 1);
            let kept: Vec<(usize, Bounds)> = known.iter().copied().filter(|(at, _)| stands(*at)).collect();
            if !kept.is_empty() && (line || kept.len() <= MANY) && follows(&kept) {
                let needed = fewest(kept, follows);
                return Some(needed.into_iter().map(|at| members[at]).collect());
            }
        }
        None
    }

    /// The fewest of all numbers from which a word follows; none where that is not certain.
    pub(super) fn far(&self, reading: &Reading, word: usize, verdict: Verdict, withheld: &Units) -> Option<Vec<usize>> {
        if verdict != Verdict::Exact {
            return None;
        }
        let target = reading.members.iter().position(|member| *member == word)?;
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

    /// How a word follows from those of its reason.
    pub(super) fn way(&self, word: usize, reason: &[usize]) -> Way {
        let holds = |reading: &&Reading| reason.iter().chain([&word]).all(|one| reading.members.contains(one));
        let Some(reading) = self.readings.iter().find(holds) else { return Way::Together };
        let at = |word: usize| reading.members.iter().position(|member| *member == word).unwrap_or(0);
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
            let parts: Vec<usize> = reason.iter().chain([&word]).copied().filter(|part| part != whole).collect();
            makes(*whole, &parts)
        };
        match reason.iter().copied().find(less) {
            Some(whole) => Way::Less(whole),
            None if makes(word, reason) => Way::Sum,
            None => Way::Together,
        }
    }
}

/// Many at a time, and fewer and fewer, what is not needed is left out.
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
