//! `manifest.json`: which inputs and tools made which outputs, by sha256.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::typeset::Typst;

/// The checksums of everything a build reads, by path from the root.
pub struct Inputs(BTreeMap<String, String>);

#[derive(Serialize)]
struct Manifest<'m> {
    inputs: &'m BTreeMap<String, String>,
    tools: BTreeMap<&'static str, &'m str>,
    outputs: BTreeMap<String, String>,
}

/// Hashes `data/` and `templates/`. A register is left out: the checksum of a small file tells what is in it.
///
/// # Errors
/// When a file cannot be read.
pub fn read_inputs(root: &Path) -> Result<Inputs> {
    let mut files = BTreeMap::new();
    for folder in ["data", "templates"] {
        hash(&root.join(folder), folder, &mut files, &|name| name == "register")?;
    }
    Ok(Inputs(files))
}

impl Inputs {
    /// One checksum for the inputs and the tools together; every PDF carries it.
    #[must_use]
    pub fn fingerprint(&self, typst: &Typst) -> String {
        let mut digest = Sha256::new();
        for (path, sum) in &self.0 {
            digest.update(format!("{path}\0{sum}\n"));
        }
        for (tool, version) in tools(typst) {
            digest.update(format!("{tool}\0{version}\n"));
        }
        hex(&digest.finalize())
    }
}

fn tools(typst: &Typst) -> BTreeMap<&'static str, &str> {
    [("tipbrief", env!("CARGO_PKG_VERSION")), ("typst", typst.version.as_str())].into()
}

pub(super) fn write(output: &Path, inputs: &Inputs, typst: &Typst) -> Result<()> {
    let mut outputs = BTreeMap::new();
    let skip = |name: &str| name.starts_with('.') || name == "manifest.json";
    hash(output, "", &mut outputs, &skip)?;
    let manifest = Manifest { inputs: &inputs.0, tools: tools(typst), outputs };
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
            hash(&entry.path(), &path, sums, skip)?;
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
