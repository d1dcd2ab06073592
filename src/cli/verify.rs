//! The command `verify`: compares `output/` with the checksums of its manifest, or says which file one is.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, failure, guarded};
use super::printing::say_lines;
use super::shared::Shared;
use crate::delivery::approve;
use crate::delivery::publish::{self, quiet};
use crate::delivery::recognise::{Recognised, recognise};
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

#[derive(Args)]
pub(super) struct VerifyOptions {
    /// Say by its checksum which file this is: as it is in `output/`, or one that was sent, what took its place and which figures
    /// read otherwise now
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Says which file this is.
///
/// # Errors
/// A project in a later format, which is in `diagnostics`, a journal that cannot be read, or a failure of the machine.
fn recognised(root: &Path, file: &Path, diagnostics: &mut Diagnostics) -> Result<Recognised> {
    format_of(root, diagnostics)?;
    recognise(root, file)
}

/// Prints in what `output/` differs from its manifest, or which file it is that is asked about.
pub(super) fn run(options: &VerifyOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    if let Some(file) = &options.file {
        return match guarded(|| recognised(&shared.root(), file, diagnostics)) {
            Ok(Recognised { lines, is_current }) => {
                conclude(say_lines(&lines).err().map(|error| error.to_string()), !is_current)
            }
            Err(error) => shared.unanswered(error, diagnostics),
        };
    }
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
