//! What may be printed of one year of a table and measure: nothing before it is due, what is proved when it closes, and from
//! then on its closed numbers (docs/disclosure.md#years-close).

use std::collections::BTreeSet;

use super::asked::Asked;
use super::assemble::{Assembly, Codes, Question};
use super::closed::{Closed, Was};
use super::counted::{Counted, Registers};
use super::mark::{ClosedAs, Mark};
use super::renew::Renewed;
use super::suppress::suppress;
use super::table::Table;
use super::told::{Late, told};
use super::witness::proved;
use super::world::World;
use super::years::{CellOf, State, Telling, Year};
use crate::figures::Atom;
use crate::value::Missing;
use crate::value::period::Period;

/// A cell of a question: what is printed of it.
struct Cell {
    of: CellOf,
    printed: Option<i64>,
    released: bool,
}

/// Decides on one year.
pub(super) fn answer(asked: &Asked<'_>, world: &World<'_>) -> Registers {
    match &asked.closed {
        Some(closed) => of_closed(asked, closed, world),
        None if world.policy.late.is_due(asked.key.2.end()) => closing(asked, world),
        None => asked.silent(Missing::Withheld),
    }
}

/// A year that closes with the next release: chooses what to withhold and checks the proof; without a proof nothing is
/// printed.
fn closing(asked: &Asked<'_>, world: &World<'_>) -> Registers {
    let (table, measure, year) = &asked.key;
    let all = world.present(table, measure.as_deref(), year, &asked.sources);
    let Some((period, atoms)) = asked.counted(all, None) else { return asked.silent(Missing::NotReported) };
    let assembly = assembled(asked, &atoms, world);
    let mut proof = None;
    let mut disclosed = BTreeSet::new();
    if let Some(assembly) = assembly {
        match suppress(&assembly.system, world.policy) {
            Ok(pattern) if proved(&assembly.system, &pattern, world.policy) => {
                proof = Some((assembly, pattern.withheld));
            }
            Err(found) if !asked.repeated.numbers.is_empty() => {
                let asks = |question: &Question, codes: &Codes| {
                    assembly.cell(question, codes).is_some_and(|cell| found.cells.contains(&cell))
                };
                disclosed = asked.concerned(asks);
            }
            Ok(_) | Err(_) => {}
        }
    }
    let all: Vec<usize> = (0..asked.questions.len()).collect();
    let mut cells = Vec::new();
    for (at, (_, question)) in asked.questions.iter().enumerate() {
        for codes in question.combinations() {
            let Some((assembly, withheld)) = &proof else {
                cells.push(Cell { of: (at, codes), printed: None, released: false });
                continue;
            };
            let (units, withheld) = match assembly.cell(question, &codes) {
                Some(cell) => (assembly.system.cells[cell].units, withheld[cell]),
                None if assembly.is_empty(question, &codes) => (0, world.policy.zeros_sensitive),
                None => continue,
            };
            cells.push(Cell { of: (at, codes), printed: Some(units).filter(|_| !withheld), released: false });
        }
    }
    let year = asked.year(world, (&period, None), (State::Closes, Telling::Fresh), (&cells, &all));
    Registers { disclosed, ..asked.printed(&period, cells, None, &Late::default(), year) }
}

/// The system with its public cells; none where a publication that repeats the register differs from it by a small count.
pub(super) fn assembled(asked: &Asked<'_>, atoms: &[&Atom], world: &World<'_>) -> Option<Assembly> {
    let of_table = world.of_table(&asked.key.0, &[]);
    let questions: Vec<Question> = asked.questions.iter().map(|(_, question)| question.clone()).collect();
    let numbers = &asked.repeated.numbers;
    let public: Vec<(usize, Codes)> = numbers.iter().map(|(q, codes, ..)| (*q, codes.clone())).collect();
    let assembly = Assembly::of(atoms, &of_table, &questions, &[], &public, world.country.iso3());
    let assembly = assembly.filter(|_| !asked.repeated.is_beyond)?;
    // That difference would itself be the count of a small group.
    let apart = |(question, codes, value, _): &(usize, Codes, i64, Vec<String>)| {
        let difference =
            assembly.cell(&questions[*question], codes).map(|cell| assembly.system.cells[cell].units - value);
        difference.is_none_or(|difference| difference != 0 && difference.abs() < world.policy.threshold_units())
    };
    (!numbers.iter().any(apart)).then_some(assembly)
}

/// A closed year: its closed numbers, what is newly asked of it and proved, and what is told of its late cases.
fn of_closed(asked: &Asked<'_>, closed: &Closed<'_>, world: &World<'_>) -> Registers {
    let (name, measure, year) = &asked.key;
    let all = world.present(name, measure.as_deref(), year, &asked.sources);
    let day = closed.record.and_then(|record| record.day.as_deref());
    let copy = closed.record.and_then(|record| world.copy(record));
    let Some((period, present)) = asked.counted(all, day).or_else(|| Some((asked.day(day)?, Vec::new()))) else {
        return asked.silent(Missing::NotReported);
    };
    let adopting = closed.record.is_none();
    let base: Option<Vec<&Atom>> =
        copy.as_ref().map(|(atoms, _)| atoms.iter().collect()).or_else(|| adopting.then(|| present.clone()));
    let asking: Vec<usize> = (0..asked.questions.len())
        .filter(|at| copy.as_ref().is_none_or(|(_, counts)| has(&asked.questions[*at].1, &counts.dimensions)))
        .collect();
    let table = base.as_deref().map(|base| Table::of(asked, &asking, closed, base, world));
    let (public, contradicting) = asked.against(closed, table.as_ref());
    let contradicted = contradicting.is_some();
    let was = |at: usize, codes: &Codes| closed.was(&asked.questions[at].1, codes);
    let cells_of = |at: &usize| {
        let at = *at;
        asked.questions[at].1.combinations().into_iter().map(move |codes| (at, codes))
    };
    let all: Vec<(CellOf, Was)> = asking
        .iter()
        .flat_map(cells_of)
        .map(|of| {
            let was = was(of.0, &of.1);
            (of, was)
        })
        .collect();
    let news = adopting || all.iter().any(|(_, was)| *was == Was::Never);
    let renewed = base
        .as_deref()
        .filter(|_| news && !contradicted)
        .and_then(|base| Renewed::of(asked, closed, (base, &asking), &public, world));
    let cells = closed_cells(asked, all, renewed.as_ref());
    let unlike = closed.record.is_some_and(|record| world.is_unlike(record));
    let state = match (copy.is_some(), adopting && renewed.is_some()) {
        _ if unlike => State::Unlike,
        (true, _) => State::Kept,
        (false, true) => State::Adopted,
        (false, false) => State::Lost,
    };
    let printed: Vec<(CellOf, i64)> = cells.iter().filter_map(|cell| Some((cell.of.clone(), cell.printed?))).collect();
    let late = told(asked, closed, (table, &present), (&printed, &period), (state, contradicted), world);
    let lacking = (0..asked.questions.len()).filter(|at| !asking.contains(at));
    let year = asked.year(world, (&period, closed.record), (state, late.telling()), (&cells, &asking));
    let closed_as = ClosedAs { release: closed.release.to_owned(), date: closed.date };
    let mut registers = asked.printed(&period, cells, Some(closed_as), &late, year);
    lacking.for_each(|at| asked.push(&mut registers, &period, (at, Codes::new()), Missing::NotReported));
    registers.contradicting = contradicting.unwrap_or_default();
    registers
}

/// The cells of a closed year: its closed numbers, and what is newly proved.
fn closed_cells(asked: &Asked<'_>, all: Vec<(CellOf, Was)>, renewed: Option<&Renewed>) -> Vec<Cell> {
    let cell = |(of, was): (CellOf, Was)| {
        let new = renewed.and_then(|renewed| renewed.cell(&asked.questions[of.0].1, &of.1));
        let printed = match was {
            Was::Printed(value) => Some(value),
            Was::Withheld => None,
            Was::Never => new.filter(|(_, withheld)| !withheld).map(|(units, _)| units),
        };
        Cell { of, printed, released: was != Was::Never }
    };
    all.into_iter().map(cell).collect()
}

/// Whether a table has every dimension that a question asks for.
pub(super) fn has(question: &Question, dimensions: &[String]) -> bool {
    question.asked.keys().chain(question.conditions.keys()).all(|dimension| dimensions.contains(dimension))
}

impl Asked<'_> {
    /// The atoms that are counted, and the period that they are about: for a stock those of its last day.
    pub(super) fn counted<'a>(&self, atoms: Vec<&'a Atom>, day: Option<&str>) -> Option<(Period, Vec<&'a Atom>)> {
        if !self.stock {
            return Some((self.key.2.clone(), atoms));
        }
        let parsed = |atom: &&Atom| Period::parse(&atom.period).ok();
        let last = match day {
            Some(day) => Period::parse(day).ok()?,
            None => atoms.iter().filter_map(parsed).max_by_key(|period| (period.end(), period.start()))?,
        };
        let atoms = atoms.into_iter().filter(|atom| parsed(atom).as_ref() == Some(&last)).collect();
        Some((last, atoms))
    }

    /// The period of a closed year: for a stock the day that was counted.
    fn day(&self, day: Option<&str>) -> Option<Period> {
        if self.stock { Period::parse(day?).ok() } else { Some(self.key.2.clone()) }
    }

    /// Only the margins, without a number.
    fn silent(&self, missing: Missing) -> Registers {
        let mut registers = Registers::default();
        for at in 0..self.questions.len() {
            self.push(&mut registers, &self.key.2, (at, Codes::new()), missing);
        }
        registers
    }

    fn push(&self, registers: &mut Registers, period: &Period, (at, codes): CellOf, missing: Missing) {
        let (period, sources) = (period.clone(), self.sources.clone());
        let counted =
            Counted { period, codes, units: None, missing, sources, released: false, closed: None, late: None };
        registers.cells.entry(self.questions[at].0.clone()).or_default().push(counted);
    }

    /// The cells as they are printed. If the whole is withheld, listing its withheld parts adds nothing.
    fn printed(
        &self,
        period: &Period,
        cells: Vec<Cell>,
        closed: Option<ClosedAs>,
        late: &Late,
        year: Year,
    ) -> Registers {
        let mut registers = Registers { years: vec![year], ..Registers::default() };
        let any = cells.iter().any(|cell| cell.printed.is_some());
        for Cell { of, printed, released } in cells.into_iter().filter(|cell| any || cell.of.1.is_empty()) {
            let mark: Option<Mark> = late.mark(&of).cloned().filter(|_| printed.is_some());
            let counted = Counted {
                period: period.clone(),
                codes: of.1,
                units: printed,
                missing: Missing::Withheld,
                sources: self.sources.clone(),
                released,
                closed: closed.clone(),
                late: mark,
            };
            registers.cells.entry(self.questions[of.0].0.clone()).or_default().push(counted);
        }
        registers
    }

    fn year(
        &self,
        world: &World<'_>,
        (period, record): (&Period, Option<&crate::project::ledger::ClosedYear>),
        (state, late): (State, Telling),
        (cells, asking): (&[Cell], &[usize]),
    ) -> Year {
        Year {
            record: record.cloned(),
            closed_by: self.closed.as_ref().map(|closed| closed.release.to_owned()),
            name: self.name(world.country.iso3()),
            table: self.key.0.clone(),
            measure: self.key.1.clone(),
            year: self.key.2.text().to_owned(),
            day: self.stock.then(|| period.text().to_owned()),
            sources: self.sources.clone(),
            state,
            questions: self
                .questions
                .iter()
                .enumerate()
                .filter(|(at, _)| asking.contains(at))
                .map(|(_, one)| one.clone())
                .collect(),
            printed: cells.iter().filter(|cell| cell.printed.is_some()).count(),
            cells: cells.len(),
            late,
        }
    }
}
