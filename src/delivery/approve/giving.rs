//! Giving an approval, and taking it back: what is asked for, what forbids it, what is shown first, and the line.

use std::path::Path;
use std::time::SystemTime;

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};

use super::contents::{Contents, Material};
use super::entry::{Act, Approved, Entry};
use super::kept::Kept;
use super::ledger::{Ledger, Pen, signers};
use super::since::Since;
use super::standing::{Standings, last_approval, last_words};
use super::{Refused, signature};
use crate::delivery::publish::{self, APPROVALS, sum_of_inputs};
use crate::diagnostic::{Diagnostics, several};
use crate::disclosure::protect::CountryRelease;
use crate::project::approval::{Approval, is_same_person};
use crate::project::declaration::nearest;
use crate::project::{Document, DraftReason, Project};

/// What is asked for.
pub struct Asked<'a> {
    /// The country.
    pub country: &'a str,
    /// The languages; empty for all.
    pub languages: &'a [String],
    /// The kinds of document; empty for all.
    pub documents: &'a [String],
    /// Who approves.
    pub by: &'a str,
    /// The key to sign with.
    pub key: Option<&'a Path>,
}

/// Whether what is listed is approved.
pub type Accept<'a> = &'a dyn Fn(&[String]) -> bool;

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What is said at the end, a line each; empty if it was not accepted.
    pub said: Vec<String>,
}

/// Approves what the documents in `output/` say.
///
/// # Errors
/// [`Refused`] with all that forbids it; approvals that are not as they were written, which is in `diagnostics`; a failure of
/// the machine.
pub fn approve(
    material: Material<'_>,
    asked: &Asked<'_>,
    accept: Accept<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Outcome> {
    let project = material.project;
    let (approval, by) = permitted(project, asked)?;
    let ledger = Ledger::read(&project.root, &project.report, diagnostics)?;
    diagnostics.conclude(())?;
    let chosen = chosen(project, asked)?;
    Refused::unless_none(stale(&project.root)?)?;
    let inputs = sum_of_inputs(&project.root)?;
    Refused::unless_none(drafts(material, &chosen))?;
    let copies: Vec<Document<'_>> = project.copies().filter(|copy| is_among(*copy, &chosen)).collect();
    let documents: Vec<Document<'_>> = chosen.iter().chain(&copies).copied().collect();
    let contents = Contents::of(material, &documents)?;
    let path = |document: &Document<'_>| publish::path(*document);
    let covered = |path: &String| contents.of_path(path).is_some_and(|said| said.covered_by.is_some());
    let (covered, further): (Vec<String>, Vec<String>) = copies.iter().map(path).partition(covered);
    let paths: Vec<String> = chosen.iter().map(path).chain(further).collect();
    if !accept(&shown(&ledger, &contents, &paths, &covered)) {
        return Ok(Outcome::default());
    }
    let approved =
        |path: &String| Some(Approved { path: path.clone(), content: contents.of_path(path)?.content.clone() });
    let kept = Kept::of(&contents, asked.country, &paths);
    let mut entry = entry(project, &ledger, asked, by);
    entry.documents = paths.iter().filter_map(approved).collect();
    (entry.inputs, entry.kept) = (Some(inputs), Some(kept.sum()?));
    sign_and_add(project, approval, entry, Some(&kept), asked.key)?;
    let ledger = Ledger::read(&project.root, &project.report, diagnostics)?;
    let standings = Standings::of(approval, &ledger, &contents, &chosen);
    Ok(Outcome { said: counted(&standings, &paths, asked.country) })
}

/// Takes back what a person approved of these documents, whatever they say now.
///
/// # Errors
/// As for [`approve`].
pub fn withdraw(
    project: &Project,
    asked: &Asked<'_>,
    accept: Accept<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Outcome> {
    let (approval, by) = permitted(project, asked)?;
    let ledger = Ledger::read(&project.root, &project.report, diagnostics)?;
    diagnostics.conclude_shared(())?;
    let chosen = chosen(project, asked)?;
    let copies = project.copies().filter(|copy| is_among(*copy, &chosen));
    let paths = chosen.iter().copied().chain(copies).map(publish::path);
    let mine = |path: String| {
        let words = last_words(&ledger, &path);
        let (_, content) = words.into_iter().find(|(line, _)| is_same_person(&line.entry.by, &by))?;
        Some(Approved { content: content.to_owned(), path })
    };
    let documents: Vec<Approved> = paths.filter_map(mine).collect();
    if documents.is_empty() {
        return Err(Refused::one(format!("{by} has approved none of these documents, or has taken that back")).into());
    }
    let listed: Vec<String> = documents.iter().map(|document| format!("taken back: {}", document.path)).collect();
    if !accept(&listed) {
        return Ok(Outcome::default());
    }
    let entry = Entry { act: Act::Withdrawn, documents, ..entry(project, &ledger, asked, by.clone()) };
    let count = several(entry.documents.len(), "document", "documents");
    sign_and_add(project, approval, entry, None, asked.key)?;
    Ok(Outcome { said: vec![format!("{by} has taken back the approval of {count} of {}", asked.country)] })
}

/// The rule, and the declared name of the person, if that person may approve.
fn permitted<'p>(project: &'p Project, asked: &Asked<'_>) -> Result<(&'p Approval, String), Refused> {
    let Some(approval) = &project.report.approval else {
        let why = "`data/report.toml` has no `[approval]`, which says how many approvals a document needs";
        return Err(Refused::one(why.to_owned()));
    };
    let by = approval.person(asked.by).map_err(Refused::one)?;
    match (&approval.allowed_signers, asked.key) {
        (None, Some(_)) => Err(Refused::one(
            "`[approval]` in `data/report.toml` has no `allowed_signers`, without which nobody can verify a signature"
                .to_owned(),
        )),
        (Some(_), None) => Err(Refused::one(
            "only signed approvals count in this project; name your key: `--key ~/.ssh/id_ed25519`".to_owned(),
        )),
        _ => Ok((approval, by)),
    }
}

/// The documents that are asked for; all that is unknown is named.
fn chosen<'p>(project: &'p Project, asked: &Asked<'_>) -> Result<Vec<Document<'p>>, Refused> {
    let kinds = project.report.documents.iter().map(|kind| kind.id.as_str());
    let languages = project.texts.iter().map(|text| text.language.as_str());
    let countries = project.countries.iter().map(|country| country.iso3.as_str());
    let country = [asked.country.to_owned()];
    let mut unknown = not_among("country", &country, countries);
    unknown.extend(not_among("language", asked.languages, languages));
    unknown.extend(not_among("document", asked.documents, kinds));
    Refused::unless_none(unknown)?;
    let wanted = |list: &[String], name: &String| list.is_empty() || list.contains(name);
    let own = project.documents().filter(|document| {
        document.country.iso3 == asked.country
            && wanted(asked.languages, &document.text.language)
            && wanted(asked.documents, &document.kind.id)
    });
    Ok(own.collect())
}

fn not_among<'k>(what: &str, named: &[String], known: impl Iterator<Item = &'k str>) -> Vec<String> {
    let known: Vec<&str> = known.collect();
    let unknown = named.iter().filter(|name| !known.contains(&name.as_str()));
    let sentence = |name: &String| match nearest(name, known.iter().copied()) {
        Some(near) => format!("there is no {what} `{name}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{name}`; there are: {}", known.join(", ")),
    };
    unknown.map(sentence).collect()
}

/// Whether it is a copy of one of these documents.
fn is_among(copy: Document<'_>, documents: &[Document<'_>]) -> bool {
    let whole = publish::path(Document { donor: None, ..copy });
    documents.iter().any(|document| publish::path(*document) == whole)
}

/// In what `output/` is not the build of what is there now. Approvals that came since are none of it: they change no content.
fn stale(root: &Path) -> Result<Vec<String>> {
    let mut stale = publish::differences(root)?;
    stale.retain(|difference| !difference.starts_with(&format!("{APPROVALS}/")));
    if !stale.is_empty() {
        stale.push(
            "`output/` is not the build of what is there now; build it, and read it before you approve".to_owned(),
        );
    }
    Ok(stale)
}

/// Why documents are drafts for other reasons than that they are not approved, a line each.
fn drafts(material: Material<'_>, documents: &[Document<'_>]) -> Vec<String> {
    let unreleased = |document: &&Document<'_>| {
        material.release.country(&document.country.iso3).is_none_or(CountryRelease::is_draft)
    };
    let mut drafts: Vec<String> = documents
        .iter()
        .find(unreleased)
        .into_iter()
        .map(|document| {
            let why = "its documents are drafts with unreleased numbers of a register";
            format!("{}: {why}; release them with `tipbrief release NAME`, then build again", document.country.iso3)
        })
        .collect();
    for document in documents {
        let reasons = document.draft_reasons().into_iter().filter(|reason| *reason != DraftReason::Unapproved);
        drafts.extend(reasons.map(|reason| format!("output/{}: {}", publish::path(*document), reason.why_unsent())));
    }
    if !drafts.is_empty() {
        drafts.push(
            "what is a draft for another reason is not approved; `--language` and `--document` name the others"
                .to_owned(),
        );
    }
    drafts
}

/// What is approved, a line each: the documents, how many figures each prints, and what changed since the last approval.
fn shown(ledger: &Ledger, contents: &Contents, paths: &[String], covered: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for path in paths {
        let Some(said) = contents.of_path(path) else { continue };
        let figures = several(said.record.figures.len(), "figure", "figures");
        let Some(line) = last_approval(ledger, path) else {
            lines.push(format!("{path}: {figures}; nobody has approved it yet"));
            continue;
        };
        let before =
            format!("approved by {} on {}", line.entry.by, line.entry.time.split('T').next().unwrap_or_default());
        if line.entry.documents.iter().any(|document| document.path == *path && document.content == said.content) {
            lines.push(format!("{path}: {figures}; as {before}"));
            continue;
        }
        let since = Since::of(ledger, line, path, contents);
        let words = since.as_ref().map_or_else(|| "what nothing is kept of".to_owned(), Since::words);
        lines.push(format!("{path}: {figures}; {before}; changed since: {words}"));
        lines.extend(since.iter().flat_map(Since::lines).map(|line| format!("  {line}")));
    }
    if !covered.is_empty() {
        lines.push(format!("the copies that say the same: {}", covered.join(", ")));
    }
    lines
}

/// The next line, with nothing that is approved yet.
fn entry(project: &Project, ledger: &Ledger, asked: &Asked<'_>, by: String) -> Entry {
    let (number, previous) = ledger.next();
    Entry {
        number,
        previous,
        time: DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true),
        tipbrief: env!("CARGO_PKG_VERSION").to_owned(),
        issue: project.report.issue.text().to_owned(),
        act: Act::Approved,
        by,
        country: asked.country.to_owned(),
        documents: Vec::new(),
        inputs: None,
        kept: None,
    }
}

/// Signs the line if a key is named, and adds it after what it keeps. A signature that could not be verified later is refused.
fn sign_and_add(
    project: &Project,
    approval: &Approval,
    mut entry: Entry,
    kept: Option<&Kept>,
    key: Option<&Path>,
) -> Result<()> {
    let signature = key.map(|key| signature::sign(&entry, key)).transpose()?;
    if let Some((signature, signers)) = signature.as_ref().zip(signers(&project.root, approval))
        && signature::signer(&entry, signature, &signers)?.is_none()
    {
        let file = approval.allowed_signers.as_ref().map_or("", |file| file.value.as_str());
        let why = format!("`data/{file}` does not let {} sign with this key", entry.by);
        return Err(Refused::one(format!("{why}; whoever keeps that file adds a line to it")).into());
    }
    // Only now is the file made or locked: while a passphrase is asked for, others may approve.
    let (mut pen, mut found) = (Pen::take(&project.root, &project.report.issue)?, Diagnostics::default());
    let ledger = Ledger::read(&project.root, &project.report, &mut found)?;
    let next = ledger.next();
    if found.failed() || signature.is_some() && next != (entry.number, entry.previous.clone()) {
        let why = "the approvals changed while this one was given; give it again";
        return Err(Refused::one(why.to_owned()).into());
    }
    (entry.number, entry.previous) = next;
    if let Some(kept) = kept {
        ledger.keep(kept)?;
    }
    pen.add(&ledger, entry, signature)
}

/// How the documents stand now, alike ones in one line.
fn counted(standings: &Standings, paths: &[String], country: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for standing in paths.iter().filter_map(|path| standings.of_path(path)) {
        let line = format!("{country}: {}", standing.words());
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if paths.iter().filter_map(|path| standings.of_path(path)).any(super::Standing::is_approved) {
        lines.push("build again: what is approved loses the mark of a draft".to_owned());
    }
    lines
}
