//! Which disclosure rules apply, with which parameters.

use crate::declaration::Declaration;
use crate::diagnostic::{Code, Diagnostic};

/// The disclosure policy of a project, from `[disclosure]` in `report.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The threshold T of the minimum frequency rule: a register cell of 1 to T−1 units is sensitive.
    pub threshold: u64,
}

/// The Counter Trafficking Data Collaborative's k: no group of its public data holds fewer than 11 people.
const CTDC_K: u64 = 11;

impl Default for Policy {
    fn default() -> Self {
        Self { threshold: CTDC_K }
    }
}

impl Policy {
    /// Reads `[disclosure]`.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>) -> Self {
        let mut policy = Self::default();
        if let Some(threshold) = declaration.integer("threshold") {
            match u64::try_from(threshold.value) {
                Ok(value) if value >= 3 => policy.threshold = value,
                _ => declaration.fault(
                    Diagnostic::error(
                        Code::InvalidValue,
                        threshold.span,
                        format!("a threshold of {} protects nobody; at least 3 is expected", threshold.value),
                    )
                    .hint("the Counter Trafficking Data Collaborative uses 11"),
                ),
            }
        }
        declaration.finish();
        policy
    }
}
