//! Bounds narrowed by one equation at a time until nothing changes.
//!
//! The "shuttle" of Buzzigoli and Giusti ("An algorithm to calculate the lower and upper bounds of the elements of an array
//! given its marginals", 1999) over any equations. Every step is kept, so that it can be checked and traced back.

use std::collections::{BTreeSet, VecDeque};

use super::system::{Bounds, Equation};

/// How often the bounds of one count are narrowed before the rest is left to the search.
const OFTEN: u8 = 12;

/// A bound that follows from an equation and the bounds of its other counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) count: usize,
    pub(super) equation: usize,
    pub(super) upper: bool,
    pub(super) bound: i128,
}

/// Bounds, and the steps by which they were found.
pub(super) struct Narrowing<'s> {
    equations: &'s [Equation],
    pub(super) bounds: Vec<Bounds>,
    pub(super) steps: Vec<Step>,
    /// For each count the steps that set its bounds.
    steps_of: Vec<Vec<usize>>,
    often: Vec<u8>,
}

impl<'s> Narrowing<'s> {
    /// Starts from the printed bounds.
    pub(super) fn of(equations: &'s [Equation], bounds: Vec<Bounds>) -> Self {
        let (steps_of, often) = (vec![Vec::new(); bounds.len()], vec![0; bounds.len()]);
        Self { equations, bounds, steps: Vec::new(), steps_of, often }
    }

    /// Narrows the bounds until nothing changes.
    ///
    /// # Errors
    /// The counts whose printed bounds contradict each other.
    pub(super) fn run(&mut self) -> Result<(), Vec<usize>> {
        let mut of_count: Vec<Vec<usize>> = vec![Vec::new(); self.bounds.len()];
        for (number, equation) in self.equations.iter().enumerate() {
            equation.terms.iter().for_each(|(count, _)| of_count[*count].push(number));
        }
        let mut waiting: VecDeque<usize> = (0..self.equations.len()).collect();
        let mut queued = vec![true; self.equations.len()];
        while let Some(number) = waiting.pop_front() {
            queued[number] = false;
            for count in self.equation(number)? {
                for other in &of_count[count] {
                    if !std::mem::replace(&mut queued[*other], true) {
                        waiting.push_back(*other);
                    }
                }
            }
        }
        Ok(())
    }

    /// Narrows the counts of one equation; returns those that changed.
    fn equation(&mut self, number: usize) -> Result<Vec<usize>, Vec<usize>> {
        let equation = &self.equations[number];
        // The bounds of the sum of all terms, and how many terms are unbounded below and above.
        let (mut least, mut most, mut below, mut above) = (0_i128, 0_i128, 0, 0);
        for (count, factor) in &equation.terms {
            let (low, high) = ends(self.bounds[*count], *factor);
            low.map_or_else(|| below += 1, |low| least += low);
            high.map_or_else(|| above += 1, |high| most += high);
        }
        if (below == 0 && least > 0) || (above == 0 && most < 0) {
            let ends =
                equation.terms.iter().map(|(count, factor)| (*count, (*factor > 0) != (below == 0 && least > 0)));
            return Err(self.reasons(ends.collect()));
        }
        let mut changed = Vec::new();
        for (count, factor) in &equation.terms {
            let (low, high) = ends(self.bounds[*count], *factor);
            let rest_least =
                if below - usize::from(low.is_none()) == 0 { Some(least - low.unwrap_or(0)) } else { None };
            let rest_most =
                if above - usize::from(high.is_none()) == 0 { Some(most - high.unwrap_or(0)) } else { None };
            // The other terms bound this one.
            let (from, to) = (rest_most.map(|most| -most), rest_least.map(|least| -least));
            let (from, to) = if *factor > 0 { (from, to) } else { (to.map(|to| -to), from.map(|from| -from)) };
            let mut new = self.bounds[*count];
            let size = factor.abs();
            let before = new;
            if let Some(from) = from.filter(|from| from % size == 0 && from / size > new.0) {
                new.0 = from / size;
            }
            if let Some(to) = to.filter(|to| to % size == 0 && new.1.is_none_or(|most| to / size < most)) {
                new.1 = Some(to / size);
            }
            if new == before || self.often[*count] >= OFTEN {
                continue;
            }
            self.often[*count] += 1;
            self.keep(*count, number, before, new);
            changed.push(*count);
            if new.1.is_some_and(|most| most < new.0) {
                return Err(self.reasons(vec![(*count, false), (*count, true)]));
            }
            let (new_low, new_high) = ends(new, *factor);
            (least, most) =
                (least - low.unwrap_or(0) + new_low.unwrap_or(0), most - high.unwrap_or(0) + new_high.unwrap_or(0));
            below -= usize::from(low.is_none() && new_low.is_some());
            above -= usize::from(high.is_none() && new_high.is_some());
        }
        Ok(changed)
    }

    fn keep(&mut self, count: usize, equation: usize, before: Bounds, new: Bounds) {
        for (upper, bound) in
            [(false, (new.0 != before.0).then_some(new.0)), (true, if new.1 == before.1 { None } else { new.1 })]
        {
            if let Some(bound) = bound {
                self.steps_of[count].push(self.steps.len());
                self.steps.push(Step { count, equation, upper, bound });
            }
        }
        self.bounds[count] = new;
    }

    /// The counts whose printed bounds led to these bounds, each a count and whether its upper bound is meant.
    pub(super) fn reasons(&self, ends: Vec<(usize, bool)>) -> Vec<usize> {
        let mut waiting: Vec<(usize, bool, usize)> =
            ends.into_iter().map(|(count, upper)| (count, upper, self.steps.len())).collect();
        let (mut seen, mut counts) = (BTreeSet::new(), BTreeSet::new());
        while let Some((count, upper, before)) = waiting.pop() {
            let last =
                self.steps_of[count].iter().rev().find(|step| **step < before && self.steps[**step].upper == upper);
            let Some(step) = last.copied() else {
                counts.insert(count);
                continue;
            };
            if !seen.insert(step) {
                continue;
            }
            let terms = &self.equations[self.steps[step].equation].terms;
            let own = terms.iter().find(|(other, _)| *other == count).map_or(0, |(_, factor)| *factor);
            let low = (own > 0) == upper;
            let others = terms.iter().filter(|(other, _)| *other != count);
            waiting.extend(others.map(|(other, factor)| (*other, (*factor > 0) != low, step)));
        }
        counts.into_iter().collect()
    }
}

/// The bounds of a count times a factor.
fn ends((least, most): Bounds, factor: i128) -> (Option<i128>, Option<i128>) {
    let (one, other) = (Some(least * factor), most.map(|most| most * factor));
    if factor > 0 { (one, other) } else { (other, one) }
}
