//! Reads what was found at the addresses of sources.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::links::{followed, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::visits::{VISITS, Visits};

pub(super) fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Arc<Visits>> {
    let bytes = match std::fs::read(root.join(VISITS)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Arc::default()),
        read => read.with_context(|| format!("cannot read `{VISITS}`"))?,
    };
    if let Err(why) = followed(root, VISITS) {
        unsafe_path(root, VISITS, why, diagnostics);
        return Ok(Arc::default());
    }
    let read = Visits::read(&bytes);
    Ok(Arc::new(read.unwrap_or_else(|(place, why)| {
        let source = Arc::new(Source::new(VISITS, bytes));
        let fault =
            Diagnostic::error(Code::SyntaxError, Span::new(&source, place), format!("the visit cannot be read: {why}"));
        diagnostics.push(
            fault.hint("only `tipbrief links` writes this file: delete the line, and the address is opened again"),
        );
        Visits::default()
    })))
}
