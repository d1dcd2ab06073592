//! Moves a table of whole numbers by steps of one until every sum keeps its bounds.
//!
//! While a sum is out of bounds, one of its unknowns moves: the one after which the sums are out of bounds by least in all.
//! What has just moved rests for a while, so that the search leaves a table that no single step betters (tabu search: Glover,
//! "Tabu search, part I", ORSA Journal on Computing 1, 1989). Two steps together are an exchange of two cases of the sample.

use super::chance::Chance;

/// A sum of unknowns, each with its factor, and the bounds that it must keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) least: i64,
    pub(super) most: i64,
    /// Base and growth: which of two sums within bounds is better. None where there is no better.
    pub(super) aim: Option<(i64, i64)>,
}

/// An unknown's least and greatest value.
pub(super) type Range = (i64, i64);

/// By how much more a table is out of bounds after a move, and by how much worse it is.
type Change = (i64, i64);

/// How many unknowns of one sum are tried in one step.
const TRIED: usize = 48;
/// How many steps an unknown rests at least after it has moved, and up to how many more.
const REST: (u64, usize) = (3, 9);
/// How many steps are made for a better table.
const BETTERED: usize = 300;

impl Row {
    /// How far a sum is out of bounds.
    pub(super) fn outside(&self, sum: i64) -> i64 {
        (self.least - sum).max(sum - self.most).max(0)
    }

    /// How much worse a sum is after a move, within bounds or not: by the square of its distance from what it stands for.
    fn worse(&self, sum: i64, by: i64) -> i64 {
        let Some((base, growth)) = self.aim else { return 0 };
        // (growth − base × (sum + by))² − (growth − base × sum)², less its factor, the base.
        by * (2 * (base * sum - growth) + base * by)
    }

    /// The least and greatest sum within the ranges of its unknowns.
    pub(super) fn reach(&self, ranges: &[Range]) -> Range {
        self.terms.iter().fold((0, 0), |(low, high), (unknown, factor)| {
            let (one, other) = (factor * ranges[*unknown].0, factor * ranges[*unknown].1);
            (low + one.min(other), high + one.max(other))
        })
    }

    /// Whether some table within the ranges keeps its bounds, whatever the other sums ask.
    pub(super) fn reachable(&self, ranges: &[Range]) -> bool {
        let (low, high) = self.reach(ranges);
        low <= self.most && high >= self.least
    }
}

/// Moves `table` within the ranges. Whether all sums keep their bounds then; if they do not, it is the table that was nearest
/// to it. A table that keeps them is left as it is. `effort` is how often each term may be looked at.
pub(super) fn settle(rows: &[Row], ranges: &[Range], table: &mut [i64], chance: &mut Chance, effort: u64) -> bool {
    let mut search = Search::new(rows, ranges, table);
    if search.outside == 0 {
        return true;
    }
    let (mut best, mut nearest) = (search.outside, table.to_vec());
    let terms: usize = search.movable.iter().map(Vec::len).sum();
    let work = effort * (terms as u64 + 1);
    while search.outside > 0 && search.looked < work {
        search.repair(chance);
        if search.outside < best {
            best = search.outside;
            nearest.copy_from_slice(&search.table);
        }
    }
    if best == 0 {
        search.better(&mut nearest, chance);
    }
    table.copy_from_slice(&nearest);
    best == 0
}

struct Search<'r> {
    rows: &'r [Row],
    ranges: &'r [Range],
    table: Vec<i64>,
    /// For each unknown that can move its rows, with its factor there.
    of: Vec<Vec<(usize, i64)>>,
    /// For each row its unknowns that can move.
    movable: Vec<Vec<(usize, i64)>>,
    sums: Vec<i64>,
    /// How much each row weighs in the choice of a move: more, the more often it could not be mended.
    weights: Vec<i64>,
    outside: i64,
    /// The rows that are out of bounds, and for each row its place there.
    broken: Vec<usize>,
    place: Vec<usize>,
    /// The step before which an unknown rests.
    rests: Vec<u64>,
    steps: u64,
    looked: u64,
}

impl<'r> Search<'r> {
    fn new(rows: &'r [Row], ranges: &'r [Range], table: &[i64]) -> Self {
        let moves = |unknown: usize| ranges[unknown].0 < ranges[unknown].1;
        let mut of = vec![Vec::new(); table.len()];
        let (mut movable, mut sums) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        for (number, row) in rows.iter().enumerate() {
            let free: Vec<(usize, i64)> = row.terms.iter().copied().filter(|(unknown, _)| moves(*unknown)).collect();
            free.iter().for_each(|(unknown, factor)| of[*unknown].push((number, *factor)));
            movable.push(free);
            sums.push(row.terms.iter().map(|(unknown, factor)| factor * table[*unknown]).sum());
        }
        let broken: Vec<usize> = (0..rows.len()).filter(|row| rows[*row].outside(sums[*row]) > 0).collect();
        let mut place = vec![usize::MAX; rows.len()];
        broken.iter().enumerate().for_each(|(at, row)| place[*row] = at);
        let outside = broken.iter().map(|row| rows[*row].outside(sums[*row])).sum();
        let (rests, table) = (vec![0; table.len()], table.to_vec());
        let weights = vec![1; rows.len()];
        Self { rows, ranges, table, of, movable, sums, weights, outside, broken, place, rests, steps: 0, looked: 0 }
    }

    /// Moves one unknown of one sum that is out of bounds. A sum that cannot be mended at once weighs more from then on (Morris,
    /// "The breakout method for escaping from local minima", AAAI 1993).
    fn repair(&mut self, chance: &mut Chance) {
        let row = self.broken[chance.below(self.broken.len())];
        let up = self.sums[row] < self.rows[row].least;
        let before = self.outside;
        self.step(row, Some(up), chance);
        if self.outside >= before {
            self.weights[row] += 1;
        }
    }

    /// Goes on for a while where exchanges were needed at all, and leaves in `nearest` the best table within bounds that it met:
    /// the one whose figures are nearest to the truth. They have more room at the next release, too.
    fn better(&mut self, nearest: &mut [i64], chance: &mut Chance) {
        let (mut worse, mut best) = (0, 0);
        for _ in 0..BETTERED {
            let row = match self.broken.len() {
                0 => chance.below(self.rows.len()),
                broken => self.broken[chance.below(broken)],
            };
            worse += self.step(row, None, chance);
            if self.outside == 0 && worse < best {
                best = worse;
                nearest.copy_from_slice(&self.table);
            }
        }
    }

    /// Moves an unknown of a row, so that the row goes up or down if that is asked for, and gives by how much worse the table is.
    fn step(&mut self, row: usize, up: Option<bool>, chance: &mut Chance) -> i64 {
        self.steps += 1;
        let all = self.movable[row].len();
        self.looked += 1 + all.min(TRIED) as u64;
        let from = chance.below(all);
        let (mut found, mut ties): (Option<(Change, usize, i64)>, usize) = (None, 0);
        for at in 0..all.min(TRIED) {
            let (unknown, factor) = self.movable[row][(from + at) % all];
            for by in [-1, 1] {
                let (low, high) = self.ranges[unknown];
                let asked = up.is_none_or(|up| up == (factor * by > 0));
                if !asked || self.rests[unknown] > self.steps || !(low..=high).contains(&(self.table[unknown] + by)) {
                    continue;
                }
                let change = self.change(unknown, by);
                match found {
                    Some((least, ..)) if change > least => continue,
                    Some((least, ..)) if change == least => ties += 1,
                    _ => ties = 1,
                }
                if chance.below(ties) == 0 {
                    found = Some((change, unknown, by));
                }
            }
        }
        let Some((change, unknown, by)) = found else { return 0 };
        self.rests[unknown] = self.steps + REST.0 + chance.below(REST.1) as u64;
        self.shift(unknown, by);
        change.1
    }

    /// By how much more the sums are out of bounds after a move, and how much worse they are in all.
    fn change(&mut self, unknown: usize, by: i64) -> Change {
        self.looked += self.of[unknown].len() as u64;
        let change = |(row, factor): &(usize, i64)| {
            let (own, sum) = (&self.rows[*row], self.sums[*row]);
            (self.weights[*row] * (own.outside(sum + factor * by) - own.outside(sum)), own.worse(sum, factor * by))
        };
        self.of[unknown].iter().map(change).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    fn shift(&mut self, unknown: usize, by: i64) {
        self.table[unknown] += by;
        for at in 0..self.of[unknown].len() {
            let (row, factor) = self.of[unknown][at];
            let before = self.rows[row].outside(self.sums[row]);
            self.sums[row] += factor * by;
            let now = self.rows[row].outside(self.sums[row]);
            self.outside += now - before;
            if before == 0 && now > 0 {
                self.place[row] = self.broken.len();
                self.broken.push(row);
            } else if before > 0 && now == 0 {
                let hole = std::mem::replace(&mut self.place[row], usize::MAX);
                self.broken.swap_remove(hole);
                if let Some(moved) = self.broken.get(hole) {
                    self.place[*moved] = hole;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::late::key::Key;

    fn row(unknowns: &[usize], least: i64, most: i64) -> Row {
        Row { terms: unknowns.iter().map(|unknown| (*unknown, 1)).collect(), least, most, aim: None }
    }

    #[test]
    fn an_exchange_mends_a_column_and_leaves_the_rows() {
        // Two by two, with one in each row and in each column.
        let rows = [row(&[0, 1], 1, 1), row(&[2, 3], 1, 1), row(&[0, 2], 1, 1), row(&[1, 3], 1, 1)];
        let mut table = [1, 0, 1, 0];
        let mut chance = Chance::of(&Key::new([1; 32]), &[]);
        assert!(settle(&rows, &[(0, 1); 4], &mut table, &mut chance, 1_000));
        assert!(table == [1, 0, 0, 1] || table == [0, 1, 1, 0]);
    }

    #[test]
    fn a_table_that_keeps_its_bounds_is_left_and_one_that_cannot_is_named() {
        let mut chance = Chance::of(&Key::new([1; 32]), &[]);
        let mut table = [2, 1];
        assert!(settle(&[row(&[0, 1], 2, 4)], &[(0, 9); 2], &mut table, &mut chance, 0));
        assert_eq!(table, [2, 1]);
        let rows = [row(&[0, 1], 1, 1), row(&[1, 2], 1, 1), row(&[0, 2], 1, 1)];
        let mut table = [0, 0, 0];
        assert!(!settle(&rows, &[(0, 1); 3], &mut table, &mut chance, 1_000), "only halves would do");
        assert_eq!(table.iter().sum::<i64>(), 1, "one sum of three is out of bounds, by one");
    }
}
