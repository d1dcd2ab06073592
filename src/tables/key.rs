//! The key of a row: its source, its period and its codes, as digits of one number, so that rows are grouped by a single
//! number. Digits that do not fit into 64 bits go on in a further one.

use std::cmp::Ordering;

use rayon::prelude::*;

/// How a key is made up of digits, the most significant first.
pub struct Key {
    digits: Vec<Digit>,
    columns: usize,
    /// How many different keys there are, where they are one number.
    different: Option<u64>,
}

/// The place of a digit: in which number, what one of it is worth there, and how many different ones there are.
#[derive(Clone, Copy)]
struct Digit {
    column: usize,
    worth: u64,
    size: u64,
}

impl Key {
    /// A key of digits of which there are so many different ones each.
    #[must_use]
    pub fn of(sizes: &[usize]) -> Self {
        let (mut digits, mut column, mut all) = (Vec::new(), 0, 1_u64);
        for size in sizes.iter().rev().map(|size| (*size).max(1) as u64) {
            let worth = if let Some(more) = all.checked_mul(size) {
                std::mem::replace(&mut all, more)
            } else {
                (column, all) = (column + 1, size);
                1
            };
            digits.push(Digit { column, worth, size });
        }
        // The most significant number is the first to sort by.
        digits.iter_mut().for_each(|digit| digit.column = column - digit.column);
        digits.reverse();
        Self { digits, columns: column + 1, different: (column == 0).then_some(all) }
    }

    /// Of how many numbers it consists.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The keys of so many rows, all digits 0.
    #[must_use]
    pub fn zeros(&self, rows: usize) -> Vec<Vec<u64>> {
        vec![vec![0; rows]; self.columns]
    }

    /// Sets a digit, which is still 0, of each row.
    pub fn set(&self, keys: &mut [Vec<u64>], place: usize, digits: impl Iterator<Item = u64>) {
        let Digit { column, worth, .. } = self.digits[place];
        keys[column].iter_mut().zip(digits).for_each(|(key, digit)| *key += digit * worth);
    }

    /// A digit of one row.
    #[must_use]
    pub fn digit<C: AsRef<[u64]>>(&self, keys: &[C], place: usize, row: usize) -> u64 {
        let Digit { column, worth, size } = self.digits[place];
        keys[column].as_ref()[row] / worth % size
    }

    /// The key of one row, with a digit 0.
    #[must_use]
    pub fn without(&self, keys: &[Vec<u64>], place: usize, row: usize) -> Vec<u64> {
        let Digit { column, worth, .. } = self.digits[place];
        let mut key: Vec<u64> = keys.iter().map(|column| column[row]).collect();
        key[column] -= self.digit(keys, place, row) * worth;
        key
    }

    /// The number in which a digit is, and what it is in each row with another digit.
    pub fn with<C: AsRef<[u64]>>(&self, keys: &[C], place: usize, other: impl Fn(u64) -> u64) -> (usize, Vec<u64>) {
        let Digit { column, worth, size } = self.digits[place];
        let changed = |key: &u64| {
            let digit = key / worth % size;
            key - digit * worth + other(digit) * worth
        };
        (column, keys[column].as_ref().iter().map(changed).collect())
    }

    /// The rows in groups that are alike but for the digit at one place, in the order of their keys; in each group the rows
    /// in theirs.
    #[must_use]
    pub fn alike(&self, keys: &[Vec<u64>], place: usize, rows: Vec<usize>) -> Alike {
        let all = rows.iter().max().map_or(1, |last| *last as u64 + 1);
        match (self.different.and_then(|different| different.checked_mul(all)), keys) {
            (Some(_), [keys]) => self.alike_by_number(keys, place, rows, all),
            _ => self.alike_by_order(keys, place, rows),
        }
    }

    /// Sorts each row's key and number as one number, which takes no look at the keys while it sorts.
    fn alike_by_number(&self, keys: &[u64], place: usize, mut rows: Vec<usize>, all: u64) -> Alike {
        let Digit { worth, size, .. } = self.digits[place];
        let without = |key: u64| key - key / worth % size * worth;
        let mut numbers: Vec<u64> = rows.iter().map(|row| without(keys[*row]) * all + *row as u64).collect();
        numbers.par_sort_unstable();
        for (row, number) in rows.iter_mut().zip(&numbers) {
            *row = usize::try_from(number % all).unwrap_or(0);
        }
        let differ = |at: &usize| numbers[at - 1] / all != numbers[*at] / all;
        let ends = (1..rows.len()).filter(differ).chain([rows.len()]).collect();
        Alike { rows, ends }
    }

    fn alike_by_order(&self, keys: &[Vec<u64>], place: usize, mut rows: Vec<usize>) -> Alike {
        let (column, changed) = self.with(keys, place, |_| 0);
        let number = |at: usize, row: usize| if at == column { changed[row] } else { keys[at][row] };
        let order = |one: usize, other: usize| {
            (0..self.columns).map(|at| number(at, one).cmp(&number(at, other))).find(|order| *order != Ordering::Equal)
        };
        rows.par_sort_unstable_by(|one, other| order(*one, *other).unwrap_or_else(|| one.cmp(other)));
        let ends = (1..rows.len()).filter(|at| order(rows[at - 1], rows[*at]).is_some()).chain([rows.len()]).collect();
        Alike { rows, ends }
    }
}

/// Rows in groups.
pub struct Alike {
    rows: Vec<usize>,
    /// Where each group ends.
    ends: Vec<usize>,
}

impl Alike {
    /// The groups.
    pub fn groups(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.rows.get(start..*end)).filter(|group| !group.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_that_do_not_fit_into_one_number_go_on_in_another() {
        let sizes = [3, 1 << 20, 1 << 30, 1 << 31, 7];
        let key = Key::of(&sizes);
        assert_eq!(key.columns(), 2);
        let mut keys = key.zeros(2);
        for (place, size) in sizes.iter().enumerate() {
            key.set(&mut keys, place, [1, *size as u64 - 1].into_iter());
        }
        for (place, size) in sizes.iter().enumerate() {
            assert_eq!([0, 1].map(|row| key.digit(&keys, place, row)), [1, *size as u64 - 1]);
        }
    }

    #[test]
    fn rows_are_alike_but_for_one_digit() {
        let key = Key::of(&[2, 3]);
        let mut keys = key.zeros(4);
        key.set(&mut keys, 0, [1, 0, 1, 0].into_iter());
        key.set(&mut keys, 1, [2, 2, 0, 1].into_iter());
        let groups = |place: usize| {
            key.alike(&keys, place, (0..4).collect()).groups().map(<[usize]>::to_vec).collect::<Vec<_>>()
        };
        assert_eq!(groups(1), [vec![1, 3], vec![0, 2]]);
        assert_eq!(groups(0), [vec![2], vec![3], vec![0, 1]]);
        assert_eq!(key.alike(&keys, 0, Vec::new()).groups().count(), 0);
    }

    #[test]
    fn rows_sorted_by_one_number_are_in_the_order_of_their_keys() {
        use proptest::prelude::*;
        let row = (0..3_u64, 0..4_u64, 0..2_u64);
        crate::project::text::anything::hold(500, proptest::collection::vec(row, 0..40), |rows| {
            let key = Key::of(&[3, 4, 2]);
            let mut keys = key.zeros(rows.len());
            key.set(&mut keys, 0, rows.iter().map(|row| row.0));
            key.set(&mut keys, 1, rows.iter().map(|row| row.1));
            key.set(&mut keys, 2, rows.iter().map(|row| row.2));
            for place in 0..3 {
                let some: Vec<usize> = (0..rows.len()).rev().filter(|row| row % 5 != 0).collect();
                let (one, other) = (key.alike(&keys, place, some.clone()), key.alike_by_order(&keys, place, some));
                prop_assert!(one.groups().eq(other.groups()), "{:?}", rows);
            }
            Ok(())
        });
    }
}
