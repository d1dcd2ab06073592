//! Small systems of which every register is tried: how narrowly a reader of all releases can tell the growth of each group.

use tipbrief::disclosure::late::{ClosedYear, Figure, Former, Group, Terms, lay, verify};

use super::invented::key;
use crate::dice::{Dice, long};

/// A late figure as a reader sees it: its groups as bits, and the least and greatest growth that it allows.
#[derive(Clone, Copy)]
struct Seen {
    groups: usize,
    least: i64,
    most: i64,
}

/// Threshold, base, number of groups, and the greatest growth of each that is tried.
#[derive(Clone, Copy)]
struct Size {
    threshold: i64,
    base: i64,
    groups: usize,
    most: i64,
}

const SMALL: Size = Size { threshold: 3, base: 4, groups: 4, most: 15 };
const CTDC: Size = Size { threshold: 11, base: 12, groups: 3, most: 47 };

/// What a figure promises that stands for r.
fn promised(groups: usize, r: i64, base: i64) -> Seen {
    Seen { groups, least: if r == 0 { 0 } else { r - base + 1 }, most: r + base - 1 }
}

/// For each release whether a table of growths agrees with what it printed; a table is a number to the base `most` + 1.
fn agree(size: Size, releases: &[Vec<Seen>]) -> Vec<Vec<bool>> {
    let side = usize::try_from(size.most + 1).expect("a small number");
    let tables = side.pow(u32::try_from(size.groups).expect("a small number"));
    let digit =
        |table: usize, group: usize| i64::try_from(table / side.pow(u32::try_from(group).expect("small")) % side);
    let mut sums = vec![0; 1 << size.groups];
    let mut all = vec![vec![false; tables]; releases.len()];
    for table in 0..tables {
        for group in 0..size.groups {
            let own = digit(table, group).expect("a small number");
            (0..1 << group).for_each(|bits| sums[bits | 1 << group] = sums[bits] + own);
        }
        for (seen, all) in releases.iter().zip(&mut all) {
            all[table] = seen.iter().all(|one| (one.least..=one.most).contains(&sums[one.groups]));
        }
    }
    // Rows only come: a table has one of the release before that is nowhere greater, and one of the next that is nowhere less.
    for at in 1..all.len() {
        let below = spread(&all[at - 1], side, size.groups, true);
        all[at].iter_mut().zip(below).for_each(|(own, below)| *own &= below);
    }
    for at in (1..all.len()).rev() {
        let above = spread(&all[at], side, size.groups, false);
        all[at - 1].iter_mut().zip(above).for_each(|(own, above)| *own &= above);
    }
    all
}

/// Which tables are nowhere less, or nowhere greater, than one of these.
fn spread(tables: &[bool], side: usize, groups: usize, up: bool) -> Vec<bool> {
    let mut found = tables.to_vec();
    for group in 0..groups {
        let step = side.pow(u32::try_from(group).expect("a small number"));
        for number in 0..found.len() {
            let table = if up { number } else { found.len() - 1 - number };
            let digit = table / step % side;
            if up && digit > 0 {
                found[table] |= found[table - step];
            } else if !up && digit + 1 < side {
                found[table] |= found[table + step];
            }
        }
    }
    found
}

/// How many groups of how many can be told to within fewer than the threshold, at some release.
fn narrow(size: Size, releases: &[Vec<Seen>]) -> usize {
    let side = usize::try_from(size.most + 1).expect("a small number");
    let all = agree(size, releases);
    let width = |tables: &[bool], group: usize| {
        let step = side.pow(u32::try_from(group).expect("a small number"));
        let digits = || tables.iter().enumerate().filter(|(_, agrees)| **agrees).map(|(table, _)| table / step % side);
        let (low, high) = (digits().min().expect("the truth agrees"), digits().max().expect("the truth agrees"));
        i64::try_from(high - low).expect("a small number")
    };
    (0..size.groups).filter(|group| all.iter().any(|tables| width(tables, *group) < size.threshold)).count()
}

/// Some sums of groups, the total among them.
fn families(dice: &mut Dice, groups: usize) -> Vec<usize> {
    let mut found: Vec<usize> = (1..1 << groups).filter(|_| dice.once_in(2)).collect();
    found.push((1 << groups) - 1);
    found.sort_unstable();
    found.dedup();
    found
}

fn sum(table: &[i64], bits: usize) -> i64 {
    table.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, number)| number).sum()
}

/// What so many cases more are, each in some group.
fn grown(dice: &mut Dice, growth: &mut [i64], cases: usize) {
    (0..cases).for_each(|_| growth[dice.below(growth.len())] += 1);
}

/// A year of these growths; the figures have as many dimensions as they leave groups out.
fn year(size: Size, figures: &[usize], before: &[i64], now: &[i64], told: &[i64], passed: i64) -> ClosedYear {
    let group = |at: usize| Group {
        name: format!("group {at}"),
        closed: 40,
        before: 40 + before[at],
        now: 40 + now[at],
        former: at,
    };
    let figure = |bits: &usize| {
        let groups: Vec<usize> = (0..size.groups).filter(|at| bits >> at & 1 == 1).collect();
        Figure { dimensions: size.groups - groups.len(), groups }
    };
    ClosedYear {
        identity: "XXA/victims/identified/2024".to_owned(),
        terms: Terms::new(size.threshold, size.base).expect("the base is above the threshold"),
        groups: (0..size.groups).map(group).collect(),
        former: told.iter().map(|told| Former { told: *told }).collect(),
        figures: figures.iter().map(figure).collect(),
        passed,
    }
}

/// How many systems are tried.
fn systems() -> usize {
    if long() { 10_000 } else { 250 }
}

/// The tool's own figures of two releases, as a reader sees them; how often a rung was missing.
fn released(dice: &mut Dice, size: Size, number: usize) -> (Vec<Vec<Seen>>, usize) {
    let figures = families(dice, size.groups);
    let (mut before, mut told, mut passed) = (vec![0; size.groups], vec![0; size.groups], 0);
    let (mut releases, mut missing) = (Vec::new(), 0);
    for _ in 0..2 {
        let mut now = before.clone();
        let most = usize::try_from(size.base).expect("a small number");
        let cases = dice.below(most + 1);
        grown(dice, &mut now, cases);
        let found = year(size, &figures, &before, &now, &told, passed);
        let layer = lay(&found, &key(number)).expect("it fits");
        assert_eq!(verify(&found, &layer), Ok(()));
        let seen = figures.iter().zip(&layer.late).filter_map(|(bits, r)| Some(promised(*bits, (*r)?, size.base)));
        // Nothing is greater than is tried.
        let all = Seen { groups: (1 << size.groups) - 1, least: 0, most: size.most };
        releases.push(seen.chain([all]).collect());
        missing += layer.late.iter().filter(|late| late.is_none()).count();
        told = layer.z.iter().map(|z| z * size.base).collect();
        (before, passed) = (now, layer.passed);
    }
    (releases, missing)
}

#[test]
fn no_group_of_the_tools_own_figures_is_narrow() {
    for size in [SMALL, CTDC] {
        let mut missing = 0;
        for number in 0..systems() {
            let (releases, without) = released(&mut Dice::of(number as u64), size, number);
            missing += without;
            assert_eq!(narrow(size, &releases), 0, "system {number}");
        }
        assert!(missing > 0, "some rungs could not be told, and their older figures stood");
    }
}

/// Figures of some additive table that never falls: whatever chose it.
fn additive(dice: &mut Dice, size: Size) -> Vec<Vec<Seen>> {
    let figures = families(dice, size.groups);
    let mut z = vec![0; size.groups];
    let release = |_| {
        let more = dice.below(2);
        grown(dice, &mut z, more);
        figures.iter().map(|bits| promised(*bits, size.base * sum(&z, *bits), size.base)).collect()
    };
    (0..2).map(release).collect()
}

#[test]
fn no_group_of_any_additive_table_is_narrow_unless_the_base_is_the_threshold() {
    let mut found = 0;
    for number in 0..systems() {
        assert_eq!(narrow(SMALL, &additive(&mut Dice::of(number as u64), SMALL)), 0, "system {number}");
        let low = Size { base: SMALL.threshold, ..SMALL };
        found += narrow(low, &additive(&mut Dice::of(number as u64), low));
    }
    assert!(found > systems() / 5, "a base of the threshold is attacked with success: {found}");
    assert!(Terms::new(11, 11).is_err(), "and is not to be had");
}

/// One release of a growth, each figure rounded by itself.
fn alone(dice: &mut Dice, size: Size, round: impl Fn(&mut Dice, i64) -> Option<(i64, i64)>) -> Vec<Vec<Seen>> {
    let figures = families(dice, size.groups);
    let mut growth = vec![0; size.groups];
    let cases = dice.below(10);
    grown(dice, &mut growth, cases);
    let seen = figures.iter().filter_map(|bits| {
        let (least, most) = round(dice, sum(&growth, *bits))?;
        Some(Seen { groups: *bits, least, most })
    });
    vec![seen.collect()]
}

#[test]
fn nearest_rounding_with_a_base_below_twice_the_threshold_is_narrow() {
    let nearest = |_: &mut Dice, growth: i64| {
        let r = (growth + 2) / 4 * 4;
        Some((0.max(r - 2), r + 1))
    };
    let found: usize =
        (0..systems()).map(|number| narrow(SMALL, &alone(&mut Dice::of(number as u64), SMALL, nearest))).sum();
    assert!(found > systems() / 5, "{found}");
}

#[test]
fn rounding_cell_by_cell_is_narrow() {
    let by_itself = |dice: &mut Dice, growth: i64| {
        let (low, rest) = (growth / 4 * 4, growth % 4);
        let up = usize::try_from(rest).expect("a small number") > dice.below(4);
        let seen = promised(0, low + if up { 4 } else { 0 }, 4);
        Some((seen.least, seen.most))
    };
    let found: usize =
        (0..systems()).map(|number| narrow(SMALL, &alone(&mut Dice::of(number as u64), SMALL, by_itself))).sum();
    assert!(found > systems() / 5, "{found}");
}

/// One growth told twice: both are true of it at once.
fn twice(number: usize, size: Size, other: usize) -> usize {
    let dice = &mut Dice::of(number as u64);
    let figures = families(dice, size.groups);
    let (zero, mut growth) = (vec![0; size.groups], vec![0; size.groups]);
    let cases = dice.below(10);
    grown(dice, &mut growth, cases);
    let found = year(size, &figures, &zero, &growth, &zero, 0);
    let seen = [key(number), key(other)].map(|key| {
        let layer = lay(&found, &key).expect("it fits");
        let told = figures.iter().zip(layer.late);
        told.filter_map(|(bits, r)| Some(promised(*bits, r?, size.base))).collect::<Vec<_>>()
    });
    let all = Seen { groups: (1 << size.groups) - 1, least: 0, most: size.most };
    narrow(size, &[[seen.concat(), vec![all]].concat()])
}

#[test]
fn two_keys_on_one_growth_are_narrow_and_one_key_is_not() {
    let found: usize = (0..systems()).map(|number| twice(number, SMALL, number + 100_000)).sum();
    assert!(found > systems() / 5, "{found}");
    assert_eq!((0..systems()).map(|number| twice(number, SMALL, number)).sum::<usize>(), 0);
}

#[test]
fn a_new_sample_of_an_unchanged_register_is_narrow() {
    // Fewer than 12 have come, says the first; more than none, says the second. Of 12 possible sizes 11 are left.
    let size = Size { groups: 1, ..CTDC };
    let (first, second) = (promised(1, 0, 12), promised(1, 12, 12));
    assert_eq!(narrow(size, &[vec![first]]), 0);
    assert_eq!(narrow(size, &[vec![first, second]]), 1);
}
