//! `data/sent/<issue>.jsonl`: what was sent to whom, a line for each step; lines are only ever appended. The last line of a
//! message gives its state; before its last byte can reach a server, a line on the disk says so.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::Refused;
use super::delivery::Attachment;
use crate::delivery::publish::open_own;
use crate::project::donor::Mailbox;
use crate::project::follow;
use crate::value::period::Period;

/// The folder of the journals, which no build reads.
pub(super) const FOLDER: &str = "data/sent";

/// The state of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its last byte was about to be sent. If this is the last line, the run ended there, and the outcome is unknown.
    Sending,
    /// The server accepted it.
    Sent,
    /// It was certainly not delivered.
    NotSent,
    /// It may have been delivered: the answer did not come.
    Unknown,
    /// An officer says that it arrived.
    Received,
    /// An officer says that it did not arrive and must be sent again.
    Again,
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Line {
    /// RFC 3339, UTC.
    pub(super) time: String,
    pub(super) donor: String,
    pub(super) address: String,
    message_id: String,
    pub(super) files: Vec<Sum>,
    /// Of a correction: the files with wrong figures that it tells about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) corrects: Vec<Sum>,
    pub(super) state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// Its place among all lines.
    #[serde(skip)]
    at: usize,
}

/// A file that was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Sum {
    pub(super) path: String,
    pub(super) sha256: String,
}

/// The journal of one issue.
pub(super) struct Journal {
    /// Its path from the root.
    pub(super) name: String,
    /// The file, locked so that no other run sends meanwhile; `None` if it is only read.
    file: Option<File>,
    /// The last line of each message, by its id.
    known: BTreeMap<String, Line>,
    /// The line whose end is missing, if there is one.
    pub(super) torn: Option<usize>,
}

impl State {
    /// Its name in the journal and in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
            Self::Received => "received",
            Self::Again => "again",
        }
    }

    /// Whether it is unknown if the message arrived.
    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Sending | Self::Unknown)
    }

    /// Whether the message arrived.
    pub(super) fn is_done(self) -> bool {
        matches!(self, Self::Sent | Self::Received)
    }
}

impl Line {
    /// The line about a message at this moment.
    pub(super) fn new(donor: &str, address: &str, message_id: &str, documents: &[Attachment], state: State) -> Self {
        let sum = |document: &Attachment| Sum { path: document.path.clone(), sha256: document.sha256.clone() };
        let files = documents.iter().map(sum).collect();
        let (donor, address, message_id) = (donor.to_owned(), address.to_owned(), message_id.to_owned());
        Self { time: now(), donor, address, message_id, files, corrects: Vec::new(), state, answer: None, at: 0 }
    }

    /// The line of a message that corrects these files.
    pub(super) fn correcting(mut self, corrects: &[Sum]) -> Self {
        self.corrects = corrects.to_vec();
        self
    }

    /// What an officer calls its message by.
    pub(super) fn id(&self) -> &str {
        key(&self.message_id)
    }

    /// Whether it is about a message to this mailbox, however its name is written.
    pub(super) fn is_to(&self, donor: &str, address: &str) -> bool {
        self.donor == donor && mailbox(&self.address) == mailbox(address)
    }

    /// With the reply of the server, or why there was none.
    pub(super) fn answered(mut self, answer: &str) -> Self {
        self.answer = Some(answer.to_owned());
        self
    }

    /// The same message in another state.
    fn now(&self, state: State) -> Self {
        Self { time: now(), state, answer: None, ..self.clone() }
    }
}

/// A mailbox without the name of its owner, by which addresses are compared.
pub(super) fn mailbox(address: &str) -> String {
    Mailbox::read(address).map_or_else(|_| address.to_owned(), |read| format!("{}@{}", read.local, read.domain))
}

/// Where what was sent of an issue is kept: the journal, and beside it a folder. The slash of an interval cannot be part of a file
/// name.
pub(super) fn of_issue(issue: &Period) -> String {
    format!("{FOLDER}/{}", issue.text().replace('/', "_"))
}

/// What identifies a message: the part before the `@` of its Message-ID.
fn key(message_id: &str) -> &str {
    message_id.split('@').next().unwrap_or(message_id)
}

fn now() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Journal {
    /// Reads the journal; for writing, also locks it for this run.
    ///
    /// # Errors
    /// [`Refused`] while another run has it, or when a line of it cannot be read; a failure of the machine.
    pub(super) fn open(root: &Path, issue: &Period, write: bool) -> Result<Self> {
        let name = format!("{}.jsonl", of_issue(issue));
        let file = if write {
            refuse_link(root, &name)?;
            Some(take(root, &name)?)
        } else {
            None
        };
        Self::of(root, name, file)
    }

    /// Reads the journal at a path.
    ///
    /// # Errors
    /// As for [`Journal::open`].
    pub(super) fn read_only(root: &Path, name: &str) -> Result<Self> {
        Self::of(root, name.to_owned(), None)
    }

    fn of(root: &Path, name: String, mut file: Option<File>) -> Result<Self> {
        refuse_link(root, &name)?;
        // On Windows what is locked is read through the handle that locked it, and no other.
        let read = match &mut file {
            Some(file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).map(|_| bytes)
            }
            None => fs::read(root.join(&name)),
        };
        let bytes = match read {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            read => read.with_context(|| format!("cannot read `{name}`"))?,
        };
        let mut journal = Self { name, file, known: BTreeMap::new(), torn: None };
        let whole = journal.read(&bytes)?;
        if let Some(file) = &mut journal.file {
            let context = || format!("cannot write to `{}`", journal.name);
            file.set_len(u64::try_from(whole)?).with_context(context)?;
            // An editor may have left the last line without its line feed.
            if bytes[..whole].last().is_some_and(|byte| *byte != b'\n') {
                file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(b"\n")).with_context(context)?;
            }
            file.sync_all().with_context(context)?;
        }
        Ok(journal)
    }

    /// Reads every line; returns their length in bytes. An incomplete last line, as a power cut leaves it, was never confirmed,
    /// so nothing was sent after it: it counts as not written.
    fn read(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut whole = 0;
        for (at, text) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            match serde_json::from_slice::<Line>(text) {
                Ok(line) => drop(self.known.insert(key(&line.message_id).to_owned(), Line { at, ..line })),
                Err(_) if !text.ends_with(b"\n") => {
                    self.torn = Some(at + 1);
                    break;
                }
                Err(error) => {
                    let place = format!("{}:{}", self.name, at + 1);
                    let message =
                        format!("{place}: this line cannot be read ({error}); correct it before anything is sent");
                    return Err(Refused::one(message).into());
                }
            }
            whole += text.len();
        }
        Ok(whole)
    }

    /// The state of a message; `None` if it was never tried.
    pub(super) fn state(&self, message_id: &str) -> Option<State> {
        self.known.get(key(message_id)).map(|line| line.state)
    }

    /// The last line of each message, in the order in which they were written.
    pub(super) fn messages(&self) -> Vec<&Line> {
        let mut lines: Vec<&Line> = self.known.values().collect();
        lines.sort_by_key(|line| line.at);
        lines
    }

    /// Whether each of these files arrived at a mailbox, with whatever message.
    pub(super) fn has_all(&self, (donor, address): (&str, &str), documents: &[Attachment]) -> bool {
        let arrived: Vec<&Line> =
            self.known.values().filter(|line| line.state.is_done() && line.is_to(donor, address)).collect();
        let has = |document: &Attachment| {
            arrived.iter().flat_map(|line| &line.files).any(|file| file.sha256 == document.sha256)
        };
        documents.iter().all(has)
    }

    /// Appends a line, which is on the disk when this returns.
    ///
    /// # Errors
    /// When writing fails.
    pub(super) fn add(&mut self, line: Line) -> Result<()> {
        let context = || format!("cannot write to `{}`", self.name);
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        let file = self.file.as_mut().context("the journal is only read")?;
        let written = file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(&text)).and_then(|()| file.sync_all());
        written.with_context(context)?;
        let at = self.known.values().map(|line| line.at + 1).max().unwrap_or_default();
        self.known.insert(key(&line.message_id).to_owned(), Line { at, ..line });
        Ok(())
    }

    /// Records what an officer found out about an `unknown` message; returns donor and address.
    ///
    /// # Errors
    /// [`Refused`] when there is no such message, or its outcome is known; a failure of the machine.
    pub(super) fn resolve(&mut self, id: &str, state: State) -> Result<(String, String, String)> {
        let wanted = key(id);
        let found: Vec<&Line> = self
            .known
            .iter()
            .filter(|(key, _)| !wanted.is_empty() && key.starts_with(wanted))
            .map(|(_, l)| l)
            .collect();
        let line = match found[..] {
            [line] => line,
            [] => return Err(Refused::one(format!("`{}` contains no message `{id}`", self.name)).into()),
            _ => return Err(Refused::one(format!("several message ids begin with `{id}`; give more of it")).into()),
        };
        if !line.state.is_open() {
            let message =
                format!("the message `{id}` is `{}`; only an `unknown` one needs an answer", line.state.name());
            return Err(Refused::one(message).into());
        }
        let resolved = line.now(state);
        let known = (resolved.donor.clone(), resolved.address.clone(), key(&resolved.message_id).to_owned());
        self.add(resolved)?;
        Ok(known)
    }
}

fn refuse_link(root: &Path, name: &str) -> Result<()> {
    if root.join(name).is_symlink() {
        return Err(Refused::one(format!("`{name}` is a link; put the journal itself there")).into());
    }
    if root.join(FOLDER).exists() && follow(root, FOLDER).is_err() {
        return Err(Refused::one(format!("`{FOLDER}` leads out of the project; put the folder itself there")).into());
    }
    Ok(())
}

/// Opens the journal for writing, locked for this run.
fn take(root: &Path, name: &str) -> Result<File> {
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{FOLDER}`"))?;
    let file = open_own(&root.join(name), name)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(Refused::one("another `tipbrief send` is running; wait until it ends".to_owned()).into());
        }
        Err(TryLockError::Error(error)) => {
            return Err(error)
                .with_context(|| format!("cannot lock `{name}`; two runs at once would send every message twice"));
        }
    }
    // The journal's name must be on the disk like its content; other systems cannot sync a folder.
    if cfg!(unix) {
        let known = File::open(&folder).and_then(|folder| folder.sync_all());
        known.with_context(|| format!("cannot write to `{FOLDER}`"))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(bytes: &[u8]) -> Result<Journal> {
        let mut journal = Journal { name: "j".to_owned(), file: None, known: BTreeMap::new(), torn: None };
        journal.read(bytes)?;
        Ok(journal)
    }

    fn text(id: &str, state: State) -> String {
        let line = Line::new("acme", "a@example.org", &format!("{id}@example.org"), &[], state);
        serde_json::to_string(&line).expect("a line") + "\n"
    }

    #[test]
    fn the_last_line_of_a_message_says_how_it_stands() {
        let lines = text("one", State::Sending) + &text("two", State::Sending) + &text("one", State::Sent);
        let journal = journal(lines.as_bytes()).expect("a journal");
        assert_eq!((journal.state("one@other"), journal.state("two@x")), (Some(State::Sent), Some(State::Sending)));
        assert_eq!((journal.state("three@x"), journal.torn), (None, None));
    }

    #[test]
    fn only_a_line_without_end_may_be_damaged() {
        let (first, second) = (text("one", State::Sending), text("one", State::Sent));
        for cut in 1..second.len() {
            let part = second.get(..cut).expect("ASCII");
            let journal = journal(format!("{first}{part}").as_bytes()).expect("a journal");
            let whole = cut == second.len() - 1;
            let state = if whole { (Some(State::Sent), None) } else { (Some(State::Sending), Some(2)) };
            assert_eq!((journal.state("one"), journal.torn), state, "cut at {cut}");
        }
        let damaged = journal(format!("{{\"time\":\n{first}").as_bytes()).map(drop).expect_err("a damaged line");
        assert!(damaged.to_string().starts_with("j:1: this line cannot be read"), "{damaged}");
        assert!(journal([first.as_bytes(), b"\0\0\0\n"].concat().as_slice()).is_err(), "a whole line is no torn one");
    }
}
