//! One cell of a release: its value or why there is none, its sources, and what other sources give.

use std::collections::BTreeMap;

use super::mark::{ClosedAs, Mark};
use crate::figures::{Lineage, Yielding};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// The rule of a register's cell that is not printed.
pub(super) const WITHHELD: &str = "withheld";

/// The rule of a ratio.
pub(super) const RATIO: &str = "ratio of";

/// The rule of a closed number with late cases.
const LATE: &str = "counted in a register, and late cases in steps of the base";

/// One cell as it may be printed. It holds no number that is withheld.
// Each is a fact of its own, and none follows from the others.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone)]
pub struct ReleasedCell {
    /// The figure id.
    pub id: String,
    /// The indicator's id.
    pub indicator: String,
    /// When.
    pub period: Period,
    /// Codes by dimension, `total` left out.
    pub codes: BTreeMap<String, String>,
    /// The first-ranked value; none unless published or derived.
    pub value: Option<Value>,
    /// The limit that a publication gives for a withheld value: 5 where it prints `<5`.
    pub below: Option<i64>,
    /// Whether it is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// Its status; a zero is a value.
    pub status: Status,
    /// How it was obtained.
    pub rule: &'static str,
    /// The sources that state it, the first-ranked first.
    pub sources: Vec<String>,
    /// Whether no one number satisfies all sources.
    pub contested: bool,
    /// What other sources give instead.
    pub alternatives: Vec<Alternative>,
    /// The rows it came from; none for a register.
    pub rows: Lineage,
    /// The rows of the other sources that give the same value.
    pub agreeing: Lineage,
    /// The sources' own words where they differ from the code: source, words, and the value that they were coded as.
    pub as_reported: Vec<(String, String, Value)>,
    /// Whether it comes from a register.
    pub register: bool,
    /// Whether it holds a number of a register that is in no release yet.
    pub unreleased: bool,
    /// Set where it is a number of a register, of a year that has closed.
    pub closed: Option<ClosedAs>,
    /// Set where it is a closed number with late cases.
    pub late: Option<Mark>,
    /// Whether it is a figure of its own, or one that compares two others.
    pub relation: Relation,
    /// Whether its denominator is so small that one person moves the share by several points.
    pub small_base: bool,
    /// Whether it is withheld and can still be calculated from other numbers of its publication.
    pub reckonable: bool,
}

/// Whether a figure compares two others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// What its indicator measures.
    Own,
    /// The change since another period, in the indicator's unit.
    Change,
    /// The share of a whole, in per cent.
    Share,
    /// A closed number with late cases.
    Late,
}

/// Another source's value for the same cell.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The value.
    pub value: Value,
    /// Whether it is exact, a bound or an approximation.
    pub qualifier: Qualifier,
    /// Whether its source states it, or it is derived from what that states.
    pub status: Status,
    /// The sources that give it.
    pub sources: Vec<String>,
    /// The rows it came from.
    pub rows: Lineage,
    /// Why it ranks behind the first.
    pub yields: Yielding,
}

/// The state of a released cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A source states it.
    Published,
    /// Summed from complete parts.
    Derived,
    /// A figure exists and is not shown.
    Withheld,
    /// No figure was found.
    NotReported,
    /// The question does not arise.
    NotApplicable,
}

impl Status {
    /// The state of that name in a file; none where it names none.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        let all = [Self::Published, Self::Derived, Self::Withheld, Self::NotReported, Self::NotApplicable];
        all.into_iter().find(|status| status.code() == code)
    }

    /// Its name in files, legends and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Withheld => "withheld",
            Self::NotReported => "not_reported",
            Self::NotApplicable => "not_applicable",
        }
    }
}

impl ReleasedCell {
    /// Whether it is withheld for a time between two other figures: what is read from one to the other jumps over it.
    #[must_use]
    pub fn is_withheld_between(&self, before: &Self, now: &Self) -> bool {
        self.status == Status::Withheld
            && before.period.end() < self.period.start()
            && self.period.end() < now.period.start()
    }

    pub(super) fn withheld(id: String, indicator: String, period: Period, source: String) -> Self {
        Self {
            id,
            indicator,
            period,
            codes: BTreeMap::new(),
            value: None,
            below: None,
            qualifier: Qualifier::Exact,
            status: Status::Withheld,
            rule: WITHHELD,
            sources: vec![source],
            contested: false,
            alternatives: Vec::new(),
            rows: Lineage::default(),
            agreeing: Lineage::default(),
            as_reported: Vec::new(),
            register: true,
            unreleased: false,
            closed: None,
            late: None,
            relation: Relation::Own,
            small_base: false,
            reckonable: false,
        }
    }

    /// Whether it is computed from two other figures: a change, a share or a ratio.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        matches!(self.relation, Relation::Change | Relation::Share) || self.rule == RATIO
    }

    /// The same cell with late cases; none where its year has not closed, or where nothing is told.
    pub(super) fn with_late(&self, closed: i64, mark: &Mark) -> Option<Self> {
        let release = &self.closed.as_ref()?.release;
        Some(Self {
            id: format!("{}:late={release}", self.id),
            value: Some(Value::Count(closed + mark.cases)),
            qualifier: Qualifier::Approximate,
            status: Status::Published,
            rule: LATE,
            contested: false,
            alternatives: Vec::new(),
            as_reported: Vec::new(),
            register: true,
            unreleased: mark.unreleased,
            late: Some(mark.clone()),
            relation: Relation::Late,
            ..self.clone()
        })
    }

    /// Whether it is a reported zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.value == Some(Value::Count(0))
    }

    /// The values of a contested cell, the first-ranked first; otherwise the one value.
    #[must_use]
    pub fn readings(&self) -> Vec<(&Value, Qualifier)> {
        let others = self.alternatives.iter().filter(|_| self.contested).map(|other| (&other.value, other.qualifier));
        self.value.iter().map(|value| (value, self.qualifier)).chain(others).collect()
    }

    /// Every source of what is printed of it.
    #[must_use]
    pub fn cited(&self) -> Vec<&str> {
        let others = self.alternatives.iter().filter(|_| self.contested).flat_map(|other| &other.sources);
        self.sources.iter().chain(others).map(String::as_str).collect()
    }
}
