//! What checking costs: a register of ten million cases, checked in full and summarised, against two ways of merely reading
//! it. Prints ratios of times taken in one run on the same file; absolute times mean nothing on shared machines.
//!
//! `just bench-read` runs it; `just bench-read --rows 1000000` on fewer rows.

mod register;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tipbrief::diagnostic::{Diagnostics, Format};

const ROWS: usize = 10_000_000;
const RUNS: usize = 3;
const SEED: u64 = 2007;

const SOURCES: &str = "id,title,publisher,published,accessed,url,role,rank,origin,covers,complete,note\n\
    case_register,Case register,The desk,,,,register,,,2015/2024,,\n";

fn main() -> Result<()> {
    let rows = rows();
    let folder = tempfile::tempdir()?;
    let file = project(folder.path())?;
    register::write(&file, rows, SEED, None)?;
    println!("{rows} rows of a case register, {} MB; best of {RUNS} runs each", fs::metadata(&file)?.len() / 1_000_000);
    let lines = best(|| read_lines(&file))?;
    let records = best(|| read_records(&file))?;
    let checked = best(|| check(folder.path(), 0))?;
    let memory = resident();
    let explained = best(|| explain(folder.path()))?;
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
    register::write(&file, rows, SEED, Some(10))?;
    let faulty = best(|| check(folder.path(), rows.div_ceil(10)))?;
    println!(
        "a fault in every tenth row, each another, found and written out: {:.2} times the clean run",
        ratio(faulty, checked)
    );
    Ok(())
}

fn row(what: &str, time: Duration, checked: Duration) {
    println!("{what:<48} {time:>10.3?}   check takes {:>5.2} times that", ratio(checked, time));
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// The number after `--rows`.
fn rows() -> usize {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--rows").skip(1);
    arguments.next().and_then(|rows| rows.parse().ok()).unwrap_or(ROWS)
}

/// The declarations of the repository with one country, whose register is to be written at the path returned.
fn project(root: &Path) -> Result<std::path::PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["data/schemas", "data/indicators", "data/text", "templates"] {
        copy(&repository.join(folder), &root.join(folder))?;
    }
    fs::copy(repository.join("data/report.toml"), root.join("data/report.toml"))?;
    let country = root.join("data/countries/LAO");
    fs::create_dir_all(country.join("register"))?;
    fs::write(country.join("country.toml"), "name = \"Laos\"\n")?;
    fs::write(country.join("sources.csv"), SOURCES)?;
    Ok(country.join("register/cases.csv"))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, target) = (entry?.path(), to.to_owned());
        let target = target.join(path.file_name().context("a file without a name")?);
        if path.is_dir() { copy(&path, &target)? } else { fs::copy(&path, &target).map(drop)? }
    }
    Ok(())
}

fn best(run: impl Fn() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
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
