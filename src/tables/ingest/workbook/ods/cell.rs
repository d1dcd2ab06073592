//! One cell, with its marks.

use super::super::format::NumberFormat;
use super::super::package::part::Part;
use super::super::sheet::{Area, Cell, Grid, Mark, Place, Value};
use super::super::{MOST_CELLS, Unreadable, too_large};
use super::attributes::Attributes;
use super::styles::Styles;
use super::{text, value};

/// A cell's place, and how often the file repeats it in columns and rows.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) first: Place,
    pub(super) columns: u32,
    pub(super) rows: u32,
}

impl Block {
    pub(super) fn area(self) -> Area {
        let last = |first: u32, count: u32| first.saturating_add(count - 1);
        Area { first: self.first, last: (last(self.first.0, self.rows), last(self.first.1, self.columns)) }
    }
}

/// Formats of numbers, read once for each look.
pub(super) type Formats = Vec<NumberFormat>;

/// A cell before it is added to the sheet.
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) look: usize,
    pub(super) marks: Vec<Mark>,
    span: (u32, u32),
}

/// Reads the cell whose element, named `kind`, has begun.
pub(super) fn read(
    part: &mut Part<'_, '_>,
    kind: &str,
    cell: &Attributes,
    look: usize,
    styles: &Styles,
    formats: &mut Formats,
) -> Result<Found, Unreadable> {
    let shown = text::read(part, kind, styles)?;
    let (mut value, mut marks) = (value::read(cell, &shown.text), shown.marks);
    if let Some(formula) = cell.get("table:formula") {
        marks.extend(reads_elsewhere(formula).then_some(Mark::Foreign));
        // A formula whose value is an empty text has a paragraph, but no type.
        let has_value = cell.get("office:value-type").is_some() || shown.paragraphs > 0;
        if !has_value {
            value = Value::Empty;
            marks.push(Mark::Uncomputed);
        } else if value.is_something() && shown.paragraphs == 0 {
            marks.push(Mark::Stale);
        }
    }
    marks.extend(shown.linked.then_some(Mark::Foreign));
    if let Value::Number(number) = value
        && value::differs(number, &shown.text, format(formats, styles, look))
    {
        marks.push(Mark::Shows { text: shown.text.trim().to_owned() });
    }
    let span = |name| cell.number(name).unwrap_or(1).max(1);
    Ok(Found { value, look, marks, span: (span("table:number-rows-spanned"), span("table:number-columns-spanned")) })
}

fn format<'f>(formats: &'f mut Formats, styles: &Styles, look: usize) -> &'f NumberFormat {
    let known = formats.len();
    formats.extend(styles.looks.iter().skip(known).map(|look| NumberFormat::read(&look.format)));
    &formats[look]
}

/// Whether a formula refers to another file, such as `['file:///srv/old.ods'#$Sheet1.A1]`, or to another program.
fn reads_elsewhere(formula: &str) -> bool {
    let code: String = formula.split('"').step_by(2).collect();
    code.contains("'#") || code.to_ascii_uppercase().contains("DDE(")
}

/// The most bytes of text that repeated cells may add.
const MOST_COPIED: u64 = 1 << 28;

impl Value {
    fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::Error(text) => text.len() as u64,
            _ => 0,
        }
    }
}

impl Found {
    /// Whether the cell is not empty, or is a formula without a value.
    pub(super) fn is_something(&self) -> bool {
        self.value.is_something() || self.marks.contains(&Mark::Uncomputed)
    }

    /// Adds the cell to the sheet, as often as it is repeated. `copied` counts the bytes of texts added so far.
    pub(super) fn put(self, block: Block, grid: &mut Grid, copied: &mut u64) -> Result<(), Unreadable> {
        let (rows, columns) = self.span;
        if (rows, columns) != (1, 1) {
            let (row, column) = block.first;
            let last = (row.saturating_add(rows - 1), column.saturating_add(columns - 1));
            grid.merged.push(Area { first: block.first, last });
        }
        if !self.is_something() {
            return Ok(());
        }
        let (cells, length) = (u64::from(block.rows) * u64::from(block.columns), self.value.length());
        *copied = copied.saturating_add((cells - 1).saturating_mul(length));
        if grid.cells.len() as u64 + cells > MOST_CELLS as u64 || *copied > MOST_COPIED {
            return Err(too_large(&grid.name, "too many"));
        }
        let area = block.area();
        if self.value == Value::Empty {
            let places = (area.first.0..=area.last.0)
                .flat_map(|row| (area.first.1..=area.last.1).map(move |column| (row, column)));
            grid.marks.extend(places.map(|place| (Area::of(place), Mark::Uncomputed)));
            return Ok(());
        }
        grid.marks.extend(self.marks.into_iter().map(|mark| (area, mark)));
        for row in area.first.0..=area.last.0 {
            let columns = area.first.1..=area.last.1;
            let cell = |column| Cell { place: (row, column), value: self.value.clone(), look: self.look };
            grid.cells.extend(columns.map(cell));
        }
        Ok(())
    }
}
