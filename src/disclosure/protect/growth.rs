//! Every edition and the register as it is now, as one system: what each edition added is a leaf of one more dimension.
//!
//! An earlier edition's number is then the sum of what was added up to it, the present number the sum of all leaves, and
//! their difference a sum too: one pattern, one audit by witnesses holds all editions together. Who was in an earlier
//! edition is not known any more, since the ledger keeps nothing withheld: some way of dividing the present register among
//! the leaves that agrees with every printed number is taken, and an atom of which another way may make a small number must
//! have the threshold's room as well.

use std::collections::BTreeMap;

use super::division::Division;
use super::past::PastNumbers;
use super::system::{ByAtom, Cell, Dimension, MOST_DIMENSIONS, System, packed};
use crate::project::policy::Policy;

/// The joint system of all editions and of what may be printed now.
#[derive(Debug)]
pub struct Joint {
    /// The system: where the register has grown, with one more dimension, each stage of the register as a leaf of it.
    pub system: System,
    /// For each cell of the present, its number in the joint system.
    present: Vec<usize>,
    /// Whether the register has grown since some edition.
    pub grown: bool,
}

impl Joint {
    /// Nothing where the difference from an edition shows a small group by itself, or no division was found: then only what
    /// was released may be printed.
    #[must_use]
    pub fn of(present: &System, editions: Vec<PastNumbers>, policy: &Policy) -> Option<Self> {
        let stages = stages(editions);
        let more = |(codes, number): (&Vec<u16>, &Option<i64>)| Some(units(present, codes) - (*number)?);
        let grown = |stage: &PastNumbers| stage.iter().filter_map(more).collect::<Vec<i64>>();
        if stages.iter().flat_map(&grown).any(|more| more != 0 && more < policy.threshold_units()) {
            return None;
        }
        let same = |stage: &PastNumbers| grown(stage).iter().all(|more| *more == 0);
        let leaves = stages.len() + usize::from(!stages.last().is_some_and(same));
        if leaves <= 1 {
            Some(Self::still(present, stages.first()))
        } else {
            Self::grown(present, &stages, leaves, policy)
        }
    }

    /// The register has grown: each of its stages is a leaf of one more dimension.
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
        let place = |cell: &Cell| index.get(&packed(&staged(&cell.codes, leaves - 1))).copied();
        let present = present.cells.iter().map(place).collect::<Option<Vec<_>>>()?;
        let agrees = (0..leaves).zip(stages).all(|(stage, told)| agrees(&system, &index, stage, told));
        agrees.then_some(Self { system, present, grown: true })
    }

    /// The register is what it was: what an edition withheld stays withheld, what it printed stands.
    fn still(present: &System, told: Option<&PastNumbers>) -> Self {
        let mut cells: BTreeMap<Vec<u16>, Cell> =
            present.cells.iter().map(|cell| (cell.codes.clone(), Cell { units: 0, ..cell.clone() })).collect();
        for (codes, number) in told.into_iter().flatten() {
            let cell = cells.entry(codes.clone()).or_insert_with(|| Cell::of(codes.clone()));
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

/// Editions that agree wherever both print are one stage of the register.
fn stages(editions: Vec<PastNumbers>) -> Vec<PastNumbers> {
    let mut stages: Vec<PastNumbers> = Vec::new();
    for told in editions {
        let agrees = |last: &&mut PastNumbers| {
            told.iter().all(|(codes, number)| match (number, last.get(codes)) {
                (Some(one), Some(Some(other))) => one == other,
                _ => true,
            })
        };
        match stages.last_mut().filter(agrees) {
            None => stages.push(told),
            Some(last) => told.into_iter().for_each(|(codes, number)| {
                let known = last.entry(codes).or_insert(None);
                *known = known.or(number);
            }),
        }
    }
    stages
}

/// How many units these codes hold.
fn units(system: &System, codes: &[u16]) -> i64 {
    let cell = Cell::of(codes.to_vec());
    system.atoms.iter().filter(|(atom, _)| system.holds(&cell, *atom, u32::MAX)).map(|(_, units)| units).sum()
}

fn staged(codes: &[u16], stage: u16) -> Vec<u16> {
    codes.iter().copied().chain([stage]).collect()
}

/// The present cells, of which those printed before must be printed, and every earlier one: public, or withheld for good.
fn cells(present: &System, stages: &[PastNumbers], last: u16) -> Vec<Cell> {
    let mut cells: BTreeMap<Vec<u16>, Cell> = BTreeMap::new();
    for cell in &present.cells {
        let before = stages.iter().any(|told| told.get(&cell.codes).is_some_and(Option::is_some));
        let codes = staged(&cell.codes, last);
        cells.insert(codes.clone(), Cell { public: cell.public || before, kept: cell.kept, ..Cell::of(codes) });
    }
    for (stage, told) in (0..=last).zip(stages) {
        for (codes, number) in told {
            let codes = staged(codes, stage);
            let cell = cells.entry(codes.clone()).or_insert_with(|| Cell::of(codes));
            cell.public |= number.is_some();
            cell.kept = !cell.public;
        }
    }
    cells.into_values().collect()
}

/// Whether the division holds what an edition printed.
fn agrees(system: &System, index: &ByAtom<usize>, stage: u16, told: &PastNumbers) -> bool {
    told.iter().all(|(codes, number)| {
        let units = index.get(&packed(&staged(codes, stage))).map(|cell| system.cells[*cell].units);
        number.is_none_or(|number| units == Some(number))
    })
}
