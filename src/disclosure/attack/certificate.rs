//! Checks the proofs behind every verdict in whole numbers. It shares no code with the searches that found them.

use std::cmp::Ordering;

use super::narrowing::Step;
use super::rational::Rational;
use super::system::{Bounds, Equation};

/// Equations over the unknown counts of a block; the known counts are summed up on the right.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Terms, and their sum.
    pub(super) rows: Vec<(Vec<(usize, i128)>, i128)>,
    pub(super) bounds: Vec<Bounds>,
}

/// Whether a table of fractions, one for each count, agrees with everything printed.
pub(super) fn agrees(block: &Block, table: &[Rational]) -> bool {
    let row = |(terms, sum): &(Vec<(usize, i128)>, i128)| {
        let add = |total: Rational, (count, factor): &(usize, i128)| {
            total.plus(table.get(*count)?.times(Rational::whole(*factor))?)
        };
        Some(terms.iter().try_fold(Rational::ZERO, add)? == Rational::whole(*sum))
    };
    let within = |((least, most), value): (&Bounds, &Rational)| {
        let above = most.map_or(Some(false), |most| Some(value.against(Rational::whole(most))? == Ordering::Greater));
        Some(value.against(Rational::whole(*least))? != Ordering::Less && !above?)
    };
    table.len() == block.bounds.len()
        && block.rows.iter().all(|of| row(of) == Some(true))
        && block.bounds.iter().zip(table).all(|of| within(of) == Some(true))
}

/// An upper bound of `of` times the sum of `wanted`, by linear duality: the rows times their factors are taken off the sum,
/// and every count left is replaced by the bound that makes the rest greatest. None where a count has no such bound.
pub(super) fn most(block: &Block, wanted: &[(usize, i128)], factors: &[(usize, i128)], of: i128) -> Option<i128> {
    let mut rest = vec![0_i128; block.bounds.len()];
    for (count, factor) in wanted {
        rest[*count] = rest[*count].checked_add(factor.checked_mul(of)?)?;
    }
    let mut bound = 0_i128;
    for (row, by) in factors {
        let (terms, sum) = block.rows.get(*row)?;
        bound = bound.checked_add(sum.checked_mul(*by)?)?;
        for (count, factor) in terms {
            rest[*count] = rest[*count].checked_sub(factor.checked_mul(*by)?)?;
        }
    }
    for (factor, (least, most)) in rest.into_iter().zip(&block.bounds).filter(|(factor, _)| *factor != 0) {
        let limit = if factor > 0 { (*most)? } else { *least };
        bound = bound.checked_add(factor.checked_mul(limit)?)?;
    }
    (of > 0).then_some(bound)
}

/// The bounds that these steps prove, one after the other, from the printed ones; none if a step does not follow.
pub(super) fn proved(equations: &[Equation], printed: &[Bounds], steps: &[Step]) -> Option<Vec<Bounds>> {
    let mut bounds = printed.to_vec();
    for step in steps {
        let terms = &equations.get(step.equation)?.terms;
        let (_, own) = terms.iter().find(|(count, _)| *count == step.count)?;
        // The equation sums to 0, so the other terms bound this one from the side in question.
        let most = step.upper == (*own > 0);
        let mut left = 0_i128;
        for (count, factor) in terms.iter().filter(|(count, _)| *count != step.count) {
            let limit = if most == (*factor > 0) { bounds[*count].0 } else { bounds[*count].1? };
            left = left.checked_sub(factor.checked_mul(limit)?)?;
        }
        let claimed = step.bound.checked_mul(*own)?;
        if (most && claimed < left) || (!most && claimed > left) {
            return None;
        }
        if step.upper {
            bounds[step.count].1 = Some(step.bound);
        } else {
            bounds[step.count].0 = step.bound;
        }
    }
    Some(bounds)
}
