//! Reads `data/ledger/`: the earlier releases, one file for each.

use std::path::Path;

use anyhow::{Context, Result};

use super::entry::inside;
use super::links::{followed, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::ledger::{Ledger, RegisterRelease};

/// The folder, from the root.
const FOLDER: &str = "data/ledger";

pub(super) fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Ledger> {
    let folder = root.join(FOLDER);
    let mut releases = Vec::new();
    if !folder.is_dir() {
        return Ok(Ledger::default());
    }
    if let Err(why) = followed(root, FOLDER) {
        unsafe_path(root, FOLDER, why, diagnostics);
        return Ok(Ledger::default());
    }
    for path in inside(&folder).with_context(|| format!("cannot read `{FOLDER}`"))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".json").filter(|_| !name.starts_with('.')) else { continue };
        let path = format!("{FOLDER}/{name}");
        if let Err(why) = followed(root, &path) {
            unsafe_path(root, &path, why, diagnostics);
            continue;
        }
        let bytes = std::fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        let read = serde_json::from_slice::<RegisterRelease>(&bytes);
        let source = std::sync::Arc::new(Source::new(&path, bytes));
        let fault = |code, message: String| Diagnostic::error(code, Span::start_of(&source), message);
        match read {
            Ok(release) if release.name == stem => releases.push(release),
            Ok(release) => {
                let message = format!("the file holds the release `{}`", release.name);
                diagnostics.push(fault(Code::NameMismatch, message).hint("name the file after the release"));
            }
            Err(error) => {
                let message = format!("the release cannot be read: {error}");
                diagnostics.push(fault(Code::SyntaxError, message).hint("only `tipbrief release` writes this file"));
            }
        }
    }
    Ok(Ledger::new(releases))
}
