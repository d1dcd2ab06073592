//! Cell suppression: which cells of a system are withheld.
//!
//! Primary suppression is the minimum frequency rule (Hundepool and others, "Statistical Disclosure Control", Wiley 2012,
//! chapter 4), applied to cells and to atoms. Secondary suppression takes one sensitive number after the other, finds the
//! cheapest moves that widen its protection interval, and withholds the cells that they change. A move that changes no
//! printed cell turns one table that agrees with everything printed into another, so the pattern is proved while it is
//! chosen.

use std::collections::BTreeSet;

use super::moves::{Difference, Search, Wanted};
use super::pattern::{Pattern, Witness};
use super::system::{Atom, Dimension, System, SystemCell, packed};
use crate::project::policy::{Policy, Weights};

/// Public numbers already reveal a count below the threshold.
#[derive(Debug)]
pub struct Disclosed {
    /// The cells that cannot be protected.
    pub cells: Vec<usize>,
}

/// A number that needs a protection interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Atom(Atom),
    Cell(usize),
}

/// How many atoms of a cell are tried to widen its interval.
const ATOMS: usize = 3;

/// Whether a cell must be withheld for its own number (primary suppression).
#[must_use]
pub fn sensitive(units: i64, policy: &Policy) -> bool {
    (units > 0 || (units == 0 && policy.zeros_sensitive)) && units < policy.threshold_units()
}

/// Chooses what to withhold.
///
/// # Errors
/// Where public numbers already pin down a sensitive number.
pub fn suppress(system: &System, policy: &Policy) -> Result<Pattern, Disclosed> {
    let margins = |cell: &SystemCell| {
        let whole = |(dimension, code): &(&Dimension, &u16)| dimension.is_whole(**code);
        u32::try_from(system.dimensions.iter().zip(&cell.codes).filter(whole).count()).unwrap_or(0)
    };
    let weights: Vec<u64> = system.cells.iter().map(|cell| weight(cell, margins(cell), policy)).collect();
    let start = |cell: &SystemCell| !cell.public && (cell.kept || sensitive(cell.units, policy));
    let withheld: Vec<bool> = system.cells.iter().map(start).collect();
    let mut chooser = Chooser {
        system,
        threshold: policy.threshold_units(),
        search: Search::new(system, &weights),
        weights: &weights,
        waiting: targets(system, &withheld, policy),
        pattern: Pattern { withheld, witnesses: Vec::new() },
        safe: BTreeSet::new(),
        disclosed: Vec::new(),
    };
    while let Some(target) = chooser.waiting.pop() {
        if !chooser.safe.contains(&target) {
            chooser.protect(target);
        }
    }
    let Chooser { pattern, disclosed, .. } = chooser;
    if disclosed.is_empty() { Ok(pattern) } else { Err(Disclosed { cells: disclosed }) }
}

/// The weight of a public cell, which cannot be withheld.
const PUBLIC: u64 = u64::MAX;

/// How much more a margin weighs than its parts.
const MARGIN: u64 = 4;

/// The information lost with a cell; margins are used in more sentences and charts than their parts.
fn weight(cell: &SystemCell, margins: u32, policy: &Policy) -> u64 {
    match policy.weights {
        _ if cell.public => PUBLIC,
        Weights::Cells => 1,
        Weights::Counts => (1 + cell.units.unsigned_abs()).saturating_mul(MARGIN.saturating_pow(margins)),
    }
}

/// Every number that needs protection from the start, the smallest last, since targets are taken from the end.
fn targets(system: &System, withheld: &[bool], policy: &Policy) -> Vec<Target> {
    let mut targets: Vec<(i64, Target)> = Vec::new();
    let small = system.atoms.iter().filter(|(_, units)| (1..policy.threshold_units()).contains(units));
    targets.extend(small.map(|(atom, units)| (*units, Target::Atom(*atom))));
    targets.extend(system.doubtful.iter().map(|atom| (0, Target::Atom(*atom))));
    let cells = system.cells.iter().enumerate().filter(|(number, _)| withheld[*number]);
    targets.extend(cells.map(|(number, cell)| (cell.units, Target::Cell(number))));
    targets.sort_unstable();
    targets.into_iter().map(|(_, target)| target).collect()
}

struct Chooser<'s> {
    system: &'s System,
    threshold: i64,
    search: Search<'s>,
    weights: &'s [u64],
    waiting: Vec<Target>,
    pattern: Pattern,
    safe: BTreeSet<Target>,
    disclosed: Vec<usize>,
}

impl Chooser<'_> {
    /// Widens a number's interval by moves up and down until it is wide enough.
    fn protect(&mut self, target: Target) {
        let (atoms, cell) = match target {
            Target::Atom(atom) => (vec![atom], None),
            Target::Cell(number) => (self.atoms_in(number), Some(number)),
        };
        let (mut up, mut down) = (Difference::new(), Difference::new());
        let mut lacking = self.needed(target);
        while lacking > 0 {
            let rising = Wanted { atoms: &atoms, cell, direction: 1, steps: lacking };
            let falling = Wanted { direction: -1, ..rising };
            let rise = self.search.cheapest(rising, &up, &self.pattern.withheld);
            let fall = match &rise {
                Some((_, 0)) => None,
                _ => self.search.cheapest(falling, &down, &self.pattern.withheld),
            };
            let rises = match (&rise, &fall) {
                (Some((rise, dear)), Some((fall, cheap))) => {
                    u128::from(*dear) * u128::from(fall.steps.unsigned_abs())
                        <= u128::from(*cheap) * u128::from(rise.steps.unsigned_abs())
                }
                (rise, _) => rise.is_some(),
            };
            let (found, table) = if rises { (rise, &mut up) } else { (fall, &mut down) };
            let Some((found, cost)) = found.filter(|(_, cost)| *cost < PUBLIC) else {
                self.disclosed.extend(atoms.iter().flat_map(|atom| self.search.cells_of(*atom)));
                return;
            };
            let before = table.clone();
            found.apply(table);
            lacking -= found.steps;
            if cost > 0 {
                let after = table.clone();
                for cell in self.search.changed_cells(&found, &self.pattern.withheld) {
                    self.withhold(cell);
                }
                self.pattern.witnesses.push(Witness { low: before, high: after });
            }
        }
        self.mark_covered(&up, &down);
        self.safe.insert(target);
        self.pattern.witnesses.push(Witness { low: down, high: up });
    }

    /// How wide the interval of a number must be: for a large cell it is enough that it does not follow exactly.
    fn needed(&self, target: Target) -> i64 {
        match target {
            Target::Cell(cell) if self.is_large(cell) => 1,
            _ => self.threshold,
        }
    }

    fn is_large(&self, cell: usize) -> bool {
        let cell = &self.system.cells[cell];
        cell.units >= self.threshold && !cell.doubtful
    }

    /// The fullest atoms of a cell; of an empty cell the atom of its first leaves.
    fn atoms_in(&self, number: usize) -> Vec<Atom> {
        let cell = &self.system.cells[number];
        let inside = self.system.atoms.iter().filter(|(atom, _)| self.system.holds(cell, *atom, u32::MAX));
        let mut inside: Vec<(Atom, i64)> = inside.copied().collect();
        inside.sort_unstable_by_key(|(atom, units)| (std::cmp::Reverse(*units), *atom));
        inside.truncate(ATOMS);
        if !inside.is_empty() {
            return inside.into_iter().map(|(atom, _)| atom).collect();
        }
        let first = |(dimension, code): (&Dimension, &u16)| {
            (0..dimension.leaves()).find(|leaf| dimension.holds(*code, *leaf)).unwrap_or(0)
        };
        let leaves: Vec<u16> = self.system.dimensions.iter().zip(&cell.codes).map(first).collect();
        vec![packed(&leaves)]
    }

    fn withhold(&mut self, cell: usize) {
        debug_assert!(self.weights[cell] < PUBLIC);
        self.pattern.withheld[cell] = true;
        // The move that changes a large cell already proves that it does not follow.
        if !self.is_large(cell) {
            self.waiting.push(Target::Cell(cell));
        }
    }

    /// Marks every other number that the same two tables protect as well.
    fn mark_covered(&mut self, up: &Difference, down: &Difference) {
        let mut widths = std::collections::BTreeMap::<usize, i64>::new();
        for atom in up.keys().chain(down.keys()).collect::<BTreeSet<_>>() {
            let between = up.get(atom).unwrap_or(&0) - down.get(atom).unwrap_or(&0);
            if between.abs() >= self.threshold {
                self.safe.insert(Target::Atom(*atom));
            }
            for cell in self.search.cells_of(*atom) {
                *widths.entry(cell).or_default() += between;
            }
        }
        for (target, between) in widths.into_iter().map(|(cell, between)| (Target::Cell(cell), between)) {
            if between.abs() >= self.needed(target) {
                self.safe.insert(target);
            }
        }
    }
}
