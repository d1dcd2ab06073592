//! Creates an empty country: its declarations, the labels of its tables, and a guide in each file of prose. `series` writes a whole
//! project, `workbook` makes tables workbooks to fill in, and `upgrade` changes a project to the present format.

mod guides;
pub mod series;
pub mod upgrade;
pub mod workbook;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::delivery::publish::csv_text;
use crate::project::Project;
use crate::project::country::Country;
use crate::project::iso3166;
use crate::project::reference::{File, schema};
use crate::snapshots::revision::{self, IGNORE};
use workbook::convert::Kept;

/// The declarations of a country, to be filled in.
const COUNTRY: &str = include_str!("country.toml");

/// The country is there already; nothing was written.
#[derive(Debug)]
pub struct Exists(String);

impl std::fmt::Display for Exists {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is there already; nothing was written", self.0)
    }
}

impl std::error::Error for Exists {}

/// Why a project is not written or changed; nothing was.
#[derive(Debug)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Writes the folder of a country that is not there yet, whole or not at all. Returns the paths written.
///
/// # Errors
/// [`Exists`]; the code is not that of a country; or writing fails.
pub fn init(project: &Project, iso3: &str, tables: Kept) -> Result<Vec<PathBuf>> {
    ensure!(iso3166::is_country(iso3), "`{iso3}` is not a country of ISO 3166-1");
    let inside = format!("data/countries/{iso3}");
    let folder = project.root.join(&inside);
    if fs::symlink_metadata(&folder).is_ok() {
        return Err(Exists(inside).into());
    }
    // Hidden, so that nothing reads it as a country before it is complete.
    let fresh = project.root.join(format!("data/countries/.{iso3}"));
    if fresh.exists() {
        fs::remove_dir_all(&fresh).with_context(|| format!("cannot clear `{}`", fresh.display()))?;
    }
    let files = files(project, iso3, tables)?;
    for (path, bytes) in &files {
        write(&fresh.join(path), bytes)?;
    }
    let ignore = keep_out(&project.root, &inside)?;
    fs::rename(&fresh, &folder).with_context(|| format!("cannot create `{inside}`"))?;
    Ok(files.into_iter().map(|(path, _)| folder.join(path)).chain(ignore).collect())
}

/// Keeps the country's register out of Git before there is one, unless it is kept out already.
fn keep_out(root: &Path, inside: &str) -> Result<Option<PathBuf>> {
    let path = root.join(".gitignore");
    let mut text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    };
    let stands = || text.split(|byte| *byte == b'\n').any(|line| line.trim_ascii() == IGNORE.as_bytes());
    let ignored = |folder: &str| revision::ignores(root, &format!("{inside}/{folder}/rows.csv"));
    if ["register", "imports/register"].iter().all(|folder| ignored(folder).unwrap_or_else(stands)) {
        return Ok(None);
    }
    if text.last().is_some_and(|byte| *byte != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(IGNORE.as_bytes());
    text.push(b'\n');
    fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(Some(path))
}

/// Every file by its path from the country's folder, with its bytes.
fn files(project: &Project, iso3: &str, tables: Kept) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = vec![("country.toml".to_owned(), declared(project, iso3).into_bytes())];
    let country = Country { iso3: iso3.to_owned(), name: name(project, iso3).to_owned(), ..Country::nowhere() };
    for schema in &project.schemas {
        let bytes = match tables {
            Kept::Csv => csv_text([workbook::labels(schema, false)])?.into_bytes(),
            Kept::Workbook => workbook::empty(project, &country, schema)?,
        };
        files.push((format!("{}{}", schema.name, tables.ending()), bytes));
    }
    // In the oldest format a guide keeps the documents of a language from being built.
    let languages = if project.report.format.is_filled() { project.texts.len() } else { 1 };
    for text in project.texts.iter().take(languages) {
        for (place, guide) in guides::guides(project) {
            files.push((format!("narrative/{}/{place}.typ", text.language), guide.into_bytes()));
        }
    }
    Ok(files)
}

/// The declarations of the country, with its name or a gap to fill in.
fn declared(project: &Project, iso3: &str) -> String {
    let path = format!("data/countries/{iso3}/country.toml");
    // Where no schema is, there is nothing to name.
    let known = project.root.join(File::Country.path()).is_file();
    let line = if known { File::Country.line(&path) } else { String::new() };
    line + &COUNTRY.replace("{name}", name(project, iso3))
}

/// Every schema for editors that a project lacks or has otherwise, by path.
fn schemas(root: &Path) -> impl Iterator<Item = (String, String)> {
    let made = File::ALL.iter().map(|file| (file.path(), schema(*file)));
    made.filter(|(path, text)| !fs::read(root.join(path)).is_ok_and(|own| own == text.as_bytes()))
}

/// The first schema of a project that is not the one of this program.
pub fn stale_schema(root: &Path) -> Option<String> {
    schemas(root).map(|(path, _)| path).find(|path| root.join(path).is_file())
}

/// The name of the country in the default language; empty where it has none.
fn name<'p>(project: &'p Project, iso3: &'p str) -> &'p str {
    project.texts.first().map(|text| text.country(iso3)).filter(|name| *name != iso3).unwrap_or_default()
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    let folder = path.parent().context("a file without a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}
