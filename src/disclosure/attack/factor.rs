//! The LU factorisation of a basis, with which a step of the guide solves its two systems.
//!
//! Pivots are taken where row and column are shortest (Markowitz, "The elimination form of the inverse", Management Science
//! 3, 1957); later exchanges of one column are kept as factors beside it (the product form of Dantzig and Orchard-Hays).

use std::collections::BTreeSet;

/// A smaller number counts as zero.
const NOTHING: f64 = 1e-11;
/// A pivot is at least this part of the largest number of its column.
const SAFE: f64 = 0.1;
/// How many short columns are searched for a pivot.
const LOOKED_AT: usize = 6;

/// A sparse column or row.
pub(super) type Sparse = Vec<(u32, f64)>;

struct Pivot {
    row: usize,
    column: usize,
    value: f64,
    /// The rest of its row, by columns that come later.
    rest: Sparse,
}

struct Exchange {
    place: usize,
    pivot: f64,
    others: Sparse,
}

/// The factors of a basis, and the columns exchanged since.
pub(super) struct Factor {
    pivots: Vec<Pivot>,
    /// Lower factor: the multiples subtracted from rows below, by the pivot's row.
    lower: Vec<(usize, Sparse)>,
    /// Upper factor: for each column the earlier pivots whose rows contain it.
    upper: Vec<Sparse>,
    exchanges: Vec<Exchange>,
    /// How many numbers are stored.
    pub(super) size: usize,
}

/// The part of a basis that is not factorised yet.
struct Rest {
    rows: Vec<Sparse>,
    /// The rows of a column, some of which it may have left.
    columns: Vec<Vec<u32>>,
    counts: Vec<usize>,
    by_count: BTreeSet<(usize, usize)>,
    single_rows: Vec<usize>,
    row_done: Vec<bool>,
    column_done: Vec<bool>,
    /// Whether only pivots of 1 are allowed.
    ones: bool,
}

impl Factor {
    /// Factorises a basis. The second part pairs the rows and columns for which no pivot was found.
    pub(super) fn of(columns: &[Sparse]) -> (Self, Vec<(usize, usize)>) {
        let (factor, rest) = Self::factorised(columns, columns.len(), false);
        let rows = (0..columns.len()).filter(|row| !rest.row_done[*row]);
        let missing = rows.zip((0..columns.len()).filter(|column| !rest.column_done[*column])).collect();
        (factor, missing)
    }

    /// Chooses enough of these columns to express any right side, with pivots of 1 only, so that no fractions arise.
    pub(super) fn whole(columns: &[Sparse], rows: usize) -> Self {
        Self::factorised(columns, rows, true).0
    }

    fn factorised(columns: &[Sparse], rows: usize, ones: bool) -> (Self, Rest) {
        let mut rest = Rest::of(columns, rows, ones);
        let size = columns.len();
        let mut factor = Self {
            pivots: Vec::with_capacity(rows),
            lower: Vec::new(),
            upper: vec![Vec::new(); size],
            exchanges: Vec::new(),
            size,
        };
        while let Some((row, column)) = rest.choose() {
            factor.eliminate(&mut rest, row, column);
        }
        for (number, pivot) in (0_u32..).zip(&factor.pivots) {
            pivot.rest.iter().for_each(|(column, value)| factor.upper[*column as usize].push((number, *value)));
        }
        (factor, rest)
    }

    fn eliminate(&mut self, rest: &mut Rest, row: usize, column: usize) {
        let mut own = std::mem::take(&mut rest.rows[row]);
        let at = own.iter().position(|(other, _)| *other as usize == column).unwrap_or(0);
        let (_, value) = own.swap_remove(at);
        rest.finish(row, column, &own);
        let mut taken = Sparse::new();
        for other in std::mem::take(&mut rest.columns[column]) {
            let below = other as usize;
            if rest.row_done[below] {
                continue;
            }
            if let Some(factor) = rest.subtract(below, column, value, &own) {
                taken.push((other, factor));
            }
        }
        self.size += own.len() + taken.len();
        if !taken.is_empty() {
            self.lower.push((row, taken));
        }
        self.pivots.push(Pivot { row, column, value, rest: own });
    }

    /// Solves for the combination of basic columns that makes `right`, which is by rows; the answer is by columns.
    pub(super) fn forward(&self, right: &mut [f64]) -> Vec<f64> {
        let mut found = vec![0.0; self.upper.len()];
        for (row, taken) in &self.lower {
            let amount = right[*row];
            if amount != 0.0 {
                taken.iter().for_each(|(other, factor)| right[*other as usize] -= factor * amount);
            }
        }
        for pivot in self.pivots.iter().rev() {
            let amount = right[pivot.row];
            if amount.abs() > NOTHING {
                let amount = amount / pivot.value;
                found[pivot.column] = amount;
                for (number, value) in &self.upper[pivot.column] {
                    right[self.pivots[*number as usize].row] -= value * amount;
                }
            }
        }
        for exchange in &self.exchanges {
            let amount = found[exchange.place];
            if amount != 0.0 {
                let amount = amount / exchange.pivot;
                found[exchange.place] = amount;
                exchange.others.iter().for_each(|(other, factor)| found[*other as usize] -= factor * amount);
            }
        }
        found
    }

    /// Solves for the factors of rows that price each basic column at `prices`, which are by columns; the answer is by rows.
    pub(super) fn backward(&self, prices: &mut [f64]) -> Vec<f64> {
        for exchange in self.exchanges.iter().rev() {
            let others: f64 = exchange.others.iter().map(|(other, factor)| factor * prices[*other as usize]).sum();
            prices[exchange.place] = (prices[exchange.place] - others) / exchange.pivot;
        }
        let mut found = vec![0.0; prices.len()];
        for pivot in &self.pivots {
            let amount = prices[pivot.column];
            if amount.abs() > NOTHING {
                let amount = amount / pivot.value;
                found[pivot.row] = amount;
                pivot.rest.iter().for_each(|(other, value)| prices[*other as usize] -= value * amount);
            }
        }
        for (row, taken) in self.lower.iter().rev() {
            let others: f64 = taken.iter().map(|(other, factor)| factor * found[*other as usize]).sum();
            found[*row] -= others;
        }
        found
    }

    /// Replaces the column at `place`; `solved` expresses the new column in the old basis.
    pub(super) fn exchange(&mut self, place: usize, solved: &[f64]) {
        let others: Sparse = (0_u32..)
            .zip(solved)
            .filter(|(other, factor)| *other as usize != place && factor.abs() > NOTHING)
            .map(|(other, factor)| (other, *factor))
            .collect();
        self.size += others.len();
        self.exchanges.push(Exchange { place, pivot: solved[place], others });
    }

    /// The columns of the pivots.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.pivots.iter().map(|pivot| pivot.column)
    }

    /// Rows and columns of the pivots, in order.
    pub(super) fn order(&self) -> Vec<(usize, usize)> {
        self.pivots.iter().map(|pivot| (pivot.row, pivot.column)).collect()
    }

    /// How many columns were exchanged.
    pub(super) fn exchanged(&self) -> usize {
        self.exchanges.len()
    }
}

impl Rest {
    fn of(basis: &[Sparse], height: usize, ones: bool) -> Self {
        let size = basis.len();
        let mut rows = vec![Sparse::new(); height];
        let mut columns = vec![Vec::new(); size];
        for (number, column) in (0_u32..).zip(basis) {
            for (row, value) in column {
                rows[*row as usize].push((number, *value));
                columns[number as usize].push(*row);
            }
        }
        let counts: Vec<usize> = columns.iter().map(Vec::len).collect();
        let by_count = counts.iter().enumerate().map(|(column, count)| (*count, column)).collect();
        let single_rows = (0..height).filter(|row| rows[*row].len() == 1).collect();
        Self {
            rows,
            columns,
            counts,
            by_count,
            single_rows,
            row_done: vec![false; height],
            ones,
            column_done: vec![false; size],
        }
    }

    /// The next pivot: in a row or column with one number, or where elimination touches the fewest numbers.
    fn choose(&mut self) -> Option<(usize, usize)> {
        while let Some(row) = self.single_rows.pop() {
            if let (false, [(column, value)]) = (self.row_done[row], self.rows[row].as_slice())
                && self.allows(*value)
            {
                return Some((row, *column as usize));
            }
        }
        let mut best: Option<(usize, usize, usize)> = None;
        let mut empty = Vec::new();
        for (looked_at, (count, column)) in self.by_count.iter().enumerate() {
            if looked_at >= LOOKED_AT + empty.len()
                || best.is_some_and(|(cost, _, _)| cost <= (count.max(&1) - 1).pow(2))
            {
                break;
            }
            match self.row_of(*column) {
                None => empty.push((*count, *column)),
                Some(row) => {
                    let cost = (count - 1) * (self.rows[row].len() - 1);
                    if best.is_none_or(|(other, _, _)| cost < other) {
                        best = Some((cost, row, *column));
                    }
                }
            }
        }
        empty.iter().for_each(|column| {
            self.by_count.remove(column);
        });
        match best {
            Some((_, row, column)) => Some((row, column)),
            None if empty.is_empty() => None,
            None => self.choose(),
        }
    }

    fn allows(&self, value: f64) -> bool {
        if self.ones { (value.abs() - 1.0).abs() < NOTHING } else { value.abs() > NOTHING }
    }

    /// The shortest row of a column in which its number is large enough.
    fn row_of(&self, column: usize) -> Option<usize> {
        let live = self.columns[column].iter().map(|row| *row as usize).filter(|row| !self.row_done[*row]);
        let value = |row: usize| {
            self.rows[row].iter().find(|(other, _)| *other as usize == column).map_or(0.0, |(_, value)| value.abs())
        };
        let values: Vec<(usize, f64)> = live.map(|row| (row, value(row))).collect();
        let most = values.iter().map(|(_, value)| *value).fold(NOTHING, f64::max);
        let safe = values.iter().filter(|(_, value)| *value >= SAFE * most && self.allows(*value));
        safe.min_by_key(|(row, _)| (self.rows[*row].len(), *row)).map(|(row, _)| *row)
    }

    fn finish(&mut self, row: usize, column: usize, rest: &Sparse) {
        (self.row_done[row], self.column_done[column]) = (true, true);
        self.by_count.remove(&(self.counts[column], column));
        rest.iter().for_each(|(other, _)| self.count(*other as usize, false));
    }

    fn count(&mut self, column: usize, more: bool) {
        let known = self.by_count.remove(&(self.counts[column], column));
        self.counts[column] = if more { self.counts[column] + 1 } else { self.counts[column].saturating_sub(1) };
        if known || more {
            self.by_count.insert((self.counts[column], column));
        }
    }

    /// Subtracts a multiple of the pivot's row from another row to clear the pivot's column; returns the multiple.
    fn subtract(&mut self, row: usize, column: usize, pivot: f64, own: &Sparse) -> Option<f64> {
        let at = self.rows[row].iter().position(|(other, _)| *other as usize == column)?;
        let (_, value) = self.rows[row].swap_remove(at);
        let factor = value / pivot;
        for (other, amount) in own {
            let change = factor * amount;
            if let Some(at) = self.rows[row].iter().position(|(here, _)| here == other) {
                self.rows[row][at].1 -= change;
                if self.rows[row][at].1.abs() <= NOTHING {
                    self.rows[row].swap_remove(at);
                    self.count(*other as usize, false);
                    self.columns[*other as usize].retain(|here| *here as usize != row);
                }
            } else {
                self.rows[row].push((*other, -change));
                self.columns[*other as usize].push(u32::try_from(row).unwrap_or(u32::MAX));
                self.count(*other as usize, true);
            }
        }
        if self.rows[row].len() == 1 {
            self.single_rows.push(row);
        }
        Some(factor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is solved makes what was asked for, before and after an exchange.
        #[test]
        fn both_systems_are_solved(
            entries in prop::collection::vec((0_u32..12, 0_u32..12, 1_i8..4), 10..50),
            right in prop::collection::vec(-5_i8..6, 12),
            new in prop::collection::vec(-2_i8..3, 12),
            place in 0_usize..12,
        ) {
            let mut columns: Vec<Sparse> = (0..12).map(|at| vec![(at, 7.5)]).collect();
            for (row, column, value) in entries {
                let column = &mut columns[column as usize];
                if column.iter().all(|(other, _)| *other != row) {
                    column.push((row, f64::from(value)));
                }
            }
            let (mut factor, missing) = Factor::of(&columns);
            prop_assume!(missing.is_empty());
            let right: Vec<f64> = right.into_iter().map(f64::from).collect();
            let new: Vec<f64> = new.into_iter().map(f64::from).collect();
            for _ in 0..2 {
                let solved = factor.forward(&mut right.clone());
                for (row, wanted) in right.iter().enumerate() {
                    let made: f64 = (0..12).flat_map(|column| columns[column].iter().map(move |entry| (column, *entry)))
                        .filter(|(_, (other, _))| *other as usize == row).map(|(column, (_, value))| value * solved[column]).sum();
                    prop_assert!((made - wanted).abs() < 1e-6, "row {row}: {made} is not {wanted}");
                }
                let priced = factor.backward(&mut right.clone());
                for (column, entries) in columns.iter().enumerate() {
                    let made: f64 = entries.iter().map(|(row, value)| value * priced[*row as usize]).sum();
                    prop_assert!((made - right[column]).abs() < 1e-6, "column {column}: {made} is not {}", right[column]);
                }
                let solved = factor.forward(&mut new.clone());
                if solved[place].abs() < 0.1 {
                    break;
                }
                factor.exchange(place, &solved);
                columns[place] = (0..).zip(&new).filter(|(_, value)| **value != 0.0).map(|(row, value)| (row, *value)).collect();
            }
        }
    }
}
