//! To each donor by mail what is its own: one message for each address, so that each is delivered or not by itself, and none
//! twice. **lettre** lives here, and the only way to a network.
//!
//! What was ever begun stands in the journal under a name made of donor, address and the documents' checksums: the same
//! documents go to the same address once. Documents that a build made anew are others, and go again.

mod delivery;
mod journal;
mod letter;
mod server;
mod smtp;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::delivery::publish::{clear, write_new};
use crate::disclosure::protect::Release;
use crate::project::Project;
use journal::{Journal, Line};
use letter::Letter;
use server::Server;
use smtp::Ending;

pub use journal::State;
pub use server::Login;

/// Where a dry run lays the messages, below `output/`; no part of what is published.
const DRY: &str = ".mail";
/// After so many messages on end that the server could not be spoken with about, it is left alone.
const MISSES: usize = 3;

/// What is asked for.
pub struct Request<'r> {
    /// The donors; none for all.
    pub donors: &'r [String],
    /// Whether it is meant.
    pub live: bool,
    /// `host` or `host:port`, in place of the declared one.
    pub server: Option<&'r str>,
    /// A file of certificates that are trusted besides those of the system.
    pub certificate: Option<&'r Path>,
    /// How long each answer of the server is waited for.
    pub patience: Duration,
    /// Messages of which nobody knew and that arrived.
    pub received: &'r [String],
    /// Messages of which nobody knew and that are to be sent again.
    pub again: &'r [String],
    /// Who we are to the server.
    pub login: Option<Login>,
    /// Whether to stop before the next message.
    pub ended: &'r dyn Fn() -> bool,
}

/// What is told meanwhile.
pub enum Told<'t> {
    /// A message lies ready.
    Laid(PathBuf),
    /// How a message stands.
    Message(&'t Message<'t>),
    /// Something that ought to be known.
    Note(String),
}

/// Takes what is told.
pub type Tell<'t> = &'t mut dyn FnMut(Told<'_>);

/// How a message stands.
pub struct Message<'t> {
    /// To which donor.
    pub donor: &'t str,
    /// To which address.
    pub address: &'t str,
    /// What it is called by.
    pub id: &'t str,
    /// How it stands.
    pub state: State,
    /// What the server said, or what stands in for it; none where it stands so from an earlier run.
    pub answer: Option<&'t str>,
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many messages were laid ready or sent.
    pub done: usize,
    /// How many were sent in an earlier run.
    pub before: usize,
    /// How many were not sent, or nobody knows.
    pub failed: usize,
}

/// Why nothing is sent: what we ourselves hold against it, a line each.
#[derive(Debug)]
pub struct Refused(pub Vec<String>);

impl Refused {
    fn one(why: String) -> Self {
        Self(vec![why])
    }

    fn unless_none(why: Vec<String>) -> Result<(), Self> {
        if why.is_empty() { Ok(()) } else { Err(Self(why)) }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl std::error::Error for Refused {}

/// Sends what lies ready in `output/`, or only writes the messages, and tells how each of them stands.
///
/// # Errors
/// [`Refused`] when something is held against it; a failure of the world.
pub fn send(project: &Project, release: &Release, request: &Request<'_>, tell: Tell<'_>) -> Result<Sent> {
    let decisions = decisions(request);
    if !decisions.is_empty() {
        let mut journal = open(project, true, tell)?;
        for (id, state) in &decisions {
            let (donor, address, id) = journal.resolve(id, *state)?;
            tell(Told::Message(&Message { donor: &donor, address: &address, id: &id, state: *state, answer: None }));
        }
        if !request.live {
            return Ok(Sent::default());
        }
    }
    let mail = project.report.mail.as_ref().ok_or_else(|| {
        Refused::one("`data/report.toml` has no `[mail]`: it says from whom, about what and in which words".to_owned())
    })?;
    let parcels = delivery::parcels(project, release, request)?;
    let mut letters = Vec::new();
    for parcel in &parcels {
        for copy in &parcel.drafts {
            tell(Told::Note(format!("output/{copy} is not sent: its language is a draft until somebody confirms it")));
        }
        if parcel.documents.is_empty() {
            tell(Told::Note(format!("there is nothing for the donor `{}`", parcel.donor.id.value)));
        } else {
            letters.extend(letter::letters(parcel, &project.report, mail)?);
        }
    }
    if letters.is_empty() {
        return Err(Refused::one("there is nothing to send".to_owned()).into());
    }
    if !request.live {
        return lay(project, &letters, &open(project, false, tell)?, tell);
    }
    let server = Server::of(request, mail)?;
    Delivery { project, request, server, journal: open(project, true, tell)?, misses: 0 }.all(&letters, tell)
}

/// The journal of this issue; a line that breaks off is told.
fn open(project: &Project, write: bool, tell: Tell<'_>) -> Result<Journal> {
    let journal = Journal::open(&project.root, &project.report.issue, write)?;
    if let Some(line) = journal.torn {
        let why = "this line breaks off: nothing was done upon it, and it counts for nothing";
        tell(Told::Note(format!("{}:{line}: {why}", journal.name)));
    }
    Ok(journal)
}

/// What officers say of messages of which nobody knew.
fn decisions(request: &Request<'_>) -> Vec<(String, State)> {
    let received = request.received.iter().map(|id| (id.clone(), State::Received));
    received.chain(request.again.iter().map(|id| (id.clone(), State::Again))).collect()
}

/// Writes each message that would be sent into a file, dated as the documents are.
fn lay(project: &Project, letters: &[Letter<'_>], journal: &Journal, tell: Tell<'_>) -> Result<Sent> {
    let folder = project.root.join("output").join(DRY);
    clear(&folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let midnight = project.report.issue.end().and_time(chrono::NaiveTime::MIN).and_utc();
    let (mut sent, mut numbers) = (Sent::default(), std::collections::BTreeMap::<&str, usize>::new());
    for letter in letters {
        let number = numbers.entry(letter.donor).or_default();
        *number += 1;
        if let Some(state) = journal.state(&letter.message_id).filter(|state| state.is_done() || state.is_open()) {
            before(letter, state, &mut sent, tell);
            continue;
        }
        let path = folder.join(format!("{}-{number}.eml", letter.donor));
        let bytes = letter.write(&project.root, SystemTime::from(midnight))?.bytes;
        write_new(&path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
        sent.done += 1;
        tell(Told::Laid(path));
    }
    Ok(sent)
}

/// Tells of a message that stands as an earlier run left it.
fn before(letter: &Letter<'_>, state: State, sent: &mut Sent, tell: Tell<'_>) {
    let state = if state.is_open() { State::Unknown } else { state };
    if state.is_open() {
        sent.failed += 1;
    } else {
        sent.before += 1;
    }
    tell_of(letter, state, None, tell);
}

fn tell_of(letter: &Letter<'_>, state: State, answer: Option<&str>, tell: Tell<'_>) {
    let message = Message { donor: letter.donor, address: letter.address, id: letter.id(), state, answer };
    tell(Told::Message(&message));
}

/// A run that means it.
struct Delivery<'d> {
    project: &'d Project,
    request: &'d Request<'d>,
    server: Server,
    journal: Journal,
    /// How many messages on end the server could not be spoken with about.
    misses: usize,
}

impl Delivery<'_> {
    fn all(mut self, letters: &[Letter<'_>], tell: Tell<'_>) -> Result<Sent> {
        let mut sent = Sent::default();
        for (at, letter) in letters.iter().enumerate() {
            if let Some(state) = self.journal.state(&letter.message_id).filter(|s| s.is_done() || s.is_open()) {
                before(letter, state, &mut sent, tell);
                continue;
            }
            if (self.request.ended)() {
                let left = letters.len() - at;
                tell(Told::Note(format!("told to end: the last {left} messages are left to the next run")));
                sent.failed += left;
                break;
            }
            let (state, answer) = self.one(letter)?;
            if state == State::Sent {
                sent.done += 1;
            } else {
                sent.failed += 1;
            }
            tell_of(letter, state, Some(&answer), tell);
        }
        Ok(sent)
    }

    /// Sends one message, and writes down what came of it.
    fn one(&mut self, letter: &Letter<'_>) -> Result<(State, String)> {
        if self.misses == MISSES {
            let told = format!("not tried: {} could not be spoken with {MISSES} times on end", self.server.name());
            return Ok((State::NotSent, told));
        }
        let written = letter.write(&self.project.root, SystemTime::now())?;
        let line = |state| Line::new(letter.donor, letter.address, &letter.message_id, letter.documents, state);
        let ending = smtp::converse(&self.server, written, &mut || self.journal.add(line(State::Sending)))?;
        self.misses = if matches!(ending, Ending::Unreached(_)) { self.misses + 1 } else { 0 };
        let (state, answer) = match ending {
            Ending::Sent(answer) => (State::Sent, answer),
            Ending::NotTaken(why) => (State::NotSent, why),
            Ending::Unreached(why) => (State::NotSent, format!("{}, {why}", self.server.name())),
            Ending::Unknown(why) => (State::Unknown, why),
        };
        let unwritten = || format!("{}, {}: {} ({answer})", letter.donor, letter.address, state.name());
        self.journal.add(line(state).answered(&answer)).with_context(unwritten)?;
        Ok((state, answer))
    }
}
