//! Whether some whole numbers, none negative, make every sum what it must be.
//!
//! Ranges are narrowed sum by sum, which is exact in whole numbers. What is left falls into parts that share no unknown. Of each
//! part the sums are eliminated from each other, which finds those that contradict each other whatever the unknowns are. Then a
//! search looks for a table; one that it finds is held against every sum. If it finds none, an attack in fractions looks for
//! a contradiction between sums of numbers that are not negative, and last every table is tried, branch by branch. Each
//! answer but "undecided" is proved.

use std::collections::BTreeMap;

use super::chance::Chance;
use super::search::{Range, Row, settle};
use crate::disclosure::attack::{Sum, attack, table};

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
const EFFORT: u64 = 300;
/// How often the search begins again.
const AGAIN: usize = 8;
/// How many numbers an elimination may look at.
const ELIMINATED: u64 = 2_000_000_000;
/// A prime whose products fit (a Mersenne prime).
const PRIME: i128 = (1 << 61) - 1;
/// How many branches are tried.
const BRANCHES: usize = 20_000;
/// How many unknowns times sums an attack in fractions takes on, and how many unknowns the trying of all tables.
const ATTACKED: usize = 500_000;
const TRIED: usize = 2_000;

/// Looks for `unknowns` whole numbers.
pub(super) fn fits(unknowns: usize, rows: &[Row]) -> Answer {
    let of = of_unknown(unknowns, rows);
    let mut ranges = vec![(0, MOST); unknowns];
    if !narrow(rows, &of, &mut ranges, (0..rows.len()).collect()) {
        return Answer::Contradiction;
    }
    let mut table: Vec<i64> = ranges.iter().map(|range| range.0).collect();
    let mut answer = Answer::Undecided;
    for (own, inside) in parts(rows, &ranges) {
        let narrowed: Vec<Range> = own.iter().map(|unknown| ranges[*unknown]).collect();
        answer = part(&inside, narrowed);
        let Answer::Fits(found) = answer else { return answer };
        own.iter().zip(found).for_each(|(unknown, number)| table[*unknown] = number);
        answer = Answer::Undecided;
    }
    if holds(rows, &table) { Answer::Fits(table) } else { answer }
}

/// The unknowns that are open and hang together by rows, each part with its rows, which count unknowns by their place in it.
fn parts(rows: &[Row], ranges: &[Range]) -> Vec<(Vec<usize>, Vec<Row>)> {
    let open = |unknown: usize| ranges[unknown].0 < ranges[unknown].1;
    let mut leader: Vec<usize> = (0..ranges.len()).collect();
    for row in rows {
        let mut inside = row.terms.iter().map(|(unknown, _)| *unknown).filter(|unknown| open(*unknown));
        let Some(first) = inside.next() else { continue };
        for unknown in inside {
            let (one, other) = (root(&mut leader, first), root(&mut leader, unknown));
            leader[one.max(other)] = one.min(other);
        }
    }
    let mut parts: BTreeMap<usize, (Vec<usize>, Vec<Row>)> = BTreeMap::new();
    let mut place = vec![0; ranges.len()];
    for unknown in (0..ranges.len()).filter(|unknown| open(*unknown)) {
        let (own, _) = parts.entry(root(&mut leader, unknown)).or_default();
        place[unknown] = own.len();
        own.push(unknown);
    }
    for row in rows {
        let (inside, fixed): (Vec<_>, Vec<_>) = row.terms.iter().partition(|(unknown, _)| open(*unknown));
        let Some((first, _)) = inside.first() else { continue };
        let fixed: i64 = fixed.iter().map(|(unknown, factor)| factor * ranges[*unknown].0).sum();
        let terms = inside.iter().map(|(unknown, factor)| (place[*unknown], *factor)).collect();
        let own = Row { terms, least: row.least - fixed, most: row.most - fixed, aim: None };
        parts.entry(root(&mut leader, *first)).or_default().1.push(own);
    }
    parts.into_values().collect()
}

fn root(leader: &mut [usize], mut unknown: usize) -> usize {
    while leader[unknown] != unknown {
        leader[unknown] = leader[leader[unknown]];
        unknown = leader[unknown];
    }
    unknown
}

/// Looks for the numbers of one part, whose unknowns are all open.
fn part(rows: &[Row], ranges: Vec<Range>) -> Answer {
    if contradicts(rows, ranges.len()) {
        return Answer::Contradiction;
    }
    let mut chance = Chance::fixed();
    let start: Vec<i64> = ranges.iter().map(|range| range.0).collect();
    let mut table = start.clone();
    if settle(rows, &ranges, &mut table, &mut chance, EFFORT) {
        return Answer::Fits(table);
    }
    if let Some(answer) = in_fractions(rows, ranges.len()) {
        return answer;
    }
    let plain: Vec<Row> = rows.iter().filter(|row| is_plain(row)).cloned().collect();
    for _ in 0..AGAIN {
        table.clone_from(&start);
        // Sums with other factors than 1 are looked at once the others hold.
        settle(&plain, &ranges, &mut table, &mut chance, EFFORT);
        if settle(rows, &ranges, &mut table, &mut chance, EFFORT) {
            return Answer::Fits(table);
        }
    }
    if ranges.len() > TRIED {
        return Answer::Undecided;
    }
    let (of, mut left) = (of_unknown(ranges.len(), rows), BRANCHES);
    match branch(rows, &of, ranges, &mut left) {
        Some(table) => Answer::Fits(table),
        None if left > 0 => Answer::Contradiction,
        None => Answer::Undecided,
    }
}

/// Whether the sums contradict each other whatever the unknowns are: eliminated modulo a prime, 0 is some other number. Whole
/// numbers that have these sums would have them modulo the prime, too.
fn contradicts(rows: &[Row], unknowns: usize) -> bool {
    let exact: Vec<&Row> = rows.iter().filter(|row| row.least == row.most).collect();
    if (exact.len() as u64).pow(2) * unknowns as u64 > ELIMINATED {
        return false;
    }
    let modulo = |number: i64| i128::from(number).rem_euclid(PRIME);
    let mut left: Vec<Vec<i128>> = Vec::new();
    for row in exact {
        let mut line = vec![0; unknowns + 1];
        row.terms.iter().for_each(|(unknown, factor)| line[*unknown] = modulo(*factor));
        line[unknowns] = modulo(row.least);
        left.push(line);
    }
    while let Some(line) = left.pop() {
        let Some(pivot) = line.iter().position(|number| *number != 0) else { continue };
        if pivot == unknowns {
            return true;
        }
        let inverse = power(line[pivot], PRIME - 2);
        for other in left.iter_mut().filter(|other| other[pivot] != 0) {
            let times = other[pivot] * inverse % PRIME;
            for (own, number) in other.iter_mut().zip(&line).skip(pivot).filter(|(_, number)| **number != 0) {
                *own = (*own + (PRIME - times) * number) % PRIME;
            }
        }
    }
    false
}

/// A power modulo the prime.
fn power(number: i128, exponent: i128) -> i128 {
    let (mut all, mut square, mut left) = (1, number, exponent);
    while left > 0 {
        if left % 2 == 1 {
            all = all * square % PRIME;
        }
        (square, left) = (square * square % PRIME, left / 2);
    }
    all
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
    let holds = |row: &Row| {
        let terms = row.terms.iter().map(|(unknown, factor)| i128::from(*factor) * i128::from(table[*unknown]));
        (i128::from(row.least)..=i128::from(row.most)).contains(&terms.sum::<i128>())
    };
    table.iter().all(|number| *number >= 0) && rows.iter().all(holds)
}

/// Narrows the ranges by the rows that wait, until nothing changes; false where a range is empty.
fn narrow(rows: &[Row], of: &[Vec<usize>], ranges: &mut [Range], mut waiting: Vec<usize>) -> bool {
    let mut waits = vec![false; rows.len()];
    waiting.iter().for_each(|row| waits[*row] = true);
    while let Some(number) = waiting.pop() {
        waits[number] = false;
        let row = &rows[number];
        let (low, high) = reach(row, ranges);
        if low > i128::from(row.most) || high < i128::from(row.least) {
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

fn is_plain(row: &Row) -> bool {
    row.terms.iter().all(|(_, factor)| *factor == 1)
}

/// What an attack in fractions finds within its work allowance: sums that contradict each other, or a table that happens to be
/// of whole numbers, as those of linked tables often are.
fn in_fractions(rows: &[Row], unknowns: usize) -> Option<Answer> {
    let sum = |row: &Row| {
        let atoms = row.terms.iter().map(|(unknown, _)| *unknown).collect();
        Sum { atoms, least: i128::from(row.least).max(0), most: Some(row.most.into()) }
    };
    // A sum with other factors than 1 is left out: what contradicts without it contradicts with it.
    let plain: Vec<&Row> = rows.iter().filter(|row| is_plain(row)).collect();
    let sums: Vec<Sum> = plain.iter().map(|row| sum(row)).collect();
    if sums.len() * unknowns > ATTACKED {
        return None;
    }
    if let Some(found) = table(unknowns, &sums) {
        let found: Option<Vec<i64>> = found.iter().map(|number| i64::try_from(*number).ok()).collect();
        return found.filter(|table| holds(rows, table)).map(Answer::Fits);
    }
    (!attack(unknowns, &sums, &[], 1).clash.is_empty()).then_some(Answer::Contradiction)
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
        if narrow(rows, of, &mut narrowed, of[unknown].clone())
            && let Some(found) = branch(rows, of, narrowed, left)
        {
            return Some(found);
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
        let raised = Row { terms: vec![(1, 4), (0, -3)], least: 0, most: 1 << 60, aim: None };
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
