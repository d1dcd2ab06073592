//! Whether a build would make what is there already: same inputs, same tools, same program, every output intact.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::manifest::{self, Inputs};
use super::workplace::WORK;
use crate::typeset::Typst;

/// Beside the manifest, of this machine only, and part of no set: which program made the outputs.
const STAMP: &str = ".stamp";

/// The documents in `output/`, if nothing that could change them has changed since they were written.
///
/// Never with a register at hand: its checksum is kept nowhere, so a change in it could not be seen.
#[must_use]
pub fn unchanged(root: &Path, inputs: &Inputs, typst: &Typst) -> Option<Vec<PathBuf>> {
    let output = root.join("output");
    let stamped = fs::read_to_string(output.join(STAMP)).ok()?;
    if inputs.has_register() || output.join(WORK).exists() || stamped != program()? {
        return None;
    }
    let outputs = manifest::intact(&output, inputs, typst)?;
    let documents = outputs.into_iter().filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "pdf"));
    Some(documents.map(|path| output.join(path)).collect())
}

/// Leaves the stamp of this program.
pub(super) fn write(output: &Path) -> Result<()> {
    let Some(program) = program() else { return Ok(()) };
    fs::write(output.join(STAMP), program).context("cannot write `output/.stamp`")
}

/// Removes the stamp: until the next whole build, nothing counts as unchanged.
pub(super) fn remove(output: &Path) {
    // Where there is none, there is nothing to remove.
    let _ = fs::remove_file(output.join(STAMP));
}

/// What tells one build of this program from another: its size and when it was written.
fn program() -> Option<String> {
    let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
    let modified = program.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{} {}\n", program.len(), modified.as_nanos()))
}
