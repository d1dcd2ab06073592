//! The closed table of a year by its finest groups: how many units each cell held when the year closed.

use std::collections::{BTreeMap, BTreeSet};

use super::asked::Asked;
use super::assemble::Codes;
use super::closed::Closed;
use super::groups::Groups;
use super::world::World;
use super::years::CellOf;
use crate::figures::Atom;

/// The closed table of a year.
pub(super) struct Table<'q> {
    pub(super) groups: Groups<'q>,
    /// The number of the count at the closing.
    pub(super) closed: usize,
    /// The key of each cell that is asked for.
    keys: BTreeMap<CellOf, Vec<u16>>,
    units: BTreeMap<Vec<u16>, i64>,
}

impl<'q> Table<'q> {
    pub(super) fn of(
        asked: &'q Asked<'_>,
        asking: &[usize],
        closed: &'q Closed<'_>,
        atoms: &[&Atom],
        world: &'q World<'_>,
    ) -> Self {
        let questions: Vec<_> = asking.iter().map(|at| &asked.questions[*at].1).collect();
        let mut groups = Groups::of(&questions, &closed.questions(), world.country.iso3());
        let number = groups.count(atoms.iter().copied());
        let of = |at: &usize| {
            let (at, question) = (*at, &asked.questions[*at].1);
            let key = |codes: Codes| Some(((at, codes.clone()), groups.key(question, &codes)?));
            question.combinations().into_iter().filter_map(key).collect::<Vec<_>>()
        };
        let keys: BTreeMap<CellOf, Vec<u16>> = asking.iter().flat_map(of).collect();
        let cells: Vec<Vec<u16>> = keys.values().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let sum = |members: &Vec<usize>| members.iter().map(|group| groups.units(number, *group)).sum();
        let sums: Vec<i64> = groups.members(&cells).iter().map(sum).collect();
        Self { units: cells.into_iter().zip(sums).collect(), groups, closed: number, keys }
    }

    /// The key of a cell that is asked for.
    pub(super) fn key(&self, of: &CellOf) -> Option<&Vec<u16>> {
        self.keys.get(of)
    }

    /// How many units a cell held when the year closed.
    pub(super) fn units(&self, of: &CellOf) -> Option<i64> {
        self.units.get(self.key(of)?).copied()
    }
}

impl Asked<'_> {
    /// What publications print that equals the closed numbers; and, where something does not, its rows.
    pub(super) fn against(
        &self,
        closed: &Closed<'_>,
        table: Option<&Table<'_>>,
    ) -> (Vec<CellOf>, Option<BTreeSet<String>>) {
        let (mut public, mut rows) = (Vec::new(), self.repeated.beyond.clone());
        let mut contradicted = self.repeated.is_beyond;
        for (at, codes, value, places) in &self.repeated.numbers {
            let of = (*at, codes.clone());
            let known = table.and_then(|table| table.units(&of));
            if known.or_else(|| closed.number(&self.questions[*at].1, codes)) == Some(*value) {
                public.push(of);
            } else {
                contradicted = true;
                rows.extend(places.iter().cloned());
            }
        }
        (public, contradicted.then_some(rows))
    }
}
