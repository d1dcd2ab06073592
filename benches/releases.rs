//! A register of ten years, released again and again while late cases come: how much is told, how near to the truth, and what
//! freezes. From the rows to the ledger, with everything but the documents.
//!
//! `just bench-releases` runs it.

#[path = "../tests/closing/decade.rs"]
#[allow(dead_code, clippy::expect_used, clippy::panic, clippy::string_slice, reason = "it is the tests' own")]
mod decade;
#[path = "../tests/dice.rs"]
#[allow(dead_code, clippy::expect_used, reason = "it is the tests' own")]
mod dice;
#[path = "../tests/closing/looked.rs"]
#[allow(dead_code, clippy::expect_used, reason = "it is the tests' own")]
mod looked;
#[path = "../tests/project.rs"]
#[allow(dead_code, clippy::expect_used, clippy::panic, reason = "it is the tests' own")]
mod project;
#[path = "../tests/closing/tally.rs"]
#[allow(dead_code, clippy::expect_used, clippy::string_slice, reason = "it is the tests' own")]
mod tally;

use std::time::Instant;

use decade::{BASE, Decade, Told};
use tipbrief::disclosure::late::Rung;

const SEEDS: u64 = 3;

/// What is counted over all seeds.
#[derive(Default)]
struct All {
    told: Vec<Told>,
    frozen: usize,
}

fn main() {
    println!("ten years in one register, seeds 1 to {SEEDS}, base {BASE}; a system is a year at a release");
    for persons in [1_500, 50_000] {
        for percent in [1, 5] {
            let late = persons / 10 * percent / 100;
            for changing in [false, true] {
                let began = Instant::now();
                let mut all = All::default();
                (1..=SEEDS).for_each(|seed| run(seed, persons, late, changing, &mut all));
                let kind =
                    if changing { "with recodes, removals and a release without changes" } else { "additions only" };
                println!(
                    "  {persons} persons, {percent} % late, {kind}: {}; {:.0} s",
                    said(&all),
                    began.elapsed().as_secs_f64()
                );
            }
        }
    }
}

/// Three releases with late cases; between them, if anything changes beside, 40 ages become known, 5 persons of each year are
/// removed, and one release finds nothing new.
fn run(seed: u64, persons: usize, late: usize, changing: bool, all: &mut All) {
    let mut decade = Decade::of(seed, persons, changing);
    decade.release("closing");
    for (turn, name) in ["first", "second", "third"].into_iter().enumerate() {
        match turn {
            1 if changing => decade.recode(40),
            2 if changing => decade.remove(5),
            _ => {}
        }
        decade.grow(late);
        let (_, told) = decade.release(name);
        all.frozen += told.frozen;
        all.told.push(told);
        if changing && turn == 1 {
            decade.release("unchanged");
        }
    }
}

fn said(all: &All) -> String {
    let rungs: Vec<Rung> = all.told.iter().flat_map(|told| told.rungs.iter().copied()).collect();
    let share = |least: Rung| {
        let number = rungs.iter().filter(|rung| **rung >= least).count();
        format!("{number} of {}", rungs.len())
    };
    let errors: Vec<i64> = all.told.iter().flat_map(|told| told.errors.iter().copied()).collect();
    let mean = |sum: i64, by: i64| number(sum) / number(by) / number(errors.len());
    let [unbiased, nearest] =
        [all.told.iter().map(|told| told.unbiased).sum(), all.told.iter().map(|told| told.nearest).sum()];
    format!(
        "frozen {}, all told in {}, totals in {}; mean error {:.2} (rounded without bias {:.2}, at least {:.2}), at most {}",
        all.frozen,
        share(Rung::All),
        share(Rung::Totals),
        mean(errors.iter().sum(), 1),
        mean(unbiased, BASE),
        mean(nearest, BASE),
        errors.iter().max().unwrap_or(&0),
    )
}

/// A number as a fraction can be made of it.
fn number(of: impl TryInto<i32>) -> f64 {
    f64::from(of.try_into().unwrap_or(i32::MAX))
}
