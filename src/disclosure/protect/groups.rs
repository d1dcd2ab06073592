//! The finest groups that anything tells apart that was ever asked of a year, under names that are the same at every release.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::assemble::{Codes, Question, Test, code};
use crate::figures::Atom;

/// The finest groups of some questions, filled with counts of the same registers at several times.
pub(super) struct Groups<'q> {
    dimensions: Vec<Dimension<'q>>,
    /// Where each group is, by its name.
    at: BTreeMap<String, usize>,
    /// For each group and dimension the tests that its rows pass.
    passed: Vec<Vec<Vec<u16>>>,
    /// For each group its name among the groups of the earlier questions alone.
    former: Vec<String>,
    /// For each count that was added its units by group.
    counts: Vec<Vec<i64>>,
    own: &'q str,
}

/// The tests that questions put to the codes of a dimension.
struct Dimension<'q> {
    name: &'q str,
    numbers: BTreeMap<Test, u16>,
    /// Those that the earlier questions put; none where they do not know the dimension.
    earlier: Option<BTreeSet<u16>>,
    known: BTreeMap<String, Passed>,
}

/// What one code passes.
#[derive(Clone)]
struct Passed {
    tests: Vec<u16>,
    name: String,
    former: Option<String>,
}

impl<'q> Groups<'q> {
    /// The groups of some questions, `earlier` ones included, before anything is counted.
    pub(super) fn of(questions: &[&'q Question], earlier: &[&'q Question], own: &'q str) -> Self {
        let named =
            |question: &&'q Question| question.asked.keys().chain(question.conditions.keys()).map(String::as_str);
        let all = || questions.iter().chain(earlier);
        let names: BTreeSet<&str> = all().flat_map(named).collect();
        let before: BTreeSet<&str> = earlier.iter().flat_map(named).collect();
        let dimension = |name: &'q str| {
            let tests: BTreeSet<Test> = all().flat_map(|question| question.tests(name)).collect();
            let numbers: BTreeMap<Test, u16> = tests.into_iter().zip(0..).collect();
            let of = |question: &&'q Question| {
                question.tests(name).into_iter().map(|test| numbers[&test]).collect::<Vec<_>>()
            };
            let earlier = before.contains(name).then(|| earlier.iter().flat_map(of).collect());
            Dimension { name, numbers, earlier, known: BTreeMap::new() }
        };
        let dimensions = names.into_iter().map(dimension).collect();
        let (at, passed, former, counts) = (BTreeMap::new(), Vec::new(), Vec::new(), Vec::new());
        Self { dimensions, at, passed, former, counts, own }
    }

    /// Counts the registers as they were at some time; returns the number of the count.
    pub(super) fn count<'a>(&mut self, atoms: impl IntoIterator<Item = &'a Atom>) -> usize {
        let mut units = vec![0; self.passed.len()];
        for atom in atoms {
            let place = self.place(atom);
            units.resize(units.len().max(place + 1), 0);
            units[place] += atom.units;
        }
        self.counts.push(units);
        self.counts.len() - 1
    }

    fn place(&mut self, atom: &Atom) -> usize {
        let own = self.own;
        let passed: Vec<Passed> =
            self.dimensions.iter_mut().map(|dimension| dimension.passed(code(atom, dimension.name), own)).collect();
        let name = joined(passed.iter().map(|passed| passed.name.as_str()));
        if let Some(place) = self.at.get(&name) {
            return *place;
        }
        self.former.push(joined(passed.iter().filter_map(|passed| passed.former.as_deref())));
        self.passed.push(passed.into_iter().map(|passed| passed.tests).collect());
        self.at.insert(name, self.passed.len() - 1);
        self.passed.len() - 1
    }

    /// The groups by name, each with its place.
    pub(super) fn names(&self) -> impl Iterator<Item = (&String, usize)> {
        self.at.iter().map(|(name, place)| (name, *place))
    }

    /// The name of the group of the earlier questions that a group lies in.
    pub(super) fn former(&self, group: usize) -> &str {
        &self.former[group]
    }

    /// The units of a group in a count.
    pub(super) fn units(&self, count: usize, group: usize) -> i64 {
        self.counts[count].get(group).copied().unwrap_or(0)
    }

    /// The key of a question's cell: the same for cells that count the same rows.
    pub(super) fn key(&self, question: &Question, codes: &Codes) -> Option<Vec<u16>> {
        let test = |dimension: &Dimension<'_>| {
            dimension.numbers.get(&question.test(dimension.name, codes.get(dimension.name))).copied()
        };
        self.dimensions.iter().map(test).collect()
    }

    /// The groups of each of these cells.
    pub(super) fn members(&self, cells: &[Vec<u16>]) -> Vec<Vec<usize>> {
        let at: HashMap<&[u16], usize> = cells.iter().map(Vec::as_slice).zip(0..).collect();
        let mut members = vec![Vec::new(); cells.len()];
        for (group, passed) in self.passed.iter().enumerate() {
            let mut keys: Vec<Vec<u16>> = vec![Vec::new()];
            for tests in passed {
                let longer = |key: Vec<u16>| tests.iter().map(move |test| [key.as_slice(), &[*test]].concat());
                keys = keys.into_iter().flat_map(longer).collect();
            }
            for cell in keys.iter().filter_map(|key| at.get(key.as_slice())) {
                members[*cell].push(group);
            }
        }
        members
    }
}

impl Dimension<'_> {
    fn passed(&mut self, code: &str, own: &str) -> Passed {
        if let Some(known) = self.known.get(code) {
            return known.clone();
        }
        let passing = self.numbers.iter().filter(|(test, _)| test.passes(code, own));
        let passing: Vec<(&Test, u16)> = passing.map(|(test, number)| (test, *number)).collect();
        let name = |keeps: &dyn Fn(u16) -> bool| {
            let kept = passing.iter().filter(|(test, number)| **test != Test::Any && keeps(*number));
            format!(
                "{}:{}",
                self.name,
                joined(kept.map(|(test, _)| text(test)).collect::<Vec<_>>().iter().map(String::as_str))
            )
        };
        let former = self.earlier.as_ref().map(|earlier| name(&|number| earlier.contains(&number)));
        let passed =
            Passed { tests: passing.iter().map(|(_, number)| *number).collect(), name: name(&|_| true), former };
        self.known.insert(code.to_owned(), passed.clone());
        passed
    }
}

/// A test in writing.
fn text(test: &Test) -> String {
    let list = |codes: &[String]| codes.join("+");
    match test {
        Test::Any => String::new(),
        Test::Within(code) => format!("in {code}"),
        Test::Unknown => "unknown".to_owned(),
        Test::Rest(codes) => format!("none of {}", list(codes)),
        Test::Beyond(codes) => format!("none of {} or unknown", list(codes)),
        Test::Allowed(codes) => format!("any of {}", list(codes)),
    }
}

fn joined<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(dimensions: &[(&str, &[&str])]) -> Question {
        let owned = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let asked = dimensions.iter().map(|(name, codes)| ((*name).to_owned(), owned(codes))).collect();
        Question { asked, conditions: BTreeMap::new() }
    }

    fn atom(sex: &str, age: &str, units: i64) -> Atom {
        let codes = [("sex", sex), ("age_group", age)].map(|(name, code)| (name.to_owned(), code.to_owned()));
        let (table, measure, period, source) =
            ("victims".into(), "identified".into(), "2023".into(), "register".into());
        Atom { table, measure, period, source, codes: codes.into(), units }
    }

    #[test]
    fn groups_of_more_questions_lie_in_those_of_fewer() {
        let (by_sex, by_age) =
            (question(&[("sex", &["female", "male"])]), question(&[("age_group", &["0-17", "18+"])]));
        let atoms = [atom("female", "0-17", 3), atom("female", "18+", 4), atom("male", "unknown", 5)];
        let mut coarse = Groups::of(&[], &[&by_sex], "XXA");
        let mut fine = Groups::of(&[&by_age], &[&by_sex], "XXA");
        let (one, other) = (coarse.count(&atoms), fine.count(&atoms));
        assert_eq!((coarse.names().count(), fine.names().count()), (2, 3));
        for (_, group) in fine.names() {
            let former = coarse.names().find(|(name, _)| *name == fine.former(group)).expect("it lies in one");
            assert!(coarse.units(one, former.1) >= fine.units(other, group));
        }
        let female = BTreeMap::from([("sex".to_owned(), "female".to_owned())]);
        let cells =
            [fine.key(&by_sex, &female), fine.key(&by_age, &BTreeMap::new())].map(|key| key.expect("it is asked"));
        let members = fine.members(&cells);
        let sum = |cell: usize| members[cell].iter().map(|group| fine.units(other, *group)).sum::<i64>();
        assert_eq!((sum(0), sum(1)), (7, 12));
    }
}
