//! The numbers of one earlier release of a register, by the cells of a system.

use std::collections::BTreeMap;

/// The cells that a release could have printed, by their codes: the number, or none where it was withheld.
pub type PastNumbers = BTreeMap<Vec<u16>, Option<i64>>;
