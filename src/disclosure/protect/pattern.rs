//! A suppression pattern: which cells are withheld, with the witnesses that prove it safe.

use std::collections::BTreeMap;

use super::system::Atom;

/// Which cells of a system are withheld, and the proof that this protects them.
#[derive(Debug, Clone, Default)]
pub struct Pattern {
    /// Whether each cell is withheld.
    pub withheld: Vec<bool>,
    /// Pairs of tables that agree with everything printed.
    pub witnesses: Vec<Witness>,
}

/// Two tables that agree with everything printed, each as its difference from the true table, atom by atom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witness {
    /// The first table.
    pub low: BTreeMap<Atom, i64>,
    /// The second table.
    pub high: BTreeMap<Atom, i64>,
}
