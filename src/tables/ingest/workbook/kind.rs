//! Kinds of workbooks, by how a file is called and by what it holds.

use memchr::memmem;

use super::Unreadable;
use super::package::part::{Archive, damaged};
use super::package::unfolded;

/// A kind of workbook that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    Xlsx,
    Ods,
    Xls,
    Xlsb,
}

const KINDS: [Kind; 4] = [Kind::Xlsx, Kind::Ods, Kind::Xls, Kind::Xlsb];

/// How the files of the older form begin.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0";
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Whether a file is a workbook, whatever it is called: an archive, or the older form.
pub(in super::super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE) || bytes.starts_with(COMPOUND)
}

impl Kind {
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx",
            Self::Ods => ".ods",
            Self::Xls => ".xls",
            Self::Xlsb => ".xlsb",
        }
    }

    /// The kind that a file's name says, in capitals or not.
    pub(in super::super) fn of_name(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        KINDS.into_iter().find(|kind| path.ends_with(kind.ending()))
    }

    /// The kind of what a file holds.
    fn of(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.starts_with(COMPOUND) {
            return compound(bytes);
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

    /// The kind that a file is of, if it is the one that its name says.
    pub(super) fn as_named(self, bytes: &[u8]) -> Result<Self, Unreadable> {
        let found = Self::of(bytes)?;
        if found == self {
            if found != Self::Xls {
                unfolded::bounded(bytes)?;
            }
            return Ok(found);
        }
        let (found, named) = (found.ending(), self.ending());
        let message = format!("the file is an `{found}` workbook, though its name ends with `{named}`");
        Err(Unreadable { message, hint: format!("let its name end with `{found}`") })
    }
}

/// A file of the older form, which holds streams that have names: a workbook's, or one that is locked.
fn compound(bytes: &[u8]) -> Result<Kind, Unreadable> {
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &wide).is_some()
    };
    if names("EncryptedPackage") {
        return Err(super::locked());
    }
    if names("Workbook\0") || names("Book\0") { Ok(Kind::Xls) } else { Err(damaged()) }
}

/// What is called a workbook and is something else, as exports of other programs are.
fn no_workbook(bytes: &[u8]) -> Unreadable {
    const START: usize = 1 << 10;
    let start = bytes.get(..bytes.len().min(START)).unwrap_or_default();
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_text = !text.is_empty() && !start.contains(&0);
    let what = if text.starts_with("<!doctype html") || text.starts_with("<html") || text.contains("<table") {
        "a page of HTML"
    } else if text.starts_with("<?xml") || text.starts_with("<office:") {
        "a workbook in a single file of XML"
    } else if is_text && text.contains([',', ';', '\t']) {
        "text"
    } else {
        return damaged();
    };
    let hint = if what == "text" {
        "if it is CSV, let its name end with `.csv`; else save it as `.xlsx`"
    } else {
        "open it in the spreadsheet and save it as `.xlsx`"
    };
    Unreadable {
        message: format!("the file is {what}, though its name says that it is a workbook"),
        hint: hint.to_owned(),
    }
}

/// A workbook that is called something else.
pub(in super::super) fn misnamed(bytes: &[u8]) -> Unreadable {
    match Kind::of(bytes) {
        Ok(kind) => {
            let hint = format!("save it as CSV, or let its name end with `{}`", kind.ending());
            Unreadable { message: "the file is a workbook, though its name says that it is CSV".to_owned(), hint }
        }
        Err(why) => why,
    }
}
