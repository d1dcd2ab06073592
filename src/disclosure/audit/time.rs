//! Which columns hold dates or periods. Counts of different years need not add up to a total.

use super::columns::fold;

/// Labels of such columns.
const TIMES: [&str; 11] = [
    "year",
    "time",
    "time_period",
    "time period",
    "period",
    "date",
    "quarter",
    "month",
    "ref_date",
    "reference year",
    "edition",
];

/// Whether a column of this label holds dates or periods.
pub(super) fn is_time(label: &str) -> bool {
    TIMES.contains(&fold(label).as_str())
}
