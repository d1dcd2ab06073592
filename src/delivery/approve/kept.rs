//! What an approval keeps of what it approved, to say later what changed: the public figures that the documents print, and the
//! checksum of each part of them. A file for each state of a country, named after its checksum.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::contents::Contents;
use crate::delivery::publish::{Sums, replace, sum, sync_folder};
use crate::snapshots::record::Record;

/// What is kept of some documents of a country.
pub struct Kept {
    /// Their figures.
    pub record: Record,
    /// What is kept of each document, by path.
    pub documents: BTreeMap<String, Parts>,
}

/// What is kept of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The ids of its figures.
    pub figures: BTreeSet<String>,
    /// The checksums of its parts.
    pub parts: Sums,
}

#[derive(Deserialize)]
struct Written {
    documents: BTreeMap<String, Parts>,
}

/// How many digits of its checksum name a file.
const DIGITS: usize = 16;

/// The name of a file.
pub(super) fn name(country: &str, sum: &str) -> String {
    format!("{country}-{}.json", sum.get(..DIGITS).unwrap_or(sum))
}

impl Kept {
    /// What is kept of these documents, which are of one country.
    pub(super) fn of(contents: &Contents, country: &str, paths: &[String]) -> Self {
        let mut record = Record { country: country.to_owned(), ..Record::default() };
        let mut documents = BTreeMap::new();
        for (path, said) in paths.iter().filter_map(|path| Some((path, contents.of_path(path)?))) {
            record.figures.extend(said.record.figures.iter().map(|(id, figure)| (id.clone(), figure.clone())));
            let figures = said.record.figures.keys().cloned().collect();
            documents.insert(path.clone(), Parts { figures, parts: said.parts.clone() });
        }
        Self { record, documents }
    }

    /// The checksum of its file.
    pub(super) fn sum(&self) -> Result<String> {
        Ok(sum(&self.bytes()?))
    }

    /// Its bytes: a line for each figure and each document, so that Git shows what differs.
    fn bytes(&self) -> Result<Vec<u8>> {
        let lines = |all: Vec<Value>| all.iter().map(Value::to_string).collect::<Vec<_>>().join(",\n");
        let document = |(path, parts): (&String, &Parts)| format!("{}: {}", json!(path), json!(parts));
        let documents: Vec<String> = self.documents.iter().map(document).collect();
        let text = format!(
            "{{\"country\": {},\n\"documents\": {{\n{}\n}},\n\"figures\": [\n{}\n]}}\n",
            json!(self.record.country),
            documents.join(",\n"),
            lines(self.record.written()?)
        );
        Ok(text.into_bytes())
    }
}

/// Writes it into its file, which is on the disk when this returns.
pub(super) fn write(folder: &Path, kept: &Kept) -> Result<()> {
    let bytes = kept.bytes()?;
    let sum = sum(&bytes);
    let path = folder.join(name(&kept.record.country, &sum));
    if is_there(folder, &kept.record.country, &sum) != Some(true) {
        replace(&path, &bytes)?;
    }
    let synced = File::open(&path).and_then(|file| file.sync_all()).and_then(|()| sync_folder(folder));
    synced.with_context(|| format!("cannot write `{}`", path.display()))
}

/// Whether the file of a checksum has it; none if it is missing.
pub(super) fn is_there(folder: &Path, country: &str, expected: &str) -> Option<bool> {
    let bytes = fs::read(folder.join(name(country, expected))).ok()?;
    Some(sum(&bytes) == expected)
}

/// What the file of a checksum holds; none if it is not there or cannot be read.
pub(super) fn read(folder: &Path, country: &str, sum: &str) -> Option<Kept> {
    let bytes = fs::read(folder.join(name(country, sum))).ok()?;
    let Written { documents } = serde_json::from_slice(&bytes).ok()?;
    Some(Kept { record: Record::read(&bytes).ok()?, documents })
}
