//! The attack in exact fractions throughout: slow, for few atoms, and independent of the floating-point search.
//!
//! Both linear programmes are solved by a simplex method that never rounds, and every answer is checked again in whole
//! numbers: a bound by a combination of printed numbers that equals the sum, freedom by two tables.

use std::cmp::Ordering;

use super::Verdict;
use super::proof::{Point, Proof};
use super::rational::Rational;
use super::simplex::{Extreme, GivenUp, Push, Simplex, Terms};
use super::sum::Sum;

/// The answer to an attack.
#[derive(Debug)]
pub struct Findings {
    /// For each target the verdict.
    pub verdicts: Vec<Verdict>,
    /// Sums that contradict each other; empty where some table agrees with all.
    pub clash: Vec<usize>,
}

/// The work allowance for one system, after which the rest stays undecided.
const WORK: u64 = 200_000_000;

/// Attacks the `targets`, which are indices of `sums`, over `atoms` unknowns of at least 0.
#[must_use]
pub fn attack(atoms: usize, sums: &[Sum], targets: &[usize], width: i128) -> Findings {
    let mut attack = Attack::new(atoms, sums, width, targets.len());
    let mut verdicts = vec![Verdict::Undecided; targets.len()];
    match attack.simplex.settle() {
        Err(GivenUp) => return Findings { verdicts, clash: Vec::new() },
        Ok(Err(clash)) => {
            let clash = clash.into_iter().filter_map(|variable| variable.checked_sub(atoms)).collect();
            return Findings { verdicts, clash };
        }
        Ok(Ok(())) => {}
    }
    attack.look(targets);
    for (at, verdict) in verdicts.iter_mut().enumerate() {
        *verdict = attack.judge(at, targets).unwrap_or(Verdict::Undecided);
        // Once the search has given up, its current point is no table any more.
        if *verdict == Verdict::Undecided {
            break;
        }
    }
    Findings { verdicts, clash: Vec::new() }
}

/// A table of whole numbers that agrees with the sums; none where the search found none.
#[must_use]
pub fn table(atoms: usize, sums: &[Sum]) -> Option<Vec<i128>> {
    let mut attack = Attack::new(atoms, sums, 1, 0);
    attack.simplex.settle().ok()?.ok()?;
    let point = attack.table()?;
    (point.denominator == 1 && point.holds(sums)).then_some(point.parts)
}

/// The values that an atom may take in some table, unless a checked proof rules them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// It may be more than 0.
    pub some: bool,
    /// It may be at most the number asked about.
    pub few: bool,
}

/// For each atom whether it may be more than 0, and whether it may be at most `most`, in a table that agrees with the sums.
#[must_use]
pub fn reach(atoms: usize, sums: &[Sum], most: i128) -> Vec<Reach> {
    let single = |atom| Sum { atoms: vec![atom], least: 0, most: None };
    let all: Vec<Sum> = sums.iter().cloned().chain((0..atoms).map(single)).collect();
    let mut attack = Attack::new(atoms, &all, 1, 0);
    let settled = matches!(attack.simplex.settle(), Ok(Ok(())));
    let reach = |atom: usize| {
        if !settled {
            return Reach { some: true, few: true };
        }
        let target = sums.len() + atom;
        // A whole number below 1 is 0.
        let some = attack.is_open(target, Push::Up, Rational::ONE);
        Reach { some, few: attack.is_open(target, Push::Down, Rational::whole(most)) }
    };
    (0..atoms).map(reach).collect()
}

struct Attack<'s> {
    simplex: Simplex,
    atoms: usize,
    sums: &'s [Sum],
    width: Rational,
    /// For each target its least and greatest value in the tables found.
    seen: Vec<Option<(Rational, Rational)>>,
}

impl<'s> Attack<'s> {
    fn new(atoms: usize, sums: &'s [Sum], width: i128, targets: usize) -> Self {
        let rows: Vec<_> = sums.iter().map(|sum| (sum.atoms.clone(), sum.least, sum.most)).collect();
        let simplex = Simplex::new(atoms, &rows, WORK);
        Self { simplex, atoms, sums, width: Rational::whole(width.max(0)), seen: vec![None; targets] }
    }

    /// Whether the target may reach `enough` in some table; only a checked proof rules it out.
    fn is_open(&mut self, target: usize, push: Push, enough: Rational) -> bool {
        let Ok(Extreme::Proved(terms)) = self.simplex.extreme(self.atoms + target, push, enough) else { return true };
        let short = if push == Push::Up { Ordering::Less } else { Ordering::Greater };
        let bound = self.proved(&terms, target, push).and_then(|bound| bound.against(enough));
        bound != Some(short)
    }

    /// Records the current point of the search, if it is a table.
    fn look(&mut self, targets: &[usize]) -> Option<()> {
        let point = self.table()?;
        if !point.holds(self.sums) {
            return None;
        }
        for (seen, target) in self.seen.iter_mut().zip(targets) {
            // The sum in the checked table, not the search's own value.
            let total = Rational::whole(point.total(&self.sums[*target])?);
            let value = total.over(Rational::whole(point.denominator))?;
            let (low, high) = seen.unwrap_or((value, value));
            let low = if value.against(low)? == Ordering::Less { value } else { low };
            let high = if value.against(high)? == Ordering::Greater { value } else { high };
            *seen = Some((low, high));
        }
        Some(())
    }

    fn table(&self) -> Option<Point> {
        let values = &self.simplex.point()[..self.atoms];
        let denominator = common(values.iter().copied())?;
        let part = |value: &Rational| scaled(*value, denominator);
        Some(Point { parts: values.iter().map(part).collect::<Option<_>>()?, denominator })
    }

    fn judge(&mut self, at: usize, targets: &[usize]) -> Option<Verdict> {
        if self.is_free(at)? {
            return Some(Verdict::Free);
        }
        let mut bounds = [Rational::ZERO; 2];
        for (bound, push) in bounds.iter_mut().zip([Push::Up, Push::Down]) {
            let (low, high) = self.seen[at]?;
            let needed = if self.width.is_zero() { Rational::ONE } else { self.width };
            let enough = if push == Push::Up { low.plus(needed)? } else { high.minus(needed)? };
            let found = self.simplex.extreme(self.atoms + targets[at], push, enough).ok()?;
            self.look(targets)?;
            if self.is_free(at)? {
                return Some(Verdict::Free);
            }
            let Extreme::Proved(terms) = found else { return None };
            *bound = self.proved(&terms, targets[at], push)?;
        }
        let width = bounds[0].minus(bounds[1])?;
        Some(if width.is_zero() { Verdict::Exact } else { Verdict::Narrow })
    }

    /// Whether two tables found are far enough apart.
    fn is_free(&self, at: usize) -> Option<bool> {
        let (low, high) = self.seen[at]?;
        let width = high.minus(low)?;
        Some(width.is_positive() && width.against(self.width)? != Ordering::Less)
    }

    /// The bound that the terms prove, checked.
    fn proved(&self, terms: &Terms, target: usize, push: Push) -> Option<Rational> {
        let of = common(terms.iter().map(|(_, factor)| *factor))?;
        let mut proof = Proof { of, atoms: Vec::new(), sums: Vec::new() };
        for (variable, factor) in terms {
            let factor = scaled(*factor, of)?;
            match variable.checked_sub(self.atoms) {
                None => proof.atoms.push((*variable, factor)),
                Some(number) => proof.sums.push((number, factor)),
            }
        }
        let (bound, of) = proof.bound(&self.sums[target], self.sums, push == Push::Up)?;
        Rational::whole(bound).over(Rational::whole(of))
    }
}

/// The least common denominator.
fn common(values: impl Iterator<Item = Rational>) -> Option<i128> {
    let mut all = 1_i128;
    for value in values {
        let (_, denominator) = value.parts();
        let (_, rest) = Rational::whole(all).over(Rational::whole(denominator))?.parts();
        all = all.checked_mul(rest)?;
    }
    Some(all)
}

fn scaled(value: Rational, denominator: i128) -> Option<i128> {
    let (whole, rest) = value.times(Rational::whole(denominator))?.parts();
    (rest == 1).then_some(whole)
}
