//! What each file prints that is sent: `data/sent/<issue>/<sha256>.json`, on the disk before the first message with it leaves, so that a
//! later build can be compared with it. It holds what `figures.json` says of the figures in that file, and nothing about whom it goes to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Ready;
use super::delivery::Attachment;
use super::journal::of_issue;
use crate::delivery::publish::replace_for_good;
use crate::document::outline::{Outline, outline};
use crate::document::typeset::printed_in;
use crate::project::Document;
use crate::snapshots::record::{self, Record};
use crate::value::period::Period;

/// The record as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    issue: String,
    sha256: String,
    country: String,
    language: String,
    document: String,
    /// What `figures.json` says of each figure; `display` in the language of the document alone.
    figures: Vec<Json>,
}

/// What a file printed.
pub(crate) struct Printed {
    /// Which document it was of the country: its language and its kind.
    pub(crate) language: String,
    pub(crate) document: String,
    /// Its figures.
    pub(crate) record: Record,
}

/// Finds out what documents print, each kind of copy once.
pub(super) struct Printing<'p> {
    ready: &'p Ready<'p>,
    /// By country, language, kind and what the donor reads.
    known: RefCell<BTreeMap<String, BTreeSet<String>>>,
}

impl<'p> Printing<'p> {
    pub(super) fn of(ready: &'p Ready<'p>) -> Self {
        Self { ready, known: RefCell::default() }
    }

    /// The plan of a document; none where its country has an error.
    pub(super) fn outline(&self, document: Document<'p>) -> Option<Outline<'p>> {
        let Ready { release, prose, changes, .. } = self.ready;
        let iso3 = &document.country.iso3;
        let prose = prose.iter().find(|prose| prose.country.iso3 == *iso3)?;
        Some(outline(document, release.country(iso3)?, prose, changes.get(iso3)))
    }

    /// The ids of the figures that a document prints.
    ///
    /// # Errors
    /// When it cannot be planned.
    pub(super) fn ids(&self, document: Document<'p>) -> Result<BTreeSet<String>> {
        let (country, language, kind) = (&document.country.iso3, &document.text.language, &document.kind.id);
        let sections = document.donor.iter().flat_map(|donor| &donor.sections).map(|section| section.value.as_str());
        let name = format!("{country}/{language}/{kind}/{}", sections.collect::<Vec<_>>().join(","));
        if let Some(known) = self.known.borrow().get(&name) {
            return Ok(known.clone());
        }
        let printed = self.outline(document).map(|outline| printed_in(&outline)).transpose()?.unwrap_or_default();
        self.known.borrow_mut().insert(name, printed.clone());
        Ok(printed)
    }

    /// Keeps what a file prints that is about to be sent, unless that is kept already.
    ///
    /// # Errors
    /// When `output/` cannot be read, or the disk refuses.
    pub(super) fn keep(&self, attachment: &Attachment) -> Result<()> {
        let project = self.ready.project;
        let issue = &project.report.issue;
        let place = project.root.join(of_issue(issue)).join(format!("{}.json", attachment.sha256));
        if place.is_file() {
            return Ok(());
        }
        let Some(document) = attachment.document(project) else { return Ok(()) };
        let (ids, language) = (self.ids(document)?, &document.text.language);
        let path = format!("{}/figures.json", document.country.iso3);
        let published = fs::read(project.root.join("output").join(&path));
        let published = published.with_context(|| format!("cannot read `output/{path}`"))?;
        let written = Written {
            issue: issue.text().to_owned(),
            sha256: attachment.sha256.clone(),
            country: document.country.iso3.clone(),
            language: language.clone(),
            document: document.kind.id.clone(),
            figures: figures_of(&published, &ids, language).with_context(|| format!("cannot read `output/{path}`"))?,
        };
        let mut bytes = serde_json::to_vec_pretty(&written)?;
        bytes.push(b'\n');
        replace_for_good(&place, &bytes).with_context(|| format!("cannot write `{}`", place.display()))
    }
}

/// What a `figures.json` says of these figures, with what is printed of them in one language.
fn figures_of(published: &[u8], ids: &BTreeSet<String>, language: &str) -> Result<Vec<Json>> {
    let mut whole: Json = serde_json::from_slice(published)?;
    let figures = whole.get_mut("figures").and_then(Json::as_array_mut).map(std::mem::take).unwrap_or_default();
    let own = |figure: &Json| figure["id"].as_str().is_some_and(|id| ids.contains(id));
    let narrowed = figures.into_iter().filter(own).map(|mut figure| {
        if let Some(figure) = figure.as_object_mut() {
            figure.remove("printed");
            if let Some(display) = figure.get_mut("display").and_then(Json::as_object_mut) {
                display.retain(|known, _| known == language);
            }
        }
        figure
    });
    Ok(narrowed.collect())
}

/// What a file printed that was sent with an issue; none where that was not kept.
///
/// # Errors
/// When it was kept and cannot be read.
pub(crate) fn printed(root: &Path, issue: &Period, sha256: &str) -> Result<Option<Printed>> {
    read(root, &format!("{}/{sha256}.json", of_issue(issue)))
}

/// The same from the path of what was kept.
pub(crate) fn read(root: &Path, path: &str) -> Result<Option<Printed>> {
    let place = root.join(path);
    if !place.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(&place).with_context(|| format!("cannot read `{path}`"))?;
    let written: Written = serde_json::from_slice(&bytes).with_context(|| format!("`{path}` cannot be read"))?;
    let record = record::read(&bytes).map_err(|why| anyhow::anyhow!("`{path}` cannot be read: {why}"))?;
    Ok(Some(Printed { language: written.language, document: written.document, record }))
}

/// Everything that was kept of what was sent with an issue.
///
/// # Errors
/// When it cannot be read.
pub(super) fn all(root: &Path, issue: &Period) -> Result<Vec<Printed>> {
    let folder = of_issue(issue);
    let Ok(entries) = fs::read_dir(root.join(&folder)) else { return Ok(Vec::new()) };
    let names = entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "json")).collect();
    names.sort();
    let all = names.iter().map(|name| read(root, &format!("{folder}/{name}")));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}
