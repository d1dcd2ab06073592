//! The document in view, beside the outputs and none of them: `output/.view/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Its folder, below `output/`.
const FOLDER: &str = ".view";
/// The folder in it in which the Typst that stays alive works.
const WORK: &str = ".work";

/// Where the Typst that stays alive may work.
#[must_use]
pub fn place_of_view(root: &Path) -> PathBuf {
    root.join("output").join(FOLDER).join(WORK)
}

/// Puts a document in place whole: a reader that has the one before open keeps it. Returns its path.
///
/// # Errors
/// When it cannot be written.
pub fn put_in_view(root: &Path, file: &str, pdf: &[u8]) -> Result<PathBuf> {
    let place = root.join("output").join(FOLDER).join(file);
    let new = place.with_extension("new");
    let written = fs::write(&new, pdf).and_then(|()| fs::rename(&new, &place));
    written.with_context(|| format!("cannot write `{}`", place.display()))?;
    Ok(place)
}
