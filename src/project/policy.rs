//! Which disclosure rules apply, with which parameters; and what the compiler of documents may take.

use std::time::Duration;

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::Declaration;

/// The disclosure policy of a project, from `[disclosure]` in `report.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The threshold T of the minimum frequency rule: a register cell of 1 to T−1 units is sensitive.
    pub threshold: u64,
    /// Whether a zero is as sensitive as a small number.
    pub zeros_sensitive: bool,
    /// What is withheld rather than something else.
    pub weights: Weights,
    /// What becomes of publications whose own numbers tell what they withhold.
    pub publications: Publications,
}

/// How a publication stands that withholds a number which follows from others that it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publications {
    /// As it was published, with a warning.
    AsPublished,
    /// With as many of its numbers withheld as it takes, so that nothing withheld follows.
    Protect,
}

/// What a withheld cell costs: the information lost with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// Each cell the same, so that as few as possible are withheld.
    Cells,
    /// Its units, so that the smallest counts are withheld.
    Counts,
}

/// The Counter Trafficking Data Collaborative's k: no group of its public data holds fewer than 11 people.
const CTDC_K: u64 = 11;

impl Default for Policy {
    fn default() -> Self {
        Self {
            threshold: CTDC_K,
            zeros_sensitive: false,
            weights: Weights::Counts,
            publications: Publications::AsPublished,
        }
    }
}

impl Policy {
    /// The threshold as a number of units.
    #[must_use]
    pub fn threshold_units(&self) -> i64 {
        i64::try_from(self.threshold).unwrap_or(i64::MAX)
    }

    /// Whether it protects less than the default does.
    #[must_use]
    pub fn is_lowered(&self) -> bool {
        self.threshold < CTDC_K
    }

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
        policy.zeros_sensitive = declaration.boolean("zeros_sensitive");
        if let Some(weights) = declaration.text("weights") {
            match weights.value.as_str() {
                "cells" => policy.weights = Weights::Cells,
                "counts" => policy.weights = Weights::Counts,
                other => declaration.fault(
                    Diagnostic::error(Code::InvalidValue, weights.span, format!("`{other}` is no weight of a cell"))
                        .hint(
                            "weigh by `cells`, to withhold as few as possible, or by `counts`, to withhold small ones",
                        ),
                ),
            }
        }
        if let Some(publications) = declaration.text("publications") {
            match publications.value.as_str() {
                "as_published" => policy.publications = Publications::AsPublished,
                "protect" => policy.publications = Publications::Protect,
                other => {
                    let message = format!("`{other}` says nothing of publications");
                    let fault = Diagnostic::error(Code::InvalidValue, publications.span, message);
                    declaration.fault(fault.hint(
                        "print them `as_published`, or `protect` what they withhold by withholding more of them",
                    ));
                }
            }
        }
        declaration.finish();
        policy
    }
}

/// What one run of the Typst command may take, from `[limits]` in `report.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// After this long it hangs, and is ended; a brief takes a second.
    pub time: Duration,
    /// How much memory it may ask for, in MB, where the system can hold it to that.
    pub megabytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_mins(2), megabytes: 4096 }
    }
}

impl Limits {
    /// Reads `[limits]`.
    #[must_use]
    pub fn read(mut declaration: Declaration<'_>) -> Self {
        let mut limits = Self::default();
        if let Some(seconds) = positive(&mut declaration, "typst_seconds") {
            limits.time = Duration::from_secs(seconds);
        }
        if let Some(megabytes) = positive(&mut declaration, "typst_megabytes") {
            limits.megabytes = megabytes;
        }
        declaration.finish();
        limits
    }
}

/// A number above zero.
fn positive(declaration: &mut Declaration<'_>, key: &'static str) -> Option<u64> {
    let stated = declaration.integer(key)?;
    let value = u64::try_from(stated.value).ok().filter(|value| *value > 0);
    if value.is_none() {
        let message = format!("`{key}` is {}; a number above 0 is expected", stated.value);
        declaration.fault(Diagnostic::error(Code::InvalidValue, stated.span, message));
    }
    value
}
