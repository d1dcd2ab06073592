//! Where a fault is and how it is shown: `Source`, `Span`, `Code`, `Diagnostic`, `Diagnostics`.
//!
//! * Takes: findings, each with its place in a source.
//! * Gives: all of them, in order and in the format that is asked for.
//!
//! Two kinds of failure are never mixed. Faults in the user's data are many, positioned and coded; they collect in
//! [`Diagnostics`]. Failures of the world (a full disk, no compiler) are single `anyhow` errors. Beside the findings stand the
//! countries that a bug of this program stopped ([`bug`]), since the others go on without them.

pub(crate) mod bug;
mod code;
mod render;
mod source;
mod span;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::bug::{Bug, caught};

pub use code::Code;
pub use render::{Colour, Format};
pub use source::{Bytes, Sheet, Source, cell_name, letters};
pub use span::Span;
pub use words::shortened;

/// How grave a finding is. Only errors change the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops the country it stands in, or everything where it stands in a shared declaration.
    Error,
    /// Deserves a look; the build goes on.
    Warning,
    /// Says what was done.
    Note,
}

impl Severity {
    /// The word printed before the code.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One finding: what, where, and what to do. Equal words are shared, since one slip may be found in a million cells.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// Its stable name.
    pub code: Code,
    /// Where it is.
    pub span: Span,
    /// Lower case, no full stop: the value and what was expected.
    pub message: Arc<str>,
    /// What to do about it.
    pub hint: Option<Arc<str>>,
    /// A second place that belongs to it, with a word on why.
    pub second: Option<(Span, Arc<str>)>,
    /// Where it is in a table, if it is in one.
    pub cell: Option<Cell>,
}

/// A row of a table, or a cell of it, as people count.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The row, from 1: the labels are the first.
    pub row: u32,
    /// The column, from 1, with its label; none for the whole row.
    pub field: Option<(u32, Arc<str>)>,
}

impl Diagnostic {
    /// A fault of `code` at `span`.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<Arc<str>>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, code, span, message, hint: None, second: None, cell: None }
    }

    /// A finding that does not stop the build.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<Arc<str>>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// A word on what was done.
    #[must_use]
    pub fn note(code: Code, span: Span, message: impl Into<Arc<str>>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, span, message) }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<Arc<str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn second(mut self, span: Span, message: impl Into<Arc<str>>) -> Self {
        self.second = Some((span, message.into()));
        self
    }
}

/// Proof that the reasons of a failure are in the sink.
#[derive(Debug)]
pub struct Reported(());

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("faults were found")
    }
}

impl std::error::Error for Reported {}

/// The sink in which the findings of a run collect.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    stopped: BTreeMap<String, Bug>,
    quiet: bool,
}

impl Diagnostics {
    /// Takes one finding in, in no more words than people read.
    pub fn push(&mut self, finding: Diagnostic) {
        let (message, hint) = (shortened(finding.message), finding.hint.map(shortened));
        let second = finding.second.map(|(span, message)| (span, shortened(message)));
        self.list.push(Diagnostic { message, hint, second, ..finding });
    }

    /// A sink of which people are shown the errors only, if it is `quiet`.
    #[must_use]
    pub fn quiet(quiet: bool) -> Self {
        Self { quiet, ..Self::default() }
    }

    /// Takes in everything that another sink collected.
    pub fn absorb(&mut self, other: Self) {
        self.list.extend(other.list);
        self.stopped.extend(other.stopped);
    }

    /// The findings that another sink does not hold.
    #[must_use]
    pub fn beyond(mut self, other: &Self) -> Self {
        let same = |a: &Diagnostic, b: &Diagnostic| a.code == b.code && a.message == b.message && a.span.same(&b.span);
        self.list.retain(|found| !other.list.iter().any(|known| same(known, found)));
        self
    }

    /// The findings in the order of their places: by path, line and column, then by gravity. What is said twice of one
    /// place stands once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        fn key(d: &Diagnostic) -> (&str, usize, Severity, &str, &str) {
            (d.span.path(), d.span.start(), d.severity, d.code.name(), &d.message)
        }
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.par_sort_by(|a, b| key(a).cmp(&key(b)));
        sorted.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.span.same(&b.span));
        sorted
    }

    /// Does a country's part of a stage; a bug in it stops that country, and no other.
    pub fn guard<T>(&mut self, country: &str, part: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let done = caught(|| part(self));
        self.unless_bug(country, done)
    }

    /// What a country's part of a stage came to; a bug in it stops that country.
    pub fn unless_bug<T>(&mut self, country: &str, done: Result<T, Bug>) -> Option<T> {
        match done {
            Ok(done) => Some(done),
            Err(bug) => {
                self.stopped.entry(country.to_owned()).or_insert(bug);
                None
            }
        }
    }

    /// Whether a bug stopped this country.
    #[must_use]
    pub fn is_stopped(&self, country: &str) -> bool {
        self.stopped.contains_key(country)
    }

    /// The countries that a bug stopped, by code.
    pub fn stopped(&self) -> impl Iterator<Item = (&str, &Bug)> {
        self.stopped.iter().map(|(country, bug)| (country.as_str(), bug))
    }

    /// Whether nothing was found at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether anything is an error, or a country was stopped.
    #[must_use]
    pub fn failed(&self) -> bool {
        !self.stopped.is_empty() || self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether anything is a warning.
    #[must_use]
    pub fn warned(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Warning)
    }

    /// How many findings of one gravity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.sorted().iter().filter(|d| d.severity == severity).count()
    }

    /// Whether a fault stands in a file of this country, or a bug stopped it.
    #[must_use]
    pub fn failed_in(&self, country: &str) -> bool {
        self.is_stopped(country) || self.faulty_in(country)
    }

    /// Whether a fault stands in a file of this country.
    #[must_use]
    pub fn faulty_in(&self, country: &str) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error && d.span.country() == Some(country))
    }

    /// Stops everything when a declaration that all countries share is faulty.
    ///
    /// # Errors
    /// [`Reported`], when such a fault is in the sink.
    pub fn conclude_shared<T>(&self, value: T) -> Result<T, Reported> {
        let shared = self.list.iter().any(|d| d.severity == Severity::Error && d.span.country().is_none());
        if shared { Err(Reported(())) } else { Ok(value) }
    }

    /// Stops when a fault stands in a file below `folder`.
    ///
    /// # Errors
    /// [`Reported`], when such a fault is in the sink.
    pub fn conclude_below<T>(&self, folder: &str, value: T) -> Result<T, Reported> {
        let below = |d: &Diagnostic| d.severity == Severity::Error && d.span.path().starts_with(folder);
        if self.list.iter().any(below) { Err(Reported(())) } else { Ok(value) }
    }

    /// Stops at any fault, and where a country was stopped.
    ///
    /// # Errors
    /// [`Reported`], when such is in the sink.
    pub fn conclude<T>(&self, value: T) -> Result<T, Reported> {
        if self.failed() { Err(Reported(())) } else { Ok(value) }
    }
}
