//! A fault found by a rule, and how it gets its place in the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::{Cell, Code, Diagnostic, Diagnostics, Severity, Span};
use crate::tables::ingest::{Label, Place, RawTable};

/// A fault found by a rule. It knows its row and column; its place in the file is looked up later.
pub(super) struct Fault {
    place: Where,
    severity: Severity,
    code: Code,
    message: Arc<str>,
    hint: Option<Arc<str>>,
    second: Option<(Place, Arc<str>)>,
}

/// Where in a table a fault is.
pub(super) enum Where {
    File,
    Label(usize),
    Cell(Place),
    /// The line of the mapping that made a row.
    Made(usize),
}

impl Fault {
    pub(super) fn new(place: Where, code: Code, message: impl Into<Arc<str>>) -> Self {
        Self { place, severity: Severity::Error, code, message: message.into(), hint: None, second: None }
    }

    /// A fault of one cell.
    pub(super) fn cell(row: usize, column: usize, code: Code, message: impl Into<Arc<str>>) -> Self {
        Self::new(Where::Cell((row, Some(column))), code, message)
    }

    /// A fault of a whole row.
    pub(super) fn row(row: usize, code: Code, message: impl Into<Arc<str>>) -> Self {
        Self::new(Where::Cell((row, None)), code, message)
    }

    pub(super) fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    pub(super) fn second(self, place: Place, message: impl Into<Arc<str>>) -> Self {
        Self { second: Some((place, message.into())), ..self }
    }

    pub(super) fn hint(self, hint: impl Into<Arc<str>>) -> Self {
        self.or_hint(Some(hint.into()))
    }

    pub(super) fn or_hint(self, hint: Option<Arc<str>>) -> Self {
        Self { hint, ..self }
    }

    /// Whether its cell already has an error from reading the file, so that this one would be the second for one slip.
    pub(super) fn is_second(&self, table: &RawTable) -> bool {
        matches!(self.place, Where::Cell((row, Some(column))) if table.looks.is_faulty(row, column))
    }

    /// Whether it is about one of these rows as a whole, or about a cell of it from the given column on.
    pub(super) fn is_beyond(&self, rows: &BTreeMap<usize, usize>) -> bool {
        let Where::Cell((row, column)) = self.place else { return false };
        rows.get(&row).is_some_and(|from| column.is_none_or(|column| column >= *from))
    }

    /// Whether it stops its country.
    pub(super) fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether it is about a cell that the file of its row does not have.
    pub(super) fn is_of_absent_cell(&self, table: &RawTable) -> bool {
        matches!(self.place, Where::Cell((row, Some(column))) if !table.gives(row, column))
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        let first = match self.place {
            Where::Cell(place) => Some(place),
            Where::File | Where::Label(_) | Where::Made(_) => None,
        };
        first.into_iter().chain(self.second.as_ref().map(|(place, _)| *place))
    }
}

/// Takes out of a register's finding whatever may be more than the one cell: an unknown label may be a
/// cell of a row, and a cell may hold a whole pasted row.
fn discreet(finding: Diagnostic, labels: &[Label]) -> Diagnostic {
    let message = match finding.code {
        Code::ExtraLabel => "the table has no column with this label",
        Code::DuplicateLabel => "this label occurs twice",
        Code::IncorrectLabel => "this label is out of order",
        _ if finding.cell.as_ref().is_some_and(|cell| cell.field.is_some()) && !finding.span.is_modest() => {
            "the cell does not fit its column; it is not shown, since it may be more than one cell"
        }
        _ => return finding,
    };
    let hint = match finding.code {
        Code::ExtraLabel | Code::IncorrectLabel => finding.hint,
        _ => None,
    };
    // Where no label is known the first row may be data: then its cells must not be shown as column names.
    let cell = finding.cell.map(|cell| Cell { field: cell.field.map(|(number, _)| (number, "".into())), ..cell });
    let cell = cell.filter(|_| !labels.is_empty());
    Diagnostic { message: message.into(), hint, cell, second: None, ..finding }
}

/// Takes out of a finding in a register what several cells of a delivered file say together: none of them is the faulty one.
fn unshown(finding: Diagnostic) -> Diagnostic {
    let message =
        "what this cell and others say together does not fit; it is not shown, since it is more than one cell";
    Diagnostic { message: message.into(), hint: None, second: None, ..finding }
}

/// Joins lists of faults in their order. Lists are appended whole, since there may be a million faults.
pub(super) fn joined_lists(lists: Vec<Vec<Fault>>) -> Vec<Fault> {
    let mut lists = lists.into_iter();
    let mut all = lists.by_ref().find(|list| !list.is_empty()).unwrap_or_default();
    lists.for_each(|mut list| all.append(&mut list));
    all
}

/// Finds the places of all faults in one pass over the file, and reports them.
pub(super) fn report(table: &RawTable, faults: Vec<Fault>, diagnostics: &mut Diagnostics) {
    if faults.is_empty() {
        return;
    }
    let places: Vec<Place> = faults.iter().flat_map(Fault::places).collect();
    let spans = table.spans(&places);
    let labels: Vec<Arc<str>> = table.labels.iter().map(|label| label.text.as_str().into()).collect();
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let cell = |row: Option<usize>, column: Option<usize>| {
        let label = |at: usize| (number(at), labels.get(at).cloned().unwrap_or_default());
        let row = u32::try_from(table.number(row)).unwrap_or(u32::MAX);
        Some(Cell { row, field: column.map(label) })
    };
    let span_of = |place: &Place| spans.get(place).unwrap_or_else(|| Span::start_of(&table.source));
    let placed = |fault: Fault| {
        let (mut hidden, origin) = (false, |place: &Place| spans.origin(place));
        let (span, cell) = match &fault.place {
            Where::File => (table.head(), None),
            Where::Made(row) => (table.made_with(*row).map_or_else(|| table.head(), |made| made.origins.line()), None),
            Where::Label(at) => (table.labels[*at].span.clone(), cell(None, Some(*at))),
            Where::Cell(place) => match origin(place) {
                Some(origin) => {
                    hidden = origin.several;
                    (origin.span.clone(), origin.cell.clone())
                }
                None => (span_of(place), cell(Some(place.0), place.1)),
            },
        };
        let second = fault.second.map(|(place, message)| (span_of(&place), message));
        let Fault { severity, code, message, hint, .. } = fault;
        let finding = Diagnostic { severity, code, span, message, hint, second, cell };
        match table.register {
            true if hidden => unshown(finding),
            true => discreet(finding, &table.labels),
            false => finding,
        }
    };
    let placed: Vec<Diagnostic> = faults.into_par_iter().with_min_len(1024).map(placed).collect();
    let country = std::slice::from_ref(&table.country);
    placed.into_iter().for_each(|finding| diagnostics.push_for(finding, country));
}
