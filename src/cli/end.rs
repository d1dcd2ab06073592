//! How a command ends: the one place where an outcome becomes an exit code.

use std::io::Write;
use std::process::ExitCode;

use super::layout::{self, Exists};
use super::unanswerable::{NotHere, Unfit};
use crate::delivery::send::Refused;
use crate::diagnostic::bug::caught;
use crate::diagnostic::{Diagnostics, Reported};
use crate::disclosure::audit::UnknownColumn;
use crate::disclosure::protect::Discloses;
use crate::document::explain::Nothing;

/// How a command ended. Its messages are already printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It did what it was asked to.
    Done,
    /// Errors in data, declarations or prose.
    Faults,
    /// A check blocks the command.
    Refused,
    /// The command line is wrong.
    Misused,
    /// The machine: no Typst, disk full, unreadable file; or a bug.
    Machine,
    /// Published numbers, or an output file, disclose.
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
    (End::Faults.code(), "errors in data, declarations or prose, or a check blocks the command"),
    (End::Misused.code(), "the command line is wrong"),
    (End::Machine.code(), "the machine failed: no Typst, a full disk, a file that cannot be read, or a bug"),
    (
        End::Discloses.code(),
        "what is published, or would be, reveals withheld numbers; the outputs concerned are not published",
    ),
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

    /// How a command ends after an error; a bug that stopped a country takes precedence over a disclosure.
    pub(super) fn of(error: &anyhow::Error, diagnostics: &Diagnostics) -> Self {
        if error.is::<UnknownColumn>() || error.is::<Unfit>() {
            Self::Misused
        } else if [error.is::<Exists>(), error.is::<layout::Refused>(), error.is::<Nothing>()].contains(&true)
            || [error.is::<Refused>(), error.is::<NotHere>()].contains(&true)
        {
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

/// Prints on stderr why a command cannot do its work.
pub(super) fn complain(why: impl std::fmt::Display) {
    // If stderr is closed, nobody can read it.
    let _ = writeln!(std::io::stderr(), "error: {why}");
}

/// Runs a command's work; a panic becomes an ordinary error.
pub(super) fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    caught(work).map_err(anyhow::Error::from).flatten()
}

/// Why a command failed, apart from errors in the data: failures of the machine, and bugs that stopped countries.
pub(super) fn failure(error: Option<&anyhow::Error>, diagnostics: &Diagnostics) -> Option<String> {
    let world = error.filter(|error| !error.is::<Reported>()).map(|error| {
        let open = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(is_open_elsewhere);
        format!("{error:#}{}", if open { OPEN_ELSEWHERE } else { "" })
    });
    let bugs = diagnostics.stopped().map(|(country, bug)| format!("{country}: {bug}"));
    let reasons: Vec<String> = world.into_iter().chain(bugs).collect();
    (!reasons.is_empty()).then(|| reasons.join("\nerror: "))
}

const OPEN_ELSEWHERE: &str = "\n  = hint: another program has the file open: close it there, such as in Excel or in what shows the PDF, and run this again; nothing is lost";

/// Whether a file cannot be read or replaced because another program holds it: Windows lets programs do that.
fn is_open_elsewhere(error: &std::io::Error) -> bool {
    cfg!(windows) && error.raw_os_error().is_some_and(holds)
}

/// Whether a system error of Windows is that of a file which is held: access denied (a folder with an open file cannot be moved),
/// sharing violation, lock violation, and a file that is mapped.
fn holds(code: i32) -> bool {
    matches!(code, 5 | 32 | 33 | 1224)
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

/// A country is not published, because published numbers or an output file disclose.
pub(super) fn withheld(why: &str) -> End {
    complain(why);
    End::Discloses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_another_program_holds_is_told_from_one_that_is_missing() {
        assert!([5, 32, 33, 1224].into_iter().all(holds), "access denied, shared, locked, mapped");
        assert!([2, 3, 112].into_iter().all(|code| !holds(code)), "missing file, missing path, full disk");
    }
}
