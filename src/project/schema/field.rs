//! One column: the type of its cells and their constraints.

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
    /// The type of its cells.
    pub kind: Kind,
    /// How its cells are written.
    pub writing: Writing,
    /// The constraints on its cells.
    pub constraints: Constraints,
    /// The labels that are printed for its codes.
    pub labels: BTreeMap<String, String>,
    /// The cells that stand for a missing value, with the state that each declares. An empty cell always does, and is not listed.
    pub missing: BTreeMap<String, String>,
    /// Whether the column must exist.
    pub required_column: bool,
    /// Whether a new table does without the column until somebody needs it.
    pub later_column: bool,
    /// What its codes stand for, if a rule depends on it.
    pub stands_for: Option<StandsFor>,
    /// Whether it holds the value of an observation: a finite number, a state or a code.
    pub observed: bool,
    /// A description of a correct cell, in words that follow "must be": such as `0-17` or `18+`.
    pub expected: Option<String>,
    /// What is said of it to those who fill it in.
    pub about: About,
    /// The known countries, if its codes stand for countries.
    pub countries: Arc<Known>,
    /// The languages in which its cells are printed word for word; empty if they are not printed.
    pub printed: Arc<[Printing]>,
    /// The two date fields between which the period in this one must lie.
    pub within: Option<(String, String)>,
}

/// What a schema says of a column to people: in the words of the schema, which has one language.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// Its title.
    pub title: String,
    /// What it holds.
    pub description: String,
    /// A correct cell.
    pub example: Option<String>,
}

/// How a language prints the cells of a column.
#[derive(Debug, Clone)]
pub struct Printing {
    /// The language.
    pub language: String,
    /// Its font beside that of the page.
    pub face: Option<Family>,
    /// The texts that it translates, by country and id.
    pub translated: BTreeSet<(String, String)>,
    /// The message and the hint for a letter that none of its fonts has.
    pub without: fn(char, &str) -> (String, String),
}

/// What the codes of a field stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandsFor {
    /// Sections of the brief: the folders of indicators.
    Section,
    /// Countries, by the alpha-3 codes of ISO 3166-1. A code that is not three capitals is an ordinary code.
    Country,
    /// Provinces, by the codes of ISO 3166-2.
    Province,
    /// Age groups, which may contain one another or be apart, but not overlap.
    AgeGroup,
}

/// Table Schema constraints, tested on each distinct cell.
#[derive(Debug, Clone, Default)]
pub struct Constraints {
    /// Whether the cell must not be empty.
    pub required: bool,
    /// Whether no cell may occur twice.
    pub unique: bool,
    /// The only values allowed: `enum`, or the values of `categories`.
    pub allowed: Vec<String>,
    /// The lower bounds of a value.
    pub minimum: Vec<Bound>,
    /// The upper bounds of a value.
    pub maximum: Vec<Bound>,
    /// The smallest number of characters, or of items in a list.
    pub min_length: Option<usize>,
    /// The largest number of characters, or of items in a list.
    pub max_length: Option<usize>,
    /// A regular expression that the whole cell must match.
    pub pattern: Option<Regex>,
}

/// A bound of the values allowed.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The value.
    pub value: Logical,
    /// The value as it is written in the schema.
    pub written: String,
    /// Whether the value itself is not allowed.
    pub exclusive: bool,
}

impl Field {
    /// The label of `code` that is printed, or the code itself if it has none.
    #[must_use]
    pub fn label<'l>(&'l self, code: &'l str) -> &'l str {
        self.labels.get(code).map_or(code, String::as_str)
    }

    /// The value of a cell; none if it is not of this field's type.
    #[must_use]
    pub fn read(&self, written: &str) -> Option<Logical> {
        self.writing.read(self.kind, written).filter(|value| !self.observed || value.is_finite())
    }

    /// Whether a cell is of this field's type.
    #[must_use]
    pub fn accepts(&self, written: &str) -> bool {
        // There may be as many texts as rows, so none is copied.
        if self.kind == Kind::Text { self.writing.is_text(written) } else { self.read(written).is_some() }
    }

    /// The whole number in a cell, without the marks of groups; none for anything else, such as a missing value.
    #[must_use]
    pub fn integer(&self, written: &str) -> Option<i64> {
        self.digits(written).parse().ok()
    }

    /// The number in a cell, with a decimal point, and without the marks of groups and the text around it.
    #[must_use]
    pub fn digits<'c>(&self, written: &'c str) -> Cow<'c, str> {
        self.writing.digits(self.kind, written)
    }

    /// Whether this is a field of countries and `code` is three capitals but not a country.
    #[must_use]
    pub fn names_no_country(&self, code: &str) -> bool {
        let capitals = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        self.stands_for == Some(StandsFor::Country) && capitals && !iso3166::is_country(code)
    }

    /// Whether it lists no codes, so that every code is allowed that matches its pattern.
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
    /// Whether there is neither a bound nor a limit of length.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.minimum.is_empty() && self.maximum.is_empty() && self.min_length.is_none() && self.max_length.is_none()
    }
}

impl Bound {
    /// Whether a value is below this lower bound.
    #[must_use]
    pub fn is_above(&self, value: &Logical) -> bool {
        value < &self.value || self.exclusive && value == &self.value
    }

    /// Whether a value is above this upper bound.
    #[must_use]
    pub fn is_below(&self, value: &Logical) -> bool {
        value > &self.value || self.exclusive && value == &self.value
    }
}
