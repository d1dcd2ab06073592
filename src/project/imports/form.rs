//! How a delivered file writes periods, and what each text is as a period of ours.

use chrono::{Datelike, NaiveDate};

use crate::value::period::{AHEAD, BUDDHIST, EARLIEST};

/// How a period is written: `as` of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `2027`, `2027.0`.
    Year,
    /// `202704`, `2027-04`, `2027M04`, `2027 | 4`.
    Month,
    /// `2027Q2`, `2027-Q2`, `2027 | Q2`.
    Quarter,
    /// `2027-04-05`, with a time behind it or none.
    Day,
    /// `5/4/2027`, with `/`, `.` or `-`.
    DayMonthYear,
    /// `4/5/2027`, with `/`, `.` or `-`.
    MonthDayYear,
    /// `2027`, `2027-2028`.
    Years,
    /// `2027-28`: the twelve months that begin with this one.
    Fiscal(u32),
    /// `2029`: the twelve months that end with this one.
    Ends(u32),
}

/// How far days and months are coarsened: `upto` of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upto {
    /// To months.
    Month,
    /// To quarters.
    Quarter,
    /// To years.
    Year,
}

/// What a cell is beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dated {
    /// A text or a number.
    No,
    /// A number of a workbook, which may be the serial of a day.
    Number,
    /// A date of a workbook, written as far as its format shows it.
    Day,
}

/// A form with what else a field says of its periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dating {
    /// How a period is written.
    pub form: Form,
    /// Whether its years are those of the Buddhist Era.
    pub buddhist: bool,
    /// How far it is coarsened.
    pub upto: Option<Upto>,
    /// Whether digits of any script are read.
    pub any_digits: bool,
}

/// A period before it is written: a year, a month or a day, or two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    Year(i32),
    Month(i32, u32),
    Day(i32, u32, u32),
}

impl Form {
    /// The form of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let month = |name: &str| name.parse().ok().filter(|month| name.len() == 2 && (1..=12).contains(month));
        Some(match name {
            "year" => Self::Year,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "day" => Self::Day,
            "d/m/y" => Self::DayMonthYear,
            "m/d/y" => Self::MonthDayYear,
            "years" => Self::Years,
            _ => match name.strip_prefix("fiscal-") {
                Some(first) => Self::Fiscal(month(first)?),
                None => Self::Ends(month(name.strip_prefix("ends-")?)?),
            },
        })
    }

    /// Whether a date cell of a workbook is a period in this form.
    fn takes_days(self) -> bool {
        matches!(self, Self::Day | Self::DayMonthYear | Self::MonthDayYear)
    }
}

impl Dating {
    /// The period of a text, as our tables write it; none if it is none in this form.
    #[must_use]
    pub fn read(&self, text: &str, dated: Dated) -> Option<String> {
        let text = if self.any_digits { western(text) } else { text.to_owned() };
        let (first, last) = self.points(&text, dated)?;
        let (first, last) = (self.of_our_era(first)?, self.of_our_era(last)?);
        if !first.is_in_calendar() || !last.is_in_calendar() {
            return None;
        }
        let (first, last) = (self.coarsened(first, false), self.coarsened(last, true));
        Some(if first == last { first.written() } else { format!("{}/{}", first.written(), last.written()) })
    }

    fn points(&self, text: &str, dated: Dated) -> Option<(Point, Point)> {
        let one = |point: Point| Some((point, point));
        if dated == Dated::Day && self.form.takes_days() {
            return one(iso(without_time(text))?);
        }
        match self.form {
            Form::Year => one(Point::Year(year(text.strip_suffix(".0").unwrap_or(text))?)),
            Form::Month => one(month(text)?),
            Form::Quarter => quarter(text),
            Form::Day => one(iso(without_time(text)).filter(|point| matches!(point, Point::Day(..)))?),
            Form::DayMonthYear | Form::MonthDayYear => one(slashed(text, self.form == Form::MonthDayYear)?),
            Form::Years => years(text),
            Form::Fiscal(first) => {
                let year = fiscal(text)?;
                Some(months(year, first))
            }
            Form::Ends(last) => {
                let year = year(text.strip_suffix(".0").unwrap_or(text))?;
                Some(if last == 12 { months(year, 1) } else { months(year - 1, last + 1) })
            }
        }
    }

    fn of_our_era(&self, point: Point) -> Option<Point> {
        let years = if self.buddhist { BUDDHIST } else { 0 };
        let moved = |year: i32| Some(year - years).filter(|year| (EARLIEST..=AHEAD).contains(year));
        Some(match point {
            Point::Year(year) => Point::Year(moved(year)?),
            Point::Month(year, month) => Point::Month(moved(year)?, month),
            Point::Day(year, month, day) => Point::Day(moved(year)?, month, day),
        })
    }

    fn coarsened(&self, point: Point, last: bool) -> Point {
        let (Point::Day(year, month, _) | Point::Month(year, month), Some(upto)) = (point, self.upto) else {
            return point;
        };
        match upto {
            Upto::Month => Point::Month(year, month),
            Upto::Year => Point::Year(year),
            Upto::Quarter => {
                let first = (month - 1) / 3 * 3 + 1;
                Point::Month(year, if last { first + 2 } else { first })
            }
        }
    }
}

impl Point {
    fn is_in_calendar(self) -> bool {
        match self {
            Self::Year(_) => true,
            Self::Month(year, month) => NaiveDate::from_ymd_opt(year, month, 1).is_some(),
            Self::Day(year, month, day) => {
                NaiveDate::from_ymd_opt(year, month, day).is_some_and(|day| day.year() == year)
            }
        }
    }

    fn written(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Day(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// The twelve months from one on.
fn months(year: i32, first: u32) -> (Point, Point) {
    if first == 1 {
        return (Point::Year(year), Point::Year(year));
    }
    (Point::Month(year, first), Point::Month(year + 1, first - 1))
}

/// A number of so many digits and nothing else.
fn digits(text: &str, fewest: usize, most: usize) -> Option<u32> {
    let sound = (fewest..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}

fn year(text: &str) -> Option<i32> {
    i32::try_from(digits(text, 4, 4)?).ok()
}

fn month(text: &str) -> Option<Point> {
    if let Some((first, second)) = text.split_once(" | ") {
        let second = second.strip_suffix(".0").unwrap_or(second);
        return Some(Point::Month(year(first.strip_suffix(".0").unwrap_or(first))?, digits(second, 1, 2)?));
    }
    let text = text.strip_suffix(".0").filter(|text| text.len() == 6).unwrap_or(text);
    let (first, rest) = text.split_at_checked(4)?;
    let rest = rest.strip_prefix(['-', 'M']).unwrap_or(rest);
    Some(Point::Month(year(first)?, digits(rest, 2, 2)?))
}

fn quarter(text: &str) -> Option<(Point, Point)> {
    let (first, rest) = if let Some((first, rest)) = text.split_once(" | ") {
        (first.strip_suffix(".0").unwrap_or(first), rest.strip_prefix('Q')?)
    } else {
        let (first, rest) = text.split_at_checked(4)?;
        (first, rest.strip_prefix('-').unwrap_or(rest).strip_prefix('Q')?)
    };
    let (year, number) = (year(first)?, digits(rest, 1, 1).filter(|number| (1..=4).contains(number))?);
    Some((Point::Month(year, number * 3 - 2), Point::Month(year, number * 3)))
}

/// The day before a time: `2027-04-05T12:00`, `2027-04-05 12:00:00`.
fn without_time(text: &str) -> &str {
    let Some((day, time)) = text.split_once(['T', ' ']) else { return text };
    let time = time.trim_end_matches('Z');
    let sound = time.contains(':') && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-'));
    if sound { day } else { text }
}

/// A year, a month or a day as the standard writes it.
fn iso(text: &str) -> Option<Point> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [first] => Some(Point::Year(year(first)?)),
        [first, month] => Some(Point::Month(year(first)?, digits(month, 2, 2)?)),
        [first, month, day] => Some(Point::Day(year(first)?, digits(month, 2, 2)?, digits(day, 2, 2)?)),
        _ => None,
    }
}

fn slashed(text: &str, month_first: bool) -> Option<Point> {
    let mark = text.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [one, two, last] = parts.as_slice() else { return None };
    let (day, month) = if month_first { (two, one) } else { (one, two) };
    Some(Point::Day(year(last)?, digits(month, 1, 2)?, digits(day, 1, 2)?))
}

/// One year, or two joined by a dash or a slash.
fn years(text: &str) -> Option<(Point, Point)> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let (first, last) = text.split_once(['-', '–', '/']).unwrap_or((text, text));
    let (first, last) = (year(first.trim())?, year(last.trim())?);
    (first <= last).then_some((Point::Year(first), Point::Year(last)))
}

/// The first of two years, of which the second is the next one: `2027-28`, `2027/2028`.
fn fiscal(text: &str) -> Option<i32> {
    let (first, last) = text.split_once(['-', '–', '/'])?;
    let (first, last) = (first.trim(), last.trim());
    let next = year(first)? + 1;
    let fits = match last.len() {
        2 => digits(last, 2, 2) == u32::try_from(next % 100).ok(),
        _ => year(last) == Some(next),
    };
    fits.then_some(next - 1)
}

/// The zeros of scripts whose ten digits follow one another (Unicode, category Nd).
const ZEROS: [u32; 37] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// The text with digits of any script as `0` to `9`.
#[must_use]
pub fn western(text: &str) -> String {
    text.chars().map(western_digit).collect()
}

/// The character, or if it is a digit of any script that of `0` to `9`. A raised digit is a mark, and no digit.
#[must_use]
pub fn western_digit(c: char) -> char {
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, text: &str) -> Option<String> {
        let form = Form::named(form).expect("a form");
        Dating { form, buddhist: false, upto: None, any_digits: false }.read(text, Dated::No)
    }

    #[test]
    fn every_form_reads_what_it_names_and_nothing_else() {
        for (form, text, period) in [
            ("year", "2027", "2027"),
            ("year", "2027.0", "2027"),
            ("month", "202704", "2027-04"),
            ("month", "2027-04", "2027-04"),
            ("month", "2027M04", "2027-04"),
            ("month", "2027 | 4", "2027-04"),
            ("quarter", "2027Q2", "2027-04/2027-06"),
            ("quarter", "2027-Q2", "2027-04/2027-06"),
            ("quarter", "2027 | Q2", "2027-04/2027-06"),
            ("day", "2027-04-05", "2027-04-05"),
            ("day", "2027-04-05T12:00:00Z", "2027-04-05"),
            ("day", "2027-04-05 12:00", "2027-04-05"),
            ("d/m/y", "5/4/2027", "2027-04-05"),
            ("d/m/y", "05.04.2027", "2027-04-05"),
            ("m/d/y", "4-5-2027", "2027-04-05"),
            ("years", "2027", "2027"),
            ("years", "2027-2028", "2027/2028"),
            ("years", "2027–2028", "2027/2028"),
            ("years", "2027/2028", "2027/2028"),
            ("fiscal-04", "2027-28", "2027-04/2028-03"),
            ("fiscal-04", "2027/2028", "2027-04/2028-03"),
            ("ends-09", "2029", "2028-10/2029-09"),
        ] {
            assert_eq!(read(form, text).as_deref(), Some(period), "{form} {text}");
        }
        for (form, text) in [
            ("year", "2027.5"),
            ("year", "27"),
            ("year", ""),
            ("year", "๒๐๒๗"),
            ("month", "2027-13"),
            ("month", "2027"),
            ("quarter", "2027Q5"),
            ("day", "2027-02-30"),
            ("day", "47181"),
            ("day", "spring"),
            ("d/m/y", "5/4/27"),
            ("d/m/y", "5/4-2027"),
            ("m/d/y", "13/1/2027"),
            ("years", "2028-2027"),
            ("fiscal-04", "2027-29"),
            ("fiscal-04", "2027"),
        ] {
            assert_eq!(read(form, text), None, "{form} {text}");
        }
        assert!(["fiscal-13", "ends-9", "weekly"].iter().all(|name| Form::named(name).is_none()));
    }

    #[test]
    fn eras_are_moved_and_days_coarsened() {
        let dating = |form: &str, upto| Dating {
            form: Form::named(form).expect("a form"),
            buddhist: true,
            upto,
            any_digits: true,
        };
        assert_eq!(dating("year", None).read("๒๕๗๐", Dated::No).as_deref(), Some("2027"));
        assert_eq!(dating("day", Some(Upto::Month)).read("2567-02-29", Dated::No).as_deref(), Some("2024-02"));
        assert_eq!(
            dating("day", Some(Upto::Quarter)).read("2567-02-29", Dated::No).as_deref(),
            Some("2024-01/2024-03")
        );
        assert_eq!(dating("fiscal-10", None).read("2570-71", Dated::No).as_deref(), Some("2027-10/2028-09"));
        let shown = Dating { form: Form::DayMonthYear, buddhist: false, upto: None, any_digits: false };
        assert_eq!(shown.read("2027-04", Dated::Day).as_deref(), Some("2027-04"));
    }
}
