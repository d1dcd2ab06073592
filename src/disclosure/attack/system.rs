//! Unknown counts and the equations between them: what an attack is made on.

/// What a count may be: the least, and the most if there is one.
pub type Bounds = (i128, Option<i128>);

/// Counts whose sum, each times its factor, is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// The counts, each once, with factors that are not nothing.
    pub terms: Vec<(usize, i128)>,
    /// Whether it follows from the others; such an equation only makes the work shorter.
    pub implied: bool,
}

/// Counts, and the equations between them.
#[derive(Debug, Clone, Default)]
pub struct System {
    /// For each count what is printed of it: a printed number is both its bounds, of one nowhere printed the least is nothing.
    pub bounds: Vec<Bounds>,
    /// What the counts come to.
    pub equations: Vec<Equation>,
    /// Counts of which what is printed cannot be true.
    pub broken: Vec<usize>,
    /// Whether the equations say less than they should, so that numbers that agree with all may belong to no table.
    pub partial: bool,
}

impl System {
    /// A further count.
    pub fn count(&mut self, bounds: Bounds) -> usize {
        self.bounds.push(bounds);
        self.bounds.len() - 1
    }
}

/// The number of a count that can be one number only.
pub(super) fn only(bounds: Bounds) -> Option<i128> {
    (bounds.1 == Some(bounds.0)).then_some(bounds.0)
}
