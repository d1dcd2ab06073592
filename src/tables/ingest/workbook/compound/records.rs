//! How large the sheets of an `.xls` file are, by the places of their cells: calamine lays each sheet out as a full rectangle, however
//! few cells are in it ([MS-XLS]).

use super::super::{Unreadable, damaged};
use super::texts::Shared;
use super::{number, short};

/// So many cells the sheets of a workbook may span together, empty ones included: the largest sheet of the format.
const MOST: u64 = 1 << 24;
/// The texts of all cells may have so many letters together.
const LETTERS: u64 = 1 << 28;
/// The records of the sheets may be read so many times in all: each belongs to one sheet.
const TIMES: usize = 4;

/// The kinds of records that are looked at.
const EOF: u16 = 0x000A;
const BOF: u16 = 0x0809;
const SHEET: u16 = 0x0085;
const TEXTS: u16 = 0x00FC;
const GO_ON: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const FORMULA: u16 = 0x0006;
/// The text of the last formula.
const FORMULA_TEXT: u16 = 0x0207;
const NUMBERS: u16 = 0x00BD;
/// A cell with a shared text, named by its number.
const TEXT: u16 = 0x00FD;
/// Each a cell, which begins with its row and its column.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, TEXT, FORMULA];

/// Refuses a workbook whose sheets span more cells than can be kept, or repeat more text.
pub(super) fn bounded(stream: &[u8]) -> Result<(), Unreadable> {
    let (sheets, texts) = globals(stream).ok_or_else(damaged)?;
    let lengths = texts.lengths();
    let (mut cells, mut letters, mut left) = (0, 0, stream.len().saturating_mul(TIMES));
    for start in sheets {
        let records = usize::try_from(start).ok().and_then(|start| stream.get(start..)).ok_or_else(damaged)?;
        let (extent, read) = measured(records, &lengths);
        left = left.checked_sub(read).ok_or_else(damaged)?;
        cells += extent.cells();
        letters += extent.letters;
        if cells > MOST || extent.stated > MOST || letters > LETTERS {
            return Err(too_large());
        }
    }
    Ok(())
}

/// Where the records of each sheet begin, and the texts that their cells share.
fn globals(stream: &[u8]) -> Option<(Vec<u32>, Shared<'_>)> {
    let (mut sheets, mut texts, mut before) = (Vec::new(), Shared::default(), 0);
    for (kind, data) in (Records { rest: stream }).take_while(|(kind, _)| *kind != EOF) {
        match kind {
            SHEET => sheets.extend(number(data, 0)),
            TEXTS => texts = Shared::begin(data),
            GO_ON if before == TEXTS => texts.go_on(data)?,
            _ => {}
        }
        before = if kind == GO_ON { before } else { kind };
    }
    Some((sheets, texts))
}

fn too_large() -> Unreadable {
    Unreadable {
        message: format!(
            "the sheets of the workbook span more than {MOST} cells, empty ones included, or more than {LETTERS} letters"
        ),
        hint: "delete cells outside the table, or keep a table of this size as CSV".to_owned(),
    }
}

/// The records of a stream: the kind of each, and its bytes.
struct Records<'s> {
    rest: &'s [u8],
}

impl<'s> Iterator for Records<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (short(self.rest, 0)?, short(self.rest, 2)?);
        let (_, data) = self.rest.split_at_checked(4)?;
        let (data, rest) = data.split_at_checked(usize::from(length))?;
        self.rest = rest;
        Some((kind, data))
    }
}

/// The rectangle around the cells of a sheet, the number of cells that it states, and how long its shared texts are.
#[derive(Default)]
struct Extent {
    rows: Option<(u64, u64)>,
    columns: Option<(u64, u64)>,
    stated: u64,
    letters: u64,
}

impl Extent {
    fn add(&mut self, row: u64, column: u64) {
        let around = |known: Option<(u64, u64)>, at| {
            Some(known.map_or((at, at), |(first, last): (u64, u64)| (first.min(at), last.max(at))))
        };
        (self.rows, self.columns) = (around(self.rows, row), around(self.columns, column));
    }

    fn cells(&self) -> u64 {
        let length = |range: Option<(u64, u64)>| range.map_or(0, |(first, last)| last - first + 1);
        length(self.rows) * length(self.columns)
    }
}

/// The extent of the sheet whose records begin here, and how many bytes it has. What is inside it, such as a chart, counts as well.
fn measured(stream: &[u8], lengths: &[u64]) -> (Extent, usize) {
    let (mut extent, mut depth, mut last) = (Extent::default(), 0_usize, (0, 0));
    let mut records = Records { rest: stream };
    for (kind, data) in records.by_ref() {
        let (row, column) = (short(data, 0), short(data, 2));
        let place = row.zip(column).map(|(row, column)| (u64::from(row), u64::from(column)));
        match (kind, place) {
            (EOF, _) if depth <= 1 => break,
            (EOF, _) => depth -= 1,
            (BOF, _) => depth += 1,
            (DIMENSIONS, _) => extent.stated = extent.stated.max(stated(data)),
            (FORMULA_TEXT, _) => extent.add(last.0, last.1),
            (NUMBERS, Some((row, column))) => {
                extent.add(row, column);
                extent.add(row, column + data.len() as u64 / 6);
            }
            (kind, Some(place)) if CELLS.contains(&kind) => {
                extent.add(place.0, place.1);
                last = if kind == FORMULA { place } else { last };
                let text =
                    number(data, 6).filter(|_| kind == TEXT).and_then(|at| lengths.get(usize::try_from(at).ok()?));
                extent.letters += text.unwrap_or(&0);
            }
            _ => {}
        }
    }
    (extent, stream.len() - records.rest.len())
}

/// How many cells a sheet says that it has: from a first row and column to those before the last ones.
fn stated(data: &[u8]) -> u64 {
    let wide = data.len() > 10;
    let row = |at: usize| if wide { number(data, 2 * at).map(u64::from) } else { short(data, at).map(u64::from) };
    let column = |at: usize| short(data, at + if wide { 8 } else { 4 }).map(u64::from);
    let rows = row(0).zip(row(2)).map_or(0, |(first, last)| last.saturating_sub(first));
    // A first column that cannot be one is read as the very first.
    let columns =
        column(0).zip(column(2)).map_or(0, |(first, last)| last - if first > 0xFF { 0 } else { first.min(last) });
    rows * columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("a short record");
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    /// A workbook with sheets, each of these records.
    fn workbook(sheets: &[Vec<u8>]) -> Vec<u8> {
        let named = |start: u32| record(SHEET, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
        let mut start = u32::try_from(named(0).len() * sheets.len() + 4).expect("a few sheets");
        let (mut head, mut body) = (Vec::new(), Vec::new());
        for sheet in sheets {
            head.extend(named(start));
            let sheet = [record(BOF, &[0; 8]), sheet.clone(), record(EOF, &[])].concat();
            start += u32::try_from(sheet.len()).expect("a short sheet");
            body.extend(sheet);
        }
        [head, record(EOF, &[]), body].concat()
    }

    #[test]
    fn the_sheets_that_people_make_pass() {
        let table = [cell(0, 0), cell(40, 9)].concat();
        assert!(bounded(&workbook(&[table.clone(), table])).is_ok());
        assert!(bounded(&workbook(&[[cell(0, 0), cell(65_535, 255)].concat()])).is_ok(), "the largest sheet");
    }

    #[test]
    fn cells_far_apart_are_refused() {
        let far = [cell(0, 0), cell(65_535, 65_535)].concat();
        let why = bounded(&workbook(&[far])).expect_err("four thousand million cells");
        assert!(why.message.contains("span more than 16777216 cells"), "{}", why.message);
        let large = || [cell(0, 0), cell(40_000, 255)].concat();
        assert!(bounded(&workbook(&[large(), large()])).is_err(), "all sheets count together");
        let chart = [cell(0, 0), record(BOF, &[0; 8]), record(EOF, &[]), cell(65_535, 65_535)].concat();
        assert!(bounded(&workbook(&[chart])).is_err(), "behind a chart, too");
        let text = [cell(65_535, 65_535), record(FORMULA_TEXT, &[0; 3])].concat();
        assert!(bounded(&workbook(&[text])).is_err(), "a text without a formula is the first cell");
        let numbers = [cell(0, 0), record(NUMBERS, &[[0xFF; 4], [0; 4]].concat())].concat();
        assert!(bounded(&workbook(&[numbers])).is_err(), "a row of numbers");
    }

    #[test]
    fn a_sheet_that_states_too_many_cells_is_refused() {
        let stated = [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0];
        assert!(bounded(&workbook(&[record(DIMENSIONS, &stated)])).is_err());
        let usual = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0];
        assert!(bounded(&workbook(&[record(DIMENSIONS, &usual)])).is_ok());
    }

    #[test]
    fn a_long_text_in_many_cells_is_refused() {
        let long = [&[0; 8][..], &60_000_u16.to_le_bytes(), &[0]].concat();
        let texts = [record(TEXTS, &[long, vec![b'a'; 60_000]].concat()), record(EOF, &[])].concat();
        let named = |cells: usize| {
            let cell = record(TEXT, &[0; 10]);
            let sheet = [record(BOF, &[0; 8]), cell.repeat(cells), record(EOF, &[])].concat();
            let start = u32::try_from(13 + texts.len()).expect("a short head");
            let head = record(SHEET, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
            [head, texts.clone(), sheet].concat()
        };
        assert!(bounded(&named(1000)).is_ok());
        assert!(bounded(&named(5000)).is_err());
    }

    #[test]
    fn sheets_that_share_their_records_are_refused() {
        let one = record(SHEET, &[0, 0, 0, 0, 0, 0, 1, 0, b'a']);
        let many = [one.repeat(50), record(BOF, &[0; 8]), cell(0, 0).repeat(1000)].concat();
        assert!(bounded(&many).is_err());
    }
}
