//! A workbook's sheet as CSV text in which every cell knows its name. **calamine** lives here.
//!
//! A cell reads as the sheet shows it. Each reader, one for a kind of file, fills the model in `sheet`; what follows knows
//! no kinds of files.

mod burden;
mod choice;
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

pub(super) use judge::{Finding, Judged};
pub(super) use kind::{Kind, is_one, misnamed};
use package::part::damaged;
use sheet::Workbook;

/// More cells than these, empty ones between them counted, are no table that people keep in a workbook.
const MOST_CELLS: usize = 1 << 23;

/// Why a workbook cannot be read.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub(super) message: String,
    pub(super) hint: String,
}

/// What is read of a workbook.
pub(super) struct Read {
    /// The text of a sheet.
    pub(super) text: Bytes,
    /// Where its cells stand in it.
    pub(super) sheet: Sheet,
    /// What is wrong with what it shows.
    pub(super) judged: Judged,
}

/// Reads the sheet that holds `table` from a file whose name says that it is of a kind.
pub(super) fn read(bytes: &Bytes, kind: Kind, table: &str) -> Result<Read, Unreadable> {
    let mut workbook: Box<dyn Workbook + '_> = match kind.as_named(bytes)? {
        Kind::Xlsx => Box::new(xlsx::Reader::open(bytes)?),
        Kind::Ods => Box::new(ods::Reader::open(bytes)?),
        Kind::Xls => Box::new(xls::Reader::open(bytes)?),
        Kind::Xlsb => Box::new(xlsb::Reader::open(bytes)?),
    };
    let grid = choice::choose(workbook.as_mut(), table)?.complete();
    let extent = written::extent(&grid)?;
    burden::bounded(&grid)?;
    let (judged, (text, sheet)) = rayon::join(|| judge::judge(&grid), || written::written(&grid, extent));
    Ok(Read { text, sheet, judged })
}

/// What is read of a kind of workbook, and what it can hold that is not looked at.
pub(super) fn unseen(kind: Kind) -> Option<String> {
    let (read, merged) = match kind {
        Kind::Xlsx | Kind::Ods => return None,
        Kind::Xls => ("values, merged cells and hidden sheets", ""),
        Kind::Xlsb => ("values and hidden sheets", "merged cells, "),
    };
    Some(format!(
        "of an `{}` workbook only {read} are read; number formats, colours, superscript and struck-out text, {merged}hidden \
         rows and columns, conditional formats, and whether formulas were computed, are not looked at",
        kind.ending()
    ))
}

/// Reads with a reader that may panic where a file is damaged.
fn unless_it_panics<T>(read: impl FnOnce() -> T) -> Result<T, Unreadable> {
    crate::diagnostic::bug::caught(read).map_err(|_| damaged())
}

fn locked() -> Unreadable {
    let hint = "open it in the spreadsheet and save it anew without a password".to_owned();
    Unreadable { message: "the workbook is locked by a password".to_owned(), hint }
}

fn too_large(sheet: &str, found: &str) -> Unreadable {
    let message = format!("the sheet `{sheet}` holds {found} cells; at most {MOST_CELLS} are read from a workbook");
    let hint = "delete what stands apart from the table; a table of this size is kept as CSV".to_owned();
    Unreadable { message, hint }
}
