//! A table as it was read: its labels, its columns as codes, and how to find the place of any row or cell again.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::column::Column;
use super::looks::Looks;
use super::origins::{MadeRows, Origin, Place};
use super::scan::walk;
use crate::diagnostic::{Source, Span};

/// A table's file as columns of codes.
#[derive(Debug)]
pub struct RawTable {
    /// The table's name: the file's stem.
    pub table: String,
    /// The country whose folder it is in.
    pub country: String,
    /// Whether it is a confidential register.
    pub register: bool,
    /// The file.
    pub source: Arc<Source>,
    /// The first row.
    pub labels: Vec<Label>,
    /// One for each label.
    pub columns: Vec<Column>,
    /// The number of rows below the labels, and of those that mappings made, which stand after them.
    pub rows: usize,
    /// The rows that mappings made.
    pub made: Vec<MadeRows>,
    /// Rows with more or fewer cells than there are labels.
    pub irregular: Vec<Irregular>,
    /// What is known about the looks of a workbook's cells.
    pub looks: Looks,
    /// How many of the columns its own file has.
    pub(super) own_columns: usize,
    pub(super) delimiter: u8,
    pub(super) pieces: Vec<Piece>,
    /// Whether some rows could not be read because of a missing quote.
    pub cut: bool,
    /// The number of rows above the labels.
    pub(super) above: usize,
    /// Rows below the labels that are not data: before which row they are, and how many.
    pub(super) left_out: Vec<(usize, usize)>,
}

/// A cell of the first row.
#[derive(Debug)]
pub struct Label {
    /// Its text.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A run of rows with the same number of cells, which is not the number of labels.
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
pub(super) struct Piece {
    pub(super) bytes: Range<usize>,
    /// Its first row.
    pub(super) first: usize,
}

impl RawTable {
    /// The table of a file before anything is read.
    pub(super) fn empty(source: Arc<Source>) -> Self {
        Self {
            table: String::new(),
            country: String::new(),
            register: false,
            source,
            labels: Vec::new(),
            columns: Vec::new(),
            rows: 0,
            made: Vec::new(),
            irregular: Vec::new(),
            looks: Looks::default(),
            own_columns: 0,
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

    /// The number of rows that stand in the table's own file.
    #[must_use]
    pub fn own_rows(&self) -> usize {
        self.made.first().map_or(self.rows, |made| made.first)
    }

    /// The name of its file: of CSV, unless it is a workbook.
    #[must_use]
    pub fn file_name(&self) -> String {
        let name = self.source.path.rsplit('/').next().unwrap_or_default();
        let workbook = self.source.sheet.is_some() && !self.is_made();
        if workbook { name.to_owned() } else { format!("{}.csv", self.table) }
    }

    /// Whether all its rows were made by mappings, so that it has no file of its own.
    #[must_use]
    pub fn is_made(&self) -> bool {
        self.made.first().is_some_and(|made| made.first == 0)
    }

    /// The rows that were made together with a row; none for a row of the table's own file.
    #[must_use]
    pub fn made_with(&self, row: usize) -> Option<&MadeRows> {
        let at = self.made.partition_point(|made| made.first <= row).checked_sub(1)?;
        self.made.get(at)
    }

    /// Whether the file of a row has a column: where it does not, the cell is only what the column means when it is left out.
    #[must_use]
    pub fn gives(&self, row: usize, column: usize) -> bool {
        match self.made_with(row) {
            Some(made) => self.labels.get(column).is_none_or(|label| made.has(&label.text)),
            None => self.made.is_empty() || self.own_columns > column || column >= self.labels.len(),
        }
    }

    /// The place of the table as a whole: the start of its file, or the line of the mapping that makes its first row.
    #[must_use]
    pub fn head(&self) -> Span {
        let line = self.made.first().filter(|made| made.first == 0).map(|made| made.origins.line());
        line.unwrap_or_else(|| Span::start_of(&self.source))
    }

    /// For each row of its own file the line on which it starts, from 1; in a workbook the sheet's row.
    #[must_use]
    pub fn lines(&self) -> Vec<u32> {
        let line = |at: usize| u32::try_from(self.source.row(at)).unwrap_or(u32::MAX);
        let lines = self.pieces.par_iter().map(|piece| {
            let mut lines = Vec::new();
            walk(&self.source.bytes, piece.bytes.clone(), self.delimiter, |row| lines.push(line(row.start())));
            lines
        });
        lines.collect::<Vec<_>>().concat()
    }

    /// The places of rows and cells, found by reading once more the pieces of the file that contain them.
    #[must_use]
    pub fn spans(&self, places: &[Place]) -> Spans {
        let mut wanted: Vec<Place> = places.to_vec();
        wanted.par_sort_unstable();
        wanted.dedup();
        let found: Vec<Vec<(Place, Range<usize>)>> =
            self.pieces.par_iter().map(|piece| self.spans_in(piece, &wanted)).collect();
        let label = |at: usize| self.labels.get(at).map(|label| label.text.as_str());
        let made = self.made.iter().flat_map(|made| made.among(&wanted, label)).collect();
        Spans { found: found.into_iter().flatten().collect(), made, source: self.source.clone() }
    }

    /// What the cells at some places hold, read from the file again: also where a column has no dictionary.
    #[must_use]
    pub fn written(&self, places: &[Place]) -> HashMap<Place, String> {
        let spans = self.spans(places);
        let kept = |(row, column): &Place| {
            let made = self.made_with(*row)?;
            Some(made.hashed.get(column.as_ref()?)?.cell(row - made.first).to_owned())
        };
        let text = |place: &Place| kept(place).or_else(|| Some(unquoted(spans.get(place)?.written())));
        places.iter().filter_map(|place| Some((*place, text(place)?))).collect()
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
                let start = row.start();
                let range = match place.1 {
                    // The place of a whole row is its first column.
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
    made: HashMap<Place, Origin>,
    source: Arc<Source>,
}

impl Spans {
    /// The place of a row or a cell, if it was asked for.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<Span> {
        if let Some(origin) = self.origin(place) {
            return Some(origin.span.clone());
        }
        let at = self.found.binary_search_by_key(place, |(place, _)| *place).ok()?;
        Some(Span::new(&self.source, self.found[at].1.clone()))
    }
}

impl Spans {
    /// Where a cell of a row that a mapping made comes from.
    #[must_use]
    pub fn origin(&self, place: &Place) -> Option<&Origin> {
        self.made.get(place)
    }
}

fn unquoted(written: String) -> String {
    match written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => written,
    }
}
