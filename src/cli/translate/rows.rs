//! The rows of a sheet: the lines of the prose and the texts of the catalogue, and how a correction is written back.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::delivery::publish;
use crate::diagnostic::Span;
use crate::document::bind::sentences::{self, Line, restored};
use crate::project::country::Narrative;
use crate::project::text::Text;
use crate::project::{Project, own_or_carried};

/// A text beside its translation.
pub(super) struct Row {
    /// The file of the translation and its line: `data/text/lo.toml:12`.
    pub place: String,
    /// The text of the default language.
    pub original: String,
    /// Its translation.
    pub translation: String,
    /// Where the translation stands.
    pub span: Span,
    path: String,
    range: Range<usize>,
    kind: Kind,
}

/// What the translation is written in.
enum Kind {
    /// Typst markup, with these calls.
    Prose(Vec<String>),
    /// A string of TOML.
    Text,
}

impl Row {
    /// A correction as it is written in the file.
    pub fn corrected(&self, correction: &str) -> Result<String, String> {
        match &self.kind {
            Kind::Prose(calls) => restored(correction, calls),
            Kind::Text => Ok(correction.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    }
}

/// All rows of a language: the prose of every country, then the catalogue.
pub(super) fn of(project: &Project, language: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let default = project.texts.first().map_or("", |text| text.language.as_str());
    for country in &project.countries {
        for narrative in country.narratives.iter().filter(|narrative| narrative.language == default) {
            let twin = |other: &&Narrative| other.language == language && other.place == narrative.place;
            if let Some(other) = country.narratives.iter().find(twin) {
                rows.extend(prose(narrative, other));
            }
        }
    }
    let Some(text) = project.texts.iter().find(|text| text.language == language) else { return Ok(rows) };
    rows.extend(catalogue(project, text)?);
    Ok(rows)
}

/// The lines of a translated narrative, beside those of the default language as long as both have as many.
fn prose(narrative: &Narrative, other: &Narrative) -> Vec<Row> {
    let (lines, others) = (sentences::lines(&narrative.source.text()), sentences::lines(&other.source.text()));
    let beside = |at: usize| if lines.len() == others.len() { lines[at].marked.clone() } else { String::new() };
    let row = |(at, line): (usize, &Line)| Row {
        place: format!("{}:{}", other.source.path, other.source.position(line.range.start).0),
        original: beside(at),
        translation: line.marked.clone(),
        span: Span::new(&other.source, line.range.clone()),
        path: other.source.path.clone(),
        range: line.range.clone(),
        kind: Kind::Prose(line.calls.clone()),
    };
    others.iter().enumerate().map(row).collect()
}

/// The texts of a catalogue that stand in one line, beside those that they translate.
fn catalogue(project: &Project, text: &Text) -> Result<Vec<Row>> {
    let path = format!("data/text/{}.toml", text.language);
    let content = read(&project.root, &path)?;
    let starts: Vec<usize> = std::iter::once(0).chain(content.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut rows = Vec::new();
    let mut expected: BTreeMap<Vec<String>, String> = project.to_translate().into_iter().collect();
    expected.extend(events(project)?);
    for (key, original) in &expected {
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let Some(span) = text.place(&key).filter(|span| span.path() == path) else { continue };
        let line = span.position().0;
        let start = starts[line - 1];
        let written = content.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let (Some(open), Some(close)) = (written.find(" = \"").map(|at| at + 4), written.rfind('"')) else { continue };
        let Some(quoted) = written.get(open..close) else { continue };
        let translation = quoted.replace("\\\"", "\"").replace("\\\\", "\\");
        rows.push(Row {
            place: format!("{path}:{line}"),
            original: original.clone(),
            translation,
            span: span.clone(),
            path: path.clone(),
            range: start + open..start + close,
            kind: Kind::Text,
        });
    }
    rows.sort_by_key(|row| row.range.start);
    Ok(rows)
}

/// The texts of the events in the tables of countries, by the keys of a catalogue.
fn events(project: &Project) -> Result<BTreeMap<Vec<String>, String>> {
    let mut texts = BTreeMap::new();
    for country in &project.countries {
        let file = project.root.join(format!("data/countries/{}/events.csv", country.iso3));
        let Ok(mut reader) = csv::Reader::from_path(&file) else { continue };
        let heads = reader.headers().context("the events have no labels")?.clone();
        let at = |name: &str| heads.iter().position(|head| head.trim_start_matches('\u{feff}') == name);
        let (Some(id), Some(text)) = (at("id"), at("text")) else { continue };
        for record in reader.records().flatten() {
            if let (Some(id), Some(text)) = (record.get(id), record.get(text)) {
                texts.insert(["events", &country.iso3, id].map(str::to_owned).to_vec(), text.to_owned());
            }
        }
    }
    Ok(texts)
}

/// A file of the project, or the carried one that is read in its place.
fn read(root: &Path, path: &str) -> Result<String> {
    String::from_utf8(own_or_carried(root, path)?).with_context(|| format!("cannot read `{path}` as UTF-8"))
}

/// Writes each corrected text into its place. A carried catalogue becomes one of the project by that. Returns the paths written.
pub(super) fn write(root: &Path, changed: &[(&Row, String)]) -> Result<Vec<PathBuf>> {
    let mut files: BTreeMap<&str, Vec<(Range<usize>, &str)>> = BTreeMap::new();
    for (row, text) in changed {
        files.entry(&row.path).or_default().push((row.range.clone(), text));
    }
    let mut written = Vec::new();
    for (path, mut texts) in files {
        let mut content = read(root, path)?;
        let path = root.join(path);
        texts.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
        texts.dedup_by_key(|(range, _)| range.start);
        texts.into_iter().for_each(|(range, text)| content.replace_range(range, text));
        publish::replace(&path, content.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}
