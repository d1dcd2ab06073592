//! Numbers as a delivered file writes them.

use crate::project::imports::{Number, western};
use crate::tables::ingest::delivered::CellKind;

/// The number in a text, in digits with a point; none if it is no number as the mapping has it.
pub(super) fn read(text: &str, kind: CellKind, number: &Number) -> Option<String> {
    if kind == CellKind::Number {
        // A percentage keeps its sign; what is left once a mark took that away is a stored number.
        return plain(text, '.').then(|| text.to_owned());
    }
    let text = if number.any_digits { western(text) } else { text.to_owned() };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = match number.decimal.and_then(|mark| digits.split_once(mark)) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let whole = ungrouped(whole, number.thousands)?;
    match fraction {
        None => Some(format!("{sign}{whole}")),
        Some(fraction) if are_digits(fraction) => Some(format!("{sign}{whole}.{fraction}")),
        Some(_) => None,
    }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a number with this decimal mark and no other.
fn plain(text: &str, mark: char) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once(mark).map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    are_digits(whole) && fraction.is_none_or(are_digits)
}

/// The digits of a whole number without the marks of its groups: threes, or the twos of India before the last three.
fn ungrouped(text: &str, mark: Option<char>) -> Option<String> {
    let Some(mark) = mark.filter(|mark| text.contains(*mark)) else {
        return are_digits(text).then(|| text.to_owned());
    };
    let groups: Vec<&str> = text.split(mark).collect();
    let [first, middle @ .., last] = groups.as_slice() else { return None };
    let sound = |group: &str, lengths: &[usize]| are_digits(group) && lengths.contains(&group.len());
    let threes = sound(first, &[1, 2, 3]) && middle.iter().all(|group| sound(group, &[3]));
    let twos = sound(first, &[1, 2]) && middle.iter().all(|group| sound(group, &[2]));
    (sound(last, &[3]) && (threes || twos)).then(|| groups.concat())
}

/// Whether a number is whole.
pub(super) fn is_whole(number: &str) -> bool {
    !number.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(text: &str, thousands: Option<char>, decimal: Option<char>) -> Option<String> {
        read(text, CellKind::Text, &Number { thousands, decimal, any_digits: false })
    }

    #[test]
    fn groups_are_threes_or_those_of_india() {
        for (text, number) in [
            ("1,204", "1204"),
            ("12,345,678", "12345678"),
            ("1,39,707", "139707"),
            ("12,34,567", "1234567"),
            ("1002", "1002"),
            ("-5", "-5"),
            ("007", "007"),
        ] {
            assert_eq!(read_as(text, Some(','), None).as_deref(), Some(number), "{text}");
        }
        for text in
            ["1,3,97", "1234,567", ",123", "1,", "1,23", "1 204", "9 01", "(5)", "1e3", "1.0", "", "-", "+5", "๑"]
        {
            assert_eq!(read_as(text, Some(','), None), None, "{text}");
        }
    }

    #[test]
    fn digits_stay_as_written_with_a_point() {
        assert_eq!(read_as("1,50", None, Some(',')).as_deref(), Some("1.50"));
        assert_eq!(read_as("1.204,5", Some('.'), Some(',')).as_deref(), Some("1204.5"));
        assert_eq!(read_as("7 500 000", Some(' '), None).as_deref(), Some("7500000"));
        assert_eq!(read_as("0.75", None, Some(',')), None);
        assert_eq!(read_as("75073.0", None, None), None);
        assert_eq!(read_as(".5", None, Some('.')), None);
        let lao = Number { thousands: Some(','), decimal: None, any_digits: true };
        assert_eq!(read("໑,໒໐໔", CellKind::Text, &lao).as_deref(), Some("1204"));
    }

    #[test]
    fn a_stored_number_needs_no_mark() {
        let none = Number::default();
        assert_eq!(read("0.4", CellKind::Number, &none).as_deref(), Some("0.4"));
        assert_eq!(read("7.5%", CellKind::Number, &none), None);
    }
}
