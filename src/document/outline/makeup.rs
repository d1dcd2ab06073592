//! How close a document is set. One that promises a number of pages keeps it in every language by smaller gaps and lower
//! charts, never by smaller type.

use serde::{Deserialize, Serialize};

/// How high the columns of charts are, step by step; from the second step on the gaps are small.
const HEIGHTS: [f64; 5] = [1.0, 1.0, 0.8, 0.6, 0.4];

/// A step of closeness: the first is wide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Makeup(usize);

impl Makeup {
    /// The next closer step, if there is one.
    #[must_use]
    pub fn closer(self) -> Option<Self> {
        (self.0 + 1 < HEIGHTS.len()).then_some(Self(self.0 + 1))
    }

    /// Whether gaps are small.
    #[must_use]
    pub fn is_close(self) -> bool {
        self.0 > 0
    }

    /// How high the columns of charts are, as a share of what they are in a wide makeup.
    #[must_use]
    pub fn height(self) -> f64 {
        HEIGHTS[self.0.min(HEIGHTS.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_closer() {
        let steps: Vec<Makeup> = std::iter::successors(Some(Makeup::default()), |step| step.closer()).collect();
        assert_eq!(steps.len(), HEIGHTS.len());
        assert!(!steps[0].is_close() && steps[1..].iter().all(|step| step.is_close()));
        assert!(steps.windows(2).all(|pair| pair[0].height() >= pair[1].height()));
    }
}
