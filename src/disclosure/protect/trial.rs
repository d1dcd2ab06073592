//! Other rules, tried without being set: what would be withheld under another threshold, or without a breakdown. Closed years
//! stay as they are, as they would.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rayon::prelude::*;

use super::answer::answer;
use super::cost::Cost;
use super::registers::asked;
use super::world::World;
use super::{Known, Unprotected};
use crate::figures::Summaries;
use crate::project::indicator::Indicator;
use crate::project::policy::{LEAST_THRESHOLD, Policy, Weights};

/// A rule that is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another threshold.
    Threshold(u64),
    /// Other weights.
    Weights(Weights),
    /// Whether zeros are sensitive.
    Zeros(bool),
    /// No indicator is broken down by this dimension.
    Without(String),
    /// This indicator is not asked.
    Unasked(String),
}

/// What is withheld of a table in a country, and what would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The country's code.
    pub country: String,
    /// The table.
    pub table: String,
    /// Now.
    pub now: Cost,
    /// Under the rules that are tried.
    pub then: Cost,
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or_else(|| unknown(text))?;
        match (key, value) {
            ("threshold", value) => match value.parse() {
                Ok(threshold) if threshold >= LEAST_THRESHOLD => Ok(Self::Threshold(threshold)),
                _ => Err(format!("a threshold of `{value}` protects nobody; at least {LEAST_THRESHOLD} is expected")),
            },
            ("weights", "cells") => Ok(Self::Weights(Weights::Cells)),
            ("weights", "counts") => Ok(Self::Weights(Weights::Counts)),
            ("zeros_sensitive", "true") => Ok(Self::Zeros(true)),
            ("zeros_sensitive", "false") => Ok(Self::Zeros(false)),
            ("without", dimension) if !dimension.is_empty() => Ok(Self::Without(dimension.to_owned())),
            ("unasked", indicator) if !indicator.is_empty() => Ok(Self::Unasked(indicator.to_owned())),
            ("base", _) => Err("the base changes how late cases are told, and nothing that is withheld".to_owned()),
            _ => Err(unknown(text)),
        }
    }
}

fn unknown(text: &str) -> String {
    let known = "`threshold=5`, `weights=cells`, `zeros_sensitive=true`, `without=DIMENSION` or `unasked=INDICATOR`";
    format!("`{text}` is no rule that can be tried; expected {known}")
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold(threshold) => write!(f, "threshold={threshold}"),
            Self::Weights(Weights::Cells) => f.write_str("weights=cells"),
            Self::Weights(Weights::Counts) => f.write_str("weights=counts"),
            Self::Zeros(zeros) => write!(f, "zeros_sensitive={zeros}"),
            Self::Without(dimension) => write!(f, "without={dimension}"),
            Self::Unasked(indicator) => write!(f, "unasked={indicator}"),
        }
    }
}

impl Change {
    /// Why it cannot be tried on these indicators; none where it can.
    #[must_use]
    pub fn unfit(&self, indicators: &[Indicator]) -> Option<String> {
        let dimension = |name: &String| indicators.iter().any(|indicator| indicator.dimensions.contains(name));
        match self {
            Self::Without(name) if !dimension(name) => Some(format!("no indicator is broken down by `{name}`")),
            Self::Unasked(id) if !indicators.iter().any(|indicator| indicator.id == *id) => {
                Some(format!("there is no indicator `{id}`"))
            }
            _ => None,
        }
    }

    /// Policy and indicators under it.
    fn applied(&self, policy: &mut Policy, indicators: &mut Vec<Indicator>) {
        match self {
            Self::Threshold(threshold) => policy.threshold = *threshold,
            Self::Weights(weights) => policy.weights = *weights,
            Self::Zeros(zeros) => policy.zeros_sensitive = *zeros,
            Self::Without(dimension) => {
                indicators.iter_mut().for_each(|indicator| indicator.dimensions.retain(|name| name != dimension));
            }
            Self::Unasked(id) => indicators.retain(|indicator| indicator.id != *id),
        }
    }
}

/// Policy and indicators under some rules.
pub(super) fn under(changes: &[Change], policy: &Policy, indicators: &[Indicator]) -> (Policy, Vec<Indicator>) {
    let (mut policy, mut indicators) = (*policy, indicators.to_vec());
    changes.iter().for_each(|change| change.applied(&mut policy, &mut indicators));
    (policy, indicators)
}

/// What is withheld of each table of each country that has a register at hand, and what would be under other rules.
#[must_use]
pub fn tried(of: Unprotected<'_>, changes: &[Change]) -> Vec<Trial> {
    let (policy, indicators) = under(changes, of.policy, of.indicators);
    let of_country = |country: &Summaries| {
        let now = costs(country, of.indicators, of.policy, of.known);
        let mut then = costs(country, &indicators, &policy, of.known);
        let trial = |(table, now): (String, Cost)| Trial {
            country: country.iso3().to_owned(),
            then: then.remove(&table).unwrap_or_default(),
            table,
            now,
        };
        now.into_iter().map(trial).collect::<Vec<_>>()
    };
    of.summaries.iter().flat_map(of_country).collect()
}

/// What is withheld of each table.
fn costs(country: &Summaries, indicators: &[Indicator], policy: &Policy, known: Known<'_>) -> BTreeMap<String, Cost> {
    let world = World::of(country, indicators, policy, (known.ledger, known.custody, known.reopened));
    let asked = asked(&world);
    let each: Vec<(String, Cost)> =
        asked.par_iter().map(|asked| (asked.key.0.clone(), Cost::of(&answer(asked, &world), country.iso3()))).collect();
    let mut all: BTreeMap<String, Cost> = BTreeMap::new();
    each.into_iter().for_each(|(table, cost)| all.entry(table).or_default().merge(cost));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        for text in [
            "threshold=5",
            "weights=cells",
            "weights=counts",
            "zeros_sensitive=true",
            "without=sex",
            "unasked=children",
        ] {
            assert_eq!(text.parse::<Change>().map(|change| change.to_string()), Ok(text.to_owned()));
        }
        for wrong in
            ["threshold", "threshold=2", "threshold=x", "weights=none", "without=", "base=20", "lag_months=1", ""]
        {
            assert!(wrong.parse::<Change>().is_err(), "`{wrong}`");
        }
    }
}
