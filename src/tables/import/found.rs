//! What is found wrong with a delivered file, at its cells: one fault a cell and code. The places are looked up once, at the
//! end, since most files have none.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Cell, Code, Diagnostic, Severity, cell_name};
use crate::tables::ingest::delivered::DeliveredSheet;

/// A cell of a sheet by its number, row and column, from 0.
pub(super) type CellAt = (usize, usize, usize);

/// A fault before its place is known.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: Arc<str>,
    pub(super) hint: Option<Arc<str>>,
}

impl Wrong {
    pub(super) fn new(code: Code, message: impl Into<Arc<str>>) -> Self {
        Self { code, message: message.into(), hint: None }
    }

    pub(super) fn hint(self, hint: impl Into<Arc<str>>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

struct Fault {
    at: CellAt,
    severity: Severity,
    wrong: Wrong,
    second: Option<(CellAt, Arc<str>)>,
}

/// Everything found so far.
#[derive(Default)]
pub(super) struct Found {
    faults: Vec<Fault>,
    told: HashSet<(CellAt, Code)>,
    /// Findings that have their place already: those of the mapping itself, and of files as they are written.
    pub(super) placed: Vec<Diagnostic>,
}

impl Found {
    pub(super) fn error(&mut self, at: CellAt, wrong: Wrong) {
        self.add(at, Severity::Error, wrong, None);
    }

    pub(super) fn warning(&mut self, at: CellAt, wrong: Wrong) {
        self.add(at, Severity::Warning, wrong, None);
    }

    /// An error with a second place.
    pub(super) fn pair(&mut self, at: CellAt, severity: Severity, wrong: Wrong, second: (CellAt, Arc<str>)) {
        self.add(at, severity, wrong, Some(second));
    }

    fn add(&mut self, at: CellAt, severity: Severity, wrong: Wrong, second: Option<(CellAt, Arc<str>)>) {
        if self.told.insert((at, wrong.code)) {
            self.faults.push(Fault { at, severity, wrong, second });
        }
    }

    /// All of them with their places.
    pub(super) fn diagnostics(self, sheets: &[Arc<DeliveredSheet>]) -> Vec<Diagnostic> {
        let mut cells: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for fault in &self.faults {
            for (sheet, row, column) in std::iter::once(fault.at).chain(fault.second.as_ref().map(|(at, _)| *at)) {
                cells.entry(sheet).or_default().push((row, column));
            }
        }
        let places: BTreeMap<usize, _> =
            cells.iter().filter_map(|(at, cells)| Some((*at, sheets.get(*at)?.places(cells)))).collect();
        let placed = |fault: Fault| {
            let (sheet, row, column) = fault.at;
            let span = places.get(&sheet)?.get((row, column));
            let second = fault.second.and_then(|((sheet, row, column), message)| {
                Some((places.get(&sheet)?.get((row, column)), message))
            });
            let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
            let cell = Some(Cell { row: number(row), field: Some((number(column), "".into())) });
            let Wrong { code, message, hint } = fault.wrong;
            Some(Diagnostic { severity: fault.severity, code, span, message, hint, second, cell })
        };
        let mut all = self.placed;
        all.extend(self.faults.into_iter().filter_map(placed));
        all
    }
}

/// The name of a cell for a message.
pub(super) fn named(sheet: &DeliveredSheet, row: usize, column: usize) -> String {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    match &sheet.name {
        Some(name) => format!("{name}!{}", cell_name(number(row), number(column))),
        None => cell_name(number(row), number(column)),
    }
}
