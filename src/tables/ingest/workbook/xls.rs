//! The reader of `.xls`: values, merged cells and which sheets are hidden, as calamine gives them.

use std::io::Cursor;

use calamine::{Data, Reader as _, SheetType, SheetVisible, Xls, XlsError};

use super::sheet::{Area, Cell, Grid, Listed, Mark, Place, Value, Workbook};
use super::{MOST_CELLS, Unreadable, damaged, locked, too_large, unless_it_panics};

/// A workbook of that kind.
pub(super) struct Reader<'b> {
    workbook: Xls<Cursor<&'b [u8]>>,
}

impl<'b> Reader<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let workbook = unless_it_panics(|| Xls::new(Cursor::new(bytes)))?;
        Ok(Self { workbook: workbook.map_err(|error| unreadable(&error))? })
    }
}

pub(super) fn unreadable(error: &XlsError) -> Unreadable {
    if matches!(error, XlsError::Password) { locked() } else { damaged() }
}

/// The worksheets among all sheets.
pub(super) fn listed(sheets: &[calamine::Sheet]) -> Vec<Listed> {
    let sheets = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let listed =
        |sheet: &calamine::Sheet| Listed { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible };
    sheets.map(listed).collect()
}

impl Workbook for Reader<'_> {
    fn sheets(&self) -> Vec<Listed> {
        listed(self.workbook.sheets_metadata())
    }

    fn read(&mut self, number: usize) -> Result<Grid, Unreadable> {
        let Some(name) = self.sheets().into_iter().nth(number).map(|sheet| sheet.name) else {
            return Ok(Grid::default());
        };
        let from_1904 = self.workbook.has_1904_epoch();
        let range = unless_it_panics(|| self.workbook.worksheet_range(&name))?.map_err(|error| unreadable(&error))?;
        let formulas = unless_it_panics(|| self.workbook.worksheet_formula(&name))?;
        let formulas = formulas.map_err(|error| unreadable(&error))?;
        let mut cells = Vec::new();
        let start = range.start().unwrap_or_default();
        for (row, column, data) in range.used_cells() {
            let value = value(data, from_1904);
            if value.is_something() {
                cells.push(Cell { place: moved(start, (row, column)), value, look: 0 });
            }
            if cells.len() > MOST_CELLS {
                return Err(too_large(&name, "too many"));
            }
        }
        let start = formulas.start().unwrap_or_default();
        let places = formulas.used_cells().map(|(row, column, _)| moved(start, (row, column)));
        let without_value = places.filter(|place| matches!(range.get_value(*place), None | Some(Data::Empty)));
        let marks = without_value.map(|place| (Area::of(place), Mark::Uncomputed)).collect();
        let merged = self.workbook.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let merged = merged.into_iter().map(|area| Area { first: area.start, last: area.end }).collect();
        Ok(Grid { name, cells, marks, merged, looks: vec![super::sheet::Look::default()], ..Grid::default() })
    }
}

/// A place given relative to another.
fn moved(start: Place, (row, column): (usize, usize)) -> Place {
    let from = |start: u32, by: usize| start.saturating_add(u32::try_from(by).unwrap_or(u32::MAX));
    (from(start.0, row), from(start.1, column))
}

fn value(data: &Data, from_1904: bool) -> Value {
    match data {
        Data::Empty => Value::Empty,
        Data::Bool(truth) => Value::Truth(*truth),
        #[allow(clippy::cast_precision_loss)]
        Data::Int(number) => Value::Number(*number as f64),
        Data::Float(float) => Value::Number(*float),
        Data::DateTime(day) if day.is_datetime() => Value::Day { serial: day.as_f64(), from_1904 },
        Data::DateTime(duration) => Value::Duration(duration.as_f64()),
        Data::Error(error) => Value::Error(error.to_string()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Value::Text(text.as_str().into()),
    }
}
