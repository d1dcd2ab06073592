//! Invented years of a register: closed, then grown by late cases, recoded, or with rows removed.

use std::collections::{BTreeMap, BTreeSet};

use tipbrief::disclosure::late::{
    ClosedYear, Figure, Former, Group, Key, Layer, PrintedFigure, PrintedLate, PrintedYear, Terms, lay, verify,
};

use crate::dice::Dice;

/// Sex, age, purpose, province and nationality.
pub type Codes = [u8; 5];

/// How often each code is drawn. The last age is the unknown one, which is drawn only where it is asked for.
const WEIGHTS: [&[usize]; 5] = [
    &[70, 30],
    &[60, 40, 15],
    &[45, 35, 12, 6, 1],
    &[400, 250, 150, 100, 70, 30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1, 1],
    &[80, 12, 6, 2, 1],
];

/// The threshold of every test that names no other.
pub const THRESHOLD: i64 = 11;

/// A printed cell: the codes that it asks for.
type Cell = [Option<u8>; 5];

/// What the custodian keeps of a group.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    closed: i64,
    most: i64,
    told: i64,
}

/// One closed year, as its custodian has it.
#[derive(Debug, Clone)]
pub struct Year {
    pub identity: String,
    pub terms: Terms,
    now: BTreeMap<Codes, i64>,
    kept: BTreeMap<Codes, Kept>,
    passed: i64,
    cells: Vec<Cell>,
    ages: u8,
    /// What each release printed.
    pub ledgers: Vec<PrintedYear>,
}

impl Year {
    /// A year of so many persons that has just closed; with 2 ages 111 linked cells, with 3 the unknown age is one more.
    pub fn closed(dice: &mut Dice, identity: &str, persons: usize, ages: u8, base: i64) -> Self {
        let mut now = BTreeMap::new();
        (0..persons).for_each(|_| *now.entry(person(dice, ages)).or_default() += 1);
        let kept = now.iter().map(|(codes, count)| (*codes, Kept { closed: *count, most: *count, told: 0 })).collect();
        let terms = Terms::new(THRESHOLD, base).expect("the base is above the threshold");
        let mut year = Self {
            identity: identity.to_owned(),
            terms,
            now,
            kept,
            passed: 0,
            cells: cells(ages),
            ages,
            ledgers: Vec::new(),
        };
        // What is under the threshold was withheld when the year closed, and has no late figure.
        let printed = |cell: &Cell| {
            let closed: i64 =
                year.kept.iter().filter(|(codes, _)| holds(cell, **codes)).map(|(_, kept)| kept.closed).sum();
            closed == 0 || closed >= THRESHOLD
        };
        let printed: Vec<Cell> = year.cells.iter().copied().filter(printed).collect();
        year.cells = printed;
        year
    }

    /// So many cases more.
    pub fn grow(&mut self, dice: &mut Dice, cases: usize) {
        (0..cases).for_each(|_| *self.now.entry(person(dice, self.ages)).or_default() += 1);
    }

    /// The age of so many persons becomes known.
    pub fn recode(&mut self, dice: &mut Dice, persons: usize) {
        for _ in 0..persons {
            let Some(mut codes) = self.any(dice, |codes| codes[1] == 2) else { return };
            *self.now.entry(codes).or_default() -= 1;
            codes[1] = u8::from(dice.once_in(3));
            *self.now.entry(codes).or_default() += 1;
        }
    }

    /// So many rows are removed.
    pub fn remove(&mut self, dice: &mut Dice, persons: usize) {
        for _ in 0..persons {
            let Some(codes) = self.any(dice, |_| true) else { return };
            *self.now.entry(codes).or_default() -= 1;
        }
    }

    /// The rows of the same year at another time come back.
    pub fn rows_of(&mut self, other: &Self) {
        self.now.clone_from(&other.now);
    }

    /// The codes of a person, each as likely as another.
    fn any(&self, dice: &mut Dice, of: impl Fn(&Codes) -> bool) -> Option<Codes> {
        let all: i64 = self.now.iter().filter(|(codes, _)| of(codes)).map(|(_, count)| count).sum();
        let mut at = i64::try_from(dice.below(usize::try_from(all).expect("a small number"))).expect("a small number");
        let mut found = self.now.iter().filter(|(codes, _)| of(codes));
        let found = found.find(|(_, count)| {
            at -= *count;
            at < 0
        });
        found.map(|(codes, _)| *codes)
    }

    /// What a release finds.
    pub fn found(&self) -> ClosedYear {
        let all: BTreeSet<&Codes> = self.now.keys().chain(self.kept.keys()).collect();
        let group = |(at, codes): (usize, &&Codes)| {
            let kept = self.kept.get(*codes).copied().unwrap_or_default();
            let now = self.now.get(*codes).copied().unwrap_or(0);
            Group { name: format!("{codes:03?}"), closed: kept.closed, before: kept.most, now, former: at }
        };
        let told = |codes: &&Codes| Former { told: self.kept.get(*codes).map_or(0, |kept| kept.told) };
        let figure = |cell: &Cell| Figure {
            groups: all.iter().enumerate().filter(|(_, codes)| holds(cell, ***codes)).map(|(at, _)| at).collect(),
            dimensions: cell.iter().flatten().count(),
        };
        ClosedYear {
            identity: self.identity.clone(),
            terms: self.terms,
            groups: all.iter().enumerate().map(group).collect(),
            former: all.iter().map(told).collect(),
            figures: self.cells.iter().map(figure).collect(),
            passed: self.passed,
        }
    }

    /// Releases what is there, and keeps what a custodian keeps.
    pub fn release(&mut self, key: &Key) -> (ClosedYear, Layer) {
        let found = self.found();
        let layer = lay(&found, key).expect("places, names and numbers fit");
        assert_eq!(verify(&found, &layer), Ok(()), "{}", self.identity);
        let all: BTreeSet<Codes> = self.now.keys().chain(self.kept.keys()).copied().collect();
        for ((codes, group), z) in all.iter().zip(&found.groups).zip(&layer.z) {
            let most = group.before.max(group.now);
            self.kept.insert(*codes, Kept { closed: group.closed, most, told: z * self.terms.base() });
        }
        self.passed = layer.passed;
        self.print(&found, &layer);
        (found, layer)
    }

    /// Writes what this release prints: what it tells, and what an earlier one told and this one cannot.
    fn print(&mut self, found: &ClosedYear, layer: &Layer) {
        let release = format!("release {}", self.ledgers.len() + 1);
        let last = self.ledgers.last();
        let figure = |(at, figure): (usize, &Figure)| {
            let told = layer.late[at].map(|cases| PrintedLate { cases, release: release.clone() });
            let repeated = || last?.figures.get(at)?.late.clone();
            PrintedFigure {
                groups: groups(&self.cells[at]),
                dimensions: figure.dimensions,
                closed: figure.groups.iter().map(|group| found.groups[*group].closed).sum(),
                late: told.or_else(repeated),
            }
        };
        let figures = found.figures.iter().enumerate().map(figure).collect();
        let predecessor = last.map(|last| last.release.clone());
        self.ledgers.push(PrintedYear { release, predecessor, terms: self.terms, figures });
    }
}

/// A person; the unknown age is drawn only where there are three.
fn person(dice: &mut Dice, ages: u8) -> Codes {
    let mut codes = [0; 5];
    for (at, (code, weights)) in codes.iter_mut().zip(WEIGHTS).enumerate() {
        let weights = if at == 1 { &weights[..ages.into()] } else { weights };
        let mut drawn = dice.below(weights.iter().sum());
        while let Some(weight) = weights.get(usize::from(*code)).filter(|weight| drawn >= **weight) {
            drawn -= weight;
            *code += 1;
        }
    }
    codes
}

fn holds(cell: &Cell, codes: Codes) -> bool {
    cell.iter().zip(&codes).all(|(asked, own)| asked.is_none_or(|asked| asked == *own))
}

/// The numbers of all combinations of codes that a cell holds, whether or not there is anybody.
fn groups(cell: &Cell) -> Vec<usize> {
    let longer = |numbers: Vec<usize>, (asked, weights): (&Option<u8>, &&[usize])| {
        let codes = (0..weights.len()).filter(|code| asked.is_none_or(|asked| usize::from(asked) == *code));
        numbers.iter().flat_map(|number| codes.clone().map(move |code| number * weights.len() + code)).collect()
    };
    cell.iter().zip(&WEIGHTS).fold(vec![0], longer)
}

/// Sex by age by purpose, province by sex, and nationality, each with its totals.
fn cells(ages: u8) -> Vec<Cell> {
    let with_total = |codes: u8| [None].into_iter().chain((0..codes).map(Some)).collect::<Vec<Option<u8>>>();
    let mut cells = BTreeSet::new();
    for sex in with_total(2) {
        for purpose in with_total(5) {
            cells.extend(with_total(ages).into_iter().map(|age| [sex, age, purpose, None, None]));
        }
        cells.extend(with_total(17).into_iter().map(|province| [sex, None, None, province, None]));
    }
    cells.extend(with_total(5).into_iter().map(|nationality| [None, None, None, None, nationality]));
    cells.into_iter().collect()
}

/// The key of a test.
pub fn key(number: usize) -> Key {
    let mut bytes = [7; 32];
    bytes.iter_mut().zip(number.to_le_bytes()).for_each(|(byte, own)| *byte = own);
    Key::new(bytes)
}

/// How far the late figures that are told are from the truth, on average and at most.
pub fn errors(found: &ClosedYear, layer: &Layer) -> Vec<i64> {
    let told = found.figures.iter().zip(&layer.late);
    told.filter_map(|(figure, late)| Some(((*late)? - growth(found, figure)).abs())).collect()
}

/// By how much a figure has grown.
pub fn growth(found: &ClosedYear, figure: &Figure) -> i64 {
    figure.groups.iter().map(|group| found.groups[*group].growth()).sum()
}
