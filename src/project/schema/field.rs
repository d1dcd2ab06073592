//! One column: what its cells are, and what they must satisfy.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;

use super::kind::Kind;
use super::logical::Logical;
use super::writing::Writing;
use crate::project::face::Family;
use crate::project::iso3166::{self, Known};

/// One column.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its label.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// How its cells are written.
    pub writing: Writing,
    /// What its cells must satisfy.
    pub constraints: Constraints,
    /// Codes and what a reader sees for them.
    pub labels: BTreeMap<String, String>,
    /// Cells that declare a missing value, with the state each declares. An empty cell is always one, and none of these.
    pub missing: BTreeMap<String, String>,
    /// Whether the column must be there.
    pub required_column: bool,
    /// What its codes stand for, where a rule depends on it.
    pub stands_for: Option<StandsFor>,
    /// Whether it holds the value of an observation: a finite number, or a state, or a code.
    pub observed: bool,
    /// What a well-written cell looks like, in words that follow "must be": such as `0-17` or `18+`.
    pub expected: Option<String>,
    /// What is known of countries, where its codes stand for them.
    pub countries: Arc<Known>,
    /// The languages in which its cells are printed word for word; none for cells that are not.
    pub printed: Arc<[Printing]>,
    /// Two fields of dates whose stretch holds, or is, the period of this one.
    pub within: Option<(String, String)>,
}

/// How a language prints the cells of a column.
#[derive(Debug, Clone)]
pub struct Printing {
    /// The language.
    pub language: String,
    /// Its face beside the page's own.
    pub face: Option<Family>,
    /// What it says in its own words instead, by country and id.
    pub translated: BTreeSet<(String, String)>,
    /// What is wrong with a letter that none of its faces has, and what to do.
    pub without: fn(char, &str) -> (String, String),
}

/// What the codes of a field stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandsFor {
    /// Sections of the brief, which the folders of indicators declare.
    Section,
    /// Countries, by the alpha-3 codes of ISO 3166-1; what is not written in three capitals is a code beside them.
    Country,
    /// Provinces, by the codes of ISO 3166-2.
    Province,
    /// Age bands, which may lie within one another or apart, but not cross.
    AgeGroup,
}

/// Table Schema constraints, tested on each distinct cell.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// The cell may not be empty.
    pub required: bool,
    /// No cell occurs twice.
    pub unique: bool,
    /// The only values allowed: `enum`, or the values of `categories`.
    pub allowed: Vec<String>,
    /// What a value may not fall below.
    pub minimum: Vec<Bound>,
    /// What a value may not exceed.
    pub maximum: Vec<Bound>,
    /// The least count of characters, or of a list's items.
    pub min_length: Option<usize>,
    /// The greatest count of characters, or of a list's items.
    pub max_length: Option<usize>,
    /// A regular expression that the whole cell matches.
    pub pattern: Option<Regex>,
}

/// An end of the values allowed.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The value.
    pub value: Logical,
    /// As the schema writes it.
    pub written: String,
    /// Whether the value itself is outside.
    pub exclusive: bool,
}

impl Field {
    /// What a reader sees for `code`: its declared label, or the code itself.
    #[must_use]
    pub fn label<'l>(&'l self, code: &'l str) -> &'l str {
        self.labels.get(code).map_or(code, String::as_str)
    }

    /// The value that a cell writes; none when it is not of this field's type.
    #[must_use]
    pub fn read(&self, written: &str) -> Option<Logical> {
        self.writing.read(self.kind, written).filter(|value| !self.observed || value.is_finite())
    }

    /// Whether a cell is of this field's type.
    #[must_use]
    pub fn accepts(&self, written: &str) -> bool {
        // Words may be as many as there are rows: none is copied.
        if self.kind == Kind::Text { self.writing.is_text(written) } else { self.read(written).is_some() }
    }

    /// The whole number that a cell writes, whatever marks its groups; none for anything else, a missing value included.
    #[must_use]
    pub fn integer(&self, written: &str) -> Option<i64> {
        self.digits(written).parse().ok()
    }

    /// The number that a cell writes, with a decimal point, without marks of groups and without what surrounds it.
    #[must_use]
    pub fn digits<'c>(&self, written: &'c str) -> Cow<'c, str> {
        self.writing.digits(self.kind, written)
    }

    /// Whether this is a field of countries and `code`, three capitals, is none; its other codes are words of the schema.
    #[must_use]
    pub fn names_no_country(&self, code: &str) -> bool {
        let capitals = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        self.stands_for == Some(StandsFor::Country) && capitals && !iso3166::is_country(code)
    }

    /// Whether it lists no codes, so that any that its pattern allows may occur.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.constraints.allowed.is_empty()
    }

    /// Whether `code` is one of the values allowed, compared as values of its type.
    #[must_use]
    pub fn allows(&self, code: &str) -> bool {
        let allowed = &self.constraints.allowed;
        if allowed.is_empty() || allowed.iter().any(|allowed| allowed == code) {
            return true;
        }
        let value = self.read(code).filter(|_| self.kind != Kind::Text);
        value.is_some_and(|value| allowed.iter().any(|allowed| self.read(allowed).as_ref() == Some(&value)))
    }
}

impl Constraints {
    /// Whether neither a bound nor a length limits the values.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.minimum.is_empty() && self.maximum.is_empty() && self.min_length.is_none() && self.max_length.is_none()
    }
}

impl Bound {
    /// Whether a value falls below this, the least.
    #[must_use]
    pub fn is_above(&self, value: &Logical) -> bool {
        value < &self.value || self.exclusive && value == &self.value
    }

    /// Whether a value exceeds this, the greatest.
    #[must_use]
    pub fn is_below(&self, value: &Logical) -> bool {
        value > &self.value || self.exclusive && value == &self.value
    }
}
