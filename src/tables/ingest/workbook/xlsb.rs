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
        // A formula always has a value; calamine leaves out those that are errors.
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
            return Err(too_large(name, "too many"));
        }
    }
    Ok(cells)
}

/// The cells with formulas, as far as they can be read.
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

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::kind::WorkbookKind;
    use super::super::read;
    use crate::diagnostic::Bytes;

    /// A record: its type, its length, its bytes.
    fn record(kind: u8, bytes: &[u8]) -> Vec<u8> {
        let kind = if kind < 0x80 { vec![kind] } else { vec![kind, 1] };
        [kind, vec![u8::try_from(bytes.len()).expect("a short record")], bytes.to_vec()].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [u32::try_from(letters.len() / 2).expect("a short text").to_le_bytes().to_vec(), letters].concat()
    }

    /// A cell: its column, no style, and what its kind of record holds.
    fn cell(kind: u8, column: u32, bytes: &[u8]) -> Vec<u8> {
        record(kind, &[&column.to_le_bytes(), &[0; 4], bytes].concat())
    }

    const ROW: u8 = 0x00;
    const REAL: u8 = 0x05;
    const TEXT: u8 = 0x06;
    const NUMBER_FORMULA: u8 = 0x09;
    const ERROR_FORMULA: u8 = 0x0B;

    /// The flags of a formula, and its code: the number 1.
    const FORMULA: [u8; 9] = [0, 0, 3, 0, 0, 0, 0x1E, 1, 0];

    fn row(number: u32, cells: &[Vec<u8>]) -> Vec<u8> {
        [record(ROW, &number.to_le_bytes()), cells.concat()].concat()
    }

    fn file(hidden: u32, rows: &[Vec<u8>]) -> Bytes {
        let sheet = record(0x9C, &[&hidden.to_le_bytes()[..], &[1, 0, 0, 0], &wide("rId1"), &wide("cases")].concat());
        let book = [sheet, record(0x90, &[]), record(0x9D, &[])].concat();
        let cells = [record(0x94, &[0; 16]), record(0x91, &[]), rows.concat(), record(0x92, &[])].concat();
        let relations = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
        let parts: [(&str, &[u8]); 4] = [
            ("[Content_Types].xml", b"<Types/>"),
            ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
            ("xl/workbook.bin", &book),
            ("xl/worksheets/sheet1.bin", &cells),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(bytes).expect("its bytes");
        }
        zip.finish().expect("an archive").into_inner().into()
    }

    fn labels() -> Vec<u8> {
        row(0, &[cell(TEXT, 0, &wide("period")), cell(TEXT, 1, &wide("count"))])
    }

    #[test]
    fn values_are_read() {
        let computed = [&7.0_f64.to_le_bytes()[..], &FORMULA].concat();
        let rows = [
            labels(),
            row(1, &[cell(REAL, 0, &2021.0_f64.to_le_bytes()), cell(REAL, 1, &12.5_f64.to_le_bytes())]),
            row(2, &[cell(REAL, 0, &2022.0_f64.to_le_bytes()), cell(NUMBER_FORMULA, 1, &computed)]),
        ];
        let read = read(&file(0, &rows), WorkbookKind::Xlsb, "cases").expect("a workbook");
        assert_eq!(&*read.text, b"period,count\n2021,12.5\n2022,7\n");
        assert!(read.judged.cells.is_empty());
    }

    #[test]
    fn a_formula_that_is_an_error_is_no_empty_cell() {
        let error = [&[0x17_u8][..], &FORMULA].concat();
        let rows = [labels(), row(1, &[cell(REAL, 0, &2021.0_f64.to_le_bytes()), cell(ERROR_FORMULA, 1, &error)])];
        let read = read(&file(0, &rows), WorkbookKind::Xlsb, "cases").expect("a workbook");
        let found = read.judged.cells.get(&(1, 1)).expect("a fault");
        assert!(found.message.contains("#ERROR!"), "{}", found.message);
    }

    #[test]
    fn a_hidden_sheet_is_not_read() {
        let why = read(&file(1, &[labels()]), WorkbookKind::Xlsb, "cases").err().expect("a hidden sheet");
        assert!(why.message.contains("hidden"), "{}", why.message);
    }

    #[test]
    fn a_file_that_breaks_off_is_damaged() {
        let whole = file(0, &[labels()]);
        for length in 0..whole.len() {
            let part: Bytes = whole.get(..length).unwrap_or_default().to_vec().into();
            assert!(read(&part, WorkbookKind::Xlsb, "cases").is_err(), "{length}");
        }
    }
}
