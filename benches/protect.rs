//! How long a pattern of suppression takes to choose and to audit, and how much it withholds, beside what the threshold
//! rule alone would.

mod seeded;

use std::time::Instant;

use seeded::Seeded;
use tipbrief::disclosure::protect::suppress::{sensitive, suppress};
use tipbrief::disclosure::protect::system::{Dimension, System};
use tipbrief::disclosure::protect::witness::proved;
use tipbrief::project::policy::Policy;

/// A leaf; the first are the most frequent, as places and purposes are.
fn skewed(random: &mut Seeded, leaves: u16) -> u16 {
    let drawn = (0..3).map(|_| random.below(u64::from(leaves))).min().unwrap_or(0);
    u16::try_from(drawn).unwrap_or(0)
}

/// Every combination of the codes of these dimensions, and persons spread over it.
fn linked(leaves: &[u16], persons: u64) -> System {
    let mut random = Seeded(1);
    let (mut dimensions, mut asked) = (Vec::new(), Vec::new());
    for leaves in leaves {
        let mut codes: Vec<Vec<u16>> = vec![(0..*leaves).collect()];
        codes.extend((0..*leaves).map(|leaf| vec![leaf]));
        if *leaves > 4 {
            codes.push(vec![0, 1]);
        }
        asked.push((0..u16::try_from(codes.len()).unwrap_or(0)).collect::<Vec<u16>>());
        dimensions.push(Dimension::new(*leaves, &codes));
    }
    let rows: Vec<_> =
        (0..persons).map(|_| (leaves.iter().map(|leaves| skewed(&mut random, *leaves)).collect(), 1)).collect();
    System::new(dimensions, rows, &[asked], &[])
}

fn measure(name: &str, leaves: &[u16], persons: u64) {
    let policy = Policy::default();
    let system = linked(leaves, persons);
    let start = Instant::now();
    let Ok(pattern) = suppress(&system, &policy) else { return println!("{name}: nothing could be chosen") };
    let chosen = start.elapsed();
    let holds = proved(&system, &pattern, &policy);
    let all = start.elapsed();
    let cells = system.cells.len();
    let withheld = pattern.withheld.iter().filter(|withheld| **withheld).count();
    let primary = system.cells.iter().filter(|cell| sensitive(cell.units, &policy)).count();
    let share = |part: usize| {
        100.0 * f64::from(u32::try_from(part).unwrap_or(0)) / f64::from(u32::try_from(cells).unwrap_or(1))
    };
    println!(
        "{name}: {cells} cells of {persons} persons, audit {}, {:.2} s ({:.2} s to choose); {:.1} % withheld, {:.1} % by the threshold alone",
        if holds { "passed" } else { "FAILED" },
        all.as_secs_f64(),
        chosen.as_secs_f64(),
        share(withheld),
        share(primary),
    );
}

fn main() {
    measure("2,000 linked cells", &[2, 4, 6, 17], 2_000);
    measure("2,000 linked cells, many persons", &[2, 4, 6, 17], 40_000);
    measure("50,000 linked cells", &[3, 6, 10, 140], 20_000);
    measure("50,000 linked cells, many persons", &[3, 6, 10, 140], 500_000);
}
