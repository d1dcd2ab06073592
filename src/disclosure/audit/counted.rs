//! The audit's attack for code that decides what to withhold: cells are given by the groups of people that each counts, and
//! attacked as an outsider would attack the published table.

use std::collections::BTreeSet;

use super::arrange::TableRow;
use super::cells::{Printed, Sets};
use super::dimension::Dimension;
use super::lattice::{impossible, lattice};
use crate::disclosure::attack::{Bounds, Equation, Outcome, System, Verdict, attack_system};

/// The work allowance of one attack.
const WORK: u64 = 500_000_000;

/// Cells, and the equations between all of them.
#[derive(Debug)]
pub struct Cells {
    dimensions: Vec<Dimension>,
    /// For each cell its code in every dimension.
    codes: Vec<Vec<usize>>,
    all: Joint,
}

/// Some cells as a system of equations.
#[derive(Debug)]
struct Joint {
    system: System,
    /// The count of each cell; cells that hold the same groups are one count.
    of_cell: Vec<usize>,
    /// How many counts are cells.
    counts: usize,
}

impl Cells {
    /// For each cell and dimension the groups it holds, sorted; `sizes` are the numbers of groups of the dimensions.
    #[must_use]
    pub fn of(cells: &[Vec<Vec<u32>>], sizes: &[u32]) -> Self {
        let (mut dimensions, mut codes) = (Vec::new(), vec![Vec::new(); cells.len()]);
        for (at, size) in sizes.iter().enumerate() {
            let known: Vec<Vec<u32>> =
                cells.iter().map(|cell| cell[at].clone()).collect::<BTreeSet<_>>().into_iter().collect();
            for (codes, cell) in codes.iter_mut().zip(cells) {
                codes.push(known.binary_search(&cell[at]).unwrap_or(0));
            }
            dimensions.push(Dimension::with(known, *size));
        }
        // Which cells are printed is given with each attack.
        let every = codes.iter().map(|codes| (codes, (0, None))).collect();
        let all = Joint::of(every, &dimensions);
        Self { dimensions, codes, all }
    }

    /// Whether there are so many groups that the joint equations are incomplete.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.all.system.partial
    }

    /// Whether everybody counted in one cell is counted in the other.
    #[must_use]
    pub fn within(&self, part: usize, whole: usize) -> bool {
        let mut each = self.dimensions.iter().zip(self.codes[part].iter().zip(&self.codes[whole]));
        each.all(|(dimension, (part, whole))| {
            part == whole || is_subset(dimension.groups(*part), dimension.groups(*whole))
        })
    }

    /// Whether nobody is counted in both cells.
    #[must_use]
    pub fn apart(&self, one: usize, other: usize) -> bool {
        let mut each = self.dimensions.iter().zip(self.codes[one].iter().zip(&self.codes[other]));
        each.any(|(dimension, (one, other))| {
            let other = dimension.groups(*other);
            one_of(dimension.groups(*one), |group| other.binary_search(group).is_ok()).is_none()
        })
    }

    /// In how many dimensions two cells differ, and how many groups the second holds there.
    #[must_use]
    pub fn distance(&self, one: usize, other: usize) -> (usize, usize) {
        let each = self.dimensions.iter().zip(self.codes[one].iter().zip(&self.codes[other]));
        let differing = each.filter(|(_, (one, other))| one != other);
        differing.fold((0, 1), |(count, size), (dimension, (_, other))| {
            (count + 1, size.saturating_mul(dimension.groups(*other).len()))
        })
    }

    /// How many groups a cell holds.
    #[must_use]
    pub fn size(&self, cell: usize) -> usize {
        let sizes =
            self.dimensions.iter().zip(&self.codes[cell]).map(|(dimension, code)| dimension.groups(*code).len());
        sizes.fold(1, usize::saturating_mul)
    }

    /// Attacks the `targets`, given the known bounds of each cell.
    #[must_use]
    pub fn attack(&self, known: &[Option<Bounds>], targets: &[usize]) -> Outcome {
        if self.is_partial() {
            return self.one_by_one(known, targets);
        }
        let mut system = self.all.system.clone();
        for (cell, bounds) in known.iter().enumerate() {
            self.all.print(&mut system, cell, bounds.unwrap_or((0, None)));
        }
        let wanted: Vec<usize> = targets.iter().map(|target| self.all.of_cell[*target]).collect();
        let mut found = attack_system(&system, &wanted, 1, WORK);
        found.clashes = found.clashes.iter().map(|clash| self.all.cells(clash)).collect();
        found
    }

    /// In how many equations a cell would be the only unknown: each would give it away at once.
    #[must_use]
    pub fn sole_unknown(&self, known: &[Option<Bounds>], cell: usize) -> usize {
        let own = self.all.of_cell[cell];
        let mut exact = vec![false; self.all.system.bounds.len()];
        for (count, known) in self.all.of_cell.iter().zip(known) {
            exact[*count] |= known.is_some_and(|(least, most)| most == Some(least));
        }
        let gives_away = |equation: &&Equation| {
            let mut others = equation.terms.iter().filter(|(count, _)| *count != own);
            equation.terms.iter().any(|(count, _)| *count == own) && others.all(|(count, _)| exact[*count])
        };
        self.all.system.equations.iter().filter(gives_away).count()
    }

    /// Attacks one cell, given the bounds of some others.
    #[must_use]
    pub fn attack_one(&self, known: &[(usize, Bounds)], target: usize) -> Verdict {
        let rows = known.iter().map(|(cell, bounds)| (&self.codes[*cell], *bounds));
        let rows = rows.chain([(&self.codes[target], (0, None))]).collect();
        let joint = Joint::of(rows, &self.dimensions);
        let wanted = joint.of_cell[known.len()];
        attack_system(&joint.system, &[wanted], 1, WORK).verdicts.first().copied().unwrap_or(Verdict::Undecided)
    }

    /// Attacks each target with the known cells only, which need fewer groups than all cells together.
    fn one_by_one(&self, known: &[Option<Bounds>], targets: &[usize]) -> Outcome {
        let informs = |bounds: &Bounds| *bounds != (0, None);
        let verdict = |target: &usize| {
            let kept = known.iter().enumerate().filter_map(|(at, known)| Some((at, known.filter(informs)?)));
            self.attack_one(&kept.collect::<Vec<_>>(), *target)
        };
        Outcome { verdicts: targets.iter().map(verdict).collect(), clashes: Vec::new() }
    }
}

impl Joint {
    fn of(cells: Vec<(&Vec<usize>, Bounds)>, dimensions: &[Dimension]) -> Self {
        let row = |(observation, (codes, (least, most))): (usize, (&Vec<usize>, Bounds))| TableRow {
            codes: codes.clone(),
            least,
            most,
            marked: false,
            observation,
        };
        let rows: Vec<TableRow> = cells.into_iter().enumerate().map(row).collect();
        let mut sets: Vec<Sets> = dimensions.iter().map(Sets::of).collect();
        let printed = Printed::of(&rows, &sets);
        let mut system = lattice(&printed, &mut sets);
        for cell in (0..printed.cells.len()).filter(|cell| impossible(printed.bounds[*cell])) {
            system.broken.push(cell);
        }
        Self { system, counts: printed.cells.len(), of_cell: printed.of_row }
    }

    /// Adds the printed bounds of a cell to a system.
    fn print(&self, system: &mut System, cell: usize, (least, most): Bounds) {
        let count = self.of_cell[cell];
        let before = system.bounds[count];
        system.bounds[count] = (before.0.max(least), [before.1, most].into_iter().flatten().min());
        if impossible(system.bounds[count]) && !system.broken.contains(&count) {
            system.broken.push(count);
        }
    }

    /// The cells behind counts.
    fn cells(&self, counts: &[usize]) -> Vec<usize> {
        let named: BTreeSet<usize> = counts.iter().copied().filter(|count| *count < self.counts).collect();
        (0..self.of_cell.len()).filter(|cell| named.contains(&self.of_cell[*cell])).collect()
    }
}

fn is_subset(part: &[u32], whole: &[u32]) -> bool {
    part.iter().all(|group| whole.binary_search(group).is_ok())
}

fn one_of(groups: &[u32], wanted: impl Fn(&u32) -> bool) -> Option<&u32> {
    groups.iter().find(|group| wanted(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_and_all_parts_but_one_tell_the_last() {
        let cells = [vec![vec![0, 1]], vec![vec![0]], vec![vec![1]]];
        let cells = Cells::of(&cells, &[2]);
        let known = |part: Option<Bounds>| [Some((80, Some(80))), part, Some((0, Some(4)))];
        assert_eq!(cells.attack(&known(Some((78, Some(78)))), &[2]).verdicts, [Verdict::Exact]);
        assert_eq!(cells.attack(&known(None), &[2]).verdicts, [Verdict::Free]);
        assert_eq!(cells.attack_one(&[(0, (80, Some(80))), (1, (78, Some(78)))], 2), Verdict::Exact);
        assert!(cells.within(1, 0) && !cells.within(0, 1) && cells.apart(1, 2) && !cells.apart(0, 1));
    }

    #[test]
    fn many_groups_of_which_few_are_told_apart_are_no_hindrance() {
        let dimension = |at: u32| if at == 0 { (0..1_000).collect() } else { vec![at] };
        let cells = [[0, 0], [1, 0], [0, 1], [1, 1]].map(|cell| cell.map(dimension).to_vec());
        let cells = Cells::of(&cells, &[1_000, 1_000]);
        assert!(!cells.is_partial());
        let known = [Some((9, Some(9))), Some((9, Some(9))), Some((2, Some(2))), None];
        assert_eq!(cells.attack(&known, &[3]).verdicts, [Verdict::Exact], "all are in the first code");
    }
}
