//! An impossible year is probably a year of another calendar, or has a mistyped digit.

/// A calendar whose year begins in the middle of a Common Era year, so each of its years overlaps two.
struct Calendar {
    name: &'static str,
    /// Added to a year of this calendar, it gives the Common Era year in which that year begins.
    to_common: i32,
}

/// Calendars whose years are behind those of the Common Era.
const BEHIND: [Calendar; 2] =
    [Calendar { name: "Solar Hijri", to_common: 621 }, Calendar { name: "Bengali", to_common: 593 }];
/// The calendar whose years are ahead by decades.
const AHEAD: Calendar = Calendar { name: "Bikram Sambat", to_common: -57 };
/// Years that a table of today may contain, where the year of the issue is not known.
const RECENT: std::ops::RangeInclusive<i32> = 1990..=2035;
/// A newly entered row is at most this many years older than the issue.
const NEW: i32 = 30;

/// Whether a year is not in the future.
pub(super) fn is_recent(year: i32) -> bool {
    year <= *RECENT.end()
}

/// A hint for a year after that of the issue: what was probably meant.
pub(super) fn hint(year: i32, issue: i32) -> Option<String> {
    let fits = |year: &i32| (issue - NEW..=issue).contains(year);
    let meant = mistyped(year).into_iter().filter(fits).max().map(|meant| format!("did you mean {meant}?"));
    let begins = year + AHEAD.to_common;
    let era = || format!("in the {} calendar this is {} of the Common Era", AHEAD.name, two_years(begins));
    match (fits(&begins).then(era), meant) {
        (Some(era), Some(meant)) => Some(format!("{era}; or {meant}")),
        (era, meant) => era.or(meant),
    }
}

/// A hint for a year of the Middle Ages: the Common Era years it stands for in calendars in which it is recent.
pub(super) fn common(year: i32) -> Option<String> {
    let hijri = ("Hijri", lunar(year));
    let solar = BEHIND.iter().map(|calendar| (calendar.name, year + calendar.to_common));
    let found: Vec<String> = solar
        .chain([hijri])
        .filter(|(_, common)| RECENT.contains(common))
        .map(|(name, common)| format!("{} ({name} calendar)", two_years(common)))
        .collect();
    (!found.is_empty()).then(|| format!("in the Common Era this is {}", found.join(", ")))
}

/// The Common Era year in which a year of the Islamic calendar begins: the first began in July 622, and each lasts 0.970224
/// solar years.
fn lunar(year: i32) -> i32 {
    622 + ((year - 1) * 970_224 + 540_000) / 1_000_000
}

/// `2023 or 2024`.
fn two_years(first: i32) -> String {
    format!("{first} or {}", first + 1)
}

/// The years that a typist may have meant: two digits swapped, or another century.
fn mistyped(year: i32) -> Vec<i32> {
    let digits: Vec<char> = format!("{year:04}").chars().collect();
    let pairs = (0..4).flat_map(|first| (first + 1..4).map(move |second| (first, second)));
    let swapped = pairs.filter_map(|(first, second)| {
        let mut digits = digits.clone();
        digits.swap(first, second);
        digits.into_iter().collect::<String>().parse().ok()
    });
    swapped.chain([2000 + year % 100]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_after_the_issue_is_of_another_calendar_or_mistyped() {
        let hint_for = |year| hint(year, 2024).unwrap_or_default();
        for slip in [2203, 2032, 2123] {
            assert_eq!(hint_for(slip), "did you mean 2023?");
        }
        let era = "in the Bikram Sambat calendar this is 2023 or 2024 of the Common Era; or did you mean 2008?";
        assert_eq!(hint_for(2080), era);
        assert_eq!(hint(2026, 2024), None);
    }

    #[test]
    fn a_year_of_the_middle_ages_is_one_of_these_days() {
        assert_eq!(
            common(1402).as_deref(),
            Some("in the Common Era this is 2023 or 2024 (Solar Hijri calendar), 1995 or 1996 (Bengali calendar)")
        );
        assert!(common(1445).is_some_and(|hint| hint.contains("2023 or 2024 (Hijri calendar)")));
        assert_eq!(common(1204), None);
    }
}
