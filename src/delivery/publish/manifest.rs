//! `manifest.json`: which inputs and tools made which outputs, by sha256.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::checksum::{Checksum, sum};
use super::own_file::read_plain;
use crate::document::typeset::Typst;
use crate::project::{LETTERS, filled, follow};

/// The checksums of everything a build reads, by path from the root.
#[derive(PartialEq)]
pub struct Inputs {
    pub(super) files: Sums,
    /// The folders that hold them: an empty one may be a country.
    folders: BTreeSet<String>,
    /// Whether nothing else is there: no link, no register, and no name that is not Unicode.
    plain: bool,
    /// Whether a register changed is recognised from its files' sizes and dates; neither is stored.
    register: BTreeMap<String, (u64, Option<SystemTime>)>,
}

/// The name of the manifest below `output/`.
pub(super) const FILE: &str = "manifest.json";

/// Checksums by path.
pub type Sums = BTreeMap<String, String>;

/// Which inputs and tools made which outputs.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(super) struct Manifest {
    pub(super) inputs: Sums,
    pub(super) tools: BTreeMap<String, String>,
    pub(super) outputs: Sums,
    /// The parts that were not built from these inputs, because they failed or were not asked for: they are from an earlier
    /// build. A part is a country, or a name at the top of `output/`, or the copies of a single donor.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) kept: BTreeSet<String>,
}

impl Manifest {
    /// The manifest in a file; `None` if it is missing or cannot be read.
    pub(super) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&read_plain(path)?).ok()
    }

    pub(super) fn json(&self) -> Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// The names directly below `output/`.
    pub(super) fn parts(&self) -> BTreeSet<String> {
        let first = |path: &String| path.split('/').next().unwrap_or_default().to_owned();
        self.outputs.keys().map(first).collect()
    }

    /// The outputs of one part.
    pub(super) fn of(&self, part: &str) -> Sums {
        let own = |path: &&String| path.split('/').next() == Some(part);
        let own = self.outputs.iter().filter(|(path, _)| own(path));
        own.map(|(path, sum)| (path.clone(), sum.clone())).collect()
    }

    /// Whether a part, wherever it is now, has these checksums.
    pub(super) fn holds(&self, part: &str, place: &Path) -> bool {
        found(part, place).is_ok_and(|found| found == self.of(part))
    }
}

/// The checksums of a part of the outputs, wherever it is now.
pub(super) fn found(part: &str, place: &Path) -> Result<Sums> {
    let context = || format!("cannot read `{}`", place.display());
    let mut found = Found::default();
    match ours(place.symlink_metadata().with_context(context)?.file_type()) {
        Entry::Folder => found.walk(place, part, &|_: &str, kind| ours(kind))?,
        Entry::File => drop(found.files.insert(part.to_owned(), Some(place.to_owned()))),
        Entry::Strange | Entry::Passed => drop(found.files.insert(part.to_owned(), None)),
    }
    found.sums()
}

/// The paths below `output/` under which the manifest lists a file of this checksum; none if there is no manifest.
#[must_use]
pub fn listed_as(root: &Path, sum: &str) -> Vec<String> {
    let stated = Manifest::read(&root.join("output").join(FILE));
    let outputs = stated.into_iter().flat_map(|stated| stated.outputs);
    outputs.filter(|(_, known)| known == sum).map(|(path, _)| path).collect()
}

/// The journal of `send`, and the letters that it sends. They are no inputs, because they change no document.
pub const OF_SENDING: [&str; 2] = ["data/sent", LETTERS];

/// Hashes `data/` and `templates/`, and what is carried of them in place of what the project lacks. A register is left out: the content of a small file can be guessed from its checksum. So is what
/// no build follows; loading the project reports it.
///
/// # Errors
/// When a file cannot be read.
pub fn read_inputs(root: &Path) -> Result<Inputs> {
    let registers = RefCell::new(Vec::new());
    let judge = |path: &str, kind: FileType| {
        if path.ends_with("/register") {
            registers.borrow_mut().push(path.to_owned());
            return Entry::Passed;
        }
        match ours(kind) {
            _ if OF_SENDING.contains(&path) => Entry::Passed,
            // A link is one of the inputs where it stays among them.
            Entry::Strange => match follow(root, path) {
                Ok(true) => Entry::Folder,
                Ok(false) => Entry::File,
                Err(_) => Entry::Passed,
            },
            plain => plain,
        }
    };
    let mut found = Found::default();
    for folder in ["data", "templates"].into_iter().filter(|folder| root.join(folder).symlink_metadata().is_ok()) {
        let link = root.join(folder).is_symlink();
        found.strange |= link;
        if !link || follow(root, folder).is_ok() {
            found.walk(&root.join(folder), folder, &judge)?;
        }
    }
    let (registers, mut register) = (registers.into_inner(), BTreeMap::new());
    found.strange |= registers.iter().any(|folder| root.join(folder).is_symlink());
    for folder in registers.into_iter().filter(|folder| follow(root, folder) == Ok(true)) {
        // The folder itself shows whether there is a register at all.
        register.insert(folder.clone(), EMPTY);
        in_register(root, &folder, &mut register)?;
    }
    // An empty folder waits for a register, and holds none.
    found.strange |= register.values().any(|state| *state != EMPTY);
    let mut files = found.sums()?;
    let of_sending = |path: &str| OF_SENDING.iter().any(|folder| path.starts_with(folder));
    let filling = filled(root).into_iter().filter(|(path, _)| !of_sending(path));
    files.extend(filling.map(|(path, bytes)| (path.to_owned(), sum(bytes))));
    Ok(Inputs { files, folders: found.folders, plain: !found.strange, register })
}

/// What is noted of the folder of a register itself.
const EMPTY: (u64, Option<SystemTime>) = (0, None);

/// Notes the size and the age of every file of a register, whatever folder of it a mapping reads it from. What custodians keep
/// there of closed years is no input.
fn in_register(root: &Path, folder: &str, register: &mut BTreeMap<String, (u64, Option<SystemTime>)>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("cannot read `{folder}`"))? {
        let entry = entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?, entry.metadata()?)));
        let (name, kind, metadata) = entry.with_context(|| format!("cannot read `{folder}`"))?;
        let path = format!("{folder}/{}", name.to_string_lossy());
        if kind.is_dir() && !name.to_string_lossy().starts_with('.') {
            in_register(root, &path, register)?;
        }
        register.insert(path, (metadata.len(), metadata.modified().ok()));
    }
    Ok(())
}

/// The folder of the approvals, one file for each issue. They are inputs: a document that is approved carries no mark of a draft.
pub const APPROVALS: &str = "data/approvals";

/// One checksum for all inputs but the approvals, which come after what they approve.
///
/// # Errors
/// When a file cannot be read.
pub fn sum_of_inputs(root: &Path) -> Result<String> {
    let inputs = read_inputs(root)?;
    let own = inputs.files.iter().filter(|(path, _)| !path.starts_with(APPROVALS));
    Ok(sum(own.map(|(path, sum)| format!("{sum}  {path}\n")).collect::<String>().as_bytes()))
}

impl Inputs {
    /// Whether a confidential register is among them.
    #[must_use]
    pub fn has_register(&self) -> bool {
        self.register.values().any(|state| *state != EMPTY)
    }

    /// The checksums of the files, and the folders, if a build reads nothing else: no register, and no link, whether it is
    /// followed or not.
    pub(super) fn plain(&self) -> Option<(&Sums, &BTreeSet<String>)> {
        self.plain.then_some((&self.files, &self.folders))
    }
}

/// The tools that make the outputs, with their versions.
pub(super) fn tools(typst: &Typst) -> BTreeMap<String, String> {
    let tools = [("tipbrief", env!("CARGO_PKG_VERSION")), ("typst", typst.version.as_str())];
    tools.map(|(tool, version)| (tool.to_owned(), version.to_owned())).into()
}

/// The checksums of all inputs of a document.
#[must_use]
pub fn sums(pieces: &[(String, Cow<'_, [u8]>)]) -> Sums {
    pieces.iter().map(|(name, bytes)| (name.clone(), sum(bytes))).collect()
}

/// One checksum for all of these and the tools; it is written into the PDF.
#[must_use]
pub fn fingerprint(pieces: &Sums, typst: &Typst) -> String {
    let mut digest = Checksum::default();
    for (name, sum) in pieces.iter().chain(&tools(typst)) {
        digest.add(format!("{name}\0{sum}\n").as_bytes());
    }
    digest.hex()
}

/// The outputs, if the manifest on disk lists these inputs and tools and every part matches its checksums.
pub(super) fn intact(output: &Path, inputs: &Inputs, typst: &Typst) -> Option<Vec<String>> {
    let stated = Manifest::read(&output.join(FILE))?;
    let same = stated.inputs == inputs.files && stated.tools == tools(typst) && stated.kept.is_empty();
    let whole = || stated.parts().iter().all(|part| stated.holds(part, &output.join(part)));
    (same && !stated.outputs.is_empty() && whole()).then(|| stated.outputs.into_keys().collect())
}

/// What is in `output/`, by its manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Built {
    /// The checksum of the manifest: no other build has it.
    pub id: String,
    /// The checksums of the outputs, by path.
    pub outputs: Sums,
}

/// What the manifest in `output/` says is there; none where there is none that can be read.
#[must_use]
pub fn built(root: &Path) -> Option<Built> {
    let bytes = read_plain(&root.join("output").join(FILE))?;
    let stated: Manifest = serde_json::from_slice(&bytes).ok()?;
    Some(Built { id: sum(&bytes), outputs: stated.outputs })
}

/// How `output/` and the inputs differ from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a file cannot be read.
pub fn differences(root: &Path) -> Result<Vec<String>> {
    let (stated, mut differences) = against_manifest(root)?;
    let kept = stated.kept.iter().map(|part| format!("output/{part}: is from an earlier build than the rest"));
    differences.extend(kept);
    differences.extend(compared("", &stated.inputs, &read_inputs(root)?.files));
    if super::is_interrupted(root) {
        differences.push("output: a build was interrupted; the next one finishes it".to_owned());
    }
    Ok(differences)
}

/// How `output/` alone differs from the manifest, a line each.
///
/// # Errors
/// When there is no manifest, or a file cannot be read.
pub(super) fn differences_of_outputs(root: &Path) -> Result<Vec<String>> {
    Ok(against_manifest(root)?.1)
}

fn against_manifest(root: &Path) -> Result<(Manifest, Vec<String>)> {
    let output = root.join("output");
    let bytes =
        read_plain(&output.join(FILE)).context("there is no `output/manifest.json`; `tipbrief build` writes it")?;
    let stated: Manifest = serde_json::from_slice(&bytes).context("`output/manifest.json` cannot be read")?;
    let differences = compared("output/", &stated.outputs, &outputs(&output)?);
    Ok((stated, differences))
}

/// The inputs that differ from those of the manifest on disk; none if there is no manifest.
#[must_use]
pub fn changed(root: &Path, inputs: &Inputs) -> Vec<String> {
    let Some(before) = Manifest::read(&root.join("output").join(FILE)) else { return Vec::new() };
    let paths: BTreeSet<&String> = before.inputs.keys().chain(inputs.files.keys()).collect();
    paths.into_iter().filter(|path| before.inputs.get(*path) != inputs.files.get(*path)).cloned().collect()
}

fn compared(prefix: &str, stated: &Sums, found: &Sums) -> Vec<String> {
    let paths: BTreeSet<&String> = stated.keys().chain(found.keys()).collect();
    let difference = |path: &String| match (stated.get(path), found.get(path)) {
        (Some(one), Some(other)) if one == other => None,
        (Some(_), Some(_)) => Some(format!("{prefix}{path}: differs from the manifest")),
        (Some(_), None) => Some(format!("{prefix}{path}: is missing")),
        (None, _) => Some(format!("{prefix}{path}: is not in the manifest")),
    };
    paths.into_iter().filter_map(difference).collect()
}

/// Whether every output matches the manifest on disk, and was built from these inputs.
pub(super) fn holds(output: &Path, inputs: &Inputs) -> bool {
    let Some(stated) = Manifest::read(&output.join(FILE)) else { return false };
    let same = stated.inputs == inputs.files && stated.kept.is_empty();
    same && outputs(output).is_ok_and(|found| found == stated.outputs)
}

fn outputs(output: &Path) -> Result<Sums> {
    let mut found = Found::default();
    found.walk(output, "", &|path: &str, kind| if path == FILE { Entry::Passed } else { ours(kind) })?;
    found.sums()
}

/// What to do with an entry of a folder that is hashed.
enum Entry {
    File,
    Folder,
    /// Neither: it is named, and never read.
    Strange,
    /// It is left out.
    Passed,
}

/// What stands for the checksum of what is no file, such as a link: no file has it.
const STRANGE: &str = "-";

/// What to do with something that a build made: it makes no links.
fn ours(kind: FileType) -> Entry {
    if kind.is_file() {
        Entry::File
    } else if kind.is_dir() {
        Entry::Folder
    } else {
        Entry::Strange
    }
}

/// What is in a folder, without hidden files.
#[derive(Default)]
struct Found {
    /// By path from there: where each file is, or nothing for what is named and never read.
    files: BTreeMap<String, Option<PathBuf>>,
    folders: BTreeSet<String>,
    /// Whether a link is among them, or a name that is not Unicode.
    strange: bool,
}

impl Found {
    /// Walks through a folder; `judge` is asked by path from there, and by what stands at that path, links not followed.
    fn walk(&mut self, folder: &Path, prefix: &str, judge: &impl Fn(&str, FileType) -> Entry) -> Result<()> {
        let context = || format!("cannot read `{}`", folder.display());
        for entry in fs::read_dir(folder).with_context(context)? {
            let entry = entry.with_context(context)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().with_context(context)?;
            self.strange |= entry.file_name().to_str().is_none() || !(kind.is_dir() || kind.is_file());
            match judge(&path, kind) {
                Entry::Passed => {}
                Entry::Strange => drop(self.files.insert(path, None)),
                Entry::File => drop(self.files.insert(path, Some(entry.path()))),
                Entry::Folder => {
                    // A link to a folder above would be walked for ever.
                    let above = |target: PathBuf| folder.canonicalize().is_ok_and(|here| here.starts_with(target));
                    if !(kind.is_symlink() && entry.path().canonicalize().is_ok_and(above)) {
                        self.walk(&entry.path(), &path, judge)?;
                    }
                    self.folders.insert(path);
                }
            }
        }
        Ok(())
    }

    /// The checksums of the files, computed on all cores.
    fn sums(&self) -> Result<Sums> {
        let one = |(path, place): (&String, &Option<PathBuf>)| {
            let Some(place) = place else { return Ok((path.clone(), STRANGE.to_owned())) };
            let bytes = fs::read(place).with_context(|| format!("cannot read `{path}`"))?;
            Ok((path.clone(), sum(&bytes)))
        };
        let sums: Vec<Result<(String, String)>> = self.files.par_iter().map(one).collect();
        sums.into_iter().collect()
    }
}
