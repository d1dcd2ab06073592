//! The report of a panic is tested where one can be planted, in `src/diagnostic/bug`. Here: the shipped program has no such switch.

use std::fs;
use std::path::Path;

use crate::project::REPOSITORY;

#[test]
fn nothing_can_be_planted_in_the_program() {
    let program = fs::read(env!("CARGO_BIN_EXE_tipbrief")).expect("the program");
    let source = fs::read_to_string(Path::new(REPOSITORY).join("src/diagnostic/bug/point.rs")).expect("a source file");
    let names = ["TIPBRIEF_PLANTED", "these are words of a register"];
    for name in names {
        assert!(source.contains(name), "`{name}` is what the tests plant by");
        assert!(memchr::memmem::find(&program, name.as_bytes()).is_none(), "the program knows `{name}`");
    }
}

#[test]
fn a_panic_unwinds_so_that_it_can_be_caught() {
    let manifest = fs::read_to_string(Path::new(REPOSITORY).join("Cargo.toml")).expect("a manifest");
    let sets =
        |line: &str| line.split_once('=').is_some_and(|(key, value)| key.trim() == "panic" && value.contains("abort"));
    assert!(!manifest.lines().any(sets), "an aborting program loses every country");
}
