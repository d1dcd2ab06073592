//! The system of one table, measure and year, from what indicators ask and what the registers' atoms count
//! (docs/disclosure.md#what-is-decided-and-how).

use std::collections::{BTreeMap, BTreeSet};

use super::system::{Dimension, MOST_DIMENSIONS, System};
use crate::figures::Atom;
use crate::project::schema::{OWN, REST, TOTAL, UNKNOWN};
use crate::tables::parts::contains;

/// Codes by dimension, `total` left out.
pub(super) type Codes = BTreeMap<String, String>;

/// What one indicator asks of the registers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The dimensions it is broken down by, and the codes it asks for, `total` and `unknown` left out. `rest` is among them
    /// where the list of codes is open; an edition that was released before there was a `rest` has none, and counted those
    /// persons as `unknown`.
    pub(super) asked: BTreeMap<String, Vec<String>>,
    /// Codes that a row must have.
    pub(super) conditions: BTreeMap<String, Vec<String>>,
}

/// A system, and how an indicator's cells are found in it.
pub(super) struct Assembly {
    pub(super) system: System,
    dimensions: Vec<String>,
    /// For each dimension the number of each test of a row's code.
    tests: Vec<BTreeMap<Test, u16>>,
    index: super::system::ByAtom<usize>,
}

/// What a row's code must be to count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Test {
    /// Anything.
    Any,
    /// Within a code.
    Within(String),
    /// Recorded as unknown.
    Unknown,
    /// Recorded under a code, but in none of the codes asked for.
    Rest(Vec<String>),
    /// In none of the codes asked for, recorded or not.
    Beyond(Vec<String>),
    /// What a condition allows.
    Allowed(Vec<String>),
}

/// More cells of one system are not printed.
const MOST_CELLS: usize = 400_000;

impl Test {
    fn passes(&self, code: &str, own: &str) -> bool {
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
    fn test(&self, dimension: &str, code: Option<&String>) -> Test {
        if let Some(allowed) = self.conditions.get(dimension) {
            return Test::Allowed(allowed.clone());
        }
        match (code, self.asked.get(dimension)) {
            (Some(code), Some(asked)) if code == REST => Test::Rest(named(asked)),
            (Some(code), Some(_)) if code == UNKNOWN && self.folds(dimension) => Test::Unknown,
            (Some(code), Some(asked)) if code == UNKNOWN => Test::Beyond(asked.clone()),
            (Some(code), _) => Test::Within(code.clone()),
            (None, _) => Test::Any,
        }
    }

    /// Every test of a dimension, that of the margin first.
    fn tests(&self, dimension: &str) -> Vec<Test> {
        let mut tests = vec![self.test(dimension, None)];
        if let Some(asked) = self.asked.get(dimension).filter(|_| !self.conditions.contains_key(dimension)) {
            let unknown = UNKNOWN.to_owned();
            tests.extend(asked.iter().chain([&unknown]).map(|code| self.test(dimension, Some(code))));
        }
        tests
    }

    /// Whether another question counts the same persons under these codes: the rest of other named codes is another, and
    /// `unknown` beside a rest is not what it is without one.
    pub(super) fn counts_as(&self, other: &Self, codes: &Codes) -> bool {
        let alike = |(dimension, code): (&String, &String)| {
            let [own, others] = [self, other].map(|question| question.test(dimension, Some(code)));
            !matches!(code.as_str(), REST | UNKNOWN)
                || own == others
                || !self.folds(dimension) && !other.folds(dimension)
        };
        codes.iter().all(alike)
    }

    /// Whether it has a rest of a dimension.
    pub(super) fn folds(&self, dimension: &str) -> bool {
        self.asked.get(dimension).is_some_and(|asked| asked.iter().any(|code| code == REST))
    }

    /// Every combination of codes, margins included.
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
    /// The system in which `questions` are answered, and which tells apart what `earlier` ones asked; what `public` names, a
    /// question's number and codes, is public already. `table` are all atoms of the table: a code that its registers use in
    /// any year may hold somebody in each. Nothing where it is too large to be proved.
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
        // A rest that nobody can be in is no test, and its cells are none.
        self.dimensions.iter().zip(&self.tests).map(number).collect()
    }

    /// Whether a question's cell is of a rest that nobody can be in: its registers use no code but those that are named.
    pub(super) fn is_empty(&self, question: &Question, codes: &Codes) -> bool {
        let lacks = |(name, tests): (&String, &BTreeMap<Test, u16>)| {
            codes.get(name).is_some_and(|code| code == REST)
                && !tests.contains_key(&question.test(name, codes.get(name)))
        };
        self.dimensions.iter().zip(&self.tests).any(lacks)
    }

    /// The codes of a question's cell, as the system numbers them.
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

/// The codes asked for that are named.
fn named(asked: &[String]) -> Vec<String> {
    asked.iter().filter(|code| *code != REST).cloned().collect()
}

fn code<'a>(atom: &'a Atom, dimension: &str) -> &'a str {
    atom.codes.get(dimension).map_or(TOTAL, String::as_str)
}

/// A dimension: codes that no test tells apart are one leaf, and tests that no code tells apart are one code.
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
    // Also what nobody is counted under can hold somebody, as far as an outsider knows; but in the rest is nobody whose code
    // no register uses, for there may be no such code: that no province is left is known to whoever knows the country.
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
