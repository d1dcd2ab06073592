//! Files, data package and checksums in `output/`: a country's folder is replaced whole or not at all.

mod artefacts;
mod figures;
mod ledger;
mod manifest;
mod printed;
mod stamp;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::protect::Release;
use crate::typeset::{Document, Typst, work_folder};

pub use artefacts::disclosing;
pub use ledger::{Released, correct, edition, release};
pub use manifest::{Inputs, differences, read_inputs};
pub use printed::{Printed, printed};
pub use stamp::unchanged;

/// Writes the documents of every country that has all of them, its tables and its figures; then the manifest.
/// Returns the paths written.
///
/// # Errors
/// When the disk refuses; what stood in `output/` before is then still whole.
pub fn publish(
    documents: &[Document],
    release: &Release,
    project: &Project,
    inputs: &Inputs,
    typst: &Typst,
) -> Result<Vec<PathBuf>> {
    let output = project.root.join("output");
    fs::create_dir_all(&output).with_context(|| format!("cannot create `{}`", output.display()))?;
    stamp::remove(&output);
    let mut written = Vec::new();
    let mut whole = true;
    for country in &project.countries {
        let own: Vec<&Document> = documents.iter().filter(|document| document.country == country.iso3).collect();
        let expected = project.texts.len() * project.report.editions.len();
        let Some(released) = release.country(&country.iso3).filter(|_| own.len() == expected) else {
            whole = false;
            continue;
        };
        let fresh = work_folder(&project.root).join(format!("new-{}", country.iso3));
        start_over(&fresh)?;
        for document in &own {
            let folder = fresh.join(&document.language);
            write(&folder.join(format!("{}.pdf", document.edition)), &document.pdf)?;
            if let Some(cover) = &document.cover {
                write(&folder.join("cover.png"), cover)?;
            }
            for figure in document.figures.iter().filter(|figure| !figure.id.ends_with("-strip")) {
                let path = folder.join("figures").join(format!("{}.svg", figure.id));
                // The first edition that draws a chart publishes it.
                if !path.exists() {
                    write(&path, figure.svg.as_bytes())?;
                }
            }
        }
        tables::write_all(&fresh.join("tables"), released, project, country)?;
        write(&fresh.join("figures.json"), &figures::json(released, project, &own)?)?;
        swap(&fresh, &output.join(&country.iso3), &work_folder(&project.root).join(format!("old-{}", country.iso3)))?;
        for document in own {
            written.push(output.join(&country.iso3).join(&document.language).join(format!("{}.pdf", document.edition)));
        }
    }
    manifest::write(&output, inputs, typst)?;
    if whole {
        stamp::write(&output)?;
    }
    let work = work_folder(&project.root);
    if work.exists() {
        fs::remove_dir_all(&work).with_context(|| format!("cannot clear `{}`", work.display()))?;
    }
    Ok(written)
}

/// Puts a finished folder in the place of the old one.
fn swap(fresh: &Path, place: &Path, old: &Path) -> Result<()> {
    let context = || format!("cannot replace `{}`", place.display());
    if old.exists() {
        fs::remove_dir_all(old).with_context(context)?;
    }
    if place.exists() {
        fs::rename(place, old).with_context(context)?;
    }
    if let Err(error) = fs::rename(fresh, place) {
        // The old set goes back to its place before anything is said.
        if old.exists() {
            fs::rename(old, place).with_context(context)?;
        }
        return Err(error).with_context(context);
    }
    Ok(())
}

fn start_over(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}
