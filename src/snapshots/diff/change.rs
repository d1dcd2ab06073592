//! A cell, or a key of a definition, that changed.

/// A cell, or a key of a definition, before and now; empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Its column or key.
    pub field: String,
    /// Its text before.
    pub before: String,
    /// Its text now.
    pub now: String,
}
