//! What may be printed of registers, before it is put beside publications.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Codes;
use super::mark::{ClosedAs, Mark};
use super::years::Year;
use crate::value::Missing;
use crate::value::period::Period;

/// A cell of a register as it may be printed.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) period: Period,
    pub(super) codes: Codes,
    /// The number, unless there is none to print.
    pub(super) units: Option<i64>,
    /// Why there is none.
    pub(super) missing: Missing,
    /// The registers it is counted from.
    pub(super) sources: Vec<String>,
    /// Whether a release has printed this number.
    pub(super) released: bool,
    /// Set where its year has closed.
    pub(super) closed: Option<ClosedAs>,
    /// What is told of its late cases.
    pub(super) late: Option<Mark>,
}

/// The register cells of every indicator.
#[derive(Default)]
pub(super) struct Registers {
    pub(super) cells: BTreeMap<String, Vec<Counted>>,
    /// Indicators whose published totals already disclose.
    pub(super) disclosed: BTreeSet<String>,
    /// The closed years and those that close now.
    pub(super) years: Vec<Year>,
    /// The rows of publications that contradict a closed number, `path:line`.
    pub(super) contradicting: BTreeSet<String>,
}
