//! The system that an attack is given: counts, and the equations between them.

/// The bounds of a count: the least value, and the greatest if there is one.
pub type Bounds = (i128, Option<i128>);

/// Counts whose sum, each times its factor, is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// The counts, each once, with factors other than 0.
    pub terms: Vec<(usize, i128)>,
    /// Whether it follows from the others and is there only to save work.
    pub implied: bool,
}

/// Counts, and the equations between them.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// The bounds of each count: of a printed one twice its number, of an unprinted one from 0.
    pub bounds: Vec<Bounds>,
    /// The equations.
    pub equations: Vec<Equation>,
    /// Counts whose printed numbers are impossible.
    pub broken: Vec<usize>,
    /// Whether equations are missing, so that numbers that satisfy all of these may belong to no table.
    pub partial: bool,
}

impl System {
    /// Adds a count.
    pub fn count(&mut self, bounds: Bounds) -> usize {
        self.bounds.push(bounds);
        self.bounds.len() - 1
    }
}

/// The value of a count whose bounds are equal.
pub(super) fn only(bounds: Bounds) -> Option<i128> {
    (bounds.1 == Some(bounds.0)).then_some(bounds.0)
}
