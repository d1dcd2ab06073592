//! The rows of a table as they stand in its file.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, several};
use crate::tables::ingest::RawTable;

/// Labels, and below them rows of as many cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) labels: Vec<String>,
    pub(super) cells: Vec<Vec<String>>,
}

impl Rows {
    /// The rows of a table, without blank ones and without empty columns that have no label. A row of another length is
    /// reported, since its cells may stand under the wrong labels.
    pub(super) fn of(table: &RawTable, diagnostics: &mut Diagnostics) -> Self {
        lengths(table).into_iter().for_each(|fault| diagnostics.push(fault));
        let places: Vec<_> =
            (0..table.rows).flat_map(|row| (0..table.labels.len()).map(move |column| (row, Some(column)))).collect();
        let mut written = table.written(&places);
        let mut cell = |row, column| written.remove(&(row, Some(column))).unwrap_or_default();
        let cells = (0..table.rows).map(|row| (0..table.labels.len()).map(|column| cell(row, column)).collect());
        let cells: Vec<Vec<String>> =
            cells.filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty())).collect();
        let labels: Vec<String> = table.labels.iter().map(|label| label.text.clone()).collect();
        let is_kept = |at: &usize| !labels[*at].is_empty() || cells.iter().any(|row| !row[*at].is_empty());
        let kept: Vec<usize> = (0..labels.len()).filter(is_kept).collect();
        let chosen = |row: &Vec<String>| kept.iter().map(|at| row[*at].clone()).collect();
        Self { labels: chosen(&labels), cells: cells.iter().map(chosen).collect() }
    }

    /// Adds an empty column.
    pub(super) fn add(&mut self, label: &str) {
        self.labels.push(label.to_owned());
        self.cells.iter_mut().for_each(|row| row.push(String::new()));
    }

    /// The first cell that another table has differently: its row below the labels, from 1, and its label.
    pub(super) fn differs(&self, other: &Self) -> Option<(usize, String)> {
        let label = |at: usize| self.labels.get(at).or_else(|| other.labels.get(at)).cloned().unwrap_or_default();
        let first =
            |one: &[String], two: &[String]| (0..one.len().max(two.len())).find(|at| one.get(*at) != two.get(*at));
        if let Some(at) = first(&self.labels, &other.labels) {
            return Some((0, label(at)));
        }
        let empty = Vec::new();
        let row = |rows: &'_ Self, at: usize| rows.cells.get(at).unwrap_or(&empty).clone();
        let rows = self.cells.len().max(other.cells.len());
        (0..rows).find_map(|at| Some((at + 1, label(first(&row(self, at), &row(other, at))?))))
    }
}

/// A fault for each run of rows with more cells than labels, or with fewer.
fn lengths(table: &RawTable) -> Vec<Diagnostic> {
    let labels = table.labels.len();
    let full = table.labels.iter().rposition(|label| !label.text.is_empty()).map_or(0, |last| last + 1);
    let wrong = table.irregular.iter().filter(|run| run.cells > 0 && !(full..=labels).contains(&run.cells));
    let fault = |run: &crate::tables::ingest::Irregular| {
        let span = table.spans(&[(run.row, None)]).get(&(run.row, None))?;
        let (code, cells) =
            if run.cells > labels { (Code::ExtraCell, run.cells) } else { (Code::MissingCell, run.cells) };
        let message = format!(
            "the row has {}, but the table has {}",
            several(cells, "cell", "cells"),
            several(labels, "label", "labels")
        );
        Some(Diagnostic::error(code, span, message).hint("`tipbrief check` says which cell; correct it first"))
    };
    wrong.filter_map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(labels: &[&str], cells: &[&[&str]]) -> Rows {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        Rows { labels: texts(labels), cells: cells.iter().map(|row| texts(row)).collect() }
    }

    #[test]
    fn the_first_difference_is_named() {
        let before = rows(&["a", "b"], &[&["1", "2"], &["3", "4"]]);
        assert_eq!(before.differs(&rows(&["a", "b"], &[&["1", "2"], &["3", "4"]])), None);
        assert_eq!(before.differs(&rows(&["a", "b"], &[&["1", "2"], &["3", "5"]])), Some((2, "b".to_owned())));
        assert_eq!(before.differs(&rows(&["a", "b"], &[&["1", "2"]])), Some((2, "a".to_owned())));
        assert_eq!(before.differs(&rows(&["a"], &[&["1"], &["3"]])), Some((0, "b".to_owned())));
    }
}
