//! The command `diff`: which figures differ between two builds, and why.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::end::{End, complain, conclude, failure, guarded, withheld};
use super::printing::unless_gone;
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::{released, tables};
use super::status_line::StatusLine;
use crate::delivery::publish::previous;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;
use crate::snapshots::diff::{self, Comparison, Side};
use crate::snapshots::record::{self, PublicRows, Record};
use crate::snapshots::revision::Revision;

/// Compares two builds: output folders, or revisions of `data/` compiled as far as the release.
///
/// A country whose data has an error in either build is not compared. Each build reports its own findings.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when faults leave nothing to compare, or a failure of the machine.
pub fn diff(
    root: &Path,
    [old, new]: [&str; 2],
    progress: Progress<'_>,
    [of_old, of_new]: &mut [Diagnostics; 2],
) -> Result<Comparison> {
    let (old, before) = build(root, old, progress, of_old)?;
    let (new, now) = build(root, new, progress, of_new)?;
    let faulty = |country: &str| of_old.failed_in(country) || of_new.failed_in(country);
    let comparison = diff::compare((old, &before), (new, &now), &faulty);
    if let Some(comparison) = comparison {
        return Ok(comparison);
    }
    of_old.conclude(())?;
    of_new.conclude(())?;
    anyhow::bail!("there is no country in either build")
}

/// A build by its name: a folder, or else a revision.
fn build(
    root: &Path,
    name: &str,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(Side, Vec<Record>)> {
    let (folder, mut side) = (Path::new(name), Side { name: name.to_owned(), commit: None });
    if folder.join("data").is_dir() {
        return Ok((side, compiled(folder, progress, diagnostics)?));
    }
    if folder.is_dir() {
        return Ok((side, record::published(folder)?));
    }
    let revision = Revision::take(root, name)?;
    let mut records = compiled(revision.root(), progress, diagnostics)?;
    records.iter_mut().for_each(|record| record.without_registers = true);
    side.commit = Some(revision.commit.clone());
    Ok((side, records))
}

/// A project's figures as a build would publish them, with the rows behind them.
fn compiled(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<Record>> {
    let project = Project::load(root, diagnostics)?;
    let mut tables = tables(&project, progress, diagnostics)?;
    let mut rows = PublicRows::of_all(&mut tables, &project.schemas);
    let release = released(&project, tables, progress, diagnostics)?;
    release.conclude()?;
    let records = project.countries.iter().filter_map(|country| {
        let rows = rows.remove(&country.iso3).unwrap_or_default();
        Some(record::released(&project, release.country(&country.iso3)?, Some(rows)))
    });
    Ok(records.collect())
}

#[derive(Args)]
pub(super) struct DiffOptions {
    /// The earlier build: an output folder, or a revision of `data/` in Git (a folder of that name goes first); by default what
    /// stood in `output/` before the last build that changed a figure
    old: Option<String>,
    /// The later build, likewise; a folder that holds `data/` is compiled as it stands; by default `output/`
    new: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: DiffFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// A line for each figure, and one for each cause
    Text,
    /// Tables for a pull request or a release note
    Markdown,
    /// What `figures.json` says of each figure, before and now
    Json,
}

/// Prints what differs between two builds; stdout has the answer and nothing else.
pub(super) fn run(options: &DiffOptions, shared: &Shared) -> End {
    match sides(&shared.root(), options) {
        Ok([old, new]) => compare(options, shared, [&old, &new]),
        Err(why) => {
            complain(why);
            End::Refused
        }
    }
}

/// The names of the builds that are compared: those given, else what stands in `output/` and what stood there before.
///
/// # Errors
/// Why there is nothing to compare with.
fn sides(root: &Path, options: &DiffOptions) -> Result<[String; 2], &'static str> {
    let name = |folder: PathBuf| folder.strip_prefix(".").unwrap_or(&folder).display().to_string();
    let (output, previous) = (root.join("output"), previous(root));
    let is_built = output.join("manifest.json").is_file();
    let new = options.new.clone().or_else(|| is_built.then(|| name(output)));
    let Some(new) = new else { return Err("nothing is built yet\n  = hint: run `tipbrief build`") };
    match &options.old {
        Some(old) => Ok([old.clone(), new]),
        None if previous.is_dir() => Ok([name(previous), new]),
        None => Err(
            "no build has changed a figure since `output/` was first written\n  = hint: name an output folder or a revision to compare with",
        ),
    }
}

fn compare(options: &DiffOptions, shared: &Shared, [old, new]: [&str; 2]) -> End {
    let status =
        StatusLine::start(if matches!(options.format, DiffFormat::Text) { Format::Human } else { Format::Json });
    let progress = |step: Step<'_>| status.say(step);
    let mut findings = [shared.findings(), shared.findings()];
    let outcome = guarded(|| diff(&shared.root(), [old, new], &progress, &mut findings));
    status.end();
    for (name, found) in [old, new].into_iter().zip(&findings).filter(|(_, found)| found.failed()) {
        // If stderr is closed, nobody can read it.
        let _ = writeln!(std::io::stderr(), "in `{name}`:");
        let _ = shared.report(found, Format::Human, None, std::io::stderr());
    }
    let answer = outcome.and_then(|comparison| match options.format {
        DiffFormat::Text => Ok(diff::text(&comparison)),
        DiffFormat::Markdown => Ok(diff::markdown(&comparison)),
        DiffFormat::Json => diff::json(&comparison),
    });
    let [mut both, of_new] = findings;
    both.absorb(of_new);
    match answer {
        Ok(answer) => {
            let written = unless_gone(std::io::stdout().write_all(answer.as_bytes()));
            let unwritten = written.err().map(|error| format!("the output cannot be written: {error}"));
            conclude(unwritten.or_else(|| failure(None, &both)), false)
        }
        Err(error) if End::of(&error, &both) == End::Discloses => withheld(&error.to_string()),
        Err(error) => conclude(failure(Some(&error), &both), true),
    }
}
