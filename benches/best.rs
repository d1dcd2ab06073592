//! The shortest of some runs by the clock, and how two times compare.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The shortest of so many runs.
pub fn best(runs: usize, run: impl Fn() -> Result<()>) -> Result<Duration> {
    let timed = || {
        let start = Instant::now();
        run().map(|()| start.elapsed())
    };
    let times: Vec<Duration> = (0..runs).map(|_| timed()).collect::<Result<_>>()?;
    times.into_iter().min().context("nothing was measured")
}

pub fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
