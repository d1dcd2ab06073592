//! The inverse of the part of a basis that is not trivial.
//!
//! A basic variable of the programme is either the slack of an equation, whose column has one number, or a group. Only the
//! groups and the equations without a slack have to be inverted: some dozens, however large the system is. So the inverse is
//! kept whole and changed with each exchange (Dantzig and Orchard-Hays, "The product form for the inverse in the simplex
//! method", 1954).

/// A number below counts as zero.
const NOTHING: f64 = 1e-11;

/// Basic groups and tight equations, equally many, and the inverse of their numbers.
#[derive(Clone, Default)]
pub(super) struct Kernel {
    /// The groups.
    pub(super) groups: Vec<usize>,
    /// The equations.
    pub(super) rows: Vec<usize>,
    /// For each group its row of the inverse, by equations.
    inverse: Vec<Vec<f64>>,
}

impl Kernel {
    /// How many there are.
    pub(super) fn size(&self) -> usize {
        self.groups.len()
    }

    /// The row of the inverse of a group.
    pub(super) fn row(&self, place: usize) -> &[f64] {
        &self.inverse[place]
    }

    /// How much of each group makes these numbers of the equations, each with its place.
    pub(super) fn solve(&self, right: &[(usize, f64)]) -> Vec<f64> {
        let made = |row: &Vec<f64>| right.iter().map(|(place, number)| row[*place] * number).sum();
        self.inverse.iter().map(made).collect()
    }

    /// How much of each equation makes these numbers of the groups, each with its place.
    pub(super) fn price(&self, numbers: &[(usize, f64)]) -> Vec<f64> {
        let mut prices = vec![0.0; self.size()];
        for (place, number) in numbers {
            for (price, own) in prices.iter_mut().zip(&self.inverse[*place]) {
                *price += number * own;
            }
        }
        prices
    }

    /// Adds a group and an equation: `column` is what makes the group of those before, `row` what makes the equation.
    pub(super) fn grow(&mut self, (group, column): (usize, &[f64]), (equation, row): (usize, &[f64]), pivot: f64) {
        for (own, amount) in self.inverse.iter_mut().zip(column) {
            let share = amount / pivot;
            if share.abs() > NOTHING {
                own.iter_mut().zip(row).for_each(|(number, other)| *number += share * other);
            }
            own.push(-share);
        }
        let last = row.iter().map(|number| -number / pivot).chain([1.0 / pivot]).collect();
        self.inverse.push(last);
        self.groups.push(group);
        self.rows.push(equation);
    }

    /// Replaces the group at `place`; `column` is what makes the new one.
    pub(super) fn replace_group(&mut self, place: usize, group: usize, column: &[f64]) {
        let pivot = column[place];
        self.inverse[place].iter_mut().for_each(|number| *number /= pivot);
        let own = std::mem::take(&mut self.inverse[place]);
        for (row, amount) in
            self.inverse.iter_mut().zip(column).filter(|(row, amount)| !row.is_empty() && amount.abs() > NOTHING)
        {
            row.iter_mut().zip(&own).for_each(|(number, other)| *number -= amount * other);
        }
        self.inverse[place] = own;
        self.groups[place] = group;
    }

    /// Replaces the equation at `place`; `row` is what makes the new one.
    pub(super) fn replace_row(&mut self, place: usize, equation: usize, row: &[f64]) {
        let pivot = row[place];
        for own in &mut self.inverse {
            let share = own[place] / pivot;
            if share.abs() > NOTHING {
                own.iter_mut().zip(row).for_each(|(number, other)| *number -= share * other);
            }
            own[place] = share;
        }
        self.rows[place] = equation;
    }

    /// Takes out the group at `place` and the equation at `at`; the last ones take their places.
    pub(super) fn shrink(&mut self, place: usize, at: usize) {
        let own = self.inverse.swap_remove(place);
        let pivot = own[at];
        for row in &mut self.inverse {
            let share = row[at] / pivot;
            if share.abs() > NOTHING {
                row.iter_mut().zip(&own).for_each(|(number, other)| *number -= share * other);
            }
            row.swap_remove(at);
        }
        self.groups.swap_remove(place);
        self.rows.swap_remove(at);
    }
}
