//! Which numbers of a country's registers may be printed, system by system.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::answer::answer;
use super::asked::{Asked, Key, Repeated};
use super::closed::{Closed, late_numbers};
use super::counted::{Counted, Registers};
use super::mark::{ClosedAs, repeated_mark};
use super::questions::{OpenLists, question};
use super::repeated::repeated;
use super::world::World;
use crate::figures::{Summaries, SummaryCell};
use crate::project::indicator::{Indicator, Measure};
use crate::project::ledger::Ledger;
use crate::value::Missing;
use crate::value::period::Period;

/// Counts and protects the registers of a country.
pub(super) fn registers(world: &World<'_>) -> Registers {
    let asked = asked(world);
    let answers: Vec<Registers> = asked.par_iter().map(|asked| answer(asked, world)).collect();
    let mut all = Registers::default();
    for one in answers {
        for (indicator, cells) in one.cells {
            all.cells.entry(indicator).or_default().extend(cells);
        }
        all.disclosed.extend(one.disclosed);
        all.years.extend(one.years);
        all.contradicting.extend(one.contradicting);
    }
    all
}

/// The questions of each system: those of every indicator that counts its table and measure.
pub(super) fn asked<'w>(world: &World<'w>) -> Vec<Asked<'w>> {
    let mut systems: BTreeMap<Key, Asked<'w>> = BTreeMap::new();
    let basis = world.basis();
    for summary in world.country.summaries() {
        let Some(indicator) = world.indicators.iter().find(|indicator| indicator.id == summary.indicator) else {
            continue;
        };
        let Measure::Observed { table, code, stock } = &indicator.measure else { continue };
        let now = question(world.country, (summary, indicator), world.indicators, basis, world.policy);
        for cell in summary.cells.iter().filter(|cell| cell.codes.is_empty()) {
            let sources: Vec<String> =
                cell.statements.iter().filter(|one| one.register).map(|one| one.source.clone()).collect();
            if sources.is_empty() {
                continue;
            }
            let key = (table.clone(), code.clone(), cell.period.clone());
            let system = systems.entry(key.clone()).or_insert_with(|| {
                let closed = world.closed(table, code.as_deref(), cell.period.text());
                let kept = closed.as_ref().and_then(|closed| closed.record).map(|record| record.sources.clone());
                let (questions, repeated) = (Vec::new(), Repeated::default());
                Asked { key, stock: *stock, questions, sources: kept.unwrap_or(sources), repeated, closed }
            });
            let number = system.questions.len();
            let fixed = system.closed.as_ref().map(|closed| closed.fixed(&now));
            system.questions.push((indicator.id.clone(), fixed.unwrap_or_else(|| now.clone())));
            repeated(system, number, summary, world.country.sources());
        }
    }
    systems.into_values().collect()
}

/// The closed years of an indicator that are not among those at hand, as the ledger has them: where no register is there, or
/// where it covers a year no longer.
pub(super) fn from_ledger(
    country: &Summaries,
    indicator: &Indicator,
    (ledger, open): (&Ledger, &OpenLists),
    at_hand: impl Fn(&str) -> bool,
) -> Vec<Counted> {
    let Measure::Observed { table, code, .. } = &indicator.measure else { return Vec::new() };
    let late = late_numbers(ledger, country.iso3());
    let mut counted = Vec::new();
    for year in ledger.years_of(country.iso3(), &indicator.id).into_iter().filter(|year| !at_hand(year)) {
        let Some(closed) = Closed::of(ledger, country.iso3(), table, code.as_deref(), year) else { continue };
        let day = closed.record.and_then(|record| record.day.as_deref());
        let (Some(question), Ok(period)) = (closed.known(indicator, table, open), Period::parse(day.unwrap_or(year)))
        else {
            continue;
        };
        let sources =
            closed.record.map_or_else(|| ledger.sources_of(country.iso3(), &indicator.id), |r| r.sources.clone());
        let closed_as = ClosedAs { release: closed.release.to_owned(), date: closed.date };
        for codes in question.combinations() {
            let units = closed.number(&question, &codes);
            let mark = late.get(&(indicator.id.as_str(), period.text(), &codes)).filter(|_| units.is_some());
            counted.push(Counted {
                period: period.clone(),
                late: mark.map(|number| repeated_mark(number, closed.release, ledger)),
                codes,
                units,
                missing: Missing::Withheld,
                sources: sources.clone(),
                released: true,
                closed: Some(closed_as.clone()),
            });
        }
    }
    counted
}

/// The years for which the register's table is at hand: then some statement is a register's.
pub(super) fn at_hand(cells: &[SummaryCell]) -> BTreeSet<String> {
    let own = cells.iter().filter(|cell| cell.statements.iter().any(|statement| statement.register));
    own.map(|cell| cell.period.text().to_owned()).collect()
}
