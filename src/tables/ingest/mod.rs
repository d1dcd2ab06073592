//! CSV bytes, and the sheets of workbooks, to columns with recoverable positions. Judges encoding, quoting, and
//! whether a workbook shows what it holds; **csv-core** lives here.
//!
//! Every column is coded as a dictionary while it is read, on all cores, so that later stages judge each distinct value once.
//! Places are not kept: when a value turns out faulty, [`RawTable::spans`] walks over the file again and finds them.

mod column;
mod dictionary;
mod encoding;
mod file;
mod fill;
mod foot;
mod judge;
mod layout;
mod looks;
mod pieces;
mod quotes;
mod scan;
mod stray;
#[cfg(test)]
mod tests;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use rayon::prelude::*;

use crate::diagnostic::bug::{Stage, caught, point};
use crate::diagnostic::{Bytes, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::{Country, TableFile};
use encoding::Look;
use layout::Expected;
use scan::walk;

pub use column::{Codes, Column};
pub use looks::Looks;

/// A table's file as columns of codes.
#[derive(Debug)]
pub struct RawTable {
    /// The table's name: the file's stem.
    pub table: String,
    /// The country whose folder it stands in.
    pub country: String,
    /// Whether it is a confidential register.
    pub register: bool,
    /// The file.
    pub source: Arc<Source>,
    /// The first row.
    pub labels: Vec<Label>,
    /// One for each label.
    pub columns: Vec<Column>,
    /// How many rows stand below the labels.
    pub rows: usize,
    /// Rows whose number of cells is not that of the labels.
    pub irregular: Vec<Irregular>,
    /// What is known of a workbook's cells beside what they say.
    pub looks: Looks,
    delimiter: u8,
    pieces: Vec<Piece>,
    /// Whether there are rows that could not be read for a quote.
    pub cut: bool,
    /// How many rows stand above the labels.
    above: usize,
    /// Rows below the labels that are no data: before which row, and how many.
    left_out: Vec<(usize, usize)>,
}

/// A cell of the first row.
#[derive(Debug)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Rows that follow one another and have equally many cells, but not as many as there are labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Irregular {
    /// The first of them.
    pub row: usize,
    /// How many.
    pub rows: usize,
    /// Their number of cells; 0 for blank rows.
    pub cells: usize,
}

/// A stretch of whole rows.
#[derive(Debug)]
struct Piece {
    bytes: Range<usize>,
    /// Its first row.
    first: usize,
}

/// A file with more columns is none of ours.
const MOST_COLUMNS: usize = 4096;

/// A row, or one cell of it when a column is named.
pub type Place = (usize, Option<usize>);

impl RawTable {
    /// The table of a file before anything of it is read.
    fn empty(source: Arc<Source>) -> Self {
        Self {
            table: String::new(),
            country: String::new(),
            register: false,
            source,
            labels: Vec::new(),
            columns: Vec::new(),
            rows: 0,
            irregular: Vec::new(),
            looks: Looks::default(),
            delimiter: b',',
            pieces: Vec::new(),
            cut: false,
            above: 0,
            left_out: Vec::new(),
        }
    }

    /// The number of a row in the file, or of the row of labels, from 1.
    #[must_use]
    pub fn number(&self, row: Option<usize>) -> usize {
        let Some(row) = row else { return self.above + 1 };
        let left_out: usize = self.left_out.iter().filter(|(before, _)| *before <= row).map(|(_, rows)| rows).sum();
        self.above + row + 2 + left_out
    }

    /// The column under that label.
    #[must_use]
    pub fn column(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| known.text == label)
    }

    /// The column under that label, and its cells.
    #[must_use]
    pub fn cells(&self, label: &str) -> Option<(usize, &Column)> {
        let at = self.column(label)?;
        Some((at, self.columns.get(at)?))
    }

    /// Reads the file once more for the dictionary of a column that was read without.
    pub fn code(&mut self, column: usize) {
        if !self.columns[column].coded() {
            self.columns[column] = pieces::code(&self.source.bytes, &self.pieces, self.delimiter, column);
        }
    }

    /// For each row the line on which it starts, from 1; in a workbook the sheet's row.
    #[must_use]
    pub fn lines(&self) -> Vec<u32> {
        let line = |at: usize| u32::try_from(self.source.row(at)).unwrap_or(u32::MAX);
        let lines = self.pieces.par_iter().map(|piece| {
            let mut lines = Vec::new();
            walk(&self.source.bytes, piece.bytes.clone(), self.delimiter, |row| lines.push(line(row.start)));
            lines
        });
        lines.collect::<Vec<_>>().concat()
    }

    /// The places of rows and cells, found by walking over the pieces that hold them once more.
    #[must_use]
    pub fn spans(&self, places: &[Place]) -> Spans {
        let mut wanted: Vec<Place> = places.to_vec();
        wanted.par_sort_unstable();
        wanted.dedup();
        let found: Vec<Vec<(Place, Range<usize>)>> =
            self.pieces.par_iter().map(|piece| self.spans_in(piece, &wanted)).collect();
        Spans { found: found.into_iter().flatten().collect(), source: self.source.clone() }
    }

    fn spans_in(&self, piece: &Piece, wanted: &[Place]) -> Vec<(Place, Range<usize>)> {
        let mut rest = &wanted[wanted.partition_point(|(row, _)| *row < piece.first)..];
        let (mut index, mut found) = (piece.first, Vec::new());
        let next = self.pieces.iter().map(|other| other.first).find(|first| *first > piece.first);
        if rest.first().is_none_or(|(row, _)| next.is_some_and(|next| *row >= next)) {
            return found;
        }
        walk(&self.source.bytes, piece.bytes.clone(), self.delimiter, |row| {
            while let Some((place, more)) = rest.split_first().filter(|((at, _), _)| *at == index) {
                let start = row.start;
                let range = match place.1 {
                    // A fault of a whole row stands at its first column.
                    None => start..start,
                    Some(column) if column < row.len() => row.raw(column),
                    Some(_) => row.end()..row.end(),
                };
                found.push((*place, range));
                rest = more;
            }
            index += 1;
        });
        found
    }
}

/// The places of some rows and cells of one file.
pub struct Spans {
    /// In the order of the places.
    found: Vec<(Place, Range<usize>)>,
    source: Arc<Source>,
}

impl Spans {
    /// Where a row or a cell stands, if it was asked for.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<Span> {
        let at = self.found.binary_search_by_key(place, |(place, _)| *place).ok()?;
        Some(Span::new(&self.source, self.found[at].1.clone()))
    }
}

/// Is told how many bytes have been read, and of how many.
pub type Told<'t> = &'t (dyn Fn(u64, u64) + Sync);

/// How far the reading of all files is.
struct Progress<'t> {
    done: AtomicU64,
    total: u64,
    told: Told<'t>,
}

impl Progress<'_> {
    fn add(&self, bytes: usize) {
        let bytes = bytes as u64;
        let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        (self.told)(done.min(self.total), self.total);
    }
}

/// Reads every table of every country; how far it is, `told` hears.
///
/// # Errors
/// When a file cannot be read at all; what is wrong inside it is reported in `diagnostics`.
pub fn ingest(
    root: &Path,
    countries: &[Country],
    told: Told<'_>,
    diagnostics: &mut Diagnostics,
) -> anyhow::Result<Vec<RawTable>> {
    let files: Vec<_> =
        countries.iter().flat_map(|country| country.tables.iter().map(move |file| (country, file))).collect();
    let open =
        |file: &TableFile| file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path));
    let bytes = files.iter().map(|(_, file)| open(file)).collect::<anyhow::Result<Vec<Bytes>>>()?;
    let total = bytes.iter().map(|bytes| bytes.len() as u64).sum();
    let progress = Progress { done: AtomicU64::new(0), total, told };
    let read: Vec<_> = files
        .into_par_iter()
        .zip(bytes)
        .map(|((country, file), bytes)| (country, caught(|| read(country, file, bytes, &progress))))
        .collect();
    let mut tables = Vec::new();
    for (country, read) in read {
        let Some((table, faults)) = diagnostics.unless_bug(&country.iso3, read) else { continue };
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        tables.push(table);
    }
    Ok(tables)
}

/// Reads one file that belongs to no project.
///
/// # Errors
/// When it cannot be read at all; what is wrong inside it is reported in `diagnostics`.
pub fn ingest_file(root: &Path, path: &Path, diagnostics: &mut Diagnostics) -> anyhow::Result<RawTable> {
    let shown = path.display().to_string();
    let bytes = file::open(&root.join(path)).with_context(|| format!("cannot read `{shown}`"))?;
    let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let file = TableFile { table: stem, path: shown, register: false, labels: Vec::new() };
    let progress = Progress { done: AtomicU64::new(0), total: bytes.len() as u64, told: &|_, _| {} };
    let (table, faults) = read(&Country::nowhere(), &file, bytes, &progress);
    faults.into_iter().for_each(|fault| diagnostics.push(fault));
    Ok(table)
}

/// Reads one file as far as it can be read.
fn read(country: &Country, file: &TableFile, bytes: Bytes, progress: &Progress<'_>) -> (RawTable, Vec<Diagnostic>) {
    point(Stage::Ingest, &country.iso3);
    let content = content(country, file, bytes);
    let (name, country_code, source) = (file.table.clone(), country.iso3.clone(), content.source.clone());
    let mut table = RawTable { table: name, country: country_code, register: file.register, ..RawTable::empty(source) };
    let mut faults = match content.look {
        Ok(look) => {
            let sheet = content.source.sheet.is_some();
            let delimiter = country.delimiter.filter(|_| !sheet);
            fill::fill(&mut table, look, Expected { delimiter, labels: &file.labels, sheet }, progress)
        }
        Err(fault) => vec![fault],
    };
    if let Some(judged) = content.judged {
        faults.extend(table.looked_at(judged));
        let unseen = workbook::Kind::of_name(&file.path).and_then(workbook::unseen);
        faults.extend(unseen.filter(|_| !country.unseen_looks).map(|what| judge::unseen(&table.source, what)));
    }
    (table, faults)
}

/// A file's text, and what a look at it tells; or why it has none.
struct Content {
    source: Arc<Source>,
    look: Result<Look, Diagnostic>,
    /// What is wrong with what a workbook shows.
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
    let kind = workbook::Kind::of_name(&file.path);
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

/// Where a row stands that is named as `path:line`.
#[must_use]
pub fn place(sources: &[Arc<Source>], row: &str) -> Option<Span> {
    let (path, line) = row.rsplit_once(':')?;
    let source = sources.iter().find(|source| source.path == path)?;
    Span::of_row(source, line.parse().ok()?)
}

/// The texts of rows of public tables, by their places, `path:line`; a register's rows are shown to nobody.
///
/// # Errors
/// When a file cannot be read.
pub fn texts(
    root: &Path,
    countries: &[Country],
    places: &BTreeSet<String>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    let unheard = Progress { done: AtomicU64::new(0), total: 0, told: &|_, _| () };
    let files = countries.iter().flat_map(|country| country.tables.iter().map(move |file| (country, file)));
    let wanted =
        |file: &TableFile| places.iter().any(|place| place.rsplit_once(':').is_some_and(|(path, _)| path == file.path));
    for (country, file) in files.filter(|(_, file)| !file.register && wanted(file)) {
        let bytes = file::open(&root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path))?;
        let (table, _) = read(country, file, bytes, &unheard);
        for piece in &table.pieces {
            walk(&table.source.bytes, piece.bytes.clone(), table.delimiter, |row| {
                let place = format!("{}:{}", file.path, table.source.row(row.start));
                if places.contains(&place) {
                    let text = String::from_utf8_lossy(&table.source.bytes[row.start..row.end()]).into_owned();
                    texts.insert(place, text);
                }
            });
        }
    }
    Ok(texts)
}
