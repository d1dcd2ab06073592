//! A day or a time as a section shows it, in English. Days are counted from 1900.

use super::code::{Day, Section, Token};
use super::layout::fixed_token;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// The day after 9999-12-31.
const LAST: f64 = 2_958_466.0;
const SECONDS: f64 = 86_400.0;

/// What a cell shows if its number is not a possible day.
pub(super) const NO_DAY: &str = "#######";

/// Signs and words that only separate the parts of a day.
const BETWEEN: [&str; 17] =
    ["", "de", "del", "of", "г", "р", "ngày", "tháng", "năm", "年", "月", "日", "時", "时", "分", "秒", "T"];

/// Whether the literal text of a section only separates the parts of a day.
pub(super) fn is_plain(section: &Section) -> bool {
    let literal = |token: &Token| match token {
        Token::Literal(c) | Token::Fill(c) => *c,
        _ => ' ',
    };
    let text: String = section.tokens.iter().map(literal).collect();
    let digits = text.chars().any(|c| c.is_numeric() || matches!(c, '<' | '>' | '~' | '+' | '±' | '?' | '='));
    !digits && text.split(|c: char| !c.is_alphabetic()).all(|word| BETWEEN.contains(&word))
        || text.chars().all(|c| c.is_whitespace() || "年月日時时分秒".contains(c))
}

/// Whether a number is a possible day.
pub(super) fn is_day(section: &Section, value: f64) -> bool {
    let elapsed = section.has(|token| matches!(token, Token::Day(Day::Elapsed(..))));
    (0.0..LAST).contains(&value) || elapsed && value >= 0.0
}

/// A day in its parts.
struct Parts {
    year: i64,
    month: usize,
    day: i64,
    weekday: usize,
    /// Seconds since midnight, and since the first day.
    seconds: f64,
    all_seconds: f64,
}

impl Parts {
    // A serial number below three million has no more digits than an i64.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn of(value: f64) -> Self {
        let all_seconds = (value * SECONDS * 1000.0).round() / 1000.0;
        let serial = (all_seconds / SECONDS).floor();
        let number = serial as i64;
        let (year, month, day) = match number {
            0 => (1900, 1, 0),
            // A day that never existed, but that spreadsheets count.
            60 => (1900, 2, 29),
            number => civil(if number < 60 { number + 1 } else { number } - 25_569),
        };
        let weekday = (number - 1).rem_euclid(7) as usize;
        Self { year, month: month as usize, day, weekday, seconds: all_seconds - serial * SECONDS, all_seconds }
    }
}

/// Year, month and day of a number of days since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// A number shown as a day. None for eras, other calendars, and tokens that do not belong to a day.
pub(super) fn shown(section: &Section, value: f64) -> Option<String> {
    if !is_day(section, value) {
        return Some(NO_DAY.to_owned());
    }
    let parts = Parts::of(value);
    let half = section.has(|token| matches!(token, Token::Day(Day::Half { .. })));
    let (mut text, mut tokens) = (String::new(), section.tokens.iter().enumerate());
    while let Some((at, token)) = tokens.next() {
        match token {
            Token::Day(Day::Month(long)) if is_minute(&section.tokens, at) => {
                text += &padded((parts.seconds / 60.0).floor() % 60.0, *long);
            }
            Token::Day(day) => text += &parts.shown(*day, half)?,
            Token::Point if matches!(section.tokens.get(at + 1), Some(Token::Digit('0'))) => {
                let zeros = section.tokens.iter().skip(at + 1).take_while(|token| **token == Token::Digit('0')).count();
                tokens.nth(zeros - 1);
                let decimals = format!("{:.zeros$}", parts.seconds.fract());
                text += decimals.strip_prefix('0')?;
            }
            Token::Comma => text.push(','),
            other => text += &fixed_token(other)?,
        }
    }
    Some(text)
}

/// Whether an `m` means minutes: after hours, or before seconds.
fn is_minute(tokens: &[Token], at: usize) -> bool {
    let day = |token: &Token| if let Token::Day(day) = token { Some(*day) } else { None };
    let before = tokens.iter().take(at).rev().find_map(day);
    let after = tokens.iter().skip(at + 1).find_map(day);
    matches!(before, Some(Day::Hour(_) | Day::Elapsed('h', _)))
        || matches!(after, Some(Day::Second(_) | Day::Elapsed('s', _)))
}

fn padded(number: f64, long: usize) -> String {
    format!("{number:0long$}", long = long.min(2))
}

impl Parts {
    fn shown(&self, part: Day, half: bool) -> Option<String> {
        let hours = (self.seconds / 3600.0).floor();
        let name = |names: &[&str], index: usize, long: usize| {
            let name = names.get(index)?;
            Some(
                name.chars()
                    .take(match long {
                        3 => 3,
                        5 => 1,
                        _ => usize::MAX,
                    })
                    .collect::<String>(),
            )
        };
        Some(match part {
            Day::Year(1 | 2) => format!("{:02}", self.year % 100),
            Day::Year(_) => self.year.to_string(),
            Day::Month(long @ 1..=2) => format!("{:0long$}", self.month),
            Day::Month(long) => name(&MONTHS, self.month.checked_sub(1)?, long)?,
            Day::Date(long @ 1..=2) => format!("{:0long$}", self.day),
            Day::Date(long) => name(&WEEKDAYS, self.weekday, long.min(4))?,
            Day::Hour(long) if half => padded(if hours % 12.0 == 0.0 { 12.0 } else { hours % 12.0 }, long),
            Day::Hour(long) => padded(hours, long),
            Day::Second(long) => padded((self.seconds % 60.0).floor(), long),
            Day::Half { short } => {
                let name = if hours < 12.0 { "AM" } else { "PM" };
                name.chars().take(if short { 1 } else { 2 }).collect()
            }
            Day::Elapsed(unit, long) => {
                let length = match unit {
                    'h' => 3600.0,
                    'm' => 60.0,
                    _ => 1.0,
                };
                format!("{:0long$}", (self.all_seconds / length).floor(), long = long.min(20))
            }
            Day::Foreign => return None,
        })
    }
}
