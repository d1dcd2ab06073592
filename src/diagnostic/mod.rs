//! Findings: where they are (`Source`, `Span`), what they are (`Code`, `Diagnostic`), and how they are shown (`Diagnostics`).
//!
//! * Takes: findings, each with its place in a source.
//! * Gives: all of them, sorted, in the requested format.
//!
//! Two kinds of failure are kept apart. Errors in the user's data are many, each with a code and a place; they are collected in
//! [`Diagnostics`]. Failures of the machine (a full disk, no compiler) are single `anyhow` errors. `Diagnostics` also lists the
//! countries that a bug in this program stopped ([`bug`]); the other countries go on without them.

pub(crate) mod bug;
mod code;
mod remembered;
mod render;
mod source;
mod span;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::bug::{Bug, caught};

pub use code::Code;
pub use remembered::Remembered;
pub use render::{Colour, Format};
pub use source::{Bytes, Sheet, Source, cell_name, cell_of, column_of, letters};
pub use span::Span;
pub use words::{several, shortened};

/// How serious a finding is. Only errors change the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Stops the country whose file it is in, or everything if it is in a shared declaration.
    Error,
    /// Deserves a look; the build goes on.
    Warning,
    /// For information.
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

/// One finding: what, where, and what to do. Equal texts are shared, since one slip may be found in a million cells.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// Its code, whose name is stable.
    pub code: Code,
    /// Where it is.
    pub span: Span,
    /// The message, with the value and what was expected: lower case, no full stop.
    pub message: Arc<str>,
    /// What to do about it.
    pub hint: Option<Arc<str>>,
    /// A second place that belongs to it, with a short explanation.
    pub second: Option<(Span, Arc<str>)>,
    /// Where it is in a table, if it is in one.
    pub cell: Option<Cell>,
}

/// A row of a table, or a cell in it, counted from 1.
#[derive(Debug, Clone)]
pub struct Cell {
    /// The row, from 1: the labels are the first.
    pub row: u32,
    /// The column, from 1, with its label; none for the whole row.
    pub field: Option<(u32, Arc<str>)>,
}

impl Diagnostic {
    /// An error at `span`.
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

    /// A finding for information.
    #[must_use]
    pub fn note(code: Code, span: Span, message: impl Into<Arc<str>>) -> Self {
        Self { severity: Severity::Note, ..Self::error(code, span, message) }
    }

    /// Adds a hint.
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

/// Proof that the reasons for a failure are among the findings.
#[derive(Debug)]
pub struct Reported(());

impl std::fmt::Display for Reported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("errors were found")
    }
}

impl std::error::Error for Reported {}

/// The findings of a run.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The countries whose files have an error; `None` means the shared declarations.
    faulty: BTreeSet<Option<String>>,
    /// The last of them that was noted, if any was.
    noted: Vec<Option<String>>,
    stopped: BTreeMap<String, Bug>,
    quiet: bool,
}

impl Diagnostics {
    /// Adds a finding, with long texts shortened. An error stops the country whose file it is in, or all.
    pub fn push(&mut self, finding: Diagnostic) {
        if finding.severity == Severity::Error {
            self.stop(finding.span.country());
        }
        self.list(finding);
    }

    /// Adds a finding. An error in a file that several countries share stops only these.
    pub fn push_for(&mut self, finding: Diagnostic, countries: &[String]) {
        if finding.severity == Severity::Error {
            match finding.span.country() {
                Some(country) => self.stop(Some(country)),
                None => countries.iter().for_each(|country| self.stop(Some(country))),
            }
        }
        self.list(finding);
    }

    fn list(&mut self, finding: Diagnostic) {
        let (message, hint) = (shortened(finding.message), finding.hint.map(shortened));
        let second = finding.second.map(|(span, message)| (span, shortened(message)));
        self.list.push(Diagnostic { message, hint, second, ..finding });
    }

    /// Notes that a country has an error, or a shared declaration. A table may have a million, one after the other.
    fn stop(&mut self, country: Option<&str>) {
        if self.noted.first().is_none_or(|last| last.as_deref() != country) {
            self.faulty.insert(country.map(str::to_owned));
            self.noted = vec![country.map(str::to_owned)];
        }
    }

    /// The findings one by one.
    #[must_use]
    pub fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// No findings yet. If `quiet`, people are shown only the errors.
    #[must_use]
    pub fn quiet(quiet: bool) -> Self {
        Self { quiet, ..Self::default() }
    }

    /// Adds everything that `other` collected.
    pub fn absorb(&mut self, other: Self) {
        self.list.extend(other.list);
        self.faulty.extend(other.faulty);
        self.stopped.extend(other.stopped);
    }

    /// The findings that are not in `other`.
    #[must_use]
    pub fn beyond(mut self, other: &Self) -> Self {
        fn key(d: &Diagnostic) -> (Code, &str, &str, usize, usize) {
            let range = d.span.range();
            (d.code, &d.message, d.span.path(), range.start, range.end)
        }
        let known: HashSet<_> = other.list.iter().map(key).collect();
        self.list.retain(|found| !known.contains(&key(found)));
        let errors = self.list.iter().filter(|found| found.severity == Severity::Error);
        self.faulty = errors.map(|found| found.span.country().map(str::to_owned)).collect();
        self.noted.clear();
        self
    }

    /// The findings sorted by path, line and column, then by severity. The same message at the same place is listed
    /// once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        fn key(d: &Diagnostic) -> (&str, Option<&str>, usize, Severity, &str, &str) {
            (d.span.path(), d.span.sheet(), d.span.start(), d.severity, d.code.name(), &d.message)
        }
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.par_sort_by(|a, b| key(a).cmp(&key(b)));
        sorted.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.span.same(&b.span));
        sorted
    }

    /// Runs a country's part of a stage. A bug in it stops only that country.
    pub fn guard<T>(&mut self, country: &str, part: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let done = caught(|| part(self));
        self.unless_bug(country, done)
    }

    /// The result of a country's part of a stage; a bug in it stops that country.
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
        !self.stopped.is_empty() || !self.faulty.is_empty()
    }

    /// Whether anything is a warning.
    #[must_use]
    pub fn warned(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Warning)
    }

    /// Whether a file of this country has an error, or a bug stopped the country.
    #[must_use]
    pub fn failed_in(&self, country: &str) -> bool {
        self.is_stopped(country) || self.faulty_in(country)
    }

    /// Whether a file of this country has an error.
    #[must_use]
    pub fn faulty_in(&self, country: &str) -> bool {
        self.faulty.contains(&Some(country.to_owned()))
    }

    /// Fails if a shared declaration has an error.
    ///
    /// # Errors
    /// [`Reported`], if there is such an error.
    pub fn conclude_shared<T>(&self, value: T) -> Result<T, Reported> {
        if self.faulty.contains(&None) { Err(Reported(())) } else { Ok(value) }
    }

    /// Fails if a file below `folder` has an error.
    ///
    /// # Errors
    /// [`Reported`], if there is such an error.
    pub fn conclude_below<T>(&self, folder: &str, value: T) -> Result<T, Reported> {
        let below = |d: &Diagnostic| d.severity == Severity::Error && d.span.path().starts_with(folder);
        if self.list.iter().any(below) { Err(Reported(())) } else { Ok(value) }
    }

    /// Fails if there is any error, or a country was stopped.
    ///
    /// # Errors
    /// [`Reported`], if there is such an error.
    pub fn conclude<T>(&self, value: T) -> Result<T, Reported> {
        if self.failed() { Err(Reported(())) } else { Ok(value) }
    }
}
