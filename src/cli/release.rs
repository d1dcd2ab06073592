//! The command `release`: writes the register numbers printed in `output/` into the ledger.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded, withheld};
use super::options::file_name;
use super::printing::{say_lines, say_paths};
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::release;
use crate::delivery::publish::{self, Released, quiet};
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;

/// Writes the register numbers of the documents in `output/` into the ledger, if the audit and `verify` pass.
///
/// A correction replaces the numbers released before by the register's current ones; `correct` is whether its exposure is
/// accepted.
///
/// # Errors
/// Errors in the data, which are in `diagnostics`; published numbers disclose; or a failure of the machine.
pub fn release_register(
    root: &Path,
    name: &str,
    correct: Option<bool>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Released> {
    let _quiet = quiet(root);
    let mut project = Project::load(root, diagnostics)?;
    // A correction is protected as if nothing had been released.
    let before = correct.map(|_| std::mem::take(&mut project.ledger));
    let release = release(&project, progress, diagnostics)?;
    release.conclude()?;
    diagnostics.conclude(())?;
    project.ledger = before.unwrap_or(project.ledger);
    let register = publish::register_release(name, correct.is_some(), &release, &project);
    if let Some(accepted) = correct {
        return publish::correct(root, &project.ledger, &register, project.report.policy.threshold_units(), accepted);
    }
    publish::release(root, &project.ledger, &register)
}

#[derive(Args)]
pub(super) struct ReleaseOptions {
    /// The name of the release: the stem of its file in `data/ledger/`
    #[arg(value_parser = file_name)]
    name: String,
    /// Show what it would expose to replace the released numbers by the register's current ones; `--yes` does it
    #[arg(long)]
    correct: bool,
    /// Accept what the correction exposes, and write it
    #[arg(long, requires = "correct")]
    yes: bool,
}

/// Releases the register numbers, and prints what a correction exposes, the ledger's path, and the checks that block it.
pub(super) fn run(options: &ReleaseOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let progress = |_: Step<'_>| {};
    let correct = options.correct.then_some(options.yes);
    let outcome = guarded(|| release_register(&shared.root(), &options.name, correct, &progress, diagnostics));
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let mut written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
    match outcome {
        Ok(released) => {
            if options.correct {
                written = written.and(say_lines(&exposed(&released.exposed)));
            }
            written = written.and(say_paths(&released.path.into_iter().collect::<Vec<_>>()));
            for refused in &released.refused {
                complain(refused);
            }
            conclude(written.err().map(|error| error.to_string()), !released.refused.is_empty())
        }
        Err(error) if End::of(&error, diagnostics) == End::Discloses => withheld(&format!("{error:#}")),
        Err(_) => conclude(failure, true),
    }
}

/// What a correction exposes, a line each.
fn exposed(ids: &[String]) -> Vec<String> {
    if ids.is_empty() {
        return vec!["no difference from a released number reveals few persons".to_owned()];
    }
    ids.iter().map(|id| format!("{id}: the difference from the released number reveals few persons")).collect()
}
