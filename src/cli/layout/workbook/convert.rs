//! Puts workbooks in the place of the files that hold tables, or files of CSV in the place of workbooks. What is written is read back
//! before the old file goes: a table that would not come back cell for cell stays as it was.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::super::Refused;
use super::offers::{Ground, Reference};
use super::rows::Rows;
use super::{labels, named, table};
use crate::delivery::publish::{Change, codes_sheet, csv_text, replace_all, workbook};
use crate::diagnostic::Diagnostics;
use crate::project::Project;
use crate::project::country::{Country, TableFile};
use crate::project::schema::Schema;
use crate::snapshots::revision;
use crate::tables::ingest::{RawTable, further_sheets, ingest_bytes, ingest_table};

/// The endings of files that may hold a table.
const ENDINGS: [&str; 5] = [".csv", ".xlsx", ".ods", ".xls", ".xlsb"];
/// The most rows below the labels of a sheet, and the most letters of a cell.
const MOST_ROWS: usize = 1_048_575;
const MOST_LETTERS: usize = 32_767;

/// A table of a country.
#[derive(Clone, Copy)]
pub struct Asked<'p> {
    /// The country.
    pub country: &'p Country,
    /// The schema of the table.
    pub schema: &'p Schema,
    /// Whether it is a register.
    pub register: bool,
}

/// As what tables are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Workbooks to fill in.
    Workbook,
    /// CSV.
    Csv,
}

impl Kept {
    /// The ending of their files.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Workbook => ".xlsx",
            Self::Csv => ".csv",
        }
    }
}

impl From<bool> for Kept {
    /// Whether workbooks are asked for.
    fn from(workbooks: bool) -> Self {
        if workbooks { Self::Workbook } else { Self::Csv }
    }
}

/// What was done.
#[derive(Default)]
pub struct Converted {
    /// The files written.
    pub written: Vec<PathBuf>,
    /// The files that went, since others hold their rows now.
    pub removed: Vec<PathBuf>,
}

/// The change of one table: what is written, and the file that goes.
struct Turn {
    change: Change,
    goes: Option<PathBuf>,
}

impl Asked<'_> {
    fn folder(&self) -> String {
        let register = if self.register { "/register" } else { "" };
        format!("data/countries/{}{register}", self.country.iso3)
    }

    /// The file that holds the table, if there is one.
    fn file(&self) -> Result<Option<&TableFile>> {
        let own = |file: &&TableFile| file.table == self.schema.name && file.register == self.register;
        let mut files = self.country.tables.iter().filter(own);
        match (files.next(), files.next()) {
            (Some(one), Some(other)) => {
                let why = format!("the same table is in `{}` and `{}`", one.path, other.path);
                refused(&why, "delete one of the two")
            }
            (file, _) => Ok(file),
        }
    }
}

fn refused<T>(why: &str, hint: &str) -> Result<T> {
    Err(Refused(format!("{why}; nothing was written\n  = hint: {hint}")).into())
}

/// Writes every table that is asked for: all of them, or none.
///
/// # Errors
/// Faults in a table as it is written, which are in `diagnostics`; [`Refused`], with nothing written; or writing fails.
pub fn convert(project: &Project, asked: &[Asked<'_>], to: Kept, diagnostics: &mut Diagnostics) -> Result<Converted> {
    let turns = asked.iter().map(|asked| turn(project, asked, to, diagnostics)).collect::<Result<Vec<_>>>()?;
    let turns: Vec<Turn> = turns.into_iter().flatten().collect();
    diagnostics.conclude(())?;
    let (changes, goes): (Vec<Change>, Vec<Option<PathBuf>>) =
        turns.into_iter().map(|turn| (turn.change, turn.goes)).unzip();
    replace_all(&changes)?;
    let mut converted = Converted::default();
    for (change, goes) in changes.into_iter().zip(goes) {
        if let Some(old) = goes {
            if let Err(error) = fs::remove_file(&old) {
                // A table with two files would be an error: the old one stays, and the new one goes.
                let _ = fs::remove_file(&change.path);
                return Err(error).with_context(|| format!("cannot remove `{}`, so it stays", old.display()));
            }
            converted.removed.push(old);
        }
        converted.written.push(change.path);
    }
    Ok(converted)
}

/// The change of one table; none where it has faults, which are in `diagnostics`.
fn turn(project: &Project, asked: &Asked<'_>, to: Kept, diagnostics: &mut Diagnostics) -> Result<Option<Turn>> {
    let old = asked.file()?;
    if old.is_none() {
        unread(project, asked)?;
    }
    let usual = || format!("{}/{}{}", asked.folder(), asked.schema.name, to.ending());
    // An ending in capitals may be the same file.
    let path = old.map(|file| &file.path).filter(|path| path.to_ascii_lowercase().ends_with(to.ending()));
    let path = path.cloned().unwrap_or_else(usual);
    if asked.register {
        kept_out(project, asked, &path)?;
    }
    let before = old.map(|file| read(project, asked.country, file, diagnostics)).transpose()?;
    if diagnostics.failed() {
        return Ok(None);
    }
    let given = match before {
        Some(rows) => rows,
        None => Rows { labels: labels(asked.schema, asked.register), ..Rows::default() },
    };
    let bytes = match to {
        Kept::Csv => csv_text([&given.labels].into_iter().chain(&given.cells))?.into_bytes(),
        Kept::Workbook => {
            let references = references(project, asked)?;
            let ground = Ground { project, country: asked.country, schema: asked.schema, references: &references };
            fits(asked, &given)?;
            let book = table(&ground, given.clone(), asked.register);
            workbook(&book).with_context(|| format!("`{path}` cannot be made"))?
        }
    };
    same(asked, &path, &given, &bytes)?;
    let place = project.root.join(&path);
    let held = old.map(|file| project.root.join(&file.path));
    let there = held.as_ref().filter(|held| **held == place);
    let before = there.map(|held| fs::read(held).with_context(|| format!("cannot read `{path}`"))).transpose()?;
    let goes = held.clone().filter(|held| *held != place);
    Ok(Some(Turn { change: Change { path: place, before, after: bytes, like: goes.clone() }, goes }))
}

/// Refuses a table with a file that the project does not read, such as a link that leads out of it.
fn unread(project: &Project, asked: &Asked<'_>) -> Result<()> {
    let file = |ending: &str| format!("{}/{}{ending}", asked.folder(), asked.schema.name);
    let there = |path: &String| project.root.join(path).symlink_metadata().is_ok();
    match ENDINGS.map(file).iter().find(|path| there(path)) {
        Some(path) => refused(&format!("`{path}` is there, but is not read"), "`tipbrief check` says why"),
        None => Ok(()),
    }
}

/// Refuses a table that is larger than a workbook can hold, and a cell that is.
fn fits(asked: &Asked<'_>, rows: &Rows) -> Result<()> {
    let name = &asked.schema.name;
    if rows.cells.len() > MOST_ROWS {
        let why = format!("`{name}` has {} rows; a workbook holds at most {MOST_ROWS}", rows.cells.len());
        return refused(&why, "keep a table of this size as CSV");
    }
    let long = |cell: &String| cell.len() > MOST_LETTERS && cell.encode_utf16().count() > MOST_LETTERS;
    let found = rows.cells.iter().zip(1..).find_map(|(row, number)| Some((number, row.iter().position(long)?)));
    let Some((row, at)) = found else { return Ok(()) };
    let label = rows.labels.get(at).map_or("", String::as_str);
    let why = format!("row {row} of `{name}` below the labels: `{label}` is longer than a cell of a workbook can be");
    refused(&why, &format!("shorten it to {MOST_LETTERS} letters, or keep the table as CSV"))
}

/// Rows of a register go only where Git takes nothing.
fn kept_out(project: &Project, asked: &Asked<'_>, path: &str) -> Result<()> {
    if let Some(engine) = asked.country.engines.iter().find(|engine| engine.table.value == asked.schema.name) {
        let why = format!("an engine counts the register `{}`", engine.table.value);
        return refused(&why, "`tipbrief count` writes its file");
    }
    if revision::ignores(&project.root, path) == Some(false) {
        let why = format!("Git would take `{path}`, with rows about people, into the next commit");
        return refused(&why, &format!("add the line `{}` to .gitignore", revision::IGNORE));
    }
    Ok(())
}

/// The rows of a file, with its faults; a workbook with further sheets is refused.
fn read(project: &Project, country: &Country, file: &TableFile, diagnostics: &mut Diagnostics) -> Result<Rows> {
    let table = ingest_table(&project.root, country, file, diagnostics)?;
    let rows = Rows::of(&table, diagnostics);
    let sheets = further_sheets(&project.root, file, &table)?;
    let own = codes_sheet(&file.table);
    let further: Vec<String> =
        sheets.into_iter().filter(|name| !name.eq_ignore_ascii_case(own)).map(|name| format!("`{name}`")).collect();
    if !further.is_empty() {
        let why = format!("`{}` has further sheets, which would be lost: {}", file.path, further.join(", "));
        return refused(&why, "move them into a workbook elsewhere, which is no table");
    }
    Ok(rows)
}

/// The tables that a table refers to, with their rows.
fn references(project: &Project, asked: &Asked<'_>) -> Result<Vec<Reference>> {
    let mut found = Vec::new();
    for mut reference in asked.schema.foreign_keys.iter().filter_map(|key| named(asked.schema, key)) {
        let file = asked.country.tables.iter().find(|file| file.table == reference.table && !file.register);
        if let Some(file) = file {
            // Its own faults are a matter of that table.
            let aside = &mut Diagnostics::default();
            let table = ingest_table(&project.root, asked.country, file, aside)?;
            reference.rows = rows_of(project, &reference, &table, aside);
        }
        found.push(reference);
    }
    Ok(found)
}

/// What stands in the column that is referred to, each value once, with the text that follows it in its row.
fn rows_of(
    project: &Project,
    reference: &Reference,
    table: &RawTable,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, String)> {
    let rows = Rows::of(table, diagnostics);
    let at = |label: &str| rows.labels.iter().position(|known| known == label);
    let Some(target) = at(&reference.target) else { return Vec::new() };
    let schema = project.schema(&reference.table);
    let names = schema.into_iter().flat_map(|schema| &schema.fields);
    let mut names = names.filter(|field| field.constraints.required && field.name != reference.target);
    let name = names.find_map(|field| at(&field.name));
    let mut found: Vec<(String, String)> = Vec::new();
    for row in &rows.cells {
        let value = &row[target];
        if !value.is_empty() && !found.iter().any(|(known, _)| known == value) {
            found.push((value.clone(), name.map(|at| row[at].clone()).unwrap_or_default()));
        }
    }
    found
}

/// Reads back what is to be written: it must hold the same, and nothing must be wrong with it.
fn same(asked: &Asked<'_>, path: &str, given: &Rows, bytes: &[u8]) -> Result<()> {
    let labels = asked.schema.fields.iter().map(|field| field.name.clone()).collect();
    let file = TableFile { table: asked.schema.name.clone(), path: path.to_owned(), register: asked.register, labels };
    let mut found = Diagnostics::default();
    let table = ingest_bytes(asked.country, &file, bytes.to_vec(), &mut found);
    let mut expected = given.clone();
    let read = Rows::of(&table, &mut found);
    read.labels.iter().skip(given.labels.len()).for_each(|label| expected.add(label));
    let hint = "a cell holds something that such a file cannot keep: correct it, or keep the file as it is";
    match expected.differs(&read) {
        Some((row, label)) => refused(
            &format!("row {row} of `{}` below the labels would come back otherwise: `{label}`", file.table),
            hint,
        ),
        None if found.failed() => refused(&format!("`{path}` could not be read back"), hint),
        None => Ok(()),
    }
}
