//! What earlier editions asked of a system and printed of it, from the ledger (3.3).

use std::collections::BTreeMap;

use super::assemble::{Assembly, Codes, Question};
use super::past::PastNumbers;
use crate::project::ledger::{Definition, Edition};

/// What one edition asked of a system and printed of it.
#[derive(Debug, Clone)]
pub(super) struct EarlierRelease {
    /// What the edition is called.
    pub(super) edition: String,
    /// Each indicator's question, and the numbers printed of it.
    asked: Vec<(String, Question, BTreeMap<Codes, i64>)>,
}

/// Numbers that are printed again: the question that asks for each, its codes, and the number.
pub(super) type Reprinted = Vec<(usize, Codes, i64)>;

impl EarlierRelease {
    /// What an edition printed of a table, measure and year; nothing where it printed no number of it.
    pub(super) fn of(edition: &Edition, country: &str, year: &str, table: &str, measure: Option<&str>) -> Option<Self> {
        let own = |definition: &&Definition| {
            definition.country == country
                && definition.table == table
                && definition.measure.as_deref() == measure
                && definition.periods.iter().any(|period| period == year)
        };
        let asked = |definition: &Definition| {
            let entries = edition.figures.iter().filter(|entry| entry.country == country && entry.period == year);
            let entries = entries.filter(|entry| entry.indicator == definition.indicator);
            let numbers: BTreeMap<Codes, i64> = entries.map(|entry| (entry.dimensions.clone(), entry.value)).collect();
            let question = Question { asked: definition.dimensions.clone(), conditions: definition.conditions.clone() };
            (definition.indicator.clone(), question, numbers)
        };
        let asked: Vec<_> = edition.definitions.iter().filter(own).map(asked).collect();
        asked.iter().any(|(.., numbers)| !numbers.is_empty()).then(|| Self { edition: edition.edition.clone(), asked })
    }

    /// Its questions.
    pub(super) fn questions(&self) -> impl Iterator<Item = &Question> {
        self.asked.iter().map(|(_, question, _)| question)
    }

    /// Its numbers that are asked for still, of the same rows. What an edition without a `rest` counted as `unknown` is
    /// another number now.
    pub(super) fn again(&self, questions: &[(String, Question)]) -> Reprinted {
        let mut released = Reprinted::new();
        for (indicator, question, numbers) in &self.asked {
            let same = |(other, now): &(String, Question)| other == indicator && now.conditions == question.conditions;
            if let Some(number) = questions.iter().position(same) {
                let now = &questions[number].1;
                let still = numbers.iter().filter(|(codes, _)| question.counts_as(now, codes));
                released.extend(still.map(|(codes, value)| (number, codes.clone(), *value)));
            }
        }
        released
    }

    /// Its cells; nothing where the system does not tell them apart, or one cell was printed with two numbers.
    pub(super) fn told(&self, assembly: &Assembly) -> Option<PastNumbers> {
        let mut told = PastNumbers::new();
        for (_, question, numbers) in &self.asked {
            for codes in question.combinations() {
                let number = numbers.get(&codes).copied();
                // Of a rest in which nobody can be now, nobody was counted then.
                if assembly.is_empty(question, &codes) {
                    if number.is_some_and(|number| number != 0) {
                        return None;
                    }
                    continue;
                }
                let known = told.entry(assembly.codes(question, &codes)?).or_insert(number);
                match (*known, number) {
                    (Some(one), Some(other)) if one != other => return None,
                    (None, Some(_)) => *known = number,
                    _ => {}
                }
            }
        }
        Some(told)
    }
}
