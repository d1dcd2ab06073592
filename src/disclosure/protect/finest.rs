//! The finest groups that printed numbers tell apart, by what was asked alone: no register is needed.
//!
//! Groups that stand in the same numbers are one. Every combination of codes counts, also those that no register uses.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Codes, Question, Test};
use crate::project::ledger::Definition;
use crate::project::schema::{OWN, REST, TOTAL, UNKNOWN};

/// The most places of numbers in groups that are told apart.
const MOST: usize = 4_000_000;
/// A code that nobody names.
const OTHER: &str = "\u{0}";

/// The groups of each printed number.
pub(super) struct Finest {
    /// By indicator and codes.
    of: BTreeMap<(String, Codes), Vec<usize>>,
}

impl Finest {
    /// The groups of numbers, each with what was asked and its codes; none where there are too many to be told apart.
    pub(super) fn of<'d>(numbers: impl Iterator<Item = (&'d Definition, &'d Codes)>, own: &str) -> Option<Self> {
        let question = |definition: &Definition| Question {
            asked: definition.dimensions.clone(),
            conditions: definition.conditions.clone(),
        };
        let mut figures: BTreeMap<(String, Codes), Question> = BTreeMap::new();
        for (definition, codes) in numbers {
            figures.entry((definition.indicator.clone(), codes.clone())).or_insert_with(|| question(definition));
        }
        let names: BTreeSet<String> = figures
            .values()
            .flat_map(|question| question.asked.keys().chain(question.conditions.keys()))
            .cloned()
            .collect();
        // Groups so far, each as the numbers that may count it.
        let mut groups: BTreeSet<Vec<usize>> = BTreeSet::from([(0..figures.len()).collect()]);
        for name in &names {
            let tests: Vec<Test> =
                figures.iter().map(|((_, codes), question)| question.test(name, codes.get(name))).collect();
            let passed: BTreeSet<Vec<bool>> = raw_codes(name, figures.values(), own)
                .iter()
                .map(|code| tests.iter().map(|test| test.passes(code, own)).collect())
                .collect();
            let divided = groups.iter().flat_map(|group| {
                passed.iter().map(move |passed| group.iter().copied().filter(|at| passed[*at]).collect::<Vec<usize>>())
            });
            let mut next = BTreeSet::new();
            let mut places = 0;
            for group in divided.filter(|group| !group.is_empty()) {
                let more = group.len();
                places += if next.insert(group) { more } else { 0 };
                if places > MOST {
                    return None;
                }
            }
            groups = next;
        }
        let mut of: Vec<Vec<usize>> = vec![Vec::new(); figures.len()];
        for (number, group) in groups.iter().enumerate() {
            group.iter().for_each(|at| of[*at].push(number));
        }
        Some(Self { of: figures.into_keys().zip(of).collect() })
    }

    /// The groups of a number, in order.
    pub(super) fn groups(&self, indicator: &str, codes: &Codes) -> &[usize] {
        self.of.get(&(indicator.to_owned(), codes.clone())).map_or(&[], Vec::as_slice)
    }
}

/// Every code that a row may have in a dimension, as far as the questions tell codes apart.
fn raw_codes<'q>(name: &str, questions: impl Iterator<Item = &'q Question>, own: &str) -> BTreeSet<String> {
    let named = questions.flat_map(|question| {
        let asked = question.asked.get(name).into_iter().flatten();
        asked.chain(question.conditions.get(name).into_iter().flatten())
    });
    let named = named.filter(|code| *code != REST);
    let named = named.map(|code| if code == OWN { own.to_owned() } else { code.clone() });
    named.chain([UNKNOWN, TOTAL, OTHER].map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(indicator: &str, dimensions: &[(&str, &[&str])], conditions: &[(&str, &[&str])]) -> Definition {
        let owned = |lists: &[(&str, &[&str])]| {
            let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
            lists.iter().map(|(name, codes)| ((*name).to_owned(), list(codes))).collect()
        };
        Definition {
            country: "XXA".into(),
            indicator: indicator.into(),
            table: "victims".into(),
            measure: Some("identified".into()),
            conditions: owned(conditions),
            dimensions: owned(dimensions),
            periods: vec!["2023".into()],
            sources: Vec::new(),
        }
    }

    fn codes(pairs: &[(&str, &str)]) -> Codes {
        pairs.iter().map(|(name, code)| ((*name).to_owned(), (*code).to_owned())).collect()
    }

    #[test]
    fn figures_that_count_the_same_have_the_same_groups() {
        let all = definition("all", &[("sex", &["female", "male"]), ("age_group", &["0-17", "18+"])], &[]);
        let children = definition("children", &[("sex", &["female", "male"])], &[("age_group", &["0-17"])]);
        let (total, girls) = (codes(&[]), codes(&[("sex", "female"), ("age_group", "0-17")]));
        let (child, female) = (codes(&[("age_group", "0-17")]), codes(&[("sex", "female")]));
        let numbers = [
            (&all, &total),
            (&all, &girls),
            (&all, &child),
            (&all, &female),
            (&children, &total),
            (&children, &female),
        ];
        let finest = Finest::of(numbers.into_iter(), "XXA").expect("they are few");
        let of = |indicator, codes| finest.groups(indicator, codes).to_vec();
        assert_eq!(of("children", &female), of("all", &girls));
        assert_eq!(of("children", &total), of("all", &child));
        assert!(of("all", &girls).iter().all(|group| of("all", &female).contains(group)));
        // Girls, other women, other children, and others.
        assert_eq!(of("all", &total).len(), 4);
    }
}
