//! The text that is read from a cell.
//!
//! A day that is shown as a month is read as a month, and 0.075 shown as a percentage is read with its sign. Otherwise a
//! precision, or a factor, that nobody wrote would slip in.

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::format::NumberFormat;
use super::sheet::Value;

/// The part of a number format that decides how a value is read.
#[derive(Default)]
pub(super) struct Pattern {
    /// The letters of its first section.
    letters: String,
    /// The format itself, if it can show percentages.
    percent: Option<NumberFormat>,
}

impl Pattern {
    pub(super) fn of(format: &str) -> Self {
        let percent = letters(format).contains('%').then(|| NumberFormat::read(format));
        Self { letters: first_letters(format), percent }
    }
}

impl Pattern {
    /// Whether numbers are read as they are stored.
    pub(super) fn is_of_numbers(&self) -> bool {
        self.percent.is_none()
    }
}

/// The text of a cell under a number format.
pub(super) fn text(value: &Value, pattern: &Pattern) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Error(text) => text.clone(),
        Value::Truth(true) => "TRUE".to_owned(),
        Value::Truth(false) => "FALSE".to_owned(),
        Value::Number(amount) | Value::Duration(amount) => self::amount(*amount, pattern),
        Value::Day { serial, .. } if is_a_year(*serial) => number(*serial),
        Value::Day { serial, from_1904 } => day(*serial, *from_1904, pattern),
    }
}

/// The text of a day, in digits, with the parts that its format shows.
pub(super) fn day(serial: f64, from_1904: bool, pattern: &Pattern) -> String {
    date(&ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, from_1904), &pattern.letters)
}

/// Whether the number of a day is a plausible year, in the Solar Hijri, the Islamic or a later calendar, and was probably meant
/// as one. The days between, in 1904 and 1905, are excluded: they are those of the first treaty against trafficking.
pub(super) fn is_a_year(serial: f64) -> bool {
    serial.fract() == 0.0 && ((1000.0..=1500.0).contains(&serial) || (1700.0..=3000.0).contains(&serial))
}

/// Whether a number that is shown as a year is probably a count: the years of such small numbers are before 1903.
pub(super) fn is_a_count(serial: f64, format: &str) -> bool {
    let letters = first_letters(format);
    serial < 1000.0 && letters.contains('y') && !letters.contains(['m', 'd'])
}

fn amount(amount: f64, pattern: &Pattern) -> String {
    let per_cent = |format: &NumberFormat| format.shown(amount).is_none_or(|shown| shown.contains('%'));
    if pattern.percent.as_ref().is_some_and(per_cent) {
        format!("{}%", to_fifteen_digits(amount * 100.0))
    } else {
        number(amount)
    }
}

/// A number with the fifteen digits that a spreadsheet keeps.
pub(super) fn number(number: f64) -> String {
    to_fifteen_digits(number).to_string()
}

/// Rounds to fifteen digits: a spreadsheet computes with more than it keeps.
pub(super) fn to_fifteen_digits(number: f64) -> f64 {
    // Most numbers are whole and short.
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return number;
    }
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// A day with the parts that the letters of its format show.
fn date(date: &ExcelDateTime, letters: &str) -> String {
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let shows = |letter: char| letters.contains(letter);
    if letters.is_empty() || shows('y') && shows('d') {
        let midnight = (hour, minute, second) == (0, 0, 0);
        let timeless = midnight || !letters.is_empty() && !shows('h');
        let time = if timeless { String::new() } else { format!(" {hour:02}:{minute:02}:{second:02}") };
        return format!("{year:04}-{month:02}-{day:02}{time}");
    }
    match (shows('y'), shows('d')) {
        (true, _) if shows('m') => format!("{year:04}-{month:02}"),
        (true, _) => format!("{year:04}"),
        // A range such as `10-14`, which the spreadsheet turned into a day of this year.
        (false, true) => format!("{day}-{}", MONTHS[usize::from(month.clamp(1, 12)) - 1]),
        (false, false) => number(date.as_f64()),
    }
}

/// Whether the text read from a day is what the format shows. It is not if the format shows only the hour, the weekday, or
/// some days differently from others.
pub(super) fn writes_day(format: &str) -> bool {
    let (all, first) = (letters(format), first_letters(format));
    let alike = |section: &str| !section.contains(['y', 'm', 'd', 'h', 's']) || section == first;
    let shows = |letter: char| first.contains(letter);
    all.split(';').all(alike) && (first.is_empty() || shows('y') || shows('d') && shows('m') && !first.contains("ddd"))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The letters of a format, without literal text, colours and conditions.
fn letters(format: &str) -> String {
    let (mut letters, mut chars) = (String::new(), format.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.find(|c| *c == '"')),
            '[' => drop(chars.find(|c| *c == ']')),
            '\\' | '_' | '*' => drop(chars.next()),
            c => letters.extend(c.to_lowercase()),
        }
    }
    letters
}

/// The letters of a format's first section; none for General.
fn first_letters(format: &str) -> String {
    let letters = letters(format);
    let first = letters.split(';').next().unwrap_or_default();
    if first == "general" { String::new() } else { first.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_as(day: f64, format: &str) -> String {
        self::day(day, false, &Pattern::of(format))
    }

    #[test]
    fn a_day_reads_as_far_as_it_is_shown() {
        assert_eq!(shown_as(39_360.0, "yyyy-mm-dd"), "2007-10-05");
        assert_eq!(shown_as(39_356.0, "mmm-yy"), "2007-10");
        assert_eq!(shown_as(39_356.0, "[$-409]mmm\\-yy;@"), "2007-10");
        assert_eq!(shown_as(39_356.0, "yyyy"), "2007");
        assert_eq!(shown_as(39_369.0, "d-mmm"), "14-Oct");
        assert_eq!(shown_as(39_360.5, "yyyy-mm-dd hh:mm"), "2007-10-05 12:00:00");
        assert_eq!(shown_as(39_360.5, "yyyy-mm-dd"), "2007-10-05");
    }

    #[test]
    fn a_number_has_no_more_digits_than_it_was_given() {
        let shown = |number: f64, format: &str| text(&Value::Number(number), &Pattern::of(format));
        assert_eq!(shown(23.0, "#,##0"), "23");
        assert_eq!(shown(0.1 + 0.2, ""), "0.3");
        assert_eq!(shown(0.075, "0.0%"), "7.5%");
        assert_eq!(shown(0.5, "0 \"%\""), "0.5");
        assert_eq!([shown(0.5, "[<1]0%;0"), shown(5.0, "[<1]0%;0")], ["50%", "5"]);
    }

    #[test]
    fn a_number_in_a_cell_of_days_is_told_from_a_day() {
        for year in [1402.0, 1445.0, 2021.0, 2567.0] {
            assert!(is_a_year(year), "{year}");
        }
        // 18 May 1904, 4 May 1910, and a day of our time.
        for day in [1600.0, 3777.0, 44_260.0] {
            assert!(!is_a_year(day), "{day}");
        }
        assert!(is_a_count(12.0, "yyyy"));
        assert!(!is_a_count(44_197.0, "yyyy") && !is_a_count(927.0, "yyyy-mm-dd"));
    }

    #[test]
    fn a_day_is_written_where_all_days_are_shown_alike() {
        for format in
            ["", "General", "yyyy-mm-dd;@", "[$-409]mmm\\-yy;@", "d-mmm", "yyyy", "dddd, d mmmm yyyy", "d/m/yy h:mm"]
        {
            assert!(writes_day(format), "{format}");
        }
        for format in ["h:mm", "dddd", "mmmm", "dd", "[<43000]yyyy;yyyy-mm-dd"] {
            assert!(!writes_day(format), "{format}");
        }
    }
}
