//! `data/ledger/`: what has been released, one file an edition.

use std::path::Path;

use anyhow::{Context, Result};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::ledger::{Edition, Ledger};

/// The folder, from the root.
const FOLDER: &str = "data/ledger";

pub(super) fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Ledger> {
    let folder = root.join(FOLDER);
    let mut editions = Vec::new();
    if !folder.is_dir() {
        return Ok(Ledger::default());
    }
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read `{FOLDER}`"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".json").filter(|_| !name.starts_with('.')) else { continue };
        let path = format!("{FOLDER}/{name}");
        let bytes = std::fs::read(root.join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        let read = serde_json::from_slice::<Edition>(&bytes);
        let source = std::sync::Arc::new(Source::new(&path, bytes));
        let fault = |code, message: String| Diagnostic::error(code, Span::start_of(&source), message);
        match read {
            Ok(edition) if edition.edition == stem => editions.push(edition),
            Ok(edition) => {
                let message = format!("the file holds the edition `{}`", edition.edition);
                diagnostics
                    .push(fault(Code::NameMismatch, message).hint("the name of the file is that of the edition"));
            }
            Err(error) => {
                let message = format!("the edition cannot be read: {error}");
                diagnostics.push(fault(Code::SyntaxError, message).hint("only `tipbrief release` writes this file"));
            }
        }
    }
    Ok(Ledger::new(editions))
}
