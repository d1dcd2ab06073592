//! Writes a new project: its declarations, its indicators, a folder for each country, and what a repository of it needs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::workbook::convert::Kept;
use super::{Refused, files, schemas, write};
use crate::diagnostic::Diagnostics;
use crate::project::format::Format;
use crate::project::reference::File;
use crate::project::{Project, carried};

const REPORT_PATH: &str = "data/report.toml";
const REPORT: &str = include_str!("series/report.toml");
const IGNORED: &str = include_str!("series/gitignore");
const WORKFLOW: &str = include_str!("series/briefs.yml");
const OFFICERS: &str = include_str!("series/README.md");
/// How tables are filled in, for officers.
const IN_WORKBOOKS: &str = include_str!("series/workbooks.md");
const IN_CSV: &str = include_str!("series/csv.md");

/// Where a project is laid out before it is moved into its place.
const STAGED: &str = ".new";
/// What makes a folder a project; it is moved last.
const DATA: &str = "data";

/// What a new project is to hold.
pub struct Wish {
    /// Its countries, by alpha-3 code.
    pub countries: Vec<String>,
    /// Its languages, the default first.
    pub languages: Vec<String>,
    /// Its issue.
    pub issue: String,
    /// As what its tables are kept.
    pub tables: Kept,
}

/// Writes a project into a folder that is not there yet or is empty, whole or not at all.
///
/// # Errors
/// [`Refused`], with nothing written; or writing fails.
pub fn create(place: &Path, wish: &Wish) -> Result<()> {
    unused(place)?;
    // Those that are made now, the innermost first.
    let fresh: Vec<PathBuf> = place.ancestors().take_while(|folder| !is_there(folder)).map(Path::to_owned).collect();
    fs::create_dir_all(place).with_context(|| format!("cannot create `{}`", place.display()))?;
    let staged = place.join(STAGED);
    let laid = lay(&staged, wish).and_then(|()| settle(&staged, place));
    if laid.is_err() {
        // What cannot be taken away is named by the next attempt.
        let _ = fs::remove_dir_all(&staged);
        fresh.iter().all(|folder| fs::remove_dir(folder).is_ok());
    }
    laid
}

/// The empty path is that of the folder one is in.
fn is_there(folder: &Path) -> bool {
    folder.as_os_str().is_empty() || fs::symlink_metadata(folder).is_ok()
}

/// Refuses a place that something is in already.
fn unused(place: &Path) -> Result<()> {
    let refused = |why: String| {
        let hint = "name a folder that is not there yet, or empty this one";
        Err(Refused(format!("`{}` {why}; nothing was written\n  = hint: {hint}", place.display())).into())
    };
    if !is_there(place) {
        return Ok(());
    }
    if !place.is_dir() {
        return refused("is there already, and is no folder".to_owned());
    }
    let mut inside = fs::read_dir(place).with_context(|| format!("cannot read `{}`", place.display()))?;
    match inside.next().transpose()? {
        Some(first) => refused(format!("is not empty: it holds `{}`", first.file_name().to_string_lossy())),
        None => Ok(()),
    }
}

/// Lays a project out.
fn lay(staged: &Path, wish: &Wish) -> Result<()> {
    let languages: Vec<String> = wish.languages.iter().map(|language| format!("\"{language}\"")).collect();
    let report = REPORT.replace("{format}", Format::PRESENT.name()).replace("{issue}", &wish.issue);
    let report = File::Report.line(REPORT_PATH) + &report.replace("{languages}", &languages.join(", "));
    write(&staged.join(REPORT_PATH), &report)?;
    for (path, text) in schemas(staged) {
        write(&staged.join(path), &text)?;
    }
    for (path, bytes) in carried::files().iter().filter(|(path, _)| path.starts_with(carried::INDICATORS)) {
        write(&staged.join(path), bytes)?;
    }
    let mut found = Diagnostics::default();
    let project = Project::load_before_first_country(staged, &mut found)?;
    let mut names = Vec::new();
    for iso3 in &wish.countries {
        let name = project.texts.first().map(|text| text.country(iso3)).filter(|name| name != iso3);
        let unnamed = || {
            let hint = format!("begin with another country, then run `tipbrief init {iso3}` and write its name");
            Refused(format!("there is no name for `{iso3}` to print; nothing was written\n  = hint: {hint}"))
        };
        names.push(name.with_context(unnamed)?.to_owned());
        let folder = staged.join("data/countries").join(iso3);
        for (path, bytes) in files(&project, iso3, wish.tables)? {
            write(&folder.join(path), bytes)?;
        }
        let register = folder.join("register");
        fs::create_dir_all(&register).with_context(|| format!("cannot create `{}`", register.display()))?;
    }
    write(&staged.join(".gitignore"), IGNORED)?;
    write(&staged.join(".github/workflows/briefs.yml"), WORKFLOW.replace("{version}", env!("CARGO_PKG_VERSION")))?;
    let first = |list: &[String]| list.first().cloned().unwrap_or_default();
    let officers = OFFICERS.replace("{filling}", filling(wish.tables)).replace("{ending}", wish.tables.ending());
    let officers = officers.replace("{countries}", &names.join(", ")).replace("{country}", &first(&wish.countries));
    write(&staged.join("README.md"), officers.replace("{language}", &first(&wish.languages)))
}

/// How tables are filled in, as the page for officers tells it.
fn filling(tables: Kept) -> &'static str {
    match tables {
        Kept::Workbook => IN_WORKBOOKS,
        Kept::Csv => IN_CSV,
    }
    .trim_end()
}

/// Moves what was laid out into its place; what was moved goes again if something cannot be.
fn settle(staged: &Path, place: &Path) -> Result<()> {
    let entries = fs::read_dir(staged).with_context(|| format!("cannot read `{}`", staged.display()))?;
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<Result<Vec<_>>>()?;
    // A folder is a project as soon as it has its data, and has the rest by then.
    names.sort_by_key(|name| (*name == *DATA, name.clone()));
    ensure!(names.last().is_some_and(|name| *name == *DATA), "`{}` holds no `{DATA}`", staged.display());
    for (at, name) in names.iter().enumerate() {
        let Err(error) = fs::rename(staged.join(name), place.join(name)) else { continue };
        for moved in names.iter().take(at) {
            let _ = fs::rename(place.join(moved), staged.join(moved));
        }
        return Err(error).with_context(|| format!("cannot create `{}`", place.join(name).display()));
    }
    fs::remove_dir(staged).with_context(|| format!("cannot remove `{}`", staged.display()))
}
