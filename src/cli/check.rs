//! The command `check`: reports every error in declarations, tables, summaries and prose; writes nothing and needs no Typst.

use std::path::Path;

use anyhow::Result;

use super::end::{End, failure, guarded, withheld};
use super::options::Options;
use super::progress::{Progress, Step};
use super::schema::noted;
use super::shared::Shared;
use super::stages::release;
use super::status_line::StatusLine;
use crate::delivery::approve;
use crate::delivery::build::changes;
use crate::delivery::send::{sent_paths, untold};
use crate::diagnostic::{Diagnostics, Format};
use crate::disclosure::protect::broken_promises;
use crate::document::bind::bind;
use crate::project::Project;
use crate::snapshots::revision;

/// Reports every error in declarations, tables, summaries and prose; writes nothing and needs no Typst.
///
/// # Errors
/// [`Discloses`](crate::disclosure::protect::Discloses), [`Reported`](crate::diagnostic::Reported) when
/// there is one, or a failure of the machine.
pub fn check(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<()> {
    let project = Project::read(root, diagnostics)?;
    // Tables can be checked only with valid schemas, and prose only with valid indicators.
    diagnostics.conclude_below("data/schemas", ())?;
    revision::registers_kept_out(&project.root, &project.countries, diagnostics);
    project.letters(diagnostics)?;
    untold(&project, &sent_paths(root, &project.report.issue), diagnostics);
    broken_promises(&project.ledger).into_iter().for_each(|broken| diagnostics.push(broken));
    let release = release(&project, progress, diagnostics)?;
    if diagnostics.conclude_shared(()).is_ok() {
        bind(&project, &release, diagnostics);
        changes(&project, &release, diagnostics)?;
    }
    approve::check(&project.root, &project.report, diagnostics)?;
    release.conclude()?;
    Ok(diagnostics.conclude(())?)
}

/// Prints every error to stdout.
pub(super) fn run(options: &Options, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let format = Format::from(options.format);
    let status = StatusLine::start(format);
    let root = shared.root();
    let outcome = guarded(|| check(&root, &|step: Step<'_>| status.say(step), diagnostics));
    noted(&root, diagnostics);
    status.end();
    let discloses = outcome.as_ref().is_err_and(|error| End::of(error, diagnostics) == End::Discloses);
    let failure = failure(outcome.err().as_ref(), diagnostics);
    let written = shared.report(diagnostics, format, failure.as_deref(), std::io::stdout());
    match &failure {
        Some(failure) if discloses && written.is_ok() => withheld(failure),
        _ => options.end(diagnostics, failure, written),
    }
}
