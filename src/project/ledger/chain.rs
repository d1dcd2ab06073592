//! What a release says of closed years, and of the release before it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The release before another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predecessor {
    /// Its name.
    pub release: String,
    /// The checksum of its file.
    pub sha256: String,
}

/// A closed year of one table and measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedYear {
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// The table.
    pub table: String,
    /// The code of its measure; none for a table with one measure.
    pub measure: Option<String>,
    /// The year.
    pub year: String,
    /// For a stock the day that was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// The threshold at its closing.
    pub threshold: u64,
    /// The base at its closing.
    pub base: i64,
    /// Whether a zero was as sensitive as a small number.
    pub zeros_sensitive: bool,
    /// The registers that it closed with.
    pub sources: Vec<String>,
    /// The release that closed it.
    pub release: String,
    /// The day on which it closed; none for a year of releases from before years closed.
    pub closed: Option<String>,
    /// The closed copy; none where there is none.
    pub copy: Option<Copy>,
    /// What is told of late cases; none where nothing can be told any more.
    pub told: Option<Told>,
}

/// What is told of the late cases of a closed year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The threshold at which it is told.
    pub threshold: u64,
    /// The base.
    pub base: i64,
    /// What is told: `all`, `two` (of figures broken down by at most two dimensions), `one`, `totals`, `nothing`. Numbers of
    /// what is not told any more are repeated.
    pub rung: String,
    /// The counts then, and what was told of each group.
    pub state: Copy,
}

/// Something that the custodian keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The release in whose folder it is.
    pub release: String,
    /// HMAC-SHA256 of it, by the custodian's key.
    pub hmac: String,
}

/// A number that was printed with late cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateNumber {
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
    /// How many late cases, a multiple of the base; 0 says fewer than the base.
    pub cases: i64,
    /// The base.
    pub base: i64,
    /// The release that told it.
    pub release: String,
}

impl ClosedYear {
    /// Whether it is this year of this table and measure.
    #[must_use]
    pub fn is(&self, country: &str, table: &str, measure: Option<&str>, year: &str) -> bool {
        (self.country.as_str(), self.table.as_str(), self.measure.as_deref(), self.year.as_str())
            == (country, table, measure, year)
    }

    /// Its name: `XXA/victims:identified:2023`.
    #[must_use]
    pub fn name(&self) -> String {
        name(&self.country, &self.table, self.measure.as_deref(), &self.year)
    }
}

/// The name of a year of a table and measure.
#[must_use]
pub fn name(country: &str, table: &str, measure: Option<&str>, year: &str) -> String {
    let measure = measure.map(|code| format!(":{code}")).unwrap_or_default();
    format!("{country}/{table}{measure}:{year}")
}
