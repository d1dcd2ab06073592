//! `data/approvals/<issue>.jsonl`: who approved what, a line each; lines are only ever added. Beside it lies what each approval
//! keeps of what it approved.

use std::fs::{self, File};
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use rayon::prelude::*;

use super::chain::{self, place};
use super::entry::{BEGINNING, Entry, Line};
use super::kept::{self, Kept};
use super::signature;
use crate::delivery::publish::{APPROVALS, open_own, sync_folder};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::project::approval::Approval;
use crate::project::{Report, follow, unsafe_path};
use crate::value::period::Period;

/// The approvals of one issue.
pub struct Ledger {
    root: PathBuf,
    /// Its path from the root.
    name: String,
    source: Arc<Source>,
    /// Whether only signed lines count.
    pub asks_for_signatures: bool,
    /// The lines, the first first.
    pub lines: Vec<Known>,
    /// The checksum of the last line.
    last: String,
    /// How many bytes of it are whole lines.
    whole: usize,
}

/// A line that is as it was written.
pub struct Known {
    /// Its place in the file, from 1.
    pub at: usize,
    /// What it says.
    pub entry: Entry,
    signature: Option<String>,
    /// The fingerprint of the key that signed it; none if it is not signed, or nobody can say by whom.
    pub key: Option<String>,
}

/// The path of the approvals of an issue, from the root, without an ending.
fn stem(issue: &Period) -> String {
    // The slash of an interval cannot be part of a file name.
    format!("{APPROVALS}/{}", issue.text().replace('/', "_"))
}

impl Ledger {
    /// Reads the approvals of an issue; what is not as it was written is in `diagnostics`, and so is a wrong signature.
    ///
    /// # Errors
    /// When a file cannot be read, or signatures cannot be verified here.
    pub fn read(root: &Path, report: &Report, diagnostics: &mut Diagnostics) -> Result<Self> {
        let name = format!("{}.jsonl", stem(&report.issue));
        if root.join(&name).symlink_metadata().is_ok()
            && let Err(why) = follow(root, &name)
        {
            unsafe_path(root, &name, why, diagnostics);
        }
        let bytes = match fs::read(root.join(&name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            read => read.with_context(|| format!("cannot read `{name}`"))?,
        };
        let source = Arc::new(Source::new(&name, bytes));
        let (lines, whole) = chain::read(&source, report.issue.text(), diagnostics);
        let last = lines.last().map_or_else(|| BEGINNING.to_owned(), |(_, line)| line.sha256.clone());
        let known = |(at, Line { entry, signature, .. })| Known { at, entry, signature, key: None };
        let lines = lines.into_iter().map(known).collect();
        let signers = report.approval.as_ref().and_then(|approval| signers(root, approval));
        let asks_for_signatures = signers.is_some();
        let mut ledger = Self { root: root.to_owned(), name, source, asks_for_signatures, lines, last, whole };
        ledger.compare_kept(diagnostics);
        if let Some(signers) = signers {
            ledger.verify(&signers, diagnostics)?;
        }
        Ok(ledger)
    }

    /// Reports lines whose kept figures and parts are missing or are not as they were.
    fn compare_kept(&self, diagnostics: &mut Diagnostics) {
        for line in &self.lines {
            let Some(sum) = &line.entry.kept else { continue };
            let why = match kept::is_there(&self.folder(), &line.entry.country, sum) {
                Some(true) => continue,
                Some(false) => "is not as it was approved",
                None => "is missing",
            };
            let path = self.kept_path(&line.entry.country, sum);
            let message = format!("`{path}`, which keeps what this line approved, {why}");
            let fault = Diagnostic::error(Code::BrokenChain, place(&self.source, line.at), message);
            diagnostics.push(fault.hint("restore that file as it was; only `tipbrief approve` writes it"));
        }
    }

    /// Finds out who signed each line, and reports signatures that are not those of the persons named.
    fn verify(&mut self, signers: &Path, diagnostics: &mut Diagnostics) -> Result<()> {
        let signed: Vec<(usize, Option<String>)> = self
            .lines
            .par_iter()
            .enumerate()
            .filter_map(|(at, line)| Some((at, line, line.signature.as_ref()?)))
            .map(|(at, line, signature)| Ok((at, signature::signer(&line.entry, signature, signers)?)))
            .collect::<Result<_>>()?;
        for (at, key) in signed {
            let line = &mut self.lines[at];
            if key.is_none() {
                let message = format!("the signature is not one of `{}`, by a key that may sign", line.entry.by);
                let fault = Diagnostic::error(Code::SignatureError, place(&self.source, line.at), message);
                diagnostics
                    .push(fault.hint("restore the file as it was, or name the key in the file of `allowed_signers`"));
            }
            line.key = key;
        }
        Ok(())
    }

    /// What a line keeps of what it approved; none if it keeps nothing.
    pub fn kept(&self, line: &Known) -> Option<Kept> {
        kept::read(&self.folder(), &line.entry.country, line.entry.kept.as_ref()?)
    }

    /// The number and the predecessor of the next line.
    pub(super) fn next(&self) -> (usize, String) {
        (self.lines.last().map_or(0, |line| line.entry.number) + 1, self.last.clone())
    }

    /// Writes what an approval keeps of what it approves.
    pub(super) fn keep(&self, kept: &Kept) -> Result<()> {
        kept::write(&self.folder(), kept)
    }

    /// The folder of what is kept.
    fn folder(&self) -> PathBuf {
        self.root.join(self.name.trim_end_matches(".jsonl"))
    }

    fn kept_path(&self, country: &str, sum: &str) -> String {
        format!("{}/{}", self.name.trim_end_matches(".jsonl"), kept::name(country, sum))
    }
}

/// The file of those who may sign, if one is declared.
pub(super) fn signers(root: &Path, approval: &Approval) -> Option<PathBuf> {
    approval.allowed_signers.as_ref().map(|file| root.join("data").join(&file.value))
}

/// The right to add a line to the approvals of an issue, until it is dropped.
pub struct Pen {
    file: File,
}

impl Pen {
    /// Takes it, and waits while another run has it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(root: &Path, issue: &Period) -> Result<Self> {
        let name = format!("{}.jsonl", stem(issue));
        let folder = root.join(APPROVALS);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create `{APPROVALS}`"))?;
        let file = open_own(&root.join(&name), &name)?;
        file.lock().with_context(|| format!("cannot lock `{name}`; two runs at once would break it"))?;
        sync_folder(&folder).with_context(|| format!("cannot write to `{APPROVALS}`"))?;
        Ok(Self { file })
    }

    /// Adds a line, which is on the disk when this returns. An incomplete last line goes.
    ///
    /// # Errors
    /// When writing fails.
    pub(super) fn add(&mut self, ledger: &Ledger, entry: Entry, signature: Option<String>) -> Result<()> {
        let mut text = serde_json::to_vec(&Line::new(entry, signature)?)?;
        text.push(b'\n');
        // An editor may have left the last line without its line feed.
        if ledger.source.bytes[..ledger.whole].last().is_some_and(|byte| *byte != b'\n') {
            text.insert(0, b'\n');
        }
        let written = self.file.set_len(u64::try_from(ledger.whole)?);
        let written = written.and_then(|()| self.file.seek(SeekFrom::End(0))).and_then(|_| self.file.write_all(&text));
        written.and_then(|()| self.file.sync_all()).with_context(|| format!("cannot write to `{}`", ledger.name))
    }
}
