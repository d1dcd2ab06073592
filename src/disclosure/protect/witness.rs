//! The independent check of a pattern: every sensitive number must have witnesses, verified in whole numbers. It shares no
//! code with the search that chose the pattern, and a pattern that fails it is never used.
//!
//! A withheld number is safe when two whole tables exist that agree with everything printed anywhere and differ there by the
//! required width (the protection interval of Fischetti and Salazar, 2000, proved from inside). A witness is such a pair,
//! each kept as its sparse difference from the true table, so that checking touches only the sums it moves.

use std::collections::BTreeMap;

use super::pattern::Pattern;
use super::system::{Atom, System, leaf};
use crate::project::policy::Policy;

/// The cells of a system, found by their codes.
struct Ledger<'s> {
    system: &'s System,
    pattern: &'s Pattern,
    truth: BTreeMap<Atom, i64>,
    by_codes: BTreeMap<&'s [u16], usize>,
}

/// Whether every sensitive atom and every withheld cell has witnesses that hold.
#[must_use]
pub fn proved(system: &System, pattern: &Pattern, policy: &Policy) -> bool {
    let truth: BTreeMap<Atom, i64> = system.atoms.iter().copied().collect();
    let by_codes = system.cells.iter().enumerate().map(|(number, cell)| (cell.codes.as_slice(), number)).collect();
    let ledger = Ledger { system, pattern, truth, by_codes };
    let (mut atoms, mut cells) = (BTreeMap::<Atom, i64>::new(), vec![0_i64; system.cells.len()]);
    for witness in &pattern.witnesses {
        let (Some(low), Some(high)) = (ledger.sums(&witness.low), ledger.sums(&witness.high)) else { return false };
        for atom in witness.low.keys().chain(witness.high.keys()) {
            let between = at(&witness.high, atom) - at(&witness.low, atom);
            let widest = atoms.entry(*atom).or_default();
            *widest = between.abs().max(*widest);
        }
        for cell in low.keys().chain(high.keys()) {
            let between = at(&high, cell) - at(&low, cell);
            cells[*cell] = between.abs().max(cells[*cell]);
        }
    }
    let threshold = policy.threshold_units();
    let wide_atom = |(atom, units): &(Atom, i64)| !(1..threshold).contains(units) || at(&atoms, atom) >= threshold;
    let wide_cell = |number: usize| {
        let (cell, withheld) = (&system.cells[number], pattern.withheld[number]);
        let must = (cell.units > 0 || policy.zeros_sensitive) && cell.units < threshold;
        let width = if cell.units < threshold || cell.doubtful { threshold } else { 1 };
        if withheld { !cell.public && cells[number] >= width } else { !must }
    };
    pattern.withheld.len() == system.cells.len()
        && system.atoms.iter().all(wide_atom)
        && system.doubtful.iter().all(|atom| at(&atoms, atom) >= threshold)
        && (0..system.cells.len()).all(wide_cell)
}

fn at<K: Ord>(map: &BTreeMap<K, i64>, key: &K) -> i64 {
    map.get(key).copied().unwrap_or(0)
}

impl Ledger<'_> {
    /// The cells that a table changes; nothing where it holds less than nothing, or changes a printed cell.
    fn sums(&self, table: &BTreeMap<Atom, i64>) -> Option<BTreeMap<usize, i64>> {
        let mut sums = BTreeMap::<usize, i64>::new();
        for (atom, more) in table {
            if at(&self.truth, atom) + more < 0 {
                return None;
            }
            self.add(*atom, *more, &mut Vec::new(), &mut sums);
        }
        sums.retain(|_, more| *more != 0);
        sums.keys().all(|cell| self.pattern.withheld[*cell]).then_some(sums)
    }

    /// Adds to every cell whose codes hold the atom.
    fn add(&self, atom: Atom, more: i64, codes: &mut Vec<u16>, sums: &mut BTreeMap<usize, i64>) {
        let Some(dimension) = self.system.dimensions.get(codes.len()) else {
            if let Some(cell) = self.by_codes.get(codes.as_slice()) {
                *sums.entry(*cell).or_default() += more;
            }
            return;
        };
        let own = leaf(atom, codes.len());
        for code in 0..dimension.codes() {
            if dimension.holds(code, own) {
                codes.push(code);
                self.add(atom, more, codes, sums);
                codes.pop();
            }
        }
    }
}
