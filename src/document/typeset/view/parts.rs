//! Which rows are printed as parts of the total above them: only those whose every number comes from a source that gives that
//! total, too. Any other row stands for itself
//! (docs/data.md#how-rows-are-read, rule 7).

use super::model::TableRow;
use super::readings::{cell_at, fits};
use crate::disclosure::protect::ReleasedCell;
use crate::document::outline::Outline;
use crate::project::indicator::Selector;
use crate::value::period::Period;

/// The rows of one unit: each row of parts directly below its total, before the rows that stand for themselves.
#[derive(Default)]
pub(super) struct Rows {
    /// Each with whether it is the total of its indicator.
    rows: Vec<(bool, TableRow)>,
}

impl Rows {
    fn total(&self, indicator: &str) -> Option<usize> {
        self.rows.iter().position(|(total, row)| *total && row.method == indicator)
    }

    pub(super) fn holds_total(&self, indicator: &str) -> bool {
        self.total(indicator).is_some()
    }

    pub(super) fn push(&mut self, row: TableRow, total: bool) {
        let above = self.total(&row.method).filter(|_| row.indent > 0);
        let below = |at: usize| {
            let parts = self.rows[at + 1..].iter().take_while(|(_, other)| other.indent > 0).count();
            at + 1 + parts
        };
        self.rows.insert(above.map_or(self.rows.len(), below), (total, row));
    }

    pub(super) fn finish(self) -> Vec<TableRow> {
        self.rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// Whether a row of a table is one of parts: the table holds the total, and each cell fits under it.
pub(super) fn is_of_the_total(
    outline: &Outline<'_>,
    shown: &[(Selector, Vec<&ReleasedCell>)],
    selector: &Selector,
    columns: &[Period],
    cells: &[Option<&ReleasedCell>],
) -> bool {
    let is_total = |other: &Selector| other.indicator == selector.indicator && other.codes.is_empty();
    let Some((total, _)) = shown.iter().find(|(other, _)| is_total(other)) else { return false };
    let each_fits = |(period, cell): (&Period, Option<&ReleasedCell>)| {
        cell.is_none_or(|cell| fits(cell, cell_at(outline, total, period)))
    };
    !selector.codes.is_empty() && columns.iter().zip(cells.iter().copied()).all(each_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, method: &str, indent: u8) -> TableRow {
        TableRow { label: label.into(), method: method.into(), indent, cells: Vec::new(), marks: Vec::new() }
    }

    #[test]
    fn parts_stand_directly_below_their_total() {
        let mut rows = Rows::default();
        rows.push(row("arrested", "arrested", 0), true);
        rows.push(row("arrested, female", "arrested", 0), false);
        rows.push(row("of which foreign", "arrested", 1), false);
        rows.push(row("tried", "tried", 0), true);
        rows.push(row("of which under 18", "arrested", 1), false);
        assert!(rows.holds_total("tried") && !rows.holds_total("charged"));
        let order: Vec<String> = rows.finish().into_iter().map(|row| row.label).collect();
        assert_eq!(order, ["arrested", "of which foreign", "of which under 18", "arrested, female", "tried"]);
    }
}
