//! The command `verify`: compares `output/` with the checksums of its manifest.

use std::path::Path;

use anyhow::Result;

use super::end::{End, conclude, guarded};
use super::printing::say_lines;
use super::shared::Shared;
use crate::delivery::publish::{self, quiet};

/// Says in what `output/` and the inputs differ from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a failure of the machine.
pub fn verify(root: &Path) -> Result<Vec<String>> {
    let _quiet = quiet(root);
    publish::differences(root)
}

/// Prints in what `output/` differs from its manifest.
pub(super) fn run(shared: &Shared) -> End {
    match guarded(|| verify(&shared.root())) {
        Ok(differences) => {
            let written = say_lines(&differences);
            conclude(written.err().map(|error| error.to_string()), !differences.is_empty())
        }
        Err(error) => conclude(Some(format!("{error:#}")), true),
    }
}
