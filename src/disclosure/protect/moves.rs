//! Moves: whole numbers added to some atoms and taken from others, so that few printed sums change.
//!
//! A move swaps the leaves of an atom for those of a partner, block of dimensions by block: two corners with one block, four
//! with two, eight with three. It changes a cell only if the cell distinguishes the two
//! in every block. This is the hypercube of
//! Repsilber ("Preservation of confidential data in microdata and macrodata", 1994; Giessing and Repsilber, "Tools and
//! strategies to protect multiple tables with the GHQUAR cell suppression engine", LNCS 2316, 2002), with blocks in the
//! place of single dimensions, as data swapping exchanges whole groups of attributes (Dalenius and Reiss, "Data-swapping",
//! Journal of Statistical Planning and Inference 6, 1982). A longer cycle is a sequence of moves.

use std::collections::BTreeMap;

use super::system::{Atom, ByAtom, System, crossed, leaf};

/// The difference of a table from the true one, atom by atom.
pub type Difference = BTreeMap<Atom, i64>;

/// How many partners that differ in the same dimensions are tried, in a large system and in a small one.
const PARTNERS: [usize; 2] = [8, 16];
/// A system of more cells is large.
const LARGE: usize = 5_000;

/// A move of an atom's units, with its largest possible number of steps.
#[derive(Debug, Clone)]
pub(super) struct Move {
    from: Atom,
    partner: Atom,
    blocks: Vec<u32>,
    /// 1 where the atom gains, -1 where it loses.
    direction: i64,
    pub(super) steps: i64,
}

impl Move {
    /// The corners, and what one step adds to each.
    pub(super) fn corners(&self) -> Vec<(Atom, i64)> {
        let mut corners = vec![(self.from, self.direction)];
        for block in &self.blocks {
            let flipped: Vec<_> =
                corners.iter().map(|(atom, sign)| (crossed(*atom, self.partner, *block), -sign)).collect();
            corners.extend(flipped);
        }
        corners
    }

    pub(super) fn apply(&self, table: &mut Difference) {
        for (atom, sign) in self.corners() {
            let entry = table.entry(atom).or_default();
            *entry += sign * self.steps;
            if *entry == 0 {
                table.remove(&atom);
            }
        }
    }
}

/// The wanted change of an atom; if a cell is named, the change must reach it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'w> {
    /// Any of these atoms may change.
    pub(super) atoms: &'w [Atom],
    pub(super) cell: Option<usize>,
    pub(super) direction: i64,
    pub(super) steps: i64,
}

/// A search for cheap moves, given what it costs to withhold each cell.
pub(super) struct Search<'s> {
    system: &'s System,
    index: ByAtom<usize>,
    truth: ByAtom<i64>,
    weights: &'s [u64],
    /// A cache of the printed cells that hold an atom; cells withheld since are dropped on the next look-up.
    printed: ByAtom<Vec<u32>>,
}

impl<'s> Search<'s> {
    pub(super) fn new(system: &'s System, weights: &'s [u64]) -> Self {
        let truth = system.atoms.iter().copied().collect();
        Self { system, index: system.index(), truth, weights, printed: ByAtom::default() }
    }

    /// The cells that hold an atom, printed or withheld.
    pub(super) fn cells_of(&self, atom: Atom) -> Vec<usize> {
        self.system.cells_of(atom, &self.index)
    }

    fn units(&self, table: &Difference, atom: Atom) -> i64 {
        self.truth.get(&atom).copied().unwrap_or(0) + table.get(&atom).copied().unwrap_or(0)
    }

    /// The cheapest move found in a table: one that changes no printed cell if there is any, and what it costs.
    pub(super) fn cheapest(
        &mut self,
        wanted: Wanted<'_>,
        table: &Difference,
        withheld: &[bool],
    ) -> Option<(Move, u64)> {
        let moves: Vec<Move> = wanted.atoms.iter().flat_map(|atom| self.moves(*atom, wanted, table)).collect();
        for free in &moves {
            if self.cost(free, withheld, 0).is_some() {
                return Some((free.clone(), 0));
            }
        }
        let mut best: Option<(Move, u64, u128)> = None;
        for found in moves {
            // A move of few steps must be followed by others.
            let rounds = (wanted.steps + found.steps - 1) / found.steps;
            let rounds = u128::try_from(rounds).unwrap_or(u128::MAX);
            let limit = best.as_ref().map_or(u128::from(u64::MAX) - 1, |(_, _, price)| *price / rounds);
            let Some(cost) = self.cost(&found, withheld, u64::try_from(limit).unwrap_or(u64::MAX - 1)) else {
                continue;
            };
            let price = u128::from(cost) * rounds;
            if best.as_ref().is_none_or(|(_, _, least)| price < *least) {
                best = Some((found, cost, price));
            }
        }
        best.map(|(found, cost, _)| (found, cost))
    }

    /// The printed cells that a move changes.
    pub(super) fn changed_cells(&mut self, found: &Move, withheld: &[bool]) -> Vec<usize> {
        let mut changed = Vec::new();
        for (corner, _) in found.corners() {
            let cells = self.printed_of(corner, withheld).to_vec();
            changed.extend(cells.iter().map(|cell| *cell as usize).filter(|cell| self.changes(*cell, corner, found)));
        }
        changed
    }

    /// The cost of withholding every printed cell that a move changes; none above `limit`.
    fn cost(&mut self, found: &Move, withheld: &[bool], limit: u64) -> Option<u64> {
        let mut cost = 0_u64;
        for (corner, _) in found.corners() {
            self.printed_of(corner, withheld);
            for cell in &self.printed[&corner] {
                if self.changes(*cell as usize, corner, found) {
                    cost = cost.saturating_add(self.weights[*cell as usize]);
                    if cost > limit {
                        return None;
                    }
                }
            }
        }
        Some(cost)
    }

    /// Whether a move changes a cell that holds one of its corners: it does if the cell holds none of the neighbouring corners.
    fn changes(&self, cell: usize, corner: Atom, found: &Move) -> bool {
        let cell = &self.system.cells[cell];
        let other = |block: u32| if crossed(corner, found.from, block) == corner { found.partner } else { found.from };
        found.blocks.iter().all(|block| !self.system.holds(cell, other(*block), *block))
    }

    fn printed_of(&mut self, atom: Atom, withheld: &[bool]) -> &[u32] {
        let (system, index) = (self.system, &self.index);
        let cells = self.printed.entry(atom).or_insert_with(|| {
            system.cells_of(atom, index).into_iter().filter_map(|cell| u32::try_from(cell).ok()).collect()
        });
        cells.retain(|cell| !withheld[*cell as usize]);
        cells
    }

    /// Every move that is tried, those of few corners first.
    fn moves(&self, atom: Atom, wanted: Wanted<'_>, table: &Difference) -> Vec<Move> {
        let mut partners = self.partners(atom, table);
        let mut moves = Vec::new();
        let mut offer = |partner: Atom, blocks: &[u32]| {
            let offered = Move { from: atom, partner, blocks: blocks.to_vec(), direction: wanted.direction, steps: 0 };
            moves.extend(self.feasible(offered, wanted, table));
        };
        let masks = 1_u32 << self.system.dimensions.len();
        if wanted.direction > 0 {
            for one in 1..masks {
                for partner in &partners[one as usize] {
                    offer(*partner, &[one]);
                }
            }
            for (one, two) in disjoint(masks) {
                for (u, v) in pairs(&partners[one as usize], &partners[two as usize]) {
                    offer(crossed(u, v, two), &[one, two]);
                }
            }
            for (one, two) in disjoint(masks) {
                for three in (two + 1..masks).filter(|three| three & (one | two) == 0) {
                    for (u, v) in pairs(&partners[one as usize], &partners[two as usize]) {
                        for third in &partners[three as usize] {
                            offer(crossed(crossed(u, v, two), *third, three), &[one, two, three]);
                        }
                    }
                }
            }
        } else {
            self.neighbours(atom, &mut partners);
            for mask in 1..masks {
                for partner in &partners[mask as usize] {
                    offer(*partner, &[mask]);
                    for one in (1..mask).filter(|one| one & mask == *one && *one < mask ^ *one) {
                        offer(*partner, &[one, mask ^ one]);
                    }
                }
            }
        }
        offer(atom, &[]);
        moves
    }

    /// The move with as many steps as its corners allow; none where they allow no step or the move would not change the cell.
    fn feasible(&self, mut offered: Move, wanted: Wanted<'_>, table: &Difference) -> Option<Move> {
        if let Some(cell) = wanted.cell {
            let cell = &self.system.cells[cell];
            if offered.blocks.iter().any(|block| self.system.holds(cell, offered.partner, *block)) {
                return None;
            }
        }
        let giving = offered.corners().into_iter().filter(|(_, sign)| *sign < 0);
        let least = giving.map(|(atom, _)| self.units(table, atom)).min().unwrap_or(wanted.steps);
        offered.steps = least.min(wanted.steps);
        (offered.steps > 0).then_some(offered)
    }

    /// The atoms with units to give, by the dimensions in which they differ, the fullest first.
    fn partners(&self, from: Atom, table: &Difference) -> Vec<Vec<Atom>> {
        let dimensions = self.system.dimensions.len();
        let most = PARTNERS[usize::from(self.system.cells.len() <= LARGE)];
        let mut partners: Vec<Vec<(i64, Atom)>> = vec![Vec::new(); 1 << dimensions];
        let mut consider = |atom: Atom, units: i64| {
            if units <= 0 || atom == from {
                return;
            }
            let unlike = (0..dimensions).filter(|number| leaf(atom, *number) != leaf(from, *number));
            let list = &mut partners[unlike.fold(0_usize, |mask, number| mask | 1 << number)];
            if list.len() == most && list.last().is_some_and(|(least, _)| *least >= units) {
                return;
            }
            list.insert(list.partition_point(|(other, _)| *other >= units), (units, atom));
            list.truncate(most);
        };
        let changed = |atom: &Atom| table.get(atom).copied().unwrap_or(0);
        self.system.atoms.iter().for_each(|(atom, units)| consider(*atom, units + changed(atom)));
        let new = table.iter().filter(|(atom, _)| !self.truth.contains_key(*atom));
        new.for_each(|(atom, units)| consider(*atom, *units));
        partners.into_iter().map(|list| list.into_iter().map(|(_, atom)| atom).collect()).collect()
    }

    /// Atoms that differ in one dimension can take units though they hold none.
    fn neighbours(&self, atom: Atom, partners: &mut [Vec<Atom>]) {
        for (number, dimension) in self.system.dimensions.iter().enumerate() {
            let list = &mut partners[1 << number];
            for other in
                (0..dimension.leaves()).map(|leaf| crossed(atom, Atom::from(leaf) << (16 * number), 1 << number))
            {
                if other != atom && !list.contains(&other) && list.len() < 2 * PARTNERS[0] {
                    list.push(other);
                }
            }
        }
    }
}

fn disjoint(masks: u32) -> impl Iterator<Item = (u32, u32)> {
    (1..masks).flat_map(move |one| (one + 1..masks).filter(move |two| one & two == 0).map(move |two| (one, two)))
}

fn pairs<'p>(one: &'p [Atom], other: &'p [Atom]) -> impl Iterator<Item = (Atom, Atom)> + 'p {
    one.iter().flat_map(move |u| other.iter().map(move |v| (*u, *v)))
}
