//! What a correction exposes: the old and the new numbers of a year that is counted anew, attacked together.

use std::collections::BTreeMap;

use super::assemble::{Codes, Question};
use super::closed::Closed;
use super::groups::Groups;
use super::release::CountryRelease;
use super::sealing::own;
use super::world::atoms;
use super::years::{State, Year};
use crate::disclosure::attack::{Sum, Verdict, attack};
use crate::project::custody::{Counts, Custody};
use crate::project::ledger::{ClosedYear, Definition, Ledger, PrintedNumber, RegisterRelease};

/// The years in which some group can be told to within fewer persons than the threshold by whoever has the old and the new
/// numbers and all that was told of late cases, and knows that a register only grows. A year whose copy is lost, or that has lost a case, cannot be judged so.
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
    let units = |group: usize| (groups.units(before, group), groups.units(after, group));
    let units: Vec<(i64, i64)> = (0..groups.names().count()).map(units).collect();
    if units.iter().any(|(old, new)| new < old) {
        return false;
    }
    let own = figures.iter().filter(|one| one.country == country.iso3() && one.year() == year.year);
    let own: Vec<&PrintedNumber> = own.collect();
    let told = told(record, &groups, (ledger, country.iso3()));
    let unknowns = Unknowns { groups: units.len(), last: told.len() + 1 };
    let printed = unknowns.printed(&groups, &closed, (year, &own));
    let late = told.iter().enumerate().flat_map(|(at, told)| {
        told.iter().map(move |(members, least, most)| sum(unknowns.grown(members, at + 1), *least, *most))
    });
    let all: Vec<Sum> = printed.iter().cloned().chain(late).collect();
    let threshold = country.policy().threshold_units();
    let hidden = unknowns.hidden(&units, threshold);
    let attacked = |known: &[Sum]| {
        let all = [known, &hidden].concat();
        attack(unknowns.number(), &all, &(known.len()..all.len()).collect::<Vec<_>>(), threshold.into())
    };
    let mut found = attacked(&all);
    if !found.clash.is_empty() {
        // A case went and came again since then, so what was told of late cases proves nothing of those that came.
        found = attacked(&printed);
    }
    found.verdicts.iter().any(|verdict| *verdict != Verdict::Free)
}

/// What a reader does not know: how many each group held when the year closed, and behind all of these how many came into it
/// before each release that told of late cases, and since.
#[derive(Clone, Copy)]
struct Unknowns {
    groups: usize,
    /// The last time at which any came: after the last of those releases.
    last: usize,
}

impl Unknowns {
    fn number(self) -> usize {
        (self.last + 1) * self.groups
    }

    /// What came into some groups up to a time.
    fn grown(self, members: &[usize], until: usize) -> Vec<usize> {
        (1..=until).flat_map(|time| members.iter().map(move |group| time * self.groups + group)).collect()
    }

    /// What some groups hold now.
    fn now(self, members: &[usize]) -> Vec<usize> {
        [members, &self.grown(members, self.last)].concat()
    }

    /// The old numbers and the new ones.
    fn printed(self, groups: &Groups<'_>, closed: &Closed<'_>, (year, own): (&Year, &[&PrintedNumber])) -> Vec<Sum> {
        let members =
            |question: &Question, codes: &Codes| Some(groups.members(&[groups.key(question, codes)?]).concat());
        let old = closed.printed().filter_map(|(question, codes, value)| Some((members(question, codes)?, value)));
        let old = old.map(|(members, value)| sum(members, value, value));
        let new = year.questions.iter().flat_map(|(indicator, question)| {
            let own = own.iter().filter(move |one| one.indicator == *indicator);
            own.filter_map(move |one| Some((members(question, &one.dimensions)?, one.value)))
        });
        old.chain(new.map(|(members, value)| sum(self.now(&members), value, value))).collect()
    }

    /// The sums that must stay hidden: what a group held, by how much it grew, and what it holds, where that is few.
    fn hidden(self, units: &[(i64, i64)], threshold: i64) -> Vec<Sum> {
        let small = |units: i64| (1..threshold).contains(&units);
        let of = |(group, (old, new)): (usize, &(i64, i64))| {
            let each = [
                (small(*old), vec![group]),
                (small(new - old), self.grown(&[group], self.last)),
                (small(*new), self.now(&[group])),
            ];
            each.into_iter().filter(|(small, _)| *small).map(|(_, atoms)| Sum { atoms, least: 0, most: None })
        };
        units.iter().enumerate().flat_map(of).collect()
    }
}

fn sum(atoms: Vec<usize>, least: i64, most: i64) -> Sum {
    Sum { atoms, least: least.into(), most: Some(most.into()) }
}

/// A sum of groups by how much it has grown, at least and at most.
type Growth = (Vec<usize>, i64, i64);

/// What each release told of the late cases of a year.
fn told(record: &ClosedYear, groups: &Groups<'_>, (ledger, country): (&Ledger, &str)) -> Vec<Vec<Growth>> {
    let of = |release: &RegisterRelease| -> Vec<Growth> {
        let definitions = ledger.definitions(release, country);
        let own = release.late.iter().filter(|late| late.country == country && late.release == release.name);
        let grown = own.filter(|late| late.period == record.year).filter_map(|late| {
            let asks = |one: &&&Definition| {
                let same = one.table == record.table && one.measure == record.measure;
                same && one.indicator == late.indicator && one.periods.contains(&record.year)
            };
            let asked = definitions.iter().find(asks)?;
            let question = Question { asked: asked.dimensions.clone(), conditions: asked.conditions.clone() };
            let members = groups.members(&[groups.key(&question, &late.dimensions)?]).concat();
            let least = if late.cases == 0 { 0 } else { late.cases - late.base + 1 };
            Some((members, least, late.cases + late.base - 1))
        });
        grown.collect()
    };
    // At its closing nothing had come yet.
    let since = ledger.binding_of(Some(record)).iter().filter(|release| release.name != record.release);
    since.map(of).filter(|told| !told.is_empty()).collect()
}
