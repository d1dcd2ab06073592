//! What this machine knows of the outputs beside their checksums: which programs made them, and each document out of what. A
//! document is kept when it would be made of the same; what decides is content, never a date.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::manifest::{self, Inputs, Sums};
use super::own_file::{read_plain, write_new};
use super::paths::{COVER, path};
use super::workplace::{WORK, Workplace};
use crate::document::outline::Spacing;
use crate::document::typeset::{Kind, Typst};
use crate::project::Document;

/// Beside the manifest, and part of no set.
const STAMP: &str = ".stamp";
/// How a script begins: what it starts may be another program tomorrow.
const SCRIPT: &[u8] = b"#!";

/// What was made by which programs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Stamp {
    programs: BTreeMap<PathBuf, Program>,
    /// The programs that made the documents.
    makers: BTreeSet<String>,
    documents: BTreeMap<String, Kept>,
}

/// A program, as it was when it was read last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Program {
    /// What changes whenever the file does: only then it is read again.
    identity: Option<(u64, u64, i64, i64)>,
    sum: String,
    script: bool,
    version: Option<String>,
}

/// A document, and what it was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
        let bytes = read_plain(&root.join("output").join(STAMP)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Whether it knows of no document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The version of a program, if it is the one that it was.
    pub fn version(&mut self, program: &Path) -> Option<String> {
        let known = self.known(program)?;
        known.version.clone().filter(|_| !known.script)
    }

    /// Whether the same programs are at work that made the documents; else nothing of them is kept.
    pub fn recognise(&mut self, typst: &Typst) -> bool {
        let own = std::env::current_exe().ok().and_then(|own| Some(self.known(&own)?.sum.clone()));
        let typst = self.known(&typst.program).map(|program| {
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

    /// The document at a path below `output/`, and how it was made.
    #[must_use]
    pub fn kept(&self, path: &str) -> Option<&Kept> {
        self.documents.get(path)
    }

    /// A program as it is now.
    fn known(&mut self, program: &Path) -> Option<&mut Program> {
        let path = program.canonicalize().ok()?;
        let identity = identity(&path);
        let known = self.programs.get(&path).is_some_and(|known| identity.is_some() && known.identity == identity);
        if !known {
            let (sum, script) = read(&path).ok()?;
            let before = self.programs.remove(&path).filter(|before| before.sum == sum);
            let version = before.and_then(|before| before.version);
            self.programs.insert(path.clone(), Program { identity, sum, script, version });
        }
        self.programs.get_mut(&path)
    }

    /// The documents below some of the paths in `output/`, as they were made before.
    pub(super) fn below(&self, parts: &BTreeSet<String>) -> impl Iterator<Item = (String, Kept)> {
        let within = |path: &str, part: &str| path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/'));
        let stays = move |path: &str| parts.iter().any(|part| within(path, part));
        self.documents.iter().filter(move |(path, _)| stays(path)).map(|(path, kept)| (path.clone(), kept.clone()))
    }

    /// Leaves it for the next build, with the documents that are now there.
    pub(super) fn write(&self, output: &Path, documents: BTreeMap<String, Kept>) -> Result<()> {
        let next = Self { programs: self.programs.clone(), makers: self.makers.clone(), documents };
        let (draft, place) = (output.join(".stamp.new"), output.join(STAMP));
        let written = write_new(&draft, &serde_json::to_vec(&next)?).and_then(|()| fs::rename(&draft, &place));
        written.with_context(|| format!("cannot write `{}`", place.display()))
    }
}

impl Kept {
    /// The bytes of the document and of its picture, if they are there as they were made.
    #[must_use]
    pub fn bytes(&self, place: &Workplace, path: &str) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let read = |path: &Path, sum: &String| {
            let bytes = read_plain(&place.output().join(path))?;
            (manifest::sum(&bytes) == *sum).then_some(bytes)
        };
        let pdf = read(Path::new(path), &self.pdf)?;
        let Some(sum) = &self.cover else { return Some((pdf, None)) };
        Some((pdf, Some(read(&Path::new(path).with_file_name(COVER), sum)?)))
    }
}

/// The outputs, if all documents that are wanted are there, nothing that could change them has changed since they were made,
/// and a build would have nothing more to say than its tables and its prose do.
///
/// Never with a register at hand: its checksum is kept nowhere, so a change in it could not be seen.
#[must_use]
pub fn unchanged<'p>(
    root: &Path,
    inputs: &Inputs,
    typst: &Typst,
    stamp: &Stamp,
    mut wanted: impl Iterator<Item = Document<'p>>,
) -> Option<Vec<String>> {
    let output = root.join("output");
    let quiet = !stamp.documents.is_empty() && stamp.documents.values().all(|kept| kept.quiet);
    if inputs.has_register() || output.join(WORK).exists() || !quiet {
        return None;
    }
    let outputs = manifest::intact(&output, inputs, typst)?;
    let document = |path: &&String| Path::new(path).extension().is_some_and(|kind| kind == "pdf");
    let there = wanted.all(|document| outputs.binary_search(&path(document)).is_ok());
    let known = outputs.iter().filter(document).all(|path| stamp.documents.contains_key(path));
    (there && known).then_some(outputs)
}

/// The checksum of a file, and whether it is a script.
fn read(path: &Path) -> io::Result<(String, bool)> {
    let (mut file, mut digest) = (File::open(path)?, Sha256::new());
    let (mut buffer, mut script) = (vec![0; 1 << 18], None);
    loop {
        let length = file.read(&mut buffer)?;
        let piece = &buffer[..length];
        script = script.or(Some(piece.starts_with(SCRIPT)));
        if piece.is_empty() {
            return Ok((manifest::hex(&digest.finalize()), script.unwrap_or_default()));
        }
        digest.update(piece);
    }
}

/// What the system changes whenever a file is written, replaced or has its date set.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64, i64, i64)> {
    use std::os::unix::fs::MetadataExt;
    let file = fs::metadata(path).ok()?;
    Some((file.dev(), file.ino(), file.ctime(), file.ctime_nsec()))
}

/// Elsewhere it is read each time.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64, i64, i64)> {
    None
}
