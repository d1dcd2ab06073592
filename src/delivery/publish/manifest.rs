//! `manifest.json`: which inputs and tools made which outputs, by sha256.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::document::typeset::Typst;

/// The checksums of everything a build reads, by path from the root.
#[derive(PartialEq)]
pub struct Inputs {
    pub(super) files: Sums,
    /// The folders that hold them: an empty one may be a country.
    folders: BTreeSet<String>,
    /// Whether each file stands where its path says, under a name that can be told.
    plain: bool,
    /// What tells a register from another, kept nowhere: its files' sizes and when they were written.
    register: BTreeMap<String, (u64, Option<SystemTime>)>,
}

/// Its name below `output/`.
pub(super) const FILE: &str = "manifest.json";

/// Checksums by path.
pub type Sums = BTreeMap<String, String>;

/// Which inputs and tools made which outputs.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(super) struct Manifest {
    pub(super) inputs: Sums,
    pub(super) tools: BTreeMap<String, String>,
    pub(super) outputs: Sums,
    /// The parts whose outputs these inputs did not make, because they could not, or nobody asked: they are of an earlier
    /// build. A part is a country, or a name at the top of `output/`; of the copies for donors it may be those of one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) kept: BTreeSet<String>,
}

impl Manifest {
    /// The manifest in a file; none where there is none that can be read.
    pub(super) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    pub(super) fn json(&self) -> Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// What stands directly below `output/`.
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

    /// Whether a part, wherever it stands, is as this says.
    pub(super) fn holds(&self, part: &str, place: &Path) -> bool {
        found(part, place).is_ok_and(|found| found == self.of(part))
    }
}

/// The checksums of a part of the outputs, wherever it stands.
pub(super) fn found(part: &str, place: &Path) -> Result<Sums> {
    if place.is_dir() {
        let mut found = Found::default();
        found.walk(place, part, &|_: &str| false)?;
        return found.sums();
    }
    let bytes = fs::read(place).with_context(|| format!("cannot read `{}`", place.display()))?;
    Ok(Sums::from([(part.to_owned(), sum(&bytes))]))
}

/// The sha256 of bytes, in hexadecimal digits.
#[must_use]
pub fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The journal of what was sent, which is no input: what is sent changes no document.
const SENT: &str = "data/sent";

/// Hashes `data/` and `templates/`. A register is left out: the checksum of a small file tells what is in it.
///
/// # Errors
/// When a file cannot be read.
pub fn read_inputs(root: &Path) -> Result<Inputs> {
    let registers = RefCell::new(Vec::new());
    let skip = |path: &str| {
        let register = path.ends_with("/register");
        if register {
            registers.borrow_mut().push(path.to_owned());
        }
        register || path == SENT
    };
    let mut found = Found::default();
    for folder in ["data", "templates"] {
        found.strange |= root.join(folder).is_symlink();
        found.walk(&root.join(folder), folder, &skip)?;
    }
    let mut register = BTreeMap::new();
    for folder in registers.into_inner() {
        // Whether there is a register at all is told by its folder.
        register.insert(folder.clone(), (0, None));
        for entry in fs::read_dir(root.join(&folder)).with_context(|| format!("cannot read `{folder}`"))? {
            let entry = entry.and_then(|entry| Ok((entry.file_name(), entry.metadata()?)));
            let (name, told) = entry.with_context(|| format!("cannot read `{folder}`"))?;
            register.insert(format!("{folder}/{}", name.to_string_lossy()), (told.len(), told.modified().ok()));
        }
    }
    Ok(Inputs { files: found.sums()?, folders: found.folders, plain: !found.strange, register })
}

impl Inputs {
    /// Whether a confidential register is among them.
    #[must_use]
    pub fn has_register(&self) -> bool {
        !self.register.is_empty()
    }

    /// The checksums of the files, and the folders, if these tell all that a build may read: no register is among them, and
    /// no link, of which only the end is hashed.
    pub(super) fn plain(&self) -> Option<(&Sums, &BTreeSet<String>)> {
        (self.plain && !self.has_register()).then_some((&self.files, &self.folders))
    }
}

/// The tools that make the outputs, with their versions.
pub(super) fn tools(typst: &Typst) -> BTreeMap<String, String> {
    let tools = [("tipbrief", env!("CARGO_PKG_VERSION")), ("typst", typst.version.as_str())];
    tools.map(|(tool, version)| (tool.to_owned(), version.to_owned())).into()
}

/// The checksums of everything that a document is made of.
#[must_use]
pub fn sums(pieces: &[(String, Cow<'_, [u8]>)]) -> Sums {
    pieces.iter().map(|(name, bytes)| (name.clone(), sum(bytes))).collect()
}

/// One checksum for all of that, with the tools; its PDF carries it.
#[must_use]
pub fn fingerprint(pieces: &Sums, typst: &Typst) -> String {
    let mut digest = Sha256::new();
    for (name, told) in pieces.iter().chain(&tools(typst)) {
        digest.update(format!("{name}\0{told}\n"));
    }
    hex(&digest.finalize())
}

/// The outputs, if the manifest on disk names these inputs and tools and every part of the set is as it says.
pub(super) fn intact(output: &Path, inputs: &Inputs, typst: &Typst) -> Option<Vec<String>> {
    let stated = Manifest::read(&output.join(FILE))?;
    let same = stated.inputs == inputs.files && stated.tools == tools(typst) && stated.kept.is_empty();
    let whole = || stated.parts().iter().all(|part| stated.holds(part, &output.join(part)));
    (same && !stated.outputs.is_empty() && whole()).then(|| stated.outputs.into_keys().collect())
}

/// In what `output/` and the inputs differ from what the manifest says, a line each.
///
/// # Errors
/// When there is no manifest to go by, or a file cannot be read.
pub fn differences(root: &Path) -> Result<Vec<String>> {
    let (stated, mut differences) = against_manifest(root)?;
    let kept = stated.kept.iter().map(|part| format!("output/{part}: is of an earlier build than the rest"));
    differences.extend(kept);
    differences.extend(compared("", &stated.inputs, &read_inputs(root)?.files));
    if super::is_interrupted(root) {
        differences.push("output: a build did not come to its end; the next one finishes it".to_owned());
    }
    Ok(differences)
}

/// In what `output/` alone differs from what the manifest says, a line each.
///
/// # Errors
/// When there is no manifest to go by, or a file cannot be read.
pub(super) fn differences_of_outputs(root: &Path) -> Result<Vec<String>> {
    Ok(against_manifest(root)?.1)
}

fn against_manifest(root: &Path) -> Result<(Manifest, Vec<String>)> {
    let output = root.join("output");
    let bytes =
        fs::read(output.join(FILE)).context("there is no `output/manifest.json`; `tipbrief build` writes it")?;
    let stated: Manifest = serde_json::from_slice(&bytes).context("`output/manifest.json` cannot be read")?;
    let differences = compared("output/", &stated.outputs, &outputs(&output)?);
    Ok((stated, differences))
}

/// The inputs that differ from those of the manifest on disk; none where there is none.
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
        (Some(_), Some(_)) => Some(format!("{prefix}{path}: is not as the manifest says")),
        (Some(_), None) => Some(format!("{prefix}{path}: is missing")),
        (None, _) => Some(format!("{prefix}{path}: is not in the manifest")),
    };
    paths.into_iter().filter_map(difference).collect()
}

/// Whether every output is as the manifest on disk says, and was made from these inputs.
pub(super) fn holds(output: &Path, inputs: &Inputs) -> bool {
    let Some(stated) = Manifest::read(&output.join(FILE)) else { return false };
    let same = stated.inputs == inputs.files && stated.kept.is_empty();
    same && outputs(output).is_ok_and(|found| found == stated.outputs)
}

fn outputs(output: &Path) -> Result<Sums> {
    let mut found = Found::default();
    found.walk(output, "", &|path: &str| path == FILE)?;
    found.sums()
}

/// What is in a folder, hidden files left out.
#[derive(Default)]
struct Found {
    /// By path from there, with the place of each.
    files: BTreeMap<String, PathBuf>,
    folders: BTreeSet<String>,
    /// Whether a link is among them, or a name that is not Unicode.
    strange: bool,
}

impl Found {
    /// Walks through a folder; `skip` is asked by path from there.
    fn walk(&mut self, folder: &Path, prefix: &str, skip: &impl Fn(&str) -> bool) -> Result<()> {
        let context = || format!("cannot read `{}`", folder.display());
        for entry in fs::read_dir(folder).with_context(context)? {
            let entry = entry.with_context(context)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if skip(&path) || name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type().with_context(context)?;
            self.strange |= entry.file_name().to_str().is_none() || !(kind.is_dir() || kind.is_file());
            if kind.is_dir() || kind.is_symlink() && entry.path().is_dir() {
                // A link to a folder above would be walked for ever.
                let above =
                    |target: std::path::PathBuf| folder.canonicalize().is_ok_and(|here| here.starts_with(target));
                if !(kind.is_symlink() && entry.path().canonicalize().is_ok_and(above)) {
                    self.walk(&entry.path(), &path, skip)?;
                }
                self.folders.insert(path);
            } else {
                self.files.insert(path, entry.path());
            }
        }
        Ok(())
    }

    /// The checksums of the files, taken on all cores.
    fn sums(&self) -> Result<Sums> {
        let one = |(path, place): (&String, &PathBuf)| {
            let bytes = fs::read(place).with_context(|| format!("cannot read `{path}`"))?;
            Ok((path.clone(), sum(&bytes)))
        };
        let sums: Vec<Result<(String, String)>> = self.files.par_iter().map(one).collect();
        sums.into_iter().collect()
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
