//! What is published of one country: its documents, drawings, tables and figures, as the folder that they will be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::commit::FRESH;
use super::manifest::{self, Sums};
use super::stamp::Kept;
use super::workplace::{Workplace, clear};
use super::{figures, tables};
use crate::country::Country;
use crate::project::{Edition, Project};
use crate::protect::CountryRelease;
use crate::typeset::Document;

/// The bytes of files by path below the country's folder.
pub(super) type Files<'d> = BTreeMap<String, Cow<'d, [u8]>>;

/// The picture of a first page, beside its document.
pub(super) const COVER: &str = "cover.png";

/// A country's folder that is whole, in its place already or ready to be put there.
pub struct Set {
    /// The country.
    pub country: String,
    /// Its documents, by path below `output/`, and how they were made.
    pub documents: Vec<(String, Kept)>,
    /// The paths of its files below `output/`, and whether each is as it was; none where it is new.
    pub files: BTreeMap<String, Option<bool>>,
    /// Whether all of it is, and nothing stands there besides.
    pub unchanged: bool,
    /// The checksums of its files, by path below `output/`.
    pub(super) sums: Sums,
}

/// Lays a country's folder ready, made out of its documents, unless that is what stands in its place.
///
/// # Errors
/// When the disk refuses; nothing that is published has changed then.
pub fn prepare(
    place: &Workplace,
    country: &Country,
    released: &CountryRelease,
    project: &Project,
    made: Vec<(Document, Kept)>,
) -> Result<Set> {
    let documents: Vec<&Document> = made.iter().map(|(document, _)| document).collect();
    let mut files = tables::files(released, project, country)?;
    files.insert("figures.json".to_owned(), figures::json(released, project, &documents)?.into());
    for document in &documents {
        files.insert(name(document), Cow::Borrowed(&document.pdf));
        if let Some(cover) = &document.cover {
            files.insert(format!("{}/{COVER}", document.language), Cow::Borrowed(cover));
        }
        for figure in document.figures.iter().filter(|figure| !figure.id.ends_with("-strip")) {
            // The first edition that draws a chart publishes it.
            let path = format!("{}/figures/{}.svg", document.language, figure.id);
            files.entry(path).or_insert(Cow::Borrowed(figure.svg.as_bytes()));
        }
    }
    let below = |path: &str| format!("{}/{path}", country.iso3);
    let sums: Sums = files.iter().map(|(path, bytes)| (below(path), manifest::sum(bytes))).collect();
    let there = manifest::found(&country.iso3, &place.output().join(&country.iso3)).unwrap_or_default();
    if there != sums {
        write_all(&place.folder().join(FRESH).join(&country.iso3), &files)?;
    }
    drop(files);
    let documents = made.into_iter().map(|(document, kept)| (below(&name(&document)), kept)).collect();
    let files = sums.iter().map(|(path, sum)| (path.clone(), there.get(path).map(|there| there == sum))).collect();
    let unchanged = there == sums;
    Ok(Set { country: country.iso3.clone(), documents, files, unchanged, sums })
}

/// The path of a document below `output/`.
#[must_use]
pub fn path(edition: Edition<'_>) -> String {
    format!("{}/{}/{}.pdf", edition.country.iso3, edition.text.language, edition.kind.id)
}

/// The path of a document below its country's folder.
pub(super) fn name(document: &Document) -> String {
    format!("{}/{}.pdf", document.language, document.edition)
}

fn write_all(folder: &Path, files: &Files<'_>) -> Result<()> {
    clear(folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    for (path, bytes) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
        fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}
