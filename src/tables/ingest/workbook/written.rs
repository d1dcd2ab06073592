//! Writes a sheet as CSV text, and records the byte at which each cell begins.

use std::collections::HashMap;
use std::fmt::Write as _;

use memchr::{memchr, memchr3};

use super::sheet::{Area, Cell, Grid, Value};
use super::shown::Pattern;
use super::{MOST_CELLS, Unreadable, shown, too_large};
use crate::diagnostic::{Bytes, Sheet};

/// The smallest rectangle with every cell: its first row and column, and its size.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) origin: (u32, u32),
    pub(super) height: usize,
    pub(super) width: usize,
}

/// The extent of a sheet with sorted cells, unless it is too large.
pub(super) fn extent(grid: &Grid) -> Result<Extent, Unreadable> {
    let Some(Area { first, last }) = grid.extent() else { return Ok(Extent { origin: (0, 0), height: 0, width: 0 }) };
    let (height, width) = ((last.0 - first.0) as usize + 1, (last.1 - first.1) as usize + 1);
    if height.saturating_mul(width) > MOST_CELLS {
        return Err(too_large(&grid.name, &format!("{height} rows of {width}")));
    }
    Ok(Extent { origin: first, height, width })
}

/// The text of a sheet with sorted cells, and where each cell is in it.
pub(super) fn written(grid: &Grid, extent: Extent) -> (Bytes, Sheet) {
    let Extent { origin, height, width } = extent;
    let cells = height * width;
    let (mut text, mut starts) = (String::with_capacity(cells * USUAL), Vec::with_capacity(cells));
    let mut writer = Writer::of(grid);
    let mut cells = grid.cells.iter().peekable();
    for row in (origin.0..).take(height) {
        for column in (origin.1..).take(width) {
            if column > origin.1 {
                text.push(',');
            }
            starts.push(text.len());
            while let Some(cell) = cells.next_if(|cell| cell.place == (row, column)) {
                writer.push(&mut text, cell);
            }
        }
        text.push('\n');
    }
    (text.into_bytes().into(), Sheet { name: grid.name.clone(), origin, width, cells: starts })
}

/// The usual size of a cell in bytes.
const USUAL: usize = 8;

/// The most days whose texts are kept.
const MOST_DAYS: usize = 1 << 14;

/// Writes cells as CSV.
pub(super) struct Writer {
    patterns: Vec<Pattern>,
    general: Pattern,
    /// The texts of days, by look and number, since most days occur in many rows.
    days: HashMap<(usize, u64, bool), String>,
}

impl Writer {
    pub(super) fn of(grid: &Grid) -> Self {
        let patterns = grid.looks.iter().map(|look| Pattern::of(&look.format)).collect();
        Self { patterns, general: Pattern::default(), days: HashMap::new() }
    }

    pub(super) fn push(&mut self, text: &mut String, cell: &Cell) {
        let pattern = self.patterns.get(cell.look).unwrap_or(&self.general);
        match &cell.value {
            Value::Text(cell) => push_text(text, cell),
            Value::Number(number) if pattern.is_of_numbers() => push_number(text, *number),
            value @ Value::Day { serial, from_1904 } => {
                if self.days.len() >= MOST_DAYS {
                    self.days.clear();
                }
                let day = self.days.entry((cell.look, serial.to_bits(), *from_1904));
                push_text(text, day.or_insert_with(|| shown::text(value, pattern)));
            }
            value => push_text(text, &shown::text(value, pattern)),
        }
    }
}

/// A number with the fifteen digits that a spreadsheet keeps.
fn push_number(text: &mut String, number: f64) {
    let start = text.len();
    // Most numbers are whole and short. Writing to a string cannot fail.
    if number.fract() == 0.0 && number.abs() < 1e15 && number != 0.0 {
        #[allow(clippy::cast_possible_truncation)]
        let whole = number as i64;
        let _ = write!(text, "{whole}");
        return;
    }
    let _ = write!(text, "{number}");
    // A number of at most fifteen digits needs no rounding.
    let digits = text.bytes().skip(start).filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if digits > 15 {
        text.truncate(start);
        text.push_str(&shown::number(number));
    }
}

fn push_text(text: &mut String, cell: &str) {
    let bytes = cell.as_bytes();
    if memchr3(b',', b'"', b'\n', bytes).is_none() && memchr(b'\r', bytes).is_none() {
        text.push_str(cell);
        return;
    }
    text.push('"');
    for (number, part) in cell.split('"').enumerate() {
        text.push_str(if number > 0 { "\"\"" } else { "" });
        text.push_str(part);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: f64) -> String {
        let mut text = "1234567890123456,".to_owned();
        push_number(&mut text, number);
        text.split_off(17)
    }

    #[test]
    fn a_number_is_written_as_it_is_shown_elsewhere() {
        let mut numbers =
            vec![0.0, -0.0, 1e15, 1e300, 5e-324, f64::NAN, f64::INFINITY, 0.1 + 0.2, 999_999_999_999_999.9];
        for step in 1..5000_i32 {
            let step = f64::from(step);
            numbers.extend([
                step,
                -step,
                step / 7.0,
                step * 0.01,
                step / 1000.0 - step,
                step * 1e11,
                step.exp2(),
                1.0 / step.exp(),
            ]);
        }
        for value in numbers {
            assert_eq!(number(value), shown::number(value), "{value:?}");
        }
    }

    #[test]
    fn quotes_stand_around_what_needs_them() {
        let written = |cell: &str| {
            let mut text = String::new();
            push_text(&mut text, cell);
            text
        };
        assert_eq!(written("a b"), "a b");
        assert_eq!(written("a, b"), "\"a, b\"");
        assert_eq!(written("\"a\"\r"), "\"\"\"a\"\"\r\"");
        assert_eq!(written("\""), "\"\"\"\"");
    }
}
