//! A table as counts and short equations: every cell is the sum of its parts along one dimension.
//!
//! The dimensions of a clique are gone through in one order. Along each, cells that agree in the earlier dimensions are
//! split by the codes of compatible rows; groups that no row names are merged. The result are the
//! finest cells that rows distinguish (the "atoms" of Dobra and Fienberg's bounds, "Bounds for cell entries in contingency
//! tables given marginal totals", PNAS 97, 2000), of which each printed cell is a sum, through cells on the way.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cells::{Cell, Printed, Set, Sets};
use super::cliques::{Cliques, Dimensions, broken_down, members};
use crate::disclosure::attack::{Bounds, Equation, System};

/// A table with more cells is attacked without its joint tables.
const MOST: usize = 600_000;

/// The system of a table's cells. The first counts are the printed cells.
pub(super) fn lattice(printed: &Printed, sets: &mut [Sets]) -> System {
    let sets_of: BTreeSet<Dimensions> = printed.cells.iter().map(broken_down).collect();
    if let Some(system) = Lattice::of(printed, sets).joint(&Cliques::of(&sets_of)) {
        return system;
    }
    let loose = Lattice::of(printed, sets).joint(&Cliques::loose(&sets_of));
    // What is printed side by side can still be compared.
    let mut system = loose.unwrap_or_else(|| Lattice::of(printed, sets).shortcuts());
    system.partial = true;
    system
}

struct Lattice<'p> {
    printed: &'p Printed,
    sets: &'p mut [Sets],
    cells: Vec<Cell>,
    numbers: HashMap<Cell, usize>,
    system: System,
    known: HashSet<Vec<(usize, i128)>>,
}

impl<'p> Lattice<'p> {
    fn of(printed: &'p Printed, sets: &'p mut [Sets]) -> Self {
        let numbers = printed.cells.iter().cloned().zip(0..).collect();
        let system = System { bounds: printed.bounds.clone(), ..System::default() };
        Self { printed, sets, cells: printed.cells.clone(), numbers, system, known: HashSet::new() }
    }

    /// Every clique's own table, and what neighbours share in the finest cells. Nothing where there are too many.
    fn joint(mut self, cliques: &Cliques) -> Option<System> {
        let shared: Vec<usize> =
            cliques.shared.iter().map(|shared| self.finest(*shared)).collect::<Option<Vec<_>>>()?.concat();
        for clique in &cliques.cliques {
            let own = |count: &usize| broken_down(&self.cells[*count]) & !clique == 0;
            let mut counts: Vec<usize> =
                (0..self.printed.cells.len()).chain(shared.iter().copied()).filter(own).collect();
            counts.sort_unstable();
            counts.dedup();
            let printed = |at: &usize| counts.iter().filter(|count| self.cells[**count][*at] == 0).count();
            let mut named: Vec<usize> = members(*clique).collect();
            let mut small = named.clone();
            named.sort_by_cached_key(printed);
            small.sort_by_key(|at| self.sets[*at].groups(0).len());
            // The order with fewer cells in between that nobody prints.
            let tried = [&named, &small].map(|order| self.tried(order, &counts));
            let order =
                if tried[1].is_some_and(|small| tried[0].is_none_or(|named| small < named)) { small } else { named };
            self.resolve(&order, counts)?;
        }
        Some(self.shortcuts())
    }

    /// How many cells there are when they are divided in this order.
    fn tried(&mut self, order: &[usize], counts: &[usize]) -> Option<usize> {
        let (cells, equations) = (self.cells.len(), self.system.equations.len());
        let found = self.resolve(order, counts.to_vec()).map(|()| self.cells.len());
        for cell in self.cells.drain(cells..) {
            self.numbers.remove(&cell);
        }
        self.system.bounds.truncate(cells);
        for equation in self.system.equations.drain(equations..) {
            self.known.remove(&equation.terms);
        }
        found
    }

    /// The number of a cell.
    fn count(&mut self, cell: Cell) -> usize {
        if let Some(count) = self.numbers.get(&cell) {
            return *count;
        }
        let count = self.system.count((0, None));
        self.cells.push(cell.clone());
        self.numbers.insert(cell, count);
        count
    }

    /// Adds a count that no cell represents.
    fn rest(&mut self) -> usize {
        self.cells.push(Cell::default());
        self.system.count((0, None))
    }

    /// The finest cells of some dimensions that any rows tell apart.
    fn finest(&mut self, dimensions: Dimensions) -> Option<Vec<usize>> {
        let mut cells: Vec<Cell> = vec![vec![0; self.sets.len()].into()];
        for at in members(dimensions) {
            let named: BTreeSet<Set> = self.printed.cells.iter().map(|cell| cell[at]).chain([0]).collect();
            let elements = self.sets[at].elements(&named);
            let longer = |cell: &Cell| elements.iter().map(|element| with(cell, at, *element)).collect::<Vec<_>>();
            cells = cells.iter().flat_map(longer).collect();
            if cells.len() > MOST {
                return None;
            }
        }
        Some(cells.into_iter().map(|cell| self.count(cell)).collect())
    }

    /// Divides cells that agree in all dimensions before those of `order`.
    fn resolve(&mut self, order: &[usize], counts: Vec<usize>) -> Option<()> {
        let Some((at, later)) = order.split_first() else { return Some(()) };
        if counts.len() < 2 || self.nothing(order, &counts) {
            return Some(());
        }
        let named: BTreeSet<Set> = counts.iter().map(|count| self.cells[*count][*at]).collect();
        let elements = self.sets[*at].elements(&named);
        let larger = self.sets[*at].by_size(&named);
        let divided: HashMap<Set, Vec<Set>> =
            larger.iter().map(|set| (*set, self.sets[*at].divided(*set, &larger, &elements))).collect();
        let mut of_element: BTreeMap<Set, Vec<usize>> = elements.iter().map(|element| (*element, Vec::new())).collect();
        let (mut waiting, mut met): (Vec<usize>, HashSet<usize>) = (counts.clone(), counts.into_iter().collect());
        while let Some(count) = waiting.pop() {
            let set = self.cells[count][*at];
            if let Some(element) = of_element.get_mut(&set) {
                element.push(count);
                continue;
            }
            let cell = self.cells[count].clone();
            let parts: Vec<usize> = divided[&set].iter().map(|part| self.count(with(&cell, *at, *part))).collect();
            waiting.extend(parts.iter().filter(|part| met.insert(**part)));
            self.equate(count, &parts, false);
        }
        if self.cells.len() > MOST {
            return None;
        }
        of_element.into_values().try_for_each(|mut counts| {
            counts.sort_unstable();
            self.resolve(later, counts)
        })
    }

    /// Whether one of the cells holds all others and is nothing: then so are they.
    fn nothing(&mut self, order: &[usize], counts: &[usize]) -> bool {
        let is_whole = |count: &&usize| order.iter().all(|at| self.cells[**count][*at] == 0);
        let Some(whole) = counts.iter().find(is_whole).filter(|count| self.system.bounds[**count].1 == Some(0)) else {
            return false;
        };
        for count in counts.iter().filter(|count| *count != whole) {
            let rest = self.rest();
            self.equate(*whole, &[*count, rest], false);
        }
        true
    }

    fn equate(&mut self, whole: usize, parts: &[usize], implied: bool) {
        let mut terms: Vec<(usize, i128)> = parts.iter().map(|part| (*part, -1)).chain([(whole, 1)]).collect();
        terms.sort_unstable();
        if self.known.insert(terms.clone()) {
            self.system.equations.push(Equation { terms, implied });
        }
    }

    /// Printed cells along every other dimension, which draws bounds together sooner.
    fn shortcuts(mut self) -> System {
        for at in 0..self.sets.len() {
            let named: BTreeSet<Set> = self.printed.cells.iter().map(|cell| cell[at]).collect();
            let larger = self.sets[at].by_size(&named);
            let mut divided: HashMap<Set, (Vec<Set>, bool)> = HashMap::new();
            for set in &larger {
                let parts = self.sets[at].divided(*set, &larger, &[]);
                let held: usize = parts.iter().map(|part| self.sets[at].groups(*part).len()).sum();
                divided.insert(*set, (parts, held == self.sets[at].groups(*set).len()));
            }
            for whole in 0..self.printed.cells.len() {
                let printed = self.printed;
                let cell = &printed.cells[whole];
                let (parts, all) = &divided[&cell[at]];
                let number = |part: &Set| self.numbers.get(&with(cell, at, *part)).copied();
                let mut found: Vec<usize> = parts.iter().filter_map(number).collect();
                if found.is_empty() {
                    continue;
                }
                if found.len() < parts.len() || !all {
                    found.push(self.rest());
                }
                self.equate(whole, &found, true);
            }
        }
        self.system
    }
}

fn with(cell: &Cell, at: usize, set: Set) -> Cell {
    let mut cell = cell.clone();
    cell[at] = set;
    cell
}

/// The printed bounds of a cell contradict the others.
pub(super) fn impossible((least, most): Bounds) -> bool {
    most.is_some_and(|most| most < least.max(0))
}
