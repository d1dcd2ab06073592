//! The values of cells, and how the standard (XML Schema) writes them.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

/// The value of a cell, independent of how it was written. Values of different types cannot be compared.
#[derive(Debug, Clone, PartialEq)]
pub enum Logical {
    /// Words.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A boolean.
    Boolean(bool),
    /// A day.
    Date(NaiveDate),
    /// A date with a time; in Coordinated Universal Time if the cell has a time zone.
    Datetime(NaiveDateTime),
    /// A time of day.
    Time(NaiveTime),
    /// A year.
    Year(i32),
    /// A year and a month.
    YearMonth(i32, u32),
    /// Several values.
    List(Vec<Logical>),
}

impl PartialOrd for Logical {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => one.partial_cmp(other),
            (Self::Number(one), Self::Number(other)) => one.partial_cmp(other),
            (Self::Date(one), Self::Date(other)) => one.partial_cmp(other),
            (Self::Datetime(one), Self::Datetime(other)) => one.partial_cmp(other),
            (Self::Time(one), Self::Time(other)) => one.partial_cmp(other),
            (Self::Year(one), Self::Year(other)) => one.partial_cmp(other),
            (Self::YearMonth(one, month), Self::YearMonth(other, other_month)) => {
                (one, month).partial_cmp(&(other, other_month))
            }
            (one, other) => (one == other).then_some(Ordering::Equal),
        }
    }
}

impl Logical {
    /// Whether it is not an infinite number or `NaN`.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        !matches!(self, Self::Number(number) if !number.is_finite())
    }

    /// The number of characters or items; none for a value without a length.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.chars().count()),
            Self::List(items) => Some(items.len()),
            _ => None,
        }
    }
}

/// An integer of XML Schema: digits, leading zeros and a sign allowed, so that `+5` is 5 and `007` is 7.
pub(super) fn integer(written: &str) -> Option<i64> {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    written.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A number of XML Schema: a decimal with an exponent or none, or `NaN`, `INF`, `-INF`.
pub(super) fn number(written: &str) -> Option<f64> {
    match written {
        "NaN" => return Some(f64::NAN),
        "INF" => return Some(f64::INFINITY),
        "-INF" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    let plain = written.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    written.parse().ok().filter(|number: &f64| plain && number.is_finite())
}

/// A year of four digits.
pub(super) fn year(written: &str) -> Option<i32> {
    (written.len() == 4 && digits(written)).then(|| written.parse().ok()).flatten()
}

/// A year and a month, `2007-10`.
pub(super) fn year_month(written: &str) -> Option<(i32, u32)> {
    let (first, month) = written.split_once('-')?;
    let month = (month.len() == 2 && digits(month)).then(|| month.parse().ok()).flatten()?;
    Some((year(first)?, month)).filter(|_| (1..=12).contains(&month))
}

/// A day of XML Schema, `2007-10-05`.
pub(super) fn date(written: &str) -> Option<NaiveDate> {
    let shape = written.len() == 10 && written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    NaiveDate::parse_from_str(written, "%Y-%m-%d").ok().filter(|_| shape)
}

/// A time of XML Schema: hours, minutes and seconds, optionally with fractions and a time zone, which is ignored.
pub(super) fn time(written: &str) -> Option<NaiveTime> {
    let (time, _) = zone(written);
    let shape = time.get(..8).is_some_and(|clock| clock.split(':').all(|part| part.len() == 2));
    NaiveTime::parse_from_str(time, "%H:%M:%S%.f").ok().filter(|_| shape)
}

/// A date and a time of XML Schema joined by `T`; with a time zone it is converted to Coordinated Universal Time.
pub(super) fn datetime(written: &str) -> Option<NaiveDateTime> {
    if let (_, Some(_)) = zone(written) {
        return DateTime::parse_from_rfc3339(written).ok().map(|moment| moment.naive_utc());
    }
    let (day, rest) = written.split_once('T')?;
    Some(date(day)?.and_time(time(rest)?))
}

/// The text without its time zone, and the time zone.
fn zone(written: &str) -> (&str, Option<&str>) {
    if let Some(before) = written.strip_suffix('Z') {
        return (before, Some("Z"));
    }
    match written.len().checked_sub(6).and_then(|at| written.split_at_checked(at)) {
        Some((before, zone)) if zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":") => (before, Some(zone)),
        _ => (written, None),
    }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_those_of_the_standard() {
        for (written, value) in [("5", 5), ("+5", 5), ("007", 7), ("-0", 0), ("-12", -12)] {
            assert_eq!(integer(written), Some(value), "{written}");
        }
        for written in ["", "+", "1.0", "1e3", " 5", "5 ", "1,000", "٣", "99999999999999999999"] {
            assert_eq!(integer(written), None, "{written}");
        }
    }

    #[test]
    fn numbers_are_those_of_the_standard() {
        for (written, value) in [("5", 5.0), ("+.5", 0.5), ("5.", 5.0), ("-1.5e-1", -0.15), ("1E3", 1000.0)] {
            assert_eq!(number(written), Some(value), "{written}");
        }
        assert!(number("NaN").is_some_and(f64::is_nan));
        assert_eq!(number("-INF"), Some(f64::NEG_INFINITY));
        for written in ["", ".", "inf", "nan", "infinity", "1e999", "1,5", "0x1"] {
            assert_eq!(number(written), None, "{written}");
        }
    }

    #[test]
    fn days_and_times_are_those_of_the_standard() {
        assert!(date("2008-02-29").is_some());
        for written in ["2007-02-29", "2007-2-3", "+2007-02-03", "20070203", "2007-02-03Z"] {
            assert_eq!(date(written), None, "{written}");
        }
        for written in ["15:00:00", "15:00:00.25", "15:00:00Z", "15:00:00+07:00"] {
            assert!(time(written).is_some(), "{written}");
        }
        for written in ["15:00", "5:00:00", "25:00:00", "15:00:00 ", ""] {
            assert_eq!(time(written), None, "{written}");
        }
        assert_eq!(datetime("2007-10-05T02:00:00+07:00"), datetime("2007-10-04T19:00:00"));
        for written in ["2007-10-05", "2007-10-05 15:00:00", "2007-10-05T15", "T15:00:00"] {
            assert_eq!(datetime(written), None, "{written}");
        }
        assert_eq!(year_month("2007-10"), Some((2007, 10)));
        assert!(year_month("2007-13").is_none() && year_month("2007-1").is_none() && year("02007").is_none());
    }
}
