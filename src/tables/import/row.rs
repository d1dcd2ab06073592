//! A row of ours before it is in a table, and what rows are gathered with.

use std::sync::Arc;

use super::found::CellAt;
use crate::project::imports::Mapping;
use crate::project::schema::Schema;
use crate::tables::ingest::delivered::DeliveredSheet;

/// A row of ours before it is in a table.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) make: usize,
    pub(super) sheet: usize,
    pub(super) country: u32,
    pub(super) fields: Vec<u32>,
    pub(super) state: bool,
    /// The cells that it is made of, the first part's first.
    pub(super) cells: Vec<CellAt>,
}

/// What rows are gathered with.
pub(super) struct Gathering<'g> {
    pub(super) mapping: &'g Mapping,
    pub(super) schemas: &'g [Schema],
    pub(super) sheets: &'g [Arc<DeliveredSheet>],
    /// The file of each sheet.
    pub(super) files: &'g [usize],
}

impl<'g> Gathering<'g> {
    /// The schema of the table of a make.
    pub(super) fn schema(&self, make: usize) -> Option<&'g Schema> {
        let table = &self.mapping.makes.get(make)?.table;
        self.schemas.iter().find(|schema| schema.name == *table)
    }
}
