//! One run of a Typst command: shut off from the machine around it, bounded in time, memory and words.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Typst, confine};
use crate::project::policy::Limits;

/// More than this is no document.
const MOST: u64 = 256 << 20;
/// More than this nobody reads.
const MOST_WORDS: u64 = 1 << 20;
/// Where nobody listens: what asks for a network is refused at once, where the kernel cannot refuse it.
const NOWHERE: &str = "http://127.0.0.1:9";

/// What a run left behind.
pub(super) struct Said {
    pub(super) status: ExitStatus,
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

/// One of Typst's commands on a staging folder, which is all that it finds.
pub(super) fn command(typst: &Typst, name: &str, folder: &Path) -> Command {
    let mut command = Command::new(&typst.program);
    command.arg(name).args(["--ignore-system-fonts", "--diagnostic-format", "short", "-j", "1", "--root"]).arg(folder);
    // The heads of rows; Typst keeps their form to itself until it is settled.
    command.args(["--features", "a11y-extras"]).arg("--font-path").arg(folder.join(super::stage::FONTS));
    // No package is found, and none is fetched.
    command.arg("--package-path").arg(folder).arg("--package-cache-path").arg(folder);
    command.env_clear().env("TZ", "UTC");
    for proxy in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env(proxy, NOWHERE);
    }
    // What finds a library or a program for Typst changes nothing that Typst makes.
    for name in ["PATH", "LD_LIBRARY_PATH", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Runs a command to its end, or to that of its time.
pub(super) fn run(command: &mut Command, limits: Limits) -> Result<Said> {
    let until = Instant::now() + limits.time;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = command.get_program().to_owned();
    let mut child =
        confine::spawn(command).with_context(|| format!("cannot run `{}`", Path::new(&program).display()))?;
    confine::bound(&child, limits.megabytes);
    let out = listen(child.stdout.take(), MOST);
    let err = listen(child.stderr.take(), MOST_WORDS);
    let heard = hear(&out, until).and_then(|out| Some((out, hear(&err, until)?)));
    let status = heard.as_ref().and_then(|_| wait(&mut child, until));
    let Some((status, (out, err))) = status.zip(heard) else {
        confine::end(&mut child);
        bail!("Typst did not finish within {} seconds and was ended", limits.time.as_secs());
    };
    anyhow::ensure!(u64::try_from(out.len()).is_ok_and(|length| length <= MOST), "Typst wrote more than {MOST} bytes");
    Ok(Said { status, out, err: String::from_utf8_lossy(&err).into_owned() })
}

/// Why a run failed that says nothing of a place.
pub(super) fn failure(said: &Said, limits: Limits) -> anyhow::Error {
    let words = said.err.trim();
    // The words that a Rust program ends with when it gets no more memory.
    if words.contains("memory allocation of") {
        let limit = limits.megabytes;
        return anyhow::anyhow!(
            "Typst needs more than {limit} MB of memory; `[limits] typst_megabytes` in `data/report.toml` grants more"
        );
    }
    anyhow::anyhow!("Typst ended with {}: {words}", said.status)
}

/// Everything that comes through a pipe, up to one byte more than so many.
fn listen(pipe: Option<impl Read + Send + 'static>, most: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut heard = Vec::new();
        if let Some(pipe) = pipe {
            // What broke off is told by the exit status, or by its end.
            let _ = pipe.take(most + 1).read_to_end(&mut heard);
        }
        // Nobody waits for it any more when the time is over.
        let _ = sender.send(heard);
    });
    receiver
}

fn hear(pipe: &Receiver<Vec<u8>>, until: Instant) -> Option<Vec<u8>> {
    pipe.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

/// How it ended; who closes both its pipes is at its end, or hangs.
fn wait(child: &mut Child, until: Instant) -> Option<ExitStatus> {
    let mut pause = Duration::from_micros(50);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => std::thread::sleep(pause),
            _ => return None,
        }
        pause = (pause * 2).min(Duration::from_millis(16));
    }
}
