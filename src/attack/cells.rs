//! Cells of a table by the groups of people they count, attacked: the few groups that they tell apart are the unknowns.

use std::collections::HashMap;

use super::{Bounds, Equation, Outcome, System, attack_system};

/// More groups than these are not told apart.
const MOST: usize = 200_000;
/// So much work one table may take.
const WORK: u64 = 500_000_000;

/// Which groups each cell counts.
#[derive(Debug)]
pub struct Cells {
    groups: usize,
    of_cell: Vec<Vec<usize>>,
}

impl Cells {
    /// Cells that hold, in each dimension, some of its groups, in order; `sizes` are the dimensions' numbers of groups.
    /// Nothing where they tell too many apart.
    #[must_use]
    pub fn of(cells: &[Vec<Vec<u32>>], sizes: &[u32]) -> Option<Self> {
        let all = sizes.iter().try_fold(1_usize, |all, size| all.checked_mul(*size as usize))?;
        if all > MOST {
            return None;
        }
        let mut alike: HashMap<Vec<usize>, usize> = HashMap::new();
        let mut of_cell = vec![Vec::new(); cells.len()];
        for number in 0..all {
            let mut rest = number;
            let group: Vec<u32> = sizes
                .iter()
                .map(|size| {
                    let own = rest % *size as usize;
                    rest /= *size as usize;
                    u32::try_from(own).unwrap_or(u32::MAX)
                })
                .collect();
            let holds =
                |cell: &Vec<Vec<u32>>| cell.iter().zip(&group).all(|(held, own)| held.binary_search(own).is_ok());
            let holding: Vec<usize> = (0..cells.len()).filter(|at| holds(&cells[*at])).collect();
            let next = alike.len();
            if !holding.is_empty() && !alike.contains_key(&holding) {
                holding.iter().for_each(|cell| of_cell[*cell].push(next));
                alike.insert(holding, next);
            }
        }
        Some(Self { groups: alike.len(), of_cell })
    }

    /// The groups that a cell counts, those that no cell tells apart as one.
    #[must_use]
    pub fn groups(&self, cell: usize) -> &[usize] {
        &self.of_cell[cell]
    }

    /// What can be worked out of the `targets`, when this is known of each cell; of a cell that nothing is known of, nothing.
    #[must_use]
    pub fn attack(&self, known: &[Option<Bounds>], targets: &[usize]) -> Outcome {
        let mut system = System { bounds: Vec::new(), ..System::default() };
        for bounds in known {
            system.count(bounds.unwrap_or((0, None)));
        }
        for _ in 0..self.groups {
            system.count((0, None));
        }
        for (cell, groups) in self.of_cell.iter().enumerate() {
            let terms = groups.iter().map(|group| (known.len() + group, -1)).chain([(cell, 1)]).collect();
            system.equations.push(Equation { terms, implied: false });
        }
        attack_system(&system, targets, 1, WORK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::Verdict;

    #[test]
    fn a_whole_and_all_parts_but_one_tell_the_last() {
        let cells = [vec![vec![0, 1]], vec![vec![0]], vec![vec![1]]];
        let cells = Cells::of(&cells, &[2]).expect("few groups");
        let known = |part: Option<Bounds>| [Some((80, Some(80))), part, Some((0, Some(4)))];
        assert_eq!(cells.attack(&known(Some((78, Some(78)))), &[2]).verdicts, [Verdict::Exact]);
        assert_eq!(cells.attack(&known(None), &[2]).verdicts, [Verdict::Free]);
        assert!(Cells::of(&[], &[1_000, 1_000]).is_none());
    }
}
