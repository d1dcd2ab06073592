//! The texts of the events in the tables of countries, as the product reads them: CSV of any dialect, or a workbook.

use anyhow::Result;

use crate::diagnostic::{Diagnostics, Span};
use crate::document::bind::EVENTS;
use crate::project::Project;
use crate::project::country::Country;
use crate::project::text::Key;
use crate::tables::ingest::{RawTable, ingest};

/// A text of the default language, with its place where it stands in one.
pub(super) struct Original {
    pub value: String,
    pub span: Option<Span>,
}

/// The texts of events, by the keys of a catalogue. Of several rows of an event the first counts.
///
/// # Errors
/// When a table cannot be read.
pub(super) fn originals(project: &Project) -> Result<Vec<(Key, Original)>> {
    let only = |country: &Country| {
        let mut country = country.clone();
        country.tables.retain(|file| file.table == EVENTS);
        country
    };
    let countries: Vec<Country> = project.countries.iter().map(only).collect();
    // What is wrong in a table is for `check` to say; its texts only stand beside their translations here.
    let tables = ingest(&project.root, &countries, &project.schemas, &|_, _| (), &mut Diagnostics::default())?;
    Ok(tables.iter().flat_map(of_table).rev().collect())
}

/// The texts of a table with their places, in its order.
fn of_table(table: &RawTable) -> Vec<(Key, Original)> {
    let (Some((_, ids)), Some((at, texts))) = (table.cells("id"), table.cells("text")) else { return Vec::new() };
    let places: Vec<_> = (0..table.own_rows()).map(|row| (row, Some(at))).collect();
    let spans = table.spans(&places);
    let original = |(row, column): &(usize, Option<usize>)| {
        let key = [EVENTS, &table.country, ids.cell(*row)].map(str::to_owned).to_vec();
        (key, Original { value: texts.cell(*row).to_owned(), span: spans.get(&(*row, *column)) })
    };
    places.iter().map(original).collect()
}
