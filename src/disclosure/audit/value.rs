//! What a cell of values says: a number, a number with its uncertainty, or a mark; and the decimals of a table.

use super::columns::fold;
use super::{Base, Mark, Request};
use crate::tables::ingest::{Column as FileColumn, RawTable};

/// More decimals than these are not read.
const DECIMALS: usize = 9;

/// What stands between a number and its uncertainty.
const BETWEEN: [&str; 3] = ["±", "+/-", "+-"];

/// The content of a value cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueCell {
    Number(i128),
    /// A mark, with the bounds that it states.
    Marked(i128, Option<i128>),
    /// A number that is rounded, or printed with its uncertainty: its bounds.
    Within(i128, i128),
    Empty,
    /// A number that is no multiple of the base.
    NoMultiple,
    Unread,
}

impl ValueCell {
    /// Reads a cell. Without a `base`, a number is taken as exact.
    pub(super) fn read(text: &str, marks: &[Mark], base: Option<Base>, scale: i128) -> Self {
        if let Some(mark) = marks.iter().find(|mark| mark.text == text.trim()) {
            return Self::Marked(i128::from(mark.least) * scale, mark.most.map(|most| i128::from(most) * scale));
        }
        if text.trim().is_empty() {
            return Self::Empty;
        }
        if let Some((middle, away)) = interval(text) {
            let both = scaled(middle, scale).zip(scaled(away, scale));
            return both.map_or(Self::Unread, |(middle, away)| match away {
                0 => Self::Number(middle),
                away => Self::Within((middle - away).max(0), middle + away),
            });
        }
        let Some(number) = scaled(text, scale) else { return Self::Unread };
        let Some(base) = base else { return Self::Number(number) };
        base.bounds(number, scale).map_or(Self::NoMultiple, |(least, most)| Self::Within(least, most))
    }
}

/// The columns of each file that hold values.
pub(super) fn values(file: &RawTable, request: &Request) -> Vec<usize> {
    let wanted = |label: &str| request.values.iter().any(|value| fold(value) == fold(label));
    (0..file.labels.len()).filter(|at| wanted(&file.labels[*at].text)).collect()
}

/// The number and its uncertainty: `45±7`.
fn interval(text: &str) -> Option<(&str, &str)> {
    BETWEEN.iter().find_map(|between| text.split_once(between))
}

/// Ten to the number of decimals that any value has.
pub(super) fn scale(files: &[RawTable], request: &Request) -> i128 {
    let columns = files.iter().flat_map(|file| values(file, request).into_iter().map(|at| &file.columns[at]));
    let cells = columns.flat_map(FileColumn::values);
    let numbers = cells.flat_map(|text| match interval(text) {
        Some((middle, away)) => vec![middle, away],
        None => vec![text.as_str()],
    });
    let decimals = numbers.filter_map(|number| Some(decimal(number)?.1.len())).max().unwrap_or(0);
    10_i128.pow(u32::try_from(decimals).unwrap_or(0))
}

/// A number in units of which `scale` make one.
fn scaled(text: &str, scale: i128) -> Option<i128> {
    let (whole, rest) = decimal(text)?;
    let digits = u32::try_from(rest.len()).unwrap_or(0);
    let part = rest.parse::<i128>().unwrap_or(0) * (scale / 10_i128.pow(digits));
    whole.parse::<i128>().ok().map(|whole| whole * scale + part)
}

/// The digits before and after the point of a number that is not below nothing.
fn decimal(text: &str) -> Option<(&str, &str)> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = rest.trim_end_matches('0');
    let fits = !whole.is_empty() && whole.len() <= 15 && rest.len() <= DECIMALS;
    (fits && digits(whole) && digits(rest)).then_some((whole, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_come_with_its_uncertainty() {
        let read = |text| ValueCell::read(text, &[], None, 10);
        for text in ["45±7", "45 ± 7", " 45 +/- 7.0 ", "45+-7"] {
            assert_eq!(read(text), ValueCell::Within(380, 520), "{text}");
        }
        assert_eq!(read("3±7"), ValueCell::Within(0, 100), "nobody counts less than nothing");
        assert_eq!(read("4.5±0.5"), ValueCell::Within(40, 50));
        assert_eq!(read("45±0"), ValueCell::Number(450));
        for text in ["±7", "45±", "45±x", "45±7±1", "-45±7"] {
            assert_eq!(read(text), ValueCell::Unread, "{text}");
        }
    }

    #[test]
    fn a_number_of_a_rounded_table_stands_for_several() {
        let base = "5".parse().ok();
        let marks = ["<5".parse().expect("a mark")];
        let read = |text| ValueCell::read(text, &marks, base, 1);
        assert_eq!(read("20"), ValueCell::Within(16, 24));
        assert_eq!(read("21"), ValueCell::NoMultiple);
        assert_eq!(read("20±2"), ValueCell::Within(18, 22), "it says itself how far off it may be");
        assert_eq!(read("<5"), ValueCell::Marked(0, Some(4)));
    }
}
