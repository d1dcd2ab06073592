//! Splits a system into independent parts, and a part, once some of its counts are known, into blocks.

use std::collections::{BTreeMap, BTreeSet};

use super::certificate::Block;
use super::system::{Bounds, Equation, System, only};

/// A part: counts linked by equations, with the known counts beside them, renumbered.
pub(super) struct Part {
    /// The numbers in the system.
    pub(super) counts: Vec<usize>,
    pub(super) bounds: Vec<Bounds>,
    pub(super) equations: Vec<Equation>,
    pub(super) targets: Vec<usize>,
    /// Whether a printed number among them is impossible.
    pub(super) broken: bool,
}

/// A block of a part.
pub(super) struct Piece {
    pub(super) block: Block,
    /// The numbers of its counts in the part.
    pub(super) counts: Vec<usize>,
    /// The equations of the part that its rows are.
    pub(super) equations: Vec<usize>,
    /// The targets of the part that are in it, by their order there, and as counts of the block.
    pub(super) targets: Vec<usize>,
    pub(super) asked: Vec<usize>,
}

/// Disjoint sets (union-find).
struct Joined(Vec<usize>);

impl Joined {
    fn first(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }

    /// Joins the counts of each equation that are not known.
    fn of<'e>(counts: usize, equations: impl Iterator<Item = &'e Equation>, unknown: impl Fn(usize) -> bool) -> Self {
        let mut joined = Self((0..counts).collect());
        for equation in equations {
            let mut linked = equation.terms.iter().map(|(count, _)| *count).filter(|count| unknown(*count));
            if let Some(first) = linked.next() {
                linked.for_each(|other| joined.join(first, other));
            }
        }
        joined
    }
}

/// The parts of a system that have an equation or a target; and the known counts that contradict each other.
pub(super) fn parts(system: &System, targets: &[usize]) -> (Vec<Part>, Vec<Vec<usize>>) {
    let broken: BTreeSet<usize> = system.broken.iter().copied().collect();
    let unknown = |count: usize| only(system.bounds[count]).is_none() || broken.contains(&count);
    let mut joined = Joined::of(system.bounds.len(), system.equations.iter(), unknown);
    let mut of_part: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    let mut clashes = Vec::new();
    for (number, equation) in system.equations.iter().enumerate() {
        match equation.terms.iter().find(|(count, _)| unknown(*count)) {
            Some((count, _)) => of_part.entry(joined.first(*count)).or_default().0.push(number),
            None if equation.terms.iter().map(|(count, factor)| system.bounds[*count].0 * factor).sum::<i128>()
                == 0 => {}
            None => clashes.push(equation.terms.iter().map(|(count, _)| *count).collect()),
        }
    }
    for target in targets.iter().filter(|target| unknown(**target)) {
        of_part.entry(joined.first(*target)).or_default().1.push(*target);
    }
    let parts = of_part.into_values().map(|(equations, targets)| Part::of(system, &equations, &targets, &broken));
    (parts.collect(), clashes)
}

impl Part {
    fn of(system: &System, equations: &[usize], targets: &[usize], broken: &BTreeSet<usize>) -> Self {
        let equations: Vec<&Equation> = equations.iter().map(|equation| &system.equations[*equation]).collect();
        let linked = equations.iter().flat_map(|equation| equation.terms.iter().map(|(count, _)| *count));
        let mut counts: Vec<usize> = linked.chain(targets.iter().copied()).collect();
        counts.sort_unstable();
        counts.dedup();
        let at = |count: usize| counts.binary_search(&count).unwrap_or(0);
        let renumbered = |equation: &&Equation| Equation {
            terms: equation.terms.iter().map(|(count, factor)| (at(*count), *factor)).collect(),
            implied: equation.implied,
        };
        Self {
            bounds: counts.iter().map(|count| system.bounds[*count]).collect(),
            equations: equations.iter().map(renumbered).collect(),
            targets: targets.iter().map(|target| at(*target)).collect(),
            broken: counts.iter().any(|count| broken.contains(count)),
            counts,
        }
    }

    /// The independent blocks that remain when the known counts are removed.
    pub(super) fn blocks(&self, known: &[Bounds]) -> Vec<Piece> {
        let unknown = |count: usize| only(known[count]).is_none();
        let own: Vec<usize> = (0..self.equations.len()).filter(|equation| !self.equations[*equation].implied).collect();
        let mut joined = Joined::of(self.bounds.len(), own.iter().map(|equation| &self.equations[*equation]), unknown);
        let mut of_block: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for equation in own {
            if let Some((count, _)) = self.equations[equation].terms.iter().find(|(count, _)| unknown(*count)) {
                of_block.entry(joined.first(*count)).or_default().0.push(equation);
            }
        }
        for (target, count) in self.targets.iter().enumerate().filter(|(_, count)| unknown(**count)) {
            of_block.entry(joined.first(*count)).or_default().1.push(target);
        }
        let pieces = of_block.into_values().map(|(equations, targets)| self.piece(known, equations, targets));
        pieces.collect()
    }

    fn piece(&self, known: &[Bounds], equations: Vec<usize>, targets: Vec<usize>) -> Piece {
        let mut rows_of: BTreeMap<usize, Vec<(usize, i128)>> = BTreeMap::new();
        targets.iter().for_each(|target| {
            rows_of.entry(self.targets[*target]).or_default();
        });
        let mut rows = vec![(Vec::new(), 0_i128); equations.len()];
        for (row, equation) in equations.iter().enumerate() {
            for (count, factor) in &self.equations[*equation].terms {
                match only(known[*count]) {
                    Some(number) => rows[row].1 -= factor * number,
                    None => rows_of.entry(*count).or_default().push((row, *factor)),
                }
            }
        }
        let asked: BTreeSet<usize> = targets.iter().map(|target| self.targets[*target]).collect();
        // Counts with the same terms in every equation are merged into one.
        let mut alike = BTreeSet::new();
        let stands = |count: &usize, rows: &Vec<(usize, i128)>, alike: &mut BTreeSet<Vec<(usize, i128)>>| {
            asked.contains(count) || self.bounds[*count] != (0, None) || alike.insert(rows.clone())
        };
        let mut block = Block { rows: Vec::new(), bounds: Vec::new() };
        let mut counts = Vec::new();
        for (count, of) in rows_of {
            if stands(&count, &of, &mut alike) {
                of.into_iter().for_each(|(row, factor)| rows[row].0.push((counts.len(), factor)));
                block.bounds.push(self.bounds[count]);
                counts.push(count);
            }
        }
        block.rows = rows;
        let at = |count: usize| counts.binary_search(&count).unwrap_or(0);
        let asked = targets.iter().map(|target| at(self.targets[*target])).collect();
        Piece { block, counts, equations, targets, asked }
    }

    /// The bounds that a combination of equations uses: counts, and whether their upper bound is meant.
    pub(super) fn ends(&self, equations: &[usize], factors: &[(usize, i128)]) -> Vec<(usize, bool)> {
        let mut rest: BTreeMap<usize, i128> = BTreeMap::new();
        for (row, by) in factors {
            for (count, factor) in &self.equations[equations[*row]].terms {
                *rest.entry(*count).or_default() -= factor * by;
            }
        }
        rest.into_iter().filter(|(_, factor)| *factor != 0).map(|(count, factor)| (count, factor > 0)).collect()
    }
}
