//! Mails each donor its copies: one message for each address, so that each is delivered independently, and none twice.
//! **lettre** lives here, and the only access to a network.
//!
//! The journal records every attempt under an id made of donor, address and the documents' checksums: the same documents go
//! to the same address once. Documents that a build changed are sent again.
//!
//! A correction goes to whoever got a file with a figure that reads otherwise now. Its message names in the journal the files that it
//! corrects, and is one message of its own: what holds of any message holds of it.

mod compare;
mod correction;
mod delivery;
mod journal;
mod journals;
mod letter;
mod printed;
mod recall;
mod server;
mod smtp;
mod untold;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::delivery::approve::Standings;
use crate::delivery::publish::{clear, write_new};
use crate::disclosure::protect::Release;
use crate::document::bind::Prose;
use crate::project::donor::Mail;
use crate::project::{Letters, Project};
use crate::snapshots::correction::Changed;
use delivery::Parcel;
use journal::{Journal, Line};
use letter::Letter;
use printed::Printing;
use server::Server;
use smtp::Ending;

pub use journal::State;
pub(crate) use journals::{SentFile, files as sent_files, issues as sent_issues};
pub(crate) use printed::Printed;
pub use server::Login;
pub(crate) use untold::{sent_paths, untold};

/// The folder below `output/` to which a dry run writes the messages; it is not published.
const DRY: &str = ".mail";
/// After this many failures in a row to reach the server, the remaining messages are skipped.
const MISSES: usize = 3;

/// What to send, and how.
pub struct Request<'r> {
    /// The donors; empty for all.
    pub donors: &'r [String],
    /// Whether to tell of a correction, and not to send what is new.
    pub correction: bool,
    /// Whether to really send.
    pub live: bool,
    /// `host` or `host:port`, in place of the declared one.
    pub server: Option<&'r str>,
    /// A file of certificates to trust in addition to those of the system.
    pub certificate: Option<&'r Path>,
    /// How long to wait for each answer of the server.
    pub patience: Duration,
    /// `unknown` messages that did arrive.
    pub received: &'r [String],
    /// `unknown` messages that must be sent again.
    pub again: &'r [String],
    /// The login at the server.
    pub login: Option<Login>,
    /// Whether to stop before the next message.
    pub ended: &'r dyn Fn() -> bool,
}

/// What is sent: the project with its letters, what may be printed of it, and what its documents print.
pub struct Ready<'r> {
    /// The declarations.
    pub project: &'r Project,
    /// The letters.
    pub letters: &'r Letters,
    /// What may be printed.
    pub release: &'r Release,
    /// The prose, bound to its figures.
    pub prose: &'r [Prose<'r>],
    /// What changed since the previous snapshot, and by corrections.
    pub changes: &'r BTreeMap<String, Changed>,
    /// Which documents are approved.
    pub standings: &'r Standings,
}

/// What is reported while messages are sent.
pub enum Notice<'t> {
    /// A message was written to this file.
    Laid(PathBuf),
    /// The state of a message.
    Message(&'t Message<'t>),
    /// A mailbox that should be told of a correction and cannot be.
    Untold {
        /// The donor.
        donor: &'t str,
        /// The address.
        address: &'t str,
        /// Why.
        why: &'t str,
    },
    /// A remark for the person who sends.
    Note(String),
}

/// Receives each notice as it happens.
pub type Tell<'t> = &'t mut dyn FnMut(Notice<'_>);

/// A message and its state.
pub struct Message<'t> {
    /// The donor it goes to.
    pub donor: &'t str,
    /// The address it goes to.
    pub address: &'t str,
    /// Its id, by which officers name it.
    pub id: &'t str,
    /// Its state.
    pub state: State,
    /// The reply of the server, or why there is none; `None` if the state comes from an earlier run.
    pub answer: Option<&'t str>,
}

/// The result of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many messages were written or sent.
    pub done: usize,
    /// How many were sent in an earlier run.
    pub before: usize,
    /// How many were not sent, or may have been.
    pub failed: usize,
}

/// Why nothing is sent: the checks that block it, a line each.
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

/// Sends the copies in `output/`, or only writes the messages, and reports the state of each.
///
/// # Errors
/// [`Refused`] when a check blocks sending; a failure of the machine.
pub fn send(ready: &Ready<'_>, request: &Request<'_>, tell: Tell<'_>) -> Result<Sent> {
    let Ready { project, letters: written, release, standings, .. } = *ready;
    let decisions = decisions(request);
    if !decisions.is_empty() {
        let mut journal = open(project, true, tell)?;
        for (id, state) in &decisions {
            let (donor, address, id) = journal.resolve(id, *state)?;
            tell(Notice::Message(&Message { donor: &donor, address: &address, id: &id, state: *state, answer: None }));
        }
        if !request.live {
            return Ok(Sent::default());
        }
    }
    let mail = project.report.mail.as_ref().ok_or_else(|| {
        Refused::one("`data/report.toml` has no `[mail]`, which gives the sender and the subject".to_owned())
    })?;
    let printing = Printing::of(ready);
    if request.correction {
        return correction::send(&printing, ready, request, mail, tell);
    }
    let parcels = delivery::parcels(project, (release, standings), request)?;
    let letters = letters(project, written, mail, &parcels, tell)?;
    if letters.is_empty() {
        return Err(Refused::one("there is nothing to send".to_owned()).into());
    }
    if !request.live {
        return lay(project, &letters, &open(project, false, tell)?, tell);
    }
    let server = Server::of(request, mail)?;
    let journal = open(project, true, tell)?;
    Delivery { project, request, server, journal, printing: &printing, misses: 0 }.all(&letters, tell)
}

/// The messages with all parcels; reports what is not sent, and letters that stand in for missing ones.
fn letters<'p>(
    project: &Project,
    written: &Letters,
    mail: &Mail,
    parcels: &'p [Parcel<'p>],
    tell: Tell<'_>,
) -> Result<Vec<Letter<'p>>> {
    let (mut letters, mut missing) = (Vec::new(), BTreeSet::new());
    for parcel in parcels {
        for (copy, why) in &parcel.drafts {
            tell(Notice::Note(format!("output/{copy} is not sent: {why}")));
        }
        if parcel.documents.is_empty() {
            tell(Notice::Note(format!("there is nothing for the donor `{}`", parcel.donor.id.value)));
            continue;
        }
        let Some(chosen) = written.to(project, parcel.donor) else {
            return Err(Refused::one(format!("there is no letter to the donor `{}`", parcel.donor.id.value)).into());
        };
        if let Some(path) = chosen.missing.as_ref().filter(|path| missing.insert((*path).clone())) {
            tell(Notice::Note(format!("there is no letter `{path}`; that in `{}` is sent", chosen.language.language)));
        }
        letters.extend(letter::letters(parcel, project, &chosen, mail)?);
    }
    Ok(letters)
}

/// The journal of this issue; a line that breaks off is reported.
fn open(project: &Project, write: bool, tell: Tell<'_>) -> Result<Journal> {
    let journal = Journal::open(&project.root, &project.report.issue, write)?;
    if let Some(line) = journal.torn {
        let why = "this line is incomplete, so nothing was sent for it; it is ignored";
        tell(Notice::Note(format!("{}:{line}: {why}", journal.name)));
    }
    Ok(journal)
}

/// What officers found out about `unknown` messages.
fn decisions(request: &Request<'_>) -> Vec<(String, State)> {
    let received = request.received.iter().map(|id| (id.clone(), State::Received));
    received.chain(request.again.iter().map(|id| (id.clone(), State::Again))).collect()
}

/// Writes each message that would be sent into a file, with the date that it would have now.
fn lay(project: &Project, letters: &[Letter<'_>], journal: &Journal, tell: Tell<'_>) -> Result<Sent> {
    let folder = project.root.join("output").join(DRY);
    clear(&folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let (mut sent, mut numbers) = (Sent::default(), std::collections::BTreeMap::<&str, usize>::new());
    for letter in letters {
        let number = numbers.entry(letter.donor).or_default();
        *number += 1;
        if let Some(state) = letter.standing(journal) {
            before(letter, state, &mut sent, tell);
            continue;
        }
        let path = folder.join(format!("{}-{number}.eml", letter.donor));
        let bytes = letter.write(&project.root, SystemTime::now())?.bytes;
        write_new(&path, &bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
        sent.done += 1;
        tell(Notice::Laid(path));
    }
    Ok(sent)
}

/// Reports a message whose state an earlier run left.
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
    tell(Notice::Message(&message));
}

/// A run that really sends.
struct Delivery<'d> {
    project: &'d Project,
    request: &'d Request<'d>,
    server: Server,
    journal: Journal,
    /// What the documents print, which is kept before they leave.
    printing: &'d Printing<'d>,
    /// How many messages in a row failed because the server could not be reached.
    misses: usize,
}

impl Delivery<'_> {
    fn all(mut self, letters: &[Letter<'_>], tell: Tell<'_>) -> Result<Sent> {
        let mut sent = Sent::default();
        for (at, letter) in letters.iter().enumerate() {
            if let Some(state) = letter.standing(&self.journal) {
                before(letter, state, &mut sent, tell);
                continue;
            }
            if (self.request.ended)() {
                let left = letters.len() - at;
                let left_out = if left == 1 { "message is".to_owned() } else { format!("{left} messages are") };
                tell(Notice::Note(format!("interrupted: the last {left_out} left to the next run")));
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

    /// Sends one message, and records the outcome.
    fn one(&mut self, letter: &Letter<'_>) -> Result<(State, String)> {
        if self.misses == MISSES {
            let reason = format!("skipped after {MISSES} failures in a row to reach {}", self.server.name());
            return Ok((State::NotSent, reason));
        }
        let written = letter.write(&self.project.root, SystemTime::now())?;
        letter.documents.iter().try_for_each(|document| self.printing.keep(document))?;
        let line = |state| {
            let line = Line::new(letter.donor, letter.address, &letter.message_id, letter.documents, state);
            line.correcting(letter.corrects)
        };
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
