//! The public rows of a country, identified by their keys, wherever they are in their file.

use std::collections::BTreeMap;

use crate::project::schema::{Schema, TOTAL};
use crate::tables::ingest::RawTable;

/// The column for data keepers' notes, which change no figure.
const NOTE: &str = "note";
/// The table of sources.
const SOURCES: &str = "sources";
/// The state of a value that its source does not show.
const WITHHELD: &str = "withheld";

/// The public rows of one country.
#[derive(Debug, Clone, Default)]
pub struct PublicRows {
    by_key: BTreeMap<String, PublicRow>,
    key_at: BTreeMap<String, String>,
}

/// A row of a public table.
#[derive(Debug, Clone)]
pub struct PublicRow {
    /// Path and line, or its cell in a delivered file.
    pub place: String,
    /// The table.
    pub table: String,
    /// The cells that identify it, by label.
    pub key: BTreeMap<String, String>,
    /// All other cells, except for notes.
    pub cells: BTreeMap<String, String>,
    /// Whether its source withholds the value.
    pub withheld: bool,
}

impl PublicRows {
    /// The rows of the public tables, by country.
    #[must_use]
    pub fn of_all(tables: &mut [RawTable], schemas: &[Schema]) -> BTreeMap<String, Self> {
        let mut all: BTreeMap<String, Self> = BTreeMap::new();
        for table in tables.iter_mut().filter(|table| !table.register) {
            let Some(schema) = schemas.iter().find(|schema| schema.name == table.table) else { continue };
            let rows = all.entry(table.country.clone()).or_default();
            // Places and cells are wanted of every row, so also of columns that were read without a dictionary.
            (0..table.columns.len()).for_each(|column| table.code(column));
            for (at, line) in table.lines().into_iter().enumerate() {
                rows.insert(row(table, schema, at, format!("{}:{line}", table.source.path)));
            }
            for made in &table.made {
                let named = (0..made.rows).filter_map(|at| Some((at, made.origins.names(at).into_iter().next()?)));
                named.for_each(|(at, place)| rows.insert(row(table, schema, made.first + at, place)));
            }
        }
        all
    }

    fn insert(&mut self, row: PublicRow) {
        let key = row.identity();
        self.key_at.insert(row.place.clone(), key.clone());
        self.by_key.insert(key, row);
    }

    /// The row at a place.
    #[must_use]
    pub fn at(&self, place: &str) -> Option<&PublicRow> {
        self.by_key.get(self.key_at.get(place)?)
    }

    /// The row with the same key as a row of the other side.
    #[must_use]
    pub fn like(&self, row: &PublicRow) -> Option<&PublicRow> {
        self.by_key.get(&row.identity())
    }

    /// What is recorded of a source.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&PublicRow> {
        self.by_key.get(&identity(SOURCES, [(&"id".to_owned(), &id.to_owned())].into_iter()))
    }

    /// All rows by key.
    pub fn all(&self) -> impl Iterator<Item = &PublicRow> {
        self.by_key.values()
    }
}

impl PublicRow {
    fn identity(&self) -> String {
        identity(&self.table, self.key.iter())
    }

    /// Every cell that matters, by label.
    pub fn all_cells(&self) -> impl Iterator<Item = (&String, &String)> {
        self.key.iter().chain(&self.cells)
    }
}

fn identity<'r>(table: &str, key: impl Iterator<Item = (&'r String, &'r String)>) -> String {
    key.fold(table.to_owned(), |all, (label, cell)| all + &format!("\0{label}\0{cell}"))
}

fn row(table: &RawTable, schema: &Schema, at: usize, place: String) -> PublicRow {
    let (mut key, mut cells) = (BTreeMap::new(), BTreeMap::new());
    for (label, column) in table.labels.iter().zip(&table.columns) {
        let cell = column.cell(at);
        // A column that is left out says the same as one that is empty or `total` throughout.
        if cell.is_empty() || cell == TOTAL || label.text == NOTE {
            continue;
        }
        let part = if schema.primary_key.contains(&label.text) { &mut key } else { &mut cells };
        part.insert(label.text.clone(), cell.to_owned());
    }
    if key.is_empty() {
        key = std::mem::take(&mut cells);
    }
    let value = schema.observations.as_ref().and_then(|observations| schema.field(&observations.value));
    let state = value.and_then(|field| field.missing.get(cells.get(&field.name)?));
    let withheld = state.is_some_and(|state| state == WITHHELD);
    PublicRow { place, table: table.table.clone(), key, cells, withheld }
}
