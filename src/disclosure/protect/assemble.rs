//! The system of one table, measure and year: its cells are what indicators ask for, its atoms come from the registers
//! (docs/disclosure.md#what-is-decided-and-how).

use std::collections::{BTreeMap, BTreeSet};

use super::system::{Dimension, MOST_DIMENSIONS, System};
use crate::figures::Atom;
use crate::project::schema::{OWN, REST, TOTAL, UNKNOWN};
use crate::tables::parts::contains;

/// Codes by dimension, `total` left out.
pub(super) type Codes = BTreeMap<String, String>;

/// The cells of the registers that one indicator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The dimensions it is broken down by, and the codes it asks for, without `total` and `unknown`. An open list of codes
    /// includes `rest`; releases older than `rest` lack it and counted those persons as `unknown`.
    pub(super) asked: BTreeMap<String, Vec<String>>,
    /// The codes that a row must have to count at all.
    pub(super) conditions: BTreeMap<String, Vec<String>>,
}

/// A system, with what is needed to find an indicator's cells in it.
pub(super) struct Assembly {
    pub(super) system: System,
    dimensions: Vec<String>,
    /// For each dimension the number of each test.
    tests: Vec<BTreeMap<Test, u16>>,
    index: super::system::ByAtom<usize>,
}

/// The condition on a row's code for the row to count in a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test {
    /// Anything.
    Any,
    /// Within a code.
    Within(String),
    /// Recorded as unknown.
    Unknown,
    /// Recorded under a code, but in none of the codes asked for.
    Rest(Vec<String>),
    /// In none of the codes asked for, or recorded as unknown.
    Beyond(Vec<String>),
    /// What a condition allows.
    Allowed(Vec<String>),
}

/// A system with more cells is not attempted, and its numbers are withheld.
const MOST_CELLS: usize = 400_000;

impl Test {
    pub(super) fn passes(&self, code: &str, own: &str) -> bool {
        // A row that is not broken down by the dimension lies in no part of it.
        let within = |outer: &str| code != TOTAL && code != UNKNOWN && contains(outer, code, own);
        match self {
            Self::Any => true,
            Self::Within(outer) => within(outer),
            Self::Unknown => code == UNKNOWN,
            Self::Rest(asked) => code != TOTAL && code != UNKNOWN && !asked.iter().any(|outer| within(outer)),
            Self::Beyond(asked) => !asked.iter().any(|outer| within(outer)),
            Self::Allowed(codes) => codes.iter().any(|allowed| match allowed.as_str() {
                OWN => within(own),
                TOTAL | UNKNOWN => code == allowed,
                other => within(other),
            }),
        }
    }
}

impl Question {
    pub(super) fn test(&self, dimension: &str, code: Option<&String>) -> Test {
        if let Some(allowed) = self.conditions.get(dimension) {
            return Test::Allowed(allowed.clone());
        }
        match (code, self.asked.get(dimension)) {
            (Some(code), Some(asked)) if code == REST => Test::Rest(named(asked)),
            (Some(code), Some(_)) if code == UNKNOWN && self.has_rest(dimension) => Test::Unknown,
            (Some(code), Some(asked)) if code == UNKNOWN => Test::Beyond(asked.clone()),
            (Some(code), _) => Test::Within(code.clone()),
            (None, _) => Test::Any,
        }
    }

    /// Every test of a dimension, that of the margin first.
    pub(super) fn tests(&self, dimension: &str) -> Vec<Test> {
        let mut tests = vec![self.test(dimension, None)];
        if let Some(asked) = self.asked.get(dimension).filter(|_| !self.conditions.contains_key(dimension)) {
            let unknown = UNKNOWN.to_owned();
            tests.extend(asked.iter().chain([&unknown]).map(|code| self.test(dimension, Some(code))));
        }
        tests
    }

    /// Whether another question counts the same persons under these codes. Two questions that name different codes have
    /// different rests, and `unknown` beside a rest differs from `unknown` without one.
    pub(super) fn counts_as(&self, other: &Self, codes: &Codes) -> bool {
        let alike = |(dimension, code): (&String, &String)| {
            let [own, others] = [self, other].map(|question| question.test(dimension, Some(code)));
            !matches!(code.as_str(), REST | UNKNOWN)
                || own == others
                || !self.has_rest(dimension) && !other.has_rest(dimension)
        };
        codes.iter().all(alike)
    }

    /// Whether it collects the codes that it does not name in a rest.
    pub(super) fn has_rest(&self, dimension: &str) -> bool {
        self.asked.get(dimension).is_some_and(|asked| asked.iter().any(|code| code == REST))
    }

    /// Every combination of codes, with margins.
    pub(super) fn combinations(&self) -> Vec<Codes> {
        let mut all = vec![Codes::new()];
        for (dimension, codes) in &self.asked {
            let with = |codes_so_far: &Codes, code: &str| {
                let mut longer = codes_so_far.clone();
                longer.insert(dimension.clone(), code.to_owned());
                longer
            };
            let codes: Vec<&str> = codes.iter().map(String::as_str).chain([UNKNOWN]).collect();
            let parts: Vec<Codes> = all.iter().flat_map(|some| codes.iter().map(|code| with(some, code))).collect();
            all.extend(parts);
        }
        all
    }
}

impl Assembly {
    /// The system with the cells of `questions`, whose leaves are fine enough for the `earlier` questions as well. `public`
    /// lists cells that are already public, each by its question's number and its codes. `table` holds all atoms of the
    /// table, since a code that its registers use in any year may hold somebody in every year. None where the system would
    /// be too large to prove anything.
    pub(super) fn of(
        atoms: &[&Atom],
        table: &[&Atom],
        questions: &[Question],
        earlier: &[&Question],
        public: &[(usize, Codes)],
        own: &str,
    ) -> Option<Self> {
        let all: Vec<&Question> = questions.iter().chain(earlier.iter().copied()).collect();
        let named = all.iter().flat_map(|question| question.asked.keys().chain(question.conditions.keys()));
        let dimensions: Vec<String> = named.cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let size = |question: &Question| question.asked.values().map(|codes| codes.len() + 2).product::<usize>();
        if dimensions.len() > MOST_DIMENSIONS || questions.iter().map(size).sum::<usize>() > MOST_CELLS {
            return None;
        }
        let (mut made, mut tests, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
        for name in &dimensions {
            let (dimension, numbers, leaf_of) = dimension(name, table, &all, own)?;
            made.push(dimension);
            tests.push(numbers);
            leaves.push(leaf_of);
        }
        let place = |atom: &&Atom| {
            let leaf = |(name, leaf_of): (&String, &BTreeMap<String, u16>)| leaf_of.get(code(atom, name)).copied();
            let found: Option<Vec<u16>> = dimensions.iter().zip(&leaves).map(leaf).collect();
            Some((found?, atom.units))
        };
        let units: Vec<(Vec<u16>, i64)> = atoms.iter().map(place).collect::<Option<_>>()?;
        let mut assembly =
            Self { system: System::default(), dimensions, tests, index: super::system::ByAtom::default() };
        let asked: Vec<Vec<Vec<u16>>> = questions.iter().map(|question| assembly.asked(question)).collect();
        let public: Option<Vec<Vec<u16>>> =
            public.iter().map(|(number, codes)| assembly.codes(&questions[*number], codes)).collect();
        assembly.system = System::new(made, units, &asked, &public?);
        assembly.index = assembly.system.index();
        Some(assembly)
    }

    fn asked(&self, question: &Question) -> Vec<Vec<u16>> {
        let number = |(name, tests): (&String, &BTreeMap<Test, u16>)| {
            let numbers: BTreeSet<u16> =
                question.tests(name).iter().filter_map(|test| tests.get(test).copied()).collect();
            numbers.into_iter().collect()
        };
        // A rest that must be empty has no test, and so no cells.
        self.dimensions.iter().zip(&self.tests).map(number).collect()
    }

    /// Whether a cell belongs to a rest that must be empty, since the registers use only codes that the question names.
    pub(super) fn is_empty(&self, question: &Question, codes: &Codes) -> bool {
        let lacks = |(name, tests): (&String, &BTreeMap<Test, u16>)| {
            codes.get(name).is_some_and(|code| code == REST)
                && !tests.contains_key(&question.test(name, codes.get(name)))
        };
        self.dimensions.iter().zip(&self.tests).any(lacks)
    }

    /// The codes of a question's cell in the system's numbering.
    pub(super) fn codes(&self, question: &Question, codes: &Codes) -> Option<Vec<u16>> {
        let number =
            |(name, tests): (&String, &BTreeMap<Test, u16>)| tests.get(&question.test(name, codes.get(name))).copied();
        self.dimensions.iter().zip(&self.tests).map(number).collect()
    }

    /// The number of a question's cell.
    pub(super) fn cell(&self, question: &Question, codes: &Codes) -> Option<usize> {
        self.index.get(&super::system::packed(&self.codes(question, codes)?)).copied()
    }
}

/// The codes asked for, without the rest.
fn named(asked: &[String]) -> Vec<String> {
    asked.iter().filter(|code| *code != REST).cloned().collect()
}

pub(super) fn code<'a>(atom: &'a Atom, dimension: &str) -> &'a str {
    atom.codes.get(dimension).map_or(TOTAL, String::as_str)
}

/// Builds a dimension: codes that pass the same tests become one leaf, tests that the same codes pass become one code.
#[allow(clippy::type_complexity)]
fn dimension(
    name: &str,
    atoms: &[&Atom],
    questions: &[&Question],
    own: &str,
) -> Option<(Dimension, BTreeMap<Test, u16>, BTreeMap<String, u16>)> {
    let tests: Vec<Test> =
        questions.iter().flat_map(|question| question.tests(name)).collect::<BTreeSet<_>>().into_iter().collect();
    let asked = questions.iter().filter_map(|question| question.asked.get(name)).flatten().map(String::as_str);
    let occurring = atoms.iter().map(|atom| code(atom, name));
    // As far as an outsider knows, a code under which nobody is counted can hold somebody. The rest cannot hold a code that no
    // register uses, for there may be no such code: anybody who knows the country knows that no province is left.
    let raw: BTreeSet<&str> = asked.chain(occurring).chain([UNKNOWN]).filter(|code| *code != REST).collect();
    let (mut leaves, mut leaf_of) = (BTreeMap::<Vec<bool>, u16>::new(), BTreeMap::new());
    for code in raw {
        let passed: Vec<bool> = tests.iter().map(|test| test.passes(code, own)).collect();
        let next = u16::try_from(leaves.len()).ok()?;
        leaf_of.insert(code.to_owned(), *leaves.entry(passed).or_insert(next));
    }
    let (mut codes, mut numbers) = (Vec::<Vec<u16>>::new(), BTreeMap::new());
    for (at, test) in tests.into_iter().enumerate() {
        let mut held: Vec<u16> = leaves.iter().filter(|(passed, _)| passed[at]).map(|(_, leaf)| *leaf).collect();
        held.sort_unstable();
        if held.is_empty() && matches!(test, Test::Rest(_)) {
            continue;
        }
        let number = codes.iter().position(|known| *known == held).unwrap_or_else(|| {
            codes.push(held);
            codes.len() - 1
        });
        numbers.insert(test, u16::try_from(number).ok()?);
    }
    Some((Dimension::new(u16::try_from(leaves.len()).ok()?, &codes), numbers, leaf_of))
}
