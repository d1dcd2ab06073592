//! The linear programme of one sensitive number: the cheapest two tables that agree with everything printed and differ there
//! by the required width.
//!
//! Its variables say how much each group changes from the truth, once for each table; its equations say that no printed cell
//! changes. A printed cell may change at a price, which stands for withholding it; a withheld one is no equation. That is the
//! continuous relaxation of the choice (Fischetti and Salazar, "Models and algorithms for optimizing cell suppression in
//! tabular data with linear constraints", JASA 95, 2000; Kelly, Golden and Assad, "Cell suppression: disclosure protection
//! for sensitive tabular data", Networks 22, 1992).
//!
//! It is solved by the dual simplex method with bound flipping (Koberstein, "Progress in the dual simplex algorithm for
//! solving large scale LP problems", 2008). From nothing changed, which costs nothing, it makes the required width and mends
//! one broken sum after the other, so it touches only what is near the number. It is in floating point and only chooses:
//! `whole` and `witness` check what comes of it in whole numbers.

mod counts;
mod kernel;
mod pricing;

use super::part::Part;
use kernel::Kernel;
use pricing::chosen;

/// How far a value may lie outside its bounds.
const OUTSIDE: f64 = 1e-7;
/// The smallest number to divide by.
const PIVOT: f64 = 1e-7;
/// How far an exchange may differ from what it was to be, before the search gives up.
const ASTRAY: f64 = 1e-5;

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The cheapest tables are found.
    Best,
    /// There are no such tables.
    Impossible,
    /// The work allowance is used up, or rounding errors grew too large.
    GivenUp,
}

/// Which tables are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sought {
    /// One in which the number is larger.
    Larger,
    /// One in which it is smaller.
    Smaller,
    /// Two that differ.
    Two,
}

/// Where a group's change stands.
#[derive(Clone, Copy, PartialEq)]
enum Stand {
    /// At a bound, or unchanged.
    At(f64),
    /// Basic, at this place, with a change above 0.
    Rises(usize),
    /// Basic, with a change below 0.
    Falls(usize),
}

/// Where a sum stands.
#[derive(Clone, Copy, PartialEq)]
enum Row {
    /// Not looked at yet; it may be broken.
    Idle,
    /// Held, at this place of the kernel.
    Held(usize),
    /// Changed at its price: above the truth, or below.
    Over,
    Under,
}

/// What leaves the basis: the row of a sum, or the group at a place with the bound that it goes to; and the way in which
/// prices move.
#[derive(Clone, Copy)]
enum Leaving {
    Row(usize, f64),
    Group(usize, f64, f64),
}

/// What may enter the basis: at which step, with which pivot.
#[derive(Clone, Copy)]
struct Candidate {
    step: f64,
    pivot: f64,
    enters: Enters,
}

#[derive(Clone, Copy)]
enum Enters {
    /// A group; it is above 0 then, or not. It can go to another bound, so far away, instead.
    Group { group: usize, above: bool, other: f64, range: f64 },
    /// A sum that was held, or the one that leaves.
    Row(usize, Row),
}

/// The search.
#[derive(Clone)]
pub(super) struct Programme<'s> {
    part: &'s Part,
    sought: Sought,
    width: f64,
    /// Of every group in both tables: how far it may change, where it stands, and what a change is worth at these prices.
    bounds: Vec<(f64, f64)>,
    stand: Vec<Stand>,
    worth: Vec<f64>,
    /// Of every cell in both tables, and last of the number: where it stands, its price, its change.
    rows: Vec<Row>,
    prices: Vec<f64>,
    sums: Vec<f64>,
    touched: Vec<usize>,
    /// Groups that stand at a bound other than 0.
    moved: Vec<usize>,
    kernel: Kernel,
    /// The changes of the basic groups.
    values: Vec<f64>,
    /// How a step changes the worth of groups, and of which.
    turns: Vec<f64>,
    turned: Vec<usize>,
    seen: Vec<bool>,
    work: u64,
}

impl<'s> Programme<'s> {
    /// Nothing is changed yet.
    pub(super) fn new(part: &'s Part, sought: Sought, width: f64, work: u64) -> Self {
        let tables = if sought == Sought::Two { 2 } else { 1 };
        let (groups, rows) = (tables * part.units.len(), tables * part.prices.len() + 1);
        let bounds = |units: &f64| (-units, f64::INFINITY);
        Self {
            part,
            sought,
            width,
            bounds: part.units.iter().map(bounds).cycle().take(groups).collect(),
            stand: vec![Stand::At(0.0); groups],
            worth: vec![0.0; groups],
            rows: vec![Row::Idle; rows],
            prices: vec![0.0; rows],
            sums: vec![0.0; rows],
            touched: Vec::new(),
            moved: Vec::new(),
            kernel: Kernel::default(),
            values: Vec::new(),
            turns: vec![0.0; groups],
            turned: Vec::new(),
            seen: vec![false; groups],
            work,
        }
    }

    /// Asks for so much more width.
    pub(super) fn widen(&mut self, more: f64) {
        self.width += more;
    }

    /// Keeps the change of a group, in one of the tables, within bounds; it must be basic.
    pub(super) fn confine(&mut self, group: usize, least: f64, most: f64) {
        let (low, high) = &mut self.bounds[group];
        (*low, *high) = (low.max(least), high.min(most));
    }

    /// Takes the work of a copy as its own.
    pub(super) fn spend_as(&mut self, copy: &Self) {
        self.work = copy.work;
    }

    /// The changes of groups, each by its number, that of the second table after those of the first.
    pub(super) fn changes(&self) -> impl Iterator<Item = (usize, f64)> {
        let moved = self.moved.iter().filter_map(|group| match self.stand[*group] {
            Stand::At(value) => Some((*group, value)),
            _ => None,
        });
        moved.chain(self.kernel.groups.iter().copied().zip(self.values.iter().copied()))
    }

    /// The basic groups and their changes.
    pub(super) fn basic(&self) -> impl Iterator<Item = (usize, f64)> {
        self.kernel.groups.iter().copied().zip(self.values.iter().copied())
    }

    /// Searches until every sum holds.
    pub(super) fn run(&mut self) -> End {
        loop {
            self.settle();
            let Some(leaving) = self.worst() else { return End::Best };
            let cost = 20 + self.kernel.size() * (self.kernel.size() + 20) + self.touched.len();
            match self.work.checked_sub(cost as u64) {
                Some(left) => self.work = left,
                None => return End::GivenUp,
            }
            match self.step(leaving) {
                None => {}
                Some(end) => return end,
            }
        }
    }

    pub(super) fn number(&self) -> usize {
        self.rows.len() - 1
    }

    /// Computes all changes from where everything stands.
    fn settle(&mut self) {
        self.touched.drain(..).for_each(|row| self.sums[row] = 0.0);
        let stand = &self.stand;
        self.moved.retain(|group| matches!(stand[*group], Stand::At(value) if value != 0.0));
        for at in 0..self.moved.len() {
            let group = self.moved[at];
            if let Stand::At(value) = self.stand[group] {
                self.add(group, value);
            }
        }
        let number = self.number();
        let missing = |row: &usize| (if *row == number { self.width } else { 0.0 }) - self.sums[*row];
        let right: Vec<(usize, f64)> =
            self.kernel.rows.iter().map(missing).enumerate().filter(|(_, n)| *n != 0.0).collect();
        self.values = self.kernel.solve(&right);
        for place in 0..self.values.len() {
            self.add(self.kernel.groups[place], self.values[place]);
        }
    }

    fn add(&mut self, group: usize, value: f64) {
        for (row, factor) in self.rows_of(group) {
            if self.sums[row] == 0.0 {
                self.touched.push(row);
            }
            self.sums[row] += factor * value;
        }
    }

    /// One exchange.
    fn step(&mut self, leaving: Leaving) -> Option<End> {
        let (own, sign, amount) = match leaving {
            Leaving::Row(row, sign) => {
                let number = row == self.number();
                (Some(row), sign, if number { self.width - self.sums[row] } else { self.sums[row].abs() })
            }
            Leaving::Group(place, to, sign) => (None, sign, (self.values[place] - to).abs()),
        };
        let held = match leaving {
            Leaving::Row(row, _) => self.held(row).into_iter().map(|price| -price).collect(),
            Leaving::Group(place, ..) => self.kernel.row(place).to_vec(),
        };
        let turning: Vec<(usize, f64)> = self.kernel.rows.iter().copied().zip(held.iter().copied()).collect();
        self.turn(own.map(|row| (row, 1.0)).into_iter().chain(turning.iter().copied()));
        let mut candidates = self.candidates(sign, own, &turning);
        let Some((entering, flipped)) = chosen(&mut candidates, amount) else { return Some(End::Impossible) };
        let step = sign * entering.step;
        for (row, turn) in own.map(|row| (row, 1.0)).into_iter().chain(turning) {
            self.prices[row] += step * turn;
        }
        for group in &self.turned {
            self.worth[*group] += step * self.turns[*group];
        }
        for (group, to) in flipped {
            self.stand[group] = Stand::At(to);
            self.moved.push(group);
        }
        let done = self.exchange(leaving, entering, &held);
        for group in self.turned.drain(..) {
            (self.turns[group], self.seen[group]) = (0.0, false);
        }
        self.moved.sort_unstable();
        self.moved.dedup();
        done
    }

    /// How the worth of every group turns when these prices move.
    fn turn(&mut self, prices: impl Iterator<Item = (usize, f64)>) {
        let (groups, rows, number, part) = (self.part.units.len(), self.part.prices.len(), self.number(), self.part);
        for (row, turn) in prices.filter(|(_, turn)| turn.abs() > PIVOT) {
            if row == number {
                self.turn_groups(&part.number, 0, turn * self.sign(0));
                if self.sought == Sought::Two {
                    self.turn_groups(&part.number, groups, turn * self.sign(1));
                }
            } else if row < rows {
                self.turn_groups(part.members(row), 0, turn);
            } else {
                self.turn_groups(part.members(row - rows), groups, turn);
            }
        }
    }

    fn turn_groups(&mut self, groups: &[u32], first: usize, turn: f64) {
        self.work = self.work.saturating_sub(groups.len() as u64);
        for group in groups.iter().map(|group| first + *group as usize) {
            if !std::mem::replace(&mut self.seen[group], true) {
                self.turned.push(group);
            }
            self.turns[group] += turn;
        }
    }

    /// Puts what enters in the place of what leaves.
    fn exchange(&mut self, leaving: Leaving, entering: Candidate, held: &[f64]) -> Option<End> {
        match (leaving, entering.enters) {
            (Leaving::Row(row, _), Enters::Group { group, above, .. }) => {
                let column = self.column(group);
                let kernel: f64 =
                    column.iter().enumerate().map(|(at, made)| self.factor(row, self.kernel.groups[at]) * made).sum();
                if (self.factor(row, group) - kernel - entering.pivot).abs() > ASTRAY {
                    return Some(End::GivenUp);
                }
                let size = self.kernel.size();
                let own: Vec<f64> = held.iter().map(|price| -price).collect();
                self.kernel.grow((group, &column), (row, &own), entering.pivot);
                self.rows[row] = Row::Held(size);
                self.enter(group, above, size);
            }
            (Leaving::Group(place, to, _), Enters::Group { group, above, .. }) => {
                let column = self.column(group);
                if (column[place] - entering.pivot).abs() > ASTRAY {
                    return Some(End::GivenUp);
                }
                self.leave(place, to);
                self.kernel.replace_group(place, group, &column);
                self.enter(group, above, place);
            }
            (Leaving::Group(place, to, _), Enters::Row(row, now)) => {
                let Row::Held(at) = self.rows[row] else { return Some(End::GivenUp) };
                self.leave(place, to);
                self.free(row, now);
                self.kernel.shrink(place, at);
                if let Some(group) = self.kernel.groups.get(place).copied() {
                    self.enter(group, matches!(self.stand[group], Stand::Rises(_)), place);
                }
                if let Some(row) = self.kernel.rows.get(at) {
                    self.rows[*row] = Row::Held(at);
                }
            }
            (Leaving::Row(row, _), Enters::Row(other, now)) if row == other => self.free(row, now),
            (Leaving::Row(row, _), Enters::Row(other, now)) => {
                let Row::Held(at) = self.rows[other] else { return Some(End::GivenUp) };
                let own: Vec<f64> = held.iter().map(|price| -price).collect();
                self.kernel.replace_row(at, row, &own);
                self.rows[row] = Row::Held(at);
                self.free(other, now);
            }
        }
        None
    }

    /// How much of the basic groups makes a group.
    fn column(&self, group: usize) -> Vec<f64> {
        let held = self.rows_of(group).filter_map(|(row, factor)| match self.rows[row] {
            Row::Held(at) => Some((at, factor)),
            _ => None,
        });
        self.kernel.solve(&held.collect::<Vec<_>>())
    }

    fn enter(&mut self, group: usize, rises: bool, place: usize) {
        self.stand[group] = if rises { Stand::Rises(place) } else { Stand::Falls(place) };
        let little = self.little(group);
        self.worth[group] = if rises { little } else { -little };
    }

    fn leave(&mut self, place: usize, to: f64) {
        let group = self.kernel.groups[place];
        self.stand[group] = Stand::At(to);
        self.moved.push(group);
    }

    fn free(&mut self, row: usize, now: Row) {
        self.rows[row] = now;
        let price = if row == self.number() { 0.0 } else { self.price(row) };
        self.prices[row] = if now == Row::Under { price } else { -price };
    }
}
