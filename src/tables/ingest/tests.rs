//! Compares the fast scanner with `csv-core`: the same cells at the same bytes, however a file is cut into pieces.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::fuzzed::same_cells as table;

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
    if let Err(error) = runner.run(&strategy, |(file, size)| table(&file, size).map_err(TestCaseError::fail)) {
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
