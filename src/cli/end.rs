//! How a command ends: the one place where an outcome becomes an exit code.

use std::io::Write;
use std::process::ExitCode;

use super::layout::Exists;
use crate::delivery::send::Refused;
use crate::diagnostic::bug::caught;
use crate::diagnostic::{Diagnostics, Reported};
use crate::disclosure::audit::UnknownColumn;
use crate::disclosure::protect::Discloses;
use crate::document::explain::Nothing;

/// How a command ended. Its words are said already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As it was asked to.
    Done,
    /// Faults in data, declarations or prose.
    Faults,
    /// What is asked for cannot be done as things stand.
    Refused,
    /// The command line asks for what is not there.
    Misused,
    /// The machine: no Typst, disk full, unreadable file; or a bug.
    Machine,
    /// What is already public, or an artefact, discloses.
    Discloses,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        Self::from(end.code())
    }
}

/// The exit codes and what they mean, as `--help` lists them.
pub(super) const CODES: [(u8, &str); 5] = [
    (End::Done.code(), "done; warnings alone change nothing, unless `--deny warnings` is given"),
    (End::Faults.code(), "errors in data, declarations or prose, or the command cannot be done as things are"),
    (End::Misused.code(), "the command line is wrong"),
    (End::Machine.code(), "the machine failed: no Typst, a full disk, a file that cannot be read, or a bug"),
    (End::Discloses.code(), "withheld: what is published, or would be, discloses persons"),
];

impl End {
    /// The exit code.
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Faults | Self::Refused => 1,
            Self::Misused => 2,
            Self::Machine => 3,
            Self::Discloses => 4,
        }
    }

    /// How a command ends that an error stopped; a bug that stopped a country counts for more than what discloses.
    pub(super) fn of(error: &anyhow::Error, diagnostics: &Diagnostics) -> Self {
        if error.is::<UnknownColumn>() {
            Self::Misused
        } else if error.is::<Exists>() || error.is::<Nothing>() || error.is::<Refused>() {
            Self::Refused
        } else if error.is::<Discloses>() && diagnostics.stopped().next().is_none() {
            Self::Discloses
        } else if failure(Some(error), diagnostics).is_some() {
            Self::Machine
        } else {
            Self::Faults
        }
    }
}

/// Says on stderr what keeps a command from its work.
pub(super) fn complain(why: impl std::fmt::Display) {
    // Nobody is left to tell where stderr is gone.
    let _ = writeln!(std::io::stderr(), "error: {why}");
}

/// Does what a command asks for, where a bug is a failure like others.
pub(super) fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    caught(work).map_err(anyhow::Error::from).flatten()
}

/// Why a command failed, if faults are not all the reason: what went wrong in the world, and the bugs that stopped countries.
pub(super) fn failure(error: Option<&anyhow::Error>, diagnostics: &Diagnostics) -> Option<String> {
    let world = error.filter(|error| !error.is::<Reported>()).map(|error| format!("{error:#}"));
    let bugs = diagnostics.stopped().map(|(country, bug)| format!("{country}: {bug}"));
    let told: Vec<String> = world.into_iter().chain(bugs).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// Says why a command failed, if it did.
pub(super) fn conclude(failure: Option<String>, faulty: bool) -> End {
    if let Some(failure) = failure {
        complain(failure);
        return End::Machine;
    }
    if faulty { End::Faults } else { End::Done }
}

pub(super) fn unwritten(written: std::io::Result<()>) -> Option<String> {
    written.err().map(|error| format!("the output cannot be written: {error}"))
}

/// A country is not published: what is already public, or an artefact, discloses.
pub(super) fn withheld(why: &str) -> End {
    complain(why);
    End::Discloses
}
