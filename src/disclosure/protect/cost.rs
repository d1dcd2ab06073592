//! The cost of protection: what share of a register is withheld, worked out from what is printed, so that it tells nothing more.

use std::collections::{BTreeMap, BTreeSet};

use super::counted::{Counted, Registers};
use crate::project::schema::{REST, UNKNOWN};
use crate::tables::parts::contains;
use crate::value::Missing;

/// How many of the cells that could be printed are withheld, and what share of the persons they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// How many cells the registers have.
    pub cells: usize,
    /// How many of them are withheld.
    pub withheld: usize,
    /// The persons of each breakdown whose total is printed, and those of them that no printed part counts.
    units: i64,
    units_withheld: i64,
}

/// A share of persons, as exactly as it may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Under 1 per cent.
    Under1,
    /// 1 to 5 per cent.
    From1To5,
    /// 5 to 20 per cent.
    From5To20,
    /// Over 20 per cent.
    Over20,
}

impl Cost {
    /// The share of persons who are counted in withheld cells; a person counts once for each breakdown. Only as a band.
    #[must_use]
    pub fn persons(&self) -> Band {
        let of = |per_cent: i64| self.units_withheld.saturating_mul(100) >= self.units.saturating_mul(per_cent);
        match (of(1), of(5), of(20)) {
            // Not even a total is printed.
            _ if self.units == 0 && self.withheld > 0 => Band::Over20,
            _ if self.units == 0 => Band::Under1,
            (_, _, true) => Band::Over20,
            (_, true, _) => Band::From5To20,
            (true, ..) => Band::From1To5,
            _ => Band::Under1,
        }
    }

    /// Adds the cells of an indicator in the country `own`. What is withheld is the printed total less the printed parts, which
    /// any reader can work out; where the total is withheld as well, its persons are left out. So the band is the same where
    /// no register is at hand, and tells nothing of withheld numbers that lie in one another.
    pub(super) fn add(&mut self, cells: &[Counted], own: &str) {
        let shown = cells.iter().filter(|cell| cell.units.is_some() || cell.missing == Missing::Withheld);
        let mut periods: BTreeMap<&str, Vec<&Counted>> = BTreeMap::new();
        for cell in shown {
            self.cells += 1;
            self.withheld += usize::from(cell.units.is_none());
            periods.entry(cell.period.text()).or_default().push(cell);
        }
        periods.values().for_each(|cells| self.add_persons(cells, own));
    }

    /// The cost of all that registers answer in the country `own`.
    pub(super) fn of(registers: &Registers, own: &str) -> Self {
        let mut cost = Self::default();
        registers.cells.values().for_each(|cells| cost.add(cells, own));
        cost
    }

    /// Adds the cells of another part of the registers.
    pub(super) fn merge(&mut self, other: Self) {
        self.cells += other.cells;
        self.withheld += other.withheld;
        self.units += other.units;
        self.units_withheld += other.units_withheld;
    }

    fn add_persons(&mut self, cells: &[&Counted], own: &str) {
        let Some(total) = cells.iter().find(|cell| cell.codes.is_empty()).and_then(|cell| cell.units) else { return };
        let nested = nested(cells, own);
        let mut printed: BTreeMap<Vec<&String>, i64> = BTreeMap::new();
        for cell in cells {
            let known = printed.entry(cell.codes.keys().collect()).or_default();
            if !cell.codes.iter().any(|code| nested.contains(&code)) {
                *known += cell.units.unwrap_or(0);
            }
        }
        for known in printed.into_values() {
            self.units += total;
            self.units_withheld += (total - known).max(0);
        }
    }
}

/// The codes that lie in another code of their dimension: their persons are counted there.
fn nested<'c>(cells: &[&'c Counted], own: &str) -> BTreeSet<(&'c String, &'c String)> {
    let all: BTreeSet<(&String, &String)> = cells.iter().flat_map(|cell| &cell.codes).collect();
    let plain = |code: &str| code != REST && code != UNKNOWN;
    let lies = |(dimension, code): &(&String, &String)| {
        let outer = all.iter().filter(|(other, outer)| other == dimension && outer != code && plain(outer));
        plain(code) && outer.into_iter().any(|(_, outer)| contains(outer, code, own))
    };
    all.iter().filter(|one| lies(one)).copied().collect()
}
