//! The search for tables and bounds, in floating point. It is only a guide: each of its answers is rounded and then proved in
//! whole numbers before it counts.
//!
//! The revised simplex method for variables with bounds. Every bound is perturbed by a small amount of its own,
//! against degeneracy (Charnes, "Optimality and degeneracy in linear programming", Econometrica 20, 1952); results are
//! computed at the true bounds again.

use super::factor::{Factor, Sparse};

/// A smaller step counts as none.
const NOTHING: f64 = 1e-9;
/// How far outside its bounds a value may lie.
const OUTSIDE: f64 = 1e-4;
/// The least improvement a step must promise.
const PROMISE: f64 = 1e-7;
/// The smallest number to divide by.
const PIVOT: f64 = 1e-7;
/// How far a value may exceed its bound for the sake of a better pivot.
const ROOM: f64 = 2e-5;
/// After so many steps in a row without progress, values may no longer exceed their bounds.
const PATIENCE: usize = 40;
/// A step of this size is progress.
const STRIDE: f64 = 1e-3;
/// The largest perturbation of a bound.
const LOOSENED: f64 = 5e-6;
/// How many exchanges are made before the basis is factorised again.
const EXCHANGES: usize = 64;

/// An equation: its terms and their sum.
pub(super) struct Constraint {
    pub(super) terms: Sparse,
    pub(super) sum: f64,
}

/// How a search ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// The optimum is reached.
    Best,
    /// The caller's target is reached, or the objective is unbounded.
    Enough,
    /// The work allowance is used up, or rounding errors grew too large.
    GivenUp,
}

/// The search. After the variables follows an artificial one for each equation, fixed at 0.
pub(super) struct Guide {
    rows: Vec<Constraint>,
    columns: Vec<Sparse>,
    variables: usize,
    /// The true bounds.
    bounds: Vec<(f64, f64)>,
    loose: Vec<(f64, f64)>,
    value: Vec<f64>,
    at_upper: Vec<bool>,
    basic: Vec<usize>,
    place: Vec<Option<usize>>,
    factor: Factor,
    work: u64,
    /// How many steps in a row made no progress.
    standing: usize,
}

/// How far a pivot is from 1: other pivots make fractions, small ones make errors.
fn odd(pivot: f64) -> f64 {
    pivot.abs().ln().abs()
}

/// The limit of a step.
struct Stop {
    step: f64,
    /// The place of the basic variable that stops it, and whether at its upper bound; none for the variable itself.
    at: Option<(usize, bool)>,
}

impl Guide {
    /// Every variable stands at its lower bound.
    pub(super) fn new(rows: Vec<Constraint>, bounds: &[(f64, f64)], work: u64) -> Self {
        let variables = bounds.len();
        let mut columns = vec![Sparse::new(); variables];
        for (number, row) in (0_u32..).zip(&rows) {
            row.terms.iter().for_each(|(variable, factor)| columns[*variable as usize].push((number, *factor)));
        }
        columns.extend((0_u32..).zip(&rows).map(|(number, _)| vec![(number, 1.0)]));
        let all = columns.len();
        // What is withheld can hang on these numbers, so they are made here: those of a crate may change with its version.
        let mut chance = 0x9E37_79B9_7F4A_7C15_u64;
        let mut little = || {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            LOOSENED * (0.5 + f64::from(u32::try_from(chance >> 40).unwrap_or(0)) / f64::from(1_u32 << 25))
        };
        let loose: Vec<(f64, f64)> = bounds.iter().map(|(least, most)| (least - little(), most + little())).collect();
        let nothing = vec![(0.0, 0.0); rows.len()];
        // For each equation a count that follows from it, as far as there are any.
        let mut basic: Vec<usize> = (variables..all).collect();
        for (row, column) in Factor::whole(&columns[..variables], rows.len()).order() {
            basic[row] = column;
        }
        let mut place = vec![None; all];
        basic.iter().enumerate().for_each(|(at, variable)| place[*variable] = Some(at));
        let (factor, _) = Factor::of(&[]);
        let mut guide = Self {
            bounds: [bounds, &nothing].concat(),
            value: loose.iter().chain(&nothing).map(|(least, _)| *least).collect(),
            loose: [loose, nothing].concat(),
            at_upper: vec![false; all],
            place,
            rows,
            columns,
            variables,
            basic,
            factor,
            work,
            standing: 0,
        };
        guide.renew();
        guide
    }

    /// The current value of a variable.
    pub(super) fn value(&self, variable: usize) -> f64 {
        self.value[variable]
    }

    /// The current values, computed at the true bounds.
    pub(super) fn table(&self) -> Vec<f64> {
        let mut values = self.values(&self.bounds);
        values.truncate(self.variables);
        values
    }

    /// The basis, freshly factorised: its variables, and rows and places of its pivots.
    pub(super) fn basis(&mut self) -> (&[usize], Vec<(usize, usize)>) {
        if self.factor.exchanged() > 0 {
            self.renew();
        }
        (&self.basic, self.factor.order())
    }

    /// Counts work done outside the search.
    pub(super) fn spend(&mut self, steps: usize) {
        self.work = self.work.saturating_sub(steps as u64);
    }

    /// Whether a variable stands at its upper bound, at the lower, or at none.
    pub(super) fn stands(&self, variable: usize) -> Option<bool> {
        self.place[variable].is_none().then_some(self.at_upper[variable])
    }

    /// The basic variables' values when the others stand at these bounds.
    fn values(&self, bounds: &[(f64, f64)]) -> Vec<f64> {
        let mut values: Vec<f64> = (0..self.columns.len())
            .map(|at| match (self.place[at], self.at_upper[at]) {
                (Some(_), _) => 0.0,
                (None, true) => bounds[at].1,
                (None, false) => bounds[at].0,
            })
            .collect();
        let mut right: Vec<f64> = self.rows.iter().map(|row| row.sum).collect();
        for (value, column) in values.iter().zip(&self.columns).filter(|(value, _)| **value != 0.0) {
            column.iter().for_each(|(row, factor)| right[*row as usize] -= factor * value);
        }
        let mut missing = right;
        // One step of iterative refinement.
        for _ in 0..2 {
            let solved = self.factor.forward(&mut missing.clone());
            for (variable, value) in self.basic.iter().zip(solved).filter(|(_, value)| *value != 0.0) {
                values[*variable] += value;
                self.columns[*variable].iter().for_each(|(row, factor)| missing[*row as usize] -= factor * value);
            }
        }
        values
    }

    fn stand(&mut self) {
        self.value = self.values(&self.loose);
    }

    /// The factors of equations that price the basic variables at `cost`.
    pub(super) fn prices(&self, cost: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut prices: Vec<f64> = self.basic.iter().map(|variable| cost(*variable)).collect();
        self.factor.backward(&mut prices)
    }

    /// The direction in which a variable outside its bounds must go.
    fn outside(&self, variable: usize) -> f64 {
        let ((least, most), value) = (self.loose[variable], self.value[variable]);
        if value < least - OUTSIDE {
            1.0
        } else if value > most + OUTSIDE {
            -1.0
        } else {
            0.0
        }
    }

    /// Searches for a table within all bounds. `Best` if one was found or none exists; in the latter case [`Guide::lost`] gives
    /// the prices that show why.
    pub(super) fn settle(&mut self) -> End {
        loop {
            if self.basic.iter().all(|variable| self.outside(*variable) == 0.0) {
                return End::Best;
            }
            match self.step(
                |guide, variable| if guide.place[variable].is_some() { guide.outside(variable) } else { 0.0 },
                true,
            ) {
                Some(End::Best) if self.factor.exchanged() > 0 => self.renew(),
                Some(end) => return end,
                None => {}
            }
        }
    }

    /// The prices that show that no table is within all bounds, if so.
    pub(super) fn lost(&self) -> Option<Vec<f64>> {
        let outside = self.basic.iter().any(|variable| self.outside(*variable) != 0.0);
        outside.then(|| self.prices(|variable| self.outside(variable)))
    }

    /// Maximises the sum of `cost` times variables, in at most these steps and until it is `enough`.
    pub(super) fn raise(&mut self, cost: &[f64], steps: usize, enough: impl Fn(&Self) -> bool) -> End {
        let mut renewed = false;
        for _ in 0..steps {
            if enough(self) {
                return End::Enough;
            }
            match self.step(|_, variable| cost.get(variable).copied().unwrap_or(0.0), false) {
                Some(End::Best) if !renewed && self.factor.exchanged() > 0 => {
                    // The fresh factorisation may show values outside their bounds: continue.
                    self.renew();
                    renewed = true;
                    if self.lost().is_some() && (self.settle() != End::Best || self.lost().is_some()) {
                        return End::GivenUp;
                    }
                }
                Some(end) => return end,
                None => {}
            }
        }
        End::Enough
    }

    /// One step; none where the search goes on.
    fn step(&mut self, cost: impl Fn(&Self, usize) -> f64, settling: bool) -> Option<End> {
        if self.factor.exchanged() >= EXCHANGES {
            self.renew();
        }
        let prices = self.prices(|variable| cost(self, variable));
        let mut promise: Vec<f64> = (0..self.variables).map(|variable| cost(self, variable)).collect();
        let mut looked_at = self.columns.len() + self.factor.size;
        for (price, row) in prices.iter().zip(&self.rows).filter(|(price, _)| price.abs() > NOTHING) {
            looked_at += row.terms.len();
            row.terms.iter().for_each(|(variable, factor)| promise[*variable as usize] -= price * factor);
        }
        let Some(left) = self.work.checked_sub(looked_at as u64) else { return Some(End::GivenUp) };
        self.work = left;
        let Some((entering, rises)) = self.entering(&promise) else { return Some(End::Best) };
        let mut right = vec![0.0; self.rows.len()];
        self.columns[entering].iter().for_each(|(row, factor)| right[*row as usize] = *factor);
        let solved = self.factor.forward(&mut right);
        let Some(stop) = self.stop(entering, rises, &solved, settling) else { return Some(End::Enough) };
        let step = if rises { stop.step } else { -stop.step };
        for (variable, factor) in self.basic.iter().zip(&solved).filter(|(_, factor)| **factor != 0.0) {
            self.value[*variable] -= factor * step;
        }
        self.value[entering] += step;
        self.standing = if stop.step > STRIDE { 0 } else { self.standing + 1 };
        match stop.at {
            None => {
                self.at_upper[entering] = rises;
                self.value[entering] = if rises { self.loose[entering].1 } else { self.loose[entering].0 };
            }
            Some((place, upper)) => self.exchange(place, upper, entering, &solved),
        }
        None
    }

    fn exchange(&mut self, place: usize, upper: bool, entering: usize, solved: &[f64]) {
        let leaving = self.basic[place];
        self.at_upper[leaving] = upper;
        // If it is slightly outside, the perturbed bound moves to it instead of the value to the bound.
        let value = self.value[leaving];
        let (least, most) = &mut self.loose[leaving];
        let bound = if upper { most } else { least };
        let outside = if upper { value - *bound } else { *bound - value };
        if (0.0..OUTSIDE).contains(&outside) {
            *bound = value;
        }
        self.value[leaving] = *bound;
        (self.place[leaving], self.place[entering]) = (None, Some(place));
        self.basic[place] = entering;
        self.factor.exchange(place, solved);
    }

    /// The variable with the best reduced cost, and whether it rises.
    fn entering(&self, promise: &[f64]) -> Option<(usize, bool)> {
        let mut best: Option<(f64, usize, bool)> = None;
        for (variable, promise) in promise.iter().enumerate() {
            if promise.abs() <= PROMISE || self.place[variable].is_some() || (*promise > 0.0) == self.at_upper[variable]
            {
                continue;
            }
            let weight =
                promise * promise / (1.0 + f64::from(u32::try_from(self.columns[variable].len()).unwrap_or(1)));
            if best.is_none_or(|(other, _, _)| weight > other) {
                best = Some((weight, variable, *promise > 0.0));
            }
        }
        best.map(|(_, variable, rises)| (variable, rises))
    }

    /// The ratio test in two passes: first with a small tolerance beyond every bound, then among the limits within it the one
    /// with the largest pivot (Harris, "Pivot selection methods of the Devex LP code", Mathematical Programming 5, 1973).
    fn stop(&self, entering: usize, rises: bool, solved: &[f64], settling: bool) -> Option<Stop> {
        let (least, most) = self.loose[entering];
        let own = most - least;
        let beyond = if self.standing > PATIENCE { NOTHING } else { ROOM };
        let mut room = f64::INFINITY;
        let mut limits: Vec<(f64, usize, bool)> = Vec::new();
        for (place, factor) in solved.iter().enumerate().filter(|(_, factor)| factor.abs() > PIVOT) {
            let variable = self.basic[place];
            let falls = (*factor > 0.0) == rises;
            let ((least, most), value) = (self.loose[variable], self.value[variable]);
            let outside = if settling { self.outside(variable) } else { 0.0 };
            // A variable outside its bounds stops where it enters them, and never moves further out.
            let (bound, upper) = match (falls, outside) {
                (true, 0.0) | (false, 1.0) => (least, false),
                (false, 0.0) | (true, -1.0) => (most, true),
                _ => continue,
            };
            if bound.is_infinite() {
                continue;
            }
            let distance = if falls { value - bound } else { bound - value };
            let size = factor.abs();
            room = room.min((distance.max(0.0) + beyond) / size);
            limits.push((distance.max(0.0) / size, place, upper));
        }
        let best = limits
            .into_iter()
            .filter(|(step, _, _)| *step <= room)
            .min_by(|one, other| odd(solved[one.1]).total_cmp(&odd(solved[other.1])).then(one.1.cmp(&other.1)));
        match best {
            Some((step, place, upper)) if step < own => Some(Stop { step, at: Some((place, upper)) }),
            _ if own.is_finite() => Some(Stop { step: own, at: None }),
            _ => None,
        }
    }

    /// Factorises the basis again; a dependent column is replaced by that of an equation.
    fn renew(&mut self) {
        let columns: Vec<Sparse> = self.basic.iter().map(|variable| self.columns[*variable].clone()).collect();
        self.work = self.work.saturating_sub(columns.len() as u64);
        let (factor, missing) = Factor::of(&columns);
        self.work = self.work.saturating_sub(factor.size as u64);
        self.factor = factor;
        if !missing.is_empty() {
            for (row, place) in missing {
                let (leaving, entering) = (self.basic[place], self.variables + row);
                self.at_upper[leaving] = false;
                (self.place[leaving], self.place[entering]) = (None, Some(place));
                self.basic[place] = entering;
            }
            let columns: Vec<Sparse> = self.basic.iter().map(|variable| self.columns[*variable].clone()).collect();
            self.factor = Factor::of(&columns).0;
        }
        self.stand();
    }
}
