//! What summarising costs: one publication that states every combination of five dimensions in twenty years, checked in full,
//! against Polars adding up all 32 margins of the same file without a single check.
//!
//! `just bench-summarise` goes up to a million rows; `just bench-summarise --rows 10000000` adds that many.

mod folder;
mod one_country;
mod published;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use polars::prelude::{DataFrame, Int64Chunked, IntoColumn, NamedFrom, NewChunkedArray, Series};
use tipbrief::diagnostic::{Diagnostics, Format};

/// Rows, as years × sexes × ages × purposes × nationalities × provinces, are 80 times the product of the last three.
const SIZES: [(usize, [usize; 3]); 4] =
    [(10_000, [5, 5, 5]), (80_000, [10, 10, 10]), (100_000, [10, 25, 5]), (1_000_000, [10, 50, 25])];
const LARGEST: (usize, [usize; 3]) = (10_000_000, [10, 125, 100]);
/// The most rows of which the best of several runs is taken.
const QUICK: usize = 100_000;
const RUNS: usize = 5;

fn main() -> Result<()> {
    let largest = rows().is_some_and(|rows| rows >= LARGEST.0).then_some(LARGEST);
    let only = rows().filter(|rows| *rows < LARGEST.0);
    let mut grown: Vec<(usize, Duration)> = Vec::new();
    println!("{:>10} {:>12} {:>24} {:>8} {:>16}", "rows", "check", "32 margins in Polars", "ratio", "most memory");
    for (rows, sizes) in SIZES.into_iter().chain(largest).filter(|(rows, _)| only.is_none_or(|only| *rows <= only)) {
        let folder = tempfile::tempdir()?;
        let file = one_country::write(folder.path(), published::SOURCES)?.join("arrests.csv");
        published::write(&file, sizes)?;
        let runs = if rows > QUICK { 1 } else { RUNS };
        let watch = Watch::start();
        let checked = best(runs, || check(folder.path()))?;
        let memory = watch.end();
        let summed = best(runs, || margins(&file, rows))?;
        let ratio = checked.as_secs_f64() / summed.as_secs_f64();
        println!("{rows:>10} {checked:>12.3?} {summed:>24.3?} {ratio:>8.2} {memory:>13} MB");
        grown.push((rows, checked));
    }
    if let [(one, few), (other, many), ..] = grown.as_slice() {
        let growth = many.as_secs_f64() / few.as_secs_f64();
        println!("{} times the rows take {growth:.1} times as long", other / one);
    }
    Ok(())
}

/// The number after `--rows`.
fn rows() -> Option<usize> {
    std::env::args().skip_while(|argument| argument != "--rows").nth(1)?.parse().ok()
}

fn best(runs: usize, run: impl Fn() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        run()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
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
    let (mut cells, mut record) = (vec![Vec::<String>::new(); labels.len()], csv::StringRecord::new());
    while reader.read_record(&mut record)? {
        cells.iter_mut().zip(&record).for_each(|(column, cell)| column.push(cell.to_owned()));
    }
    let counts = cells[count].iter().map(|count| count.parse().ok());
    let counts = Int64Chunked::from_iter_options("count".into(), counts).into_column();
    let text = labels.iter().zip(&cells).filter(|(label, _)| *label != "count");
    let text = text.map(|(label, cells)| Series::new(label.as_str().into(), cells).into());
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
