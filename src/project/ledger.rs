//! What has been released of the registers: definitions and printed numbers, edition by edition; nothing withheld.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every released edition, the first first.
#[derive(Debug, Default)]
pub struct Ledger {
    editions: Vec<Edition>,
}

/// The register numbers of one released edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Its name, the file's stem.
    pub edition: String,
    /// Its place among the editions, from 1.
    pub number: u32,
    /// Whether it puts new numbers in the place of earlier ones whatever their difference tells.
    pub corrects: bool,
    /// What was asked of the registers.
    pub definitions: Vec<Definition>,
    /// What it printed.
    pub figures: Vec<Entry>,
}

/// What an indicator asked of a country's registers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// The indicator.
    pub indicator: String,
    /// The table whose rows it counts.
    pub table: String,
    /// The code of its measure; none for a table with one measure.
    pub measure: Option<String>,
    /// Codes that a row must have.
    #[serde(rename = "where")]
    pub conditions: BTreeMap<String, Vec<String>>,
    /// The codes asked for, by dimension.
    pub dimensions: BTreeMap<String, Vec<String>>,
    /// The periods.
    pub periods: Vec<String>,
    /// The registers.
    pub sources: Vec<String>,
}

/// A number that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The figure's id.
    pub id: String,
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// The indicator.
    pub indicator: String,
    /// The period.
    pub period: String,
    /// Codes by dimension, `total` left out.
    pub dimensions: BTreeMap<String, String>,
    /// The number.
    pub value: i64,
}

impl Ledger {
    /// The editions in the order of their numbers.
    #[must_use]
    pub fn new(mut editions: Vec<Edition>) -> Self {
        editions.sort_by(|a, b| (a.number, &a.edition).cmp(&(b.number, &b.edition)));
        Self { editions }
    }

    /// The editions, the first first.
    #[must_use]
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The editions that a new one must agree with: those since the last correction.
    #[must_use]
    pub fn binding(&self) -> &[Edition] {
        let from = self.editions.iter().rposition(|edition| edition.corrects).unwrap_or(0);
        &self.editions[from..]
    }

    /// The last edition that asked an indicator of a country's registers, and what it asked.
    #[must_use]
    pub fn last(&self, country: &str, indicator: &str) -> Option<(&Edition, &Definition)> {
        let asked = |definition: &&Definition| definition.country == country && definition.indicator == indicator;
        let found = |edition: &'_ Edition| edition.definitions.iter().position(|definition| asked(&definition));
        let (edition, at) = self.editions.iter().rev().find_map(|edition| Some((edition, found(edition)?)))?;
        Some((edition, &edition.definitions[at]))
    }
}
