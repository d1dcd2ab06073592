//! What the custodian keeps of closed years, under `register/.closed/` of a country: the key, and for each release the counted
//! tables of the years that it closed, the counts of all closed years as they were then, and what was told of late cases.
//!
//! None of it is an input of a build that anybody else may see: no manifest lists it, and no message quotes it.

mod counts;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use counts::{Counts, Row};

/// The folder in the one of a country's registers.
pub const FOLDER: &str = ".closed";
/// The file of the key.
pub const KEY: &str = "key";
/// The file of what a release told of late cases.
pub const TOLD: &str = "late.json";
/// What the name of a file of counts ends with.
pub const COUNTS: &str = ".now.csv";
/// What the name of a closed copy ends with.
pub const COPY: &str = ".csv";

/// What is kept of all countries, by country.
#[derive(Default)]
pub struct Custody {
    /// Those that keep anything.
    pub countries: BTreeMap<String, Kept>,
}

/// What is kept of one country.
#[derive(Default)]
pub struct Kept {
    /// The key; none where it is lost.
    pub key: Option<[u8; 32]>,
    /// What is kept of each release, by its name.
    pub releases: BTreeMap<String, KeptRelease>,
}

/// What is kept of one release.
#[derive(Default)]
pub struct KeptRelease {
    /// The closed copies of the years that it closed, by table.
    pub copies: BTreeMap<String, Counts>,
    /// The counts of all closed years, as they were then, by table.
    pub now: BTreeMap<String, Counts>,
    /// What it told of late cases.
    pub told: Vec<ToldYear>,
}

/// What a release told of the late cases of a closed year, group by group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldYear {
    /// Country, table, measure and year.
    pub year: String,
    /// How many cases had come in all.
    pub passed: i64,
    /// What was told of each finest group: base × z, 0 left out.
    pub groups: BTreeMap<String, i64>,
}

impl KeptRelease {
    /// Whether it has anything of a table.
    #[must_use]
    pub fn holds(&self, table: &str) -> bool {
        self.copies.contains_key(table) || self.now.contains_key(table)
    }
}

impl Custody {
    /// What is kept of a country.
    #[must_use]
    pub fn of(&self, country: &str) -> Option<&Kept> {
        self.countries.get(country)
    }
}
