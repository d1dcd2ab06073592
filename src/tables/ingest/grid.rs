//! Rows gathered before their cells go to the columns, each column's cells in one go, so that what belongs to a column stays at hand.

use super::column::{Builder, Part};
use super::row::{LONGEST, Row, value_in};
use std::ops::Range;

/// How many rows are gathered.
const ROWS: usize = 256;

/// The columns of one piece, and rows that they still lack.
pub(super) struct Grid<'f, 's> {
    file: &'f [u8],
    builders: Vec<Builder<'s>>,
    /// The bounds of the gathered rows, one row after another. Their values lie in the file.
    bounds: Vec<usize>,
    rows: usize,
}

impl<'f, 's> Grid<'f, 's> {
    pub(super) fn new(file: &'f [u8], builders: Vec<Builder<'s>>) -> Self {
        Self { file, bounds: Vec::with_capacity(ROWS * (builders.len() + 1)), builders, rows: 0 }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.builders.len()
    }

    /// Adds a row. A cell that it lacks is empty.
    #[inline]
    pub(super) fn push(&mut self, row: &Row<'_>) {
        match row.plain() {
            Some(bounds) if bounds.len() == self.builders.len() + 1 && row.end() - row.start() <= LONGEST => {
                self.bounds.extend_from_slice(bounds);
                self.rows += 1;
                if self.rows == ROWS {
                    self.pass_on();
                }
            }
            _ => self.push_alone(row),
        }
    }

    /// Adds a row that cannot be gathered.
    #[cold]
    fn push_alone(&mut self, row: &Row<'_>) {
        self.pass_on();
        for (at, builder) in self.builders.iter_mut().enumerate() {
            if at < row.len() { builder.push(row, at) } else { builder.push(&Row::EMPTY, 0) }
        }
    }

    /// Gives the gathered rows to the columns.
    fn pass_on(&mut self) {
        if self.rows == 0 {
            return;
        }
        let (file, width) = (self.file, self.builders.len());
        for (column, builder) in self.builders.iter_mut().enumerate() {
            let cell = |bounds: &[usize]| -> Range<usize> { value_in(file, bounds[column]..bounds[column + 1] - 1) };
            builder.extend(file, self.bounds.chunks_exact(width + 1).map(cell));
        }
        self.bounds.clear();
        self.rows = 0;
    }

    /// The columns with all rows.
    pub(super) fn finish(mut self) -> Vec<Part> {
        self.pass_on();
        self.builders.into_iter().map(Builder::finish).collect()
    }
}
