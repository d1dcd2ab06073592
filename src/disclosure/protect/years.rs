//! The years of a country's registers that are closed, or that the next release closes.

use super::assemble::{Codes, Question};
use crate::disclosure::late::{Rung, Terms};
use crate::project::custody::{Counts, ToldYear};
use crate::project::ledger::ClosedYear;

/// A closed year of one table and measure, or one that the next release closes.
pub struct Year {
    /// What the last release says of it; none for one that closes now.
    pub(super) record: Option<ClosedYear>,
    /// The release that closed it; none for one that closes now.
    pub(super) closed_by: Option<String>,
    /// Its name: `XXA/victims:identified:2023`.
    pub(super) name: String,
    pub(super) table: String,
    pub(super) measure: Option<String>,
    pub(super) year: String,
    /// For a stock the day that is counted.
    pub(super) day: Option<String>,
    pub(super) sources: Vec<String>,
    pub(super) state: State,
    /// The questions that are asked of it, by indicator.
    pub(super) questions: Vec<(String, Question)>,
    /// How many of its cells are printed.
    pub(super) printed: usize,
    /// How many cells it has.
    pub(super) cells: usize,
    pub(super) late: Telling,
}

/// Where a year stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It closes with the next release.
    Closes,
    /// It closed before releases kept copies, and the register still gives every number: the next release takes it as the copy.
    Adopted,
    /// It has closed, and its copy is there.
    Kept,
    /// It has closed, and there is no copy.
    Lost,
    /// It has closed, and its copy or the key is not what the last release says.
    Unlike,
}

/// What the next release tells of late cases.
#[derive(Clone)]
pub(super) enum Telling {
    /// Nothing yet: it closes now, or its copy is taken now.
    Fresh,
    /// This rung, on these terms; what is to be kept of it.
    Anew(Rung, Terms, ToldYear),
    /// The last numbers again, although the copy is there: what was kept is kept on.
    Again(ToldYear, Counts),
    /// The last numbers again, for good.
    Ended,
}

impl Year {
    /// Its name: `XXA/victims:identified:2023`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is told of its late cases, in a word; none where nothing new is told.
    #[must_use]
    pub fn rung(&self) -> Option<Rung> {
        match &self.late {
            Telling::Anew(rung, ..) => Some(*rung),
            Telling::Fresh | Telling::Again(..) | Telling::Ended => None,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// How many of its cells are printed, and how many there are.
    #[must_use]
    pub fn printed(&self) -> (usize, usize) {
        (self.printed, self.cells)
    }
}

/// A cell of one of the questions.
pub(super) type CellOf = (usize, Codes);
