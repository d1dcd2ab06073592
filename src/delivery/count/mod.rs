//! A register counted in its engine: the client is run, and what it printed is kept as the register's file, whole or not at all.
//!
//! * Takes: a statement, the client's own command line, and the limits.
//! * Gives: `register/<table>.csv`, which only its owner may read. The old file stays as it is until then.
//!
//! | module | owns |
//! |---|---|
//! | `client` | one run of the client, bounded in time and output |
//! | `keep` | whether the file may be written, and writing it |

mod client;
mod keep;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};

pub(crate) use keep::refused;

/// What a client is asked.
pub(crate) struct Asked<'a> {
    /// The SQL.
    pub(crate) statement: &'a str,
    /// The labels that must be the first line of its answer.
    pub(crate) labels: &'a str,
    /// The client and its arguments.
    pub(crate) client: &'a [OsString],
    /// It is stopped after this time.
    pub(crate) time: Duration,
}

/// Runs the client and keeps what it printed as the file at `path`; gives the path back.
///
/// # Errors
/// When the client cannot be run, fails, takes too long or prints anything else than what was asked; when the file cannot be
/// written. The old file is as it was then.
pub(crate) fn count(root: &Path, path: &str, asked: &Asked<'_>) -> Result<PathBuf> {
    let printed = client::answer(asked)?;
    let fits = printed.strip_prefix(asked.labels.as_bytes()).is_some_and(|rest| rest.starts_with(b"\n"));
    ensure!(
        fits,
        "the client did not print the labels of the statement first; it must print the lines alone, without a heading, a prompt \
         or a frame"
    );
    ensure!(printed.ends_with(b"\n"), "the client stopped in the middle of a line");
    keep::keep(root, path, &printed)
}
