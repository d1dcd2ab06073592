//! The command `verify`: compares `output/` with the checksums of its manifest.

use std::path::Path;

use anyhow::Result;

use super::end::{End, conclude, failure, guarded};
use super::printing::say_lines;
use super::shared::Shared;
use crate::delivery::approve;
use crate::delivery::publish::{self, quiet};
use crate::diagnostic::{Diagnostics, Format};
use crate::project::{format_of, report_of};

/// Says in what `output/` and the inputs differ from the manifest, and which approvals are not as they were written or signed, a
/// line each.
///
/// # Errors
/// A project in a later format, which is in `diagnostics`; there is no manifest; or a failure of the machine.
pub fn verify(root: &Path, diagnostics: &mut Diagnostics) -> Result<Vec<String>> {
    let _quiet = quiet(root);
    format_of(root, diagnostics)?;
    let mut differences = publish::differences(root)?;
    // What is wrong with the declarations `check` names; where they changed since the build, that is a difference already.
    if let Ok(report) = report_of(root, &mut Diagnostics::default()) {
        differences.extend(approve::differences(root, &report)?);
    }
    Ok(differences)
}

/// Prints in what `output/` differs from its manifest.
pub(super) fn run(shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    match guarded(|| verify(&shared.root(), diagnostics)) {
        Ok(differences) => {
            let written = say_lines(&differences);
            conclude(written.err().map(|error| error.to_string()), !differences.is_empty())
        }
        Err(error) => {
            let failure = failure(Some(&error), diagnostics);
            let written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
            conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
        }
    }
}
