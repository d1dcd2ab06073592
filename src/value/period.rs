//! The period that a number is about: a range of days, with the text that its row writes.

use std::cmp::Ordering;

use chrono::{Datelike, Days, Months, NaiveDate};

/// An inclusive range of days. Two periods are equal if their bounds are, however they are written.
#[derive(Debug, Clone)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
    text: String,
    inferred: bool,
}

/// The earliest year: an earlier one is mistyped, a count, or a year of another calendar.
pub const EARLIEST: i32 = 1800;
/// A later year is one of the Buddhist Era, which is [`BUDDHIST`] years ahead.
pub const AHEAD: i32 = 2400;
/// A regular expression that every period fits; not everything that fits is one.
pub const PATTERN: &str = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?~?$";
/// The difference between the Buddhist and the Common Era in years.
pub const BUDDHIST: i32 = 543;

impl Period {
    /// Reads `2007`, `2007-10`, `2007-10-05`, or two of these joined by `/`; a final `~` marks inferred bounds.
    ///
    /// # Errors
    /// The error as a message: lower case, no full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (body, inferred) = text.strip_suffix('~').map_or((text, false), |body| (body, true));
        let (first, last) = body.split_once('/').unwrap_or((body, body));
        let (start, end) = (bounds(first)?.0, bounds(last)?.1);
        if end < start {
            return Err(format!("`{text}` ends before it begins"));
        }
        if start.year() < EARLIEST {
            return Err(format!("`{text}` is too far back in the calendar"));
        }
        Ok(Self { start, end, text: body.to_owned(), inferred })
    }

    /// The calendar year `year`.
    ///
    /// # Errors
    /// When the calendar has no such year.
    pub fn year(year: i32) -> Result<Self, String> {
        Self::parse(&format!("{year:04}"))
    }

    /// The first day.
    #[must_use]
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// The last day.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    /// The text of its row, without the `~` of inferred bounds. Figure ids use it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the bounds are inferred, not stated by the source.
    #[must_use]
    pub fn inferred(&self) -> bool {
        self.inferred
    }

    /// The calendar year, if the period is exactly one.
    #[must_use]
    pub fn whole_year(&self) -> Option<i32> {
        (Self::year(self.start.year()).ok()? == *self).then(|| self.start.year())
    }

    /// How many years it lasts, if that is a whole number.
    #[must_use]
    pub fn whole_years(&self) -> Option<u32> {
        let after = self.end.checked_add_days(Days::new(1))?;
        let same_day = (after.month(), after.day()) == (self.start.month(), self.start.day());
        u32::try_from(after.year() - self.start.year()).ok().filter(|years| same_day && *years > 0)
    }

    /// Whether `other` is inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether this is a less precise form of `finer`, so that both can be true: `2003` of `2003-09`, `2006/2009` of
    /// `2006-03/2009-11`, inferred bounds of anything inside them. A period that is just as precise is another one:
    /// `2016/2020` is not `2017/2020`.
    #[must_use]
    pub fn is_coarser_than(&self, finer: &Self) -> bool {
        let (own, other) = (self.ends(), finer.ends());
        let within = |(from, to): (NaiveDate, NaiveDate), (first, last)| from <= first && last <= to;
        let each_end = within(own[0].0, other[0].0) && within(own[1].0, other[1].0);
        let point = !finer.text.contains('/');
        let finest = |ends: &[((NaiveDate, NaiveDate), usize)]| ends.iter().map(|(_, precision)| *precision).max();
        let coarse = self.inferred || point && finest(&own) < finest(&other);
        self != finer && self.contains(finer) && (each_end || coarse)
    }

    /// Its two ends: the days of each, and how many parts its date has.
    fn ends(&self) -> [((NaiveDate, NaiveDate), usize); 2] {
        let (first, last) = self.text.split_once('/').unwrap_or((&self.text, &self.text));
        // The text has been parsed before, so this cannot fail.
        let end = |text: &str| (bounds(text).unwrap_or((self.start, self.end)), text.split('-').count());
        [end(first), end(last)]
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// Whether `next` begins on the day after this ends.
    #[must_use]
    pub fn meets(&self, next: &Self) -> bool {
        self.end.checked_add_days(Days::new(1)) == Some(next.start)
    }

    /// Whether `next` is the period after this: the year after a year, the same part of the year after, or what begins as this ends.
    #[must_use]
    pub fn precedes(&self, next: &Self) -> bool {
        let year_later = |day: NaiveDate| day.checked_add_months(Months::new(12));
        // The end of a February moves with its year.
        let ends = |period: &Self| period.end.checked_add_days(Days::new(1));
        self.meets(next)
            || !self.is_day()
                && year_later(self.start) == Some(next.start)
                && ends(self).and_then(year_later) == ends(next)
    }

    /// Whether it is a single day, as the date of a stock is.
    #[must_use]
    pub fn is_day(&self) -> bool {
        self.start == self.end
    }

    /// The period in decimal years, without its end, for a time axis: 2007 is 2007.0 to 2008.0.
    #[must_use]
    pub fn decimal(&self) -> (f64, f64) {
        let after = self.end.checked_add_days(Days::new(1)).unwrap_or(self.end);
        (decimal(self.start), decimal(after))
    }
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.end) == (other.start, other.end)
    }
}

impl Eq for Period {}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.start, self.end).cmp(&(other.start, other.end))
    }
}

/// The first and the last day of a year, a month or a day.
fn bounds(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !digits || !matches!(widths.as_slice(), [4] | [4, 2] | [4, 2, 2]) {
        return Err(format!("`{text}` is not a year, a month or a day such as `2007`, `2007-10` or `2007-10-05`"));
    }
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
    let year = parts[0].parse().map_err(|_| format!("`{text}` is not a year"))?;
    let first = NaiveDate::from_ymd_opt(year, number(1).unwrap_or(1), number(2).unwrap_or(1));
    let first = first.ok_or_else(|| format!("`{text}` does not exist in the calendar"))?;
    let last = match parts.len() {
        1 => NaiveDate::from_ymd_opt(year, 12, 31),
        2 => first.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt()),
        _ => Some(first),
    };
    Ok((first, last.ok_or_else(|| format!("`{text}` does not exist in the calendar"))?))
}

fn decimal(day: NaiveDate) -> f64 {
    let length = if day.leap_year() { 366.0 } else { 365.0 };
    f64::from(day.year()) + f64::from(day.ordinal0()) / length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).expect(text)
    }

    #[test]
    fn bounds_follow_precision() {
        assert_eq!(period("2007-04/2008-03"), period("2007-04-01/2008-03-31"));
        assert_eq!(period("2007").whole_year(), Some(2007));
        assert_eq!(period("2006/2009-11-24").end(), NaiveDate::from_ymd_opt(2009, 11, 24).expect("a day"));
        assert!(period("2008-03-31~").inferred() && period("2008-03-31~").is_day());
        assert_eq!(period("2007").decimal(), (2007.0, 2008.0));
    }

    #[test]
    fn years_are_whole_or_none() {
        let years = |text: &str| period(text).whole_years();
        assert_eq!(years("2007"), Some(1));
        assert_eq!(years("2008/2012"), Some(5));
        assert_eq!(years("2007-04/2010-03"), Some(3));
        for text in ["2006-05/2016-11", "2022-06/2023-01-10", "2006/2009-11-24", "2007-01", "2007-05-31"] {
            assert_eq!(years(text), None, "{text}");
        }
    }

    #[test]
    fn a_period_precedes_the_next_of_its_kind_only() {
        let precedes = |one: &str, next: &str| period(one).precedes(&period(next));
        for (one, next) in [
            ("2023", "2024"),
            ("2024-01/2024-06", "2025-01/2025-06"),
            ("2023-04/2024-03", "2024-04/2025-03"),
            ("2024-01/2024-06", "2024-07/2024-12"),
            ("2023-02", "2024-02"),
            ("2023", "2024-01/2024-06~"),
        ] {
            assert!(precedes(one, next) && !precedes(next, one), "{one} and {next}");
        }
        for (one, next) in [("2022", "2024"), ("2023-01/2023-06", "2025-01/2025-06")] {
            assert!(!precedes(one, next), "{one} and {next}");
        }
        assert!(
            !precedes("2023-06-30", "2024-06-30"),
            "what stands on two days a year apart says nothing of the time between"
        );
    }

    #[test]
    fn a_coarser_date_says_the_same_in_fewer_words() {
        let coarser = |one: &str, other: &str| period(one).is_coarser_than(&period(other));
        for (one, other) in [
            ("2003", "2003-09"),
            ("2003-09", "2003-09-05"),
            ("2003", "2003-09/2003-11"),
            ("2006/2009", "2006-03/2009-11-24"),
            ("2003/2004", "2003-09"),
            ("2019-04/2020-03~", "2019-06"),
        ] {
            assert!(coarser(one, other) && !coarser(other, one), "{one} and {other}");
        }
        for (one, other) in [
            ("2003", "2003"),
            ("2003", "2003-01/2003-12"),
            ("2003", "2004-01"),
            ("2016/2020", "2017/2020"),
            ("2016/2020", "2018"),
            ("2006-03/2009-11", "2006-05/2009-10"),
        ] {
            assert!(!coarser(one, other) && !coarser(other, one), "{one} and {other}");
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "07", "2007-13", "2007-02-30", "2008/2007", "2007-1", "20l9", "2007/", "~"] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn neighbours_meet_without_gap() {
        assert!(period("2007-01/2007-06").meets(&period("2007-07/2007-12")));
        assert!(!period("2007-01/2007-06").meets(&period("2007-08")));
    }
}
