//! Tells whoever got a file with a wrong figure: what changed, figure by figure, why, and the new file.

use std::collections::BTreeSet;

use anyhow::Result;

use super::compare::Compared;
use super::letter::{self, Letter};
use super::printed::Printing;
use super::recall::{Plan, Recall, Recipient, Told};
use super::server::Server;
use super::{Delivery, Notice, Ready, Refused, Request, Sent, Tell, delivery, lay, open};
use crate::document::typeset::change_line;
use crate::project::correction::Correction;
use crate::project::donor::Mail;
use crate::project::{Chosen, path_of_correction, reason_place};

/// Sends the messages of a correction, or only writes them, and reports the state of each.
///
/// # Errors
/// [`Refused`] when a check blocks sending; a failure of the machine.
pub(super) fn send(
    printing: &Printing<'_>,
    ready: &Ready<'_>,
    request: &Request<'_>,
    mail: &Mail,
    tell: Tell<'_>,
) -> Result<Sent> {
    let project = ready.project;
    let rows = delivery::rows(project, request)?;
    let server = if request.live { Some(Server::of(request, mail)?) } else { None };
    // It stays locked until all are told: nobody else sends meanwhile.
    let journal = open(project, request.live, tell)?;
    let compared = Compared::of(ready)?;
    let recall = Recall { ready, printing, compared: &compared, rows: &rows };
    let Plan { recipients, sent } = recall.plan(&journal, request, tell)?;
    delivery::may_leave(project, ready.release, recipients.iter().flat_map(|recipient| &recipient.documents))?;
    let letters = letters(printing, ready, &recipients, mail, tell)?;
    let done = match server {
        None => lay(project, &letters, &journal, tell)?,
        Some(server) => Delivery { project, request, server, journal, printing, misses: 0 }.all(&letters, tell)?,
    };
    Ok(Sent { done: done.done, before: sent.before + done.before, failed: sent.failed + done.failed })
}

/// The messages to all whom a correction concerns.
fn letters<'r>(
    printing: &Printing<'_>,
    ready: &Ready<'_>,
    recipients: &'r [Recipient<'r>],
    mail: &Mail,
    tell: Tell<'_>,
) -> Result<Vec<Letter<'r>>> {
    let (mut letters, mut missing, mut untranslated) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for recipient in recipients {
        let Some(chosen) = ready.letters.of_correction(ready.project, recipient.donor) else {
            let language = ready.project.texts.first().map_or("", |text| text.language.as_str());
            let path = path_of_correction(language);
            return Err(
                Refused::one(format!("there is no letter `{path}`; write what a correction says to a donor")).into()
            );
        };
        if let Some(path) = chosen.missing.as_ref().filter(|path| missing.insert((*path).clone())) {
            tell(Notice::Note(format!("there is no letter `{path}`; that in `{}` is sent", chosen.language.language)));
        }
        untranslated.extend(without_reason(ready, recipient, &chosen));
        let filled = (changes(printing, recipient), reason(recipient, &chosen));
        letters.push(letter::correction(recipient, ready.project, &chosen, mail, filled)?);
    }
    Refused::unless_none(untranslated.into_iter().collect())?;
    Ok(letters)
}

/// A reason that is not given in the language of the letter or of an attached document, with its place.
fn without_reason(ready: &Ready<'_>, recipient: &Recipient<'_>, chosen: &Chosen<'_>) -> Vec<String> {
    let attached = recipient.documents.iter().filter_map(|attachment| attachment.document(ready.project));
    let attached = attached.map(|document| document.text.language.as_str());
    let languages: BTreeSet<&str> = attached.chain([chosen.language.language.as_str()]).collect();
    let lacking = |correction: &Correction| {
        let lacking = languages.iter().filter(|language| correction.reason(language).is_none());
        let place = reason_place(correction).place();
        lacking
            .map(|language| format!("{place}: the reason is not given in `{language}`; add `{language} = \"…\"`"))
            .collect::<Vec<_>>()
    };
    recipient.reasons.iter().flat_map(|correction| lacking(correction)).collect()
}

/// What changed, file by file, in the language of each; files of one language that changed alike stand together.
fn changes(printing: &Printing<'_>, recipient: &Recipient<'_>) -> String {
    let mut blocks: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for told in &recipient.changes {
        let lines = lines(printing, told);
        match blocks.iter_mut().find(|(_, known)| *known == lines) {
            Some((names, _)) if !names.contains(&told.name.as_str()) => names.push(&told.name),
            Some(_) => {}
            None => blocks.push((vec![&told.name], lines)),
        }
    }
    let block = |(names, lines): &(Vec<&str>, Vec<String>)| {
        let lines: String = lines.iter().map(|line| format!("\n- {line}")).collect();
        format!("{}{lines}", names.join(", "))
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("\n\n")
}

fn lines(printing: &Printing<'_>, told: &Told<'_>) -> Vec<String> {
    let Some(outline) = printing.outline(told.document) else { return Vec::new() };
    let line = |change: &super::compare::Change| {
        change_line(&outline, Some(&change.was).filter(|_| !change.hidden), &change.now)
    };
    let mut lines: Vec<String> = told.changes.iter().map(line).collect();
    lines.dedup();
    lines
}

/// Why, in the language of the letter: each reason once, with its day where there are several.
fn reason(recipient: &Recipient<'_>, chosen: &Chosen<'_>) -> String {
    let text = chosen.language;
    let several = recipient.reasons.len() > 1;
    let one = |correction: &&Correction| {
        let reason = correction.reason(&text.language)?.value.clone();
        Some(if several { format!("{}: {reason}", text.period(&correction.date)) } else { reason })
    };
    recipient.reasons.iter().filter_map(one).collect::<Vec<_>>().join("\n")
}
