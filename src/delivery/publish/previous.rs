//! `output/.previous/`: the figures and definitions that stood in `output/` before the last build that changed any of them, so that
//! `diff` can say what changed. It is no output: nothing lists, hashes, sends or publishes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::manifest::Manifest;
use super::own_file::read_plain;
use super::set::write;
use super::workplace::{Workplace, clear};
use crate::snapshots::record::FILES;

/// Its name below `output/`, and below the place of work while it is written.
const PREVIOUS: &str = ".previous";

/// The folder that keeps what stood in `output/` before.
#[must_use]
pub fn previous(root: &Path) -> PathBuf {
    root.join("output").join(PREVIOUS)
}

/// Copies what stands in `output/`, if the next set has other figures or definitions; returns whether it did.
pub(super) fn copy(place: &Workplace, before: Option<&Manifest>, next: &Manifest) -> Result<bool> {
    let Some(before) = before.filter(|before| figures(before) != figures(next)) else { return Ok(false) };
    for path in figures(before).into_keys() {
        // Somebody may have taken it away: then it is not kept.
        if let Some(bytes) = read_plain(&place.output().join(path)) {
            write(&place.folder().join(PREVIOUS).join(path), &bytes)?;
        }
    }
    Ok(place.folder().join(PREVIOUS).is_dir())
}

/// Puts the copy in its place, over an earlier one.
pub(super) fn put(place: &Workplace) -> Result<()> {
    let (fresh, kept) = (place.folder().join(PREVIOUS), place.output().join(PREVIOUS));
    let put = clear(&kept).and_then(|()| fs::rename(fresh, &kept));
    put.with_context(|| format!("cannot move `{}` into place", kept.display()))
}

/// The checksums of the figures and definitions of all countries.
fn figures(manifest: &Manifest) -> BTreeMap<&String, &String> {
    let file = |path: &str| path.split_once('/').is_some_and(|(_, file)| FILES.contains(&file));
    manifest.outputs.iter().filter(|(path, _)| file(path)).collect()
}
