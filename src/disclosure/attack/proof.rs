//! Checks the proofs of the attack in fractions, in whole numbers. It shares no code with the search that found them.

use super::sum::Sum;

/// A table of fractions with one denominator: `parts[n] / denominator` for each atom.
pub(super) struct Point {
    pub(super) parts: Vec<i128>,
    pub(super) denominator: i128,
}

/// A variable as a sum of others: `of` times the sum is the sum of the factors times atoms and sums.
pub(super) struct Proof {
    pub(super) of: i128,
    /// Factors of atoms, by their number.
    pub(super) atoms: Vec<(usize, i128)>,
    /// Factors of sums, by their number.
    pub(super) sums: Vec<(usize, i128)>,
}

impl Point {
    /// The value of a sum, in units of one over the denominator.
    pub(super) fn total(&self, sum: &Sum) -> Option<i128> {
        sum.atoms.iter().try_fold(0_i128, |total, atom| total.checked_add(self.parts[*atom]))
    }

    /// Whether it agrees with everything printed.
    pub(super) fn holds(&self, sums: &[Sum]) -> bool {
        let within = |sum: &Sum| {
            let total = self.total(sum)?;
            let least = sum.least.checked_mul(self.denominator)?;
            let most = sum.most.map_or(Some(i128::MAX), |most| most.checked_mul(self.denominator))?;
            Some(least <= total && total <= most)
        };
        self.denominator > 0
            && self.parts.iter().all(|part| *part >= 0)
            && sums.iter().all(|sum| within(sum) == Some(true))
    }
}

impl Proof {
    /// The upper (`up`) or lower bound that this proves for `sum`, as numerator and denominator; none if it proves none.
    pub(super) fn bound(&self, sum: &Sum, sums: &[Sum], up: bool) -> Option<(i128, i128)> {
        if self.of <= 0 || !self.is_identity(sum, sums)? {
            return None;
        }
        let mut bound = 0_i128;
        for (_, factor) in &self.atoms {
            // An atom is at least 0 and has no upper bound of its own.
            if (*factor > 0) == up && *factor != 0 {
                return None;
            }
        }
        for (number, factor) in &self.sums {
            let other = sums.get(*number)?;
            let limit = if (*factor > 0) == up { other.most? } else { other.least };
            bound = bound.checked_add(factor.checked_mul(limit)?)?;
        }
        Some((bound, self.of))
    }

    /// Whether both sides count every atom equally often.
    fn is_identity(&self, sum: &Sum, sums: &[Sum]) -> Option<bool> {
        let mut left = std::collections::BTreeMap::<usize, i128>::new();
        let mut add = |atom: usize, factor: i128| {
            let entry = left.entry(atom).or_default();
            *entry = entry.checked_add(factor)?;
            Some(())
        };
        for atom in &sum.atoms {
            add(*atom, self.of.checked_neg()?)?;
        }
        for (atom, factor) in &self.atoms {
            add(*atom, *factor)?;
        }
        for (number, factor) in &self.sums {
            for atom in &sums.get(*number)?.atoms {
                add(*atom, *factor)?;
            }
        }
        Some(left.values().all(|rest| *rest == 0))
    }
}
