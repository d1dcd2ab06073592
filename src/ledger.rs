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
    /// What it printed.
    pub figures: Vec<Entry>,
}

/// A number that was printed, and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The figure's id.
    pub id: String,
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
    /// The period.
    pub period: String,
    /// Codes by dimension, `total` left out.
    pub dimensions: BTreeMap<String, String>,
    /// The number.
    pub value: i64,
    /// The registers.
    pub sources: Vec<String>,
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

    /// What was printed last under every id.
    #[must_use]
    pub fn latest(&self) -> BTreeMap<&str, &Entry> {
        let entries = self.editions.iter().flat_map(|edition| &edition.figures);
        entries.map(|entry| (entry.id.as_str(), entry)).collect()
    }
}
