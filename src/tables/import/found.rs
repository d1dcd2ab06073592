//! What is found wrong with a delivered file, at its cells: one fault a cell and code. The places are looked up once, at the
//! end, since most files have none.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Cell, Code, Diagnostic, Severity, Span, letters};
use crate::tables::ingest::delivered::DeliveredSheet;

/// A cell of a sheet by its number, row and column, from 0.
pub(super) type CellAt = (usize, usize, usize);

/// A fault before its place is known.
#[derive(Debug, Clone)]
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: Arc<str>,
    pub(super) hint: Option<Arc<str>>,
    /// Whether of a confidential file not even the cell is shown.
    pub(super) quiet: bool,
}

impl Wrong {
    pub(super) fn new(code: Code, message: impl Into<Arc<str>>) -> Self {
        let quiet = matches!(code, Code::PrimaryKey | Code::RepeatedRow | Code::MarginMismatch | Code::UnreadRow);
        Self { code, message: message.into(), hint: None, quiet }
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
    reported: HashSet<(CellAt, Code)>,
    /// Findings that have their place already: those of the mapping itself, and of files as they are written.
    pub(super) placed: Vec<Diagnostic>,
    /// Whether the mapping itself has faults that may be why a label or a row is not read.
    pub(super) partial: bool,
    /// The countries to which rows belong, sound or not, each with the number of the sheet.
    pub(super) fed: BTreeSet<(usize, String)>,
    /// The files that were read to the end, so that all the countries are known that they feed.
    pub(super) told: BTreeSet<usize>,
}

impl Found {
    /// Nothing yet, of a mapping that may have faults itself.
    pub(super) fn of(partial: bool) -> Self {
        Self { partial, ..Self::default() }
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.faults.is_empty() && self.placed.is_empty()
    }

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
        let by_mapping = matches!(wrong.code, Code::UnreadLabel | Code::UnreadRow | Code::MissingLabel);
        if by_mapping && self.partial {
            return;
        }
        if self.reported.insert((at, wrong.code)) {
            self.faults.push(Fault { at, severity, wrong, second });
        }
    }

    /// All of them with their places.
    pub(super) fn diagnostics(self, sheets: &[Arc<DeliveredSheet>]) -> Vec<Diagnostic> {
        let with_second = |fault: &Fault| [Some(fault.at), fault.second.as_ref().map(|(at, _)| *at)];
        let cells: Vec<CellAt> = self.faults.iter().flat_map(with_second).flatten().collect();
        let places: HashMap<CellAt, Span> = places(sheets, &cells);
        let placed = |fault: Fault| {
            let (sheet, row, column) = fault.at;
            let quiet = fault.wrong.quiet && sheets.get(sheet).is_some_and(|sheet| sheet.source.confidential);
            let place = |cell: CellAt| {
                let span = places.get(&cell)?.clone();
                Some(if quiet { span.point() } else { span })
            };
            let span = place(fault.at)?;
            let second = fault.second.and_then(|(at, message)| Some((place(at)?, message)));
            let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
            let cell = Some(Cell { row: number(row), field: Some((number(column), letters(number(column)).into())) });
            let Wrong { code, message, hint, .. } = fault.wrong;
            Some(Diagnostic { severity: fault.severity, code, span, message, hint, second, cell })
        };
        let mut all = self.placed;
        all.extend(self.faults.into_iter().filter_map(placed));
        all
    }
}

/// The places of cells of several sheets.
pub(super) fn places(sheets: &[Arc<DeliveredSheet>], cells: &[CellAt]) -> HashMap<CellAt, Span> {
    let mut asked: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (sheet, row, column) in cells {
        asked.entry(*sheet).or_default().push((*row, *column));
    }
    let mut found = HashMap::with_capacity(cells.len());
    for (at, cells) in asked {
        let Some(sheet) = sheets.get(at) else { continue };
        let places = sheet.places(&cells);
        found.extend(cells.into_iter().map(|(row, column)| ((at, row, column), places.get((row, column)))));
    }
    found
}
