//! What all journals know of the files that were sent, for whoever asks what a file is: no donor and no address.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::journal::{FOLDER, Journal, Line, mailbox};
use super::printed::{self, Printed};
use crate::project::follow;

/// A file that was sent, or was about to be.
pub(crate) struct SentFile {
    /// Its name, as its readers see it.
    pub(crate) name: String,
    pub(crate) sha256: String,
    /// The days on which it was sent.
    pub(crate) days: BTreeSet<String>,
    /// At how many mailboxes it arrived, and for how many that is not known.
    pub(crate) arrived: usize,
    pub(crate) open: usize,
    /// The day on which first another file was sent in its place.
    pub(crate) superseded: Option<String>,
    /// How many were told that it was corrected.
    pub(crate) told: usize,
}

/// The issues of which there is a journal.
///
/// # Errors
/// When the folder of the journals cannot be read.
pub(crate) fn issues(root: &Path) -> Result<Vec<String>> {
    let folder = root.join(FOLDER);
    if !folder.is_dir() || follow(root, FOLDER).is_err() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read `{FOLDER}`"))?;
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut issues: Vec<String> = names.filter_map(|name| name.strip_suffix(".jsonl").map(str::to_owned)).collect();
    issues.sort();
    Ok(issues)
}

/// The files that the journal of an issue names, each once.
///
/// # Errors
/// When the journal cannot be read.
pub(crate) fn files(root: &Path, issue: &str) -> Result<Vec<SentFile>> {
    let journal = Journal::read_only(root, &format!("{FOLDER}/{issue}.jsonl"))?;
    let messages = journal.messages();
    let mut by_sum: BTreeMap<&str, Vec<(&Line, &str)>> = BTreeMap::new();
    for (line, file) in messages.iter().flat_map(|line| line.files.iter().map(move |file| (*line, file))) {
        by_sum.entry(&file.sha256).or_default().push((line, &file.path));
    }
    Ok(by_sum.into_iter().map(|(sum, lines)| file(&messages, sum, &lines)).collect())
}

fn file(messages: &[&Line], sum: &str, lines: &[(&Line, &str)]) -> SentFile {
    let day = |line: &Line| line.time.split('T').next().unwrap_or_default().to_owned();
    let mailboxes = |lines: &mut dyn Iterator<Item = &&Line>| {
        lines.map(|line| (line.donor.clone(), mailbox(&line.address))).collect::<BTreeSet<_>>().len()
    };
    let path = lines.first().map_or("", |(_, path)| path);
    let own: Vec<&Line> = lines.iter().map(|(line, _)| *line).collect();
    let arrived = || own.iter().filter(|line| line.state.is_done());
    let first = messages.iter().position(|line| own.first().is_some_and(|first| std::ptr::eq(*first, *line)));
    let later = messages.iter().skip(first.unwrap_or_default()).filter(|line| line.state.is_done());
    let mut others = later.filter(|line| line.files.iter().any(|file| file.path == path && file.sha256 != sum));
    let about = |line: &&&Line| line.state.is_done() && line.corrects.iter().any(|file| file.sha256 == sum);
    SentFile {
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        sha256: sum.to_owned(),
        days: arrived().map(|line| day(line)).collect(),
        arrived: mailboxes(&mut arrived()),
        open: mailboxes(&mut own.iter().filter(|line| line.state.is_open())),
        superseded: others.next().map(|line| day(line)),
        told: mailboxes(&mut messages.iter().filter(about)),
    }
}

impl SentFile {
    /// What it printed; none where that was not kept.
    ///
    /// # Errors
    /// When it was kept and cannot be read.
    pub(crate) fn printed(&self, root: &Path, issue: &str) -> Result<Option<Printed>> {
        printed::read(root, &format!("{FOLDER}/{issue}/{}.json", self.sha256))
    }
}
