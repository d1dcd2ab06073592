//! What is known of a workbook's cells beside what they say: which are faulty already, and which show another number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::RawTable;
use super::workbook::{Finding, Judged};
use crate::diagnostic::{Cell, Diagnostic, Span};

/// By row and column of a table.
#[derive(Debug, Default)]
pub struct Looks {
    faulty: BTreeSet<(usize, usize)>,
    rounded: BTreeMap<(usize, usize), String>,
}

impl Looks {
    /// Whether any cell is faulty.
    #[must_use]
    pub fn any_faulty(&self) -> bool {
        !self.faulty.is_empty()
    }

    /// Whether a fault of the cell was found before its value is judged.
    #[must_use]
    pub fn is_faulty(&self, row: usize, column: usize) -> bool {
        self.faulty.contains(&(row, column))
    }

    /// What the sheet shows in place of the number, in fewer decimals.
    #[must_use]
    pub fn rounded(&self, row: usize, column: usize) -> Option<&str> {
        if self.rounded.is_empty() { None } else { self.rounded.get(&(row, column)).map(String::as_str) }
    }

    /// The rows of a column whose numbers the sheet shows in fewer decimals, and what it shows.
    pub fn rounded_in(&self, column: usize) -> impl Iterator<Item = (usize, &str)> {
        let of_column = self.rounded.iter().filter(move |((_, at), _)| *at == column);
        of_column.map(|((row, _), shown)| (*row, shown.as_str()))
    }
}

impl RawTable {
    /// Takes in what was found on a sheet; the faults, at their cells.
    pub(super) fn looked_at(&mut self, judged: Judged) -> Vec<Diagnostic> {
        let Some(sheet) = &self.source.sheet else { return Vec::new() };
        let origin = sheet.origin;
        let on_grid = |(row, column): (u32, u32)| {
            Some((row.checked_sub(origin.0)? as usize, column.checked_sub(origin.1)? as usize))
        };
        let in_table = |place| on_grid(place).and_then(|(row, column)| Some((row.checked_sub(1)?, column)));
        self.looks.faulty = judged.cells.keys().filter_map(|place| in_table(*place)).collect();
        self.looks.rounded =
            judged.rounded.into_iter().filter_map(|(place, shown)| Some((in_table(place)?, shown))).collect();
        let all = judged.cells.into_iter().chain(judged.stretches);
        all.filter_map(|(place, finding)| Some(self.placed(on_grid(place)?, finding))).collect()
    }

    fn placed(&self, (row, column): (usize, usize), finding: Finding) -> Diagnostic {
        let starts = self.source.sheet.as_ref().map(|sheet| (sheet.width, sheet.cells.as_slice()));
        let span = starts.and_then(|(width, starts)| {
            let at = row * width + column;
            let start = *starts.get(at)?;
            // A comma or a line break stands between two cells.
            let end = starts.get(at + 1).map_or(self.source.bytes.len(), |next| *next) - 1;
            Some(Span::new(&self.source, start..end.max(start)))
        });
        let span = span.unwrap_or_else(|| Span::start_of(&self.source));
        let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let label: Arc<str> = match self.labels.get(column) {
            Some(label) if !self.register => label.text.as_str().into(),
            _ => "".into(),
        };
        let cell = Some(Cell { row: number(row), field: Some((number(column), label)) });
        Diagnostic { cell, ..Diagnostic::error(finding.code, span, finding.message).hint(finding.hint) }
    }
}
