//! The mappings of a project and their delivered files: where they lie, and which of them are there.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::entry::{Root, empty};
use super::schemas::schemas;
use super::table_files::{stem, table_file};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::country::Country;
use crate::project::imports::{Delivered, Lying, Mapping};
use crate::project::iso3166;
use crate::project::schema::Schema;

/// The folder of mappings that may feed any country.
pub(super) const FOLDER: &str = "data/imports";
pub(super) const COUNTRIES: &str = "data/countries";

/// A mapping and its files.
#[derive(Debug)]
pub struct Mapped {
    /// The mapping.
    pub mapping: Mapping,
    /// For each of its files its path from the root; none for one that is not there or may not be read.
    pub paths: Vec<Option<String>>,
    /// What is wrong with it. Which countries that stops is known once its files are read.
    pub found: Vec<Diagnostic>,
    /// Where rows lie that were kept of its files, from the root, if one of these is not there.
    pub kept: Option<String>,
}

impl Mapped {
    /// A fault for each file that is not there.
    #[must_use]
    pub fn missing(&self) -> Vec<Diagnostic> {
        let files = self.mapping.files.iter().zip(&self.paths).filter(|(_, path)| path.is_none());
        let mut faults: Vec<Diagnostic> = files.map(|(file, _)| absent(&self.mapping, file)).collect();
        if let Some(kept) = &self.kept {
            let unlike = Span::start_of(&empty(kept, self.mapping.country.as_deref()));
            let why = "these rows were kept of other files, by another mapping, or were changed since";
            faults = faults.into_iter().map(|fault| fault.second(unlike.clone(), why)).collect();
        }
        faults
    }
}

/// What an import needs of a project, and nothing else.
#[derive(Debug)]
pub struct Imports {
    /// The schemas.
    pub schemas: Vec<Schema>,
    /// The countries, with their sources as their only table.
    pub countries: Vec<Country>,
    /// The mappings.
    pub mappings: Vec<Mapped>,
}

impl Imports {
    /// Reads the mapping of that id, with the schemas and the sources of the countries, whatever else the project lacks.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn of(root: &Path, id: &str, diagnostics: &mut Diagnostics) -> Result<Self> {
        let folders = Root::of(root, super::filled::format(root, diagnostics)?);
        let schemas = schemas(folders, diagnostics)?;
        let mut countries = Vec::new();
        for iso3 in folders_of_countries(folders)? {
            countries.push(with_sources(folders, &iso3, &schemas)?);
        }
        let own: Vec<Lying> = lying(folders, &countries)?.into_iter().filter(|lying| lying.id == id).collect();
        let mappings = mapped(folders, own, &schemas)?;
        let found = mappings.iter().flat_map(|mapped| &mapped.found);
        found.for_each(|found| diagnostics.push(found.clone()));
        Ok(Self { schemas, countries, mappings })
    }
}

/// Reads every mapping of a project.
pub(super) fn all(root: Root<'_>, countries: &[Country], schemas: &[Schema]) -> Result<Vec<Mapped>> {
    mapped(root, lying(root, countries)?, schemas)
}

/// Reads mappings and finds their files. Two mappings of one id are a fault.
fn mapped(root: Root<'_>, lying: Vec<Lying>, schemas: &[Schema]) -> Result<Vec<Mapped>> {
    let mut mappings: Vec<Mapped> = Vec::new();
    for lying in lying {
        let mut found = Diagnostics::default();
        let path = format!("{}/{}.toml", lying.folder, lying.id);
        let source = root.read(&path, lying.country.as_deref(), &mut found)?;
        if let Some(other) = mappings.iter().find(|other| other.mapping.id == lying.id) {
            let message = format!("there is another mapping `{}`: `{}`", lying.id, other.mapping.source.path);
            let fault = Diagnostic::error(Code::NameMismatch, Span::start_of(&source), message);
            found.push(fault.hint("rename one of the two"));
        }
        let mapping = Mapping::parse(lying, &source, schemas, &mut found);
        let kept = kept(root, &mapping);
        let paths = paths(root, &mapping, kept.is_some(), &mut found);
        let kept = kept.filter(|_| paths.contains(&None));
        mappings.push(Mapped { mapping, paths, kept, found: found.into_list() });
    }
    Ok(mappings)
}

/// Where every mapping lies.
fn lying(root: Root<'_>, countries: &[Country]) -> Result<Vec<Lying>> {
    let mut found = in_folder(root, FOLDER, None)?;
    for country in countries {
        let folder = format!("{COUNTRIES}/{}/imports", country.iso3);
        found.extend(in_folder(root, &folder, Some(&country.iso3))?);
        found.extend(in_folder(root, &format!("{folder}/register"), Some(&country.iso3))?);
    }
    Ok(found)
}

fn in_folder(root: Root<'_>, folder: &str, country: Option<&str>) -> Result<Vec<Lying>> {
    if !root.path.join(folder).is_dir() {
        return Ok(Vec::new());
    }
    // What else lies there is reported where the whole project is read.
    let entries = root.list(folder, &mut Diagnostics::default())?;
    let lying =
        |name: &str| Lying { id: name.to_owned(), folder: folder.to_owned(), country: country.map(str::to_owned) };
    let mappings = entries.iter().filter(|entry| !entry.is_folder);
    Ok(mappings.filter_map(|entry| entry.name.strip_suffix(".toml").map(lying)).collect())
}

fn folders_of_countries(root: Root<'_>) -> Result<Vec<String>> {
    if !root.path.join(COUNTRIES).is_dir() {
        return Ok(Vec::new());
    }
    let entries = root.list(COUNTRIES, &mut Diagnostics::default())?;
    Ok(entries
        .into_iter()
        .filter(|entry| entry.is_folder && iso3166::is_country(&entry.name))
        .map(|e| e.name)
        .collect())
}

/// A country with its sources as its only table. What is wrong with it is no matter of an import.
fn with_sources(root: Root<'_>, iso3: &str, schemas: &[Schema]) -> Result<Country> {
    let (base, mut aside) = (format!("{COUNTRIES}/{iso3}"), Diagnostics::default());
    let declared = root.read_or_missing(&format!("{base}/country.toml"), Some(iso3), &mut aside)?;
    let mut country = Country::parse(iso3, &declared, &mut aside);
    let sources = root.list(&base, &mut aside)?.into_iter();
    let sources = sources.filter(|entry| !entry.is_folder && stem(&entry.name) == Some("sources"));
    for entry in sources {
        let path = format!("{base}/{}", entry.name);
        country.tables.extend(table_file(&entry, path, false, iso3, schemas, &mut aside));
    }
    Ok(country)
}

/// The file of rows that were kept, if there is one.
fn kept(root: Root<'_>, mapping: &Mapping) -> Option<String> {
    let path = mapping.kept();
    let real = root.path.join(&path).canonicalize().ok().filter(|path| path.is_file())?;
    let folder = root.path.join(&mapping.folder).canonicalize().ok()?;
    let own = path.strip_prefix(&mapping.folder)?.trim_start_matches('/');
    (real == folder.join(own)).then_some(path)
}

/// The files of a mapping that are there. Confidential ones may all be absent: then their numbers come from the ledger.
/// Whether kept rows stand in for others is known once these are read.
fn paths(root: Root<'_>, mapping: &Mapping, kept: bool, diagnostics: &mut Diagnostics) -> Vec<Option<String>> {
    let found: Vec<Result<String, Unread>> = mapping.files.iter().map(|file| path(root, mapping, file)).collect();
    let confidential = || mapping.files.iter().zip(&found).filter(|(file, _)| file.confidential);
    let all_absent = confidential().all(|(_, path)| matches!(path, Err(Unread::Absent)));
    for (file, path) in mapping.files.iter().zip(&found) {
        match path {
            Err(Unread::Absent) if !(kept || file.confidential && all_absent) => {
                diagnostics.push(absent(mapping, file));
            }
            Err(Unread::Unsafe(why)) => {
                let message = format!("`{}` is not read: {why}", file.path.value);
                let fault = Diagnostic::error(Code::PathError, file.path.span.clone(), message);
                diagnostics.push(fault.hint("put the file itself into the folder of the mapping"));
            }
            _ => {}
        }
    }
    found.into_iter().map(Result::ok).collect()
}

/// Why a file is not read.
enum Unread {
    Absent,
    Unsafe(&'static str),
    /// Its path is a fault already.
    Told,
}

fn path(root: Root<'_>, mapping: &Mapping, file: &Delivered) -> Result<String, Unread> {
    if !file.is_plain(mapping.country.is_some()) {
        return Err(Unread::Told);
    }
    let folder = root.path.join(&mapping.folder);
    let target = folder.join(&file.path.value);
    if target.symlink_metadata().is_err() {
        return Err(Unread::Absent);
    }
    let real = |path: &PathBuf| path.canonicalize().map_err(|_| Unread::Unsafe("it leads nowhere"));
    let (real_folder, real_target) = (real(&folder)?, real(&target)?);
    if !real_target.starts_with(&real_folder) {
        return Err(Unread::Unsafe("it leads out of the folder of the mapping"));
    }
    if real_target != real_folder.join(&file.path.value) && real_target.starts_with(real_folder.join("register")) {
        return Err(Unread::Unsafe("it leads into a register"));
    }
    if !real_target.is_file() {
        return Err(Unread::Unsafe("it is no file"));
    }
    Ok(format!("{}/{}", mapping.folder, file.path.value))
}

fn absent(mapping: &Mapping, file: &Delivered) -> Diagnostic {
    let message = format!("`{}` is not there", file.path.value);
    let fault = Diagnostic::error(Code::MissingFile, file.path.span.clone(), message);
    let path = format!("{}/{}", mapping.folder, file.path.value);
    let there = Span::start_of(&empty(&path, mapping.country.as_deref()));
    fault.hint(format!("put it at `{path}`, or delete its [[file]]")).second(there, "it is expected here")
}
