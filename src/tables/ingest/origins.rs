//! Rows of a table that stand in no file of its own, since a mapping made them of a delivered file: where each of their cells
//! stands there, and what names each row.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::Arc;

use super::column::Column;
use crate::diagnostic::{Cell, Source, Span};

/// A row of a table, or one cell of it when a column is named.
pub type Place = (usize, Option<usize>);

/// Whether the name of a row is that of the line of the mapping that made it, which other rows have in common with it.
#[must_use]
pub fn is_line_of_mapping(name: &str) -> bool {
    let place = name.split_once(" (").map_or(name, |(place, _)| place);
    place.rsplit_once(':').is_some_and(|(path, _)| path.ends_with(".toml"))
}

/// Where rows that a mapping made come from.
pub trait Origins: Debug + Send + Sync {
    /// The place of each of these cells, by row, from the first of the rows that were made together, and field; that of a whole
    /// row where no field is named.
    fn places(&self, cells: &[(usize, Option<&str>)]) -> Vec<Origin>;

    /// What names a row: its first cell and its last, and the line of the mapping that made it.
    fn names(&self, row: usize) -> Vec<String>;

    /// The line of the mapping that made the first of the rows.
    fn line(&self) -> Span;

    /// The delivered texts and sheets that they come from.
    fn sources(&self) -> Vec<Arc<Source>>;
}

/// Where a cell of a row that was made comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The cell, or the line of the mapping where there is none.
    pub span: Span,
    /// The cell in the delivered file, if there is one.
    pub cell: Option<Cell>,
    /// Whether it is only the first of several cells that say it together.
    pub several: bool,
}

/// A stretch of rows of one table that were made together.
#[derive(Debug, Clone)]
pub struct MadeRows {
    /// The first of them in the table.
    pub first: usize,
    /// How many there are.
    pub rows: usize,
    /// The fields that they have.
    pub fields: Vec<String>,
    /// Where they come from.
    pub origins: Arc<dyn Origins>,
    /// Their cells in columns of the table that have no dictionary, by the number of the column.
    pub(super) hashed: HashMap<usize, Column>,
}

impl MadeRows {
    /// Whether a row of the table is among them.
    #[must_use]
    pub fn holds(&self, row: usize) -> bool {
        (self.first..self.first + self.rows).contains(&row)
    }

    /// Whether they have a field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|own| own == field)
    }

    /// The places of those cells that are among these rows; the cells are in order.
    pub(super) fn among<'p>(
        &'p self,
        places: &'p [Place],
        label: impl Fn(usize) -> Option<&'p str>,
    ) -> impl Iterator<Item = (Place, Origin)> {
        let from = places.partition_point(|(row, _)| *row < self.first);
        let own = places.get(from..).unwrap_or_default().iter().copied().take_while(|(row, _)| self.holds(*row));
        let own: Vec<Place> = own.collect();
        let asked: Vec<(usize, Option<&str>)> = own
            .iter()
            .map(|(row, column)| (row - self.first, column.map(|at| label(at).unwrap_or_default())))
            .collect();
        let found = if asked.is_empty() { Vec::new() } else { self.origins.places(&asked) };
        own.into_iter().zip(found)
    }
}
