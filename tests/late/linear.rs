//! A reader with a solver: the growth of each group over all releases together, by two linear programmes each.

use std::collections::BTreeMap;

use tipbrief::disclosure::attack::{Equation, System, Verdict, WORK, attack_system};
use tipbrief::disclosure::late::{PrintedLate, PrintedYear};

use super::invented::{THRESHOLD, Year, growth, key};
use crate::dice::{Dice, long};

/// What a reader of all ledgers can do: for each group and each release one verdict on how narrow its growth is.
fn attacked(ledgers: &[PrintedYear], most: usize) -> Vec<Verdict> {
    let mut figures_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, figure) in ledgers[0].figures.iter().enumerate() {
        figure.groups.iter().for_each(|group| figures_of.entry(*group).or_default().push(number));
    }
    let mut system = System::default();
    // What came into a group between two releases; groups in the same figures are one, which is told more easily.
    let mut kinds: Vec<&Vec<usize>> = figures_of.values().collect();
    kinds.sort_unstable();
    kinds.dedup();
    let came: Vec<Vec<usize>> =
        kinds.iter().map(|_| ledgers.iter().map(|_| system.count((0, None))).collect()).collect();
    let mut targets = Vec::new();
    for (at, ledger) in ledgers.iter().enumerate() {
        for (number, figure) in ledger.figures.iter().enumerate() {
            let told = figure.late.as_ref().filter(|late| late.release == ledger.release);
            let Some((r, width)) = told.map(|late| (late.cases, ledger.terms.base() - 1)) else { continue };
            let least = if r == 0 { 0 } else { r - width };
            let whole = system.count((least.into(), Some((r + width).into())));
            let inside = kinds.iter().zip(&came).filter(|(kind, _)| kind.contains(&number));
            let terms = inside.flat_map(|(_, came)| &came[..=at]).map(|count| (*count, 1));
            let terms = terms.chain([(whole, -1)]).collect();
            system.equations.push(Equation { terms, implied: false });
        }
        for came in &came {
            let growth = system.count((0, None));
            let terms = came[..=at].iter().map(|count| (*count, 1)).chain([(growth, -1)]).collect();
            system.equations.push(Equation { terms, implied: false });
            targets.push(growth);
        }
    }
    // The last release knows most.
    targets.reverse();
    targets.truncate(most);
    let outcome = attack_system(&system, &targets, THRESHOLD.into(), WORK);
    assert!(outcome.clashes.is_empty(), "the truth agrees with everything printed");
    outcome.verdicts
}

/// Three releases of an invented year; with `alone` each figure is rounded by itself, up or down.
fn released(seed: u64, persons: usize, alone: bool) -> Vec<PrintedYear> {
    let (mut dice, base) = (Dice::of(seed), THRESHOLD + 1);
    let mut year = Year::closed(&mut dice, "XXA/victims/identified/2024", persons, 2, base);
    for _ in 0..3 {
        year.grow(&mut dice, persons / 20);
        let (found, _) = year.release(&key(usize::try_from(seed).expect("a small number")));
        let printed = year.ledgers.last_mut().expect("it was printed");
        for (figure, printed) in found.figures.iter().zip(&mut printed.figures).filter(|_| alone) {
            let cases = growth(&found, figure) / base * base + if dice.once_in(2) { base } else { 0 };
            let cases = if growth(&found, figure) % base == 0 { growth(&found, figure) } else { cases };
            printed.late = Some(PrintedLate { cases, release: printed.late.take().expect("all is told").release });
        }
    }
    year.ledgers
}

#[test]
fn no_group_is_narrow_over_all_releases_together() {
    let (sizes, most): (&[usize], usize) = if long() { (&[150, 1_500, 5_000], 300) } else { (&[150], 30) };
    for persons in sizes {
        let verdicts = attacked(&released(1, *persons, false), most);
        assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Free), "{persons}: {verdicts:?}");
    }
}

#[test]
fn figures_that_are_rounded_one_by_one_are_narrow() {
    let verdicts = attacked(&released(1, 150, true), if long() { 60 } else { 10 });
    let narrow = verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Exact | Verdict::Narrow)).count();
    assert!(narrow > 0, "{verdicts:?}");
}
