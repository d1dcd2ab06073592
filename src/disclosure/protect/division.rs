//! One way of dividing today's register among its stages that agrees with every number printed at each stage.
//!
//! Nobody knows which of the persons counted today were already counted in an earlier release, since the ledger keeps only
//! what was printed. Any division into whole numbers serves as the true table from which witnesses are built, as long as an
//! atom that some other division would make small is treated as small.

use std::collections::{BTreeMap, BTreeSet};

use super::past::PastNumbers;
use super::system::{Atom, System, SystemCell, with_leaf};
use crate::disclosure::attack::{Reach, Sum, reach, table};
use crate::project::policy::Policy;

/// A division of the register.
pub(super) struct Division {
    /// Each atom at each stage, with its units.
    pub(super) atoms: Vec<(Atom, i64)>,
    /// Atoms that hold fewer than the threshold in some other division.
    pub(super) doubtful: BTreeSet<Atom>,
    /// Atoms that hold the same in every division.
    known: BTreeSet<Atom>,
}

/// Atoms that were counted in the same printed numbers.
struct Class {
    atoms: Vec<(Atom, i64)>,
    units: i64,
    /// The earlier printed numbers that count them.
    counted_in: Vec<usize>,
}

/// A number printed earlier: its stage, its cell, its units.
type Printed = (u16, SystemCell, i64);

impl Division {
    /// Divides today's register among so many leaves, one a stage; none where no division into whole numbers was found.
    pub(super) fn of(present: &System, stages: &[PastNumbers], leaves: u16, policy: &Policy) -> Option<Self> {
        let printed: Vec<Printed> = (0..leaves)
            .zip(stages)
            .flat_map(|(stage, past)| past.iter().map(move |(codes, number)| (stage, codes, *number)))
            .filter_map(|(stage, codes, number)| Some((stage, SystemCell::of(codes.clone()), number?)))
            .collect();
        let classes = classes(present, &printed);
        let width = usize::from(leaves);
        let sums = sums(&classes, &printed, width);
        let shares = table(classes.len() * width, &sums)?;
        let reach = reach(classes.len() * width, &sums, i128::from(policy.threshold_units()) - 1);
        let mut division = Self { atoms: Vec::new(), doubtful: BTreeSet::new(), known: BTreeSet::new() };
        for ((class, shares), reach) in classes.iter().zip(shares.chunks(width)).zip(reach.chunks(width)) {
            division.add(class, shares, reach, present.dimensions.len());
        }
        division.atoms.sort_unstable();
        Some(division)
    }

    /// The atoms that hold the same in every division, with their units.
    pub(super) fn known(&self) -> Vec<(Atom, i64)> {
        self.atoms.iter().filter(|(atom, _)| self.known.contains(atom)).copied().collect()
    }

    /// Gives the atoms of a class their shares, leaf by leaf.
    fn add(&mut self, class: &Class, shares: &[i128], reach: &[Reach], dimension: usize) {
        let known = reach.iter().filter(|reach| reach.some).count() <= 1;
        let mut left: Vec<i64> = shares.iter().map(|share| i64::try_from(*share).unwrap_or(0)).collect();
        for (atom, units) in &class.atoms {
            let mut units = *units;
            for ((leaf, left), reach) in (0_u16..).zip(&mut left).zip(reach) {
                let atom = with_leaf(*atom, dimension, leaf);
                let here = units.min(*left);
                if here > 0 {
                    self.atoms.push((atom, here));
                    (units, *left) = (units - here, *left - here);
                }
                // Several atoms may share what their class holds in any way.
                let few = reach.some && (reach.few || class.atoms.len() > 1);
                if known {
                    self.known.insert(atom);
                } else if few {
                    self.doubtful.insert(atom);
                }
            }
        }
    }
}

fn classes(present: &System, printed: &[Printed]) -> Vec<Class> {
    let mut classes: BTreeMap<Vec<usize>, Class> = BTreeMap::new();
    for (atom, units) in &present.atoms {
        let counts = |number: &usize| present.holds(&printed[*number].1, *atom, u32::MAX);
        let counted_in: Vec<usize> = (0..printed.len()).filter(counts).collect();
        let new = || Class { atoms: Vec::new(), units: 0, counted_in: counted_in.clone() };
        let class = classes.entry(counted_in.clone()).or_insert_with(new);
        class.atoms.push((*atom, *units));
        class.units += units;
    }
    classes.into_values().collect()
}

/// The equations for the shares, class by class and leaf by leaf: every printed number, and every class's units.
fn sums(classes: &[Class], printed: &[Printed], width: usize) -> Vec<Sum> {
    let sum = |atoms: Vec<usize>, units: i64| Sum { atoms, least: units.into(), most: Some(units.into()) };
    let counted = |(number, (stage, _, units)): (usize, &Printed)| {
        let inside = classes.iter().enumerate().filter(|(_, class)| class.counted_in.contains(&number));
        let atoms = inside.flat_map(|(at, _)| (0..=usize::from(*stage)).map(move |leaf| at * width + leaf));
        sum(atoms.collect(), *units)
    };
    let whole = |(at, class): (usize, &Class)| sum((at * width..(at + 1) * width).collect(), class.units);
    printed.iter().enumerate().map(counted).chain(classes.iter().enumerate().map(whole)).collect()
}
