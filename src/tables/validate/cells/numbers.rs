//! Numbers as spreadsheets and people write them, and how to write them here.

use super::{letters, passes};
use crate::project::schema::{Field, Kind};

/// The marks that separate groups of three digits somewhere in the world, once every kind of space has become a plain one.
const GROUPS: [char; 5] = [',', '.', ' ', '\'', '’'];

/// A hint that says how to write the number that was probably meant.
pub(super) fn slip(value: &str, field: &Field) -> Option<String> {
    let folded = letters::folded(value);
    let text = folded.trim();
    if let Some(number) = text.strip_suffix('%').map(str::trim_end).filter(|number| passes(number, field)) {
        return Some(format!("write `{number}` without the percent sign"));
    }
    if text != value && passes(text, field) {
        return Some(format!("write `{text}`"));
    }
    if let Some(hint) = qualified(text, field) {
        return Some(hint);
    }
    let whole = field.kind == Kind::Integer;
    if let Some(plain) = grouped(text).filter(|plain| passes(plain, field)) {
        let decimal = text.replace(',', ".");
        let other = !whole && text.matches(',').count() == 1 && passes(&decimal, field);
        return Some(if other {
            format!("write `{plain}`, or `{decimal}` if the comma is the decimal mark")
        } else {
            format!("write `{plain}`")
        });
    }
    let decimal = decimal(text)?;
    let plain = if whole { round(&decimal) } else { written_out(&decimal) };
    let written = plain.filter(|plain| passes(plain, field)).map(|plain| format!("write `{plain}`"));
    written.or_else(|| unfit(&decimal, field))
}

/// Words and signs that say how exact a number is, and the qualifier to write instead.
const QUALIFIERS: [(&str, &str); 20] = [
    ("about", "approximate"),
    ("approximately", "approximate"),
    ("approx.", "approximate"),
    ("approx", "approximate"),
    ("around", "approximate"),
    ("circa", "approximate"),
    ("ca.", "approximate"),
    ("c.", "approximate"),
    ("some", "approximate"),
    ("nearly", "approximate"),
    ("~", "approximate"),
    ("≈", "approximate"),
    ("at least", "at_least"),
    ("minimum", "at_least"),
    ("≥", "at_least"),
    (">=", "at_least"),
    ("at most", "at_most"),
    ("up to", "at_most"),
    ("≤", "at_most"),
    ("<=", "at_most"),
];

/// The hint for a number with a word on how exact it is, which belongs in the column `qualifier`.
fn qualified(text: &str, field: &Field) -> Option<String> {
    let lower = text.to_lowercase();
    let (rest, code) = QUALIFIERS.iter().find_map(|(word, code)| Some((lower.strip_prefix(word)?, code)))?;
    let rest = rest.trim();
    let number = grouped(rest).unwrap_or_else(|| rest.to_owned());
    (field.observed && passes(&number, field))
        .then(|| format!("write `{number}`, and `{code}` in the column `qualifier`"))
}

/// Why a number does not fit a column of integers.
fn unfit(decimal: &str, field: &Field) -> Option<String> {
    let number: f64 = decimal.parse().ok().filter(|_| field.kind == Kind::Integer)?;
    if number.fract() != 0.0 {
        return Some(format!("`{}` holds whole numbers only", field.name));
    }
    (number.abs() > 9e18).then(|| "no count is this large; is a cell missing before it?".to_owned())
}

/// `1,234` and the like without its marks; none when the groups are not of three.
fn grouped(text: &str) -> Option<String> {
    let digits = text.trim_start_matches(['+', '-']);
    let mark = digits.chars().find(|c| GROUPS.contains(c))?;
    let mut groups = digits.split(mark);
    let all = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()) && all(first));
    let rest = groups.all(|group| group.len() == 3 && all(group));
    (first && rest).then(|| text.replace(mark, ""))
}

/// The number with a decimal point and without marks between groups: `1.234,5` and `1,234.5` are `1234.5`.
fn decimal(text: &str) -> Option<String> {
    let joined = match text.rsplit_once(['.', ',']) {
        None => text.to_owned(),
        Some((whole, part)) => {
            let whole = if whole.contains(GROUPS) { grouped(whole)? } else { whole.to_owned() };
            format!("{whole}.{part}")
        }
    };
    let plain = joined.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    joined.parse::<f64>().ok().filter(|number| plain && number.is_finite()).map(|_| joined)
}

/// The digits of a whole number: `12.0` and `1.2e1` are `12`.
fn round(decimal: &str) -> Option<String> {
    let number: f64 = decimal.parse().ok()?;
    // Beyond this a float cannot tell neighbours apart.
    (number.fract() == 0.0 && number.abs() < 9e15).then(|| format!("{number:.0}"))
}

/// The same number without an exponent.
fn written_out(decimal: &str) -> Option<String> {
    if !decimal.contains(['e', 'E']) {
        return Some(decimal.to_owned());
    }
    let number: f64 = decimal.parse().ok()?;
    (number.abs() < 9e15).then(|| number.to_string())
}
