//! Reads a sheet of a workbook as CSV text in which every cell keeps its name. **calamine** is used here only.
//!
//! A cell is read as the sheet shows it. Each kind of file has a reader that fills the model in `sheet`; everything after it
//! is the same for all kinds.

mod burden;
mod choice;
mod compound;
mod delivered;
mod format;
mod judge;
mod kind;
mod ods;
mod package;
mod sheet;
mod shown;
mod sums;
mod written;
mod xls;
mod xlsb;
mod xlsx;

use crate::diagnostic::{Bytes, Sheet};

pub(super) use delivered::{BookSheet, Wanted, sheets};
pub(super) use judge::{Finding, Judged};
pub(super) use kind::{WorkbookKind, is_one, misnamed};
use package::part::damaged;
use sheet::Workbook;

/// The most cells that are read from a sheet, empty ones between them included.
const MOST_CELLS: usize = 1 << 23;

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) message: String,
    pub(super) hint: String,
}

/// A sheet of a workbook as read.
pub(super) struct Read {
    /// The text of a sheet.
    pub(super) text: Bytes,
    /// Where each cell is in the text.
    pub(super) sheet: Sheet,
    /// Where it does not show what it stores.
    pub(super) judged: Judged,
}

/// Reads the sheet with `table` from a file that is named like a workbook of this kind.
pub(super) fn read(bytes: &Bytes, kind: WorkbookKind, table: &str) -> Result<Read, Unreadable> {
    let mut workbook = open(bytes, kind)?;
    let grid = choice::choose(workbook.as_mut(), table)?.complete();
    let extent = written::extent(&grid)?;
    burden::bounded(&grid)?;
    let (judged, (text, sheet)) = rayon::join(|| judge::judge(&grid), || written::written(&grid, extent));
    Ok(Read { text, sheet, judged })
}

/// The names of the sheets that hold something; one that cannot be read does.
pub(super) fn filled(bytes: &[u8], kind: WorkbookKind) -> Result<Vec<String>, Unreadable> {
    let mut workbook = open(bytes, kind)?;
    let listed = workbook.sheets().into_iter().enumerate();
    let mut holds = |number| workbook.read(number).map_or(true, |grid| !grid.cells.is_empty());
    Ok(listed.filter(|(number, _)| holds(*number)).map(|(_, sheet)| sheet.name).collect())
}

/// Opens a file that is named like a workbook of this kind.
fn open(bytes: &[u8], kind: WorkbookKind) -> Result<Box<dyn Workbook + '_>, Unreadable> {
    Ok(match kind.as_named(bytes)? {
        WorkbookKind::Xlsx => Box::new(xlsx::Reader::open(bytes)?),
        WorkbookKind::Ods => Box::new(ods::Reader::open(bytes)?),
        WorkbookKind::Xls => Box::new(xls::Reader::open(bytes)?),
        WorkbookKind::Xlsb => Box::new(xlsb::Reader::open(bytes)?),
    })
}

/// For a kind of workbook that is not read completely: what is read, and what is not.
pub(super) fn unseen(kind: WorkbookKind) -> Option<String> {
    let (read, merged) = match kind {
        WorkbookKind::Xlsx | WorkbookKind::Ods => return None,
        WorkbookKind::Xls => ("values, merged cells and hidden sheets", ""),
        WorkbookKind::Xlsb => ("values and hidden sheets", "merged cells, "),
    };
    Some(format!(
        "of an `{}` workbook only {read} are read; number formats, colours, superscript and struck-out text, {merged}hidden \
         rows and columns, conditional formats, and whether formulas were computed, are not checked",
        kind.ending()
    ))
}

/// Reads with a library that may panic if a file is damaged.
fn unless_it_panics<T>(read: impl FnOnce() -> T) -> Result<T, Unreadable> {
    crate::diagnostic::bug::caught(read).map_err(|_| damaged())
}

fn locked() -> Unreadable {
    let hint = "open it in a spreadsheet and save it again without a password".to_owned();
    Unreadable { message: "the workbook is locked by a password".to_owned(), hint }
}

fn too_large(sheet: &str, found: &str) -> Unreadable {
    let message = format!("the sheet `{sheet}` holds {found} cells; at most {MOST_CELLS} are read from a workbook");
    let hint = "delete cells outside the table, or keep a table of this size as CSV".to_owned();
    Unreadable { message, hint }
}
