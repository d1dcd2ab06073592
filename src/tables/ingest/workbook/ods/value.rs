//! The value of a cell: a number, a day, a time or a text.

use super::super::format::{self, NumberFormat, Relation};
use super::super::sheet::Value;
use super::attributes::Attributes;

/// The first day that all programs number alike.
const FIRST_DAY: i64 = 61;

/// The value of a cell that shows `text`.
pub(super) fn read(cell: &Attributes, text: &str) -> Value {
    let kind = cell.either("office:value-type", "calcext:value-type").unwrap_or_default();
    let is_formula = cell.get("table:formula").is_some();
    if cell.is("calcext:value-type", "error") || is_formula && is_error(text) {
        return Value::Error(text.to_owned());
    }
    let unread = |raw: &str| Value::Text(raw.into());
    match kind {
        "float" | "currency" | "percentage" => {
            let raw = cell.get("office:value").unwrap_or_default();
            raw.trim().parse().ok().filter(|number: &f64| number.is_finite()).map_or_else(|| unread(raw), Value::Number)
        }
        "date" => day(cell.get("office:date-value").unwrap_or_default()),
        "time" => {
            let raw = cell.get("office:time-value").unwrap_or_default();
            duration(raw).map_or_else(|| unread(raw), Value::Duration)
        }
        "boolean" => Value::Truth(cell.is("office:boolean-value", "true")),
        _ => Value::Text(cell.get("office:string-value").unwrap_or(text).into()),
    }
}

/// `#REF!`, `Err:502`.
fn is_error(text: &str) -> bool {
    let word = |rest: &str| {
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '!' | '?'))
    };
    text.strip_prefix("Err:").is_some_and(word)
        || text.strip_prefix('#').is_some_and(|rest| rest.ends_with(['!', '?', 'A']) && word(rest))
}

/// `2007-10-05T12:30:00` as a number of days; days that programs number differently stay texts.
pub(in super::super) fn day(raw: &str) -> Value {
    let (date, time) = raw.split_once('T').unwrap_or((raw, ""));
    let read = || {
        let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let sound = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        let days = since_1900(year, month, day);
        let clock = if time.is_empty() { Some(0.0) } else { clock(time.trim_end_matches('Z')) };
        // Less than three million.
        #[allow(clippy::cast_precision_loss)]
        Some(days as f64 + clock? / 86_400.0).filter(|_| sound && days >= FIRST_DAY)
    };
    read().map_or_else(|| Value::Text(raw.into()), |serial| Value::Day { serial, from_1904: false })
}

fn clock(time: &str) -> Option<f64> {
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0.0))?);
    Some(hours * 3600.0 + minutes * 60.0 + seconds)
}

/// The number of a day in spreadsheets.
fn since_1900(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468 + 25_569
}

/// `PT36H15M00S` in days.
fn duration(raw: &str) -> Option<f64> {
    let (sign, raw) = raw.strip_prefix('-').map_or((1.0, raw), |rest| (-1.0, rest));
    let (mut number, mut seconds, mut in_time) = (String::new(), 0.0, false);
    for c in raw.strip_prefix('P')?.chars() {
        if c.is_ascii_digit() || c == '.' {
            number.push(c);
            continue;
        }
        let length = match (c, in_time) {
            ('T', _) => {
                in_time = true;
                continue;
            }
            ('D', _) => 86_400.0,
            ('H', _) => 3600.0,
            ('M', true) => 60.0,
            ('S', _) => 1.0,
            _ => return None,
        };
        seconds += std::mem::take(&mut number).parse::<f64>().ok()? * length;
    }
    number.is_empty().then_some(sign * seconds / 86_400.0)
}

/// Whether the spreadsheet last showed another number than its format shows now.
pub(super) fn differs(number: f64, text: &str, format: &NumberFormat) -> bool {
    let masked = |relation| matches!(relation, Relation::Other { .. } | Relation::Unknown | Relation::Date);
    // A format that hides the number is reported as such.
    !text.trim().is_empty() && !masked(format.relation(number)) && !format::says(text, number)
}
