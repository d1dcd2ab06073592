//! What a correction exposes: the old and the new numbers of a year that is counted anew, attacked together.

use std::collections::BTreeMap;

use super::closed::Closed;
use super::groups::Groups;
use super::release::CountryRelease;
use super::sealing::own;
use super::world::atoms;
use super::years::{State, Year};
use crate::disclosure::attack::{Sum, Verdict, attack};
use crate::project::custody::{Counts, Custody};
use crate::project::ledger::{ClosedYear, Ledger, PrintedNumber};

/// The years in which some group can be told to within fewer persons than the threshold by whoever has the old and the new
/// numbers and knows that a register only grows. A year whose copy is lost, or that has lost a case, cannot be judged so.
#[must_use]
pub fn exposed(
    country: &CountryRelease,
    (counts, custody): (&BTreeMap<String, Counts>, &Custody),
    (ledger, figures): (&Ledger, &[PrintedNumber]),
) -> Vec<String> {
    let reopened = country.years().iter().filter(|year| year.state == State::Closes).filter_map(|year| {
        let record = ledger.closed_years().iter().find(|record| record.name() == year.name)?;
        Some((year, record))
    });
    let narrow = reopened.filter(|(year, record)| {
        let copy = || {
            let copy = record.copy.as_ref()?;
            Some(own(year, custody.of(country.iso3())?.releases.get(&copy.release)?.copies.get(&year.table)?))
        };
        let now = counts.get(&year.table).map(|counts| own(year, counts)).unwrap_or_default();
        copy().is_some_and(|old| is_narrow((year, record), (&old, &now), (ledger, figures), country))
    });
    narrow.map(|(year, _)| year.name.clone()).collect()
}

fn is_narrow(
    (year, record): (&Year, &ClosedYear),
    (old, now): (&Counts, &Counts),
    (ledger, figures): (&Ledger, &[PrintedNumber]),
    country: &CountryRelease,
) -> bool {
    let measure = year.measure.as_deref();
    let Some(closed) = Closed::of(ledger, country.iso3(), &year.table, measure, &record.year) else { return false };
    let questions: Vec<_> = year.questions.iter().map(|(_, question)| question).collect();
    let mut groups = Groups::of(&questions, &closed.questions(), country.iso3());
    let (before, after) = (groups.count(&atoms(&year.table, old)), groups.count(&atoms(&year.table, now)));
    let number = groups.names().count();
    let old_units: Vec<i64> = (0..number).map(|group| groups.units(before, group)).collect();
    let new_units: Vec<i64> = (0..number).map(|group| groups.units(after, group)).collect();
    if old_units.iter().zip(&new_units).any(|(old, new)| new < old) {
        return false;
    }
    // Every group has what it held, and, behind all of these, by how much it grew.
    let mut sums = Vec::new();
    let mut printed = |members: &[usize], value: i64, grown: bool| {
        let more = members.iter().filter(|_| grown).map(|group| number + group);
        let atoms = members.iter().copied().chain(more).collect();
        sums.push(Sum { atoms, least: value.into(), most: Some(value.into()) });
    };
    for (question, codes, value) in closed.printed() {
        if let Some(key) = groups.key(question, codes) {
            printed(&groups.members(&[key])[0], value, false);
        }
    }
    for (indicator, question) in &year.questions {
        let own = figures.iter().filter(|one| one.indicator == *indicator && one.year() == year.year);
        for one in own.filter(|one| one.country == country.iso3()) {
            if let Some(key) = groups.key(question, &one.dimensions) {
                printed(&groups.members(&[key])[0], one.value, true);
            }
        }
    }
    let threshold = country.policy().threshold_units();
    let small = |units: i64| (1..threshold).contains(&units);
    let known = sums.len();
    for group in 0..number {
        let (old, new) = (old_units[group], new_units[group]);
        let each = [
            (small(old), vec![group]),
            (small(new - old), vec![number + group]),
            (small(new), vec![group, number + group]),
        ];
        let hidden = each.into_iter().filter(|(small, _)| *small);
        sums.extend(hidden.map(|(_, atoms)| Sum { atoms, least: 0, most: None }));
    }
    let targets: Vec<usize> = (known..sums.len()).collect();
    let found = attack(2 * number, &sums, &targets, threshold.into());
    found.verdicts.iter().any(|verdict| *verdict != Verdict::Free)
}
