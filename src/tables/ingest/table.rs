//! A table as it was read: its labels, its columns as codes, and how to find the place of any row or cell again.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::column::Column;
use super::looks::Looks;
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
    /// The number of rows below the labels.
    pub rows: usize,
    /// Rows with more or fewer cells than there are labels.
    pub irregular: Vec<Irregular>,
    /// What is known about the looks of a workbook's cells.
    pub looks: Looks,
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

/// A row, or one cell of it when a column is named.
pub type Place = (usize, Option<usize>);

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

    /// For each row the line on which it starts, from 1; in a workbook the sheet's row.
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
        Spans { found: found.into_iter().flatten().collect(), source: self.source.clone() }
    }

    /// What the cells at some places hold, read from the file again: also where a column has no dictionary.
    #[must_use]
    pub fn written(&self, places: &[Place]) -> HashMap<Place, String> {
        let spans = self.spans(places);
        places.iter().filter_map(|place| Some((*place, unquoted(spans.get(place)?.written())))).collect()
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
    source: Arc<Source>,
}

impl Spans {
    /// The place of a row or a cell, if it was asked for.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<Span> {
        let at = self.found.binary_search_by_key(place, |(place, _)| *place).ok()?;
        Some(Span::new(&self.source, self.found[at].1.clone()))
    }
}

fn unquoted(written: String) -> String {
    match written.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => written,
    }
}
