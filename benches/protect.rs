//! How long a pattern of suppression takes to choose and to audit, and how much it withholds, beside what the threshold
//! rule alone would, on small systems beside the least possible, and of the register of the tests in ten years. Times are of
//! the processor: what a shared machine does meanwhile does not count.
//!
//! `just bench-protect` runs it; `just bench-protect linked` only a part: `brief`, `linked`, `least`, `released`, `years`, `large`.

mod cases;
mod folder;
mod protect_least;
mod protect_years;
mod seeded;

use std::time::Duration;

use anyhow::Result;
use seeded::Seeded;
use tipbrief::disclosure::protect::suppress::{sensitive, suppress};
use tipbrief::disclosure::protect::system::{Dimension, System, SystemCell};
use tipbrief::disclosure::protect::witness::proved;
use tipbrief::project::policy::{Policy, Weights};

/// The time that this process has spent on processors, in the hundredths that the system counts.
fn spent() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default().split_whitespace().skip(11).take(2);
    Duration::from_millis(fields.map(|ticks| ticks.parse::<u64>().unwrap_or(0) * 10).sum())
}

/// A leaf; the first are the most frequent, as places and purposes are.
fn skewed(random: &mut Seeded, leaves: u16) -> u16 {
    let drawn = (0..3).map(|_| random.below(u64::from(leaves))).min().unwrap_or(0);
    u16::try_from(drawn).unwrap_or(0)
}

/// A dimension with a total, a code for each leaf, and, if asked for, one for the first two leaves.
fn dimension(leaves: u16, first_two: bool) -> (Dimension, Vec<u16>) {
    let mut codes: Vec<Vec<u16>> = vec![(0..leaves).collect()];
    codes.extend((0..leaves).map(|leaf| vec![leaf]));
    if first_two {
        codes.push(vec![0, 1]);
    }
    let all = (0..u16::try_from(codes.len()).unwrap_or(0)).collect();
    (Dimension::new(leaves, &codes), all)
}

/// Every combination of the codes of these dimensions, and persons spread over it.
fn linked(leaves: &[u16], persons: u64, seed: u64) -> System {
    let mut random = Seeded(seed);
    let (dimensions, asked) = leaves.iter().map(|leaves| dimension(*leaves, *leaves > 4)).unzip();
    let rows: Vec<_> =
        (0..persons).map(|_| (leaves.iter().map(|leaves| skewed(&mut random, *leaves)).collect(), 1)).collect();
    System::new(dimensions, rows, &[asked], &[])
}

/// The weights of the leaves of sex, age, purpose, province and nationality.
const BRIEF: [&[u64]; 5] =
    [&[70, 28, 2], &[15, 25, 35, 25, 0], &[45, 35, 12, 6, 1], &[40, 25, 15, 10, 7, 3, 0], &[80, 12, 6, 2]];

/// The indicators of a brief, linked by their totals: by sex and age, by purpose and province, children by sex and purpose, by
/// sex and nationality.
fn brief(persons: u64, seed: u64) -> System {
    let mut random = Seeded(seed);
    let leaves = BRIEF.map(|weights| u16::try_from(weights.len()).unwrap_or(0));
    let (dimensions, all): (Vec<Dimension>, Vec<Vec<u16>>) =
        leaves.iter().enumerate().map(|(at, leaves)| dimension(*leaves, at == 1)).unzip();
    let children = *all[1].last().unwrap_or(&0);
    let by = |asked: &[usize], age: u16| -> Vec<Vec<u16>> {
        let codes = |at: usize| if asked.contains(&at) { all[at].clone() } else { vec![if at == 1 { age } else { 0 }] };
        (0..all.len()).map(codes).collect()
    };
    let asked = [by(&[0, 1], 0), by(&[2, 3], 0), by(&[0, 2], children), by(&[0, 4], 0)];
    let drawn = |random: &mut Seeded, weights: &[u64]| {
        let mut left = random.below(weights.iter().sum());
        let leaf = weights.iter().take_while(|weight| {
            left.checked_sub(**weight).is_some_and(|less| {
                left = less;
                true
            })
        });
        u16::try_from(leaf.count()).unwrap_or(0)
    };
    let rows: Vec<_> =
        (0..persons).map(|_| (BRIEF.iter().map(|weights| drawn(&mut random, weights)).collect(), 1)).collect();
    System::new(dimensions, rows, &asked, &[])
}

fn per_cent(part: i64, of: i64) -> f64 {
    let float = |number: i64| f64::from(i32::try_from(number).unwrap_or(i32::MAX));
    100.0 * float(part) / float(of.max(1))
}

fn count(cells: usize) -> i64 {
    i64::try_from(cells).unwrap_or(i64::MAX)
}

/// What is withheld of a system, and how long that takes.
fn measure(name: &str, system: &System, weights: Weights) {
    let policy = Policy { weights, ..Policy::default() };
    let start = spent();
    let Ok(pattern) = suppress(system, &policy) else { return println!("{name}: nothing could be chosen") };
    let chosen = spent().saturating_sub(start);
    let holds = proved(system, &pattern, &policy);
    let all = spent().saturating_sub(start);
    let units = |withheld: bool| -> i64 {
        let counted = system.cells.iter().zip(&pattern.withheld).filter(|(_, is)| !withheld || **is);
        counted.map(|(cell, _)| cell.units).sum()
    };
    let withheld = pattern.withheld.iter().filter(|withheld| **withheld).count();
    let primary = system.cells.iter().filter(|cell| sensitive(cell.units, &policy)).count();
    println!(
        "{name}, {weights:?}: {} cells, audit {}, {:.2} s ({:.2} s to choose); {withheld} withheld, {:.1} %, with {:.1} % of the \
         persons; {primary}, {:.1} %, by the threshold alone",
        system.cells.len(),
        if holds { "passed" } else { "FAILED" },
        all.as_secs_f64(),
        chosen.as_secs_f64(),
        per_cent(count(withheld), count(system.cells.len())),
        per_cent(units(true), units(false)),
        per_cent(count(primary), count(system.cells.len())),
    );
}

/// Withheld beside the least possible, on systems small enough to search through.
fn beside_the_least(systems: u64) {
    let policy = Policy { weights: Weights::Cells, ..Policy::default() };
    let (mut known, mut least, mut withheld) = (0, 0, 0);
    for seed in 1..=systems {
        let system = linked(&[3, 4], 150, seed);
        let (Ok(pattern), Some(fewest)) = (suppress(&system, &policy), protect_least::least(&system, &policy)) else {
            continue;
        };
        known += 1;
        least += count(fewest);
        withheld += count(pattern.withheld.iter().filter(|withheld| **withheld).count());
    }
    println!(
        "beside the least: {withheld} withheld where {least} would do, in {known} systems of 20 cells ({:.1} %)",
        per_cent(withheld, least)
    );
}

/// In how many systems an unchanged register is proved again after its own release.
fn released(systems: u64) {
    let policy = Policy::default();
    let again = |seed: &u64| {
        let system = linked(&[2, 3, 5], 40 * seed, *seed);
        suppress(&system, &policy).is_ok_and(|pattern| {
            let cells = system.cells.iter().zip(&pattern.withheld);
            let cells = cells.map(|(cell, withheld)| SystemCell { public: !withheld, kept: *withheld, ..cell.clone() });
            let released = System { cells: cells.collect(), ..system.clone() };
            suppress(&released, &policy).is_ok_and(|again| proved(&released, &again, &policy))
        })
    };
    println!("proved again after its own release: {} of {systems}", (1..=systems).filter(again).count());
}

/// Of the register of the tests, ten years.
fn years() -> Result<()> {
    for persons in [1_500, 50_000] {
        for seed in [1, 2] {
            let start = spent();
            let (withheld, figures) = protect_years::withheld(persons, seed)?;
            println!(
                "ten years of {persons} persons: {withheld} of {figures} figures withheld, {:.1} %; {:.1} s from the rows on",
                per_cent(count(withheld), count(figures)),
                spent().saturating_sub(start).as_secs_f64()
            );
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let parts: Vec<String> = std::env::args().skip(1).filter(|part| !part.starts_with('-')).collect();
    let asked = |part: &str| parts.is_empty() || parts.iter().any(|asked| asked == part);
    for weights in [Weights::Cells, Weights::Counts] {
        for (persons, seed) in [(1_500, 1), (1_500, 2), (50_000, 1), (50_000, 2)] {
            if asked("brief") {
                measure(&format!("brief of {persons} persons"), &brief(persons, seed), weights);
            }
        }
        if asked("linked") {
            measure("2,000 linked cells", &linked(&[2, 4, 6, 17], 2_000, 1), weights);
            measure("2,000 linked cells, many persons", &linked(&[2, 4, 6, 17], 40_000, 1), weights);
        }
    }
    if asked("least") {
        beside_the_least(40);
    }
    if asked("released") {
        released(90);
    }
    if asked("years") {
        years()?;
    }
    if asked("large") {
        measure("50,000 linked cells", &linked(&[3, 6, 10, 140], 20_000, 1), Weights::Counts);
        measure("50,000 linked cells, many persons", &linked(&[3, 6, 10, 140], 500_000, 1), Weights::Counts);
    }
    Ok(())
}
