//! How much of a PDF is read. A few bytes may unfold to gigabytes, or show one drawing within another a million times.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Result, anyhow};

/// A content stream may unfold to so many bytes.
pub(super) const STREAM: usize = 1 << 24;
/// What all content streams of a PDF may have together, each counted as often as it is shown.
const ALL: usize = 1 << 26;
/// What each stream costs beside its bytes.
const LEAST: usize = 256;

/// What is left to be read, for all pages together.
pub(super) struct Budget {
    left: AtomicUsize,
}

impl Budget {
    pub(super) fn whole() -> Self {
        Self { left: AtomicUsize::new(ALL) }
    }

    /// Takes the cost of something.
    ///
    /// # Errors
    /// If less is left.
    pub(super) fn spend(&self, cost: usize) -> Result<()> {
        let less = |left: usize| left.checked_sub(cost.saturating_add(LEAST));
        let spent = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        spent.map(|_| ()).map_err(|_| anyhow!("the PDF holds more than a document can"))
    }
}
