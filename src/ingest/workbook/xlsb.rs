//! The reader of `.xlsb`: values, and which sheets are hidden, as calamine gives them.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader as _, Xlsb, XlsbError};

use super::sheet::{Cell, Grid, Listed, Look, Place, Value, Workbook};
use super::xls::listed;
use super::{MOST_CELLS, Unreadable, damaged, locked, too_large, unless_it_panics, xlsx};

/// A workbook of that kind.
pub(super) struct Reader<'b> {
    workbook: Xlsb<Cursor<&'b [u8]>>,
}

impl<'b> Reader<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let workbook = unless_it_panics(|| Xlsb::new(Cursor::new(bytes)))?;
        Ok(Self { workbook: workbook.map_err(|error| unreadable(&error))? })
    }
}

fn unreadable(error: &XlsbError) -> Unreadable {
    if matches!(error, XlsbError::Password) { locked() } else { damaged() }
}

impl Workbook for Reader<'_> {
    fn sheets(&self) -> Vec<Listed> {
        listed(self.workbook.sheets_metadata())
    }

    fn read(&mut self, number: usize) -> Result<Grid, Unreadable> {
        let Some(name) = self.sheets().into_iter().nth(number).map(|sheet| sheet.name) else {
            return Ok(Grid::default());
        };
        let mut cells = unless_it_panics(|| cells(&mut self.workbook, &name))??;
        let formulas = unless_it_panics(|| formulas(&mut self.workbook, &name)).unwrap_or_default();
        // A formula always has a value, and the reader passes over those that are errors.
        let known: BTreeSet<Place> = cells.iter().map(|cell| cell.place).collect();
        let errors = formulas.into_iter().filter(|place| !known.contains(place));
        let error = |place| Cell { place, value: Value::Error("#ERROR!".to_owned()), look: 0 };
        cells.extend(errors.map(error));
        cells.retain(|cell| cell.value.is_something());
        Ok(Grid { name, cells, looks: vec![Look::default()], ..Grid::default() })
    }
}

fn cells(workbook: &mut Xlsb<Cursor<&[u8]>>, name: &str) -> Result<Vec<Cell>, Unreadable> {
    let from_1904 = workbook.has_1904_epoch();
    let mut reader = workbook.worksheet_cells_reader(name).map_err(|error| unreadable(&error))?;
    let mut cells = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(|error| unreadable(&error))? {
        cells.push(Cell { place: cell.get_position(), value: xlsx::value(cell.get_value(), from_1904), look: 0 });
        if cells.len() > MOST_CELLS {
            return Err(too_large(name, "more than can be"));
        }
    }
    Ok(cells)
}

/// The cells that hold formulas, as far as these can be read.
fn formulas(workbook: &mut Xlsb<Cursor<&[u8]>>, name: &str) -> Vec<Place> {
    let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { return Vec::new() };
    let mut places = Vec::new();
    while let Ok(Some(cell)) = reader.next_formula() {
        places.push(cell.get_position());
        if places.len() > MOST_CELLS {
            break;
        }
    }
    places
}
