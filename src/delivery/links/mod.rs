//! Opens the addresses of sources, each once and none faster than its server likes, and notes what was found. A build never
//! does: it reads the notes.

mod client;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::publish::replace;
use crate::project::visits::{Answer, Day, VISITS, Visit, Visits};
use client::{Client, Found};

/// How often it looks whether it is to end while it waits.
const TICK: Duration = Duration::from_millis(50);
/// After so many servers without an answer, and none with one, it is this machine that is not connected.
const UNCONNECTED: usize = 3;

/// How to open addresses.
pub struct Manner<'r> {
    /// Whether the addresses are all that the sources name: then the notes on others are forgotten.
    pub all: bool,
    /// Whether those are opened again that were opened today.
    pub again: bool,
    /// How long to wait between two documents of one server.
    pub pause: Duration,
    /// How long to wait for a document.
    pub patience: Duration,
    /// Whether the run is to end.
    pub ended: &'r dyn Fn() -> bool,
}

/// What became of the addresses.
#[derive(Debug, Default)]
pub struct Opened {
    /// How many were opened.
    pub now: usize,
    /// How many had been opened earlier today.
    pub before: usize,
    /// How many are left to a later run: it was ended, or their server asked for rest.
    pub left: usize,
    /// How many of all are dead.
    pub dead: usize,
}

/// No address answered: nothing was noted.
#[derive(Debug)]
pub struct Unconnected;

impl std::fmt::Display for Unconnected {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("no address answers, so nothing was noted\n  = hint: is this machine connected to the web?")
    }
}

impl std::error::Error for Unconnected {}

/// Opens each address once, and notes what it answered; tells of each as it is known.
///
/// # Errors
/// [`Unconnected`] when nothing answers; when the notes cannot be written.
pub fn open(
    root: &Path,
    visits: &Visits,
    addresses: &[String],
    manner: &Manner<'_>,
    tell: &mut dyn FnMut(&Visit),
) -> Result<Opened> {
    let today = Day(DateTime::<Utc>::from(SystemTime::now()).date_naive());
    let mut run = Run { root, visits: visits.clone(), held_back: Vec::new(), answered: false };
    let mut opened = Opened::default();
    run.visits.keep(|url| !manner.all || addresses.iter().any(|address| address == url));
    let is_due = |url: &str| manner.again || visits.of(url).is_none_or(|visit| visit.opened != today);
    let (due, earlier): (Vec<&String>, Vec<&String>) = addresses.iter().partition(|url| is_due(url));
    opened.before = earlier.len();
    earlier.into_iter().filter_map(|url| visits.of(url)).for_each(&mut *tell);
    let client = Client::new(manner.patience);
    let mut servers = Servers::of(&due);
    while let Some(url) = servers.next(manner) {
        let visit = visit(url, client.open(url), visits.of(url), today);
        servers.heard(url, visit.1);
        run.note(visit.0, tell)?;
        opened.now += 1;
        if run.is_unconnected() {
            return Err(Unconnected.into());
        }
    }
    opened.left = due.len() - opened.now;
    if !run.held_back.is_empty() {
        return Err(Unconnected.into());
    }
    if opened.now == 0 && run.visits != *visits {
        run.write()?;
    }
    opened.dead = addresses.iter().filter(|url| run.visits.dead(url).is_some()).count();
    Ok(opened)
}

/// What is noted of an address, and whether its server asked for rest.
fn visit(url: &str, found: Found, before: Option<&Visit>, today: Day) -> (Visit, bool) {
    let Found { answer, status, moved_to, sha256, why, busy } = found;
    let since = before.and_then(|before| before.silent_since).unwrap_or(today);
    let silent_since = (answer == Answer::Silent).then_some(since);
    (Visit { url: url.to_owned(), opened: today, answer, status, moved_to, sha256, why, silent_since }, busy)
}

/// A run and its notes.
struct Run<'r> {
    root: &'r Path,
    visits: Visits,
    /// Those of addresses that did not answer, while none has: it may be this machine that is not connected.
    held_back: Vec<Visit>,
    answered: bool,
}

impl Run<'_> {
    fn note(&mut self, visit: Visit, tell: &mut dyn FnMut(&Visit)) -> Result<()> {
        self.answered |= visit.answer != Answer::Silent;
        self.held_back.push(visit);
        if !self.answered {
            return Ok(());
        }
        for visit in self.held_back.drain(..) {
            tell(&visit);
            self.visits.note(visit);
        }
        self.write()
    }

    fn write(&self) -> Result<()> {
        replace(&self.root.join(VISITS), self.visits.text().as_bytes())
            .with_context(|| format!("cannot write `{VISITS}`"))
    }

    fn is_unconnected(&self) -> bool {
        let servers: BTreeSet<&str> = self.held_back.iter().map(|visit| server(&visit.url)).collect();
        servers.len() >= UNCONNECTED
    }
}

/// The addresses by server: they take turns, so that each has its pause while others are opened.
struct Servers<'a> {
    waiting: VecDeque<(&'a str, VecDeque<&'a str>)>,
    last: BTreeMap<&'a str, Instant>,
}

impl<'a> Servers<'a> {
    fn of(addresses: &[&'a String]) -> Self {
        let mut waiting: Vec<(&str, VecDeque<&str>)> = Vec::new();
        for url in addresses {
            let name = server(url);
            match waiting.iter_mut().find(|(known, _)| *known == name) {
                Some((_, own)) => own.push_back(url),
                None => waiting.push((name, VecDeque::from([url.as_str()]))),
            }
        }
        Self { waiting: waiting.into(), last: BTreeMap::new() }
    }

    /// The next address, after its server's pause; none when all were opened or the run is to end.
    fn next(&mut self, manner: &Manner<'_>) -> Option<&'a str> {
        let (name, mut own) = self.waiting.pop_front()?;
        let url = own.pop_front()?;
        if !own.is_empty() {
            self.waiting.push_back((name, own));
        }
        let due = self.last.get(name).map(|last| *last + manner.pause);
        while due.is_some_and(|due| Instant::now() < due) && !(manner.ended)() {
            std::thread::sleep(TICK);
        }
        (!(manner.ended)()).then_some(url)
    }

    /// An address was opened; a server that asks for rest gets it until the next run.
    fn heard(&mut self, url: &'a str, busy: bool) {
        let name = server(url);
        self.last.insert(name, Instant::now());
        if busy {
            self.waiting.retain(|(waiting, _)| *waiting != name);
        }
    }
}

/// The server of an address, with its port.
fn server(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}
