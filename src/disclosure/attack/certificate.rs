//! The proofs of what is said of a table, checked in whole numbers; no code is shared with the searches that found them.

use std::cmp::Ordering;

use super::narrowing::Step;
use super::rational::Rational;
use super::system::{Bounds, Equation};

/// Equations over counts of which no bound is a printed number, with what the known ones come to.
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

/// The most that the sum of `wanted` can come to, times `of`: it is `of` times the sum, less the rows times their factors,
/// where every count stands at the bound that makes most of it. Nothing where some count has no such bound.
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

/// The bounds that these steps prove, one after another, from what is printed; nothing if one of them does not follow.
pub(super) fn proved(equations: &[Equation], printed: &[Bounds], steps: &[Step]) -> Option<Vec<Bounds>> {
    let mut bounds = printed.to_vec();
    for step in steps {
        let terms = &equations.get(step.equation)?.terms;
        let (_, own) = terms.iter().find(|(count, _)| *count == step.count)?;
        // What the count times its factor is at most, or at least, is what the others leave of nothing.
        let most = step.upper == (*own > 0);
        let mut left = 0_i128;
        for (count, factor) in terms.iter().filter(|(count, _)| *count != step.count) {
            let limit = if most == (*factor > 0) { bounds[*count].0 } else { bounds[*count].1? };
            left = left.checked_sub(factor.checked_mul(limit)?)?;
        }
        let said = step.bound.checked_mul(*own)?;
        if (most && said < left) || (!most && said > left) {
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
