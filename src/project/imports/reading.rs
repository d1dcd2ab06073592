//! How a delivered file is read: `[read]`, of which any key may stand at a `[[file]]` and then holds for it.

use encoding_rs::Encoding;

use super::pattern::{Pattern, folded};
use crate::diagnostic::cell_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::{Declaration, Located};

/// How a delivered file is read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The sheets that are read.
    pub sheet: Option<Located<Pattern>>,
    /// Sheets that are deliberately unread.
    pub ignore_sheets: Vec<Pattern>,
    /// The encoding by its name on the web; UTF-8 unless it is named.
    pub encoding: Option<String>,
    /// The separator of cells.
    pub delimiter: Option<u8>,
    /// The number of label rows; one by default.
    pub header: Option<usize>,
    /// The row below which the labels are sought.
    pub start: Option<Located<Pattern>>,
    /// What separates the keys in the first column.
    pub split: Option<String>,
    /// The columns of the outline, the outermost first.
    pub fill: Vec<String>,
    /// Rows that are no data, by their first filled cell.
    pub skip: Vec<Pattern>,
    /// The row above which the table ends.
    pub end: Option<Located<Pattern>>,
    /// Columns that are deliberately unread.
    pub ignore: Vec<Located<Pattern>>,
    /// Cells that must look as expected.
    pub expect: Vec<Expect>,
    /// Whether hidden rows, columns and sheets are read.
    pub hidden: bool,
}

/// A cell that must look as expected, or nothing of its sheet is read.
#[derive(Debug, Clone)]
pub struct Expect {
    /// Row and column, from 0.
    pub cell: (usize, usize),
    /// What it must look like.
    pub like: Pattern,
}

impl Reading {
    /// How many rows of labels there are.
    #[must_use]
    pub fn label_rows(&self) -> usize {
        self.header.unwrap_or(1).max(1)
    }

    /// Takes the keys that are written, each in place of the one before.
    pub(super) fn take(&mut self, keys: &mut Declaration<'_>) {
        let pattern = |text: Located<String>| Located { value: Pattern::read(&text.value), span: text.span };
        let patterns = |texts: Vec<Located<String>>| texts.iter().map(|text| Pattern::read(&text.value)).collect();
        self.sheet = keys.text("sheet").map(pattern).or(self.sheet.take());
        self.start = keys.text("start").map(pattern).or(self.start.take());
        self.end = keys.text("end").map(pattern).or(self.end.take());
        if keys.has("ignore_sheets") {
            self.ignore_sheets = patterns(keys.texts("ignore_sheets"));
        }
        if keys.has("skip") {
            self.skip = patterns(keys.texts("skip"));
        }
        if keys.has("ignore") {
            self.ignore = keys.texts("ignore").into_iter().map(pattern).collect();
        }
        if keys.has("fill") {
            self.fill = keys.texts("fill").iter().map(|text| folded(&text.value)).collect();
        }
        self.split =
            keys.text("split").map(|split| split.value).filter(|split| !split.is_empty()).or(self.split.take());
        self.encoding = encoding(keys).or(self.encoding.take());
        self.delimiter = delimiter(keys).or(self.delimiter);
        self.header = header(keys).or(self.header);
        if keys.has("expect") {
            self.expect = expect(keys);
        }
        self.hidden = hidden(keys).unwrap_or(self.hidden);
    }
}

fn encoding(keys: &mut Declaration<'_>) -> Option<String> {
    let encoding = keys.text("encoding")?;
    if Encoding::for_label(encoding.value.as_bytes()).is_some() {
        return Some(encoding.value);
    }
    let message = format!("`{}` is not an encoding", encoding.value);
    let fault = Diagnostic::error(Code::InvalidValue, encoding.span, message);
    keys.fault(fault.hint("write its name on the web, such as `windows-1252` or `utf-16le`"));
    None
}

fn delimiter(keys: &mut Declaration<'_>) -> Option<u8> {
    let delimiter = keys.text("delimiter")?;
    match delimiter.value.as_bytes() {
        [byte] if !matches!(byte, b'"' | b'\n' | b'\r' | 0) && byte.is_ascii() => Some(*byte),
        _ => {
            let message = format!("`{}` is not a delimiter", delimiter.value);
            let fault = Diagnostic::error(Code::InvalidValue, delimiter.span, message);
            keys.fault(fault.hint("write one character, such as `;`, `|` or `\\t`"));
            None
        }
    }
}

/// The most rows of labels.
const MOST: i64 = 50;

fn header(keys: &mut Declaration<'_>) -> Option<usize> {
    let rows = keys.integer("header")?;
    let number = usize::try_from(rows.value).ok().filter(|_| (1..=MOST).contains(&rows.value));
    if number.is_none() {
        let message = format!("`header` is {}; it is the number of label rows, 1 to {MOST}", rows.value);
        keys.fault(Diagnostic::error(Code::InvalidValue, rows.span, message));
    }
    number
}

fn expect(keys: &mut Declaration<'_>) -> Vec<Expect> {
    let read = keys.tables("expect", |mut expected| {
        let (cell, like) = (expected.required_text("cell"), expected.required_text("like"));
        let place = cell_of(&cell.value);
        if place.is_none() && !cell.value.is_empty() {
            let message = format!("`{}` is not a cell", cell.value);
            expected.fault(Diagnostic::error(Code::InvalidValue, cell.span, message));
        }
        expected.finish();
        Some(Expect { cell: place?, like: Pattern::read(&like.value) })
    });
    read.into_iter().flatten().collect()
}

fn hidden(keys: &mut Declaration<'_>) -> Option<bool> {
    let hidden = keys.text("hidden")?;
    if hidden.value != "read" {
        let message = format!("`hidden` is `{}`; its only value is `read`", hidden.value);
        keys.fault(Diagnostic::error(Code::InvalidValue, hidden.span, message));
    }
    Some(hidden.value == "read")
}
