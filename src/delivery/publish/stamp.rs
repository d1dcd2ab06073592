//! What this machine knows of the outputs beside their checksums: which programs made them, and each document out of what. A
//! document is kept when it would be made of the same; what decides is content, never a date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::manifest::{self, Sums};
use super::paths::COVER;
use super::programs::{Program, Programs};
use super::seen::Seen;
use super::workplace::Workplace;
use crate::document::outline::Spacing;
use crate::document::typeset::{Kind, Typst, is_font};
use crate::project::text::Text;

/// Beside the manifest, and part of no set.
const STAMP: &str = ".stamp";

/// What was made by which programs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    programs: Programs,
    /// The programs that made the documents.
    makers: BTreeSet<String>,
    documents: BTreeMap<String, Kept>,
    /// What a build that finds all of this unchanged has to say.
    #[serde(default)]
    pub(super) seen: Option<Seen>,
}

/// A document, and what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// How close it was set.
    #[serde(default)]
    pub makeup: Spacing,
    /// The checksums of all that Typst read, by name.
    pub pieces: Sums,
    /// Its own checksum.
    pub pdf: String,
    /// That of the picture of its first page, if it has one.
    pub cover: Option<String>,
    /// That of all it may say.
    pub told: String,
    /// Its numerals that are no figures.
    pub literals: BTreeSet<(Kind, String)>,
    /// Whether something was found while it was made, which only its making finds.
    pub remarked: bool,
    /// Whether nothing at all was found to say of it.
    pub quiet: bool,
    /// How many pages it has.
    pub pages: usize,
    /// Whether it holds what is not released, or its language is not confirmed.
    pub draft: bool,
}

impl Stamp {
    /// What the last build left; nothing, where that cannot be read.
    #[must_use]
    pub fn read(root: &Path) -> Self {
        let bytes = fs::read(root.join("output").join(STAMP)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Whether it knows of no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The version of a program, if it is the one that it was.
    pub fn version(&mut self, program: &Path) -> Option<String> {
        self.programs.known(program)?.told().map(str::to_owned)
    }

    /// Whether the same programs are at work that made the documents; else nothing of them is kept.
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

    /// The documents below some of the paths in `output/`, as they were made before.
    pub(super) fn below(&self, parts: &BTreeSet<String>) -> impl Iterator<Item = (String, Kept)> {
        let within = |path: &str, part: &str| path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/'));
        let stays = move |path: &str| parts.iter().any(|part| within(path, part));
        self.documents.iter().filter(move |(path, _)| stays(path)).map(|(path, kept)| (path.clone(), kept.clone()))
    }

    /// The same with the documents that are now there.
    pub(super) fn with(&self, documents: BTreeMap<String, Kept>) -> Self {
        Self { programs: self.programs.clone(), makers: self.makers.clone(), documents, seen: None }
    }

    /// The same with what a build saw that had nothing to do.
    pub(super) fn telling(self, seen: Option<Seen>) -> Self {
        Self { seen, ..self }
    }

    /// Whether both are of the same documents, made by the same programs.
    pub(super) fn is_of_the_same(&self, other: &Self) -> bool {
        (&self.documents, &self.makers) == (&other.documents, &other.makers)
    }

    /// A program that was read and is the same since.
    pub(super) fn program(&self, program: &Path) -> Option<&Program> {
        self.programs.recalled(program)
    }

    /// The checksums of the programs that made the documents.
    pub(super) fn makers(&self) -> impl Iterator<Item = &str> {
        self.makers.iter().map(String::as_str)
    }

    /// Leaves it for the next build.
    pub(super) fn write(&self, output: &Path) -> Result<()> {
        let (draft, place) = (output.join(".stamp.new"), output.join(STAMP));
        let written = fs::write(&draft, serde_json::to_vec(self)?).and_then(|()| fs::rename(&draft, &place));
        written.with_context(|| format!("cannot write `{}`", place.display()))
    }
}

impl Kept {
    /// The bytes of the document and of its picture, if they are there as they were made.
    #[must_use]
    pub fn bytes(&self, place: &Workplace, path: &str) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let read = |path: &Path, sum: &String| {
            let bytes = fs::read(place.output().join(path)).ok()?;
            (manifest::sum(&bytes) == *sum).then_some(bytes)
        };
        let pdf = read(Path::new(path), &self.pdf)?;
        let Some(sum) = &self.cover else { return Some((pdf, None)) };
        Some((pdf, Some(read(&Path::new(path).with_file_name(COVER), sum)?)))
    }

    /// Whether it was set in the font that its language has now, which may lie outside of what is hashed. The checksums of
    /// each font are taken once.
    pub(super) fn is_set_in<'t>(&self, text: &'t Text, known: &mut BTreeMap<&'t str, Vec<String>>) -> bool {
        let Some(face) = text.face.as_ref().filter(|_| text.has_own_font()) else { return true };
        let now = known.entry(&text.language).or_insert_with(|| face.files().map(manifest::sum).collect());
        let then = self.pieces.iter().filter(|(name, _)| is_font(name));
        then.map(|(_, sum)| sum).eq(now.iter())
    }
}
