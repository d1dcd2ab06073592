//! The space that the page keeps for a chart: a question block has a fixed place for it, elsewhere it is as wide as declared.

use super::Outline;
use crate::project::indicator::Indicator;

/// Width of the page's live area, and of its text, in millimetres.
const FULL: f64 = 176.0;
const TEXT: f64 = 116.0;
/// The highest drawing that a page holds beside its title, legend and foot, and that a question block holds.
const PAGE: f64 = 220.0;
const BLOCK: f64 = 72.0;

/// What a drawing may take, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Space {
    /// How wide it is drawn.
    pub width: f64,
    /// How high it may be.
    pub tallest: f64,
}

impl Space {
    /// Whether it is as wide as the page.
    #[must_use]
    pub fn is_full(self) -> bool {
        self.width >= FULL
    }
}

impl Outline<'_> {
    /// The space for the chart of an indicator.
    #[must_use]
    pub fn space(&self, indicator: &Indicator) -> Space {
        let narrow = indicator.chart.as_ref().is_some_and(|chart| chart.narrow);
        if self.bindings.questions.contains(&indicator.id) {
            return Space { width: TEXT, tallest: BLOCK };
        }
        Space { width: if narrow { TEXT } else { FULL }, tallest: PAGE }
    }
}
