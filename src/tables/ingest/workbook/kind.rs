//! The kinds of workbooks, recognised by a file's name and by its content.

use memchr::memmem;

use super::package::part::{Archive, damaged};
use super::package::unfolded;
use super::{Unreadable, compound};

/// A kind of workbook that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum WorkbookKind {
    Xlsx,
    Ods,
    Xls,
    Xlsb,
}

const KINDS: [WorkbookKind; 4] = [WorkbookKind::Xlsx, WorkbookKind::Ods, WorkbookKind::Xls, WorkbookKind::Xlsb];

/// The first bytes of files in the older format.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Whether a file is a workbook by its content: an archive, or the older format.
pub(in super::super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE) || bytes.starts_with(COMPOUND)
}

impl WorkbookKind {
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Ods => ".ods",
            Self::Xls => ".xls",
            Self::Xlsb => ".xlsb",
        }
    }

    /// The kind by the ending of a file's name, in capitals or not.
    pub(in super::super) fn of_name(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        KINDS.into_iter().find(|kind| path.ends_with(kind.ending()))
    }

    /// The kind by a file's content.
    fn of(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.starts_with(COMPOUND) {
            return streams(bytes);
        }
        if !bytes.starts_with(ARCHIVE) {
            return Err(no_workbook(bytes));
        }
        let archive = Archive::open(bytes)?;
        if archive.holds("xl/workbook.bin") {
            Ok(Self::Xlsb)
        } else if archive.holds("content.xml") && !archive.holds("[Content_Types].xml") {
            Ok(Self::Ods)
        } else {
            Ok(Self::Xlsx)
        }
    }

    /// The kind by the content, if the name says the same.
    pub(super) fn as_named(self, bytes: &[u8]) -> Result<Self, Unreadable> {
        let found = Self::of(bytes)?;
        if found == self {
            if found == Self::Xls { compound::bounded(bytes) } else { unfolded::bounded(bytes) }?;
            return Ok(found);
        }
        let (found, named) = (found.ending(), self.ending());
        let message = format!("the file is an `{found}` workbook, but its name ends with `{named}`");
        Err(Unreadable { message, hint: format!("rename it to end with `{found}`") })
    }
}

/// The kind of a file in the older format, which contains named streams: those of a workbook, or of a locked one.
fn streams(bytes: &[u8]) -> Result<WorkbookKind, Unreadable> {
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if names("EncryptedPackage") {
        return Err(super::locked());
    }
    if names("Workbook\0") || names("Book\0") { Ok(WorkbookKind::Xls) } else { Err(damaged()) }
}

/// The error for a file that is named like a workbook and is something else, such as an export of another program.
fn no_workbook(bytes: &[u8]) -> Unreadable {
    const START: usize = 1 << 10;
    let start = bytes.get(..bytes.len().min(START)).unwrap_or_default();
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_text = !text.is_empty() && !start.contains(&0);
    let what = if text.starts_with("<!doctype html") || text.starts_with("<html") || text.contains("<table") {
        "an HTML page"
    } else if text.starts_with("<?xml") || text.starts_with("<office:") {
        "a workbook saved as a single XML file"
    } else if is_text && text.contains([',', ';', '\t']) {
        "text"
    } else {
        return damaged();
    };
    let hint = if what == "text" {
        "if it is CSV, rename it to end with `.csv`; otherwise save it as `.xlsx`"
    } else {
        "open it in a spreadsheet and save it as `.xlsx`"
    };
    Unreadable { message: format!("the file is {what}, but it is named like a workbook"), hint: hint.to_owned() }
}

/// The error for a workbook that is not named like one.
pub(in super::super) fn misnamed(bytes: &[u8]) -> Unreadable {
    match WorkbookKind::of(bytes) {
        Ok(kind) => {
            let hint = format!("save it as CSV, or rename it to end with `{}`", kind.ending());
            Unreadable { message: "the file is a workbook, but it is named like a CSV file".to_owned(), hint }
        }
        Err(why) => why,
    }
}
