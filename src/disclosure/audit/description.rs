//! The description of a released table in the data package beside it.

use std::collections::BTreeMap;

/// What a released table counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Description {
    /// The table and the measure, and conditions that leave a choice: only what is alike in them is added up.
    pub measure: String,
    /// Whether it is a stock.
    pub stock: bool,
    /// The codes that it holds of other dimensions.
    pub fixed: BTreeMap<String, String>,
}
