//! One run of an engine's client, without a shell: the SQL on its stdin, the lines on its stdout. It keeps its environment, in
//! which it finds the server and the secret. **tempfile** is used here for the file of a client that reads no stdin.
//!
//! What it says on stderr is shown on a terminal alone: an engine's complaint may hold what stands in a row.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use super::Asked;
use crate::diagnostic::several;
use crate::document::typeset::child::{apart, end, read, receive, wait};

/// The most that a client may print, in bytes.
const MOST: u64 = 256 << 20;
/// An argument that stands for the path of a file with the SQL.
const FILE: &str = "{sql}";

/// What the client printed.
pub(super) fn answer(asked: &Asked<'_>) -> Result<Vec<u8>> {
    let Some((program, arguments)) = asked.client.split_first() else { bail!("no client is named") };
    let shown = Path::new(program).display().to_string();
    let until = Instant::now() + asked.time;
    let file = written(asked.statement, arguments)?;
    let path = |argument: &OsString| match &file {
        Some(file) if argument == FILE => file.path().into(),
        _ => argument.clone(),
    };
    let mut command = Command::new(program);
    command.args(arguments.iter().map(path)).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(if std::io::stderr().is_terminal() { Stdio::inherit() } else { Stdio::null() });
    apart(&mut command);
    let mut child = command.spawn().with_context(|| format!("cannot run the client `{shown}`"))?;
    if let Some(mut stdin) = child.stdin.take() {
        let statement = asked.statement.to_owned();
        // A client that does not read it, or ends early, is known by its answer.
        std::thread::spawn(move || stdin.write_all(statement.as_bytes()));
    }
    let printed = receive(&read(child.stdout.take(), MOST), until);
    let too_much =
        printed.as_ref().is_some_and(|printed| u64::try_from(printed.len()).is_ok_and(|length| length > MOST));
    let status = printed.as_ref().filter(|_| !too_much).and_then(|_| wait(&mut child, until));
    // Whatever it started ends with it.
    end(&mut child);
    ensure!(!too_much, "the client `{shown}` printed more than {} MB and was stopped", MOST >> 20);
    let Some((printed, status)) = printed.zip(status) else {
        let seconds = usize::try_from(asked.time.as_secs()).unwrap_or(usize::MAX);
        bail!(
            "the client `{shown}` did not finish within {} and was stopped; `[limits] engine_seconds` in `data/report.toml` \
             allows more",
            several(seconds, "second", "seconds")
        );
    };
    ensure!(
        status.success(),
        "the client `{shown}` failed: {status}; what it said is shown on a terminal alone, since it may hold what is in a row"
    );
    Ok(printed)
}

/// The SQL in a file that only its owner may read, if an argument asks for one.
fn written(statement: &str, arguments: &[OsString]) -> Result<Option<tempfile::NamedTempFile>> {
    if !arguments.iter().any(|argument| argument == FILE) {
        return Ok(None);
    }
    let mut file =
        tempfile::Builder::new().suffix(".sql").tempfile().context("cannot write the statement to a file")?;
    file.write_all(statement.as_bytes()).and_then(|()| file.flush()).context("cannot write the statement to a file")?;
    Ok(Some(file))
}
