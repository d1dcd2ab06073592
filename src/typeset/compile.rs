//! One run of the Typst command, bounded in time, and what it says.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;

use super::Typst;

/// After this long a compiler hangs; a brief takes a second. `TIPBRIEF_TYPST_SECONDS` sets another limit.
const LIMIT: Duration = Duration::from_mins(2);

/// Something that Typst says of a file.
pub(super) struct Complaint {
    /// The file, from the staging folder's root.
    pub(super) path: String,
    /// Line and column from 1; columns in characters.
    pub(super) position: (usize, usize),
    /// Whether it is an error.
    pub(super) error: bool,
    /// What it says.
    pub(super) message: String,
}

/// The resolution of a cover: A4 becomes 1,200 pixels wide.
const COVER: &str = "145";

/// What a document becomes.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// All of it, accessible and archivable.
    Pdf,
    /// A picture of its first page.
    Cover,
}

impl Form {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["--format", "pdf", "--pdf-standard", "a-2a,ua-1"],
            Self::Cover => &["--format", "png", "--pages", "1", "--ppi", COVER],
        }
    }
}

/// Compiles `<edition>.typ` of a staging folder to `output`.
pub(super) fn compile(
    typst: &Typst,
    folder: &Path,
    edition: &str,
    (form, output): (Form, &Path),
    date: NaiveDate,
) -> Result<Vec<Complaint>> {
    let stamp = date.and_hms_opt(0, 0, 0).map_or(0, |time| time.and_utc().timestamp());
    let mut child = command(typst, "compile", folder)
        .args(form.arguments())
        .arg("--creation-timestamp")
        .arg(stamp.to_string())
        .arg(folder.join(format!("{edition}.typ")))
        .arg(output)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{}`", typst.program.display()))?;
    let mut pipe = child.stderr.take().context("Typst has no stderr")?;
    let reader = std::thread::spawn(move || {
        let mut said = Vec::new();
        pipe.read_to_end(&mut said).map(|_| said)
    });
    let status = wait(&mut child)?;
    let said = reader.join().ok().and_then(Result::ok).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let complaints: Vec<Complaint> = said.lines().filter_map(|line| complaint(line, folder)).collect();
    let explained = complaints.iter().any(|complaint| complaint.error);
    if !status.success() && !explained {
        bail!("Typst ended with {status}: {}", said.trim());
    }
    Ok(complaints)
}

/// Evaluates an expression in a document of a staging folder; what it gives is JSON.
pub(super) fn evaluate(typst: &Typst, folder: &Path, edition: &str, expression: &str) -> Result<Vec<u8>> {
    let mut child = command(typst, "eval", folder)
        .arg("--in")
        .arg(folder.join(format!("{edition}.typ")))
        .arg(expression)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run `{}`", typst.program.display()))?;
    let mut pipe = child.stdout.take().context("Typst has no stdout")?;
    let reader = std::thread::spawn(move || {
        let mut said = Vec::new();
        pipe.read_to_end(&mut said).map(|_| said)
    });
    let status = wait(&mut child)?;
    anyhow::ensure!(status.success(), "Typst ended with {status}");
    reader.join().ok().and_then(Result::ok).context("Typst said nothing")
}

/// One of Typst's commands on a staging folder, shut off from the machine around it.
fn command(typst: &Typst, name: &str, folder: &Path) -> Command {
    let mut command = Command::new(&typst.program);
    command
        .arg(name)
        .args(["--ignore-system-fonts", "--diagnostic-format", "short", "-j", "1"])
        .arg("--root")
        .arg(folder)
        // An import of a package fails at once instead of reaching for a network.
        .arg("--package-path")
        .arg(folder)
        .arg("--package-cache-path")
        .arg(folder)
        .env("TZ", "UTC")
        .env_remove("SOURCE_DATE_EPOCH")
        .env_remove("TYPST_FONT_PATHS")
        .stdin(Stdio::null());
    command
}

fn wait(child: &mut Child) -> Result<std::process::ExitStatus> {
    let seconds = std::env::var("TIPBRIEF_TYPST_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let limit = seconds.map_or(LIMIT, Duration::from_secs);
    let start = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for Typst")? {
            return Ok(status);
        }
        if start.elapsed() > limit {
            // It may have ended just now; either way it is gone.
            let _ = child.kill();
            let _ = child.wait();
            bail!("Typst did not finish within {} seconds and was ended", limit.as_secs());
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(16));
    }
}

/// Reads `path:line:column: error: message`, the short format.
fn complaint(line: &str, folder: &Path) -> Option<Complaint> {
    let (error, at) = match (line.find(": error: "), line.find(": warning: ")) {
        (Some(at), None) => (true, at),
        (None, Some(at)) => (false, at),
        (Some(error), Some(warning)) => (error < warning, error.min(warning)),
        (None, None) => {
            let bare = |word: &str| line.strip_prefix(word).map(str::to_owned);
            let (error, message) =
                bare("error: ").map(|m| (true, m)).or_else(|| bare("warning: ").map(|m| (false, m)))?;
            return Some(Complaint { path: String::new(), position: (1, 1), error, message });
        }
    };
    let message = line[at + 2..].split_once(": ").map_or("", |(_, message)| message).to_owned();
    let mut place = line[..at].rsplitn(3, ':');
    // Typst counts columns from 0 here, and lines from 1.
    let column = place.next().and_then(|column| column.parse::<usize>().ok()).map_or(1, |column| column + 1);
    let row = place.next().and_then(|row| row.parse().ok()).unwrap_or(1);
    let path = place.next().unwrap_or_default().replace('\\', "/");
    let root = folder.to_string_lossy().replace('\\', "/");
    let name = folder.file_name().map_or_else(String::new, |name| format!("{}/", name.to_string_lossy()));
    // Typst prints paths from where it was started: whatever leads to the staging folder is cut.
    let path = match path.strip_prefix(&root) {
        Some(inside) => inside.trim_start_matches('/').to_owned(),
        None => path.rsplit_once(&name).map_or(path.clone(), |(_, inside)| inside.to_owned()),
    };
    Some(Complaint { path, position: (row, column), error, message })
}
