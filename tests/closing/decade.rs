//! An invented register of ten years in the project of the tests, and what happens to it between releases.

use tipbrief::disclosure::late::Rung;
use tipbrief::disclosure::protect::State;

use super::looked::{Look, anew, look, release};
use super::tally::Tally;
use crate::dice::Dice;
use crate::project::Project;

const FIRST: usize = 2014;
pub const YEARS: usize = 10;
pub const BASE: i64 = 15;
const ROWS: &str = "data/countries/XXA/register/victims.csv";
const KEY: &str = "data/countries/XXA/register/.closed/key";
const LABELS: &str = "period,status,sex,age_group,purpose,nationality,found_in,province,count,source,case_id,note\n";

type Weighted = &'static [(&'static str, usize)];

/// Sex, age, purpose and province, as often as each is drawn.
const CODES: [Weighted; 4] = [
    &[("female", 70), ("male", 28), ("unknown", 2)],
    &[("0-14", 15), ("15-17", 25), ("18-24", 35), ("25+", 25), ("unknown", 15)],
    &[
        ("sexual_exploitation", 45),
        ("forced_labour", 35),
        ("forced_marriage", 12),
        ("forced_begging", 6),
        ("organ_removal", 1),
    ],
    &[("XA-01", 40), ("XA-02", 25), ("XA-03", 15), ("XA-04", 10), ("XA-05", 7), ("XA-06", 3)],
];
/// The column of CODES with the ages, of which the last is the unknown one.
const AGE: usize = 1;

#[derive(Clone)]
struct Person {
    id: usize,
    year: usize,
    codes: [&'static str; 4],
}

pub struct Decade {
    pub project: Project,
    persons: Vec<Person>,
    dice: Dice,
    next: usize,
    /// Whether some ages are unknown at first.
    unknown: bool,
}

/// What a release tells of late cases.
#[derive(Default)]
pub struct Told {
    /// Of each closed year how much.
    pub rungs: Vec<Rung>,
    /// How far each number that is told anew is from the rows.
    pub errors: Vec<i64>,
    /// The mean that each of them would be off if it were rounded without bias to one of the two multiples next to it, and the
    /// least that it can be off, in fifteenths.
    pub unbiased: i64,
    pub nearest: i64,
    /// How many years have neither a copy nor a state that goes on.
    pub frozen: usize,
}

impl Decade {
    /// So many persons over ten years; with `unknown` some have no known age.
    pub fn of(seed: u64, persons: usize, unknown: bool) -> Self {
        let project = Project::named("register");
        // Of three registers one is kept; the others would cover years without rows.
        let sources = project.read("data/countries/XXA/sources.csv").replace("2021/2023", "2014/2023");
        let kept = sources.lines().filter(|row| !row.starts_with("shelter_") && !row.starts_with("hotline_"));
        project.write("data/countries/XXA/sources.csv", &kept.map(|row| format!("{row}\n")).collect::<String>());
        let mut decade = Self { project, persons: Vec::new(), dice: Dice::of(seed), next: 0, unknown };
        for year in 0..YEARS {
            decade.come(FIRST + year, persons / YEARS);
        }
        decade.write();
        let key: Vec<u8> = (0..32).map(|_| u8::try_from(decade.dice.below(256)).expect("a byte")).collect();
        let path = decade.project.path(KEY);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(path, key).expect("it can be written");
        decade
    }

    /// So many persons of a year.
    fn come(&mut self, year: usize, persons: usize) {
        for _ in 0..persons {
            let mut codes = [""; 4];
            for (at, (code, weights)) in codes.iter_mut().zip(CODES).enumerate() {
                let known = if at == AGE && !self.unknown { &weights[..weights.len() - 1] } else { weights };
                let mut drawn = self.dice.below(known.iter().map(|(_, weight)| weight).sum());
                let found = known.iter().find(|(_, weight)| {
                    let here = drawn < *weight;
                    drawn = drawn.saturating_sub(*weight);
                    here
                });
                *code = found.map_or("", |(code, _)| *code);
            }
            self.persons.push(Person { id: self.next, year, codes });
            self.next += 1;
        }
    }

    /// So many late cases of each year.
    pub fn grow(&mut self, cases: usize) {
        (0..YEARS).for_each(|year| self.come(FIRST + year, cases));
        self.write();
    }

    /// The age of so many persons of each year becomes known.
    pub fn recode(&mut self, persons: usize) {
        for year in 0..YEARS {
            for _ in 0..persons {
                let age = CODES[AGE][self.dice.below(4)].0;
                let own = |person: &&mut Person| person.year == FIRST + year && person.codes[AGE] == "unknown";
                let number = self.persons.iter_mut().filter(own).count();
                let at = self.dice.below(number);
                if let Some(person) = self.persons.iter_mut().filter(own).nth(at) {
                    person.codes[AGE] = age;
                }
            }
        }
        self.write();
    }

    /// So many persons of each year turn out to be none.
    pub fn remove(&mut self, persons: usize) {
        for year in 0..YEARS {
            for _ in 0..persons {
                let own: Vec<usize> =
                    (0..self.persons.len()).filter(|at| self.persons[*at].year == FIRST + year).collect();
                self.persons.swap_remove(*self.dice.one(&own));
            }
        }
        self.write();
    }

    fn write(&self) {
        let row = |person: &Person| {
            let [sex, age, purpose, province] = person.codes;
            let (year, id) = (person.year, person.id);
            format!("{year}-05-05,identified,{sex},{age},{purpose},XXA,XXA,{province},1,police_register,C-{id:06},\n")
        };
        self.project.write(ROWS, &(LABELS.to_owned() + &self.persons.iter().map(row).collect::<String>()));
    }

    /// Releases what is there.
    pub fn release(&self, name: &str) -> (Look, Told) {
        let seen = look(&self.project);
        let told = self.told(&seen);
        release(&self.project, name);
        (seen, told)
    }

    fn told(&self, seen: &Look) -> Told {
        let country = seen.release.country("XXA").expect("it is sound");
        let mut told = Told::default();
        for year in country.years().iter().filter(|year| year.state() != State::Closes) {
            told.rungs.push(year.rung().unwrap_or(Rung::Nothing));
            told.frozen += usize::from(year.state() != State::Kept || year.rung().is_none());
        }
        let (numbers, now) = (anew(seen), Tally::of(&self.project.read(ROWS)));
        let now = now.counts(numbers.keys());
        for (id, (closed, with_late)) in &numbers {
            // Fewer than when it closed are told as none: 0 promises only that fewer than the base have come.
            let growth = (now[id] - closed).max(0);
            let part = growth % BASE;
            told.errors.push((with_late - closed - growth).abs());
            told.unbiased += 2 * part * (BASE - part);
            told.nearest += part.min(BASE - part) * BASE;
        }
        told
    }
}
