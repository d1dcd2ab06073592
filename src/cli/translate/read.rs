//! A sheet that comes back from its reader: CSV as spreadsheets save it, or a workbook.

use std::path::Path;

use anyhow::Result;

use super::COLUMNS;
use crate::delivery::publish::is_formula;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::tables::ingest::{RawTable, ingest_sheet};

/// One row of a sheet.
pub(super) struct Entry {
    pub place: String,
    pub original: String,
    pub translation: String,
    pub correction: String,
    /// Where the correction stands.
    pub span: Span,
}

/// Reads a sheet. Faults in how it is written are in `diagnostics`.
///
/// # Errors
/// When the file cannot be read at all.
pub(super) fn read(path: &Path, diagnostics: &mut Diagnostics) -> Result<Vec<Entry>> {
    let table = ingest_sheet(path, &COLUMNS, diagnostics)?;
    let mut columns = Vec::new();
    for label in COLUMNS {
        match table.column(label) {
            Some(column) => columns.push(column),
            None if diagnostics.failed() => {}
            None => diagnostics.push(missing(&table, label)),
        }
    }
    let &[place, original, translation, correction] = columns.as_slice() else { return Ok(Vec::new()) };
    long_rows(&table).into_iter().for_each(|fault| diagnostics.push(fault));
    let places: Vec<_> = (0..table.rows)
        .flat_map(|row| [place, original, translation, correction].map(|column| (row, Some(column))))
        .collect();
    let (texts, spans) = (table.written(&places), table.spans(&places));
    let cell = |row, column| texts.get(&(row, Some(column))).map(|text| plain(text)).unwrap_or_default();
    let entry = |row| {
        Some(Entry {
            place: cell(row, place),
            original: cell(row, original),
            translation: cell(row, translation),
            correction: cell(row, correction),
            span: spans.get(&(row, Some(correction)))?,
        })
    };
    let entries = (0..table.rows).filter_map(entry);
    Ok(entries.filter(|entry| !(entry.place.is_empty() && entry.correction.is_empty())).collect())
}

/// A cell as it was meant: without blanks around it, with the usual line ends, and without the apostrophe that keeps a
/// spreadsheet from computing it.
pub(super) fn plain(cell: &str) -> String {
    let cell = cell.trim().replace("\r\n", "\n").replace('\r', "\n");
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest.to_owned(),
        _ => cell,
    }
}

fn missing(table: &RawTable, label: &str) -> Diagnostic {
    let message = format!("the sheet has no column `{label}`");
    let hint = format!("its first row must be `{}`, as `tipbrief translate --sheet` writes it", COLUMNS.join(","));
    Diagnostic::error(Code::MissingLabel, table.head(), message).hint(hint)
}

/// A fault for each row with more cells than labels: a comma in it is not in quotes, and the text is torn apart.
fn long_rows(table: &RawTable) -> Vec<Diagnostic> {
    let labels = table.labels.len();
    let mut faults = Vec::new();
    for run in table.irregular.iter().filter(|run| run.cells > labels) {
        let places: Vec<_> = (run.row..run.row + run.rows).map(|row| (row, None)).collect();
        let spans = table.spans(&places);
        let message = format!("the row has {} cells; {labels} are expected", run.cells);
        let hint = "put a text with commas in quotes, and double every quote inside it";
        let fault = |span| Diagnostic::error(Code::ExtraCell, span, message.clone()).hint(hint);
        faults.extend(places.iter().filter_map(|place| spans.get(place)).map(fault));
    }
    faults
}
