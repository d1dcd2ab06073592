//! How a delivered file is read: `[read]`, of which any key may stand at a `[[file]]` and then holds for it.

use encoding_rs::Encoding;

use super::pattern::{Pattern, folded};
use crate::diagnostic::cell_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located};

/// The keys of `[read]`.
pub static READING: Keys = Keys::of(
    "[read]",
    "How a delivered file is read.",
    &[
        keys::text("sheet")
            .without("the one sheet that holds anything")
            .says("The sheet, by its name or a pattern; every sheet that fits is read.")
            .example("\"Table 2*\""),
        keys::texts("ignore_sheets").says("Sheets that are deliberately unread.").example("[\"Notes\"]"),
        keys::text("encoding").without("UTF-8").says("The encoding, by its name on the web.").example("\"windows-1252\""),
        keys::like("delimiter", "^[^\"\\r\\n]{1}$")
            .without("a comma; in a `.tsv` a tab")
            .says("What separates cells.")
            .example("\";\""),
        keys::integer("header", Some(1), Some(MOST)).else_number(1).says("How many rows of labels there are.").example("2"),
        keys::text("start").says("The row below which the labels are sought, by its first filled cell.").example("\"Table 2\""),
        keys::text("end").says("The row above which the table ends, by its first filled cell.").example("\"Source:*\""),
        keys::texts("skip")
            .says("Rows that are no data, by their first filled cell: repeated labels, rows of units.")
            .example("[\"(persons)\"]"),
        keys::texts("fill").says("Columns in which a blank means “as above”, the outermost first.").example("[\"Province\"]"),
        keys::text("split").says("What separates the keys in the first column.").example("\",\""),
        keys::texts("ignore")
            .says("Columns that are deliberately unread, by label, pattern or letter; `*` for all that the mapping does not name.")
            .example("[\"*\"]"),
        keys::tables("expect", &EXPECT).says("A cell that must look as expected, or nothing of its sheet is read."),
        keys::one_of("hidden", &[("read", "they are read")])
            .without("they are an error")
            .says("Hidden rows, columns and sheets.")
            .example("\"read\""),
    ],
);

static EXPECT: Keys = Keys::of(
    "[[read.expect]]",
    "A cell that must look as expected.",
    &[
        keys::like("cell", "^[A-Z]{1,4}[+]?[0-9]+$").must().says("The cell.").example("\"A1\""),
        keys::text("like").must().says("What it must look like, as a pattern.").example("\"Table 2*\""),
    ],
);

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
