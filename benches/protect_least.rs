//! The fewest cells that must be withheld, by branch and bound: every number under the threshold must be able to differ by the
//! threshold in two whole tables, which an exact attack decides.

use tipbrief::disclosure::attack::{Sum, Verdict, attack};
use tipbrief::disclosure::protect::suppress::sensitive;
use tipbrief::disclosure::protect::system::{System, packed};
use tipbrief::project::policy::Policy;

/// So many patterns are tried at most.
const TRIED: usize = 4_000;

struct Search<'s> {
    system: &'s System,
    policy: &'s Policy,
    groups: Vec<Vec<usize>>,
    small: Vec<usize>,
    size: usize,
    best: usize,
    tried: usize,
}

/// The fewest cells; none where there are too many patterns.
pub fn least(system: &System, policy: &Policy) -> Option<usize> {
    let mut leaves = vec![Vec::new()];
    for dimension in &system.dimensions {
        let longer = |some: Vec<u16>| (0..dimension.leaves()).map(move |leaf| [some.as_slice(), &[leaf]].concat());
        leaves = leaves.into_iter().flat_map(longer).collect();
    }
    let atoms: Vec<u128> = leaves.iter().map(|leaves| packed(leaves)).collect();
    let of_cell = |cell| (0..atoms.len()).filter(|at| system.holds(cell, atoms[*at], u32::MAX)).collect();
    let small = |at: &usize| system.atoms.iter().any(|(atom, units)| *atom == atoms[*at] && sensitive(*units, policy));
    let mut search = Search {
        system,
        policy,
        groups: system.cells.iter().map(of_cell).collect(),
        small: (0..atoms.len()).filter(small).collect(),
        size: atoms.len(),
        best: system.cells.len() + 1,
        tried: 0,
    };
    let start: Vec<bool> = system.cells.iter().map(|cell| sensitive(cell.units, policy)).collect();
    search.search(start, &vec![false; system.cells.len()]);
    (search.tried < TRIED && search.best <= system.cells.len()).then_some(search.best)
}

impl Search<'_> {
    /// Tries each further cell, in turn; those of `kept` have been tried.
    fn search(&mut self, withheld: Vec<bool>, kept: &[bool]) {
        let cells = withheld.iter().filter(|is| **is).count();
        if cells >= self.best || self.tried >= TRIED {
            return;
        }
        self.tried += 1;
        if self.is_safe(&withheld) {
            self.best = cells;
            return;
        }
        // Even with every other cell withheld, what is kept may leave no room.
        let most: Vec<bool> = kept.iter().map(|kept| !kept).collect();
        if cells + 1 >= self.best || !self.is_safe(&most) {
            return;
        }
        let mut kept = kept.to_vec();
        for cell in 0..withheld.len() {
            if !withheld[cell] && !kept[cell] {
                let mut more = withheld.clone();
                more[cell] = true;
                self.search(more, &kept);
                kept[cell] = true;
            }
        }
    }

    /// Whether no withheld number is narrower than it must be.
    fn is_safe(&self, withheld: &[bool]) -> bool {
        let threshold = self.policy.threshold_units();
        let (mut sums, mut wide, mut loose) = (Vec::new(), Vec::new(), Vec::new());
        for ((cell, groups), withheld) in self.system.cells.iter().zip(&self.groups).zip(withheld) {
            let units = i128::from(cell.units);
            if *withheld {
                if cell.units < threshold { wide.push(sums.len()) } else { loose.push(sums.len()) }
            }
            let (least, most) = if *withheld { (0, None) } else { (units, Some(units)) };
            sums.push(Sum { atoms: groups.clone(), least, most });
        }
        for atom in &self.small {
            wide.push(sums.len());
            sums.push(Sum { atoms: vec![*atom], least: 0, most: None });
        }
        [(wide, i128::from(threshold)), (loose, 0)].into_iter().all(|(targets, width)| {
            attack(self.size, &sums, &targets, width).verdicts.iter().all(|verdict| *verdict == Verdict::Free)
        })
    }
}
