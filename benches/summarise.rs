//! What summarising costs: one publication that states every combination of five dimensions in twenty years, checked in full,
//! against Polars adding up all 32 margins of the same file without a single check.
//!
//! `just bench-summarise` goes up to a million rows; `just bench-summarise --rows 10000000` adds that many. With `--alone` nothing
//! is added up beside it. The ratios are of processor time, because other programs may share the cores.

mod argument;
mod folder;
mod one_country;
mod published;
mod took;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use argument::argument;
use polars::prelude::{DataFrame, Int64Chunked, IntoColumn, NewChunkedArray, StringChunkedBuilder};
use tipbrief::diagnostic::{Diagnostics, Format};
use took::Took;

/// Rows, as years × sexes × ages × purposes × nationalities × provinces, are 80 times the product of the last three.
const SIZES: [(usize, [usize; 3]); 4] =
    [(10_000, [5, 5, 5]), (80_000, [10, 10, 10]), (100_000, [10, 25, 5]), (1_000_000, [10, 50, 25])];
const LARGEST: (usize, [usize; 3]) = (10_000_000, [10, 125, 100]);
/// The most rows of which the best of several runs is taken.
const QUICK: usize = 100_000;
const RUNS: usize = 5;

fn main() -> Result<()> {
    let asked: Option<usize> = argument("--rows");
    let largest = asked.is_some_and(|rows| rows >= LARGEST.0).then_some(LARGEST);
    let only = asked.filter(|rows| *rows < LARGEST.0);
    let alone = std::env::args().any(|argument| argument == "--alone");
    let mut grown: Vec<(usize, Took)> = Vec::new();
    println!(
        "{:>10} {:>26} {:>26} {:>8} {:>16}",
        "rows", "check (of processors)", "32 margins in Polars", "ratio", "most memory"
    );
    for (rows, sizes) in SIZES.into_iter().chain(largest).filter(|(rows, _)| only.is_none_or(|only| *rows <= only)) {
        let folder = tempfile::tempdir()?;
        let file = one_country::write(folder.path(), published::SOURCES)?.join("arrests.csv");
        published::write(&file, sizes)?;
        let runs = if rows > QUICK { 1 } else { RUNS };
        let watch = Watch::start();
        let checked = best(runs, || check(folder.path()))?;
        let memory = watch.end();
        let summed = if alone { None } else { Some(best(runs, || margins(&file, rows))?) };
        let ratio = summed.map_or_else(String::new, |summed| format!("{:.2}", times(checked, summed)));
        let summed = summed.map_or_else(String::new, shown);
        println!("{rows:>10} {:>26} {summed:>26} {ratio:>8} {memory:>13} MB", shown(checked));
        grown.push((rows, checked));
    }
    for ((one, few), (other, many)) in grown.iter().zip(grown.iter().skip(1)) {
        println!("{} times the rows take {:.1} times as long", other / one, times(*many, *few));
    }
    Ok(())
}

fn shown(took: Took) -> String {
    format!("{:.3?} ({:.2?})", took.clock, took.processors)
}

fn times(one: Took, other: Took) -> f64 {
    one.processors.as_secs_f64() / other.processors.as_secs_f64()
}

/// The run that took least of the processors.
fn best(runs: usize, run: impl Fn() -> Result<()>) -> Result<Took> {
    let all: Vec<Took> = (0..runs).map(|_| Took::once(&run)).collect::<Result<_>>()?;
    all.into_iter().min_by_key(|took| took.processors).context("nothing was measured")
}

/// All that `tipbrief check` does.
fn check(root: &Path) -> Result<()> {
    let mut found = Diagnostics::default();
    let outcome = tipbrief::check(root, &|_| (), &mut found);
    anyhow::ensure!(outcome.is_ok(), "the file is sound, but: {}", found.render(Format::Short));
    Ok(())
}

/// The file as a frame of text, and the sum of its counts over each choice of dimensions.
fn margins(file: &Path, rows: usize) -> Result<()> {
    let mut reader = csv::Reader::from_path(file)?;
    let labels: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let count = labels.iter().position(|label| label == "count").context("no counts")?;
    let text = |label: &String| StringChunkedBuilder::new(label.as_str().into(), rows);
    let (mut cells, mut counts): (Vec<_>, Vec<Option<i64>>) = (labels.iter().map(text).collect(), Vec::new());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        counts.push(record.get(count).and_then(|count| count.parse().ok()));
        cells.iter_mut().zip(&record).for_each(|(column, cell)| column.append_value(cell));
    }
    cells.remove(count);
    let counts = Int64Chunked::from_iter_options("count".into(), counts.into_iter()).into_column();
    let text = cells.into_iter().map(|cells| cells.finish().into_column());
    let frame = DataFrame::new(counts.len(), text.chain([counts]).collect())?;
    anyhow::ensure!(frame.height() == rows, "{} rows were read", frame.height());
    let mut sums = 0;
    for margin in 0..1_u32 << published::DIMENSIONS.len() {
        let kept = published::DIMENSIONS.iter().enumerate().filter(|(at, _)| margin >> at & 1 == 0);
        let by = ["period", "stage", "source"].into_iter().chain(kept.map(|(_, dimension)| *dimension));
        // What would be used instead is the lazy engine, which is not built here.
        #[allow(deprecated)]
        let summed = frame.group_by(by)?.select(["count"]).sum()?;
        sums += summed.height();
    }
    anyhow::ensure!(sums > rows, "the margins are missing");
    Ok(())
}

/// Watches how much memory of its own the process holds.
struct Watch {
    ends: std::sync::Arc<AtomicBool>,
    most: std::thread::JoinHandle<u64>,
}

impl Watch {
    fn start() -> Self {
        let ends = std::sync::Arc::new(AtomicBool::new(false));
        let seen = ends.clone();
        let most = std::thread::spawn(move || {
            let mut most = 0;
            while !seen.load(Ordering::Relaxed) {
                most = most.max(resident().unwrap_or(0));
                std::thread::sleep(Duration::from_millis(10));
            }
            most
        });
        Self { ends, most }
    }

    /// The most so far, in MB; the map of the file is not counted.
    fn end(self) -> u64 {
        self.ends.store(true, Ordering::Relaxed);
        self.most.join().unwrap_or(0)
    }
}

fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1000)
}
