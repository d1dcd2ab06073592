//! The simplex method over exact fractions, for variables with bounds.
//!
//! The tableau holds a basic variable a row as a sum over the others (the general simplex of Dutertre and de Moura, "A fast
//! linear-arithmetic solver for DPLL(T)", CAV 2006), so that the sum a table prints is a variable like any other and its
//! printed value a bound. Ties go to the least number (Bland, "New finite pivoting rules for the simplex method",
//! Mathematics of Operations Research 2, 1977), so that it terminates.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::rational::Rational;

/// After so many steps without progress ties go to the lowest index (Bland's rule).
const PATIENCE: usize = 60;

/// The search ended without an answer: a number did not fit, or the work allowance was used up.
pub(super) struct GivenUp;

/// A sum over variables.
pub(super) type Terms = Vec<(usize, Rational)>;

/// The result of maximising or minimising a variable.
pub(super) enum Extreme {
    /// The extreme: the variable is this sum of others, each at the bound that limits it.
    Proved(Terms),
    /// It reached the required value.
    Reached,
}

/// Which way a variable is pushed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Push {
    Up,
    Down,
}

pub(super) struct Simplex {
    lower: Vec<Option<Rational>>,
    upper: Vec<Option<Rational>>,
    value: Vec<Rational>,
    /// The row in which a variable is basic.
    place: Vec<Option<usize>>,
    basic: Vec<usize>,
    rows: Vec<Terms>,
    /// For each variable that is not basic, the rows it stands in.
    columns: Vec<BTreeSet<usize>>,
    work: u64,
    /// Whether Bland's rule is used, which cannot cycle, instead of choosing the shortest rows.
    least: bool,
}

impl Simplex {
    /// Every atom is at least 0; sum number `n` is the variable `atoms + n`.
    pub(super) fn new(atoms: usize, sums: &[(Vec<usize>, i128, Option<i128>)], work: u64) -> Self {
        let all = atoms + sums.len();
        let mut simplex = Self {
            lower: vec![Some(Rational::ZERO); all],
            upper: vec![None; all],
            value: vec![Rational::ZERO; all],
            place: vec![None; all],
            basic: Vec::new(),
            rows: Vec::new(),
            columns: vec![BTreeSet::new(); all],
            work,
            least: false,
        };
        for (number, (parts, least, most)) in sums.iter().enumerate() {
            let variable = atoms + number;
            simplex.lower[variable] = Some(Rational::whole(*least));
            simplex.upper[variable] = most.map(Rational::whole);
            simplex.place[variable] = Some(number);
            simplex.basic.push(variable);
            simplex.rows.push(parts.iter().map(|part| (*part, Rational::ONE)).collect());
            for part in parts {
                simplex.columns[*part].insert(number);
            }
        }
        simplex
    }

    /// The current point.
    pub(super) fn point(&self) -> &[Rational] {
        &self.value
    }

    /// Searches for a point within all bounds; otherwise returns the variables whose bounds contradict each other.
    pub(super) fn settle(&mut self) -> Result<Result<(), Vec<usize>>, GivenUp> {
        self.least = false;
        for step in 0_usize.. {
            self.least = step > PATIENCE + 4 * self.rows.len();
            let Some((row, push)) = self.violated()? else { return Ok(Ok(())) };
            let variable = self.basic[row];
            let bound = if push == Push::Up { self.lower[variable] } else { self.upper[variable] };
            let Some(bound) = bound else { return Err(GivenUp) };
            let Some((entering, factor)) = self.entering(&self.rows[row], push)? else {
                let mut clash: Vec<usize> = self.rows[row].iter().map(|(other, _)| *other).collect();
                clash.push(variable);
                return Ok(Err(clash));
            };
            let missing = bound.minus(self.value[variable]).ok_or(GivenUp)?;
            self.shift(entering, missing.over(factor).ok_or(GivenUp)?)?;
            self.pivot(row, entering)?;
        }
        Err(GivenUp)
    }

    /// A basic variable outside its bounds, and where it must go: the first, or that of the shortest row.
    fn violated(&self) -> Result<Option<(usize, Push)>, GivenUp> {
        let mut found: Option<(usize, Push)> = None;
        let order =
            |row: usize| if self.least { (0, self.basic[row]) } else { (self.rows[row].len(), self.basic[row]) };
        for (row, variable) in self.basic.iter().enumerate() {
            if found.is_some_and(|(other, _)| order(other) < order(row)) {
                continue;
            }
            if below(self.value[*variable], self.lower[*variable])? {
                found = Some((row, Push::Up));
            } else if above(self.value[*variable], self.upper[*variable])? {
                found = Some((row, Push::Down));
            }
        }
        Ok(found)
    }

    /// A variable of a sum that can still move so that the sum goes where it is pushed: the least, or that of the shortest
    /// column.
    fn entering(&self, terms: &Terms, push: Push) -> Result<Option<(usize, Rational)>, GivenUp> {
        let order = |variable: usize| if self.least { (0, variable) } else { (self.columns[variable].len(), variable) };
        let mut least: Option<(usize, Rational)> = None;
        for (variable, factor) in terms {
            let rises = factor.is_positive() == (push == Push::Up);
            let room = if rises {
                below_strictly(self.value[*variable], self.upper[*variable])?
            } else {
                above_strictly(self.value[*variable], self.lower[*variable])?
            };
            if room && least.is_none_or(|(other, _)| order(*variable) < order(other)) {
                least = Some((*variable, *factor));
            }
        }
        Ok(least)
    }

    /// Pushes a variable as far as it goes, or until it has passed `enough`.
    pub(super) fn extreme(&mut self, variable: usize, push: Push, enough: Rational) -> Result<Extreme, GivenUp> {
        let mut standing = 0;
        loop {
            self.least = standing > PATIENCE;
            let passed = self.value[variable].against(enough).ok_or(GivenUp)?;
            if passed == Ordering::Equal || (passed == Ordering::Greater) == (push == Push::Up) {
                return Ok(Extreme::Reached);
            }
            let terms = match self.place[variable] {
                Some(row) => self.rows[row].clone(),
                None => vec![(variable, Rational::ONE)],
            };
            let Some((entering, factor)) = self.entering(&terms, push)? else { return Ok(Extreme::Proved(terms)) };
            let rises = factor.is_positive() == (push == Push::Up);
            let Some((step, leaving)) = self.limit(entering, rises)? else {
                let missing = enough.minus(self.value[variable]).ok_or(GivenUp)?;
                self.shift(entering, missing.over(factor).ok_or(GivenUp)?)?;
                return Ok(Extreme::Reached);
            };
            standing = if step.is_zero() { standing + 1 } else { 0 };
            self.shift(entering, signed(step, rises)?)?;
            if let Some(row) = leaving {
                self.pivot(row, entering)?;
            }
        }
    }

    /// How far a variable can move, and the row whose basic variable stops it, if it is not the variable itself.
    fn limit(&mut self, entering: usize, rises: bool) -> Result<Option<(Rational, Option<usize>)>, GivenUp> {
        let own = if rises { self.upper[entering] } else { self.lower[entering] };
        let own = own.map(|bound| distance(self.value[entering], bound)).transpose()?;
        let mut least: Option<(Rational, usize, Option<usize>)> = own.map(|step| (step, entering, None));
        self.spend(self.columns[entering].len())?;
        for row in &self.columns[entering] {
            let variable = self.basic[*row];
            let factor = factor_of(&self.rows[*row], entering);
            let bound = if factor.is_positive() == rises { self.upper[variable] } else { self.lower[variable] };
            let Some(bound) = bound else { continue };
            let room = distance(self.value[variable], bound)?;
            let step = room.over(factor).ok_or(GivenUp)?;
            let step = if step.is_positive() || step.is_zero() { step } else { step.negated().ok_or(GivenUp)? };
            let closer = match &least {
                None => true,
                Some((best, other, _)) => match step.against(*best).ok_or(GivenUp)? {
                    Ordering::Less => true,
                    Ordering::Equal => variable < *other,
                    Ordering::Greater => false,
                },
            };
            if closer {
                least = Some((step, variable, Some(*row)));
            }
        }
        Ok(least.map(|(step, _, row)| (step, row)))
    }

    /// Moves a variable that is not basic, and all that depend on it.
    fn shift(&mut self, variable: usize, by: Rational) -> Result<(), GivenUp> {
        self.value[variable] = self.value[variable].plus(by).ok_or(GivenUp)?;
        for row in &self.columns[variable] {
            let step = factor_of(&self.rows[*row], variable).times(by).ok_or(GivenUp)?;
            let basic = self.basic[*row];
            self.value[basic] = self.value[basic].plus(step).ok_or(GivenUp)?;
        }
        Ok(())
    }

    /// Makes `entering` basic in `row` instead of the variable there.
    fn pivot(&mut self, row: usize, entering: usize) -> Result<(), GivenUp> {
        let leaving = self.basic[row];
        let old = std::mem::take(&mut self.rows[row]);
        let factor = factor_of(&old, entering);
        let mut solved = Terms::with_capacity(old.len());
        for (variable, coefficient) in old {
            self.columns[variable].remove(&row);
            if variable != entering {
                let over = coefficient.over(factor).and_then(Rational::negated).ok_or(GivenUp)?;
                solved.push((variable, over));
            }
        }
        solved.push((leaving, Rational::ONE.over(factor).ok_or(GivenUp)?));
        solved.sort_unstable_by_key(|(variable, _)| *variable);
        self.basic[row] = entering;
        (self.place[leaving], self.place[entering]) = (None, Some(row));
        for other in std::mem::take(&mut self.columns[entering]) {
            let old = std::mem::take(&mut self.rows[other]);
            self.spend(old.len() + solved.len())?;
            let factor = factor_of(&old, entering);
            self.rows[other] = self.substituted(other, old, entering, factor, &solved)?;
        }
        for (variable, _) in &solved {
            self.columns[*variable].insert(row);
        }
        self.rows[row] = solved;
        Ok(())
    }

    /// `old` without `entering`, for which `factor` times `solved` stands.
    fn substituted(
        &mut self,
        row: usize,
        old: Terms,
        entering: usize,
        factor: Rational,
        solved: &Terms,
    ) -> Result<Terms, GivenUp> {
        let mut new = Terms::with_capacity(old.len() + solved.len());
        let mut left = old.into_iter().filter(|(variable, _)| *variable != entering).peekable();
        for (variable, coefficient) in solved {
            while let Some(term) = left.next_if(|(other, _)| other < variable) {
                new.push(term);
            }
            let added = coefficient.times(factor).ok_or(GivenUp)?;
            let here = left.next_if(|(other, _)| other == variable);
            let sum = here.map_or(Some(added), |(_, own)| own.plus(added)).ok_or(GivenUp)?;
            if sum.is_zero() {
                self.columns[*variable].remove(&row);
            } else {
                if here.is_none() {
                    self.columns[*variable].insert(row);
                }
                new.push((*variable, sum));
            }
        }
        new.extend(left);
        Ok(new)
    }

    fn spend(&mut self, steps: usize) -> Result<(), GivenUp> {
        self.work = self.work.checked_sub(steps as u64 + 1).ok_or(GivenUp)?;
        Ok(())
    }
}

/// The factor of a variable that stands in the sum.
fn factor_of(terms: &Terms, variable: usize) -> Rational {
    terms.binary_search_by_key(&variable, |(other, _)| *other).map_or(Rational::ZERO, |at| terms[at].1)
}

fn signed(step: Rational, rises: bool) -> Result<Rational, GivenUp> {
    if rises { Ok(step) } else { step.negated().ok_or(GivenUp) }
}

fn distance(one: Rational, other: Rational) -> Result<Rational, GivenUp> {
    let difference = other.minus(one).ok_or(GivenUp)?;
    if difference.is_positive() { Ok(difference) } else { difference.negated().ok_or(GivenUp) }
}

fn compared(value: Rational, bound: Option<Rational>, order: Ordering) -> Result<bool, GivenUp> {
    let Some(bound) = bound else { return Ok(false) };
    Ok(value.against(bound).ok_or(GivenUp)? == order)
}

fn below(value: Rational, bound: Option<Rational>) -> Result<bool, GivenUp> {
    compared(value, bound, Ordering::Less)
}

fn above(value: Rational, bound: Option<Rational>) -> Result<bool, GivenUp> {
    compared(value, bound, Ordering::Greater)
}

/// Below a bound, or without one.
fn below_strictly(value: Rational, bound: Option<Rational>) -> Result<bool, GivenUp> {
    if bound.is_none() { Ok(true) } else { below(value, bound) }
}

fn above_strictly(value: Rational, bound: Option<Rational>) -> Result<bool, GivenUp> {
    if bound.is_none() { Ok(true) } else { above(value, bound) }
}
