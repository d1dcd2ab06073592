//! What a project lacks and the program carries, for whoever reads files without loading the project.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::links::followed;
use crate::diagnostic::{Diagnostics, Source};
use crate::project::carried;
use crate::project::format::{Format, Stated, stated};

/// The declarations that state the format.
const REPORT: &str = "data/report.toml";

/// The format of a project; the oldest where its `data/report.toml` cannot be read, which whoever loads it reports.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported), where it is that of a later program, or none; the fault is in `diagnostics`.
pub fn format(root: &Path, diagnostics: &mut Diagnostics) -> Result<Format> {
    match read(root) {
        Stated::Known(format) => Ok(format),
        Stated::Unknown(fault) | Stated::Newer(fault) => {
            diagnostics.push(fault);
            diagnostics.conclude_shared(())?;
            Ok(Format::PRESENT)
        }
    }
}

fn read(root: &Path) -> Stated {
    let bytes = followed(root, REPORT).ok().and_then(|_| fs::read(root.join(REPORT)).ok());
    stated(&Arc::new(Source::new(REPORT, bytes.unwrap_or_default())))
}

/// The carried files that are read in place of those that the project lacks, by path from its root.
#[must_use]
pub fn filled(root: &Path) -> Vec<(&'static str, &'static [u8])> {
    let lacking = |(path, _): &(&str, &[u8])| fs::symlink_metadata(root.join(path)).is_err();
    match read(root) {
        Stated::Known(format) if !format.is_filled() => Vec::new(),
        _ => carried::filling().filter(lacking).collect(),
    }
}

/// The bytes of a file of the project, or of the carried one that is read in its place.
///
/// # Errors
/// When there is neither.
pub fn own_or_carried(root: &Path, path: &str) -> Result<Vec<u8>> {
    match filled(root).into_iter().find(|(known, _)| *known == path) {
        Some((_, bytes)) => Ok(bytes.to_vec()),
        None => fs::read(root.join(path)).with_context(|| format!("cannot read `{path}`")),
    }
}
