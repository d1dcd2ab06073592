//! Keeps a copy of `output/` as a snapshot: a folder in `data/snapshots/`, with which a later build is compared.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::manifest::differences_of_outputs;
use super::workplace::clear;
use crate::project::{Project, SNAPSHOTS};
use crate::snapshots::record::{self, FILES};

/// The result.
#[derive(Debug, Default)]
pub struct Kept {
    /// What blocks it; then nothing was written.
    pub refused: Vec<String>,
    /// The folders of the countries, from the root.
    pub paths: Vec<PathBuf>,
}

/// Copies the files of a snapshot for each country, all of them or none. An existing snapshot is never changed.
///
/// # Errors
/// When there is no manifest in `output/`, or writing fails.
pub fn keep(project: &Project, name: &str) -> Result<Kept> {
    let output = project.root.join("output");
    let built = |country: &&str| output.join(country).is_dir();
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).filter(built).collect();
    let refused = refused(project, name, &countries)?;
    if !refused.is_empty() {
        return Ok(Kept { refused, paths: Vec::new() });
    }
    let (fresh, folder) = (project.root.join(SNAPSHOTS).join(".fresh"), project.root.join(SNAPSHOTS).join(name));
    clear(&fresh).with_context(|| format!("cannot clear `{}`", fresh.display()))?;
    countries.iter().try_for_each(|country| copy(&output.join(country), &fresh.join(country)))?;
    fs::rename(&fresh, &folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let paths = countries.iter().map(|country| Path::new(SNAPSHOTS).join(name).join(country)).collect();
    Ok(Kept { refused: Vec::new(), paths })
}

/// Why it cannot be kept: the name is taken, `output/` was changed after the build, or it contains drafts.
fn refused(project: &Project, name: &str, countries: &[&str]) -> Result<Vec<String>> {
    let place = Path::new(SNAPSHOTS).join(name);
    if fs::symlink_metadata(project.root.join(&place)).is_ok() {
        return Ok(vec![format!("`{}` exists already; choose another name, or remove it first", place.display())]);
    }
    if countries.is_empty() {
        return Ok(vec!["`output/` contains no country; run `tipbrief build`".to_owned()]);
    }
    let mut refused = differences_of_outputs(&project.root)?;
    for country in countries.iter().filter(|_| refused.is_empty()).collect::<Vec<_>>() {
        if record::holds_unreleased(project, &project.root.join("output").join(country))? {
            let why = "its documents are drafts with unreleased numbers of a register";
            refused.push(format!("{country}: {why}; release them with `tipbrief release NAME`, then build again"));
        }
    }
    Ok(refused)
}

fn copy(country: &Path, place: &Path) -> Result<()> {
    for file in FILES {
        let (from, to) = (country.join(file), place.join(file));
        let folder = to.parent().unwrap_or(place);
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy `{}`", from.display()))?;
    }
    Ok(())
}
