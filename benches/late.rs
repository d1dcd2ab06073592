//! Late cases of invented registers: how much is told, how near to the truth, and in what time.
//!
//! `just bench-late` runs it.

#[path = "../tests/dice.rs"]
#[allow(dead_code, clippy::expect_used, reason = "it is the tests' own")]
mod dice;
#[path = "../tests/late/invented.rs"]
#[allow(dead_code, clippy::expect_used, reason = "it is the tests' own")]
mod invented;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use dice::Dice;
use invented::{THRESHOLD, Year, errors, growth, key};
use tipbrief::disclosure::late::{ClosedYear, Figure, Former, Group, Rung, Terms, check_ledgers, lay, verify};

const BASE: i64 = 15;

/// The best of so many runs counts.
const RUNS: usize = 5;

/// The most that a layer of two thousand cells may take.
const GOAL: Duration = Duration::from_secs(1);

fn main() {
    println!("three releases, each with so many late cases; ten years of 111 linked cells; seeds 1 to 3; base {BASE}");
    for persons in [1_500, 50_000] {
        for percent in [1, 5] {
            told(persons, percent);
        }
    }
    println!("every combination of the codes of some dimensions, 5 % late cases, one release");
    for persons in [2_000, 40_000] {
        println!("  goal: at most {} s", GOAL.as_secs());
        crossed(&[2, 4, 6, 17], persons);
        let (small, large) = (crossed(&[2, 6, 13], persons), crossed(&[2, 6, 118], persons * 8));
        println!("  from the one to the other the time for a cell grows to {:.2} times", large / small);
        crossed(&[5, 9, 13, 17], persons * 8);
    }
}

/// What is told of a register of so many persons in ten years.
fn told(persons: usize, percent: usize) {
    let (mut all, mut totals, mut releases, mut throughout) = (0, 0, 0, 0);
    let (mut error, mut most, mut figures) = (0, 0, 0);
    // How far, in fifteenths, rounding without bias is off on average, and the nearest multiple.
    let (mut unbiased, mut nearest) = (0, 0);
    let (mut laid, mut checked) = (Duration::ZERO, Duration::ZERO);
    for seed in 1..=3 {
        for number in 0..10 {
            let mut dice = Dice::of(seed * 1_000 + number);
            let identity = format!("XXA/victims/identified/{number}");
            let mut year = Year::closed(&mut dice, &identity, persons / 10, 2, BASE);
            let mut lowest = Rung::All;
            for _ in 0..3 {
                year.grow(&mut dice, persons / 10 * percent / 100);
                let began = Instant::now();
                let (found, layer) = year.release(&key(usize::try_from(seed).unwrap_or(0)));
                laid += began.elapsed();
                let errors = errors(&found, &layer);
                (error, figures) = (error + errors.iter().sum::<i64>(), figures + errors.len());
                most = most.max(errors.into_iter().max().unwrap_or(0));
                for (figure, _) in found.figures.iter().zip(&layer.late).filter(|(_, late)| late.is_some()) {
                    let part = growth(&found, figure).rem_euclid(BASE);
                    unbiased += 2 * part * (BASE - part);
                    nearest += BASE * part.min(BASE - part);
                }
                all += usize::from(layer.rung == Rung::All);
                totals += usize::from(layer.rung >= Rung::Totals);
                lowest = lowest.min(layer.rung);
                releases += 1;
            }
            throughout += usize::from(lowest == Rung::All);
            let began = Instant::now();
            assert_eq!(check_ledgers(&year.ledgers), Ok(()), "{identity}");
            checked += began.elapsed();
        }
    }
    println!(
        "  {persons} persons, {percent} %: all told in {all} of {releases} and at every release in {throughout} of 30, totals in \
         {totals}; mean error {:.2} (without bias {:.2}, the nearest multiples {:.2}), at most {most}; {:.1} ms a release, {:.0} ms to check the ledgers of one year",
        number(error) / number(figures),
        number(unbiased) / number(BASE) / number(figures),
        number(nearest) / number(BASE) / number(figures),
        laid.as_secs_f64() * 1000.0 / number(releases),
        checked.as_secs_f64() * 1000.0 / 30.0,
    );
}

/// Lays the late cases of every combination of codes, and gives the time for one cell.
fn crossed(leaves: &[usize], persons: usize) -> f64 {
    let mut dice = Dice::of(1);
    let mut groups: BTreeMap<Vec<usize>, [i64; 2]> = BTreeMap::new();
    for person in 0..persons + persons / 20 {
        let codes = leaves.iter().map(|leaves| (0..3).map(|_| dice.below(*leaves)).min().unwrap_or(0)).collect();
        groups.entry(codes).or_default()[usize::from(person >= persons)] += 1;
    }
    let asked = |leaves: usize| (0..=leaves).map(move |code| (code < leaves).then_some(vec![code]));
    let mut cells: Vec<Vec<Option<Vec<usize>>>> = vec![Vec::new()];
    for own in leaves {
        // A dimension of more than four codes has one that holds two others.
        let wider = (*own > 4).then(|| Some(vec![0, 1]));
        let codes: Vec<_> = asked(*own).chain(wider).collect();
        cells = cells
            .iter()
            .flat_map(|cell| codes.iter().map(|code| [cell.as_slice(), std::slice::from_ref(code)].concat()))
            .collect();
    }
    let figure = |cell: &Vec<Option<Vec<usize>>>| Figure {
        groups: (0..).zip(groups.keys()).filter(|(_, codes)| holds(cell, codes)).map(|(at, _)| at).collect(),
        dimensions: cell.iter().flatten().count(),
    };
    let figures: Vec<Figure> = cells.iter().map(figure).collect();
    let group = |(former, (codes, [closed, late])): (usize, (&Vec<usize>, &[i64; 2]))| Group {
        name: format!("{codes:03?}"),
        closed: *closed,
        before: *closed,
        now: closed + late,
        former,
    };
    let Ok(terms) = Terms::new(THRESHOLD, BASE) else { return 0.0 };
    let year = ClosedYear {
        identity: "XXA/victims/identified/2024".to_owned(),
        terms,
        groups: groups.iter().enumerate().map(group).collect(),
        former: vec![Former::default(); groups.len()],
        figures,
        passed: 0,
    };
    let mut took = Duration::MAX;
    let mut layer = None;
    for _ in 0..RUNS {
        let began = Instant::now();
        layer = lay(&year, &key(1)).ok();
        took = took.min(began.elapsed());
    }
    let holds = layer.as_ref().is_some_and(|layer| verify(&year, layer) == Ok(()));
    println!(
        "  {} cells of {persons} persons: {:?} told, checker {}, {:.3} s{}",
        cells.len(),
        layer.map(|layer| layer.rung),
        if holds { "passed" } else { "FAILED" },
        took.as_secs_f64(),
        if took > GOAL { ", more than the goal" } else { "" },
    );
    took.as_secs_f64() / number(cells.len())
}

fn holds(cell: &[Option<Vec<usize>>], codes: &[usize]) -> bool {
    cell.iter().zip(codes).all(|(asked, own)| asked.as_ref().is_none_or(|asked| asked.contains(own)))
}

/// A small number.
fn number(of: impl TryInto<u32>) -> f64 {
    f64::from(of.try_into().unwrap_or(u32::MAX))
}
