//! The rows of a sheet: the lines of the prose and the texts of the catalogue, and how a correction is written in its file.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;

use super::events::{self, Original};
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::document::bind::sentences::{self, Line, restored};
use crate::project::country::Narrative;
use crate::project::declaration::{Declaration, Leaf, Located};
use crate::project::text::{CATALOGUE, Key, Text};
use crate::project::{Project, own_or_carried};

/// A text beside its translation.
pub(super) struct Row {
    /// The text of the default language; empty where it is not known which one it is.
    pub original: String,
    /// Where that stands, if it stands in one place.
    pub source: Option<Span>,
    /// Its translation.
    pub translation: String,
    /// Where the translation stands.
    pub span: Span,
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
    /// The place of the translation as the sheet names it: `data/text/lo.toml:12:10`.
    pub fn place(&self) -> String {
        self.span.place()
    }

    /// A correction as it is written in the file.
    pub fn corrected(&self, correction: &str) -> Result<String, String> {
        match &self.kind {
            // A line of prose stays one line, however a cell shows it.
            Kind::Prose(calls) => {
                let lines = correction.lines().map(str::trim).filter(|line| !line.is_empty());
                restored(&lines.collect::<Vec<_>>().join(" "), calls)
            }
            Kind::Text => Ok(literal(&spaced(correction, &self.translation), &self.span.written())),
        }
    }
}

/// A text with the blanks around it that the one before had: a cell does not show them.
fn spaced(text: &str, before: &str) -> String {
    let bare = text.trim();
    let (start, rest) = before.split_at(before.len() - before.trim_start().len());
    let end = rest.strip_prefix(rest.trim_end()).unwrap_or_default();
    format!("{start}{bare}{end}")
}

/// A text as a string of TOML: over several lines where the one that it replaces was.
fn literal(text: &str, before: &str) -> String {
    let several = text.contains('\n') && (before.starts_with("\"\"\"") || before.starts_with("'''"));
    let escaped = |c: char| match c {
        '\\' => "\\\\".to_owned(),
        '"' => "\\\"".to_owned(),
        '\n' if several => c.to_string(),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    let inside: String = text.chars().map(escaped).collect();
    if several { format!("\"\"\"\n{inside}\"\"\"") } else { format!("\"{inside}\"") }
}

/// All rows of a language: the prose of every country, then the catalogue.
pub(super) fn of(project: &Project, language: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let Some((default, others)) = project.texts.split_first() else { return Ok(rows) };
    for country in &project.countries {
        for narrative in country.narratives.iter().filter(|narrative| narrative.language == default.language) {
            let twin = |other: &&Narrative| other.language == language && other.place == narrative.place;
            if let Some(other) = country.narratives.iter().find(twin) {
                rows.extend(prose(narrative, other));
            }
        }
    }
    if let Some(text) = others.iter().find(|text| text.language == language) {
        rows.extend(catalogue(project, default, text)?);
    }
    Ok(rows)
}

/// The lines of a translated narrative, beside those of the default language if both have as many.
fn prose(narrative: &Narrative, other: &Narrative) -> Vec<Row> {
    let (lines, others) = (sentences::lines(&narrative.source.text()), sentences::lines(&other.source.text()));
    let beside = |at: usize| lines.get(at).filter(|_| lines.len() == others.len());
    let row = |(at, line): (usize, &Line)| Row {
        original: beside(at).map(|line| line.marked.clone()).unwrap_or_default(),
        source: beside(at).map(|line| Span::new(&narrative.source, line.range.clone())),
        translation: line.marked.clone(),
        span: Span::new(&other.source, line.range.clone()),
        kind: Kind::Prose(line.calls.clone()),
    };
    others.iter().enumerate().map(row).collect()
}

/// The texts of a catalogue, beside those that they translate, in the order of the file.
fn catalogue(project: &Project, default: &Text, text: &Text) -> Result<Vec<Row>> {
    let path = format!("data/text/{}.toml", text.language);
    let bytes = own_or_carried(&project.root, &path)?;
    let source = Arc::new(Source::new(path, bytes));
    let originals = originals(project, default)?;
    // What is wrong in it was reported when the project was loaded.
    let leaves = Declaration::parse(&CATALOGUE, &source, &mut Diagnostics::default()).leaves();
    let row = |leaf: Leaf| {
        // A plural form that the default language lacks stands beside its general form.
        let original = originals.get(&leaf.path).or_else(|| originals.get(leaf.path.get(..2)?))?;
        Some(Row {
            original: original.value.clone(),
            source: original.span.clone(),
            translation: leaf.text.value,
            span: leaf.text.span,
            kind: Kind::Text,
        })
    };
    let mut rows: Vec<Row> = leaves.into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| row.span.start());
    Ok(rows)
}

/// Every text that a catalogue may translate, by its key.
fn originals(project: &Project, default: &Text) -> Result<BTreeMap<Key, Original>> {
    let plain = |text: &str| text.replace('\u{200b}', "");
    let declared = project.to_translate().into_iter();
    let mut originals: BTreeMap<Key, Original> =
        declared.map(|(key, text)| (key, Original { value: plain(&text), span: None })).collect();
    let written = |(key, text): (&Key, &Located<String>)| {
        (key.clone(), Original { value: plain(&text.value), span: Some(text.span.clone()) })
    };
    originals.extend(default.entries().map(written));
    originals.extend(events::originals(project)?);
    Ok(originals)
}
