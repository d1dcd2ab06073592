//! Compares the fast scanner with `csv-core`: the same cells at the same bytes, however a file is cut into pieces.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::cuts::by_number;
use super::encoding::look;
use super::fuzzed::same_cells;
use super::pieces::Below;
use super::scan::walk_regular;
use super::{Label, Progress, RawTable, pieces};
use crate::diagnostic::{Source, Span};

/// The scanner and `csv-core` see the same cells of a file that is read in pieces of about `size` bytes.
fn table(file: &[u8], size: usize) -> Result<(), TestCaseError> {
    same_cells(file, size).map_err(TestCaseError::fail)
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
    run(strategy, seed, default, |(file, size)| table(&file, size));
}

fn run<S: Strategy>(strategy: S, seed: u8, default: u32, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config =
        Config { cases: if long() { default * 50 } else { default }, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    if let Err(error) = runner.run(&strategy, test) {
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

/// A table whose quotes are regular, as exporters write it, and what its cells hold.
fn regular() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<String>>)> {
    let texts = prop_oneof![
        3 => Just(String::new()), 3 => "[a-z]{1,9}", 2 => "[\",;\r\n a]{0,6}", 1 => "[a\"\n]{50,140}", 1 => "\\PC{0,30}"
    ];
    let cell = (texts, any::<bool>());
    let rows = proptest::collection::vec(proptest::collection::vec(cell, 3), 1..12);
    let breaks = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (rows, breaks, any::<bool>()).prop_map(|(rows, line_break, ends)| {
        let written = |(text, quoted): &(String, bool)| {
            let must = text.contains([',', '"', '\r', '\n']);
            if must || *quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.clone() }
        };
        // A row that is nothing but an empty cell would be blank; with three cells none is.
        let lines: Vec<String> = rows.iter().map(|row| row.iter().map(written).collect::<Vec<_>>().join(",")).collect();
        let end = if ends { line_break } else { "" };
        let texts = rows.into_iter().map(|row| row.into_iter().map(|(text, _)| text).collect()).collect();
        ((lines.join(line_break) + end).into_bytes(), texts)
    })
}

/// The quick way alone reads what is regular: from every cut that the number of quotes tells.
#[test]
fn regular_quotes_never_need_the_slow_reader() {
    let read = |file: &[u8], texts: &[Vec<String>], size: usize| {
        let seen = look(file);
        let targets = (1..).map(|n| n * size).take_while(|target| *target < file.len());
        let mut cuts = by_number(file, 0, targets, &seen);
        cuts.push(file.len());
        let mut found: Vec<Vec<String>> = Vec::new();
        for cut in cuts.windows(2) {
            let all = walk_regular(file, cut[0]..cut[1], b',', |row| {
                found.push((0..row.len()).map(|at| String::from_utf8_lossy(row.value(at)).into_owned()).collect());
            });
            prop_assert!(all, "in {:?}", cut);
        }
        prop_assert_eq!(found, texts);
        Ok(())
    };
    run((regular(), 1_usize..200), 3, 4_000, |((file, texts), size)| read(&file, &texts, size));
}

/// One quote astray is found by the quick way, wherever it is, and the whole table is read slowly.
#[test]
fn one_quote_astray_among_regular_ones_is_the_same_cells_too() {
    let astray = (regular(), 1_usize..200, any::<prop::sample::Index>());
    run(astray, 4, 4_000, |((mut file, _), size, at)| {
        file.insert(at.index(file.len()), b'"');
        table(&file, size)
    });
}

/// Rows that are no data may hold quotes astray: they do not shift what is quoted after them. What is between two such
/// rows here is regular also where inside and outside are taken for each other.
#[test]
fn quotes_in_rows_left_out_do_not_matter() {
    let rows = |times: usize| "1,\"\n\"\n".repeat(times);
    let (astray, labels) = ("in 5\" steps\n", "a,b\n");
    let file = [labels, &rows(3), astray, &rows(6), astray, &rows(3)].concat();
    let first = labels.len() + rows(3).len();
    let second = first + astray.len() + rows(6).len();
    let left_out = [first..first + astray.len(), second..second + astray.len()];
    let source = Arc::new(Source::new("t.csv", file.clone().into_bytes()));
    let label = |text: &str| Label { text: text.into(), span: Span::start_of(&source) };
    let table = RawTable { labels: vec![label("a"), label("b")], ..RawTable::empty(source.clone()) };
    for size in 1..file.len() {
        let below = Below { start: labels.len(), left_out: &left_out, size };
        let read = pieces::read(&table, &below, &look(file.as_bytes()), &Progress::silent());
        let cells: Vec<&str> = (0..read.rows).map(|row| read.columns[1].cell(row)).collect();
        assert_eq!(cells, ["\n"; 12], "in pieces of {size}");
    }
}

/// A file of several of the stretches that are looked at together.
#[test]
fn quotes_are_counted_through_a_long_file() {
    let file: Vec<u8> = (0..200_000_u32).map(|at| if at.wrapping_mul(at) % 7 < 2 { b'"' } else { b'a' }).collect();
    let (seen, mut odd) = (look(&file), false);
    for (at, byte) in file.iter().enumerate() {
        if at % 61 == 0 || at % (1 << 16) < 2 {
            assert_eq!(seen.odd_quotes(&file, at), odd, "before byte {at}");
        }
        odd ^= *byte == b'"';
    }
}
