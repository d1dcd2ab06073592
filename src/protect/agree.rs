//! Whether sources contradict one another: they agree when one number satisfies all of them.

use crate::summarise::Statement;
use crate::value::satisfying;

/// Whether one value satisfies `first` and every other statement; states without a value contradict nothing.
pub(super) fn agree(first: &Statement, others: &[Statement]) -> bool {
    let valued =
        || std::iter::once(first).chain(others).filter_map(|s| s.outcome.as_ref().ok().map(|v| (v, s.qualifier)));
    let counts: Option<Vec<(i64, i64)>> = valued().map(|(value, q)| value.count().map(|c| satisfying(c, q))).collect();
    if let Some(intervals) = counts {
        let least = intervals.iter().map(|(least, _)| *least).max();
        let most = intervals.iter().map(|(_, most)| *most).min();
        least <= most
    } else {
        let mut values = valued().map(|(value, _)| value);
        let Some(first) = values.next() else { return true };
        values.all(|other| first.equals(other))
    }
}
