//! Closed years, as the ledger has them: the numbers printed of each, and the codes that its questions name
//! (docs/disclosure.md#years-close).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::assemble::{Codes, Question};
use super::questions::OpenLists;
use crate::project::indicator::Indicator;
use crate::project::ledger::{ClosedYear, Definition, LateNumber, Ledger, RegisterRelease};
use crate::project::schema::{REST, UNKNOWN};

/// The last numbers with late cases: by indicator, period and codes.
pub(super) type LateNumbers<'l> = BTreeMap<(&'l str, &'l str, &'l Codes), &'l LateNumber>;

/// A closed year of one table and measure.
#[derive(Debug)]
pub(super) struct Closed<'l> {
    /// What the last release says of it; none for a year of releases from before years closed.
    pub(super) record: Option<&'l ClosedYear>,
    /// The release that closed it, or the last one that printed it.
    pub(super) release: &'l str,
    /// The day on which it closed, where it is known.
    pub(super) date: Option<NaiveDate>,
    /// What was asked of it by the releases that bind it, the earliest first, with the last numbers printed in answer.
    asked: Vec<(Question, BTreeMap<Codes, i64>)>,
    /// Whether no release printed another number than one before it, as releases from before years closed could.
    consistent: bool,
}

/// What the releases made of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Was {
    /// No release was asked for it.
    Never,
    /// It was withheld.
    Withheld,
    /// It was printed.
    Printed(i64),
}

impl<'l> Closed<'l> {
    /// A year of a table and measure, if it has closed.
    pub(super) fn of(
        ledger: &'l Ledger,
        country: &str,
        table: &str,
        measure: Option<&str>,
        year: &str,
    ) -> Option<Self> {
        let record = ledger.closed_years().iter().find(|closed| closed.is(country, table, measure, year));
        let own = |definition: &&'l Definition| {
            definition.table == table
                && definition.measure.as_deref() == measure
                && definition.periods.iter().any(|period| period == year)
        };
        let (mut asked, mut last, mut consistent) = (Vec::<(Question, BTreeMap<Codes, i64>)>::new(), None, true);
        for release in ledger.binding_of(record) {
            let mut printed = false;
            for definition in ledger.definitions(release, country).into_iter().filter(own) {
                let question =
                    Question { asked: definition.dimensions.clone(), conditions: definition.conditions.clone() };
                let numbers = numbers(ledger, release, country, definition, year);
                printed |= !numbers.is_empty();
                match asked.iter_mut().find(|(known, _)| *known == question) {
                    None => asked.push((question, numbers)),
                    Some((_, known)) => {
                        for (codes, value) in numbers {
                            let before = known.insert(codes, value);
                            consistent &= before.is_none_or(|before| before == value);
                        }
                    }
                }
            }
            // Releases from before years closed name a year also where they print nothing of it.
            last = Some(release.name.as_str()).filter(|_| printed).or(last);
        }
        let release = record.map(|closed| closed.release.as_str()).or(last)?;
        let date = record.and_then(|closed| NaiveDate::parse_from_str(closed.closed.as_ref()?, "%Y-%m-%d").ok());
        Some(Self { record, release, date, asked, consistent })
    }

    /// Its questions, those that are asked no longer included.
    pub(super) fn questions(&self) -> Vec<&Question> {
        self.asked.iter().map(|(question, _)| question).collect()
    }

    /// Whether every cell was printed with one number only.
    pub(super) fn is_consistent(&self) -> bool {
        self.consistent
    }

    /// Each of its questions, with the last numbers printed in answer.
    pub(super) fn asked(&self) -> impl Iterator<Item = (&Question, &BTreeMap<Codes, i64>)> {
        self.asked.iter().map(|(question, numbers)| (question, numbers))
    }

    /// Every cell that was printed, with its question.
    pub(super) fn printed(&self) -> impl Iterator<Item = (&Question, &Codes, i64)> {
        self.asked
            .iter()
            .flat_map(|(question, numbers)| numbers.iter().map(move |(codes, value)| (question, codes, *value)))
    }

    /// A question as it is asked of the closed year: with the codes that its releases named, and no others.
    pub(super) fn fixed(&self, now: &Question) -> Question {
        let alike = |question: &&Question| question.conditions == now.conditions;
        let named = |dimension: &String| {
            let own = self.asked.iter().rev().map(|(question, _)| question).filter(alike);
            let any = self.asked.iter().rev().map(|(question, _)| question);
            own.chain(any).find_map(|question| question.asked.get(dimension))
        };
        let mut fixed = now.clone();
        for (dimension, codes) in &mut fixed.asked {
            let open = codes.iter().any(|code| code == REST);
            if let Some(known) = named(dimension) {
                codes.clone_from(known);
                // What older releases counted as unknown is not what a rest leaves unknown.
                if open && !codes.iter().any(|code| code == REST) {
                    codes.push(REST.to_owned());
                }
            }
        }
        fixed
    }

    /// What an indicator asks of it where no register is at hand; none where no release was asked that.
    pub(super) fn known(&self, indicator: &Indicator, table: &str, open: &OpenLists) -> Option<Question> {
        let own = self.asked.iter().rev().map(|(question, _)| question);
        let known = own
            .filter(|question| question.conditions == indicator.conditions)
            .find(|question| question.asked.keys().all(|dimension| indicator.dimensions.contains(dimension)));
        let mut question = known?.clone();
        for (dimension, codes) in &mut question.asked {
            let open = open.contains(&(table.to_owned(), dimension.clone()));
            if open && !codes.iter().any(|code| code == REST) {
                codes.push(REST.to_owned());
            }
        }
        Some(question)
    }

    /// The number printed of a question's cell.
    pub(super) fn number(&self, now: &Question, codes: &Codes) -> Option<i64> {
        match self.was(now, codes) {
            Was::Printed(value) => Some(value),
            Was::Withheld | Was::Never => None,
        }
    }

    /// What became of a question's cell: the last number that was printed of it.
    pub(super) fn was(&self, now: &Question, codes: &Codes) -> Was {
        let mut was = Was::Never;
        for (question, numbers) in &self.asked {
            if question.conditions != now.conditions || !asks(question, codes) {
                continue;
            }
            // Where nobody is unknown or of a rest, nobody is either.
            let nobody = numbers.get(codes) == Some(&0);
            if !question.counts_as(now, codes) && !nobody {
                continue;
            }
            was = match (numbers.get(codes), was) {
                (Some(value), _) => Was::Printed(*value),
                (None, Was::Never) => Was::Withheld,
                (None, before) => before,
            };
        }
        was
    }
}

/// Whether a question asks for a cell with these codes.
fn asks(question: &Question, codes: &Codes) -> bool {
    codes.iter().all(|(dimension, code)| {
        let asked = question.asked.get(dimension);
        asked.is_some_and(|asked| code == UNKNOWN || asked.contains(code))
    })
}

fn numbers(
    ledger: &Ledger,
    release: &RegisterRelease,
    country: &str,
    definition: &Definition,
    year: &str,
) -> BTreeMap<Codes, i64> {
    let entries = ledger.figures(release, country, &definition.indicator);
    let own = entries.filter(|entry| entry.year() == year);
    own.map(|entry| (entry.dimensions.clone(), entry.value)).collect()
}

/// The last numbers with late cases of a country.
pub(super) fn late_numbers<'l>(ledger: &'l Ledger, country: &str) -> LateNumbers<'l> {
    let own = ledger.late().iter().filter(|number| number.country == country);
    own.map(|number| ((number.indicator.as_str(), number.period.as_str(), &number.dimensions), number)).collect()
}
