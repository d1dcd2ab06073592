//! The reader of `.xlsx`: cells, formats and fonts as calamine gives them.

use std::io::Cursor;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use super::sheet::{Cell, Grid, Listed, Look, Value, Workbook};
use super::{MOST_CELLS, Unreadable, too_large};

/// A workbook of that kind.
pub(super) struct Reader<'b> {
    workbook: Xlsx<Cursor<&'b [u8]>>,
}

impl<'b> Reader<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        Ok(Self { workbook: Xlsx::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))? })
    }
}

impl Workbook for Reader<'_> {
    fn sheets(&self) -> Vec<Listed> {
        let sheets = self.workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let listed = |sheet: &calamine::Sheet| Listed {
            name: sheet.name.clone(),
            hidden: sheet.visible != SheetVisible::Visible,
        };
        sheets.map(listed).collect()
    }

    fn read(&mut self, number: usize) -> Result<Grid, Unreadable> {
        let Some(name) = self.sheets().into_iter().nth(number).map(|sheet| sheet.name) else {
            return Ok(Grid::default());
        };
        let from_1904 = self.workbook.has_1904_epoch();
        let mut reader = match self.workbook.worksheet_cells_reader(&name) {
            Err(XlsxError::NotAWorksheet(_)) => return Ok(Grid { name, ..Grid::default() }),
            reader => reader.map_err(|error| unreadable(&error))?,
        };
        let mut cells = Vec::new();
        while let Some((cell, look)) = reader.next_cell_with_style_id().map_err(|error| unreadable(&error))? {
            let value = value(cell.get_value(), from_1904);
            if value.is_something() {
                cells.push(Cell { place: cell.get_position(), value, look });
            }
            if cells.len() > MOST_CELLS {
                return Err(too_large(&name, "more than can be"));
            }
        }
        let looks = reader.styles().iter().map(look).collect();
        Ok(Grid { name, cells, looks, ..Grid::default() })
    }
}

fn unreadable(error: &XlsxError) -> Unreadable {
    let hint = "open it in the spreadsheet and save it anew as .xlsx, without a password".to_owned();
    let message = match error {
        XlsxError::Password => "the workbook is locked by a password".to_owned(),
        XlsxError::Zip(_) | XlsxError::Io(_) => "the file is no workbook, or a damaged one".to_owned(),
        other => format!("the workbook cannot be read: {}", other.to_string().to_lowercase()),
    };
    Unreadable { message, hint }
}

fn value(cell: &DataRef<'_>, from_1904: bool) -> Value {
    match cell {
        DataRef::Empty => Value::Empty,
        DataRef::Bool(truth) => Value::Truth(*truth),
        #[allow(clippy::cast_precision_loss)]
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(float) => Value::Number(*float),
        DataRef::DateTime(day) if day.is_datetime() => Value::Day { serial: day.as_f64(), from_1904 },
        DataRef::DateTime(duration) => Value::Duration(duration.as_f64()),
        DataRef::Error(error) => Value::Error(error.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Value::Text(text.clone()),
        DataRef::SharedString(text) => Value::Text((*text).to_owned()),
    }
}

fn look(style: &Style) -> Look {
    let format = style.number_format.as_ref().map(|format| format.format_code.clone());
    Look { format: format.unwrap_or_default(), ..Look::default() }
}
