//! The newest figure of a series, and the one before it that a change may be read from.

use chrono::Datelike;

use crate::disclosure::protect::ReleasedCell;
use crate::value::period::Period;

/// The latest whole year of a series, and the latest one before it that a change may be read from: none if a year between them is
/// withheld. A later part of a year goes first where the same part of an earlier year is known.
#[must_use]
pub fn latest<'c>(series: &[&'c ReleasedCell]) -> Option<(&'c ReleasedCell, Option<&'c ReleasedCell>)> {
    let known = || series.iter().copied().rev().filter(|cell| cell.value.is_some());
    let mut years = known().filter(|cell| cell.period.whole_year().is_some());
    let year = years.next();
    let later = |cell: &&ReleasedCell| year.is_none_or(|year| cell.period.start() > year.period.end());
    let mut parts = known().filter(|cell| part_of_year(&cell.period).is_some() && later(cell));
    let pair = |now: &'c ReleasedCell| {
        let part = part_of_year(&now.period)?;
        let mut earlier = known().filter(|cell| cell.period.end() < now.period.start());
        Some((now, Some(earlier.find(|cell| part_of_year(&cell.period) == Some(part))?)))
    };
    parts.find_map(pair).or_else(|| Some((year?, years.next()))).map(|(now, before)| {
        (now, before.filter(|before| !series.iter().any(|cell| cell.is_withheld_between(before, now))))
    })
}

/// The same, or the last period of a series in which no year is known: a key figure shows that.
#[must_use]
pub fn newest<'c>(series: &[&'c ReleasedCell]) -> Option<(&'c ReleasedCell, Option<&'c ReleasedCell>)> {
    latest(series).or_else(|| Some((series.last().copied()?, None)))
}

/// From which day of a year to which, of a period longer than a day and shorter than a year.
fn part_of_year(period: &Period) -> Option<[u32; 4]> {
    let (from, to) = (period.start(), period.end());
    let part = from.year() == to.year() && period.whole_year().is_none() && !period.is_day();
    part.then(|| [from.month(), from.day(), to.month(), to.day()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_years_are_alike_by_their_days() {
        let part = |text: &str| part_of_year(&Period::parse(text).expect("a period"));
        assert_eq!(part("2024-01/2024-06"), part("2025-01/2025-06~"));
        assert_ne!(part("2024-01/2024-06"), part("2025-01/2025-07"));
        assert_eq!(part("2024-06"), Some([6, 1, 6, 30]));
        for text in ["2024", "2024-06-30", "2023-07/2024-06", "2024-01/2024-12"] {
            assert_eq!(part(text), None, "{text}");
        }
    }
}
