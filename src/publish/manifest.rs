//! `manifest.json`: which inputs and tools made which outputs, by sha256.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::typeset::Typst;

/// The checksums of everything a build reads, by path from the root.
pub struct Inputs {
    files: BTreeMap<String, String>,
    register: bool,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Manifest {
    inputs: BTreeMap<String, String>,
    tools: BTreeMap<String, String>,
    outputs: BTreeMap<String, String>,
}

/// Hashes `data/` and `templates/`. A register is left out: the checksum of a small file tells what is in it.
///
/// # Errors
/// When a file cannot be read.
pub fn read_inputs(root: &Path) -> Result<Inputs> {
    let (mut files, register) = (BTreeMap::new(), std::cell::Cell::new(false));
    let skip = |name: &str| {
        register.set(register.get() || name == "register");
        name == "register"
    };
    for folder in ["data", "templates"] {
        hash(&root.join(folder), folder, &mut files, &skip)?;
    }
    Ok(Inputs { files, register: register.get() })
}

impl Inputs {
    /// One checksum for the inputs and the tools together; every PDF carries it.
    #[must_use]
    pub fn fingerprint(&self, typst: &Typst) -> String {
        let mut digest = Sha256::new();
        for (path, sum) in &self.files {
            digest.update(format!("{path}\0{sum}\n"));
        }
        for (tool, version) in tools(typst) {
            digest.update(format!("{tool}\0{version}\n"));
        }
        hex(&digest.finalize())
    }

    /// Whether a confidential register is among them.
    #[must_use]
    pub fn has_register(&self) -> bool {
        self.register
    }
}

fn tools(typst: &Typst) -> BTreeMap<String, String> {
    let tools = [("tipbrief", env!("CARGO_PKG_VERSION")), ("typst", typst.version.as_str())];
    tools.map(|(tool, version)| (tool.to_owned(), version.to_owned())).into()
}

/// The outputs, if the manifest on disk names these inputs and tools and every file is as it says.
pub(super) fn intact(output: &Path, inputs: &Inputs, typst: &Typst) -> Option<Vec<String>> {
    let stated: Manifest = serde_json::from_slice(&fs::read(output.join("manifest.json")).ok()?).ok()?;
    let found = Manifest { inputs: inputs.files.clone(), tools: tools(typst), outputs: outputs(output).ok()? };
    (stated == found && !found.outputs.is_empty()).then(|| found.outputs.into_keys().collect())
}

/// In what `output/` and the inputs differ from what the manifest says, a line each.
///
/// # Errors
/// When there is no manifest to go by, or a file cannot be read.
pub fn differences(root: &Path) -> Result<Vec<String>> {
    let path = root.join("output/manifest.json");
    let bytes = fs::read(&path).context("there is no `output/manifest.json`; `tipbrief build` writes it")?;
    let stated: Manifest = serde_json::from_slice(&bytes).context("`output/manifest.json` cannot be read")?;
    let mut differences = compared("output/", &stated.outputs, &outputs(&root.join("output"))?);
    differences.extend(compared("", &stated.inputs, &read_inputs(root)?.files));
    Ok(differences)
}

fn compared(prefix: &str, stated: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = stated.keys().chain(found.keys()).collect();
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
    let stated = fs::read(output.join("manifest.json")).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let Some(stated): Option<Manifest> = stated else { return false };
    stated.inputs == inputs.files && outputs(output).is_ok_and(|found| found == stated.outputs)
}

fn outputs(output: &Path) -> Result<BTreeMap<String, String>> {
    let mut outputs = BTreeMap::new();
    hash(output, "", &mut outputs, &|name: &str| name.starts_with('.') || name == "manifest.json")?;
    Ok(outputs)
}

pub(super) fn write(output: &Path, inputs: &Inputs, typst: &Typst) -> Result<()> {
    let manifest = Manifest { inputs: inputs.files.clone(), tools: tools(typst), outputs: outputs(output)? };
    let mut json = serde_json::to_vec_pretty(&manifest)?;
    json.push(b'\n');
    let fresh = output.join(".manifest.json");
    fs::write(&fresh, json).with_context(|| format!("cannot write `{}`", fresh.display()))?;
    fs::rename(&fresh, output.join("manifest.json")).context("cannot replace `output/manifest.json`")
}

fn hash(folder: &Path, prefix: &str, sums: &mut BTreeMap<String, String>, skip: &impl Fn(&str) -> bool) -> Result<()> {
    let context = || format!("cannot read `{}`", folder.display());
    for entry in fs::read_dir(folder).with_context(context)? {
        let entry = entry.with_context(context)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if skip(&name) || name.starts_with('.') {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            // A link to a folder above would be walked for ever.
            let above = |target: std::path::PathBuf| folder.canonicalize().is_ok_and(|here| here.starts_with(target));
            if !entry.path().canonicalize().is_ok_and(above) {
                hash(&entry.path(), &path, sums, skip)?;
            }
        } else {
            let bytes = fs::read(entry.path()).with_context(|| format!("cannot read `{path}`"))?;
            sums.insert(path, hex(&Sha256::digest(&bytes)));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
