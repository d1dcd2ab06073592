//! What holds of every table, whatever is in its file: the fast scanner sees the cells that `csv-core` sees, and a sheet's cells
//! are where it says. The fuzz targets and the tests ask for it.
//!
//! The reference runs one `csv_core::Reader` over the whole file with `read_field`, which returns how many bytes it took,
//! and adds the blank rows, which `csv-core` skips.

use std::fmt::Debug;
use std::io::{Cursor, Write as _};
use std::ops::Range;
use std::sync::Arc;

use csv_core::{ReadFieldResult, ReaderBuilder};
use memchr::memmem;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::encoding::look;
use super::pieces::Below;
use super::quoting::{Quoting, quoting};
use super::scan::walk;
use super::{Country, Label, Piece, Progress, RawTable, TableFile, encoding, pieces, read};
use crate::diagnostic::{Diagnostic, Source, Span};

/// The names of workbooks of the kinds that are archives.
const ARCHIVES: [&str; 3] = ["cases.xlsx", "cases.ods", "cases.xlsb"];

/// Reads a file as a table of CSV, and returns what is found in it.
pub(crate) fn of_csv(file: &[u8]) -> Vec<Diagnostic> {
    of_name("cases.csv", file).1
}

/// What stands before the name of each part, where a package is written as text.
const PART: &[u8] = b"\n--- ";

/// Reads a file as the workbook that it is; one that is none as the parts of a package, since few damaged packages can be opened.
///
/// # Errors
/// Where a cell is not where the sheet says.
pub(crate) fn of_workbook(file: &[u8]) -> Result<Vec<Diagnostic>, String> {
    let older = file.starts_with(b"\xd0\xcf\x11\xe0");
    let whole = older || file.starts_with(b"PK");
    let packed = if whole { file.to_vec() } else { packed(file).map_err(|error| error.to_string())? };
    let mut found = Vec::new();
    for name in if older { &["cases.xls"] } else { &ARCHIVES[..] } {
        let (table, faults) = of_name(name, &packed);
        on_the_grid(&table.source)?;
        found.extend(faults);
    }
    Ok(found)
}

/// The bytes of a delivered file of that name: a workbook that is none as a package of its parts.
///
/// # Errors
/// Where they cannot be packed.
pub(crate) fn packaged(name: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let archive = [".xlsx", ".ods", ".xlsb"].iter().any(|ending| name.ends_with(ending));
    if archive && !content.starts_with(b"PK") {
        return packed(content).map_err(|error| error.to_string());
    }
    Ok(content.to_vec())
}

/// A package of these parts, each a line with its name, and its content.
fn packed(mut parts: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    while let Some((name, rest)) =
        parts.iter().position(|byte| *byte == b'\n').and_then(|at| parts.split_at_checked(at))
    {
        let (content, after) = rest.split_at(memmem::find(rest, PART).unwrap_or(rest.len()));
        // A second part of the same name is left out.
        if package.start_file(String::from_utf8_lossy(name), stored).is_ok() {
            package.write_all(content.strip_prefix(b"\n").unwrap_or_default())?;
        }
        parts = after.strip_prefix(PART).unwrap_or_default();
    }
    Ok(package.finish()?.into_inner())
}

fn of_name(name: &str, file: &[u8]) -> (RawTable, Vec<Diagnostic>) {
    let labels = ["period", "count", "source"].map(str::to_owned).into();
    let file_of = TableFile { table: "cases".to_owned(), path: name.to_owned(), register: false, labels };
    read(&Country::nowhere(), &file_of, file.to_vec().into(), &Progress::silent())
}

/// Each cell of a sheet's text begins where the sheet says.
fn on_the_grid(source: &Source) -> Result<(), String> {
    let Some(sheet) = &source.sheet else { return Ok(()) };
    let mut starts = Vec::new();
    walk(&source.bytes, 0..source.bytes.len(), b',', |row| match row.len() {
        0 => starts.push(row.start()),
        cells => starts.extend((0..cells).map(|at| row.raw(at).start)),
    });
    same("the cells of a sheet", &starts, &sheet.cells)
}

fn same<T: PartialEq + Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} differ:\n{found:?}\n{expected:?}")) }
}

/// A row: where it starts, and for each cell its bytes in the file and what it says.
type Row = (usize, Vec<(Range<usize>, Vec<u8>)>);

/// The rows as `csv-core` sees them, from `start`, at which a row starts.
fn reference(file: &[u8], start: usize, delimiter: u8) -> Vec<Row> {
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    // `csv-core` skips a byte order mark before its first byte. This byte is the first, so none is skipped in a row.
    reader.read_field(b"\n", &mut [0; 8]);
    let (mut rows, mut cells, mut out) = (Vec::new(), Vec::new(), vec![0; file.len() + 8]);
    let (mut at, mut row, mut cell, mut written) = (start, start, start, 0);
    loop {
        if cells.is_empty() && cell == at {
            (row, at) = blanks(file, at, &mut rows);
            cell = at;
        }
        let (result, read, wrote) = reader.read_field(&file[at..], &mut out[written..]);
        (at, written) = (at + read, written + wrote);
        match result {
            ReadFieldResult::InputEmpty => {}
            // The buffer is as large as the file.
            ReadFieldResult::OutputFull | ReadFieldResult::End => return rows,
            ReadFieldResult::Field { record_end } => {
                let end = if record_end { record_break(&file[cell..at]) } else { 1 };
                cells.push((cell..at - end, out[..written].to_vec()));
                (cell, written) = (at, 0);
                if record_end {
                    rows.push((row, std::mem::take(&mut cells)));
                    at += usize::from(end == 1 && file[at - 1] == b'\r' && file.get(at) == Some(&b'\n'));
                    cell = at;
                }
            }
        }
    }
}

/// The blank rows before the next one that holds something; where that one starts.
fn blanks(file: &[u8], mut at: usize, rows: &mut Vec<Row>) -> (usize, usize) {
    while let Some(b'\n' | b'\r') = file.get(at) {
        rows.push((at, Vec::new()));
        at += if file[at..].starts_with(b"\r\n") { 2 } else { 1 };
    }
    (at, at)
}

/// How many bytes of a row's last cell are the break after it: none where the file ends first.
fn record_break(cell: &[u8]) -> usize {
    let open = cell.first() == Some(&b'"') && quoting(cell) == Some(Quoting::Open);
    usize::from(!open && matches!(cell.last(), Some(b'\n' | b'\r')))
}

/// The rows as the scanner sees them, piece by piece.
fn scanned(file: &[u8], pieces: &[Range<usize>], delimiter: u8) -> Vec<Row> {
    let mut rows = Vec::new();
    for piece in pieces {
        walk(file, piece.clone(), delimiter, |row| {
            let cell = |at| (row.raw(at), row.value(at).to_vec());
            rows.push((row.start(), (0..row.len()).map(cell).collect()));
        });
    }
    rows
}

/// The whole way of a file: its labels, then its rows in pieces of about `size` bytes, then the places of all cells.
pub(crate) fn same_cells(file: &[u8], size: usize) -> Result<(), String> {
    let first = pieces::first_row(file, encoding::bom(file), Some(b';'));
    let (delimiter, seen) = (first.delimiter, look(file));
    let source = Arc::new(Source::new("t.csv", file.to_vec()));
    let mut expected = reference(file, first.bytes.start, delimiter);
    let body = expected.split_off(usize::from(!expected.is_empty()));
    let label = |(range, value): &(Range<usize>, Vec<u8>)| Label {
        text: String::from_utf8_lossy(value).into_owned(),
        span: Span::new(&source, range.clone()),
    };
    let labels: Vec<Label> = expected.iter().flat_map(|(_, cells)| cells).map(label).collect();
    same("the labels", &scanned(file, std::slice::from_ref(&first.bytes), delimiter), &expected)?;
    let width = labels.len();
    let mut table = RawTable { labels, delimiter, ..RawTable::empty(source) };
    let below = Below { start: first.bytes.end, left_out: &[], size };
    let read = pieces::read(&table, &below, &seen, &Progress::silent());
    (table.columns, table.rows, table.pieces) = (read.columns, read.rows, read.pieces);
    let cut: Vec<_> = table.pieces.iter().map(|piece: &Piece| piece.bytes.clone()).collect();
    same("the rows", &scanned(file, &cut, delimiter), &body)?;
    same("the number of rows", &table.rows, &body.len())?;
    cells(&table, &body, width)
}

/// Every cell has the expected value, and is found at its place.
fn cells(table: &RawTable, body: &[Row], width: usize) -> Result<(), String> {
    let places: Vec<_> = (0..body.len()).flat_map(|row| (0..width).map(move |column| (row, Some(column)))).collect();
    let spans = table.spans(&places);
    for (row, column) in places {
        let column = column.unwrap_or_default();
        let (_, cells) = &body[row];
        let (text, at) = match cells.get(column) {
            Some((range, value)) => (String::from_utf8_lossy(value).into_owned(), range.start),
            None => (String::new(), cells.last().map_or(body[row].0, |(range, _)| range.end)),
        };
        if table.columns[column].coded() {
            same("a cell", &table.columns[column].cell(row), &text.as_str())?;
        }
        same("the place of a cell", &spans.get(&(row, Some(column))).map(|span| span.start()), &Some(at))?;
    }
    Ok(())
}
