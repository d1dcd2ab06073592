//! z before any repair: one case in b of those that came since the last release.
//!
//! The cases that came stand in a row, group by group, and every b-th is taken (systematic sampling: Cochran, "Sampling
//! techniques", 1977, chapter 8). So a run of groups has within one as many as a b-th of its cases, and a figure is seldom out
//! of bounds. The first one taken is decided by the key; from release to release the counting goes on. It is random rounding to
//! base b (Fellegi, "Controlled random rounding", Survey Methodology 1, 1975) of all groups at once, and additive.

use super::chance::number;
use super::key::Key;
use super::room::{Part, Room};

/// How many cases are passed by before the first is taken, of all that have ever come: less than the base.
pub(super) fn start(key: &Key, identity: &str, base: i64) -> i64 {
    let code = number(&key.code(&[b"start", identity.as_bytes()]));
    // Less than the base, which fits.
    i64::try_from(code % base.unsigned_abs().max(1)).unwrap_or(0)
}

/// z of each group, in the order of the room.
pub(super) fn sampled(room: &Room<'_>, start: i64, key: &Key) -> Vec<i64> {
    let (year, base) = (room.year, room.year.terms.base());
    let mut until = (start - year.passed).rem_euclid(base);
    let taken = room.order.iter().map(|group| {
        let came = year.groups[*group].came();
        let taken = if came > until { (came - until - 1) / base + 1 } else { 0 };
        until += taken * base - came;
        taken
    });
    let mut table: Vec<i64> = taken.collect();
    for part in &room.formers {
        match part.groups.as_slice() {
            [group] => table[*group] += part.least,
            _ => divide(room, part, &mut table, key),
        }
    }
    table
}

/// Divides what has been taken of a former group among the groups into which it divides, again by a systematic sample: of all
/// that they have grown by. So the new figures are as near to the truth as if they had been asked from the start.
fn divide(room: &Room<'_>, part: &Part, table: &mut [i64], key: &Key) {
    let year = room.year;
    let taken: i64 = part.least + part.groups.iter().map(|group| table[*group]).sum::<i64>();
    let mut weights: Vec<i128> =
        part.groups.iter().map(|group| year.groups[room.order[*group]].growth().max(0).into()).collect();
    if weights.iter().all(|weight| *weight == 0) {
        // All that had come is gone again.
        weights.fill(1);
    }
    let (all, count) = (weights.iter().sum::<i128>(), i128::from(taken));
    let name = part.groups.first().map_or("", |group| year.groups[room.order[*group]].name.as_str());
    let start = number(&key.code(&[b"divide", year.identity.as_bytes(), name.as_bytes()]));
    let start = i128::from(start) % all;
    // The k-th place is (start + k × all) / count of all; before `end` lie those with start + k × all < end × count.
    let before = |end: i128| ((end * count - start + all - 1) / all).clamp(0, count);
    let mut end = 0;
    for (group, weight) in part.groups.iter().zip(weights) {
        let first = before(end);
        end += weight;
        // At most what was taken, which fits.
        table[*group] = i64::try_from(before(end) - first).unwrap_or(0);
    }
}
