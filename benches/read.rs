//! What checking costs: a register of ten million cases, checked in full and summarised, against two ways of merely reading
//! it; then the same register as various programs write it, against Polars, with how the time grows over eight times the rows.
//! Prints ratios of times taken in one run on the same file; absolute times mean nothing on shared machines.
//!
//! `just bench-read` runs it; `just bench-read --rows 1000000` on fewer rows, `just bench-read --only quoted` on some forms alone.

mod argument;
mod best;
mod folder;
mod one_country;
mod register;
mod rival;
mod took;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use argument::argument;
use best::{best, ratio};
use register::{Form, Quoted};
use rival::Rival;
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::tables::ingest::ingest_file;
use took::Took;

const ROWS: usize = 10_000_000;
const RUNS: usize = 3;
const TURNS: usize = 5;
const SEED: u64 = 2007;

const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    case_register,Case register,The desk,,,,register,,,2015/2024,,\n";

fn main() -> Result<()> {
    let rows = argument("--rows").unwrap_or(ROWS);
    let only: Option<String> = argument("--only");
    let folder = tempfile::tempdir()?;
    let country = one_country::write(folder.path(), SOURCES)?;
    fs::create_dir_all(country.join("register"))?;
    let file = country.join("register/cases.csv");
    if only.is_none() {
        plain(folder.path(), &file, rows)?;
    }
    forms(folder.path(), &file, rows, only.as_deref())
}

/// The plain register, read in several ways.
fn plain(root: &Path, file: &Path, rows: usize) -> Result<()> {
    register::write(file, rows, SEED, None, &Form::PLAIN)?;
    println!("{rows} rows of a case register, {} MB; best of {RUNS} runs each", fs::metadata(file)?.len() / 1_000_000);
    let lines = best(RUNS, || read_lines(file))?;
    let records = best(RUNS, || read_records(file))?;
    let checked = best(RUNS, || check(root, 0))?;
    let memory = resident();
    let explained = best(RUNS, || explain(root))?;
    row("reading the file and counting its newlines", lines, checked);
    row("csv byte records over the same bytes, one core", records, checked);
    row("tipbrief check, all rules and the summaries", checked, checked);
    println!(
        "check, then a figure of it traced to rule, filter and sources {explained:>10.3?}: lineage costs {:.1} % of the run",
        (ratio(explained, checked) - 1.0).max(0.0) * 100.0
    );
    if let Some(memory) = memory {
        println!("most memory resident, the map of the file not counted: {memory} MB");
    }
    register::write(file, rows, SEED, Some(10), &Form::PLAIN)?;
    let faulty = best(RUNS, || check(root, rows.div_ceil(10)))?;
    println!(
        "a fault in every tenth row, each another, found and written out: {:.2} times the clean run",
        ratio(faulty, checked)
    );
    Ok(())
}

/// The register as various programs write it.
const FORMS: [Form; 11] = [
    Form { name: "no quotes", ..Form::PLAIN },
    Form { name: "one field quoted (empty cells, as Polars writes them)", quoted: Quoted::Empty, ..Form::PLAIN },
    Form { name: "every field quoted", quoted: Quoted::All, ..Form::PLAIN },
    Form { name: "every field quoted, doubled quotes in each row", quoted: Quoted::Doubled, ..Form::PLAIN },
    Form { name: "no quotes, CRLF", line_break: "\r\n", ..Form::PLAIN },
    Form { name: "every field quoted, CRLF", quoted: Quoted::All, line_break: "\r\n", ..Form::PLAIN },
    Form { name: "no quotes, CR only", line_break: "\r", ..Form::PLAIN },
    Form { name: "semicolons", delimiter: b';', ..Form::PLAIN },
    Form { name: "tabs", delimiter: b'\t', ..Form::PLAIN },
    Form { name: "UTF-16 (Polars decodes the whole file first)", utf16: true, ..Form::PLAIN },
    Form { name: "notes of 400 bytes", note: 400, ..Form::PLAIN },
];

/// Sixty more columns, which no schema knows: read, not checked.
const WIDE: Form = Form { name: "69 columns, only read", more: 60, ..Form::PLAIN };

fn forms(root: &Path, file: &Path, rows: usize, only: Option<&str>) -> Result<()> {
    let mut rival = Rival::start();
    match &rival {
        Some(rival) => println!(
            "\ncheck against a scan and group-by of five columns by Polars (version, threads: {}), nothing checked; medians of {TURNS} in turn",
            rival.version
        ),
        None => println!("\nPython has no Polars: only the growth is measured"),
    }
    let is_asked = |form: &&Form| only.is_none_or(|only| form.name.contains(only));
    for form in FORMS.iter().chain([&WIDE]).filter(is_asked) {
        let rows = if form.more + form.note > 0 { rows / 8 } else { rows };
        let (small, _) = times(root, file, rows / 8, form, None)?;
        let (large, other) = times(root, file, rows, form, rival.as_mut())?;
        let of = |took: fn(&Took) -> Duration, other: &Took| ratio(took(&large), took(other));
        let against = |other: Took| {
            let (clock, processors) = (of(|took| took.clock, &other), of(|took| took.processors, &other));
            format!("{clock:.2} times Polars ({processors:.2} of processor time), ")
        };
        let (against, growth) = (other.map_or(String::new(), against), of(|took| took.processors, &small));
        println!(
            "{:<54} {:>8.3?}: {against}8-fold rows take {growth:.1} times the processor time",
            form.name, large.clock
        );
    }
    Ok(())
}

/// What checking a register takes, and Polars over the same file: medians.
fn times(
    root: &Path,
    file: &Path,
    rows: usize,
    form: &Form,
    mut rival: Option<&mut Rival>,
) -> Result<(Took, Option<Took>)> {
    register::write(file, rows, SEED, None, form)?;
    let encoding = if form.utf16 { "encoding = \"utf-16le\"\n" } else { "" };
    let dialect = format!("[dialect]\ndelimiter = \"{}\"\n", char::from(form.delimiter).escape_default());
    fs::write(root.join("data/countries/LAO/country.toml"), format!("name = \"Laos\"\n{encoding}{dialect}"))?;
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        own.push(Took::once(|| if form.more > 0 { read(file, rows) } else { check(root, 0) })?);
        if let Some(rival) = &mut rival {
            others.push(rival.read(file, form, rows)?);
        }
    }
    Ok((median(&own).context("nothing was measured")?, median(&others)))
}

fn median(times: &[Took]) -> Option<Took> {
    let of = |took: fn(&Took) -> Duration| {
        let mut times: Vec<Duration> = times.iter().map(took).collect();
        times.sort_unstable();
        times.get(times.len() / 2).copied()
    };
    Some(Took { clock: of(|took| took.clock)?, processors: of(|took| took.processors)? })
}

/// Reads a file, and checks nothing in it.
fn read(file: &Path, rows: usize) -> Result<()> {
    let mut found = Diagnostics::default();
    let table = ingest_file(Path::new(""), file, &mut found)?;
    anyhow::ensure!(table.rows == rows, "{} rows were read, not {rows}", table.rows);
    Ok(())
}

fn row(what: &str, time: Duration, checked: Duration) {
    println!("{what:<48} {time:>10.3?}   check takes {:>5.2} times that", ratio(checked, time));
}

/// All that `tipbrief check` does, its findings written out.
fn check(root: &Path, faults: usize) -> Result<()> {
    let mut found = Diagnostics::default();
    let outcome = tipbrief::check(root, &|_| (), &mut found);
    let text = found.render(Format::Short);
    fs::write(root.join("findings.txt"), &text)?;
    anyhow::ensure!(outcome.is_ok() == (faults == 0), "the file is not what it was made to be");
    let named = text.lines().count();
    anyhow::ensure!(named == faults, "{named} findings where {faults} faults were made");
    Ok(())
}

/// The same, and then where one of its figures comes from.
fn explain(root: &Path) -> Result<()> {
    let query = ["LAO/cases_reported", "year=2020"].map(str::to_owned);
    let answer = tipbrief::explain(root, &query, &|_| (), &mut Diagnostics::default())?;
    anyhow::ensure!(answer.figures.len() == 1, "the figure is not the one asked for");
    Ok(())
}

fn read_lines(path: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    let lines = memchr::memchr_iter(b'\n', &bytes).count();
    anyhow::ensure!(lines > 0, "no line was read");
    Ok(())
}

fn read_records(path: &Path) -> Result<()> {
    let bytes = fs::read(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let (mut record, mut records) = (csv::ByteRecord::new(), 0_usize);
    while reader.read_byte_record(&mut record)? {
        records += 1;
    }
    anyhow::ensure!(records > 0, "no record was read");
    Ok(())
}

/// The most memory of its own that this process ever held, in MB, where the system tells.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = |key: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((value("RssAnon:")?) / 1000)
}
