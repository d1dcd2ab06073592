//! The reader of `.xlsx`: cells, formats and fonts from calamine, and, read on another core, what calamine does not give.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{
    DataRef, FillPattern, HorizontalAlignment, NumberFormat, Reader as _, SheetType, SheetVisible, Style, Xlsx,
    XlsxError,
};

use super::package::{Details, Package};
use super::sheet::{Cell, Colour, Grid, Listed, Look, Script, Value, Workbook};
use super::{MOST_CELLS, Unreadable, ods, sums, too_large, unless_it_panics};

/// A workbook of that kind.
pub(super) struct Reader<'b> {
    workbook: Xlsx<Cursor<&'b [u8]>>,
    package: Package<'b>,
}

impl<'b> Reader<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, Unreadable> {
        let (workbook, package) =
            rayon::join(|| unless_it_panics(|| Xlsx::new(Cursor::new(bytes))), || Package::open(bytes));
        Ok(Self { workbook: workbook?.map_err(|error| unreadable(&error))?, package: package? })
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
        let (workbook, package) = (&mut self.workbook, &mut self.package);
        let (grid, details) = rayon::join(|| unless_it_panics(|| grid(workbook, &name)), || package.details(&name));
        let Some(mut grid) = grid?? else { return Ok(Grid { name, ..Grid::default() }) };
        let Details { marks, merged, hidden, conditional, totals, zeros_hidden, .. } = details?;
        for (number, look) in grid.looks.iter_mut().enumerate() {
            look.script = look.script.or(self.package.script(number));
        }
        grid.cells.sort_by_key(|cell| cell.place);
        let mut grid = Grid { marks, merged, hidden, conditional, totals, zeros_hidden, ..grid };
        sums::check(&mut grid, |name| self.other(name));
        Ok(grid)
    }
}

impl Reader<'_> {
    /// The cells of another sheet of the workbook.
    fn other(&mut self, name: &str) -> Option<Grid> {
        let name = self.sheets().into_iter().find(|sheet| sheet.name.to_lowercase() == name.to_lowercase())?.name;
        let mut grid = unless_it_panics(|| grid(&mut self.workbook, &name)).ok()?.ok()??;
        grid.cells.sort_by_key(|cell| cell.place);
        Some(grid)
    }
}

/// The cells of a sheet; none if it is not a worksheet.
fn grid(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Option<Grid>, Unreadable> {
    let from_1904 = workbook.has_1904_epoch();
    let mut reader = match workbook.worksheet_cells_reader(name) {
        Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
        reader => reader.map_err(|error| unreadable(&error))?,
    };
    let (mut cells, mut texts) = (Vec::new(), Texts::new());
    while let Some((cell, look)) = reader.next_cell_with_style_id().map_err(|error| unreadable(&error))? {
        let value = match cell.get_value() {
            DataRef::SharedString(text) => Value::Text(texts.get(text)),
            other => value(other, from_1904),
        };
        if value.is_something() {
            cells.push(Cell { place: cell.get_position(), value, look });
        }
        if cells.len() > MOST_CELLS {
            return Err(too_large(name, "too many"));
        }
    }
    let looks = reader.styles().iter().map(look).collect();
    Ok(Some(Grid { name: name.to_owned(), cells, looks, ..Grid::default() }))
}

/// A cache of the workbook's shared texts that occurred lately, by their address in memory.
struct Texts<'w>(Vec<Option<(&'w str, Arc<str>)>>);

impl<'w> Texts<'w> {
    const BITS: u32 = 13;

    fn new() -> Self {
        Self(vec![None; 1 << Self::BITS])
    }

    fn get(&mut self, text: &'w str) -> Arc<str> {
        let spread = (text.as_ptr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let at = usize::try_from(spread >> (u64::BITS - Self::BITS)).unwrap_or(0);
        match self.0.get_mut(at) {
            Some(Some((known, shared))) if std::ptr::eq(*known, text) => shared.clone(),
            Some(slot) => slot.insert((text, text.into())).1.clone(),
            None => text.into(),
        }
    }
}

fn unreadable(error: &XlsxError) -> Unreadable {
    let hint = "open it in a spreadsheet and save it again as .xlsx, without a password".to_owned();
    let message = match error {
        XlsxError::Password => "the workbook is locked by a password".to_owned(),
        XlsxError::Zip(_) | XlsxError::Io(_) => "the file is not a workbook, or it is damaged".to_owned(),
        other => format!("the workbook cannot be read: {}", other.to_string().to_lowercase()),
    };
    Unreadable { message, hint }
}

pub(super) fn value(cell: &DataRef<'_>, from_1904: bool) -> Value {
    match cell {
        DataRef::Empty => Value::Empty,
        DataRef::Bool(truth) => Value::Truth(*truth),
        #[allow(clippy::cast_precision_loss)]
        DataRef::Int(number) => Value::Number(*number as f64),
        DataRef::Float(float) => Value::Number(*float),
        DataRef::DateTime(day) if day.is_datetime() => Value::Day { serial: day.as_f64(), from_1904 },
        DataRef::DateTime(duration) => Value::Duration(duration.as_f64()),
        DataRef::Error(error) => Value::Error(error.to_string()),
        DataRef::DateTimeIso(text) => ods::day(text),
        DataRef::String(text) | DataRef::DurationIso(text) => Value::Text(text.as_str().into()),
        DataRef::SharedString(text) => Value::Text((*text).into()),
    }
}

fn look(style: &Style) -> Look {
    let format = style.number_format.as_ref().map_or_else(String::new, code);
    let font = style.font.as_ref();
    let struck = font.is_some_and(|font| font.strikethrough);
    let colour = |colour: calamine::Color| [colour.red, colour.green, colour.blue];
    let text = font.and_then(|font| font.color).map_or([0; 3], colour);
    let small = font.and_then(|font| font.size).is_some_and(|size| size <= SMALLEST);
    let repeats = style.alignment.as_ref().is_some_and(|alignment| alignment.horizontal == HorizontalAlignment::Fill);
    let unreadable = if small {
        Some("its letters are too small to be seen")
    } else {
        repeats.then_some("it is repeated until the cell is full")
    };
    Look { format, script: struck.then_some(Script::Struck), text, ground: ground(style), unreadable }
}

/// The code of a number format. calamine does not know the built-in formats of money, which have only a number.
fn code(format: &NumberFormat) -> String {
    match format.format_id {
        Some(5..=8) if format.format_code == "General" => "\"$\"#,##0.00".to_owned(),
        _ => format.format_code.clone(),
    }
}

/// Letters of at most this size, in points, cannot be read.
const SMALLEST: f64 = 2.0;

/// The colour of a cell's background; none if it is a pattern of two.
fn ground(style: &Style) -> Option<Colour> {
    let Some(fill) = &style.fill else { return Some([255; 3]) };
    let colour = |colour: calamine::Color| [colour.red, colour.green, colour.blue];
    match fill.pattern {
        FillPattern::None => Some([255; 3]),
        // A solid fill without a colour is black.
        FillPattern::Solid => Some(fill.get_color().map_or([0; 3], colour)),
        _ => None,
    }
}
