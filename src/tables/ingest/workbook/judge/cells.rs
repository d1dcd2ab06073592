//! Compares what the number format of a cell shows with the value that the cell stores.

use super::super::format::{NumberFormat, Relation};
use super::super::sheet::{Cell, Look, Value};
use super::super::shown::{self, Pattern};
use super::{Judged, stored};
use crate::diagnostic::Code;

/// A number format.
pub(super) struct CellFormat {
    numbers: NumberFormat,
    /// Whether it is General, which shows each number as it is.
    general: bool,
    /// Whether the text read from a day is what it shows.
    writes_day: bool,
}

impl CellFormat {
    pub(super) fn of(look: &Look) -> Self {
        Self::read(&look.format)
    }

    pub(super) fn read(code: &str) -> Self {
        let general = code.is_empty() || code == "@" || code.eq_ignore_ascii_case("general");
        Self { numbers: NumberFormat::read(code), general, writes_day: shown::writes_day(code) }
    }
}

impl CellFormat {
    fn shows_day(&self, serial: f64) -> bool {
        self.numbers.relation(shown::to_fifteen_digits(serial)) == Relation::Date
    }
}

pub(super) fn judge(cell: &Cell, look: &Look, format: &CellFormat, zeros_hidden: bool, judged: &mut Judged) {
    match &cell.value {
        Value::Number(number) if zeros_hidden && *number == 0.0 => {
            hidden(cell, "the sheet is set not to show zeros", judged);
        }
        Value::Number(_) | Value::Day { .. } | Value::Duration(_) if format.general => {}
        Value::Number(number) | Value::Duration(number) => shows(cell, *number, &look.format, format, judged),
        Value::Day { serial, .. } if format.writes_day && format.shows_day(*serial) => {}
        Value::Day { serial, .. } => shows(cell, *serial, &look.format, format, judged),
        Value::Text(text) if !format.general && !text.trim().is_empty() => match format.numbers.shown_text(text) {
            Some(shown) if shown.trim() == text.trim() => {}
            shown => other(cell, shown.as_deref(), &look.format, judged),
        },
        _ => {}
    }
    if let Value::Day { serial, from_1904 } = cell.value {
        day(cell, serial, from_1904, judged);
    }
}

/// Reports a number that a format does not show as it is.
pub(super) fn shows(cell: &Cell, number: f64, code: &str, format: &CellFormat, judged: &mut Judged) {
    let number = shown::to_fifteen_digits(number);
    match format.numbers.relation(number) {
        Relation::Plain => {}
        Relation::Date
            if matches!(cell.value, Value::Day { .. })
                && shown::writes_day(code)
                && !shown::is_a_count(number, code) => {}
        Relation::Rounded { shown } => drop(judged.rounded.insert(cell.place, shown)),
        Relation::Other { shown } => other(cell, Some(&shown), code, judged),
        Relation::Date => other(cell, format.numbers.shown(number).as_deref(), code, judged),
        Relation::Unknown => {
            let message = format!(
                "it is not known what the cell shows for {}: its number format, `{code}`, is not understood",
                stored(cell)
            );
            judged.fault(cell.place, Code::MaskedValue, message, PLAIN);
        }
    }
}

const PLAIN: &str = "set the number format to General, so that the cell shows what it stores";

fn other(cell: &Cell, shown: Option<&str>, code: &str, judged: &mut Judged) {
    let shows = match shown.map(str::trim) {
        None => "another text".to_owned(),
        Some("") => "nothing".to_owned(),
        Some(shown) => format!("`{shown}`"),
    };
    let message = format!("the cell shows {shows} but stores {}: its number format is `{code}`", stored(cell));
    let hint = match shown.map(str::trim) {
        None | Some("") => format!("write the value into the cell; {PLAIN}"),
        Some(shown) => format!("if `{shown}` is meant, write it into the cell as text; otherwise {PLAIN}"),
    };
    judged.fault(cell.place, Code::MaskedValue, message, hint);
}

fn day(cell: &Cell, serial: f64, from_1904: bool, judged: &mut Judged) {
    if shown::is_a_year(serial) {
        let message = format!(
            "{} in a cell formatted as a date is the day {}",
            stored(cell),
            shown::day(serial, from_1904, &Pattern::default())
        );
        let hint = "if it is a year, set the number format to General";
        judged.fault(cell.place, Code::PeriodError, message, hint);
    }
}

/// Reports a cell whose value cannot be seen.
pub(super) fn hidden(cell: &Cell, why: &str, judged: &mut Judged) {
    let message = format!("the cell stores {}, which cannot be seen on the sheet: {why}", stored(cell));
    let hint = "make the text visible if it is the value; otherwise replace it by the value";
    judged.fault(cell.place, Code::MaskedValue, message, hint);
}
