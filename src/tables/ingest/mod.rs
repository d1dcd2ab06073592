//! Reads CSV files and sheets of workbooks into columns whose positions can be found again. Checks encoding, quoting, and
//! whether a workbook shows what it stores. **csv-core** is used here only.
//!
//! While a column is read, on all cores, its distinct values become a dictionary, so that rules judge each value only once.
//! Positions are not stored: when a value is faulty, [`RawTable::spans`] reads the file again to find them.

mod blocks;
mod coding;
mod column;
mod cuts;
pub mod delivered;
mod dictionary;
mod encoding;
mod file;
mod fill;
mod foot;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod grid;
mod join;
mod judge;
mod layout;
mod looks;
mod origins;
mod pieces;
mod quotes;
mod quoting;
mod recoded;
mod row;
mod scan;
mod slow;
mod stray;
mod table;
#[cfg(test)]
mod tests;
mod utf16;
mod values;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use rayon::prelude::*;

use crate::diagnostic::bug::{Stage, caught, point};
use crate::diagnostic::{Bytes, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::{Country, TableFile};
use crate::project::schema::Schema;
use encoding::FirstLook;
use layout::Expected;
use scan::walk;
use table::Piece;

pub use coding::is_free_text;
pub use column::{Codes, Column};
pub use join::MadeColumns;
pub use looks::Looks;
pub use origins::{MadeRows, Origin, Origins, Place, is_line_of_mapping};
pub use table::{Irregular, Label, RawTable, Spans};

/// A file with more columns is rejected: its first row is not a row of labels.
const MOST_COLUMNS: usize = 4096;

/// Is called with the number of bytes read so far, and of all.
pub type OnProgress<'t> = &'t (dyn Fn(u64, u64) + Sync);

/// How far the reading of all files is.
struct Progress<'t> {
    done: AtomicU64,
    total: u64,
    report: OnProgress<'t>,
}

impl Progress<'_> {
    /// Progress that nobody is shown.
    fn silent() -> Self {
        Self { done: AtomicU64::new(0), total: 0, report: &|_, _| () }
    }

    fn add(&self, bytes: usize) {
        let bytes = bytes as u64;
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        (self.report)(done.min(self.total), self.total);
    }
}

/// Reads every table of every country, each with a dictionary for every column that the rules of its schema read.
///
/// # Errors
/// When a file cannot be read at all; errors inside it are reported in `diagnostics`.
pub fn ingest(
    root: &Path,
    countries: &[Country],
    schemas: &[Schema],
    report: OnProgress<'_>,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Vec<RawTable>> {
    let files: Vec<_> =
        countries.iter().flat_map(|country| country.tables.iter().map(move |file| (country, file))).collect();
    let open =
        |file: &TableFile| file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path));
    let bytes = files.iter().map(|(_, file)| open(file)).collect::<anyhow::Result<Vec<Bytes>>>()?;
    let total = bytes.iter().map(|bytes| bytes.len() as u64).sum();
    let progress = Progress { done: AtomicU64::new(0), total, report };
    let read_for = |country: &Country, file: &TableFile, bytes| {
        let (mut table, faults) = read(country, file, bytes, &progress);
        if let Some(schema) = schemas.iter().find(|schema| schema.name == table.table) {
            table.code_for(schema);
        }
        (table, faults)
    };
    let read: Vec<_> = files
        .into_par_iter()
        .zip(bytes)
        .map(|((country, file), bytes)| (country, caught(|| read_for(country, file, bytes))))
        .collect();
    let mut tables = Vec::new();
    for (country, read) in read {
        let Some((table, faults)) = diagnostics.unless_bug(&country.iso3, read) else { continue };
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        tables.push(table);
    }
    Ok(tables)
}

/// Reads one table of a country, without a dictionary for free text.
///
/// # Errors
/// When it cannot be read at all; errors inside it are reported in `diagnostics`.
pub fn ingest_table(
    root: &Path,
    country: &Country,
    file: &TableFile,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<RawTable> {
    let bytes = file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path))?;
    Ok(taken(country, file, bytes, diagnostics))
}

/// Reads the bytes of a table that is not written yet.
pub fn ingest_bytes(country: &Country, file: &TableFile, bytes: Vec<u8>, diagnostics: &mut Diagnostics) -> RawTable {
    taken(country, file, bytes.into(), diagnostics)
}

fn taken(country: &Country, file: &TableFile, bytes: Bytes, diagnostics: &mut Diagnostics) -> RawTable {
    let (table, faults) = read(country, file, bytes, &Progress::silent());
    faults.into_iter().for_each(|fault| diagnostics.push(fault));
    table
}

/// The sheets of a workbook that hold something, beside the one with its table; none of CSV.
///
/// # Errors
/// When the file cannot be read.
pub fn further_sheets(root: &Path, file: &TableFile, table: &RawTable) -> anyhow::Result<Vec<String>> {
    let (Some(kind), Some(sheet)) = (workbook::WorkbookKind::of_name(&file.path), &table.source.sheet) else {
        return Ok(Vec::new());
    };
    let bytes = file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path))?;
    // It was read before: what cannot be read of it now is reported by that.
    Ok(workbook::filled(&bytes, kind).unwrap_or_default().into_iter().filter(|name| *name != sheet.name).collect())
}

/// Reads one file that belongs to no project.
///
/// # Errors
/// When it cannot be read at all; errors inside it are reported in `diagnostics`.
pub fn ingest_file(root: &Path, path: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<RawTable> {
    alone(&root.join(path), path, (&Country::nowhere(), &[]), diagnostics)
}

/// Reads a sheet that somebody filled in, with these labels: a workbook, or CSV whose cells are separated by commas or by
/// semicolons, which spreadsheets write where the comma is the decimal mark.
///
/// # Errors
/// When it cannot be read at all; errors inside it are reported in `diagnostics`.
pub fn ingest_sheet(path: &Path, labels: &[&str], diagnostics: &mut Diagnostics) -> anyhow::Result<RawTable> {
    let country = Country { delimiter: Some(b';'), unseen_looks: true, ..Country::nowhere() };
    alone(path, path, (&country, labels), diagnostics)
}

/// Reads one file that is no table of a country.
fn alone(
    place: &Path,
    path: &Path,
    (country, labels): (&Country, &[&str]),
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<RawTable> {
    let shown = path.display().to_string();
    let bytes = file::open(place).with_context(|| format!("cannot read `{shown}`"))?;
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    let file = TableFile { table: stem, path: shown, register: false, labels };
    let (table, faults) = read(country, &file, bytes, &Progress::silent());
    faults.into_iter().for_each(|fault| diagnostics.push(fault));
    Ok(table)
}

/// Reads one file as far as possible.
fn read(country: &Country, file: &TableFile, bytes: Bytes, progress: &Progress<'_>) -> (RawTable, Vec<Diagnostic>) {
    point(Stage::Ingest, &country.iso3);
    let content = content(country, file, bytes);
    let (name, country_code, source) = (file.table.clone(), country.iso3.clone(), content.source.clone());
    let mut table = RawTable { table: name, country: country_code, register: file.register, ..RawTable::empty(source) };
    let mut faults = match content.look {
        Ok(look) => {
            let sheet = content.source.sheet.is_some();
            let delimiter = country.delimiter.filter(|_| !sheet);
            fill::fill(&mut table, &look, Expected { delimiter, labels: &file.labels, sheet }, progress)
        }
        Err(fault) => vec![fault],
    };
    if let Some(judged) = content.judged {
        faults.extend(table.looked_at(judged));
        let unseen = workbook::WorkbookKind::of_name(&file.path).and_then(workbook::unseen);
        faults.extend(unseen.filter(|_| !country.unseen_looks).map(|what| judge::unseen(&table.source, what)));
    }
    (table, faults)
}

/// A file's text and what a first look at its bytes found, or why it has no text.
struct Content {
    source: Arc<Source>,
    look: Result<FirstLook, Diagnostic>,
    /// Where a workbook does not show what it stores.
    judged: Option<workbook::Judged>,
}

fn content(country: &Country, file: &TableFile, bytes: Bytes) -> Content {
    let source = |bytes, sheet| {
        let source = Source::new(&file.path, bytes).of_country(Some(&country.iso3)).confidential(file.register);
        Arc::new(match sheet {
            Some(sheet) => source.of_sheet(sheet),
            None => source,
        })
    };
    let kind = workbook::WorkbookKind::of_name(&file.path);
    if kind.is_some() || workbook::is_one(&bytes) {
        let read =
            kind.map_or_else(|| Err(workbook::misnamed(&bytes)), |kind| workbook::read(&bytes, kind, &file.table));
        return match read {
            Ok(workbook::Read { text, sheet, judged }) => {
                let look = encoding::look(&text);
                Content { source: source(text, Some(sheet)), look: Ok(look), judged: Some(judged) }
            }
            Err(why) => {
                let source = source(Vec::new().into(), None);
                let fault = judge::workbook(&source, why);
                Content { source, look: Err(fault), judged: None }
            }
        };
    }
    let (bytes, look, unreadable) = encoding::text(bytes, country.encoding.as_deref());
    let source = source(bytes, None);
    let fault = unreadable.map(|encoding| judge::encoding(&source, &encoding));
    Content { source, look: fault.map_or(Ok(look), Err), judged: None }
}

/// The place of a row that is named as `path:line`, or by its cell in a delivered file; where that is not there, the kept row
/// that names the cell.
#[must_use]
pub fn place(sources: &[Arc<Source>], row: &str) -> Option<Span> {
    // The last of several cells is named with their number.
    let row = row.rsplit_once(" (").filter(|_| row.ends_with(" cells)")).map_or(row, |(row, _)| row);
    let named = sources.iter().find_map(|source| Span::named(source, row.strip_prefix(source.path.as_str())?));
    named.or_else(|| {
        let kept = sources.iter().filter(|source| source.path.ends_with(".kept.csv"));
        kept.into_iter().find_map(|source| {
            let line = line_naming(&source.bytes, row.as_bytes())?;
            Span::named(source, &format!(":{line}"))
        })
    })
}

/// The line, from 1, on which a text stands for itself, between marks of a CSV or of a list.
fn line_naming(bytes: &[u8], text: &[u8]) -> Option<usize> {
    let lines = bytes.split(|byte| *byte == b'\n');
    let holds = |line: &[u8]| {
        memchr::memmem::find_iter(line, text).any(|at| {
            let before = at.checked_sub(1).and_then(|at| line.get(at));
            let after = line.get(at + text.len());
            before.is_none_or(|byte| b", \"".contains(byte)) && after.is_none_or(|byte| b",;\"\r".contains(byte))
        })
    };
    lines.enumerate().find(|(_, line)| holds(line)).map(|(at, _)| at + 1)
}

/// The delivered texts and sheets of which rows of public tables were made.
#[must_use]
pub fn delivered_sources(tables: &[RawTable]) -> Vec<Arc<Source>> {
    let made = tables.iter().filter(|table| !table.register).flat_map(|table| &table.made);
    let mut sources: Vec<Arc<Source>> = made.flat_map(|made| made.origins.sources()).collect();
    sources.sort_by_key(Arc::as_ptr);
    sources.dedup_by_key(|source| Arc::as_ptr(source));
    sources.retain(|source| !source.confidential);
    sources
}

/// The texts of rows of delivered files, by the places of their cells.
#[must_use]
pub fn delivered_texts(sources: &[Arc<Source>], places: &BTreeSet<String>) -> BTreeMap<String, String> {
    let text = |row: &String| Some((row.clone(), place(sources, row)?.row().trim_end_matches(',').to_owned()));
    places.iter().filter_map(text).collect()
}

/// The texts of rows of public tables, by their places, `path:line`. Rows of registers are never shown.
///
/// # Errors
/// When a file cannot be read.
pub fn texts(
    root: &Path,
    countries: &[Country],
    places: &BTreeSet<String>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    let files = countries.iter().flat_map(|country| country.tables.iter().map(move |file| (country, file)));
    let wanted =
        |file: &TableFile| places.iter().any(|place| place.rsplit_once(':').is_some_and(|(path, _)| path == file.path));
    for (country, file) in files.filter(|(_, file)| !file.register && wanted(file)) {
        let bytes = file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path))?;
        let (table, _) = read(country, file, bytes, &Progress::silent());
        for piece in &table.pieces {
            walk(&table.source.bytes, piece.bytes.clone(), table.delimiter, |row| {
                let place = format!("{}:{}", file.path, table.source.row(row.start()));
                if places.contains(&place) {
                    let text = String::from_utf8_lossy(&table.source.bytes[row.start()..row.end()]).into_owned();
                    texts.insert(place, text);
                }
            });
        }
    }
    Ok(texts)
}
