//! Sums of atoms, each printed or withheld: what an attack in fractions is given.

/// A sum of atoms that is printed or withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The atoms, each once.
    pub atoms: Vec<usize>,
    /// The least it can be; of a printed sum the number itself.
    pub least: i128,
    /// The most it can be; of a printed sum the number itself.
    pub most: Option<i128>,
}
