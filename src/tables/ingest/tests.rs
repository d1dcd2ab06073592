//! Compares the fast scanner with `csv-core`: the same cells at the same bytes, however a file is cut into pieces.
//!
//! The reference runs one `csv_core::Reader` over the whole file with `read_field`, which returns how many bytes it took,
//! and adds the blank rows, which `csv-core` skips.

use std::ops::Range;
use std::sync::Arc;

use csv_core::{ReadFieldResult, ReaderBuilder};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::encoding::look;
use super::scan::{quoting, walk};
use super::{Label, Piece, Progress, RawTable, pieces};
use crate::diagnostic::{Source, Span};

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
            ReadFieldResult::OutputFull => panic!("the buffer is as large as the file"),
            ReadFieldResult::End => return rows,
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
    let open = cell.first() == Some(&b'"') && quoting(cell) == Some(super::scan::Quoting::Open);
    usize::from(!open && matches!(cell.last(), Some(b'\n' | b'\r')))
}

/// The rows as the scanner sees them, piece by piece.
fn scanned(file: &[u8], pieces: &[Range<usize>], delimiter: u8) -> Vec<Row> {
    let mut rows = Vec::new();
    for piece in pieces {
        walk(file, piece.clone(), delimiter, |row| {
            let cell = |at| (row.raw(at), row.value(at).to_vec());
            rows.push((row.start, (0..row.len()).map(cell).collect()));
        });
    }
    rows
}

/// The whole way of a file: its labels, then its rows in pieces of about `size` bytes, then the places of all cells.
fn table(file: &[u8], size: usize) -> Result<(), TestCaseError> {
    let first = pieces::first_row(file, super::encoding::bom(file), Some(b';'));
    let (delimiter, seen) = (first.delimiter, look(file));
    let source = Arc::new(Source::new("t.csv", file.to_vec()));
    let mut expected = reference(file, first.bytes.start, delimiter);
    let body = expected.split_off(usize::from(!expected.is_empty()));
    let label = |(range, value): &(Range<usize>, Vec<u8>)| Label {
        text: String::from_utf8_lossy(value).into_owned(),
        span: Span::new(&source, range.clone()),
    };
    let labels: Vec<Label> = expected.iter().flat_map(|(_, cells)| cells).map(label).collect();
    prop_assert_eq!(&scanned(file, std::slice::from_ref(&first.bytes), delimiter), &expected);
    let cut = pieces::split(file, first.bytes.end, delimiter, seen, size);
    prop_assert_eq!(&scanned(file, &cut, delimiter), &body, "in pieces {:?}", &cut);
    let width = labels.len();
    let mut table = RawTable { labels, delimiter, ..RawTable::empty(source) };
    let read = pieces::read(&table, &cut, seen, &Progress::silent());
    (table.columns, table.rows, table.pieces) = (read.columns, read.rows, read.pieces);
    prop_assert_eq!(table.rows, body.len());
    prop_assert_eq!(table.pieces.iter().map(|piece: &Piece| piece.bytes.clone()).collect::<Vec<_>>(), cut);
    cells(&table, &body, width)
}

/// Every cell has the expected value, and is found at its place.
fn cells(table: &RawTable, body: &[Row], width: usize) -> Result<(), TestCaseError> {
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
            prop_assert_eq!(table.columns[column].cell(row), text);
        }
        prop_assert_eq!(spans.get(&(row, Some(column))).map(|span| span.start()), Some(at));
    }
    Ok(())
}

/// Bytes as CSV files hold them, and as only an unlucky one does.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let mark = |bytes: &'static [u8]| Just(bytes.to_vec());
    let marks = prop_oneof![
        4 => mark(b","), 4 => mark(b"\""), 3 => mark(b"\n"), 3 => mark(b"\r\n"), 2 => mark(b"\r"), 2 => mark(b"\"\""),
        2 => mark(b","), 2 => mark(b",\""), 2 => mark(b"\","), 1 => mark(b"\"\n"), 1 => mark(b"\n\""), 1 => mark(b";"),
        1 => mark(b"\0"), 1 => mark(b"\xef\xbb\xbf"), 1 => mark(b"\xef\xbb\xbf\""), 1 => mark(b"\xff"), 1 => mark(b" "),
    ];
    let words = prop_oneof![
        4 => mark(b"a"), 2 => mark(b"2023"), 2 => mark("ລາວ".as_bytes()), 1 => mark("\u{1f600}".as_bytes()),
        // About as long as the blocks that are searched at once, so that their borders fall everywhere.
        2 => (50_usize..80).prop_map(|length| vec![b'x'; length]),
        1 => (120_usize..260).prop_map(|length| "é".repeat(length).into_bytes()),
    ];
    proptest::collection::vec(prop_oneof![3 => marks, 1 => words], 0..60).prop_map(|parts| parts.concat())
}

/// Whether `just test-long` runs.
fn long() -> bool {
    std::env::var_os("TIPBRIEF_LONG").is_some()
}

fn hold(strategy: impl Strategy<Value = (Vec<u8>, usize)>, seed: u8, default: u32) {
    let config =
        Config { cases: if long() { default * 50 } else { default }, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    if let Err(error) = runner.run(&strategy, |(file, size)| table(&file, size)) {
        panic!("{error}");
    }
}

#[test]
fn the_scanner_and_csv_core_see_the_same_cells() {
    hold((bytes(), 1_usize..200), 1, 20_000);
}

#[test]
fn arbitrary_bytes_are_the_same_cells_too() {
    hold((proptest::collection::vec(any::<u8>(), 0..300), 1_usize..100), 2, 4_000);
}

#[test]
fn every_short_file_of_marks_is_the_same_cells() {
    const MARKS: [&[u8]; 6] = [b",", b"\"", b"\n", b"\r", b"a", b"\xef\xbb\xbf"];
    for length in 0..=if long() { 7 } else { 5 } {
        for mut number in 0..MARKS.len().pow(length) {
            let mut file = Vec::new();
            for _ in 0..length {
                file.extend_from_slice(MARKS[number % MARKS.len()]);
                number /= MARKS.len();
            }
            for size in [1, 2, 5] {
                if let Err(error) = table(&file, size) {
                    panic!("{:?} in pieces of {size}: {error}", String::from_utf8_lossy(&file));
                }
            }
        }
    }
}
