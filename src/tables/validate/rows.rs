//! Rows must have as many cells as there are labels, and must not be blank.

use super::checked::Checked;
use super::fault::{Fault, Where};
use super::labels::width;
use super::shifted::shifted;
use crate::diagnostic::{Code, several};
use crate::project::schema::Schema;
use crate::tables::ingest::{Column, Irregular, RawTable};

/// A run of at most this many blank rows is reported row by row, a longer one once.
const RUN: usize = 100;

pub(super) fn lengths(at: &Checked<'_>) -> Vec<Fault> {
    let (labels, width) = (at.table.labels.len(), width(at.table));
    // A row may leave out the empty columns at the end.
    let wrong = at.table.irregular.iter().filter(|run| run.cells > labels || run.cells < width);
    wrong.flat_map(|run| of_run(at, run, width)).collect()
}

/// If at least this many rows have the same number of cells and it is not that of the labels, the labels are wrong.
const ALL: usize = 3;

/// The fault of a row of labels that is too short or too long for every row, so that no cell can be judged.
pub(super) fn none_fits(table: &RawTable, schema: &Schema) -> Option<Fault> {
    let labels = table.labels.len();
    let run = table.irregular.first().filter(|run| run.rows == table.rows && run.rows >= ALL)?;
    let message = format!(
        "the table has {}, but every row has {}",
        several(labels, "label", "labels"),
        several(run.cells, "cell", "cells")
    );
    if run.cells > labels {
        let others = schema.fields.iter().map(|field| field.name.as_str()).filter(|name| table.column(name).is_none());
        let others: Vec<&str> = others.collect();
        let which = if others.is_empty() {
            String::new()
        } else {
            format!("; the other columns of the table are: {}", others.join(", "))
        };
        let hint = format!("add the missing label{which}");
        return Some(Fault::new(Where::File, Code::MissingLabel, message).hint(hint));
    }
    let too_few = run.cells > 1 && run.cells < width(table);
    let fault = Fault::new(Where::Label(labels.saturating_sub(1)), Code::ExtraLabel, message);
    too_few.then(|| fault.hint("delete the label without cells, or add its cells"))
}

fn of_run(at: &Checked<'_>, run: &Irregular, width: usize) -> Vec<Fault> {
    if run.cells == 0 {
        return blank_run(run.row, run.rows);
    }
    let labels = &at.table.labels;
    let message = format!(
        "the row has {}, but the table has {}",
        several(run.cells, "cell", "cells"),
        several(labels.len(), "label", "labels")
    );
    let fault = |row| match (run.cells, shifted(at, row, run.cells)) {
        (cells, Some(column)) if cells < width => {
            let label = &labels[column].text;
            Fault::row(row, Code::MissingCell, message.as_str()).hint(format!(
                "from `{label}` on each cell fits the next column: a cell is missing there or before; an empty cell still needs its comma"
            ))
        }
        (cells, None) if cells < width => {
            let label = &labels[cells].text;
            let last = cells + 1 == width;
            let which =
                if last { format!("the cell of `{label}` is") } else { format!("from `{label}` on the cells are") };
            Fault::row(row, Code::MissingCell, message.as_str())
                .hint(format!("{which} missing; an empty cell still needs its comma"))
        }
        (_, Some(column)) => {
            let label = &labels[column].text;
            Fault::new(Where::Cell((row, Some(labels.len()))), Code::ExtraCell, message.as_str()).hint(format!(
                "after `{label}` each cell fits the column before: put a cell that contains a comma in quotes, and write a number without separators"
            ))
        }
        _ => Fault::new(Where::Cell((row, Some(labels.len()))), Code::ExtraCell, message.as_str())
            .hint("put a cell that contains a comma in quotes"),
    };
    (run.row..run.row + run.rows).map(fault).collect()
}

/// The faults of a run of blank rows.
fn blank_run(first: usize, rows: usize) -> Vec<Fault> {
    if rows > RUN {
        let message = format!("this row and the {} after it are blank", rows - 1);
        return vec![Fault::row(first, Code::BlankRow, message).hint("delete the rows")];
    }
    let blank = |row| Fault::row(row, Code::BlankRow, "the row is blank").hint("delete the row");
    (first..first + rows).map(blank).collect()
}

/// Rows that contain only separators.
pub(super) fn blank(at: &Checked<'_>) -> Vec<Fault> {
    let rows = empty_rows(at.table);
    rows.chunk_by(|row, next| row + 1 == *next).flat_map(|run| blank_run(run[0], run.len())).collect()
}

/// The rows that have cells, all of them empty.
fn empty_rows(table: &RawTable) -> Vec<usize> {
    let empty: Option<Vec<u64>> = table.columns.iter().map(Column::empty_code).collect();
    let (Some(empty), Some(first)) = (empty, table.columns.first()) else { return Vec::new() };
    let mut rows = first.rows_with(|code| code == empty[0]);
    rows.retain(|row| table.columns.iter().zip(&empty).all(|(column, empty)| column.code(*row) == *empty));
    rows.retain(|row| cells_of(table, *row) > 0);
    rows
}

/// Which cells of a table exist: a row may be blank or too short.
pub(super) struct Shape<'t> {
    table: &'t RawTable,
    empty: Vec<Option<u64>>,
}

impl<'t> Shape<'t> {
    pub(super) fn of(table: &'t RawTable) -> Self {
        Self { table, empty: table.columns.iter().map(Column::empty_code).collect() }
    }

    /// Whether a row has no cell in this column because it is blank or too short, which is reported elsewhere.
    pub(super) fn lacks(&self, row: usize, column: usize) -> bool {
        let mut cells = self.table.columns.iter().zip(&self.empty);
        cells_of(self.table, row) <= column || cells.all(|(column, empty)| *empty == Some(column.code(row)))
    }
}

/// How many cells a row has.
fn cells_of(table: &RawTable, row: usize) -> usize {
    let at = table.irregular.partition_point(|run| run.row + run.rows <= row);
    let run = table.irregular.get(at).filter(|run| run.row <= row);
    run.map_or(table.labels.len(), |run| run.cells)
}
