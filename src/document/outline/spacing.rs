//! How tightly a document is spaced. A document with a fixed number of pages keeps to it in every language by smaller gaps and
//! lower charts, never by smaller type.

use serde::{Deserialize, Serialize};

/// The height of a chart's columns at each step; gaps are small from the second step on.
const HEIGHTS: [f64; 5] = [1.0, 1.0, 0.8, 0.6, 0.4];

/// A step of spacing; the first is the widest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spacing(usize);

impl Spacing {
    /// The next tighter step, if there is one.
    #[must_use]
    pub fn closer(self) -> Option<Self> {
        (self.0 + 1 < HEIGHTS.len()).then_some(Self(self.0 + 1))
    }

    /// Whether gaps are small.
    #[must_use]
    pub fn is_close(self) -> bool {
        self.0 > 0
    }

    /// The height of a chart's columns, as a share of their height at the widest step.
    #[must_use]
    pub fn height(self) -> f64 {
        HEIGHTS[self.0.min(HEIGHTS.len() - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_tighter() {
        let steps: Vec<Spacing> = std::iter::successors(Some(Spacing::default()), |step| step.closer()).collect();
        assert_eq!(steps.len(), HEIGHTS.len());
        assert!(!steps[0].is_close() && steps[1..].iter().all(|step| step.is_close()));
        assert!(steps.windows(2).all(|pair| pair[0].height() >= pair[1].height()));
    }
}
