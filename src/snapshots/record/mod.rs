//! An edition on record: its figures as they were, or may be, printed, with what is known of how they came about.
//!
//! A record is either read from what a build published (`figures.json`, and `tables/datapackage.json` for definitions), or
//! taken from a release. Only the latter knows the text of the rows, since only then the tables are at hand. Of a register
//! neither knows a row.

mod published;
mod released;
mod rows;

use std::collections::BTreeMap;

use crate::disclosure::protect::Status;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

pub use published::{FILES, holds_unreleased, previous, published};
pub use released::released;
pub use rows::{Row, Rows};

/// Everything on record of one country.
#[derive(Debug, Default)]
pub struct Record {
    /// Its code.
    pub country: String,
    /// Its figures by id.
    pub figures: BTreeMap<String, Figure>,
    /// What its indicators meant, by id.
    pub definitions: BTreeMap<String, Definition>,
    /// Its public rows; none where only what was published is at hand.
    pub rows: Option<Rows>,
    /// Whether registers could not be read, as in a revision, which holds none.
    pub without_registers: bool,
    /// Whether it holds what prose compares, changes and shares: only a build sets the prose.
    pub with_prose: bool,
}

/// What an indicator meant: its title, and whatever defines it, key by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// What it was called.
    pub title: String,
    /// `description`, `unit`, `dimensions`, `table`, `measure`, `where`: those that are on record.
    pub keys: BTreeMap<&'static str, String>,
}

/// One figure. It holds no number that is withheld.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its id.
    pub id: String,
    /// The indicator's id.
    pub indicator: String,
    /// When.
    pub period: Period,
    /// Codes by dimension.
    pub codes: BTreeMap<String, String>,
    /// The first-ranked value.
    pub value: Option<Value>,
    /// What is counted.
    pub unit: String,
    /// How the value stands to the truth.
    pub qualifier: Qualifier,
    /// Which of the five states it is in.
    pub status: Status,
    /// How it came about.
    pub rule: String,
    /// Who states it, the first-ranked first.
    pub sources: Vec<String>,
    /// Whether no one number satisfies all sources.
    pub contested: bool,
    /// What other sources say.
    pub alternatives: Vec<Alternative>,
    /// Whether prose made it of two others: a change or a share.
    pub relative: bool,
    /// The places of its rows, and of those that other sources have; none of a register's.
    pub rows: Vec<String>,
    /// Whether it rests on a register.
    pub register: bool,
}

/// What another source says.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// How it stands to the truth.
    pub qualifier: Qualifier,
    /// Who states it.
    pub sources: Vec<String>,
}

impl Record {
    /// Whether it has anything on an indicator.
    #[must_use]
    pub fn knows(&self, indicator: &str) -> bool {
        self.definitions.contains_key(indicator) || self.figures.values().any(|figure| figure.indicator == indicator)
    }
}

impl Figure {
    /// The values a reader sees, the first-ranked first; more than one if it is contested.
    #[must_use]
    pub fn readings(&self) -> Vec<(&Value, Qualifier)> {
        let others = self.alternatives.iter().filter(|_| self.contested).map(|other| (&other.value, other.qualifier));
        self.value.iter().map(|value| (value, self.qualifier)).chain(others).collect()
    }

    /// Whether a reader sees the same of both.
    #[must_use]
    pub fn reads_as(&self, other: &Self) -> bool {
        let (one, two) = (self.readings(), other.readings());
        let same = |((a, how), (b, other)): (&(&Value, Qualifier), &(&Value, Qualifier))| a.equals(b) && how == other;
        let stated = self.value.is_some() || self.status == other.status;
        one.len() == two.len() && one.iter().zip(&two).all(same) && stated && self.unit == other.unit
    }
}
