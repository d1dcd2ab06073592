//! A Typst that stays alive: it sets one document anew whenever what it reads has changed, for whoever is looking at it. It may
//! write one file, in its own folder, and what it writes is never published.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::child::end;
use super::compile::{Form, dated};
use super::stage::Templates;
use super::{Prepared, Press, confine, run};
use crate::diagnostic::several;
use crate::project::policy::Limits;

/// The file that it may write.
const PDF: &str = "shown.pdf";
/// The folder that it reads.
const STAGED: &str = "staged";
/// How long it is waited after a complaint whether it was about files that were being written.
const AGAIN: Duration = Duration::from_millis(700);

/// The process, and what it has read.
pub struct Living {
    child: Child,
    lines: Receiver<String>,
    folder: PathBuf,
    staged: BTreeMap<String, Vec<u8>>,
    limits: Limits,
}

impl Living {
    /// Starts one on a document, and gives the document as it is now; none where Typst complains.
    ///
    /// # Errors
    /// When there is no room to stage; when Typst may not or cannot be started, or hangs.
    pub fn start(prepared: &mut Prepared<'_>, press: Press<'_>, fingerprint: &str) -> Result<(Self, Option<Vec<u8>>)> {
        let folder = press.work.to_owned();
        let (staging, pdf) = (folder.join(STAGED), folder.join(PDF));
        let cannot = || format!("cannot stage in `{}`", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(cannot)?;
        }
        fs::create_dir_all(staging.join(run::FONTS)).with_context(cannot)?;
        // It may write this file, and so cannot make it.
        fs::write(&pdf, []).with_context(cannot)?;
        let staged = files(prepared, press.templates, fingerprint)?;
        for (path, bytes) in &staged {
            write(&staging.join(path), bytes).with_context(cannot)?;
        }
        let document = &prepared.outline.document.kind.id;
        let mut command = run::command(&press.typst.program, "watch", &staging);
        let date = prepared.outline.project.report.issue.end();
        command.args(Form::Pdf.arguments()).args(dated(date)).arg(staging.join(format!("{document}.typ"))).arg(&pdf);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let started = confine::spawn(&mut command, press.limits.confinement, Some(&pdf));
        let mut child = started.with_context(|| format!("cannot run `{}`", press.typst.program.display()))?;
        confine::bound(&child, press.limits.megabytes);
        let (sender, lines) = channel();
        let words = child.stderr.take().map(BufReader::new);
        std::thread::spawn(move || {
            // Whoever listens may be gone.
            words.into_iter().flat_map(BufRead::lines).map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut living = Self { child, lines, folder, staged, limits: press.limits };
        let shown = living.set(fingerprint)?;
        Ok((living, shown))
    }

    /// The document as it is now; none where Typst complains, as the next build will tell.
    ///
    /// # Errors
    /// When it has ended, hangs, or outgrew its memory: another must be started.
    pub fn show(
        &mut self,
        prepared: &mut Prepared<'_>,
        templates: &Templates,
        fingerprint: &str,
    ) -> Result<Option<Vec<u8>>> {
        let files = files(prepared, templates, fingerprint)?;
        let staging = self.folder.join(STAGED);
        for path in self.staged.keys().filter(|path| !files.contains_key(*path)) {
            // What no document asks for any more may stay.
            let _ = fs::remove_file(staging.join(path));
        }
        for (path, bytes) in files.iter().filter(|(path, bytes)| self.staged.get(*path) != Some(*bytes)) {
            write(&staging.join(path), bytes).with_context(|| format!("cannot stage in `{}`", staging.display()))?;
        }
        self.staged = files;
        self.set(fingerprint)
    }

    /// Waits until it has set what is staged now, which the fingerprint in it shows.
    fn set(&mut self, fingerprint: &str) -> Result<Option<Vec<u8>>> {
        let until = Instant::now() + self.limits.time;
        let mut complained: Option<Instant> = None;
        loop {
            let pdf = fs::read(self.folder.join(PDF)).unwrap_or_default();
            if is_whole(&pdf, fingerprint) {
                return Ok(Some(pdf));
            }
            let now = Instant::now();
            let next = complained.map_or(until, |complained| complained + AGAIN);
            match self.lines.recv_timeout(next.saturating_duration_since(now)) {
                Ok(line) if line.contains("compiling") => complained = None,
                Ok(line) if line.contains("compiled with errors") => complained = Some(Instant::now()),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) if complained.is_some() => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {
                    let seconds = usize::try_from(self.limits.time.as_secs()).unwrap_or(usize::MAX);
                    bail!("Typst did not finish within {}", several(seconds, "second", "seconds"));
                }
                Err(RecvTimeoutError::Disconnected) => bail!("Typst has ended"),
            }
        }
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        end(&mut self.child);
        // The next one clears what is left.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// All that Typst reads of a document, with the fingerprint that its PDF will carry.
fn files(prepared: &mut Prepared<'_>, templates: &Templates, fingerprint: &str) -> Result<BTreeMap<String, Vec<u8>>> {
    prepared.view.carry(fingerprint);
    let files = super::stage::files(prepared.outline, &prepared.figures, &prepared.view, templates)?;
    Ok(files.into_iter().map(|(path, bytes)| (path, bytes.into_owned())).collect())
}

/// In place, so that Typst, which watches the file, is told.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}

/// Whether a PDF is written to its end and carries this fingerprint.
fn is_whole(pdf: &[u8], fingerprint: &str) -> bool {
    let carried = || memchr::memmem::find(pdf, fingerprint.as_bytes()).is_some();
    pdf.starts_with(b"%PDF-") && pdf.trim_ascii_end().ends_with(b"%%EOF") && carried()
}
