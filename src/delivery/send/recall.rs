//! Who must be told of a correction: each mailbox that got a file of which a figure reads otherwise now, and was not told of that. One
//! that got the new file meanwhile is told, too: a new file without a word does not say which number was wrong.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::compare::{Change, Compared};
use super::delivery::{self, Attachment, Rows};
use super::journal::{Journal, Line, Sum, mailbox};
use super::printed::{Printing, printed};
use super::{Message, Notice, Ready, Refused, Request, Sent, State, Tell};
use crate::project::correction::Correction;
use crate::project::donor::Donor;
use crate::project::{CORRECTIONS, Document};

/// One mailbox, and what it must be told.
pub(super) struct Recipient<'p> {
    pub(super) donor: &'p Donor,
    /// As it is declared, or else as the journal has it.
    pub(super) address: String,
    /// The new files.
    pub(super) documents: Vec<Attachment>,
    /// The files that they take the place of.
    pub(super) corrects: Vec<Sum>,
    /// What changed in each of them that has a new file.
    pub(super) changes: Vec<Told<'p>>,
    /// Why.
    pub(super) reasons: Vec<&'p Correction>,
}

/// What changed in a file.
pub(super) struct Told<'p> {
    pub(super) document: Document<'p>,
    pub(super) name: String,
    pub(super) changes: Vec<Change>,
}

/// What a run does: whom it tells, and how those stand whom it does not.
#[derive(Default)]
pub(super) struct Plan<'p> {
    pub(super) recipients: Vec<Recipient<'p>>,
    pub(super) sent: Sent,
}

/// What one mailbox got and was told, message by message.
struct Mailbox<'j> {
    donor: &'j str,
    address: &'j str,
    arrived: Vec<&'j Line>,
    open: Vec<&'j Line>,
}

/// A file that reads otherwise now.
struct Superseded {
    sum: Sum,
    changes: Vec<Change>,
}

/// Finds out whom a correction concerns.
pub(super) struct Recall<'r> {
    pub(super) ready: &'r Ready<'r>,
    pub(super) printing: &'r Printing<'r>,
    pub(super) compared: &'r Compared<'r>,
    pub(super) rows: &'r Rows,
}

impl<'r> Recall<'r> {
    /// Plans a run; reports whoever cannot be told, and why.
    ///
    /// # Errors
    /// [`Refused`] where no correction says why a figure changed, or none changed; a failure of the machine.
    pub(super) fn plan(&self, journal: &Journal, request: &Request<'_>, tell: Tell<'_>) -> Result<Plan<'r>> {
        let mut plan = Plan::default();
        let (mut told, mut unexplained) = (0, BTreeMap::new());
        for mailbox in mailboxes(journal, request) {
            let superseded = self.superseded(&mailbox, &mailbox.arrived, tell)?;
            let maybe = self.superseded(&mailbox, &mailbox.open, tell)?;
            for change in superseded.iter().flat_map(|file| file.changes.iter().map(move |change| (file, change))) {
                let (file, change) = change;
                if self.reasons(file, change).is_empty() {
                    unexplained.entry(change.was.id.clone()).or_insert_with(|| (file.sum.clone(), change.clone()));
                }
            }
            let corrections = |line: &&&Line| !line.corrects.is_empty();
            let about = |line: &&&Line| {
                let old = |sum: &Sum| superseded.iter().any(|file| file.sum.sha256 == sum.sha256);
                line.corrects.iter().any(old)
            };
            let unsure = mailbox.open.iter().find(about);
            if let Some(line) = unsure.or_else(|| mailbox.open.iter().find(|_| !maybe.is_empty())) {
                plan.sent.failed += 1;
                say(line, State::Unknown, tell);
            }
            if superseded.is_empty() || unsure.is_some() {
                if let Some(line) = mailbox.arrived.iter().rfind(corrections).filter(|_| superseded.is_empty()) {
                    plan.sent.before += 1;
                    told += 1;
                    say(line, line.state, tell);
                }
                continue;
            }
            match self.recipient(&mailbox, superseded, tell) {
                Ok(recipient) => plan.recipients.push(recipient),
                Err(why) => {
                    plan.sent.failed += 1;
                    tell(Notice::Untold { donor: mailbox.donor, address: mailbox.address, why: &why });
                }
            }
        }
        Refused::unless_none(self.unexplained(&unexplained))?;
        if plan.recipients.is_empty() && told == 0 && plan.sent.failed == 0 {
            return Err(Refused::one(nothing(journal)).into());
        }
        Ok(plan)
    }

    /// The files among these messages of which a figure reads otherwise now, and of which the mailbox was not told.
    fn superseded(&self, mailbox: &Mailbox<'_>, lines: &[&Line], tell: Tell<'_>) -> Result<Vec<Superseded>> {
        let told: BTreeSet<&str> =
            mailbox.arrived.iter().flat_map(|line| &line.corrects).map(|sum| sum.sha256.as_str()).collect();
        let (mut found, mut known) = (Vec::new(), BTreeSet::new());
        for (line, sum) in lines.iter().flat_map(|line| line.files.iter().map(move |sum| (line, sum))) {
            let current = self.rows.of(mailbox.donor, &sum.path).is_some_and(|row| row.sha256 == sum.sha256);
            if current || told.contains(sum.sha256.as_str()) || !known.insert(sum.clone()) {
                continue;
            }
            let changes = self.changes(line, sum, tell)?;
            if !changes.is_empty() {
                found.push(Superseded { sum: sum.clone(), changes });
            }
        }
        Ok(found)
    }

    /// What reads otherwise of a file. Of one of which nothing was kept, what corrections say of the copy that takes its place.
    fn changes(&self, line: &Line, sum: &Sum, tell: Tell<'_>) -> Result<Vec<Change>> {
        let project = self.ready.project;
        if let Some(printed) = printed(&project.root, &project.report.issue, &sum.sha256)? {
            return Ok(self.compared.changes(&printed));
        }
        let copy = project.copies().find(|copy| crate::delivery::publish::path(*copy) == sum.path);
        let day = line.time.split('T').next().unwrap_or_default();
        let declared = match copy {
            Some(copy) => self.compared.declared(&copy.country.iso3, &self.printing.ids(copy)?, day),
            None => Vec::new(),
        };
        let Sum { path, sha256 } = sum;
        let then = if declared.is_empty() {
            "whether its figures read otherwise now is not known: compare with a snapshot of that time (`tipbrief diff \
             data/snapshots/NAME`) or a revision (`tipbrief diff REVISION`), and name in `data/corrections.toml` what was wrong"
        } else {
            "what it printed is taken from `data/corrections.toml`"
        };
        tell(Notice::Note(format!(
            "`{path}` (sha256 {sha256}) was sent before it was kept what a file prints; {then}"
        )));
        Ok(declared)
    }

    /// The message to one mailbox; or why it cannot be told.
    fn recipient(
        &self,
        mailbox: &Mailbox<'_>,
        files: Vec<Superseded>,
        tell: Tell<'_>,
    ) -> Result<Recipient<'r>, String> {
        let project = self.ready.project;
        let declared = project.report.donors.iter().find(|donor| donor.id.value == mailbox.donor);
        let donor = declared.ok_or_else(|| {
            "the donor is not declared any more, so that there is no new file for it; declare it again and build, or write \
             to it yourself"
                .to_owned()
        })?;
        let same = |declared: &&str| self::mailbox(declared) == self::mailbox(mailbox.address);
        let address =
            donor.addresses.iter().map(|address| address.value.as_str()).find(same).unwrap_or(mailbox.address);
        let countries: BTreeSet<&str> = files.iter().filter_map(|file| country(&file.sum.path)).collect();
        // All that it has of these countries is renewed, so that what it holds is of one build.
        let got = mailbox.arrived.iter().flat_map(|line| &line.files);
        let got: BTreeSet<&str> = got.map(|sum| sum.path.as_str()).collect();
        let of_these = |path: &&&str| country(path).is_some_and(|iso3| countries.contains(iso3));
        let mut recipient = Recipient {
            donor,
            address: address.to_owned(),
            documents: Vec::new(),
            corrects: files.iter().map(|file| file.sum.clone()).collect(),
            changes: Vec::new(),
            reasons: Vec::new(),
        };
        for path in got.iter().filter(of_these) {
            let wrong = files.iter().any(|file| file.sum.path == **path);
            match self.renewed(mailbox, path, wrong) {
                Ok(None) => {}
                Ok(Some(attachment)) => recipient.documents.push(attachment),
                Err(why) => {
                    tell(Notice::Note(format!(
                        "{}, {}: no new file for `{path}`: {why}",
                        mailbox.donor, mailbox.address
                    )));
                }
            }
        }
        if recipient.documents.is_empty() {
            return Err("there is no new file for it; correct that and build, or write to it yourself".to_owned());
        }
        for file in files {
            recipient.add_reasons(file.changes.iter().flat_map(|change| self.reasons(&file, change)));
            // What has no new file is told in the language of another document of its country.
            let own = project.copies().find(|copy| crate::delivery::publish::path(*copy) == file.sum.path);
            let near = || {
                let mut attached = recipient.documents.iter().filter_map(|attachment| attachment.document(project));
                attached.find(|document| Some(document.country.iso3.as_str()) == country(&file.sum.path))
            };
            if let Some(document) = own.or_else(near) {
                let name = file.sum.path.rsplit('/').next().unwrap_or_default().to_owned();
                recipient.changes.push(Told { document, name, changes: file.changes });
            }
        }
        Ok(recipient)
    }

    /// The file that takes the place of one that a mailbox got; none where it has it and nothing in it was wrong.
    fn renewed(&self, mailbox: &Mailbox<'_>, path: &str, wrong: bool) -> Result<Option<Attachment>, String> {
        let Some(row) = self.rows.of(mailbox.donor, path) else {
            return Err("no build makes one for this donor any more".to_owned());
        };
        let has_it = mailbox.arrived.iter().flat_map(|line| &line.files).any(|sum| sum.sha256 == row.sha256);
        if has_it && !wrong {
            return Ok(None);
        }
        match delivery::why_kept_back(self.ready.project, self.ready.standings, row) {
            Some(why) => Err(why),
            None => Ok(Some(row.clone())),
        }
    }

    /// The corrections that say why a figure of a file changed. What is computed from other figures changed for their reasons.
    fn reasons(&self, file: &Superseded, change: &Change) -> Vec<&'r Correction> {
        let own = self.compared.reasons(change);
        if !own.is_empty() || !is_computed(change) {
            return own;
        }
        let others = file.changes.iter().filter(|other| !is_computed(other));
        let (near, far): (Vec<&Change>, Vec<&Change>) =
            others.partition(|other| other.was.indicator == change.was.indicator);
        let of = |changes: Vec<&Change>| {
            changes.into_iter().flat_map(|other| self.compared.reasons(other)).collect::<Vec<_>>()
        };
        let near = of(near);
        if near.is_empty() { of(far) } else { near }
    }

    /// A line for each figure that changed without a declared reason, and what to declare.
    fn unexplained(&self, found: &BTreeMap<String, (Sum, Change)>) -> Vec<String> {
        let mut lines: Vec<String> = found
            .iter()
            .map(|(id, (sum, change))| {
                let was = if change.hidden { "otherwise".to_owned() } else { format!("as `{}`", plain(&change.was)) };
                let now = plain(&change.now);
                format!("`{id}` was printed {was} in `{}` and reads `{now}` now, and no correction in `{CORRECTIONS}` says why", sum.path)
            })
            .collect();
        let named = |change: &Change| if change.hidden { "withheld".to_owned() } else { plain(&change.was) };
        let was: Vec<String> = found
            .iter()
            .filter(|(_, (_, change))| !is_computed(change))
            .map(|(id, (_, change))| format!("\"{id}\" = \"{}\"", named(change)))
            .collect();
        if !was.is_empty() {
            let today = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive();
            let languages = self.ready.project.report.languages.iter();
            let reason: Vec<String> = languages.map(|language| format!("{} = \"…\"", language.value)).collect();
            lines.push(format!(
                "to correct them, write into `{CORRECTIONS}`, check and build:\n\n[[corrections]]\ndate = {today}\nwas = {{ {} }}\nreason = {{ {} }}\n",
                was.join(", "),
                reason.join(", ")
            ));
        }
        lines
    }
}

impl<'p> Recipient<'p> {
    fn add_reasons(&mut self, reasons: impl Iterator<Item = &'p Correction>) {
        for reason in reasons {
            if !self.reasons.iter().any(|known| known.span.same(&reason.span)) {
                self.reasons.push(reason);
            }
        }
    }
}

/// What is computed from other figures: a change or share, or a number with late cases.
fn is_computed(change: &Change) -> bool {
    change.was.relative || change.was.id.contains(":late=")
}

/// What is printed of a figure, as `diff` and `was` of a correction write it.
fn plain(figure: &crate::snapshots::record::Figure) -> String {
    crate::snapshots::diff::reading(figure)
}

/// The country of a copy, which its name begins with.
fn country(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.split('-').next()
}

/// The mailboxes to which anything was sent, the first first.
fn mailboxes<'j>(journal: &'j Journal, request: &Request<'_>) -> Vec<Mailbox<'j>> {
    let mut found: Vec<Mailbox<'j>> = Vec::new();
    for line in journal.messages() {
        if !request.donors.is_empty() && !request.donors.contains(&line.donor) {
            continue;
        }
        let at = found.iter().position(|known| line.is_to(known.donor, known.address)).unwrap_or_else(|| {
            found.push(Mailbox { donor: &line.donor, address: &line.address, arrived: Vec::new(), open: Vec::new() });
            found.len() - 1
        });
        let known = &mut found[at];
        known.address = &line.address;
        if line.state.is_done() {
            known.arrived.push(line);
        } else if line.state.is_open() {
            known.open.push(line);
        }
    }
    found
}

/// Why there is nothing to correct.
fn nothing(journal: &Journal) -> String {
    if journal.messages().iter().any(|line| line.state.is_done()) {
        return "no figure reads otherwise than in the files that were sent: there is nothing to correct; what else changed goes out with \
                `tipbrief send`"
            .to_owned();
    }
    format!("nobody was sent a file: `{}` names none that arrived", journal.name)
}

/// Reports a message of an earlier run.
fn say(line: &Line, state: State, tell: Tell<'_>) {
    let (donor, address, id) = (line.donor.as_str(), line.address.as_str(), line.id());
    tell(Notice::Message(&Message { donor, address, id, state, answer: None }));
}
