//! The record of one country's figures, as published or as they may be published now, with their sources and definitions.
//!
//! A record is read from published files (`figures.json`, and `tables/datapackage.json` for definitions) or taken from a
//! release. Only the latter has the text of the rows, since only then the tables are available. Neither has rows of a
//! register.

mod kept;
mod published;
mod released;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use crate::disclosure::protect::Status;
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

pub use published::{FILES, holds_unreleased, previous, published, read};
pub use released::{define, released};
pub use rows::{PublicRow, PublicRows};

/// Everything on record of one country.
#[derive(Debug, Default)]
pub struct Record {
    /// Its code.
    pub country: String,
    /// Its figures by id.
    pub figures: BTreeMap<String, Figure>,
    /// The definitions of its indicators, by id.
    pub definitions: BTreeMap<String, Definition>,
    /// Its public rows; none where only published files are available.
    pub rows: Option<PublicRows>,
    /// Whether registers could not be read, as in a revision, which holds none.
    pub without_registers: bool,
    /// Whether it includes the changes and shares that prose asks for, which only a build computes.
    pub with_prose: bool,
}

/// The definition of an indicator: its title, and its defining keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its title.
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
    /// Whether the value is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// Which of the five states it is in.
    pub status: Status,
    /// How it was obtained.
    pub rule: String,
    /// The sources that give it, the first-ranked first.
    pub sources: Vec<String>,
    /// Whether no one number satisfies all sources.
    pub contested: bool,
    /// The values that other sources give.
    pub alternatives: Vec<Alternative>,
    /// Whether it is a change or a share, which prose computes from two others.
    pub relative: bool,
    /// The places of its rows, and of those that other sources have; none of a register's.
    pub rows: Vec<String>,
    /// Whether it comes from a register.
    pub register: bool,
}

/// Another source's value.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// Whether it is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// The sources that give it.
    pub sources: Vec<String>,
}

impl Record {
    /// The indicators on which it has anything.
    #[must_use]
    pub fn indicators(&self) -> BTreeSet<&str> {
        let figures = self.figures.values().map(|figure| &figure.indicator);
        self.definitions.keys().chain(figures).map(String::as_str).collect()
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
