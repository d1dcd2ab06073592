//! Ten years over several releases, from the rows to the ledger: nothing freezes, and what is told is near to the truth.

use std::collections::BTreeMap;

use tipbrief::disclosure::late::Rung;

use super::decade::{BASE, Decade, Told, YEARS};
use super::looked::{anew, closed, late};
use crate::dice::long;

/// How many persons in ten years, and how many of a year's come late at each release.
fn sizes() -> Vec<(usize, usize)> {
    let all = [(1_500, 1), (1_500, 5), (50_000, 1), (50_000, 5)];
    let kept = if long() { all.as_slice() } else { &all[1..2] };
    kept.iter().map(|(persons, percent)| (*persons, persons / YEARS * percent / 100)).collect()
}

fn seeds() -> u64 {
    if long() { 3 } else { 1 }
}

#[test]
fn additions_are_told_in_every_year_and_near_to_the_truth() {
    for (persons, cases) in sizes() {
        let mut all = Vec::new();
        for seed in 1..=seeds() {
            let mut decade = Decade::of(seed, persons, false);
            let (closing, _) = decade.release("closing");
            for name in ["first", "second", "third"] {
                decade.grow(cases);
                let (seen, told) = decade.release(name);
                assert_eq!(closed(&seen), closed(&closing), "{name}: closed numbers never change");
                all.push(told);
            }
        }
        judge(&all, persons, cases);
    }
}

/// What must hold of all releases of one size.
fn judge(all: &[Told], persons: usize, cases: usize) {
    let rungs: Vec<Rung> = all.iter().flat_map(|told| told.rungs.iter().copied()).collect();
    let told = |least: Rung| rungs.iter().filter(|rung| **rung >= least).count();
    assert_eq!(rungs.len(), all.len() * YEARS);
    assert_eq!(
        all.iter().map(|told| told.frozen).sum::<usize>(),
        0,
        "{persons} persons, {cases} late: no year is frozen"
    );
    assert!(told(Rung::All) * 100 >= rungs.len() * 95, "all told in {} of {}", told(Rung::All), rungs.len());
    assert!(told(Rung::Totals) * 100 >= rungs.len() * 99, "totals told in {} of {}", told(Rung::Totals), rungs.len());
    let errors: Vec<i64> = all.iter().flat_map(|told| told.errors.iter().copied()).collect();
    assert!(errors.iter().all(|error| *error < BASE));
    let (sum, number) = (errors.iter().sum::<i64>(), i64::try_from(errors.len()).expect("few"));
    let unbiased: i64 = all.iter().map(|told| told.unbiased).sum();
    println!("{persons} persons, {cases} late: mean error {sum} / {number}, unbiased {unbiased} / {}", number * BASE);
    // No rounding without bias is nearer on average; this one is hardly further.
    assert!(sum * BASE * 10 <= unbiased * 11 + number * BASE, "{sum} / {number} beside {unbiased} fifteenths");
}

#[test]
fn recodes_removals_and_releases_without_changes_freeze_nothing() {
    for (persons, cases) in sizes() {
        for seed in 1..=seeds() {
            let mut decade = Decade::of(seed, persons, true);
            let (closing, _) = decade.release("closing");
            let mut before = BTreeMap::new();
            let (mut unchanged, mut last) = (None, [Rung::Nothing; YEARS]);
            for turn in 0..7 {
                match turn {
                    1 => decade.recode(40),
                    3 => decade.remove(5),
                    _ => {}
                }
                if turn != 2 {
                    decade.grow(cases.max(5));
                }
                let (seen, told) = decade.release(&format!("release-{turn}"));
                assert_eq!(closed(&seen), closed(&closing), "release {turn}");
                assert_eq!(told.frozen, 0, "release {turn}: every year goes on");
                let now = late(&seen);
                for (id, value) in &before {
                    assert!(now[id] >= *value, "release {turn}: {id} falls");
                }
                if turn == 2 {
                    assert_eq!(unchanged, Some(anew(&seen)), "nothing has changed");
                }
                for (year, rung) in told.rungs.iter().enumerate().filter(|_| turn > 3) {
                    last[year] = last[year].max(*rung);
                }
                assert!(told.errors.iter().all(|error| *error < BASE));
                (before, unchanged) = (now, Some(anew(&seen)));
            }
            assert!(
                last.iter().all(|rung| *rung > Rung::Nothing),
                "{persons}, {cases}: of a year nothing is told any more: {last:?}"
            );
        }
    }
}
