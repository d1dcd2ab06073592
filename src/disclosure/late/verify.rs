//! The checker of an answer, which did not choose it.

use super::year::{ClosedYear, Layer};

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// There are not as many numbers as groups or figures.
    Shape,
    /// The z of a group is negative.
    Negative {
        /// Its place.
        group: usize,
    },
    /// The base × z of a group of the last release has fallen, or has changed without any case that came.
    Changed {
        /// Its place among the former groups.
        former: usize,
    },
    /// A late figure is not base × the sum of its groups.
    Sum {
        /// Its place.
        figure: usize,
    },
    /// A late figure is as far from the truth as the base, or further.
    Far {
        /// Its place.
        figure: usize,
    },
    /// A figure is told that its rung does not tell, or not told although it does.
    Rung {
        /// Its place.
        figure: usize,
    },
}

/// Whether an answer keeps its promises.
///
/// # Errors
/// The first that it breaks.
pub fn verify(year: &ClosedYear, layer: &Layer) -> Result<(), Broken> {
    let _ = (year, layer);
    Err(Broken::Shape)
}
