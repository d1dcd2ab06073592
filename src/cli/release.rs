//! The command `release`: writes the register numbers printed in `output/` into the ledger.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded, withheld};
use super::options::file_name;
use super::printing::{say_lines, say_paths};
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::{Releasing, releasing};
use crate::delivery::publish::{self, Consent, Released, quiet};
use crate::diagnostic::{Diagnostics, Format};
use crate::disclosure::late::Rung;
use crate::disclosure::protect::{State, Year, broken_promises};
use crate::project::Project;
use crate::project::ledger::ClosedYear;

/// Whether the list of what a release closes and tells is accepted.
pub type Accept<'a> = &'a dyn Fn(&[String]) -> bool;

/// Writes the register numbers of the documents in `output/` into the ledger, if the audit and `verify` pass and the list of
/// what it closes and tells is accepted.
///
/// # Errors
/// Errors in the data, which are in `diagnostics`; published numbers disclose; or a failure of the machine.
pub fn release_register(
    root: &Path,
    name: &str,
    accept: Accept<'_>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Released> {
    let _quiet = quiet(root);
    let (project, releasing) = releasing_of(root, &BTreeSet::new(), progress, diagnostics)?;
    let made = publish::made(name, &releasing.release, &project, (&releasing.counted, &releasing.custody))?;
    publish::release(root, &project.ledger, &made, &|| accept(&listed(&releasing, &project)))
}

/// Counts closed years anew, `ISO3/table:year`, and releases what they say now.
///
/// # Errors
/// As for [`release_register`].
pub fn correct_register(
    root: &Path,
    name: &str,
    (years, consent): (&[String], Consent),
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Released> {
    let _quiet = quiet(root);
    let reopened: BTreeSet<String> = years.iter().cloned().collect();
    let (project, releasing) = releasing_of(root, &reopened, progress, diagnostics)?;
    let known = |year: &&String| {
        let of = |closed: &ClosedYear| *year == &publish_name(closed);
        !project.ledger.closed_years().iter().any(of)
    };
    let unknown: Vec<String> = years.iter().filter(known).map(|year| format!("`{year}` is no closed year")).collect();
    if !unknown.is_empty() {
        return Ok(Released { refused: unknown, ..Released::default() });
    }
    let made = publish::made(name, &releasing.release, &project, (&releasing.counted, &releasing.custody))?;
    publish::correct(root, &project.ledger, &made, project.report.policy.threshold_units(), consent)
}

/// What a closed year is called in a correction: all measures of a table together.
fn publish_name(closed: &ClosedYear) -> String {
    crate::project::ledger::name(&closed.country, &closed.table, None, &closed.year)
}

fn releasing_of(
    root: &Path,
    reopened: &BTreeSet<String>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<(Project, Releasing)> {
    let project = Project::load(root, diagnostics)?;
    broken_promises(&project.ledger).into_iter().for_each(|broken| diagnostics.push(broken));
    let releasing = releasing(&project, reopened, progress, diagnostics)?;
    releasing.release.conclude()?;
    diagnostics.conclude(())?;
    Ok((project, releasing))
}

/// What the release closes, what it tells of late cases, and of what it tells nothing, a line each.
fn listed(releasing: &Releasing, project: &Project) -> Vec<String> {
    let countries = project.countries.iter().filter_map(|country| releasing.release.country(&country.iso3));
    countries.flat_map(|country| country.years().iter().map(line)).collect()
}

fn line(year: &Year) -> String {
    let (printed, all) = year.printed();
    let what = match (year.state(), year.rung()) {
        (State::Closes, _) => format!("closes; {printed} of its {all} numbers are printed"),
        (State::Adopted, _) => "has closed; its copy is taken now".to_owned(),
        (State::Kept, Some(Rung::All)) => "late cases are told of all its numbers".to_owned(),
        (State::Kept, Some(Rung::Two)) => "late cases are told of its numbers by two dimensions at most".to_owned(),
        (State::Kept, Some(Rung::One)) => "late cases are told of its numbers by one dimension at most".to_owned(),
        (State::Kept, Some(Rung::Totals)) => "late cases are told of its totals".to_owned(),
        (State::Kept, Some(Rung::Nothing) | None) => "nothing new is told of late cases".to_owned(),
        (State::Lost, _) => {
            "has closed without a copy that is there now: nothing is told of late cases any more".to_owned()
        }
        (State::Unlike, _) => "has closed, and its copy or the key is not what the last release says".to_owned(),
    };
    format!("{}: {what}", year.name())
}

#[derive(Args)]
pub(super) struct ReleaseOptions {
    /// The name of the release: the stem of its file in `data/ledger/`
    #[arg(value_parser = file_name)]
    name: String,
    /// Show what it would expose to count these closed years anew, each as ISO3/table:year; `--yes` does it
    #[arg(long, value_name = "YEAR", num_args = 1..)]
    correct: Vec<String>,
    /// Write the correction
    #[arg(long, requires = "correct")]
    yes: bool,
    /// Write the correction although it reveals few persons
    #[arg(long, requires = "yes")]
    expose: bool,
}

impl ReleaseOptions {
    fn consent(&self) -> Consent {
        match (self.yes, self.expose) {
            (false, _) => Consent::None,
            (true, false) => Consent::Writing,
            (true, true) => Consent::Exposing,
        }
    }
}

/// Releases the register numbers, and prints what closes, what a correction exposes, the ledger's path, and the checks that
/// block it.
pub(super) fn run(options: &ReleaseOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let progress = |_: Step<'_>| {};
    let corrects = !options.correct.is_empty();
    let (root, name) = (shared.root(), &options.name);
    let outcome = guarded(|| {
        if corrects {
            correct_register(&root, name, (&options.correct, options.consent()), &progress, diagnostics)
        } else {
            release_register(&root, name, &asked, &progress, diagnostics)
        }
    });
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let mut written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
    match outcome {
        Ok(released) => {
            if corrects {
                written = written.and(say_lines(&exposed(&released.exposed)));
            }
            written = written.and(say_paths(&released.path.iter().cloned().collect::<Vec<_>>()));
            for refused in &released.refused {
                complain(refused);
            }
            if corrects && !options.yes {
                return End::Misused;
            }
            conclude(written.err().map(|error| error.to_string()), !released.refused.is_empty())
        }
        Err(error) if End::of(&error, diagnostics) == End::Discloses => withheld(&format!("{error:#}")),
        Err(_) => conclude(failure, true),
    }
}

/// Prints the list, and asks whether to go on; only a terminal is asked.
fn asked(list: &[String]) -> bool {
    let printed = say_lines(list).is_ok();
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return printed;
    }
    let mut answer = String::new();
    let question = std::io::stdout().write_all(b"Release? Closed numbers never change. [y/N] ");
    let read = question.and_then(|()| std::io::stdout().flush()).and_then(|()| std::io::stdin().read_line(&mut answer));
    printed && read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// What a correction exposes, a line each.
fn exposed(ids: &[String]) -> Vec<String> {
    if ids.is_empty() {
        return vec!["no difference from a released number reveals few persons".to_owned()];
    }
    let why = |id: &String| format!("{id}: the difference from what was released reveals few persons");
    ids.iter().map(why).collect()
}
