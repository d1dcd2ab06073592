//! What checking costs: a register of many rows, read and checked in full, against counting its records only.
//! Prints a ratio of two times taken in one run on the same bytes; absolute times mean nothing on shared machines.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tipbrief::country::{Country, TableFile};
use tipbrief::diagnostic::Diagnostics;
use tipbrief::project::Project;

const ROWS: usize = 1_000_000;
const RUNS: usize = 5;

fn main() -> Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut diagnostics = Diagnostics::default();
    let project = Project::load(root, &mut diagnostics)?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("victims.csv"), register())?;
    std::fs::write(folder.path().join("sources.csv"), SOURCES)?;
    let country = country();
    let (mut plain, mut checked) = (Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let start = Instant::now();
        let bytes = std::fs::read(folder.path().join("victims.csv"))?;
        let records = count(&bytes);
        plain = plain.min(start.elapsed());
        anyhow::ensure!(records == ROWS + 1, "the plain reader saw {records} records");
        let start = Instant::now();
        let mut faults = Diagnostics::default();
        let tables = tipbrief::ingest::ingest(folder.path(), std::slice::from_ref(&country), &mut faults)?;
        let dataset = tipbrief::validate::validate(tables, &project.schemas, &mut faults)?;
        checked = checked.min(start.elapsed());
        let rows = dataset.table("victims").context("the register did not pass")?.height();
        anyhow::ensure!(rows == ROWS && !faults.failed(), "the register did not pass whole");
    }
    println!("{ROWS} rows, best of {RUNS} runs");
    println!("records counted only   {plain:>10.3?}");
    println!("read and checked       {checked:>10.3?}");
    println!("ratio                  {:>10.2}", checked.as_secs_f64() / plain.as_secs_f64());
    Ok(())
}

const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    desk,Case register,The desk,,,,register,,,2015/2024,,\n";

fn register() -> String {
    let mut text =
        String::from("period,status,sex,age_group,purpose,nationality,found_in,count,qualifier,source,note,case_id\n");
    for row in 0..ROWS {
        let (year, sex) = (2015 + row % 10, ["female", "male"][row % 2]);
        let (age, purpose) = (["0-17", "18+"][row / 2 % 2], ["forced_labour", "sexual_exploitation"][row / 4 % 2]);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{year},identified,{sex},{age},{purpose},LAO,LAO,1,,desk,,C{row}");
    }
    text
}

fn country() -> Country {
    let file = |table: &str, register| TableFile { table: table.into(), path: format!("{table}.csv"), register };
    Country {
        iso3: "LAO".into(),
        name: String::new(),
        official: String::new(),
        neighbours: Vec::new(),
        milestones: Vec::new(),
        same: Vec::new(),
        tables: vec![file("sources", false), file("victims", true)],
        narratives: Vec::new(),
    }
}

/// Counts records with the same parser and does nothing else.
fn count(bytes: &[u8]) -> usize {
    let mut reader = csv_core::Reader::new();
    let (mut output, mut ends, mut at, mut records) = ([0; 4096], [0; 64], 0, 0);
    loop {
        let (result, read, _, _) = reader.read_record(&bytes[at..], &mut output, &mut ends);
        at += read;
        match result {
            csv_core::ReadRecordResult::Record => records += 1,
            csv_core::ReadRecordResult::End => return records,
            _ => {}
        }
    }
}
