//! How much longer each stage takes when a project grows to eight times its size: a stage that grows evenly takes eight times
//! as long. It prints the growth of each stage's time within one run, because absolute times mean nothing on shared machines.
//! Other programs may share the cores, so it is processor time that is judged, if there is enough of it to be counted.
//!
//! `just bench-growth` runs it; `just bench-growth --runs 1` measures each stage once, `just bench-growth --shape 2` one shape
//! alone, `just bench-growth --part 10` on tenths of the sizes. A control comes first: what a machine's memory alone makes of
//! the growth.

#[path = "../argument.rs"]
mod argument;
mod control;
#[path = "../folder.rs"]
mod folder;
mod large;
mod stages;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use tipbrief::project::iso3166;

use argument::argument;
use large::{Edit, Size};
use stages::{Stage, Times, Took};

/// How much larger the larger project is.
const TIMES: usize = 8;
/// A stage that grows evenly grows no more than this.
const GOAL: f64 = 9.0;
/// A stage that takes less time on the larger project is not judged.
const SHORT: Duration = Duration::from_millis(5);
/// From here on processor time is counted finely enough.
const COUNTED: Duration = Duration::from_millis(10);

/// One country with 12,500 observations, at eight times that 100,000; 5,000 sources; 10,000 calls in each language.
const ONE: Size = Size { provinces: 10, sources: 625, calls: 1250, events: 250 };
/// One of many countries.
const FEW: Size = Size { provinces: 2, sources: 20, calls: 60, events: 6 };
/// How many, of the fewer: at eight times that nearly every country that there is.
const COUNTRIES: usize = 24;

/// Of so many numbers the time that they take together is compared.
const MANY: u32 = 10_000;
/// What should not grow at all grows no more than this.
const LEVEL: f64 = 9.0 / 8.0;
/// The stage of which that is asked.
const EACH: &str = "protect, of 10,000 numbers that are attacked";

fn main() -> Result<()> {
    let runs = argument("--runs").unwrap_or(2);
    println!(
        "growth of the time from a project to one of {TIMES} times its size, best of {runs} runs each; goal: at most {GOAL}"
    );
    println!("control, ids kept, found, copied and freed: growth {:.1}", control(runs));
    let mut missed = Vec::new();
    let asked = argument("--shape").unwrap_or(0);
    for (number, (name, prepare)) in (1..).zip(SHAPES).filter(|(number, _)| [0, *number].contains(&asked)) {
        println!("{number}. {name}");
        let (mut small, mut large) = (Times::new(), Times::new());
        for _ in 0..runs {
            least(&mut small, prepare(1)?);
            least(&mut large, prepare(TIMES)?);
        }
        for (stage, time) in &small {
            missed.extend(row(name, *stage, *time, large.get(stage).copied().unwrap_or_default()));
        }
    }
    println!(
        "{}",
        if missed.is_empty() { "goal: met".to_owned() } else { format!("goal NOT met: {}", missed.join("; ")) }
    );
    Ok(())
}

/// A way to grow, and the times of its stages at so many times its size.
type Shape = (&'static str, fn(usize) -> Result<Times>);

const SHAPES: [Shape; 5] = [
    ("one country: observations, sources, events and calls of prose", one_country),
    ("countries, in three languages", many_countries),
    ("faulty cells, each another fault", faults),
    ("withheld numbers", withheld),
    ("numbers of a register in the ledger", released),
];

/// By what the time of the control grows.
fn control(runs: usize) -> f64 {
    let best = |times| (0..runs).map(|_| stages::spent(|| control::control(times))).min().unwrap_or_default();
    best(TIMES).as_secs_f64() / best(1).as_secs_f64().max(1e-9)
}

fn least(times: &mut Times, run: Times) {
    for (stage, time) in run {
        let best = times.entry(stage).or_insert(time);
        *best = time.least(*best);
    }
}

/// Prints the growth of one stage; its name where that is above the goal.
fn row(shape: &str, stage: Stage, small: Took, large: Took) -> Option<String> {
    let counted = small.processors >= COUNTED;
    let (small, large) = if counted { (small.processors, large.processors) } else { (small.clock, large.clock) };
    let growth = large.as_secs_f64() / small.as_secs_f64().max(1e-9);
    let goal = if stage.1 == EACH { LEVEL } else { GOAL };
    let judged = if large < SHORT {
        "too short to judge"
    } else if growth <= goal {
        "met"
    } else {
        "NOT met"
    };
    println!("  {:<44} {small:>10.3?} {large:>10.3?}  growth {growth:>6.1}  {judged}", stage.1);
    (judged == "NOT met").then(|| format!("{} of {shape}", stage.1))
}

fn scaled(size: Size, times: usize) -> Size {
    let part = argument("--part").unwrap_or(1).max(1);
    let of = |number: usize| (number / part).max(1) * times;
    let Size { provinces, sources, calls, events } = size;
    Size { provinces: of(provinces), sources: of(sources), calls: of(calls), events: of(events) }
}

/// The project of one country of that size, edited in that way.
fn large(folder: &Path, times: usize, edit: Edit) -> Result<PathBuf> {
    let root = folder.join(format!("{edit:?}"));
    large::declarations(&root, edit, false)?;
    large::country(&root, "LAO", "LA", scaled(ONE, times), edit)?;
    Ok(root)
}

fn one_country(times: usize) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    let earlier = large(folder.path(), times, Edit::Earlier)?;
    stages::all(&large(folder.path(), times, Edit::None)?, &earlier)
}

fn many_countries(times: usize) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    let number = (COUNTRIES / argument("--part").unwrap_or(1).max(1)).max(1) * times;
    let codes: Vec<&str> = iso3166::countries().take(number).collect();
    let roots = [Edit::None, Edit::Earlier].map(|edit| (folder.path().join(format!("{edit:?}")), edit));
    for (root, edit) in &roots {
        large::declarations(root, *edit, false)?;
        for code in &codes {
            large::country(root, code, iso3166::alpha2(code).unwrap_or("XX"), FEW, *edit)?;
        }
    }
    stages::all(&roots[0].0, &roots[1].0)
}

fn faults(times: usize) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    stages::faulty(&large(folder.path(), times, Edit::Faulty)?)
}

fn withheld(times: usize) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    let earlier = large(folder.path(), times, Edit::None)?;
    let root = large(folder.path(), times, Edit::Withheld)?;
    let all = stages::compared_only(&root, &earlier)?;
    let mut kept: Times = all
        .into_iter()
        .filter(|((_, stage), _)| ["protect", "compare"].iter().any(|kept| stage.starts_with(kept)))
        .collect();
    // With eight times the rows more sums have a part that is withheld: many more numbers are attacked.
    let protect = kept.iter().find(|((_, stage), _)| *stage == "protect").map(|(_, took)| *took);
    let each = protect.unwrap_or_default().of_each(large::attacked(&root, "LAO")?, MANY);
    kept.insert((usize::MAX, EACH), each);
    Ok(kept)
}

fn released(times: usize) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    let root = large(folder.path(), times, Edit::None)?;
    large::ledger(&root, "LAO", "LA", scaled(ONE, times))?;
    let all = stages::up_to_release(&root)?;
    Ok(all
        .into_iter()
        .filter(|((_, stage), _)| ["load", "protect"].iter().any(|kept| stage.starts_with(kept)))
        .collect())
}
