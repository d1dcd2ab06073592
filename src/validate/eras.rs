//! What a year that cannot be meant probably is: one of another calendar, or one with a mistyped digit.

/// A calendar whose year begins within one of the Common Era, which is why it is either of two.
struct Calendar {
    name: &'static str,
    /// What is added to a year of it for the year of the Common Era in which it begins.
    to_common: i32,
}

/// Calendars whose years are behind those of the Common Era.
const BEHIND: [Calendar; 2] = [
    Calendar { name: "Solar Hijri", to_common: 621 },
    Calendar { name: "Bengali", to_common: 593 },
];
/// The one whose years are ahead by decades.
const AHEAD: Calendar = Calendar { name: "Bikram Sambat", to_common: -57 };
/// Years that a table of these days may hold, for years whose issue is not known.
const RECENT: std::ops::RangeInclusive<i32> = 1990..=2045;
/// So many years before the issue are those of a row that is newly entered.
const NEW: i32 = 30;

/// How a year after that of the issue was probably meant.
pub(super) fn hint(year: i32, issue: i32) -> Option<String> {
    let fits = |year: &i32| (issue - NEW..=issue).contains(year);
    let mistyped = mistyped(year).into_iter().filter(fits).max().map(|meant| format!("{meant}, with a digit mistyped or two transposed"));
    let begins = year + AHEAD.to_common;
    let era = fits(&begins).then(|| {
        format!("{} in the Common Era, of which {} is 56 to 57 years ahead", two_years(begins), AHEAD.name)
    });
    let meant: Vec<String> = era.into_iter().chain(mistyped).collect();
    (!meant.is_empty()).then(|| format!("is it {}?", meant.join("; or ")))
}

/// What a year of the Middle Ages is in the Common Era, by the calendars in which it would be of these days.
pub(super) fn common(year: i32) -> Option<String> {
    let hijri = ("Hijri", lunar(year));
    let solar = BEHIND.iter().map(|calendar| (calendar.name, year + calendar.to_common));
    let found: Vec<String> = solar
        .chain([hijri])
        .filter(|(_, common)| RECENT.contains(common))
        .map(|(name, common)| format!("{} by the {name} calendar", two_years(common)))
        .collect();
    (!found.is_empty()).then(|| format!("in the Common Era it is {}", found.join(", ")))
}

/// The year of the Common Era in which a year of twelve moons begins: 33 of them are 32 of the sun.
fn lunar(year: i32) -> i32 {
    year - year / 33 + 622
}

/// `2023–24`.
fn two_years(first: i32) -> String {
    format!("{first} or {}", first + 1)
}

/// The years that differ from one in two digits that changed places, or in the digit of the century.
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
        let said = |year| hint(year, 2024).unwrap_or_default();
        assert_eq!(said(2203), "is it 2023, with a digit mistyped or two transposed?");
        assert_eq!(said(2032), "is it 2023, with a digit mistyped or two transposed?");
        assert_eq!(said(2123), "is it 2023, with a digit mistyped or two transposed?");
        assert!(said(2080).starts_with("is it 2023 or 2024 in the Common Era, of which Bikram Sambat"), "{}", said(2080));
        assert_eq!(hint(2026, 2024), None);
    }

    #[test]
    fn a_year_of_the_middle_ages_is_one_of_these_days() {
        assert_eq!(common(1402).as_deref(), Some("in the Common Era it is 2023 or 2024 by the Solar Hijri calendar, 1995 or 1996 by the Bengali calendar"));
        assert!(common(1445).is_some_and(|said| said.contains("2023 or 2024 by the Hijri calendar")));
        assert_eq!(common(1204), None);
    }
}
