//! How much of invented registers is told over releases, and how near to the truth.

use tipbrief::disclosure::late::{Layer, PrintedLate, Rung, Terms, What, check_ledgers, lay};

use super::invented::{Year, errors, key};
use crate::dice::{Dice, long};

const BASE: i64 = 15;
/// Persons of a year, of registers of 1,500 and of 50,000 persons in ten years.
const PERSONS: [usize; 2] = [150, 5_000];

/// How many seeds.
fn seeds(quick: u64) -> u64 {
    if long() { 80 } else { quick }
}

/// Every system: persons, late cases at each release, and the year with its key.
fn systems(ages: u8, seeds: u64) -> impl Iterator<Item = (usize, usize, Dice, Year, usize)> {
    let numbers = (1..=seeds).flat_map(|seed| (0..10).map(move |year| (seed, year)));
    let kinds = PERSONS.into_iter().flat_map(|persons| [1, 5].map(|percent| (persons, percent)));
    kinds.flat_map(move |(persons, percent)| {
        numbers.clone().map(move |(seed, number)| {
            let mut dice = Dice::of(seed * 1_000 + number);
            let year = Year::closed(&mut dice, &format!("XXA/victims/identified/{number}"), persons, ages, BASE);
            let seed = usize::try_from(seed).expect("a small number");
            (persons, persons * percent / 100, dice, year, seed)
        })
    })
}

#[test]
fn additions_are_told_and_near_to_the_truth() {
    let (mut told, mut all, mut throughout) = ([0; 2], 0, 0);
    let mut errors_of = [Vec::new(), Vec::new()];
    for (persons, late, mut dice, mut year, seed) in systems(2, seeds(3)) {
        let mut lowest = Rung::All;
        for _ in 0..3 {
            year.grow(&mut dice, late);
            let (found, layer) = year.release(&key(seed));
            lowest = lowest.min(layer.rung);
            all += 1;
            told[0] += usize::from(layer.rung == Rung::All);
            told[1] += usize::from(layer.rung >= Rung::Totals);
            errors_of[usize::from(persons == PERSONS[1])].extend(errors(&found, &layer));
        }
        throughout += usize::from(lowest == Rung::All);
        assert_eq!(check_ledgers(&year.ledgers), Ok(()), "{} of {persons}, {late} late", year.identity);
    }
    println!("all told in {} and totals in {} of {all}; all at all three releases in {throughout}", told[0], told[1]);
    assert!(told[0] * 100 >= all * 95, "all told in {} of {all}", told[0]);
    assert!(told[1] * 100 >= all * 99, "totals told in {} of {all}", told[1]);
    for (errors, tenths) in errors_of.iter().zip([15, 50]) {
        let count = i64::try_from(errors.len()).expect("a small number");
        let sum: i64 = errors.iter().sum();
        println!("mean error {sum} / {count}");
        assert!(sum * 10 <= count * tenths, "the mean error is {sum} / {count}");
        assert!(errors.iter().all(|error| *error < BASE));
    }
}

#[test]
fn recodes_removals_and_a_release_without_changes_freeze_nothing() {
    for (persons, late, mut dice, mut year, seed) in systems(3, seeds(1)) {
        year.grow(&mut dice, late);
        year.release(&key(seed));
        year.recode(&mut dice, 40);
        year.grow(&mut dice, late);
        let (_, before) = year.release(&key(seed));
        let (_, again) = year.release(&key(seed));
        assert_eq!(before, again, "an unchanged register");
        year.remove(&mut dice, 5);
        year.grow(&mut dice, late);
        year.release(&key(seed));
        let mut last = Rung::Nothing;
        for _ in 0..3 {
            year.grow(&mut dice, late.max(5));
            last = last.max(year.release(&key(seed)).1.rung);
        }
        assert!(last > Rung::Nothing, "{} of {persons}, {late} late, is frozen", year.identity);
        assert_eq!(check_ledgers(&year.ledgers), Ok(()), "{} of {persons}, {late} late", year.identity);
    }
}

#[test]
fn a_loss_alone_drops_nothing() {
    let mut dice = Dice::of(5);
    let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", 2_000, 2, BASE);
    year.remove(&mut dice, 300);
    let (found, layer) = year.release(&key(1));
    assert_eq!((layer.rung, &layer.z), (Rung::All, &vec![0; found.groups.len()]));
    year.grow(&mut dice, 200);
    assert_eq!(year.release(&key(1)).1.rung, Rung::All, "what comes later is told");
}

#[test]
fn rows_that_come_back_are_not_sampled_again() {
    let mut dice = Dice::of(6);
    let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", 2_000, 2, BASE);
    year.grow(&mut dice, 100);
    let (_, first) = year.release(&key(1));
    let whole = year.clone();
    year.remove(&mut dice, 60);
    year.release(&key(1));
    year.rows_of(&whole);
    let (_, again) = year.release(&key(1));
    assert_eq!((first.z, first.late, first.passed), (again.z, again.late, again.passed));
}

#[test]
fn the_order_of_groups_and_figures_changes_nothing() {
    for seed in 0..10 {
        let mut dice = Dice::of(seed);
        let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", 1_000, 2, BASE);
        year.grow(&mut dice, 60);
        year.release(&key(1));
        year.grow(&mut dice, 60);
        let found = year.found();
        let plain = lay(&found, &key(1)).expect("it fits");
        let mut mixed = found.clone();
        let order = shuffled(&mut dice, found.groups.len());
        let place = inverse(&order);
        let formers = shuffled(&mut dice, found.former.len());
        let former_place = inverse(&formers);
        mixed.groups = order.iter().map(|group| found.groups[*group].clone()).collect();
        mixed.groups.iter_mut().for_each(|group| group.former = former_place[group.former]);
        mixed.former = formers.iter().map(|former| found.former[*former]).collect();
        let figures = shuffled(&mut dice, found.figures.len());
        mixed.figures = figures.iter().map(|figure| found.figures[*figure].clone()).collect();
        for figure in &mut mixed.figures {
            figure.groups = figure.groups.iter().rev().map(|group| place[*group]).collect();
        }
        let other = lay(&mixed, &key(1)).expect("it fits");
        let back = Layer {
            z: place.iter().map(|at| other.z[*at]).collect(),
            late: inverse(&figures).iter().map(|at| other.late[*at]).collect(),
            ..other
        };
        assert_eq!(plain, back);
    }
}

fn shuffled(dice: &mut Dice, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    (1..count).for_each(|at| order.swap(at, dice.below(at + 1)));
    order
}

fn inverse(order: &[usize]) -> Vec<usize> {
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, group)| place[*group] = at);
    place
}

#[test]
fn a_threshold_that_is_raised_keeps_what_was_told() {
    let mut dice = Dice::of(7);
    let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", 3_000, 2, BASE);
    year.grow(&mut dice, 300);
    year.release(&key(1));
    year.terms = Terms::new(18, 20).expect("the base is above the threshold");
    for _ in 0..3 {
        year.grow(&mut dice, 300);
        year.release(&key(1));
    }
    assert_eq!(check_ledgers(&year.ledgers), Ok(()));
    let told =
        |year: &Year| year.ledgers.last().map(|last| last.figures.iter().filter(|one| one.late.is_some()).count());
    assert_eq!(told(&year), year.ledgers.last().map(|last| last.figures.len()), "what cannot be told anew is repeated");
}

#[test]
fn an_edited_ledger_is_named() {
    let mut dice = Dice::of(8);
    let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", 3_000, 2, BASE);
    for _ in 0..3 {
        year.grow(&mut dice, 200);
        assert_eq!(year.release(&key(1)).1.rung, Rung::All);
    }
    let whole = year.ledgers;
    assert_eq!(check_ledgers(&whole), Ok(()));
    let late = |figure: usize, by: i64| {
        let mut edited = whole.clone();
        let told = edited[2].figures[figure].late.as_mut().expect("it is told");
        told.cases += by;
        check_ledgers(&edited).expect_err("it was edited").what
    };
    assert_eq!(late(0, 1), What::Multiple);
    // One base more of a total belongs to no table, since its parts are told, too.
    assert_eq!(late(0, BASE), What::NoTable);
    let edited = |edit: &dyn Fn(&mut Vec<_>)| {
        let mut edited = whole.clone();
        edit(&mut edited);
        check_ledgers(&edited).expect_err("it was edited").what
    };
    assert_eq!(edited(&|years| years[1].predecessor = None), What::Chain);
    assert_eq!(edited(&|years| drop(years.remove(1))), What::Chain);
    assert_eq!(edited(&|years| years[2].terms = Terms::new(11, 12).expect("above it")), What::Base);
    assert_eq!(edited(&|years| years[2].figures[5].closed += 1), What::Closed);
    assert_eq!(edited(&|years| years[2].figures[0].late = None), What::Rung);
    assert_eq!(edited(&|years| years[1].figures[0].late.as_mut().expect("told").cases = 9_000), What::Fallen);
    let renamed = |years: &mut Vec<tipbrief::disclosure::late::PrintedYear>| {
        let last = years[2].figures.iter_mut().max_by_key(|figure| figure.dimensions).expect("a figure");
        last.late = Some(PrintedLate { cases: 15_000, release: "release 1".to_owned() });
    };
    assert!(matches!(edited(&renamed), What::Rung | What::Repeated));
}
