//! A suppression pattern: which cells are withheld, with the witnesses that prove it safe.

use std::collections::BTreeMap;

use super::system::Atom;

/// What is withheld of a system, and the proof that it may be.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    /// For each cell whether it is withheld.
    pub withheld: Vec<bool>,
    /// Tables that agree with everything printed.
    pub witnesses: Vec<Witness>,
}

/// Two tables that agree with everything printed, as what each atom has more than in truth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witness {
    /// The one.
    pub low: BTreeMap<Atom, i64>,
    /// The other.
    pub high: BTreeMap<Atom, i64>,
}
