//! The command `keep`: what `output/` holds becomes a snapshot, which a later issue names as its `previous`.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::options::file_name;
use super::printing::say_paths;
use super::shared::Shared;
use crate::delivery::publish::{self, KeptSnapshot, quiet};
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;

/// Keeps what `output/` holds as a snapshot, with which a later build compares itself.
///
/// # Errors
/// Faults, which are in `diagnostics`; there is no manifest in `output/`; or a failure of the machine.
pub fn keep(root: &Path, name: &str, diagnostics: &mut Diagnostics) -> Result<KeptSnapshot> {
    let _quiet = quiet(root);
    let project = Project::load(root, diagnostics)?;
    diagnostics.conclude(())?;
    publish::keep(&project, name)
}

#[derive(Args)]
pub(super) struct KeepOptions {
    /// What the snapshot is called, such as the issue: its folder in `data/snapshots/`
    #[arg(value_parser = file_name)]
    name: String,
}

/// Keeps the snapshot, and prints the folders written or what forbids it.
pub(super) fn run(options: &KeepOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    match guarded(|| keep(&root, &options.name, diagnostics)) {
        Ok(kept) => {
            let paths: Vec<_> = kept.paths.iter().map(|path| root.join(path)).collect();
            let written = say_paths(&paths);
            kept.refused.iter().for_each(complain);
            conclude(written.err().map(|error| error.to_string()), !kept.refused.is_empty())
        }
        Err(error) => {
            let failure = failure(Some(&error), diagnostics);
            let written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
            conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
        }
    }
}
