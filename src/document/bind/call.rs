//! One call of a narrative: its arguments as they are written, and the series that it asks for.

use std::collections::BTreeMap;
use std::ops::Range;

use super::functions::{LATE, OR_STATE, Role};
use crate::project::declaration::nearest;
use crate::project::indicator::Indicator;

/// A call whose arguments are read, but not yet looked up.
pub(super) struct Call {
    pub(super) role: Role,
    pub(super) function: &'static str,
    pub(super) positional: Vec<(String, Range<usize>)>,
    pub(super) named: Vec<(String, String, Range<usize>)>,
    pub(super) range: Range<usize>,
}

impl Call {
    pub(super) fn new((function, role): (&'static str, Role), range: Range<usize>) -> Self {
        Self { role, function, positional: Vec::new(), named: Vec::new(), range }
    }

    /// Whether the call allows a state to be printed in place of the number.
    pub(super) fn says_or_state(&self) -> bool {
        self.says(OR_STATE)
    }

    /// Whether the call asks for the number with late cases.
    pub(super) fn says_late(&self) -> bool {
        self.says(LATE)
    }

    fn says(&self, switch: &str) -> bool {
        self.named.iter().any(|(name, value, _)| name == switch && value == "true")
    }
}

/// The series that a call asks for: an indicator and codes, without a period.
pub(super) struct Asked<'r> {
    pub(super) indicator: &'r Indicator,
    pub(super) codes: BTreeMap<String, String>,
}

impl Asked<'_> {
    /// The key under which the templates look the figure up.
    pub(super) fn key(&self, written: &str) -> String {
        let pairs: Vec<_> = self.codes.iter().map(|(dimension, code)| format!("{dimension}={code}")).collect();
        format!("{}|{written}|{}", self.indicator.id, pairs.join(","))
    }
}

/// A hint with the name that was probably meant, or else the known names.
pub(super) fn suggestion<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    let candidates: Vec<&str> = candidates.collect();
    match nearest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if candidates.is_empty() => "there is none".to_owned(),
        None if candidates.len() <= 24 => format!("there are: {}", candidates.join(", ")),
        None => {
            format!("there are {}, from {} to {}", candidates.len(), candidates[0], candidates[candidates.len() - 1])
        }
    }
}
