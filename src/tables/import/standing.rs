//! Where a field stands in the rows of a block: in a column, in one cell, in the row above, or in the mapping.

use std::sync::Arc;

use super::answer::{Answer, Rows};
use crate::diagnostic::Span;

/// Where a field of every row of a block stands.
#[derive(Debug, Clone)]
pub(super) struct FieldAt {
    place: Standing,
    /// Whether it is what several cells say together.
    pub(super) several: bool,
}

#[derive(Debug, Clone)]
enum Standing {
    /// In the mapping.
    Line(Span),
    /// In one cell of the sheet.
    Fixed(usize, usize),
    /// In a column, in the row itself.
    Column(usize),
    /// For each row, in order, in another one.
    Rows(Arc<Vec<(usize, (usize, usize))>>),
}

impl FieldAt {
    pub(super) fn line(span: &Span) -> Self {
        Self { place: Standing::Line(span.clone()), several: false }
    }

    pub(super) fn taken(column: usize) -> Self {
        Self { place: Standing::Column(column), several: false }
    }

    /// Where an answer stands; none for a constant.
    pub(super) fn of(answer: &Answer, rows: Rows<'_>) -> Option<Self> {
        let several = answer.is_of_several();
        let Some(column) = answer.own_column(rows) else {
            let cell = |at: usize| Some((*rows.body.rows.get(at)?, answer.cell(rows, at, None)?));
            let place = match answer.fixed() {
                Some((row, column)) => Standing::Fixed(row, column),
                None => Standing::Rows(Arc::new((0..rows.body.rows.len()).map(cell).collect::<Option<_>>()?)),
            };
            return Some(Self { place, several });
        };
        Some(Self { place: Standing::Column(column), several })
    }

    /// The cell of a row.
    pub(super) fn cell(&self, row: usize) -> Option<(usize, usize)> {
        match &self.place {
            Standing::Line(_) => None,
            Standing::Fixed(row, column) => Some((*row, *column)),
            Standing::Column(column) => Some((row, *column)),
            Standing::Rows(cells) => {
                let at = cells.binary_search_by_key(&row, |(row, _)| *row).ok()?;
                cells.get(at).map(|(_, cell)| *cell)
            }
        }
    }

    /// Its line in the mapping, if it stands there.
    pub(super) fn of_mapping(&self) -> Option<&Span> {
        match &self.place {
            Standing::Line(span) => Some(span),
            _ => None,
        }
    }
}
