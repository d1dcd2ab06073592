//! What this machine knows about the outputs besides their checksums: the programs that made them and the inputs of each
//! document. A document is kept if its inputs are the same, compared by content and never by date.

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

/// The name of the stamp, next to the manifest; it belongs to no set.
const STAMP: &str = ".stamp";
/// How a script begins: the program it starts may change without the script changing.
const SCRIPT: &[u8] = b"#!";

/// Which programs made which documents.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Stamp {
    programs: BTreeMap<PathBuf, Program>,
    /// The programs that made the documents.
    makers: BTreeSet<String>,
    documents: BTreeMap<String, Kept>,
}

/// A program, with its state when it was last read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Program {
    /// Metadata that changes whenever the file does: only then the file is read again.
    identity: Option<(u64, u64, i64, i64)>,
    sum: String,
    script: bool,
    version: Option<String>,
}

/// A document, and what it was made of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// How closely it was typeset.
    #[serde(default)]
    pub makeup: Spacing,
    /// The checksums of all that Typst read, by name.
    pub pieces: Sums,
    /// Its own checksum.
    pub pdf: String,
    /// The checksum of the picture of its first page, if it has one.
    pub cover: Option<String>,
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
    /// Whether it prints unreleased numbers, or its language is not confirmed.
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
        let known = self.known(program)?;
        known.version.clone().filter(|_| !known.script)
    }

    /// Whether the documents were made by the same programs as now; otherwise none is kept.
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

    /// The previous documents below some of the paths in `output/`.
    pub(super) fn below(&self, parts: &BTreeSet<String>) -> impl Iterator<Item = (String, Kept)> {
        let within = |path: &str, part: &str| path.strip_prefix(part).is_some_and(|rest| rest.starts_with('/'));
        let stays = move |path: &str| parts.iter().any(|part| within(path, part));
        self.documents.iter().filter(move |(path, _)| stays(path)).map(|(path, kept)| (path.clone(), kept.clone()))
    }

    /// Writes it for the next build, with the documents that are now in place.
    pub(super) fn write(&self, output: &Path, documents: BTreeMap<String, Kept>) -> Result<()> {
        let next = Self { programs: self.programs.clone(), makers: self.makers.clone(), documents };
        let (draft, place) = (output.join(".stamp.new"), output.join(STAMP));
        let written = write_new(&draft, &serde_json::to_vec(&next)?).and_then(|()| fs::rename(&draft, &place));
        written.with_context(|| format!("cannot write `{}`", place.display()))
    }
}

impl Kept {
    /// The bytes of the document and of its picture, if both are unchanged since they were built.
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

/// The outputs, if all wanted documents are in place, none of their inputs has changed, and a build would report nothing
/// beyond what its tables and its prose report.
///
/// Never if there is a register: its checksum is stored nowhere, so a change in it could not be noticed.
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

/// Metadata that the system changes whenever a file is written, replaced or given another date.
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
