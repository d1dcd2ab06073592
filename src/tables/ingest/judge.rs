//! The errors of a file as it is written: its encoding, its quotes, cells that never end, and what a workbook's looks hide.

use std::ops::Range;
use std::sync::Arc;

use super::encoding::in_windows_1252;
use super::layout::Layout;
use super::quoting::{Quoting, quoting};
use super::row::LONGEST;
use super::table::RawTable;
use super::workbook::{Finding, Judged, Unreadable};
use crate::diagnostic::{Cell, Code, Diagnostic, Source, Span};

/// The error for a file in an encoding in which nothing can be read.
pub(super) fn encoding(source: &Arc<Source>, name: &str) -> Diagnostic {
    let name = name.to_ascii_lowercase();
    let message = format!("the file is {} text; UTF-8 is expected", name.to_ascii_uppercase());
    let hint = format!(
        "save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\"), or declare `encoding = \"{name}\"` in country.toml"
    );
    Diagnostic::error(Code::EncodingError, Span::start_of(source), message).hint(hint)
}

/// The error for cells with an unexpected separator.
pub(super) fn separated(source: &Arc<Source>, layout: &Layout, of_project: bool) -> Diagnostic {
    let name = match layout.delimiter {
        b';' => "semicolons",
        b'|' => "bars",
        _ => "tabs",
    };
    let row = layout.labels.clone();
    let breaks = source.bytes[row.clone()].iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let message = format!("the cells are separated by {name}; commas are expected");
    let or = if of_project { format!(", or {}", declare(layout.delimiter)) } else { String::new() };
    let span = Span::new(source, row.start..row.end - breaks);
    Diagnostic::error(Code::SourceError, span, message).hint(format!("save the file as CSV with commas{or}"))
}

/// How a country declares the separator of its files.
pub(super) fn declare(delimiter: u8) -> String {
    let written = if delimiter == b'\t' { "\\t".to_owned() } else { char::from(delimiter).to_string() };
    format!("declare `delimiter = \"{written}\"` under `[dialect]` in country.toml")
}

/// The error for a workbook that cannot be read.
pub(super) fn workbook(source: &Arc<Source>, why: Unreadable) -> Diagnostic {
    Diagnostic::error(Code::SourceError, Span::start_of(source), why.message).hint(why.hint)
}

/// The warning for a workbook of which only the values are read.
pub(super) fn unseen(source: &Arc<Source>, message: String) -> Diagnostic {
    let hint = "save it as .xlsx or .ods, where all of this is read; or, to trust the values alone, write \
                `looks = \"unseen\"` under `[read]` in country.toml";
    Diagnostic::warning(Code::UnseenLooks, Span::start_of(source), message).hint(hint)
}

/// The error for a first row without labels, or with too many.
pub(super) fn labels(source: &Arc<Source>, found: usize) -> Diagnostic {
    if found == 0 {
        return Diagnostic::error(Code::SourceError, Span::start_of(source), "the file is empty")
            .hint("its first row must hold the labels; delete the file if the table is not kept");
    }
    let message = format!("the first row has {found} cells, too many to be the labels of a table");
    Diagnostic::error(Code::SourceError, Span::start_of(source), message)
        .hint("its first row must hold the labels, and each row ends with a line break")
}

/// The error of a cell as it is written, if it has one.
pub(super) fn cell(source: &Arc<Source>, range: Range<usize>) -> Option<Diagnostic> {
    let cell = &source.bytes[range.clone()];
    // Of a cell that never ends only the first character is shown: the rest belongs to other cells.
    let first = range.start..range.start + 1;
    if let Some(found) = quoting(cell) {
        return Some(quotes(source, range, found));
    }
    if cell.len() > LONGEST {
        let message = format!("the cell holds {} bytes; at most {LONGEST} are read", cell.len());
        let fault = Diagnostic::error(Code::SourceError, Span::new(source, first), message);
        return Some(fault.hint("a quote or a line break may be missing"));
    }
    if memchr::memchr(0, cell).is_some() {
        let fault = Diagnostic::error(Code::EncodingError, Span::new(source, range), "the cell contains a NUL byte");
        return Some(fault.hint("export the table again as UTF-8: a text contains no NUL bytes"));
    }
    if std::str::from_utf8(cell).is_ok() {
        return None;
    }
    let fault = Diagnostic::error(Code::EncodingError, Span::new(source, range.clone()), "the cell is not UTF-8 text");
    let hint = "save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\")";
    // A decoded cell of a register is not shown.
    Some(match in_windows_1252(cell).filter(|_| !source.confidential) {
        Some(text) => fault.hint(format!(
            "{hint}, or declare `encoding = \"windows-1252\"` in country.toml, in which it reads `{text}`"
        )),
        None => fault.hint(hint),
    })
}

/// The error for a quote that is never closed.
pub(super) fn open(source: &Arc<Source>, at: usize) -> Diagnostic {
    Diagnostic::error(Code::QuoteError, Span::new(source, at..at + 1), "the quote is never closed")
        .hint("close it where the cell ends; everything after it was read as one cell")
}

fn quotes(source: &Arc<Source>, range: Range<usize>, found: Quoting) -> Diagnostic {
    let hint = "put a cell with a comma, a quote or a line break in quotes, and double every quote inside it";
    match found {
        Quoting::Open => open(source, range.start),
        Quoting::Inside => {
            let message = "there is a quote inside a cell that is not quoted";
            Diagnostic::error(Code::QuoteError, Span::new(source, range), message).hint(hint)
        }
        Quoting::After => {
            let message = "text follows the closing quote";
            Diagnostic::error(Code::QuoteError, Span::new(source, range), message).hint(hint)
        }
    }
}

impl RawTable {
    /// Keeps what is known about the looks of a sheet's cells, and returns its errors, each at its cell.
    pub(super) fn looked_at(&mut self, judged: Judged) -> Vec<Diagnostic> {
        let Some(sheet) = &self.source.sheet else { return Vec::new() };
        let origin = sheet.origin;
        let on_grid = |(row, column): (u32, u32)| {
            Some((row.checked_sub(origin.0)? as usize, column.checked_sub(origin.1)? as usize))
        };
        let in_table = |place| on_grid(place).and_then(|(row, column)| Some((row.checked_sub(1)?, column)));
        self.looks.faulty = judged.cells.keys().filter_map(|place| in_table(*place)).collect();
        self.looks.rounded =
            judged.rounded.into_iter().filter_map(|(place, shown)| Some((in_table(place)?, shown))).collect();
        let all = judged.cells.into_iter().chain(judged.stretches);
        all.filter_map(|(place, finding)| Some(self.placed(on_grid(place)?, finding))).collect()
    }

    fn placed(&self, (row, column): (usize, usize), finding: Finding) -> Diagnostic {
        let starts = self.source.sheet.as_ref().map(|sheet| (sheet.width, sheet.cells.as_slice()));
        let span = starts.and_then(|(width, starts)| {
            let at = row * width + column;
            let start = *starts.get(at)?;
            // There is one comma or line break between two cells.
            let end = starts.get(at + 1).map_or(self.source.bytes.len(), |next| *next) - 1;
            Some(Span::new(&self.source, start..end.max(start)))
        });
        let span = span.unwrap_or_else(|| Span::start_of(&self.source));
        let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let label: Arc<str> = match self.labels.get(column) {
            Some(label) if !self.register => label.text.as_str().into(),
            _ => "".into(),
        };
        let cell = Some(Cell { row: number(row), field: Some((number(column), label)) });
        Diagnostic { cell, ..Diagnostic::error(finding.code, span, finding.message).hint(finding.hint) }
    }
}
