//! How each document stands: who approved what it says now, who has still to, and which approvals are overtaken.

use std::collections::BTreeMap;

use super::contents::{Contents, Said};
use super::entry::Act;
use super::ledger::{Known, Ledger};
use super::since::Since;
use crate::delivery::publish;
use crate::project::approval::{Approval, is_same_person};
use crate::project::{Document, DraftReason};

/// How every document stands that may need approvals, by path below `output/`.
#[derive(Default)]
pub struct Standings {
    of: BTreeMap<String, Standing>,
}

/// How a document stands.
pub struct Standing {
    /// How many approvals it needs.
    pub needed: usize,
    /// Whose approvals of what it says now count.
    pub given: Vec<Given>,
    /// Who may still approve it; empty where anybody may.
    pub missing: Vec<String>,
    /// The approvals of what it said before, of persons who have not approved what it says now.
    pub overtaken: Vec<Overtaken>,
    /// The approvals that do not count, and why.
    pub uncounted: Vec<(Given, &'static str)>,
}

/// An approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Who gave it.
    pub by: String,
    /// When.
    pub time: String,
    /// The place of its line in the file, from 1.
    pub at: usize,
}

/// An approval of what a document said before.
pub struct Overtaken {
    /// The approval.
    pub given: Given,
    /// What the document says differently since; none if the approval kept nothing of it.
    pub since: Option<Since>,
}

impl Given {
    /// The day on which it was given.
    #[must_use]
    pub fn day(&self) -> &str {
        self.time.split('T').next().unwrap_or_default()
    }
}

impl Standings {
    /// How these documents stand.
    pub(super) fn of(approval: &Approval, ledger: &Ledger, contents: &Contents, documents: &[Document<'_>]) -> Self {
        let standing = |document: &Document<'_>| {
            let path = publish::path(*document);
            let said = contents.of_path(&path)?;
            // What a copy says that says no more was approved with its document.
            let (of, said) = match &said.covered_by {
                Some(whole) => (whole.clone(), contents.of_path(whole)?),
                None => (path.clone(), said),
            };
            Some((path, Standing::of(approval, (ledger, contents), &of, said)))
        };
        Self { of: documents.iter().filter_map(standing).collect() }
    }

    /// The same document, as approved as it is.
    #[must_use]
    pub fn judged<'p>(&self, document: Document<'p>) -> Document<'p> {
        let stands = self.of_path(&publish::path(document)).is_some_and(Standing::is_approved);
        Document { approved: document.approved || stands, ..document }
    }

    /// Why a document that was judged is not sent; none if it is no draft.
    #[must_use]
    pub fn why_unsent(&self, document: Document<'_>) -> Option<String> {
        let reason = document.draft_reasons().into_iter().next()?;
        let standing = self.of_path(&publish::path(document)).filter(|_| reason == DraftReason::Unapproved);
        let why = reason.why_unsent();
        Some(standing.map_or_else(|| why.to_owned(), |standing| format!("{why}: {}", standing.words())))
    }

    /// How the document at a path stands; none where no approval is asked for, or it has an error.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Option<&Standing> {
        self.of.get(path)
    }
}

impl Standing {
    fn of(approval: &Approval, (ledger, contents): (&Ledger, &Contents), path: &str, said: &Said) -> Self {
        let mut standing = Self {
            needed: approval.needed,
            given: Vec::new(),
            missing: Vec::new(),
            overtaken: Vec::new(),
            uncounted: Vec::new(),
        };
        let mut keys = Vec::new();
        for (line, content) in last_words(ledger, path) {
            let given = Given { by: line.entry.by.clone(), time: line.entry.time.clone(), at: line.at };
            let doubled = line.key.as_ref().is_some_and(|key| keys.contains(&key));
            if content != said.content {
                standing.overtaken.push(Overtaken { given, since: Since::of(ledger, line, path, contents) });
            } else if !approval.counts(&line.entry.by) {
                standing.uncounted.push((given, "is not among those who may approve"));
            } else if approval.allowed_signers.is_some() && line.key.is_none() {
                standing.uncounted.push((given, "is not signed"));
            } else if doubled {
                standing.uncounted.push((given, "is signed with the key of another approval"));
            } else {
                keys.extend(&line.key);
                standing.given.push(given);
            }
        }
        let may = approval.by.iter().map(|name| &name.value);
        let given = |name: &&String| standing.given.iter().any(|given| is_same_person(&given.by, name));
        standing.missing = may.filter(|name| !given(name)).cloned().collect();
        standing
    }

    /// Whether as many persons approved it as must.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.given.len() >= self.needed
    }

    /// Who approved it, and who has still to: “1 of 2 approvals (A. Nou); still to approve: B. Kim or C. Lee”.
    #[must_use]
    pub fn words(&self) -> String {
        let names: Vec<&str> = self.given.iter().map(|given| given.by.as_str()).collect();
        let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        let noun = if self.needed == 1 { "approval" } else { "approvals" };
        let given = format!("{} of {} {noun}{names}", self.given.len(), self.needed);
        let lacking = self.needed.saturating_sub(self.given.len());
        match (lacking, self.missing.as_slice()) {
            (0, _) => given,
            (1, []) => format!("{given}; still to approve: one person"),
            (lacking, []) => format!("{given}; still to approve: {lacking} persons"),
            (lacking, missing) if lacking < missing.len() => {
                format!("{given}; still to approve: {lacking} of {}", missing.join(", "))
            }
            (_, missing) => format!("{given}; still to approve: {}", missing.join(", ")),
        }
    }
}

/// The last approval of a document by anybody; one that was taken back is none.
pub(super) fn last_approval<'l>(ledger: &'l Ledger, path: &str) -> Option<&'l Known> {
    last_words(ledger, path).pop().map(|(line, _)| line)
}

/// The last word of each person about a document, if that is an approval, and the content that it approved. In the order of
/// the lines. Where only signatures count, what is not signed overrules nothing that is.
pub(super) fn last_words<'l>(ledger: &'l Ledger, path: &str) -> Vec<(&'l Known, &'l str)> {
    let mut last: Vec<(&Known, &str)> = Vec::new();
    for line in &ledger.lines {
        let Some(document) = line.entry.documents.iter().find(|document| document.path == path) else { continue };
        let before = last.iter().position(|(other, _)| is_same_person(&other.entry.by, &line.entry.by));
        if ledger.asks_for_signatures && line.key.is_none() && before.is_some_and(|at| last[at].0.key.is_some()) {
            continue;
        }
        if let Some(at) = before {
            last.remove(at);
        }
        if line.entry.act == Act::Approved {
            last.push((line, document.content.as_str()));
        }
    }
    last
}
