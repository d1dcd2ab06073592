//! What is printed of a closed year beside its numbers: when it closed, and its late cases.

use crate::project::ledger::{LateNumber, Ledger};

/// Which release closed a year, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedAs {
    /// The release.
    pub release: String,
    /// The day, where it is known.
    pub date: Option<chrono::NaiveDate>,
}

/// What is told of the late cases of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How many came, a multiple of the base; 0 says fewer than the base.
    pub cases: i64,
    /// The base.
    pub base: i64,
    /// The release that told it; none where it is told anew.
    pub release: Option<String>,
    /// Whether it is the number of an earlier release than the last, whose name is then printed with it.
    pub repeated: bool,
    /// Whether no release has told it yet.
    pub unreleased: bool,
    /// Whether only the release that closed its year told it: there was nothing to tell then.
    pub at_closing: bool,
}

/// A number of the ledger, told again.
pub(super) fn repeated_mark(number: &LateNumber, closing: &str, ledger: &Ledger) -> Mark {
    let last = ledger.releases().last().is_some_and(|last| last.name == number.release);
    Mark {
        cases: number.cases,
        base: number.base,
        release: Some(number.release.clone()),
        repeated: !last,
        unreleased: false,
        at_closing: number.release == closing,
    }
}
