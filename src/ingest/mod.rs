//! CSV bytes to columns with recoverable positions. Judges encoding and quoting only; **csv-core** lives here.
//!
//! Every column is coded as a dictionary while it is scanned, so that later stages judge each distinct value once.
//! Places are not kept: when a value turns out faulty, [`RawTable::spans`] scans again and finds them.

mod scan;

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use rayon::prelude::*;

use crate::country::{Country, TableFile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use scan::{Event, scan};

/// A CSV file as columns of codes.
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
    /// For each row the line on which it starts, from 1.
    pub lines: Vec<u32>,
    /// Rows whose number of cells is not that of the labels, with that number; 0 for a blank row.
    pub irregular: Vec<(usize, usize)>,
}

/// A cell of the first row.
#[derive(Debug)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A dictionary-coded column.
#[derive(Debug, Default)]
pub struct Column {
    /// The distinct values, in the order of their first occurrence.
    pub values: Vec<String>,
    /// For each row an index into `values`.
    pub codes: Vec<u32>,
}

impl Column {
    /// The cell of `row`.
    #[must_use]
    pub fn cell(&self, row: usize) -> &str {
        &self.values[self.codes[row] as usize]
    }
}

/// A row, or one cell of it when a column is named.
pub type Place = (usize, Option<usize>);

impl RawTable {
    /// The places of rows and cells, found by scanning the file once more.
    #[must_use]
    pub fn spans(&self, places: &[Place]) -> HashMap<Place, Span> {
        let mut wanted: HashMap<usize, Vec<Option<usize>>> = HashMap::new();
        for (row, column) in places {
            wanted.entry(*row).or_default().push(*column);
        }
        let mut found = HashMap::new();
        scan(&self.source.bytes, &mut |event| {
            let Event::Row { index, start, cells, .. } = event else { return };
            let Some(columns) = index.checked_sub(1).and_then(|row| wanted.get(&row)) else { return };
            for column in columns {
                let end = cells.last().map_or(start, |cell| cell.raw.end);
                // A fault of a whole row stands at its first column.
                let range = column.map_or(start..start, |at| cells.get(at).map_or(end..end, |cell| cell.raw.clone()));
                found.insert((index - 1, *column), Span::new(&self.source, range));
            }
        });
        found
    }

    /// The column under that label.
    #[must_use]
    pub fn column(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| known.text == label)
    }
}

/// Reads every table of every country.
///
/// # Errors
/// When a file cannot be read at all; what is wrong inside it is reported in `diagnostics`.
pub fn ingest(root: &std::path::Path, countries: &[Country], diagnostics: &mut Diagnostics) -> Result<Vec<RawTable>> {
    let files: Vec<_> =
        countries.iter().flat_map(|country| country.tables.iter().map(move |file| (country, file))).collect();
    let read: Vec<_> = files
        .par_iter()
        .map(|(country, file)| {
            let bytes = std::fs::read(root.join(&file.path)).with_context(|| format!("cannot read `{}`", file.path))?;
            Ok(table(country, file, bytes))
        })
        .collect::<Result<_>>()?;
    let mut tables = Vec::new();
    for (table, faults) in read {
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        tables.push(table);
    }
    Ok(tables)
}

fn table(country: &Country, file: &TableFile, bytes: Vec<u8>) -> (RawTable, Vec<Diagnostic>) {
    let source = Arc::new(Source {
        path: file.path.clone(),
        bytes,
        country: Some(country.iso3.clone()),
        confidential: file.register,
    });
    let mut table = RawTable {
        table: file.table.clone(),
        country: country.iso3.clone(),
        register: file.register,
        source: source.clone(),
        labels: Vec::new(),
        columns: Vec::new(),
        lines: Vec::new(),
        irregular: Vec::new(),
    };
    let mut faults = Vec::new();
    let mut builders: Vec<Builder> = Vec::new();
    scan(&source.bytes, &mut |event| match event {
        Event::Row { index: 0, cells, .. } => {
            builders = cells.iter().map(|_| Builder::default()).collect();
            table.labels = cells
                .iter()
                .map(|cell| Label { text: cell.text().into_owned(), span: Span::new(&source, cell.raw.clone()) })
                .collect();
        }
        Event::Row { index, line, cells, .. } => {
            if cells.len() != builders.len() {
                table.irregular.push((index - 1, cells.len()));
            }
            table.lines.push(line);
            for (at, builder) in builders.iter_mut().enumerate() {
                builder.push(cells.get(at).map_or(&[][..], |cell| cell.value));
            }
        }
        Event::BadEncoding(range) => faults.push(
            Diagnostic::error(Code::EncodingError, Span::new(&source, range), "the cell is not UTF-8 text")
                .hint("save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\")"),
        ),
        Event::BadQuote(range, message) => faults.push(
            Diagnostic::error(Code::QuoteError, Span::new(&source, range), message)
                .hint("a cell with a comma, a quote or a line break stands in quotes; a quote inside it is doubled"),
        ),
    });
    if table.labels.is_empty() {
        faults.push(
            Diagnostic::error(Code::SourceError, Span::start_of(&source), "the file is empty")
                .hint("its first row must hold the labels; delete the file if the table is not kept"),
        );
    }
    table.columns = builders.into_iter().map(|builder| builder.column).collect();
    (table, faults)
}

#[derive(Default)]
struct Builder {
    column: Column,
    known: HashMap<Vec<u8>, u32>,
}

impl Builder {
    fn push(&mut self, value: &[u8]) {
        let code = if let Some(code) = self.known.get(value) {
            *code
        } else {
            // More than four thousand million distinct cells do not fit the memory before they exceed the code.
            let code = u32::try_from(self.column.values.len()).unwrap_or(u32::MAX);
            self.known.insert(value.to_vec(), code);
            self.column.values.push(String::from_utf8_lossy(value).into_owned());
            code
        };
        self.column.codes.push(code);
    }
}
