//! Earlier releases of a register, read from the ledger: the cells that each could print, and the numbers that it printed
//! (docs/disclosure.md#releases).

use std::collections::BTreeMap;

use super::assemble::{Assembly, Codes, Question};
use super::past::PastNumbers;
use crate::project::ledger::{Definition, Ledger, RegisterRelease};

/// The part of one earlier release that belongs to one system.
#[derive(Debug, Clone)]
pub(super) struct EarlierRelease {
    /// Its name in the ledger.
    pub(super) name: String,
    /// For each indicator its question and the numbers printed in answer.
    asked: Vec<(String, Question, BTreeMap<Codes, i64>)>,
}

/// Numbers that are reprinted: the number of the question that asks for each, its codes, and the value.
pub(super) type Reprinted = Vec<(usize, Codes, i64)>;

impl EarlierRelease {
    /// What a release printed of a table, measure and year; none where it printed no number of them.
    pub(super) fn of(
        (ledger, release): (&Ledger, &RegisterRelease),
        country: &str,
        year: &str,
        table: &str,
        measure: Option<&str>,
    ) -> Option<Self> {
        let own = |definition: &&Definition| {
            definition.table == table
                && definition.measure.as_deref() == measure
                && definition.periods.iter().any(|period| period == year)
        };
        let asked = |definition: &Definition| {
            let entries = ledger.figures(release, country, &definition.indicator).filter(|entry| entry.period == year);
            let numbers: BTreeMap<Codes, i64> = entries.map(|entry| (entry.dimensions.clone(), entry.value)).collect();
            let question = Question { asked: definition.dimensions.clone(), conditions: definition.conditions.clone() };
            (definition.indicator.clone(), question, numbers)
        };
        let asked: Vec<_> = ledger.definitions(release, country).into_iter().filter(own).map(asked).collect();
        asked.iter().any(|(.., numbers)| !numbers.is_empty()).then(|| Self { name: release.name.clone(), asked })
    }

    /// Its questions.
    pub(super) fn questions(&self) -> impl Iterator<Item = &Question> {
        self.asked.iter().map(|(_, question, _)| question)
    }

    /// Its numbers that today's questions still ask for, over the same rows. A release without a `rest` counted those persons
    /// as `unknown`, so its `unknown` is not today's.
    pub(super) fn reprinted(&self, questions: &[(String, Question)]) -> Reprinted {
        let mut reprinted = Reprinted::new();
        for (indicator, question, numbers) in &self.asked {
            let same = |(other, now): &(String, Question)| other == indicator && now.conditions == question.conditions;
            if let Some(number) = questions.iter().position(same) {
                let now = &questions[number].1;
                let still = numbers.iter().filter(|(codes, _)| question.counts_as(now, codes));
                reprinted.extend(still.map(|(codes, value)| (number, codes.clone(), *value)));
            }
        }
        reprinted
    }

    /// Its cells as the system numbers them; none where the system has no cell for one of them, or where one cell was printed
    /// with two different numbers.
    pub(super) fn numbers(&self, assembly: &Assembly) -> Option<PastNumbers> {
        let mut past = PastNumbers::new();
        for (_, question, numbers) in &self.asked {
            for codes in question.combinations() {
                let number = numbers.get(&codes).copied();
                // A rest that must be empty today must have been empty then.
                if assembly.is_empty(question, &codes) {
                    if number.is_some_and(|number| number != 0) {
                        return None;
                    }
                    continue;
                }
                let known = past.entry(assembly.codes(question, &codes)?).or_insert(number);
                match (*known, number) {
                    (Some(one), Some(other)) if one != other => return None,
                    (None, Some(_)) => *known = number,
                    _ => {}
                }
            }
        }
        Some(past)
    }
}
