//! One document drawn and set: wide, or closer and closer until it keeps the pages that it promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::draw::draw;
use crate::outline::Outline;
use crate::trace::trace;
use crate::typeset::{Document, Set, Typst, is_too_long, places as asked, typeset};

/// Draws and sets a document and traces its numerals.
pub(crate) fn set(
    mut outline: Outline<'_>,
    typst: &Typst,
    work: &Path,
    fingerprint: &str,
    found: &mut Diagnostics,
) -> Result<Option<Document>> {
    loop {
        match typeset(&outline, draw(&outline)?, typst, work, fingerprint, found)? {
            Set::Whole(document) => return trace(*document, found),
            Set::Faulty => return Ok(None),
            Set::TooLong => outline.makeup = outline.makeup.closer().unwrap_or_default(),
        }
    }
}

/// The pages of each figure in a document, as it is set in the end.
pub(crate) fn places(
    mut outline: Outline<'_>,
    typst: &Typst,
    work: &Path,
) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    loop {
        let found = asked(&outline, &draw(&outline)?, typst, work)?;
        let pages = found.values().flatten().max().copied().unwrap_or_default();
        match outline.makeup.closer().filter(|_| is_too_long(&outline, pages)) {
            Some(closer) => outline.makeup = closer,
            None => return Ok(found),
        }
    }
}
