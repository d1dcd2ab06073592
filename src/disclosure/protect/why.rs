//! Why a figure is printed or withheld, for the custodian alone (docs/disclosure.md#why-a-figure-is-withheld). Which figure was
//! withheld first is told here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::answer::{answer, assembled, has};
use super::asked::Asked;
use super::assemble::{Assembly, Codes};
use super::cell::{ReleasedCell, Status};
use super::closed::{Closed, Was};
use super::cost::Cost;
use super::counted::Registers;
use super::given_away::follows;
use super::mark::ClosedAs;
use super::reasons::{Reason, Sum, Untold};
use super::registers::asked;
use super::release::CountryRelease;
use super::renew::{policy_of, system_of};
use super::suppress::{sensitive, suppress};
use super::system::{System, packed};
use super::table::Table;
use super::trial::{Change, under};
use super::witness::proved;
use super::world::World;
use super::years::{State, Telling};
use super::{Unprotected, id_of};
use crate::figures::Atom;
use crate::project::late::Tell;
use crate::project::policy::{LEAST_THRESHOLD, Policy, Weights};
use crate::value::Missing;

/// Thresholds that are tried: that of the Counter Trafficking Data Collaborative and two that statistical offices use.
const THRESHOLDS: [u64; 3] = [11, 5, LEAST_THRESHOLD];

/// A figure that is asked about.
struct Figure<'f> {
    of: Unprotected<'f>,
    world: &'f World<'f>,
    asked: &'f Asked<'f>,
    /// The question that it answers.
    at: usize,
    codes: &'f Codes,
    released: &'f CountryRelease,
    cell: &'f ReleasedCell,
}

/// Why a released figure is printed or withheld; none where it is of a register that is not at hand.
#[must_use]
pub fn why(of: Unprotected<'_>, released: &CountryRelease, cell: &ReleasedCell) -> Option<Vec<Reason>> {
    if cell.is_computed() {
        return Some(vec![Reason::Computed]);
    }
    let country = of.summaries.iter().find(|country| country.iso3() == released.iso3())?;
    let world = World::of(country, of.indicators, of.policy, (of.known.ledger, of.known.custody, of.known.reopened));
    let asked = asked(&world);
    let own = asked.iter().find_map(|asked| {
        let at = asked.questions.iter().position(|(indicator, _)| *indicator == cell.indicator)?;
        // A stock is answered by a day of the year.
        let same = asked.key.2 == cell.period || asked.stock && asked.key.2.contains(&cell.period);
        same.then_some((asked, at))
    });
    let mut reasons = match own {
        Some((asked, at)) => Figure { of, world: &world, asked, at, codes: &cell.codes, released, cell }.reasons(),
        None if cell.register => return None,
        None => Vec::new(),
    };
    reasons.extend(published(&world, cell));
    Some(reasons)
}

/// What the publications make of a figure.
fn published(world: &World<'_>, cell: &ReleasedCell) -> Option<Reason> {
    let own = world.country.summaries().iter().find(|summary| summary.indicator == cell.indicator)?;
    let stated = own.cells.iter().find(|one| one.period == cell.period && one.codes == cell.codes)?;
    let first = stated.statements.iter().find(|statement| !statement.register)?;
    Some(match &first.outcome {
        Ok(_) if cell.status == Status::Withheld && !cell.register => Reason::GivesAway,
        Ok(_) => Reason::Stated,
        Err(Missing::Withheld) if cell.reckonable => Reason::Reckonable,
        Err(Missing::Withheld) => Reason::BySource,
        Err(_) => Reason::Unreported,
    })
}

impl Figure<'_> {
    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = match &self.asked.closed {
            Some(closed) => self.closed(closed),
            None => self.open(),
        };
        let withheld = |reason: &Reason| matches!(reason, Reason::Small | Reason::Zero | Reason::Protects(_));
        if reasons.iter().any(withheld) || reasons.contains(&Reason::Unneeded) {
            let codes = self.codes.keys().filter_map(|dimension| self.coarser(dimension));
            reasons.extend(codes.map(Reason::Coarser));
            if self.asked.closed.is_none() {
                reasons.extend(self.otherwise());
            }
        }
        if self.asked.closed.is_some() && !reasons.contains(&Reason::Printed) {
            reasons.push(Reason::Fixed);
        }
        reasons
    }

    /// A figure of a year that has not closed.
    fn open(&self) -> Vec<Reason> {
        let (world, (table, measure, year)) = (self.world, &self.asked.key);
        let late = &world.policy.late;
        if !late.is_due(year.end()) {
            return vec![Reason::NotDue { last: year.end(), lag_months: late.lag_months, closes: late.closes }];
        }
        let all = world.present(table, measure.as_deref(), year, &self.asked.sources);
        let Some((_, atoms)) = self.asked.counted(all, None) else { return vec![Reason::Uncounted] };
        let Some(assembly) = assembled(self.asked, &atoms, world) else {
            let repeats = self.asked.repeated.is_beyond || !self.asked.repeated.numbers.is_empty();
            return vec![if repeats { Reason::Contradicted } else { Reason::TooFine }];
        };
        let found = suppress(&assembly.system, world.policy).ok();
        let Some(pattern) = found.filter(|pattern| proved(&assembly.system, pattern, world.policy)) else {
            return vec![Reason::Unproved];
        };
        let mut reasons = self.judged((&assembly, &assembly.system), &pattern.withheld, world.policy);
        reasons.push(Reason::Closes);
        reasons
    }

    /// A figure of a closed year.
    fn closed(&self, closed: &Closed<'_>) -> Vec<Reason> {
        let registers = answer(self.asked, self.world);
        let question = &self.asked.questions[self.at].1;
        let closed_as = Reason::Closed(ClosedAs { release: closed.release.to_owned(), date: closed.date });
        if printed(&registers, self.cell) {
            return vec![Reason::Printed, closed_as, self.late(&registers)];
        }
        let mut reasons = vec![closed_as];
        if closed.was(question, self.codes) == Was::Withheld {
            reasons.push(Reason::Kept);
        }
        let own = self.closed_system(closed);
        reasons.extend(match own {
            Some((assembly, system, withheld)) => {
                self.judged((&assembly, &system), &withheld, &policy_of(closed, self.world.policy))
            }
            None => vec![Reason::CopyLost],
        });
        reasons.retain(|reason| *reason != Reason::Printed);
        reasons
    }

    /// The system of a closed year, and what is withheld of it; none without its copy.
    fn closed_system(&self, closed: &Closed<'_>) -> Option<(Assembly, System, Vec<bool>)> {
        let (world, asked, (table, measure, year)) = (self.world, self.asked, &self.asked.key);
        let copy = closed.record.and_then(|record| world.copy(record));
        let present = world.present(table, measure.as_deref(), year, &asked.sources);
        let adopted = asked.counted(present, None).filter(|_| closed.record.is_none()).map(|(_, atoms)| atoms);
        let atoms: Vec<&Atom> = copy.as_ref().map(|(atoms, _)| atoms.iter().collect()).or(adopted)?;
        let asks =
            |at: &usize| copy.as_ref().is_none_or(|(_, counts)| has(&asked.questions[*at].1, &counts.dimensions));
        let asking: Vec<usize> = (0..asked.questions.len()).filter(asks).collect();
        let of_year = Table::of(asked, &asking, closed, &atoms, world);
        let (public, _) = asked.against(closed, Some(&of_year));
        let (assembly, system) = system_of(asked, closed, (&atoms, &asking), &public, world)?;
        let policy = policy_of(closed, world.policy);
        let pattern = suppress(&system, &policy).ok().filter(|pattern| proved(&system, pattern, &policy));
        let withheld =
            pattern.map_or_else(|| system.cells.iter().map(|cell| !cell.public).collect(), |pattern| pattern.withheld);
        Some((assembly, system, withheld))
    }

    /// Why a cell of a system is printed or withheld.
    fn judged(&self, (assembly, system): (&Assembly, &System), withheld: &[bool], policy: &Policy) -> Vec<Reason> {
        let question = &self.asked.questions[self.at].1;
        let place = || Some(*system.index().get(&packed(&assembly.codes(question, self.codes)?))?);
        let Some(cell) = place() else {
            let zero = assembly.is_empty(question, self.codes);
            return vec![match (zero, policy.zeros_sensitive) {
                (true, true) => Reason::Zero,
                (true, false) => Reason::Printed,
                (false, _) => Reason::Uncounted,
            }];
        };
        let units = system.cells[cell].units;
        vec![match withheld[cell] {
            false => Reason::Printed,
            true if sensitive(units, policy) && units == 0 => Reason::Zero,
            true if sensitive(units, policy) => Reason::Small,
            true => match (is_needed(system, withheld, cell, policy), follows(system, withheld, cell)) {
                (false, None) => Reason::Unneeded,
                (_, found) => Reason::Protects(found.map(|found| {
                    let names = self.names(assembly, system);
                    let name = |cell: usize| names.get(&cell).cloned().unwrap_or_else(|| EARLIER.to_owned());
                    let parts = found.parts.iter().map(|part| name(*part)).collect();
                    Sum { gives: name(found.gives), whole: name(found.whole), parts }
                })),
            },
        }]
    }

    /// The ids of the cells of a system.
    fn names(&self, assembly: &Assembly, system: &System) -> BTreeMap<usize, String> {
        let (index, mut names) = (system.index(), BTreeMap::new());
        for (id, question) in &self.asked.questions {
            let Some(indicator) = self.of.indicators.iter().find(|indicator| indicator.id == *id) else { continue };
            for codes in question.combinations() {
                let cell = assembly.codes(question, &codes).and_then(|codes| index.get(&packed(&codes)).copied());
                let name = || id_of(indicator, self.released.iso3(), (&self.cell.period, &codes));
                cell.map(|cell| names.entry(cell).or_insert_with(name));
            }
        }
        names
    }

    /// The figure without one of its codes, if it is printed.
    fn coarser(&self, dimension: &str) -> Option<String> {
        let mut codes = self.codes.clone();
        codes.remove(dimension);
        let all = self.released.series(&self.cell.indicator, &codes);
        let found = all.into_iter().find(|other| other.period == self.cell.period)?;
        found.value.is_some().then(|| found.id.clone())
    }

    /// What is told of the late cases of a printed number.
    fn late(&self, registers: &Registers) -> Reason {
        let year = registers.years.first();
        let telling = year.map(|year| &year.late);
        let untold = match (telling, year.map(|year| year.state)) {
            _ if self.asked.stock => Untold::Stock,
            _ if self.world.policy.late.tell == Tell::Closed => Untold::Silent,
            (Some(Telling::Fresh), _) => Untold::Fresh,
            (Some(Telling::Anew(..)), _) => Untold::Rung,
            (Some(Telling::Again(..)), _) => Untold::Stopped,
            (_, Some(State::Unlike)) => Untold::Unlike,
            _ => Untold::Lost,
        };
        let own = registers.cells.get(&self.cell.indicator).into_iter().flatten();
        let mark = own.filter(|counted| counted.codes == *self.codes).find_map(|counted| counted.late.clone());
        match mark {
            Some(mark) if mark.release.is_some() => Reason::Late(mark, Some(untold)),
            Some(mark) => Reason::Late(mark, None),
            None => Reason::Untold(untold),
        }
    }

    /// What other rules would do to the figure and its year.
    fn otherwise(&self) -> Vec<Reason> {
        let policy = self.world.policy;
        let lower = THRESHOLDS.into_iter().filter(|threshold| *threshold < policy.threshold).map(Change::Threshold);
        let weights = if policy.weights == Weights::Cells { Weights::Counts } else { Weights::Cells };
        let dimensions = self.asked.questions.iter().flat_map(|(_, question)| question.asked.keys());
        let dimensions: BTreeSet<&String> = dimensions.filter(|name| !self.codes.contains_key(*name)).collect();
        let others = self.asked.questions.iter().map(|(indicator, _)| indicator);
        let others = others.filter(|indicator| **indicator != self.cell.indicator).cloned();
        let changes: Vec<Change> = lower
            .chain([Change::Weights(weights)])
            .chain(dimensions.into_iter().cloned().map(Change::Without))
            .chain(others.map(Change::Unasked))
            .collect();
        let now = Cost::of(&answer(self.asked, self.world), self.released.iso3());
        changes.into_par_iter().filter_map(|change| self.under(change, now)).collect()
    }

    fn under(&self, change: Change, now: Cost) -> Option<Reason> {
        let (policy, indicators) = under(std::slice::from_ref(&change), self.of.policy, self.of.indicators);
        let known = self.of.known;
        let world = World::of(self.world.country, &indicators, &policy, (known.ledger, known.custody, known.reopened));
        let asked = asked(&world).into_iter().find(|asked| asked.key == self.asked.key)?;
        let registers = answer(&asked, &world);
        let printed = printed(&registers, self.cell);
        Some(Reason::Otherwise { change, printed, cost: (now, Cost::of(&registers, self.released.iso3())) })
    }
}

/// What stands for a figure that is asked no longer.
const EARLIER: &str = "a figure of an earlier release";

/// Whether a figure is among those that are printed.
fn printed(registers: &Registers, cell: &ReleasedCell) -> bool {
    let own = registers.cells.get(&cell.indicator).into_iter().flatten();
    own.into_iter().any(|counted| counted.codes == cell.codes && counted.units.is_some())
}

/// Whether no proof is found for what else is withheld if this cell is printed.
fn is_needed(system: &System, withheld: &[bool], cell: usize, policy: &Policy) -> bool {
    let mut fixed = system.clone();
    for (number, (own, withheld)) in fixed.cells.iter_mut().zip(withheld).enumerate() {
        own.public = number == cell || !withheld;
        own.kept = !own.public;
    }
    !suppress(&fixed, policy).is_ok_and(|pattern| proved(&fixed, &pattern, policy))
}
