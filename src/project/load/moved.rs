//! Folders of `data/` that were renamed.

use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The snapshots, one folder for each kept older build; `previous` in `data/report.toml` names one of them.
pub const SNAPSHOTS: &str = "data/snapshots";

/// What that folder was called before.
const EDITIONS: &str = "data/editions";

/// Whether the snapshots are still in the folder with the old name.
#[must_use]
pub fn holds_old_snapshots(root: &Path) -> bool {
    root.join(EDITIONS).is_dir()
}

/// Reports a folder that still has its old name.
pub(super) fn report(root: &Path, diagnostics: &mut Diagnostics) {
    if holds_old_snapshots(root) {
        let message = format!("the folder `{EDITIONS}` is now called `{SNAPSHOTS}`");
        let here = Span::start_of(&Arc::new(Source::new(EDITIONS, Vec::new())));
        let fault = Diagnostic::error(Code::PathError, here, message);
        diagnostics.push(fault.hint(format!("move what it holds to `{SNAPSHOTS}`, and remove it")));
    }
}
