//! Withheld cells that belong to no sum, and those that only a missing row keeps from following.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::cells::{Cell, Printed, Set, Sets};
use crate::disclosure::attack::Bounds;

/// How many containing cells are looked for.
const MOST: usize = 4096;

/// For each set of each dimension those that hold it, and more.
struct Above(Vec<HashMap<Set, Vec<Set>>>);

impl Above {
    fn of(printed: &Printed, sets: &[Sets]) -> Self {
        let of_dimension = |(at, sets): (usize, &Sets)| {
            let named: BTreeSet<Set> = printed.cells.iter().map(|cell| cell[at]).collect();
            let mut holding: HashMap<u32, Vec<Set>> = HashMap::new();
            for set in named.iter().filter(|set| sets.groups(**set).len() > 1) {
                sets.groups(*set).iter().for_each(|group| holding.entry(*group).or_default().push(*set));
            }
            let above = |set: Set| {
                let own = sets.groups(set);
                let held = own.first().and_then(|first| holding.get(first)).into_iter().flatten();
                held.copied().filter(|other| sets.holds(*other, set)).collect::<Vec<Set>>()
            };
            named.iter().map(|set| (*set, above(*set))).collect()
        };
        Self(sets.iter().enumerate().map(of_dimension).collect())
    }

    fn of_set(&self, at: usize, set: Set) -> &[Set] {
        self.0[at].get(&set).map_or(&[], Vec::as_slice)
    }

    /// All cells that hold this one, and more.
    fn cells(&self, cell: &Cell) -> Vec<Cell> {
        let mut found = vec![cell.clone()];
        for at in 0..cell.len() {
            for own in 0..found.len() {
                if found.len() > MOST {
                    break;
                }
                for set in self.of_set(at, cell[at]) {
                    let mut larger = found[own].clone();
                    larger[at] = *set;
                    found.push(larger);
                }
            }
        }
        found.swap_remove(0);
        found
    }
}

/// The result for some printed cells.
#[derive(Default)]
pub(super) struct Relations {
    /// Those in no sum: no printed cell contains them or is contained in them.
    pub(super) unlinked: HashSet<usize>,
    /// Those that would follow if the combinations without a row were 0; for each a missing cell.
    pub(super) open: HashMap<usize, Cell>,
}

impl Relations {
    /// Examines the `targets`, which are printed cells.
    pub(super) fn of(printed: &Printed, sets: &[Sets], targets: &[usize]) -> Self {
        let above = Above::of(printed, sets);
        let numbers: HashMap<&Cell, usize> = printed.cells.iter().zip(0..).collect();
        let unlinked = unlinked(printed, &above, &numbers, targets);
        let mut sums = Sums { printed, sets, numbers: &numbers, parts: HashMap::new(), known: HashMap::new() };
        let mut open = HashMap::new();
        for target in targets {
            let cell = &printed.cells[*target];
            let missing = (0..cell.len()).find_map(|at| {
                let own = sums.missing(*target, at, *target);
                own.or_else(|| {
                    let wholes: Vec<usize> = above
                        .of_set(at, cell[at])
                        .iter()
                        .filter_map(|set| numbers.get(&with(cell, at, *set)).copied())
                        .collect();
                    wholes.into_iter().find_map(|whole| sums.missing(whole, at, *target))
                })
            });
            missing.map(|missing| open.insert(*target, missing));
        }
        Self { unlinked, open }
    }
}

fn unlinked(printed: &Printed, above: &Above, numbers: &HashMap<&Cell, usize>, targets: &[usize]) -> HashSet<usize> {
    let near = |cell: &Cell| {
        (0..cell.len())
            .any(|at| above.of_set(at, cell[at]).iter().any(|set| numbers.contains_key(&with(cell, at, *set))))
    };
    let far = |cell: &Cell| above.cells(cell).iter().any(|larger| numbers.contains_key(larger));
    let alone = |target: &&usize| !near(&printed.cells[**target]) && !far(&printed.cells[**target]);
    let mut left: HashSet<usize> = targets.iter().filter(alone).copied().collect();
    if !left.is_empty() {
        for larger in printed.cells.iter().flat_map(|cell| above.cells(cell)) {
            if let Some(whole) = numbers.get(&larger) {
                left.remove(whole);
            }
        }
    }
    left
}

/// A printed cell as the sum of its parts along one dimension.
#[derive(Clone)]
struct SumOf {
    /// The parts that have a row and are not one number.
    unknown: Vec<usize>,
    /// Whether any part has a row.
    any: bool,
    /// A part that has no row.
    missing: Option<Cell>,
}

struct Sums<'p> {
    printed: &'p Printed,
    sets: &'p [Sets],
    numbers: &'p HashMap<&'p Cell, usize>,
    /// For each dimension and set the codes that make it up; nothing where codes do not.
    parts: HashMap<(usize, Set), Vec<Set>>,
    known: HashMap<(usize, usize), SumOf>,
}

impl Sums<'_> {
    /// A missing part, if without those the target were all that is unknown of the whole and its parts.
    fn missing(&mut self, whole: usize, at: usize, target: usize) -> Option<Cell> {
        let sum = self.sum(whole, at);
        let others = sum.unknown.iter().filter(|part| **part != target).count();
        let held = whole == target || sum.unknown.contains(&target);
        let known = whole == target || is_known(self.printed.bounds[whole]);
        (sum.any && held && known && others == 0).then_some(sum.missing).flatten()
    }

    fn sum(&mut self, whole: usize, at: usize) -> SumOf {
        if let Some(known) = self.known.get(&(whole, at)) {
            return known.clone();
        }
        let cell = &self.printed.cells[whole];
        let sets = &self.sets[at];
        let parts = self.parts.entry((at, cell[at])).or_insert_with(|| sets.codes_of(cell[at]));
        let mut sum = SumOf { unknown: Vec::new(), any: false, missing: None };
        for part in parts.iter() {
            let part = with(cell, at, *part);
            match self.numbers.get(&part) {
                Some(number) => {
                    sum.any = true;
                    if !is_known(self.printed.bounds[*number]) {
                        sum.unknown.push(*number);
                    }
                }
                None => sum.missing = sum.missing.or(Some(part)),
            }
        }
        self.known.insert((whole, at), sum.clone());
        sum
    }
}

fn is_known((least, most): Bounds) -> bool {
    most == Some(least)
}

fn with(cell: &Cell, at: usize, set: Set) -> Cell {
    let mut cell = cell.clone();
    cell[at] = set;
    cell
}
