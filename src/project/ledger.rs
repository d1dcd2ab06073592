//! The earlier releases of register numbers: their definitions and the numbers that were printed, never those withheld.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Every release, in order.
#[derive(Debug, Default)]
pub struct Ledger {
    releases: Vec<RegisterRelease>,
}

/// The register numbers of one release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRelease {
    /// Its name, the stem of its file. The key still has the old name.
    #[serde(rename = "edition")]
    pub name: String,
    /// Its place among the releases, from 1.
    pub number: u32,
    /// Whether its numbers replace earlier ones, even if the difference discloses something.
    pub corrects: bool,
    /// The counts that were taken from the registers.
    pub definitions: Vec<Definition>,
    /// The numbers that were printed.
    pub figures: Vec<PrintedNumber>,
}

/// The count that an indicator took from a country's registers.
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
    /// The codes that a row must have.
    #[serde(rename = "where")]
    pub conditions: BTreeMap<String, Vec<String>>,
    /// The codes counted, by dimension.
    pub dimensions: BTreeMap<String, Vec<String>>,
    /// The periods.
    pub periods: Vec<String>,
    /// The registers.
    pub sources: Vec<String>,
}

/// A printed number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedNumber {
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
    /// The releases in the order of their numbers.
    #[must_use]
    pub fn new(mut releases: Vec<RegisterRelease>) -> Self {
        releases.sort_by(|a, b| (a.number, &a.name).cmp(&(b.number, &b.name)));
        Self { releases }
    }

    /// The releases, in order.
    #[must_use]
    pub fn releases(&self) -> &[RegisterRelease] {
        &self.releases
    }

    /// The releases that a new one must be consistent with: those since the last correction.
    #[must_use]
    pub fn binding(&self) -> &[RegisterRelease] {
        let from = self.releases.iter().rposition(|release| release.corrects).unwrap_or(0);
        &self.releases[from..]
    }

    /// The last release that counted an indicator in a country's registers, with its definition.
    #[must_use]
    pub fn last(&self, country: &str, indicator: &str) -> Option<(&RegisterRelease, &Definition)> {
        let asked = |definition: &&Definition| definition.country == country && definition.indicator == indicator;
        let found = |release: &'_ RegisterRelease| release.definitions.iter().position(|definition| asked(&definition));
        let (release, at) = self.releases.iter().rev().find_map(|release| Some((release, found(release)?)))?;
        Some((release, &release.definitions[at]))
    }
}
