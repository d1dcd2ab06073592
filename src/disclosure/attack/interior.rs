//! Tables near those that the guide finds whose numbers are multiples of a power of one half.
//!
//! A table at a corner of the polytope may have fractions too long to store. Slightly inside there are others: some counts
//! are rounded, and the rest follows from the equations without division.

use super::certificate::{Block, agrees};
use super::factor::{Factor, Sparse};
use super::rational::Rational;
use super::rounding::rounded;

/// Counts are rounded to parts of this.
const PARTS: f64 = 67_108_864.0;
/// The weights of the middle that are tried, small ones first, so that little is lost.
const INSIDE: [f64; 3] = [0.01, 0.08, 0.4];
/// A count that moves less counts as fixed.
const STILL: f64 = 1e-6;
/// How many tables are averaged.
const ENOUGH: usize = 6;

/// The tables found so far.
pub(super) struct Interior {
    sum: Vec<f64>,
    met: usize,
    low: Vec<f64>,
    high: Vec<f64>,
    /// Counts that follow from the others, and whether further counts have moved since.
    dependent: Option<(Factor, Vec<bool>)>,
    moved: bool,
}

impl Interior {
    pub(super) fn new(counts: usize) -> Self {
        let (low, high) = (vec![f64::INFINITY; counts], vec![f64::NEG_INFINITY; counts]);
        Self { sum: vec![0.0; counts], met: 0, low, high, dependent: None, moved: true }
    }

    /// Records a table.
    pub(super) fn meet(&mut self, table: &[f64]) {
        self.met += 1;
        for (count, value) in table.iter().enumerate() {
            self.sum[count] += value;
            let still = self.high[count] - self.low[count] <= STILL;
            (self.low[count], self.high[count]) = (self.low[count].min(*value), self.high[count].max(*value));
            if still && self.high[count] - self.low[count] > STILL {
                self.moved = true;
            }
        }
    }

    /// A table slightly nearer to the middle than this one that agrees with everything printed.
    pub(super) fn near(&mut self, block: &Block, table: &[f64]) -> Option<Vec<Rational>> {
        if self.met < ENOUGH {
            return None;
        }
        for fresh in [false, true] {
            if fresh && std::mem::take(&mut self.moved) {
                self.dependent = Some(self.depend(block));
            } else if fresh {
                return None;
            }
            let mut mixed = INSIDE.iter().filter_map(|inside| self.mixed(block, table, *inside));
            if let Some(found) = mixed.find(|found| agrees(block, found)) {
                return Some(found);
            }
        }
        None
    }

    fn mixed(&self, block: &Block, table: &[f64], inside: f64) -> Option<Vec<Rational>> {
        let (factor, follows) = self.dependent.as_ref()?;
        let met = f64::from(u32::try_from(self.met).ok()?);
        let mut values = vec![0.0; table.len()];
        for (count, value) in values.iter_mut().enumerate().filter(|(count, _)| !follows[*count]) {
            *value = if self.high[count] - self.low[count] <= STILL {
                // A fixed count follows from the equations; any other value would break one.
                rounded(&[table[count]])?[0].near()
            } else {
                let mixed = (1.0 - inside) * table[count] + inside * self.sum[count] / met;
                (mixed * PARTS).round() / PARTS
            };
        }
        let left = |(terms, sum): &(Vec<(usize, i128)>, i128)| {
            terms.iter().fold(float(*sum), |left, (count, factor)| left - float(*factor) * values[*count])
        };
        let mut right: Vec<f64> = block.rows.iter().map(left).collect();
        let solved = factor.forward(&mut right);
        for count in (0..values.len()).filter(|count| follows[*count]) {
            values[count] = solved[count];
        }
        values.into_iter().map(parts).collect()
    }

    /// The moving counts that follow from the others.
    fn depend(&self, block: &Block) -> (Factor, Vec<bool>) {
        let mut columns = vec![Sparse::new(); block.bounds.len()];
        for (row, (terms, _)) in (0_u32..).zip(&block.rows) {
            for (count, factor) in terms.iter().filter(|(count, _)| self.high[*count] - self.low[*count] > STILL) {
                columns[*count].push((row, float(*factor)));
            }
        }
        let factor = Factor::whole(&columns, block.rows.len());
        let mut follows = vec![false; block.bounds.len()];
        factor.columns().for_each(|count| follows[count] = true);
        (factor, follows)
    }
}

#[allow(clippy::cast_precision_loss, reason = "a guide, whose answers are proved")]
fn float(number: i128) -> f64 {
    number as f64
}

/// The fraction, if it is a whole number of parts.
fn parts(value: f64) -> Option<Rational> {
    let parts = value * PARTS;
    if parts.fract() != 0.0 || parts.abs() > 9e15 {
        return rounded(&[value]).map(|found| found[0]);
    }
    #[allow(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
    Rational::whole(parts as i128).over(Rational::whole(1 << 26))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_near_a_fraction_is_written_down() {
        // Four corners with margins of 3 and 4: what the first is decides the rest.
        let rows = [([0, 1], 3), ([2, 3], 4), ([0, 2], 3), ([1, 3], 4)];
        let rows = rows.map(|(counts, sum)| (counts.map(|count| (count, 1)).to_vec(), sum)).to_vec();
        let block = Block { rows, bounds: vec![(0, None); 4] };
        let table = |first: f64| [first, 3.0 - first, 3.0 - first, 1.0 + first];
        let mut interior = Interior::new(4);
        let third = std::f64::consts::FRAC_1_PI;
        assert!(interior.near(&block, &table(third)).is_none(), "no middle is known yet");
        (0_u8..8).for_each(|part| interior.meet(&table(f64::from(part) / 4.0)));
        let found = interior.near(&block, &table(third)).expect("there are tables near it");
        assert!(agrees(&block, &found) && (found[0].near() - third).abs() < 0.02);
        let found = interior.near(&block, &table(0.0)).expect("the middle is inside");
        assert!(found[0].is_positive() && found[0].near() < 0.02);
    }
}
