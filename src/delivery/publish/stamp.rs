//! What this machine knows about the outputs besides their checksums: the programs that made them and the inputs of each
//! document. A document is kept if its inputs are the same, compared by content and never by date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::checksum::{self, sum};
use super::manifest::Sums;
use super::own_file::{read_plain, write_new};
use super::programs::{Program, Programs};
use super::seen::Seen;
use super::workplace::Workplace;
use crate::document::outline::Spacing;
use crate::document::typeset::{CHART, COVER, Kind, Pictures, Summary, SummedCorrection, Typst, is_font};
use crate::project::text::Text;

/// The name of the stamp, next to the manifest; it belongs to no set.
const STAMP: &str = ".stamp";

/// Which programs made which documents.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    programs: Programs,
    /// The programs that made the documents.
    makers: BTreeSet<String>,
    documents: BTreeMap<String, Kept>,
    /// What a build reports that finds all of this unchanged.
    #[serde(default)]
    pub(super) seen: Option<Seen>,
}

/// A document, and what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// How closely it was typeset.
    #[serde(default)]
    pub makeup: Spacing,
    /// The checksums of all that Typst read, by name.
    pub pieces: Sums,
    /// Its own checksum.
    pub pdf: String,
    /// The checksums of its pictures, by file name.
    pub pictures: Sums,
    /// What it says first, if the page on the web prints that.
    pub summary: Option<Summary>,
    /// The corrections that it tells.
    #[serde(default)]
    pub corrected: Vec<SummedCorrection>,
    /// The checksum of all numerals it is expected to print.
    pub expected: String,
    /// Its numerals that are not figures.
    pub literals: BTreeSet<(Kind, String)>,
    /// Whether building it gave warnings, which only another build can show again.
    pub remarked: bool,
    /// Whether it has no finding at all.
    pub quiet: bool,
    /// How many pages it has.
    pub pages: usize,
    /// Whether it prints unreleased numbers, or is a draft for another reason.
    pub draft: bool,
}

impl Stamp {
    /// The stamp of the last build; empty if it cannot be read.
    #[must_use]
    pub fn read(root: &Path) -> Self {
        let bytes = read_plain(&root.join("output").join(STAMP)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Whether it lists no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The version of a program, if the program has not changed.
    pub fn version(&mut self, program: &Path) -> Option<String> {
        self.programs.known(program)?.known_version().map(str::to_owned)
    }

    /// Whether the documents were made by the same programs as now; otherwise none is kept.
    pub fn recognise(&mut self, typst: &Typst) -> bool {
        let own = std::env::current_exe().ok().and_then(|own| Some(self.programs.known(&own)?.sum.clone()));
        let typst = self.programs.known(&typst.program).map(|program| {
            program.version = Some(typst.version.clone());
            format!("{} {}", program.sum, typst.version)
        });
        let makers: BTreeSet<String> = own.into_iter().chain(typst).collect();
        let same = makers.len() == 2 && makers == self.makers;
        if !same {
            self.documents.clear();
        }
        self.makers = makers;
        same
    }

    /// The documents by path below `output/`.
    pub(super) fn documents(&self) -> &BTreeMap<String, Kept> {
        &self.documents
    }

    /// The document at a path below `output/`, and how it was made.
    #[must_use]
    pub fn kept(&self, path: &str) -> Option<&Kept> {
        self.documents.get(path)
    }

    /// The previous documents below some of the paths in `output/`.
    pub(super) fn below(&self, parts: &BTreeSet<String>) -> impl Iterator<Item = (String, Kept)> {
        let within = |path: &str, part: &str| path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/'));
        let stays = move |path: &str| parts.iter().any(|part| within(path, part));
        self.documents.iter().filter(move |(path, _)| stays(path)).map(|(path, kept)| (path.clone(), kept.clone()))
    }

    /// The same programs, with the documents that are now in place.
    pub(super) fn with(&self, documents: BTreeMap<String, Kept>) -> Self {
        Self { programs: self.programs.clone(), makers: self.makers.clone(), documents, seen: None }
    }

    /// The same with what a build saw that had nothing to do.
    pub(super) fn remembering(self, seen: Option<Seen>) -> Self {
        Self { seen, ..self }
    }

    /// Whether both list the same documents, made by the same programs.
    pub(super) fn is_of_the_same(&self, other: &Self) -> bool {
        (&self.documents, &self.makers) == (&other.documents, &other.makers)
    }

    /// A program that was read and has not changed since.
    pub(super) fn program(&self, program: &Path) -> Option<&Program> {
        self.programs.recalled(program)
    }

    /// The checksums of the programs that made the documents.
    pub(super) fn makers(&self) -> impl Iterator<Item = &str> {
        self.makers.iter().map(String::as_str)
    }

    /// Writes it for the next build.
    pub(super) fn write(&self, output: &Path) -> Result<()> {
        let (draft, place) = (output.join(".stamp.new"), output.join(STAMP));
        let written = write_new(&draft, &serde_json::to_vec(self)?).and_then(|()| fs::rename(&draft, &place));
        written.with_context(|| format!("cannot write `{}`", place.display()))
    }
}

impl Kept {
    /// The bytes of the document and of its pictures, if all are unchanged since they were built.
    #[must_use]
    pub fn bytes(&self, place: &Workplace, path: &str) -> Option<(Vec<u8>, Pictures)> {
        let read = |path: &Path, sum: &String| {
            let bytes = read_plain(&place.output().join(path))?;
            (checksum::sum(&bytes) == *sum).then_some(bytes)
        };
        let pdf = read(Path::new(path), &self.pdf)?;
        let mut pictures = Pictures::new();
        for name in [COVER, CHART] {
            if let Some(sum) = self.pictures.get(name) {
                pictures.insert(name, read(&Path::new(path).with_file_name(name), sum)?);
            }
        }
        Some((pdf, pictures))
    }

    /// Whether its file below `output/` is the one that was built.
    #[must_use]
    pub fn is_in_place(&self, root: &Path, path: &str) -> bool {
        read_plain(&root.join("output").join(path)).is_some_and(|bytes| sum(&bytes) == self.pdf)
    }

    /// Whether it was typeset in the font that its language has now, whose folder may be outside of what is hashed. The
    /// checksums of each font are computed once.
    pub(super) fn is_set_in<'t>(&self, text: &'t Text, known: &mut BTreeMap<&'t str, Vec<String>>) -> bool {
        let Some(face) = text.face.as_ref().filter(|_| text.has_own_font()) else { return true };
        let now = known.entry(&text.language).or_insert_with(|| face.files().map(sum).collect());
        let then = self.pieces.iter().filter(|(name, _)| is_font(name));
        then.map(|(_, sum)| sum).eq(now.iter())
    }
}
