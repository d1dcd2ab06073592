//! Every sheet of a delivered workbook as columns of distinct cells, each with its kind, and with what the sheet hides.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::sheet::{Cell, Grid, Hidden, Mark, Value, Workbook};
use super::written::{self, Extent, Writer};
use super::{Judged, MOST_CELLS, Unreadable, WorkbookKind, burden, judge, open, too_large};
use crate::diagnostic::{Bytes, Sheet, cell_name};
use crate::tables::ingest::values::{CellKind, Values};

/// What is wanted of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Wanted {
    Read,
    Nothing,
}

/// A sheet of a delivered workbook.
pub(in super::super) struct BookSheet {
    pub(in super::super) text: Bytes,
    pub(in super::super) sheet: Sheet,
    pub(in super::super) judged: Judged,
    pub(in super::super) columns: Vec<Values>,
    pub(in super::super) rows: usize,
    /// Hidden rows, the first and the last of each stretch.
    pub(in super::super) hidden_rows: Vec<(usize, usize)>,
    pub(in super::super) hidden_columns: Vec<(usize, usize)>,
}

/// A sheet by its name, whether it is hidden, and what was read of it.
pub(in super::super) struct Listed {
    pub(in super::super) name: String,
    pub(in super::super) hidden: bool,
    pub(in super::super) read: Option<Result<BookSheet, Unreadable>>,
}

/// Reads the sheets that are wanted.
pub(in super::super) fn sheets(
    bytes: &Bytes,
    kind: WorkbookKind,
    wanted: &dyn Fn(&str, bool) -> Wanted,
) -> Result<Vec<Listed>, Unreadable> {
    let mut workbook = open(bytes, kind)?;
    let listed = workbook.sheets();
    let read = |(number, listed): (usize, super::sheet::Listed)| {
        let due = wanted(&listed.name, listed.hidden) == Wanted::Read;
        let read = due.then(|| one(workbook.as_mut(), number));
        Listed { name: listed.name, hidden: listed.hidden, read }
    };
    Ok(listed.into_iter().enumerate().map(read).collect())
}

fn one(workbook: &mut dyn Workbook, number: usize) -> Result<BookSheet, Unreadable> {
    let grid = workbook.read(number)?.complete();
    let extent = whole(&grid)?;
    burden::bounded(&grid)?;
    let (judged, ((text, sheet), columns)) = rayon::join(
        || judge::judge(&grid),
        || rayon::join(|| written::written(&grid, extent), || columns(&grid, extent)),
    );
    let (mut hidden_rows, mut hidden_columns) = (Vec::new(), Vec::new());
    for hidden in &grid.hidden {
        match *hidden {
            Hidden::Rows { first, last, .. } => hidden_rows.push((first as usize, last as usize)),
            Hidden::Columns { first, last } => hidden_columns.push((first as usize, last as usize)),
        }
    }
    Ok(BookSheet { text, sheet, judged, columns, rows: extent.height, hidden_rows, hidden_columns })
}

/// The rectangle from the sheet's first cell to the last that holds something.
fn whole(grid: &Grid) -> Result<Extent, Unreadable> {
    let Some(area) = grid.extent() else { return Ok(Extent { origin: (0, 0), height: 0, width: 0 }) };
    let (height, width) = (area.last.0 as usize + 1, area.last.1 as usize + 1);
    if height.saturating_mul(width) > MOST_CELLS {
        let last = cell_name(area.last.0, area.last.1);
        return Err(too_large(&grid.name, &format!("{height} rows of {width} (up to {last})")));
    }
    Ok(Extent { origin: (0, 0), height, width })
}

/// The columns of a sheet with sorted cells.
fn columns(grid: &Grid, extent: Extent) -> Vec<Values> {
    let mut builders: Vec<Builder> = (0..extent.width).map(|_| Builder::new(extent.height)).collect();
    let uncomputed: HashSet<_> =
        grid.marks.iter().filter(|(_, mark)| *mark == Mark::Uncomputed).map(|(area, _)| area.first).collect();
    let mut writer = Writer::of(grid);
    for cell in &grid.cells {
        let empty = !cell.value.is_something();
        if empty && !uncomputed.contains(&cell.place) {
            continue;
        }
        let Some(builder) = builders.get_mut(cell.place.1 as usize) else { continue };
        builder.put(cell, empty, &mut writer);
    }
    builders.into_iter().map(Builder::done).collect()
}

/// A column while it is read.
struct Builder {
    values: Values,
    codes: Vec<u32>,
    known: HashMap<(CellKind, Arc<str>), u32>,
    scratch: String,
}

impl Builder {
    fn new(height: usize) -> Self {
        let mut values = Values::default();
        values.add("", CellKind::Text);
        Self { values, codes: vec![0; height], known: HashMap::new(), scratch: String::new() }
    }

    fn put(&mut self, cell: &Cell, empty: bool, writer: &mut Writer) {
        let (kind, text): (CellKind, Arc<str>) = match &cell.value {
            _ if empty => (CellKind::Uncomputed, "".into()),
            Value::Text(text) => (CellKind::Text, text.clone()),
            Value::Error(text) => (CellKind::Error, text.as_str().into()),
            value => {
                self.scratch.clear();
                writer.push(&mut self.scratch, cell);
                let kind = match value {
                    Value::Day { .. } => CellKind::Day,
                    Value::Number(_) | Value::Duration(_) => CellKind::Number,
                    _ => CellKind::Text,
                };
                (kind, self.scratch.trim_matches('"').into())
            }
        };
        let values = &mut self.values;
        let code = *self.known.entry((kind, text)).or_insert_with_key(|(kind, text)| values.add(text, *kind));
        if let Some(slot) = self.codes.get_mut(cell.place.0 as usize) {
            *slot = code;
        }
    }

    fn done(self) -> Values {
        self.values.coded(&self.codes)
    }
}
