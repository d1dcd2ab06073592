//! Solves equations in fractions, with the pivots that the guide has found.

use super::rational::Rational;

/// A row of a square system: the numbers of unknowns, and their factors.
pub(super) type Terms = Vec<(usize, Rational)>;

/// The unknowns of a square system, if no number is too large; `order` names for each unknown the row it is taken from.
pub(super) fn solve(mut rows: Vec<Terms>, mut right: Vec<Rational>, order: &[(usize, usize)]) -> Option<Vec<Rational>> {
    let mut of_unknown: Vec<Vec<usize>> = vec![Vec::new(); rows.len()];
    for (row, terms) in rows.iter().enumerate() {
        terms.iter().for_each(|(unknown, _)| of_unknown[*unknown].push(row));
    }
    let mut done = vec![false; rows.len()];
    for (row, unknown) in order {
        done[*row] = true;
        let pivot = factor_of(&rows[*row], *unknown)?;
        for other in std::mem::take(&mut of_unknown[*unknown]) {
            if done[other] {
                continue;
            }
            let Some(factor) = factor_of(&rows[other], *unknown) else { continue };
            let by = factor.over(pivot)?;
            right[other] = right[other].minus(by.times(right[*row])?)?;
            let own = std::mem::take(&mut rows[*row]);
            for (unknown, factor) in &own {
                subtract(&mut rows[other], *unknown, factor.times(by)?, || of_unknown[*unknown].push(other))?;
            }
            rows[*row] = own;
        }
    }
    let mut found = vec![Rational::ZERO; rows.len()];
    for (row, unknown) in order.iter().rev() {
        let mut left = right[*row];
        for (other, factor) in rows[*row].iter().filter(|(other, _)| other != unknown) {
            if !found[*other].is_zero() {
                left = left.minus(factor.times(found[*other])?)?;
            }
        }
        found[*unknown] = left.over(factor_of(&rows[*row], *unknown)?)?;
    }
    Some(found)
}

fn factor_of(terms: &Terms, unknown: usize) -> Option<Rational> {
    terms.iter().find(|(other, _)| *other == unknown).map(|(_, factor)| *factor)
}

fn subtract(terms: &mut Terms, unknown: usize, amount: Rational, new: impl FnOnce()) -> Option<()> {
    let Some(at) = terms.iter().position(|(other, _)| *other == unknown) else {
        terms.push((unknown, amount.negated()?));
        new();
        return Some(());
    };
    terms[at].1 = terms[at].1.minus(amount)?;
    if terms[at].1.is_zero() {
        terms.swap_remove(at);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_equations_with_a_determinant_of_two_are_solved() {
        let row = |unknowns: [usize; 2]| unknowns.map(|unknown| (unknown, Rational::ONE)).to_vec();
        let rows = vec![row([0, 1]), row([1, 2]), row([0, 2])];
        let right = [1, 2, 4].map(Rational::whole).to_vec();
        let found = solve(rows, right, &[(0, 0), (1, 1), (2, 2)]).expect("small numbers");
        let halves: Vec<i128> =
            found.iter().map(|value| value.times(Rational::whole(2)).expect("small").parts().0).collect();
        assert_eq!(halves, [3, -1, 5]);
    }
}
