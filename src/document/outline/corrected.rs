//! Which corrections a document tells: all of its country, but for sections that its donor does not read.

use crate::project::Document;
use crate::snapshots::correction::{Changed, Corrected};

pub(super) fn told<'p>(document: Document<'p>, changed: Option<&'p Changed>) -> Vec<&'p Corrected> {
    let is_read = |corrected: &&Corrected| {
        let section = document.project.indicator(&corrected.now.indicator).map(|indicator| indicator.section.as_str());
        document.donor.is_none_or(|donor| section.is_none_or(|section| donor.reads(section)))
    };
    changed.into_iter().flat_map(|changed| &changed.corrected).filter(is_read).collect()
}
