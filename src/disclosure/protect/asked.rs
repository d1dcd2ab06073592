//! One year of a table and measure, before anything is decided on it.

use std::collections::BTreeSet;

use super::assemble::{Codes, Question};
use super::closed::Closed;
use crate::value::period::Period;

/// Table, measure and year.
pub(super) type Key = (String, Option<String>, Period);

/// A system before it is assembled.
pub(super) struct Asked<'w> {
    pub(super) key: Key,
    /// Whether it is a stock, of which one day of the year is counted.
    pub(super) stock: bool,
    pub(super) questions: Vec<(String, Question)>,
    pub(super) sources: Vec<String>,
    /// What publications print that repeat the register.
    pub(super) repeated: Repeated,
    /// Set where the year has closed.
    pub(super) closed: Option<Closed<'w>>,
}

/// What publications print of a year that repeat its registers.
#[derive(Default)]
pub(super) struct Repeated {
    /// Numbers: of which question, under which codes, and the rows that state them.
    pub(super) numbers: Vec<(usize, Codes, i64, Vec<String>)>,
    /// The rows of what the system cannot express: a count over another period, or a limit where a number is withheld, which
    /// a witness could overstep.
    pub(super) beyond: BTreeSet<String>,
    /// Whether there is any such row.
    pub(super) is_beyond: bool,
}

impl Asked<'_> {
    /// The year's name, the same at every release.
    pub(super) fn name(&self, country: &str) -> String {
        crate::project::ledger::name(country, &self.key.0, self.key.1.as_deref(), self.key.2.text())
    }

    /// The indicators that ask for any of these cells.
    pub(super) fn concerned(&self, asks: impl Fn(&Question, &Codes) -> bool) -> BTreeSet<String> {
        let concerned = |(_, question): &&(String, Question)| question.combinations().iter().any(|c| asks(question, c));
        self.questions.iter().filter(concerned).map(|(indicator, _)| indicator.clone()).collect()
    }
}
