//! A set: the outputs that are published together. It is a country's folder with its documents, drawings, tables and figures,
//! or a single file at the top of `output/`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::checksum::sum;
use super::commit::FRESH;
use super::manifest::{self, Sums};
use super::own_file::write_new;
use super::paths::{Files, name};
use super::stamp::Kept;
use super::workplace::{Workplace, clear};
use super::{figures, tables};
use crate::diagnostic::bug::{Stage, point};
use crate::disclosure::protect::CountryRelease;
use crate::document::typeset::SetDocument;
use crate::project::Project;
use crate::project::country::Country;

/// A complete part of `output/`, already in place or prepared to be moved there.
pub struct Set {
    /// Its name at the top of `output/`: a country, or a folder or file shared by all countries.
    pub part: String,
    /// Its documents, by path below `output/`, and how they were made.
    pub documents: Vec<(String, Kept)>,
    /// The paths of its files below `output/`, and whether each is unchanged; `None` for a new file.
    pub files: BTreeMap<String, Option<bool>>,
    /// Whether all of them are unchanged, and there are no other files.
    pub unchanged: bool,
    /// The checksums of its files, by path below `output/`.
    pub(super) sums: Sums,
    /// Folders in it that this build did not touch.
    pub(super) carried: BTreeSet<String>,
}

impl Set {
    /// A part with these files, compared with the files in place.
    pub(super) fn new(place: &Workplace, part: &str, sums: Sums, documents: Vec<(String, Kept)>) -> Self {
        let there = manifest::found(part, &place.output().join(part)).unwrap_or_default();
        let same = |(path, sum): (&String, &String)| (path.clone(), there.get(path).map(|there| there == sum));
        let (files, unchanged) = (sums.iter().map(same).collect(), there == sums);
        Self { part: part.to_owned(), documents, files, unchanged, sums, carried: BTreeSet::new() }
    }
}

/// Prepares a country's folder from its documents, unless the same folder is already in place.
///
/// # Errors
/// When writing fails; then nothing published has changed.
pub fn prepare(
    place: &Workplace,
    country: &Country,
    released: &CountryRelease,
    project: &Project,
    made: Vec<(SetDocument, Kept)>,
) -> Result<Set> {
    point(Stage::Publish, &country.iso3);
    let documents: Vec<&SetDocument> = made.iter().map(|(document, _)| document).collect();
    let mut files = tables::files(released, project, country)?;
    files.insert("figures.json".to_owned(), figures::json(released, project, &documents)?.into());
    for document in &documents {
        files.insert(name(document), Cow::Borrowed(&document.pdf));
        for (name, picture) in &document.pictures {
            files.insert(format!("{}/{name}", document.language), Cow::Borrowed(picture));
        }
        for figure in document.figures.iter().filter(|figure| !figure.id.ends_with("-strip")) {
            // The first document that draws a chart publishes it.
            let path = format!("{}/figures/{}.svg", document.language, figure.id);
            files.entry(path).or_insert(Cow::Borrowed(figure.drawing.svg.as_bytes()));
        }
    }
    let below = |path: &str| format!("{}/{path}", country.iso3);
    let sums: Sums = files.iter().map(|(path, bytes)| (below(path), sum(bytes))).collect();
    let mut set = Set::new(place, &country.iso3, sums, Vec::new());
    if !set.unchanged {
        write_all(&place.folder().join(FRESH).join(&country.iso3), &files)?;
    }
    drop(files);
    set.documents = made.into_iter().map(|(document, kept)| (below(&name(&document)), kept)).collect();
    Ok(set)
}

/// Prepares a file at the top of `output/`, unless the same file is already in place.
///
/// # Errors
/// When writing fails.
pub(super) fn file(place: &Workplace, name: &str, bytes: &[u8]) -> Result<Set> {
    let set = Set::new(place, name, Sums::from([(name.to_owned(), sum(bytes))]), Vec::new());
    if !set.unchanged {
        write(&place.folder().join(FRESH).join(name), bytes)?;
    }
    Ok(set)
}

fn write_all(folder: &Path, files: &Files<'_>) -> Result<()> {
    clear(folder).with_context(|| format!("cannot clear `{}`", folder.display()))?;
    files.iter().try_for_each(|(path, bytes)| write(&folder.join(path), bytes))
}

/// Writes a file, and its folder where there is none.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).with_context(|| format!("cannot create `{}`", parent.display()))?;
    write_new(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}
