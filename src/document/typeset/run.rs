//! One run of a Typst command: cut off from the rest of the machine, with limits on time, memory and output.

use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::child::{end, read, receive, wait};
use super::confine;
use crate::diagnostic::several;
use crate::project::policy::Limits;

/// The largest document that is read, in bytes.
const MOST: u64 = 256 << 20;
/// The longest list of complaints that is read, in bytes.
const MOST_WORDS: u64 = 1 << 20;
/// A proxy address where nothing listens: requests fail at once even where the kernel cannot block them.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Where a document's further faces are staged.
pub(super) const FONTS: &str = "fonts";

/// What a run returned.
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

/// One of Typst's commands on a staging folder, the only files that it can find.
pub(super) fn command(program: &Path, name: &str, folder: &Path) -> Command {
    let mut command = bare(program);
    command.arg(name).args(["--ignore-system-fonts", "--diagnostic-format", "short", "-j", "1", "--root"]).arg(folder);
    // Row headers of tables are still an experimental feature of Typst.
    command.args(["--features", "a11y-extras"]).arg("--font-path").arg(folder.join(FONTS));
    // Typst packages are unavailable: none is found, and none is fetched.
    command.arg("--package-path").arg(folder).arg("--package-cache-path").arg(folder);
    command
}

/// A program that finds nothing in its environment but what it may need to start.
pub(super) fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("TZ", "UTC");
    for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(proxy, NOWHERE);
    }
    // Typst may need these to start; they do not change its output.
    for name in ["PATH", "LD_LIBRARY_PATH", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs a command until it ends or its time is over.
pub(super) fn run(command: &mut Command, limits: Limits) -> Result<Output> {
    let until = Instant::now() + limits.time;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = command.get_program().to_owned();
    let started = confine::spawn(command, limits.confinement, None);
    let mut child = started.with_context(|| format!("cannot run `{}`", Path::new(&program).display()))?;
    confine::bound(&child, limits.megabytes);
    let out = read(child.stdout.take(), MOST);
    let err = read(child.stderr.take(), MOST_WORDS);
    let received = receive(&out, until).and_then(|out| Some((out, receive(&err, until)?)));
    let status = received.as_ref().and_then(|_| wait(&mut child, until));
    let Some((status, (out, err))) = status.zip(received) else {
        end(&mut child);
        let seconds = usize::try_from(limits.time.as_secs()).unwrap_or(usize::MAX);
        bail!("Typst did not finish within {} and was stopped", several(seconds, "second", "seconds"));
    };
    anyhow::ensure!(u64::try_from(out.len()).is_ok_and(|length| length <= MOST), "Typst wrote more than {MOST} bytes");
    Ok(Output { status, out, err: String::from_utf8_lossy(&err).into_owned() })
}

/// The error for a failed run without complaints.
pub(super) fn failure(output: &Output, limits: Limits) -> anyhow::Error {
    let words = output.err.trim();
    // A Rust program that gets no more memory ends with these words.
    if words.contains("memory allocation of") {
        let limit = limits.megabytes;
        return anyhow::anyhow!(
            "Typst needs more than {limit} MB of memory; raise `[limits] typst_megabytes` in `data/report.toml`"
        );
    }
    anyhow::anyhow!("Typst ended with {}: {words}", output.status)
}
