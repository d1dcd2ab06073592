//! A delivered file as it is: the sheets of a workbook, or the one sheet that a text is, with every cell in its place. Nothing
//! is taken for labels or data here, and nothing is guessed; what a mapping makes of it is done in `import`.

mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::RawTable;
use super::workbook::{self, BookSheet, Wanted, WorkbookKind};
use super::{Place, judge};
use crate::diagnostic::{Bytes, Code, Diagnostic, Source, Span};
use crate::project::imports::{Delivered, Reading};

pub use super::values::{CellKind, Value, Values};

/// The bytes of a file on disk.
///
/// # Errors
/// When it cannot be read.
pub fn open(path: &std::path::Path) -> std::io::Result<Bytes> {
    super::file::open(path)
}

/// Whether a file is named like a workbook.
#[must_use]
pub fn is_workbook(path: &str) -> bool {
    WorkbookKind::of_name(path).is_some()
}

/// A fault of a cell that a sheet shows otherwise than it stores it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The code.
    pub code: Code,
    /// The message.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// One sheet of a delivered file.
#[derive(Debug)]
pub struct DeliveredSheet {
    /// The file, as the text of this sheet.
    pub source: Arc<Source>,
    /// The sheet's name; none for a text.
    pub name: Option<String>,
    /// Whether it is hidden.
    pub hidden: bool,
    /// How many rows it has.
    pub rows: usize,
    /// Its columns, from A.
    pub columns: Vec<Values>,
    /// Cells that show something else than they store.
    pub shown: BTreeMap<(usize, usize), Shown>,
    /// Hidden rows, the first and the last of each stretch.
    pub hidden_rows: Vec<(usize, usize)>,
    /// Hidden columns likewise.
    pub hidden_columns: Vec<(usize, usize)>,
    /// Whether letters were lost in decoding; each cell that lost one is reported.
    pub undecoded: bool,
    table: RawTable,
}

/// A delivered file.
#[derive(Debug, Default)]
pub struct DeliveredFile {
    /// The sheets that were read.
    pub sheets: Vec<DeliveredSheet>,
    /// The names of all sheets, and whether each is hidden; none for a text.
    pub listed: Vec<(String, bool)>,
    /// What is wrong with the file as it is written.
    pub faults: Vec<Diagnostic>,
    /// Why a sheet cannot be read, by its name.
    pub unreadable: Vec<(String, Diagnostic)>,
}

/// Reads a delivered file, whose path from the root is `path`. Of a workbook those sheets for which `wanted` holds.
#[must_use]
pub fn deliver(
    path: &str,
    bytes: Bytes,
    file: &Delivered,
    country: Option<&str>,
    wanted: &dyn Fn(&str, bool) -> bool,
) -> DeliveredFile {
    let source = |bytes: Bytes| Source::new(path, bytes).of_country(country).confidential(file.confidential);
    let Some(kind) = WorkbookKind::of_name(path) else {
        if workbook::is_one(&bytes) {
            let fault = judge::workbook(&Arc::new(source(Vec::new().into())), workbook::misnamed(&bytes));
            return DeliveredFile { faults: vec![fault], ..DeliveredFile::default() };
        }
        return text::read(bytes, &file.read, delimiter(path, &file.read), &source);
    };
    let asked = |name: &str, hidden: bool| if wanted(name, hidden) { Wanted::Read } else { Wanted::Nothing };
    let listed = match workbook::sheets(&bytes, kind, &asked) {
        Ok(listed) => listed,
        Err(why) => {
            let fault = judge::workbook(&Arc::new(source(Vec::new().into())), why);
            return DeliveredFile { faults: vec![fault], ..DeliveredFile::default() };
        }
    };
    let mut read = DeliveredFile::default();
    if let Some(what) = workbook::unseen(kind) {
        let hint = "save it as .xlsx or .ods, where all of this is read";
        let place = Span::start_of(&Arc::new(source(Vec::new().into())));
        read.faults.push(Diagnostic::warning(Code::UnseenLooks, place, what).hint(hint));
    }
    for sheet in listed {
        read.listed.push((sheet.name.clone(), sheet.hidden));
        match sheet.read {
            Some(Ok(book)) => read.sheets.push(of_book(book, sheet.hidden, &source)),
            Some(Err(why)) => {
                let fault = judge::workbook(&Arc::new(source(Vec::new().into())), why);
                read.unreadable.push((sheet.name, fault));
            }
            None => {}
        }
    }
    read
}

/// The separator of a text: the one that is declared, else that of the ending of its name.
fn delimiter(path: &str, read: &Reading) -> u8 {
    let tabs = path.get(path.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".tsv"));
    read.delimiter.unwrap_or(if tabs { b'\t' } else { b',' })
}

fn of_book(book: BookSheet, hidden: bool, source: &dyn Fn(Bytes) -> Source) -> DeliveredSheet {
    let name = book.sheet.name.clone();
    let source = Arc::new(source(book.text).of_sheet(book.sheet));
    let shown = book.judged.cells.into_iter();
    let shown = shown.filter(|(_, finding)| !told_as_error(finding)).map(|((row, column), finding)| {
        let shown = Shown { code: finding.code, message: finding.message, hint: finding.hint };
        ((row as usize, column as usize), shown)
    });
    DeliveredSheet {
        name: Some(name),
        hidden,
        rows: book.rows,
        columns: book.columns,
        shown: shown.collect(),
        hidden_rows: book.hidden_rows,
        hidden_columns: book.hidden_columns,
        undecoded: false,
        table: RawTable::empty(source.clone()),
        source,
    }
}

/// Whether a finding is that a cell holds an error, or a formula without a value: a mapping may say what that stands for.
fn told_as_error(finding: &workbook::Finding) -> bool {
    finding.code == Code::TypeError
        || finding.code == Code::FormulaError && finding.message.starts_with("no spreadsheet")
}

impl DeliveredSheet {
    /// The text of a cell; nothing outside the sheet.
    #[must_use]
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.columns.get(column).filter(|_| row < self.rows).map_or("", |values| values.text(row))
    }

    /// Whether a cell holds nothing.
    #[must_use]
    pub fn is_blank(&self, row: usize, column: usize) -> bool {
        self.columns.get(column).filter(|_| row < self.rows).is_none_or(|values| values.is_blank(row))
    }

    /// The places of cells, found by reading the file again.
    #[must_use]
    pub fn places(&self, cells: &[(usize, usize)]) -> Places<'_> {
        let found = if self.name.is_some() {
            None
        } else {
            let places: Vec<Place> = cells.iter().map(|(row, column)| (*row, Some(*column))).collect();
            Some(self.table.spans(&places))
        };
        Places { sheet: self, found }
    }
}

/// The places of some cells.
pub struct Places<'s> {
    sheet: &'s DeliveredSheet,
    found: Option<super::Spans>,
}

impl Places<'_> {
    /// The place of a cell.
    #[must_use]
    pub fn get(&self, (row, column): (usize, usize)) -> Span {
        let source = &self.sheet.source;
        if let Some(found) = &self.found {
            return found.get(&(row, Some(column))).unwrap_or_else(|| Span::start_of(source));
        }
        let starts = source.sheet.as_ref().map(|sheet| (sheet.width, sheet.cells.as_slice()));
        let span = starts.and_then(|(width, starts)| {
            let at = row.checked_mul(width)?.checked_add(column).filter(|_| column < width)?;
            let start = *starts.get(at)?;
            // There is one comma or line break between two cells.
            let end = starts.get(at + 1).map_or(source.bytes.len(), |next| *next) - 1;
            Some(Span::new(source, start..end.max(start)))
        });
        span.unwrap_or_else(|| Span::start_of(source))
    }
}
