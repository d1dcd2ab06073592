//! Room for one number after the other: what the cheapest tables change is withheld.

use std::collections::BTreeSet;

use super::reach::{Number, Reach};
use super::sheet::{Sheet, number};
use super::system::System;
use super::whole::{Changes, Limit, Room, Tables, tables};
use crate::project::policy::{Policy, Weights};

/// A system of more cells is large: there what makes room for a number is sought among few groups first.
const LARGE: usize = 400;
/// How far the search for one number goes at first, and when its turn comes again: by then others may have made room.
const LIMITS: [&[Limit]; 2] = [&[(usize::MAX, 3_000_000)], &[(usize::MAX, 30_000_000)]];
/// The same where nothing more may be withheld: the first tables are as good as any.
const FREE_LIMITS: [&[Limit]; 2] =
    [&[(64, 300_000), (256, 1_000_000), (usize::MAX, 3_000_000)], &[(usize::MAX, 30_000_000)]];
/// The same in a large system; where each cell costs its count, the cheapest groups are few; and in a very large one.
const LARGE_LIMITS: [&[Limit]; 2] = [&[(64, 50_000), (320, 100_000)], MORE_OF_LARGE];
const LARGE_LIMITS_BY_COUNT: [&[Limit]; 2] = [&[(64, 100_000), (160, 100_000)], MORE_OF_LARGE];
const MORE_OF_LARGE: &[Limit] = &[(512, 2_000_000), (usize::MAX, 20_000_000)];
pub(super) const HUGE: usize = 10_000;
const HUGE_LIMITS: [&[Limit]; 2] = [&[(64, 50_000)], &[(320, 600_000), (512, 2_000_000)]];
/// How far it goes for a number that loses its room when a cell is printed again.
const AGAIN: &[Limit] = &[(256, 600_000), (usize::MAX, 3_000_000)];
const LARGE_AGAIN: &[Limit] = &[(64, 100_000)];

/// Makes room for numbers.
pub(super) struct Chooser<'s> {
    system: &'s System,
    sheet: &'s Sheet,
    policy: &'s Policy,
    /// What each cell costs: nothing where it is withheld, infinity where it must be printed.
    prices: Vec<f64>,
    pub(super) waiting: Vec<Number>,
    pub(super) withheld: Vec<bool>,
    pub(super) reach: Reach,
    /// Whether nothing more may be withheld.
    pub(super) only_free: bool,
    /// Numbers for which no room was found.
    pub(super) open: Vec<Number>,
}

impl<'s> Chooser<'s> {
    /// Nothing is known yet but what is withheld. `prices` says what each cell costs, infinity where it must be printed.
    pub(super) fn new(
        system: &'s System,
        sheet: &'s Sheet,
        (prices, withheld): (&[f64], Vec<bool>),
        policy: &'s Policy,
    ) -> Self {
        let prices = prices.iter().zip(&withheld).map(|(price, withheld)| if *withheld { 0.0 } else { *price });
        let reach = Reach::of(sheet.atoms.len(), system.cells.len());
        let (prices, waiting, open) = (prices.collect(), Vec::new(), Vec::new());
        Self { system, sheet, policy, prices, waiting, withheld, reach, only_free: false, open }
    }

    /// Makes room for every number that waits, the last first.
    pub(super) fn protect_all(&mut self) {
        let limits = match self.system.cells.len() {
            size if size > HUGE => HUGE_LIMITS,
            // A proof must not depend on what cells cost.
            size if size > LARGE && (self.only_free || self.policy.weights == Weights::Cells) => LARGE_LIMITS,
            size if size > LARGE => LARGE_LIMITS_BY_COUNT,
            _ if self.only_free => FREE_LIMITS,
            _ => LIMITS,
        };
        for limits in limits {
            let mut put_off = Vec::new();
            while let Some(number) = self.waiting.pop() {
                if !self.protect(number, limits) {
                    put_off.push(number);
                }
            }
            put_off.reverse();
            self.waiting = put_off;
        }
        while let Some(number) = self.waiting.pop() {
            if !self.is_safe(number) && (self.only_free || !self.withhold_all(number)) {
                self.open.push(number);
            }
        }
    }

    /// The cells that count a number without room.
    pub(super) fn cells_of_open(&self) -> Vec<usize> {
        let groups = self.open.iter().flat_map(|number| self.groups(*number));
        let cells = groups.flat_map(|group| self.sheet.cells(group as usize)).map(|cell| *cell as usize);
        cells.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn is_safe(&self, number: Number) -> bool {
        self.missing(number) <= 0
    }

    /// How much room a number lacks.
    fn missing(&self, number: Number) -> i64 {
        let (low, high) = self.reach.span(number);
        self.needed(number) - (high - low)
    }

    /// Makes room for a number, and withholds what the tables change in which it has it, as far as such tables are found: among
    /// few groups first, then among more, until they cost nothing.
    fn protect(&mut self, number: Number, limits: &[Limit]) -> bool {
        if self.is_safe(number) {
            return true;
        }
        let (groups, (low, high)) = (self.groups(number), self.reach.span(number));
        let room = Room { groups: &groups, width: self.needed(number), low, high };
        let mut best: Option<(f64, Tables)> = None;
        for limit in limits {
            let Some(found) = tables(self.sheet, &self.prices, room, *limit) else { continue };
            let cost = found.cost(&self.prices);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) && !(self.only_free && cost > 0.0) {
                best = Some((cost, found));
            }
            if cost == 0.0 {
                break;
            }
        }
        best.inspect(|(_, tables)| self.take(tables)).is_some()
    }

    /// Prints a cell after all, if every number that loses its room with it finds other room.
    pub(super) fn print(&mut self, cell: usize) {
        let limits = if self.system.cells.len() > LARGE { LARGE_AGAIN } else { AGAIN };
        self.withheld[cell] = false;
        self.prices[cell] = f64::INFINITY;
        let mut lost: Vec<Number> = self.reach.leave_out(cell).into_iter().collect();
        lost.retain(|number| self.needs(*number));
        // What lacks most says no first.
        lost.sort_by_key(|number| std::cmp::Reverse(self.missing(*number)));
        let printed = lost.into_iter().all(|number| self.protect(number, limits));
        if !printed {
            self.withheld[cell] = true;
            self.prices[cell] = 0.0;
            self.reach.take_in(cell);
        }
    }

    /// Whether a number needs room: that of a withheld cell, or of a doubtful group.
    fn needs(&self, number: Number) -> bool {
        match number {
            Number::Cell(cell) => self.withheld[cell as usize],
            Number::Group(group) => self.system.doubtful.contains(&self.sheet.atoms[group as usize]),
        }
    }

    /// Withholds every cell that counts one of the groups that make a number, if none of them must be printed.
    pub(super) fn withhold_all(&mut self, number: Number) -> bool {
        let (groups, width) = (self.groups(number), self.needed(number));
        let cost = |group: &u32| -> f64 {
            self.sheet.cells(*group as usize).iter().map(|cell| self.prices[*cell as usize]).sum()
        };
        let cheapest = groups.iter().map(|group| (cost(group), group)).min_by(|one, other| one.0.total_cmp(&other.0));
        let Some((_, group)) = cheapest else { return false };
        let changes = [vec![(*group, width)], Changes::new()];
        let tables = Tables::of(self.sheet, &self.prices, &groups, changes, width);
        tables.inspect(|tables| self.take(tables)).is_some()
    }

    /// The groups that make a number.
    fn groups(&self, number: Number) -> Vec<u32> {
        match number {
            Number::Group(group) => vec![group],
            Number::Cell(cell) => self.sheet.groups(cell as usize).to_vec(),
        }
    }

    /// How wide the interval of a number must be: for a large cell it is enough that it does not follow exactly.
    fn needed(&self, number: Number) -> i64 {
        match number {
            Number::Cell(cell) if self.is_large(cell as usize) => 1,
            _ => self.policy.threshold_units(),
        }
    }

    fn is_large(&self, cell: usize) -> bool {
        let cell = &self.system.cells[cell];
        cell.units >= self.policy.threshold_units() && !cell.doubtful
    }

    /// Withholds what tables change, and keeps the tables.
    fn take(&mut self, tables: &Tables) {
        for cell in tables.changed() {
            if std::mem::replace(&mut self.withheld[cell], true) {
                continue;
            }
            self.prices[cell] = 0.0;
            // Tables that change a large cell already prove that it does not follow.
            if !self.is_large(cell) {
                self.waiting.push(Number::Cell(number(cell)));
            }
        }
        for (groups, cells) in tables.changes.iter().zip(&tables.cells) {
            self.reach.add(groups, cells);
        }
    }
}

/// Every number that needs protection from the start, or only the cells among them; those that are protected first come last.
pub(super) fn numbers(system: &System, sheet: &Sheet, withheld: &[bool], policy: &Policy, all: bool) -> Vec<Number> {
    let group = |atom| {
        let at = sheet.atoms.binary_search(atom).ok().and_then(|at| u32::try_from(at).ok());
        at.map(Number::Group)
    };
    let mut numbers: Vec<(i64, Number)> = Vec::new();
    let small = system.atoms.iter().filter(|(_, units)| all && (1..policy.threshold_units()).contains(units));
    numbers.extend(small.filter_map(|(atom, units)| Some((*units, group(atom)?))));
    numbers.extend(system.doubtful.iter().filter_map(|atom| Some((0, group(atom)?))));
    let cells = system.cells.iter().enumerate().filter(|(at, _)| withheld[*at]);
    numbers.extend(cells.map(|(at, cell)| (cell.units, Number::Cell(number(at)))));
    numbers.sort_unstable();
    numbers.into_iter().map(|(_, number)| number).collect()
}
