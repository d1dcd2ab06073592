//! What a piece of work takes: by the clock, and of the processors, which other programs may share.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Both times.
#[derive(Clone, Copy)]
pub struct Took {
    pub clock: Duration,
    pub processors: Duration,
}

impl Took {
    /// Does the work once.
    pub fn once(work: impl FnOnce() -> Result<()>) -> Result<Self> {
        let (start, begun) = (Instant::now(), processors()?);
        work()?;
        Ok(Self { clock: start.elapsed(), processors: processors()?.saturating_sub(begun) })
    }
}

/// The time that this process spent on processors, in the hundredths that the system counts.
fn processors() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(") ").next().context("its own times")?.split_whitespace().skip(11).take(2);
    Ok(Duration::from_millis(fields.map(|ticks| ticks.parse::<u64>().unwrap_or(0) * 10).sum()))
}
