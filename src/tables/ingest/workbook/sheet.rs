//! The model of a sheet, the same for every kind of file: its cells, the values they store, and how they look.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Unreadable;
use crate::diagnostic::cell_name;

/// Row and column of a cell, from 0.
pub(super) type Place = (u32, u32);

/// A workbook that a reader has opened.
pub(super) trait Workbook {
    /// Its worksheets, in their order.
    fn sheets(&self) -> Vec<Listed>;

    /// Reads the worksheet of that number in [`Workbook::sheets`].
    fn read(&mut self, number: usize) -> Result<Grid, Unreadable>;
}

/// A worksheet before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    /// Whether it is hidden in the spreadsheet.
    pub(super) hidden: bool,
}

/// A worksheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) name: String,
    /// The cells with a value, and formulas without one, whose value is empty. They are ordered by row and column, which
    /// they need not be in the file.
    pub(super) cells: Vec<Cell>,
    /// The looks of cells, by number.
    pub(super) looks: Vec<Look>,
    /// Marks of cells, in any order.
    pub(super) marks: Vec<(Area, Mark)>,
    /// Cells that are merged into one.
    pub(super) merged: Vec<Area>,
    /// Hidden rows and columns.
    pub(super) hidden: Vec<Hidden>,
    /// Conditional formats.
    pub(super) conditional: Vec<Conditional>,
    /// Totals rows of tables in the sheet.
    pub(super) totals: Vec<Area>,
    /// Whether the sheet is set not to show zeros.
    pub(super) zeros_hidden: bool,
}

impl Grid {
    /// Adds empty cells for formulas without a value, and sorts all cells.
    pub(super) fn complete(mut self) -> Self {
        let uncomputed = self.marks.iter().filter(|(_, mark)| *mark == Mark::Uncomputed);
        self.cells.extend(uncomputed.map(|(area, _)| Cell { place: area.first, value: Value::Empty, look: 0 }));
        self.cells.sort_by_key(|cell| cell.place);
        self
    }

    /// The cells of some rows.
    pub(super) fn rows(&self, rows: RangeInclusive<u32>) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.place.0 < *rows.start());
        let end = self.cells.partition_point(|cell| cell.place.0 <= *rows.end());
        self.cells.get(start..end).unwrap_or_default()
    }

    /// The cells of a range.
    pub(super) fn within(&self, area: Area) -> impl Iterator<Item = &Cell> {
        // In a single row the columns are looked up; in a range of several rows each cell is compared.
        let rows = self.rows(area.first.0..=area.last.0);
        let (start, end) = if area.first.0 == area.last.0 {
            let at = |column: u32| rows.partition_point(|cell| cell.place.1 < column);
            (at(area.first.1), at(area.last.1.saturating_add(1)))
        } else {
            (0, rows.len())
        };
        rows.get(start..end).unwrap_or_default().iter().filter(move |cell| area.holds(cell.place))
    }

    /// How a cell looks.
    pub(super) fn look(&self, cell: &Cell) -> Option<&Look> {
        self.looks.get(cell.look)
    }

    /// The smallest range with every cell.
    pub(super) fn extent(&self) -> Option<Area> {
        let columns = || self.cells.iter().map(|cell| cell.place.1);
        let (top, bottom) = (self.cells.first()?.place.0, self.cells.last()?.place.0);
        Some(Area { first: (top, columns().min()?), last: (bottom, columns().max()?) })
    }
}

/// A cell: its value, and the number of its look.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) place: Place,
    pub(super) value: Value,
    pub(super) look: usize,
}

/// The value that a cell stores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Empty,
    /// A text that a file stores once for many cells is shared here, too.
    Text(Arc<str>),
    Number(f64),
    /// A day and time, as the number of days since the first day of the workbook's calendar.
    Day {
        serial: f64,
        from_1904: bool,
    },
    /// A number whose format shows it as a span of time.
    Duration(f64),
    Truth(bool),
    /// An error such as `#REF!`.
    Error(String),
}

impl Value {
    /// Whether the cell is not empty.
    pub(super) fn is_something(&self) -> bool {
        !matches!(self, Self::Empty) && !matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

/// How a cell looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    /// The code of its number format; empty for General.
    pub(super) format: String,
    /// The whole cell is raised, lowered or struck out.
    pub(super) script: Option<Script>,
    /// The colour of its text.
    pub(super) text: Colour,
    /// The colour of its background; none if that is a pattern.
    pub(super) ground: Option<Colour>,
    /// Another reason why its text cannot be seen on the sheet, such as "its letters are too small to be seen".
    pub(super) unreadable: Option<&'static str>,
}

impl Default for Look {
    fn default() -> Self {
        Self { format: String::new(), script: None, text: [0; 3], ground: Some([255; 3]), unreadable: None }
    }
}

/// Formatting that changes what a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Raised,
    Lowered,
    Struck,
}

/// Something unusual about a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A part of the text is superscript, subscript or struck out.
    Run { script: Script, part: String },
    /// A part of the text has its own colour.
    Coloured { text: Colour, part: String },
    /// The text that the spreadsheet last showed, which differs from the stored number.
    Shows { text: String },
    /// A formula without a stored value.
    Uncomputed,
    /// A formula with a stored value that no spreadsheet has computed.
    Stale,
    /// A formula that reads another workbook.
    Foreign,
    /// A formula that adds cells up; `stale` if no spreadsheet has computed it.
    Adds { addends: Vec<Addend>, stale: bool },
    /// A formula that adds cells up and whose stored value is not their sum.
    Miscounted { sum: f64 },
}

/// Cells that a formula adds up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Addend {
    /// Their sheet, if the formula names one.
    pub(super) sheet: Option<String>,
    pub(super) area: Area,
    /// Whether they are inside `SUM`, which ignores texts.
    pub(super) in_sum: bool,
}

/// A rectangle of cells, its corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) first: Place,
    pub(super) last: Place,
}

impl Area {
    /// The range's name, as `A1:F9`.
    pub(super) fn name(&self) -> String {
        let name = |place: Place| cell_name(place.0, place.1);
        if self.first == self.last { name(self.first) } else { format!("{}:{}", name(self.first), name(self.last)) }
    }

    /// One cell.
    pub(super) fn of(place: Place) -> Self {
        Self { first: place, last: place }
    }

    /// Whether a cell is inside.
    pub(super) fn holds(&self, (row, column): Place) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

/// Consecutive rows or columns that are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Rows { first: u32, last: u32, filtered: bool },
    Columns { first: u32, last: u32 },
}

/// A conditional format.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conditional {
    pub(super) areas: Vec<Area>,
    pub(super) condition: Condition,
    pub(super) effect: Effect,
}

/// When a conditional format applies.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    Always,
    Below(f64),
    AtMost(f64),
    Above(f64),
    AtLeast(f64),
    Is(f64),
    IsNot(f64),
    Between(f64, f64),
    Outside(f64, f64),
    /// A condition that is not evaluated here.
    Unknown,
}

/// What a conditional format does to a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// Shows numbers with this format.
    Format(String),
    /// Changes the colour of the text, of the background, or of both.
    Colours { text: Option<Colour>, ground: Option<Colour> },
    /// Strikes the text out.
    Struck,
    /// Shows a bar or a picture in place of the number.
    Picture,
}
