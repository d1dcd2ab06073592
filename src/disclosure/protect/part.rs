//! The part of a sheet in which room is sought for one number: some of the groups, and the sums that may be broken among them.

use super::sheet::{Lists, Sheet, number};

/// Groups and sums, each by a number of the part's own.
pub(super) struct Part {
    /// The groups, by the sheet's numbers.
    pub(super) groups: Vec<u32>,
    /// How many units each holds.
    pub(super) units: Vec<f64>,
    /// What a change of each by one costs: what a cell of this group alone costs, and next to nothing more, but of no two the
    /// same, so that there is one best answer.
    pub(super) little: Vec<f64>,
    /// For each sum what it costs when it changes by one; infinity where it must not change.
    pub(super) prices: Vec<f64>,
    /// The groups that make the number.
    pub(super) number: Vec<u32>,
    counted: Vec<bool>,
    rows: Lists,
    members: Lists,
}

/// A cell that no group of the part changes, or that costs nothing.
const NONE: u32 = u32::MAX;

impl Part {
    /// The part of so many groups, those near the ones that make the number.
    pub(super) fn of(sheet: &Sheet, prices: &[f64], makes: &[u32], most: usize) -> Self {
        let near = sheet.near(makes, prices, most);
        let priced = |group: u32| {
            sheet.cells(group as usize).iter().map(|cell| *cell as usize).filter(|cell| prices[*cell] > 0.0)
        };
        let (little, live, mut row_of) = presolved(sheet, prices, &near);
        let near: Vec<(u32, f64)> =
            near.into_iter().zip(little).zip(live).filter(|(_, live)| *live).map(|(group, _)| group).collect();
        let (mut own, mut rows) = (Vec::new(), Lists::new());
        for (group, _) in &near {
            for cell in priced(*group) {
                if row_of[cell] == OPEN {
                    row_of[cell] = number(own.len());
                    own.push(prices[cell]);
                }
            }
            rows.push(priced(*group).map(|cell| row_of[cell]).filter(|row| *row != NONE));
        }
        let members = rows.turned(own.len());
        #[allow(clippy::cast_precision_loss, reason = "it only guides")]
        let units = near.iter().map(|(group, _)| sheet.units[*group as usize] as f64).collect();
        let counted: Vec<bool> = near.iter().map(|(group, _)| makes.binary_search(group).is_ok()).collect();
        let (groups, little) = near.into_iter().unzip();
        Self {
            groups,
            units,
            little,
            prices: own,
            number: (0..).zip(&counted).filter(|(_, counted)| **counted).map(|(at, _)| at).collect(),
            counted,
            rows,
            members,
        }
    }

    /// The sums that count a group, sorted.
    pub(super) fn rows(&self, group: usize) -> &[u32] {
        self.rows.list(group)
    }

    /// The groups that a sum counts, sorted.
    pub(super) fn members(&self, row: usize) -> &[u32] {
        self.members.list(row)
    }

    /// Whether a group is among those that make the number.
    pub(super) fn counts(&self, group: usize) -> bool {
        self.counted[group]
    }
}

/// A sum that has no number yet.
const OPEN: u32 = u32::MAX - 1;

/// Sums of a single group are taken out: what they cost goes to the group, and a group whose sum must not change stays as it
/// is, which may leave other sums with a single group. What a change of each group costs, which groups are left, and which
/// sums.
fn presolved(sheet: &Sheet, prices: &[f64], near: &[u32]) -> (Vec<f64>, Vec<bool>, Vec<u32>) {
    let priced =
        |at: usize| sheet.cells(near[at] as usize).iter().map(|cell| *cell as usize).filter(|cell| prices[*cell] > 0.0);
    let mut little: Vec<f64> = near.iter().map(|group| sheet.little(*group as usize)).collect();
    let (mut live, mut row_of) = (vec![true; near.len()], vec![NONE; prices.len()]);
    // How many groups count in a cell, and the sum of their places: of a single one it is the place.
    let mut counts = vec![(0_u32, 0_usize); prices.len()];
    for at in 0..near.len() {
        for cell in priced(at) {
            counts[cell] = (counts[cell].0 + 1, counts[cell].1 + at);
            row_of[cell] = OPEN;
        }
    }
    let mut single: Vec<usize> = (0..near.len()).flat_map(priced).filter(|cell| counts[*cell].0 == 1).collect();
    while let Some(cell) = single.pop() {
        let (count, at) = counts[cell];
        if count != 1 {
            continue;
        }
        counts[cell] = (0, 0);
        row_of[cell] = NONE;
        if prices[cell].is_finite() {
            little[at] += prices[cell];
        } else {
            live[at] = false;
            for other in priced(at) {
                if row_of[other] == NONE {
                    continue;
                }
                counts[other] = (counts[other].0 - 1, counts[other].1 - at);
                match counts[other].0 {
                    0 => row_of[other] = NONE,
                    1 => single.push(other),
                    _ => {}
                }
            }
        }
    }
    (little, live, row_of)
}

#[cfg(test)]
mod tests {
    use super::super::system::{Dimension, System};
    use super::*;

    #[test]
    fn sums_of_a_single_group_are_taken_out_one_after_the_other() {
        // Three groups and their total: a, b, c and a + b + c.
        let dimension = Dimension::new(3, &[vec![0, 1, 2], vec![0], vec![1], vec![2]]);
        let units = [(vec![0], 3), (vec![1], 20), (vec![2], 30)];
        let system = System::new(vec![dimension], units, &[vec![vec![0, 1, 2, 3]]], &[]);
        let sheet = Sheet::of(&system);
        // The first group must stay as it is, the second may change at a price, the third for nothing.
        let part = Part::of(&sheet, &[1.0, f64::INFINITY, 2.0, 0.0], &[0, 1], usize::MAX);
        assert_eq!((part.groups.as_slice(), part.prices.as_slice()), ([1, 2].as_slice(), [1.0].as_slice()));
        assert_eq!((part.number.as_slice(), part.members(0)), ([0].as_slice(), [0, 1].as_slice()));
        assert!(part.little[0] > 2.0 && part.little[1] < 1.0, "{:?}", part.little);
        // If the second must stay, too, the total has a single group left, and costs what it costs.
        let part = Part::of(&sheet, &[1.0, f64::INFINITY, f64::INFINITY, 0.0], &[0, 1], usize::MAX);
        assert_eq!((part.groups.as_slice(), part.prices.len(), part.number.len()), ([2].as_slice(), 0, 0));
        assert!(part.little[0] > 1.0, "{:?}", part.little);
    }
}
