//! Whether sources contradict one another: they agree when one number satisfies all of them.

use crate::summarise::Statement;
use crate::value::{Value, satisfying};

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
        values.all(|other| equal(first, other))
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Code(a), Value::Code(b)) => a == b,
        // Written digits are compared as the number they are: 6.5 is 6.50.
        _ => a.number().zip(b.number()).is_some_and(|(a, b)| (a - b).abs() < f64::EPSILON),
    }
}
