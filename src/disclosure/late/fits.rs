//! Whether some whole numbers, none negative, make every sum what it must be.
//!
//! Ranges are narrowed sum by sum, which is exact in whole numbers. Then a search looks for a table; one that it finds is held
//! against every sum. If it finds none, an attack in fractions looks for sums that contradict each other, and last every table
//! is tried, branch by branch. Each answer but "undecided" is proved.

use super::chance::Chance;
use super::search::{Range, Row, settle};
use crate::disclosure::attack::{Sum, attack};

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// These do.
    Fits(Vec<i64>),
    /// None do.
    Contradiction,
    /// The work allowance did not suffice.
    Undecided,
}

/// No number of persons is greater.
const MOST: i64 = 1 << 32;
/// How often each term may be looked at in the search.
const EFFORT: u64 = 5_000;
/// How many branches are tried.
const BRANCHES: usize = 20_000;
/// How many unknowns an attack in fractions takes on, and how many the trying of all tables.
const ATTACKED: usize = 600;
const TRIED: usize = 2_000;

/// Looks for `unknowns` whole numbers.
pub(super) fn fits(unknowns: usize, rows: &[Row]) -> Answer {
    let of = of_unknown(unknowns, rows);
    let mut ranges = vec![(0, MOST); unknowns];
    if !narrow(rows, &of, &mut ranges, (0..rows.len()).collect()) {
        return Answer::Contradiction;
    }
    let mut table: Vec<i64> = ranges.iter().map(|range| range.0).collect();
    if settle(rows, &ranges, &mut table, &mut Chance::fixed(), EFFORT) && holds(rows, &table) {
        return Answer::Fits(table);
    }
    if clash(rows, &ranges) {
        return Answer::Contradiction;
    }
    if ranges.iter().filter(|(low, high)| low < high).count() > TRIED {
        return Answer::Undecided;
    }
    let mut left = BRANCHES;
    match branch(rows, &of, ranges, &mut left) {
        Some(table) if holds(rows, &table) => Answer::Fits(table),
        None if left > 0 => Answer::Contradiction,
        _ => Answer::Undecided,
    }
}

/// For each unknown its rows.
fn of_unknown(unknowns: usize, rows: &[Row]) -> Vec<Vec<usize>> {
    let mut of = vec![Vec::new(); unknowns];
    for (number, row) in rows.iter().enumerate() {
        row.terms.iter().for_each(|(unknown, _)| of[*unknown].push(number));
    }
    of
}

fn holds(rows: &[Row], table: &[i64]) -> bool {
    let sum =
        |row: &Row| row.terms.iter().map(|(unknown, factor)| i128::from(*factor) * i128::from(table[*unknown])).sum();
    table.iter().all(|number| *number >= 0)
        && rows.iter().all(|row| (i128::from(row.least)..=i128::from(row.most)).contains(&sum(row)))
}

/// Narrows the ranges by the rows that wait, until nothing changes; false where a range is empty.
fn narrow(rows: &[Row], of: &[Vec<usize>], ranges: &mut [Range], mut waiting: Vec<usize>) -> bool {
    let mut waits = vec![false; rows.len()];
    waiting.iter().for_each(|row| waits[*row] = true);
    while let Some(number) = waiting.pop() {
        waits[number] = false;
        let row = &rows[number];
        let (low, high) = reach(row, ranges);
        if low > row.most.into() || high < row.least.into() {
            return false;
        }
        for (unknown, factor) in &row.terms {
            let range = ranges[*unknown];
            let narrowed = within(row, (*factor).into(), range, (low, high));
            if narrowed.0 > narrowed.1 {
                return false;
            }
            if narrowed != range {
                ranges[*unknown] = narrowed;
                for other in of[*unknown].iter().filter(|other| !std::mem::replace(&mut waits[**other], true)) {
                    waiting.push(*other);
                }
            }
        }
    }
    true
}

/// The least and greatest sum of a row, which no number is too large for.
fn reach(row: &Row, ranges: &[Range]) -> (i128, i128) {
    row.terms.iter().fold((0, 0), |(low, high), (unknown, factor)| {
        let [one, other] = [ranges[*unknown].0, ranges[*unknown].1].map(|end| i128::from(*factor) * i128::from(end));
        (low + one.min(other), high + one.max(other))
    })
}

/// The range that a row leaves an unknown with this factor.
fn within(row: &Row, factor: i128, range: Range, reach: (i128, i128)) -> Range {
    let [one, other] = [range.0, range.1].map(|end| factor * i128::from(end));
    // What the others leave for factor × unknown.
    let least = i128::from(row.least) - (reach.1 - one.max(other));
    let most = i128::from(row.most) - (reach.0 - one.min(other));
    let (low, high) = if factor > 0 {
        (up(least, factor), most.div_euclid(factor))
    } else {
        (up(-most, -factor), (-least).div_euclid(-factor))
    };
    // Within the range that it had, both fit.
    let [low, high] = [low.max(range.0.into()), high.min(range.1.into())];
    if low > high { (1, 0) } else { (i64::try_from(low).unwrap_or(range.0), i64::try_from(high).unwrap_or(range.1)) }
}

/// A quotient, rounded up; the divisor is above 0.
fn up(number: i128, by: i128) -> i128 {
    number.div_euclid(by) + i128::from(number.rem_euclid(by) > 0)
}

/// Whether an attack in fractions proves that some sums contradict each other.
fn clash(rows: &[Row], ranges: &[Range]) -> bool {
    let open: Vec<usize> = (0..ranges.len()).filter(|unknown| ranges[*unknown].0 < ranges[*unknown].1).collect();
    if open.len() > ATTACKED {
        return false;
    }
    let place = |unknown: &usize| open.binary_search(unknown).ok();
    let sum = |row: &Row| {
        // A sum with other factors than 1 is left out: what contradicts without it contradicts with it.
        let plain = row.terms.iter().all(|(_, factor)| *factor == 1);
        let fixed: i64 =
            row.terms.iter().filter(|(unknown, _)| place(unknown).is_none()).map(|(at, _)| ranges[*at].0).sum();
        let atoms: Vec<usize> = row.terms.iter().filter_map(|(unknown, _)| place(unknown)).collect();
        let least = i128::from(row.least - fixed).max(0);
        (plain && !atoms.is_empty()).then(|| Sum { atoms, least, most: Some(i128::from(row.most - fixed)) })
    };
    let sums: Vec<Sum> = rows.iter().filter_map(sum).collect();
    !attack(open.len(), &sums, &[], 1).clash.is_empty()
}

/// Tries every table within the ranges, the unknown with the fewest values first.
fn branch(rows: &[Row], of: &[Vec<usize>], ranges: Vec<Range>, left: &mut usize) -> Option<Vec<i64>> {
    let open = (0..ranges.len()).filter(|unknown| ranges[*unknown].0 < ranges[*unknown].1);
    let Some(unknown) = open.min_by_key(|unknown| ranges[*unknown].1 - ranges[*unknown].0) else {
        return Some(ranges.iter().map(|range| range.0).collect());
    };
    for value in ranges[unknown].0..=ranges[unknown].1 {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return None;
        }
        let mut narrowed = ranges.clone();
        narrowed[unknown] = (value, value);
        if narrow(rows, of, &mut narrowed, of[unknown].clone()) {
            if let Some(found) = branch(rows, of, narrowed, left) {
                return Some(found);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(unknowns: &[usize], sum: i64) -> Row {
        Row { terms: unknowns.iter().map(|unknown| (*unknown, 1)).collect(), least: sum, most: sum, aim: None }
    }

    #[test]
    fn halves_do_not_fit() {
        // Narrowing sees nothing, and a table of halves contradicts no sum: only trying does.
        let rows = [row(&[0, 1], 1), row(&[1, 2], 1), row(&[0, 2], 1)];
        assert_eq!(fits(3, &rows), Answer::Contradiction);
    }

    #[test]
    fn sums_that_differ_over_the_same_groups_contradict() {
        let rows = [row(&[0, 1], 3), row(&[2, 3], 4), row(&[0, 2], 5), row(&[1, 3], 3)];
        assert_eq!(fits(4, &rows), Answer::Contradiction);
        let rows = [row(&[0, 1], 3), row(&[2, 3], 4), row(&[0, 2], 5), row(&[1, 3], 2)];
        assert!(matches!(fits(4, &rows), Answer::Fits(_)));
    }

    #[test]
    fn factors_of_either_sign_are_narrowed() {
        // 4 × the second is at least 3 × the first, which is 5; the second is at most 4, then at most 3.
        let raised = Row { terms: vec![(1, 4), (0, -3)], least: 0, most: i64::MAX, aim: None };
        let most = |most| Row { terms: vec![(1, 1)], least: 0, most, aim: None };
        assert_eq!(fits(2, &[row(&[0], 5), raised.clone(), most(4)]), Answer::Fits(vec![5, 4]));
        assert_eq!(fits(2, &[row(&[0], 5), raised, most(3)]), Answer::Contradiction);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

        /// The answer is that of trying every table of four numbers up to 3.
        #[test]
        fn answers_are_those_of_enumeration(sums in prop::collection::vec((1_usize..16, 0_i64..6), 1..7)) {
            let of = |bits: usize| (0..4).filter(|at| bits >> at & 1 == 1).collect::<Vec<usize>>();
            let mut rows: Vec<Row> = sums.iter().map(|(bits, sum)| row(&of(*bits), *sum)).collect();
            rows.extend((0..4).map(|at| Row { terms: vec![(at, 1)], least: 0, most: 3, aim: None }));
            let tables = (0..256).map(|bits: i64| (0..4).map(|at| bits >> (2 * at) & 3).collect::<Vec<i64>>());
            let some = tables.into_iter().any(|table| holds(&rows, &table));
            match fits(4, &rows) {
                Answer::Fits(table) => prop_assert!(holds(&rows, &table)),
                Answer::Contradiction => prop_assert!(!some),
                Answer::Undecided => prop_assert!(false, "so few tables are soon tried"),
            }
        }
    }
}
