//! All releases of a register and its present state as one system, against differencing between releases.
//!
//! The system has one more dimension, with a leaf for what each stage of the register added. An earlier number is then the
//! sum of the leaves up to its stage, today's number the sum of all, and their difference a sum as well, so one pattern and
//! one check by witnesses cover all releases together. The ledger keeps no withheld number, so nobody knows who was in an
//! earlier release: some division of today's register that agrees with every printed number is taken (`division`), and an
//! atom that another division would make small is protected like a small one.

use std::collections::BTreeMap;

use super::division::Division;
use super::past::PastNumbers;
use super::system::{ByAtom, Dimension, MOST_DIMENSIONS, System, SystemCell, packed};
use crate::project::policy::Policy;

/// The joint system of all releases and of what may be printed now.
#[derive(Debug)]
pub struct Joint {
    /// The system; where the register has grown, with one more dimension whose leaves are the stages.
    pub system: System,
    /// For each present cell its number in the joint system.
    present: Vec<usize>,
    /// Whether the register has grown since some release.
    pub grown: bool,
}

impl Joint {
    /// None where the difference from a release is itself a small count, or where no division was found: then only what was
    /// released may be printed.
    #[must_use]
    pub fn of(present: &System, releases: Vec<PastNumbers>, policy: &Policy) -> Option<Self> {
        let stages = stages(releases);
        let more = |(codes, number): (&Vec<u16>, &Option<i64>)| Some(units(present, codes) - (*number)?);
        let grown = |stage: &PastNumbers| stage.iter().filter_map(more).collect::<Vec<i64>>();
        if stages.iter().flat_map(&grown).any(|more| more != 0 && more < policy.threshold_units()) {
            return None;
        }
        let same = |stage: &PastNumbers| grown(stage).iter().all(|more| *more == 0);
        let leaves = stages.len() + usize::from(!stages.last().is_some_and(same));
        if leaves <= 1 {
            Some(Self::unchanged(present, stages.first()))
        } else {
            Self::grown(present, &stages, leaves, policy)
        }
    }

    /// The system of a register that has grown.
    fn grown(present: &System, stages: &[PastNumbers], leaves: usize, policy: &Policy) -> Option<Self> {
        let leaves = u16::try_from(leaves).ok().filter(|_| present.dimensions.len() < MOST_DIMENSIONS)?;
        let division = Division::of(present, &stages[..usize::from(leaves) - 1], leaves, policy)?;
        let until: Vec<Vec<u16>> = (0..leaves).map(|stage| (0..=stage).collect()).collect();
        let dimensions: Vec<Dimension> =
            present.dimensions.iter().cloned().chain([Dimension::new(leaves, &until)]).collect();
        let mut cells = cells(present, stages, leaves - 1);
        let known = System::counted(dimensions.clone(), division.known(), Vec::new(), cells.clone());
        for (cell, known) in cells.iter_mut().zip(known.cells) {
            let earlier = cell.codes.last().is_some_and(|stage| *stage < leaves - 1);
            cell.doubtful = earlier && cell.kept && known.units < policy.threshold_units();
        }
        let system = System::counted(dimensions, division.atoms, division.doubtful.into_iter().collect(), cells);
        let index = system.index();
        let place = |cell: &SystemCell| index.get(&packed(&staged(&cell.codes, leaves - 1))).copied();
        let present = present.cells.iter().map(place).collect::<Option<Vec<_>>>()?;
        let agrees = (0..leaves).zip(stages).all(|(stage, past)| agrees(&system, &index, stage, past));
        agrees.then_some(Self { system, present, grown: true })
    }

    /// The system of a register that has not changed: what a release withheld stays withheld, what it printed stays public.
    fn unchanged(present: &System, past: Option<&PastNumbers>) -> Self {
        let mut cells: BTreeMap<Vec<u16>, SystemCell> =
            present.cells.iter().map(|cell| (cell.codes.clone(), SystemCell { units: 0, ..cell.clone() })).collect();
        for (codes, number) in past.into_iter().flatten() {
            let cell = cells.entry(codes.clone()).or_insert_with(|| SystemCell::of(codes.clone()));
            cell.public |= number.is_some();
            cell.kept = !cell.public;
        }
        let numbers: BTreeMap<&Vec<u16>, usize> = cells.keys().zip(0..).collect();
        let order = present.cells.iter().map(|cell| numbers[&cell.codes]).collect();
        let cells = cells.values().cloned().collect();
        let system = System::counted(present.dimensions.clone(), present.atoms.clone(), Vec::new(), cells);
        Self { system, present: order, grown: false }
    }

    /// Which of the present cells a pattern withholds.
    #[must_use]
    pub fn withheld(&self, pattern: &[bool]) -> Vec<bool> {
        self.present.iter().map(|cell| pattern[*cell]).collect()
    }

    /// The present cells among cells of the joint system.
    #[must_use]
    pub fn present(&self, cells: &[usize]) -> Vec<usize> {
        (0..self.present.len()).filter(|number| cells.contains(&self.present[*number])).collect()
    }
}

/// Consecutive releases that agree on every number that both print are one stage of the register.
fn stages(releases: Vec<PastNumbers>) -> Vec<PastNumbers> {
    let mut stages: Vec<PastNumbers> = Vec::new();
    for release in releases {
        let agrees = |last: &&mut PastNumbers| {
            release.iter().all(|(codes, number)| match (number, last.get(codes)) {
                (Some(one), Some(Some(other))) => one == other,
                _ => true,
            })
        };
        match stages.last_mut().filter(agrees) {
            None => stages.push(release),
            Some(last) => release.into_iter().for_each(|(codes, number)| {
                let known = last.entry(codes).or_insert(None);
                *known = known.or(number);
            }),
        }
    }
    stages
}

/// The units of the cell with these codes.
fn units(system: &System, codes: &[u16]) -> i64 {
    let cell = SystemCell::of(codes.to_vec());
    system.atoms.iter().filter(|(atom, _)| system.holds(&cell, *atom, u32::MAX)).map(|(_, units)| units).sum()
}

fn staged(codes: &[u16], stage: u16) -> Vec<u16> {
    codes.iter().copied().chain([stage]).collect()
}

/// The present cells, public where they were printed before, and every earlier cell: public, or withheld for good.
fn cells(present: &System, stages: &[PastNumbers], last: u16) -> Vec<SystemCell> {
    let mut cells: BTreeMap<Vec<u16>, SystemCell> = BTreeMap::new();
    for cell in &present.cells {
        let before = stages.iter().any(|past| past.get(&cell.codes).is_some_and(Option::is_some));
        let codes = staged(&cell.codes, last);
        cells.insert(
            codes.clone(),
            SystemCell { public: cell.public || before, kept: cell.kept, ..SystemCell::of(codes) },
        );
    }
    for (stage, past) in (0..=last).zip(stages) {
        for (codes, number) in past {
            let codes = staged(codes, stage);
            let cell = cells.entry(codes.clone()).or_insert_with(|| SystemCell::of(codes));
            cell.public |= number.is_some();
            cell.kept = !cell.public;
        }
    }
    cells.into_values().collect()
}

/// Whether the division gives every number that a stage printed.
fn agrees(system: &System, index: &ByAtom<usize>, stage: u16, past: &PastNumbers) -> bool {
    past.iter().all(|(codes, number)| {
        let units = index.get(&packed(&staged(codes, stage))).map(|cell| system.cells[*cell].units);
        number.is_none_or(|number| units == Some(number))
    })
}
