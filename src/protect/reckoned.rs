//! Words of publications on one measure and period, as they are attacked: what follows of what they withhold, from which of
//! their numbers, and which of these to withhold so that nothing follows.

use std::collections::BTreeSet;

use crate::attack::{Bounds, Cells, Verdict};

/// What a source says of one combination of codes.
pub(super) struct Word {
    pub(super) bounds: Bounds,
    pub(super) withheld: bool,
    /// Words on the same combination are withheld together.
    pub(super) unit: usize,
    /// How many persons it counts.
    pub(super) persons: i64,
    /// By how many dimensions it is broken down.
    pub(super) breadth: usize,
    /// Whether a finding cites it.
    pub(super) cited: bool,
}

/// Words, and the readings in which they are attacked.
pub(super) struct System {
    words: Vec<Word>,
    readings: Vec<Reading>,
    /// Whether some reading tells more groups apart than can be attacked.
    too_large: bool,
}

/// Some of the words, as who reads only these would.
struct Reading {
    members: Vec<usize>,
    cells: Cells,
    /// Whether all are of one source.
    of_one: bool,
}

/// What is withheld beside what its source withholds.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) words: Vec<usize>,
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

/// The information lost: what findings cite, persons, then how far the numbers are from the total, so that broader ones are kept, then numbers.
type Cost = (usize, i64, usize, usize);

/// So many choices are tried; what was best until then is taken.
const TRIED: usize = 300;
/// A cell is broken down by fewer dimensions.
const NARROWEST: usize = 20;

/// The search for what to withhold.
struct Search {
    best: Option<(Cost, BTreeSet<usize>)>,
    tried: usize,
}

impl System {
    pub(super) fn new(words: Vec<Word>) -> Self {
        Self { words, readings: Vec::new(), too_large: false }
    }

    /// Adds a reading: some of the words, which count these groups.
    pub(super) fn read(&mut self, members: Vec<usize>, cells: &[Vec<Vec<u32>>], sizes: &[u32], of_one: bool) {
        match Cells::of(cells, sizes) {
            Some(cells) => self.readings.push(Reading { members, cells, of_one }),
            None => self.too_large = true,
        }
    }

    /// The words that are withheld and follow, each with those it follows from.
    pub(super) fn reckonable(&self) -> Vec<(usize, Vec<usize>)> {
        let mut found: Vec<(usize, Vec<usize>)> = Vec::new();
        for reading in &self.readings {
            for (word, verdict) in self.verdicts(reading, &BTreeSet::new()) {
                if found.iter().any(|(known, _)| *known == word) {
                    continue;
                }
                let reason = self.reason(reading, word, verdict, &BTreeSet::new());
                found.extend(reason.filter(|reason| !reason.is_empty()).map(|reason| (word, reason)));
            }
        }
        found.sort();
        found
    }

    /// What to withhold so that nothing withheld follows: the fewest persons.
    pub(super) fn chosen(&self) -> Chosen {
        let printed = || (0..self.words.len()).filter(|word| !self.words[*word].withheld);
        if self.too_large {
            return Chosen { words: printed().filter(|word| self.words[*word].breadth > 0).collect() };
        }
        let mut search = Search { best: None, tried: 0 };
        self.search(&mut search, &BTreeSet::new(), &BTreeSet::new());
        let units = search.best.map(|(_, units)| units).unwrap_or_default();
        Chosen { words: printed().filter(|word| units.contains(&self.words[*word].unit)).collect() }
    }

    /// Tries every way to break the first thing that follows, the cheapest first; none of `kept` is withheld any more.
    fn search(&self, search: &mut Search, withheld: &BTreeSet<usize>, kept: &BTreeSet<usize>) {
        let cost = self.cost(withheld);
        let worse = search.best.as_ref().is_some_and(|(best, _)| cost >= *best);
        if worse || (search.tried >= TRIED && search.best.is_some()) {
            return;
        }
        search.tried += 1;
        let Some(reason) = self.first_reason(withheld) else {
            search.best = Some((cost, withheld.clone()));
            return;
        };
        let mut units: Vec<usize> = reason.into_iter().filter(|unit| !kept.contains(unit)).collect();
        units.sort_by_key(|unit| (self.cost(&BTreeSet::from([*unit])), *unit));
        let mut kept = kept.clone();
        for unit in units {
            let mut more = withheld.clone();
            more.insert(unit);
            self.search(search, &more, &kept);
            kept.insert(unit);
        }
    }

    /// The units from which the first withheld word follows, or may.
    fn first_reason(&self, withheld: &BTreeSet<usize>) -> Option<BTreeSet<usize>> {
        for reading in &self.readings {
            for (word, verdict) in self.verdicts(reading, withheld) {
                let reason = self.reason(reading, word, verdict, withheld).unwrap_or_else(|| {
                    // Numbers that cannot all be true leave it open what follows: any of them may have to go.
                    let printed = reading.members.iter().filter(|_| reading.of_one);
                    printed.copied().filter(|word| self.is_printed(*word, withheld)).collect()
                });
                let units = reason.iter().filter(|word| self.is_printed(**word, withheld));
                let units: BTreeSet<usize> = units.map(|word| self.words[*word].unit).collect();
                if !units.is_empty() {
                    return Some(units);
                }
            }
        }
        None
    }

    fn is_printed(&self, word: usize, withheld: &BTreeSet<usize>) -> bool {
        !self.words[word].withheld && !withheld.contains(&self.words[word].unit)
    }

    /// What is known of the words of a reading, when these units are withheld, too.
    fn known(&self, reading: &Reading, withheld: &BTreeSet<usize>) -> Vec<Option<Bounds>> {
        let known = |word: &usize| {
            let Word { bounds, withheld: by_source, .. } = &self.words[*word];
            (*by_source || self.is_printed(*word, withheld)).then_some(*bounds)
        };
        reading.members.iter().map(known).collect()
    }

    /// The withheld words of a reading that follow, or of which it is not certain that they do not.
    fn verdicts(&self, reading: &Reading, withheld: &BTreeSet<usize>) -> Vec<(usize, Verdict)> {
        let hidden = |at: &usize| !self.is_printed(reading.members[*at], withheld);
        let targets: Vec<usize> = (0..reading.members.len()).filter(hidden).collect();
        let found = reading.cells.attack(&self.known(reading, withheld), &targets);
        let told = targets.iter().map(|at| reading.members[*at]).zip(found.verdicts);
        told.filter(|(_, verdict)| *verdict != Verdict::Free).collect()
    }

    /// The fewest words from which a word follows; none where that is not certain.
    fn reason(
        &self,
        reading: &Reading,
        word: usize,
        verdict: Verdict,
        withheld: &BTreeSet<usize>,
    ) -> Option<Vec<usize>> {
        let target = reading.members.iter().position(|member| *member == word)?;
        let mut known = self.known(reading, withheld);
        let groups = |at: usize| reading.cells.groups(at);
        let inside =
            |at: usize, whole: usize| groups(at).iter().all(|group| groups(whole).binary_search(group).is_ok());
        let apart = |at: usize| groups(at).iter().all(|group| groups(target).binary_search(group).is_err());
        // First what stands in one sum with it: a whole, and other parts of that.
        let mut wholes: Vec<usize> = (0..known.len()).filter(|at| *at != target && inside(target, *at)).collect();
        wholes.sort_by_key(|at| groups(*at).len());
        let near = wholes.into_iter().find_map(|whole| {
            let kept = |at: usize| at == target || at == whole || (apart(at) && inside(at, whole));
            let some: Vec<Option<Bounds>> = (0..known.len()).map(|at| known[at].filter(|_| kept(at))).collect();
            (reading.cells.attack(&some, &[target]).verdicts == [Verdict::Exact]).then_some(some)
        });
        match near {
            Some(near) => known = near,
            None if verdict == Verdict::Exact => {}
            None => return None,
        }
        // Many at a time, and fewer and fewer, what is not needed is left out.
        let mut size = known.len().next_power_of_two();
        while size > 0 {
            let left: Vec<usize> = (0..known.len()).filter(|at| *at != target && known[*at].is_some()).collect();
            for some in left.chunks(size) {
                let mut without = known.clone();
                some.iter().for_each(|at| without[*at] = None);
                if reading.cells.attack(&without, &[target]).verdicts == [Verdict::Exact] {
                    known = without;
                }
            }
            size /= 2;
        }
        let needed = (0..known.len()).filter(|at| *at != target && known[*at].is_some());
        Some(needed.map(|at| reading.members[at]).collect())
    }

    /// How a word follows from those of its reason.
    pub(super) fn way(&self, word: usize, reason: &[usize]) -> Way {
        let holds = |reading: &&Reading| reason.iter().chain([&word]).all(|one| reading.members.contains(one));
        let Some(reading) = self.readings.iter().find(holds) else { return Way::Together };
        let groups = |word: usize| {
            let at = reading.members.iter().position(|member| *member == word);
            at.map_or(&[][..], |at| reading.cells.groups(at))
        };
        let within =
            |part: usize, whole: usize| groups(part).iter().all(|group| groups(whole).binary_search(group).is_ok());
        let makes = |whole: usize, parts: &[usize]| {
            let all: Vec<usize> = parts.iter().flat_map(|part| groups(*part)).copied().collect();
            let apart = all.iter().collect::<BTreeSet<_>>().len() == all.len();
            reason.len() > 1 && apart && parts.iter().all(|part| within(*part, whole))
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

    fn cost(&self, units: &BTreeSet<usize>) -> Cost {
        let words = |unit: usize| self.words.iter().filter(move |word| word.unit == unit);
        units.iter().fold((0, 0, 0, units.len()), |(cited, persons, breadth, all), unit| {
            let own = words(*unit).map(|word| word.persons).max().unwrap_or(0);
            let wide = words(*unit).map(|word| NARROWEST.saturating_sub(word.breadth)).max().unwrap_or(0);
            let is_cited = usize::from(words(*unit).any(|word| word.cited));
            (cited + is_cited, own.saturating_add(persons), breadth + wide, all)
        })
    }
}
