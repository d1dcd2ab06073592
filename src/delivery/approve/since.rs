//! What a document says differently since it was approved: figures with both values, as `diff` finds them, and parts.

use std::collections::BTreeSet;

use super::contents::{Contents, parts_that_differ};
use super::ledger::{Known, Ledger};
use crate::diagnostic::several;
use crate::snapshots::diff::{Difference, differences, figure_lines};

/// What a document says differently since an approval.
pub struct Since {
    /// The figures that differ.
    pub figures: Vec<Difference>,
    /// The parts that differ, as their authors call them.
    pub parts: Vec<String>,
}

impl Since {
    /// What the document at a path says differently since the approval of a line; none if that kept nothing of it.
    #[must_use]
    pub fn of(ledger: &Ledger, line: &Known, path: &str, contents: &Contents) -> Option<Self> {
        let (kept, now) = (ledger.kept(line)?, contents.of_path(path)?);
        let before = kept.documents.get(path)?;
        let figures = differences(&kept.record.only(&before.figures), &now.record);
        let parts = parts_that_differ(&before.parts, &now.parts, !figures.is_empty());
        Some(Self { figures, parts })
    }

    /// What changed, in short: “1 figure, the prose `prosecution`”.
    #[must_use]
    pub fn words(&self) -> String {
        let count = self.figures.len();
        let figures = (count > 0).then(|| several(count, "figure", "figures"));
        let named: BTreeSet<&String> = self.parts.iter().collect();
        let all: Vec<String> = figures.into_iter().chain(named.into_iter().cloned()).collect();
        all.join(", ")
    }

    /// The ids of the figures that differ.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.figures.iter().filter_map(|difference| Some(difference.figure()?.id.as_str()))
    }

    /// A line for each figure: `changed XXA/persons_arrested:2023: 41 → 43 [persons]`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        figure_lines(&self.figures)
    }
}
