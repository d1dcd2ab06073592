//! The command `verify`: `output/` held against the checksums of its manifest.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, guarded};
use super::printing::say_lines;
use crate::delivery::publish::{self, quiet};

/// Says in what `output/` and the inputs differ from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a failure of the world.
pub fn verify(root: &Path) -> Result<Vec<String>> {
    let _quiet = quiet(root);
    publish::differences(root)
}

#[derive(Args)]
pub(super) struct VerifyOptions {
    /// The folder that holds `data/` and `output/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

/// Prints in what `output/` differs from its manifest.
pub(super) fn run(options: &VerifyOptions) -> End {
    match guarded(|| verify(&options.root)) {
        Ok(differences) => {
            let written = say_lines(&differences);
            conclude(written.err().map(|error| error.to_string()), !differences.is_empty())
        }
        Err(error) => conclude(Some(format!("{error:#}")), true),
    }
}
