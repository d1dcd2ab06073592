//! A delivered text: decoded as its mapping says, then cut into cells, every record of it a row.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::column::Column;
use super::super::cuts::one_by_one;
use super::super::encoding::{self, FirstLook};
use super::super::pieces::Below;
use super::super::scan::walk;
use super::super::table::RawTable;
use super::super::{Label, MOST_COLUMNS, Progress, judge, pieces};
use super::{CellKind, DeliveredFile, DeliveredSheet, Value, Values};
use crate::diagnostic::{Bytes, Code, Diagnostic, Source, Span};
use crate::project::imports::{Reading, folded, is_folded};

/// Reads a text.
pub(super) fn read(bytes: Bytes, read: &Reading, delimiter: u8, source: &dyn Fn(Bytes) -> Source) -> DeliveredFile {
    let (text, lossy) = encoding::as_declared(bytes, read.encoding.as_deref());
    let look = encoding::look(&text);
    let source = Arc::new(source(text));
    let mut table = RawTable { delimiter, ..RawTable::empty(source.clone()) };
    let (columns, faults) = match body(&mut table, &look) {
        Ok((columns, faults)) => (columns, faults),
        Err(fault) => (Vec::new(), vec![*fault]),
    };
    let mut faults: Vec<Diagnostic> = faults.into_iter().map(hinted).collect();
    let stopped = faults.iter().any(|fault| fault.code != Code::EncodingError);
    let rows = if stopped { 0 } else { table.rows };
    let columns = columns.into_iter().map(values).collect();
    let (name, hidden, shown) = (None, false, BTreeMap::new());
    let (hidden_rows, hidden_columns) = (Vec::new(), Vec::new());
    let undecoded = lossy || faults.iter().any(|fault| fault.code == Code::EncodingError);
    let above = 0;
    let sheet = DeliveredSheet {
        source,
        name,
        hidden,
        rows,
        columns,
        shown,
        hidden_rows,
        hidden_columns,
        undecoded,
        above,
        table,
    };
    if lossy {
        faults.extend(lost_letters(&sheet));
    }
    let sheets = if stopped { Vec::new() } else { vec![sheet] };
    DeliveredFile { sheets, faults, ..DeliveredFile::default() }
}

/// How many bytes are looked at for the number of columns.
const HEAD: usize = 1 << 16;

/// Every record of the text, as wide as the widest.
fn body(table: &mut RawTable, look: &FirstLook) -> Result<(Vec<Column>, Vec<Diagnostic>), Box<Diagnostic>> {
    let source = table.source.clone();
    let (start, delimiter) = (encoding::bom(&source.bytes), table.delimiter);
    let head =
        one_by_one(&source.bytes, start, std::iter::once((start + HEAD).min(source.bytes.len())), delimiter).pop();
    let mut width = 0;
    walk(&source.bytes, start..head.unwrap_or(source.bytes.len()), delimiter, |row| width = width.max(row.len()));
    let below = Below { start, left_out: &[], size: pieces::SIZE };
    loop {
        if width > MOST_COLUMNS {
            let message = format!("a row has {width} cells, too many to be a row of a table");
            let fault = Diagnostic::error(Code::SourceError, Span::start_of(&source), message);
            return Err(Box::new(fault.hint("a quote or a line break may be missing, or `delimiter` is another one")));
        }
        let label = || Label { text: String::new(), span: Span::start_of(&source) };
        table.labels = (0..width).map(|_| label()).collect();
        let read = pieces::read(table, &below, look, &Progress::silent());
        let widest = read.irregular.iter().map(|run| run.cells).max().unwrap_or(0);
        (table.rows, table.pieces) = (read.rows, read.pieces);
        if widest > width {
            width = widest;
            continue;
        }
        let faults = read.suspects.into_iter().filter_map(|cell| judge::cell(&source, cell)).collect();
        let columns = read.columns.into_iter().enumerate().map(|(at, column)| {
            if column.coded() { column } else { pieces::code(&source.bytes, &table.pieces, delimiter, at) }
        });
        return Ok((columns.collect(), faults));
    }
}

/// The distinct cells of a column, without which of them each row has.
pub(super) fn distinct(column: &Column) -> Values {
    values(Column::of(column.values().to_vec(), &[]))
}

fn values(column: Column) -> Values {
    let (values, codes) = column.into_parts();
    let value = |text: String| {
        let text = if is_folded(&text) { text } else { folded(&text) };
        Value { text, kind: CellKind::Text }
    };
    Values::with(values.into_iter().map(value).collect(), codes)
}

/// What a mapping says of encodings in place of what a country says.
fn hinted(fault: Diagnostic) -> Diagnostic {
    if fault.code != Code::EncodingError {
        return fault;
    }
    Diagnostic { hint: None, ..fault }.hint("declare the file's encoding under [read]: `encoding = \"windows-1252\"`")
}

/// The letter in place of bytes that are none in an encoding.
const NO_LETTER: char = '\u{fffd}';

/// Cells with bytes that are no letters in the declared encoding.
fn lost_letters(sheet: &DeliveredSheet) -> Vec<Diagnostic> {
    let mut cells = Vec::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let broken: Vec<bool> = column.values.iter().map(|value| value.text.contains(NO_LETTER)).collect();
        if broken.contains(&true) {
            cells.extend(
                (0..sheet.rows).filter(|row| broken.get(column.code(*row)) == Some(&true)).map(|row| (row, at)),
            );
        }
    }
    let places = sheet.places(&cells);
    let fault = |cell: &(usize, usize)| {
        let message = "the cell holds bytes that are no letters in the declared encoding";
        let fault = Diagnostic::error(Code::EncodingError, places.get(*cell), message);
        fault.hint("correct `encoding`")
    };
    cells.iter().map(fault).collect()
}
