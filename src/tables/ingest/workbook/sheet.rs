//! What a reader tells of a sheet, whatever file it comes from: the cells, what they store and how they look.

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
    /// Whether the spreadsheet does not show it.
    pub(super) hidden: bool,
}

/// A worksheet.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) name: String,
    /// The cells that store something, or should: a formula without a value is among them, and is empty. In the file they
    /// need not stand in order; here they do, by row and column.
    pub(super) cells: Vec<Cell>,
    /// The looks that cells have, by their number.
    pub(super) looks: Vec<Look>,
    /// What stands out at cells, in any order.
    pub(super) marks: Vec<(Area, Mark)>,
    /// Cells that are merged into one.
    pub(super) merged: Vec<Area>,
    /// Rows and columns that the spreadsheet does not show.
    pub(super) hidden: Vec<Hidden>,
    /// Formats that hold under a condition.
    pub(super) conditional: Vec<Conditional>,
    /// Rows in which the spreadsheet sums a table up.
    pub(super) totals: Vec<Area>,
    /// Whether the sheet shows nothing where a zero is stored.
    pub(super) zeros_hidden: bool,
}

impl Grid {
    /// Sorts the cells, and adds those of formulas without a value.
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
        // A single cell is looked up; of a column of a large sheet each row is.
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

    /// The smallest range that holds every cell.
    pub(super) fn extent(&self) -> Option<Area> {
        let columns = || self.cells.iter().map(|cell| cell.place.1);
        let (top, bottom) = (self.cells.first()?.place.0, self.cells.last()?.place.0);
        Some(Area { first: (top, columns().min()?), last: (bottom, columns().max()?) })
    }
}

/// A cell: what it stores, and the number of its look.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) place: Place,
    pub(super) value: Value,
    pub(super) look: usize,
}

/// What a cell stores.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Empty,
    /// Texts that a file holds once for many cells are one.
    Text(Arc<str>),
    Number(f64),
    /// A moment, as the number of days since the workbook's first one.
    Day {
        serial: f64,
        from_1904: bool,
    },
    /// A number under a format of hours that are summed up.
    Duration(f64),
    Truth(bool),
    /// `#REF!` and its like.
    Error(String),
}

impl Value {
    /// Whether the cell stores anything at all.
    pub(super) fn is_something(&self) -> bool {
        !matches!(self, Self::Empty) && !matches!(self, Self::Text(text) if text.is_empty())
    }
}

/// Red, green and blue.
pub(super) type Colour = [u8; 3];

/// How a cell looks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Look {
    /// The code of its number format; empty for the general one.
    pub(super) format: String,
    /// The whole cell is raised, lowered or struck out.
    pub(super) script: Option<Script>,
    /// The colour of its text.
    pub(super) text: Colour,
    /// The colour behind its text; none where that is a pattern.
    pub(super) ground: Option<Colour>,
    /// Another reason why its text cannot be read off the sheet, as in “its text is 1 point high”.
    pub(super) unreadable: Option<&'static str>,
}

impl Default for Look {
    fn default() -> Self {
        Self { format: String::new(), script: None, text: [0; 3], ground: Some([255; 3]), unreadable: None }
    }
}

/// Writing that changes what a text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Raised,
    Lowered,
    Struck,
}

/// What stands out at cells.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A part of the text is written so.
    Run { script: Script, part: String },
    /// A part of the text has a colour of its own.
    Coloured { text: Colour, part: String },
    /// The text that the spreadsheet last showed, which is not the number that is stored.
    Shows { text: String },
    /// A formula without a stored value.
    Uncomputed,
    /// A formula whose stored value no spreadsheet has computed.
    Stale,
    /// A formula that reads another workbook.
    Foreign,
    /// A formula that adds cells up, in a workbook that a spreadsheet has computed, or in one that none has.
    Adds { addends: Vec<Addend>, stale: bool },
    /// A formula that adds cells up, whose stored value is not their sum.
    Miscounted { sum: f64 },
}

/// Cells that a formula adds up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Addend {
    /// The sheet they are on, where it is named.
    pub(super) sheet: Option<String>,
    pub(super) area: Area,
    /// Whether they stand in a `SUM`, which passes over texts.
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

    /// Whether a cell lies in it.
    pub(super) fn holds(&self, (row, column): Place) -> bool {
        (self.first.0..=self.last.0).contains(&row) && (self.first.1..=self.last.1).contains(&column)
    }
}

/// Rows or columns that follow one another and are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hidden {
    Rows { first: u32, last: u32, filtered: bool },
    Columns { first: u32, last: u32 },
}

/// A format that holds under a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conditional {
    pub(super) areas: Vec<Area>,
    pub(super) condition: Condition,
    pub(super) effect: Effect,
}

/// When a conditional format holds.
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
    /// A condition that is not worked out here.
    Unknown,
}

/// What a conditional format does to a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// Shows numbers by this format.
    Format(String),
    /// Sets the text, what is behind it, or both in a colour.
    Colours { text: Option<Colour>, ground: Option<Colour> },
    /// Strikes the text out.
    Struck,
    /// Shows a bar or a picture in place of the number.
    Picture,
}
