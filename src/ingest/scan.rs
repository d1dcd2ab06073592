//! The one walk over a CSV file: exact byte ranges of every cell, also across blank lines, CRLF and quoted breaks.

use std::borrow::Cow;
use std::ops::Range;

use csv_core::{ReadFieldResult, Reader};

/// What the walk meets, in the order of the file.
pub(super) enum Event<'a> {
    /// A row; index 0 holds the labels. A blank row has no cells.
    Row {
        /// Counted from the labels on.
        index: usize,
        /// The line it starts on, from 1.
        line: u32,
        /// The byte it starts at.
        start: usize,
        /// Its cells.
        cells: &'a [Cell<'a>],
    },
    /// A cell whose bytes are not UTF-8.
    BadEncoding(Range<usize>),
    /// A cell whose quotes are wrong, and how.
    BadQuote(Range<usize>, &'static str),
}

/// One cell: where it stands, quotes included, and what it says.
pub(super) struct Cell<'a> {
    pub(super) raw: Range<usize>,
    pub(super) value: &'a [u8],
}

impl Cell<'_> {
    pub(super) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.value)
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Walks over `bytes`, a BOM left out.
pub(super) fn scan(bytes: &[u8], visit: &mut impl FnMut(Event<'_>)) {
    let mut at = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
    let (mut index, mut line) = (0, 1);
    let mut row = Row::new();
    while at < bytes.len() {
        if let Some(width) = line_break(&bytes[at..]) {
            if index > 0 {
                visit(Event::Row { index, line, start: at, cells: &[] });
                index += 1;
            }
            (at, line) = (at + width, line + 1);
            continue;
        }
        let next = row.read(bytes, at);
        row.judge(bytes, visit);
        let cells: Vec<Cell<'_>> = row.cells().collect();
        visit(Event::Row { index, line, start: at, cells: &cells });
        line += u32::try_from(memchr::memchr_iter(b'\n', &bytes[at..next]).count()).unwrap_or(u32::MAX);
        (at, index) = (next, index + 1);
    }
}

fn line_break(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        _ => None,
    }
}

/// The buffers of one row, used again for the next.
struct Row {
    raw: Vec<Range<usize>>,
    ends: Vec<usize>,
    unescaped: Vec<u8>,
    reader: Reader,
}

impl Row {
    fn new() -> Self {
        // `Reader::default()` is a reader without its state machine: every byte would be a record.
        Self { raw: Vec::new(), ends: Vec::new(), unescaped: Vec::new(), reader: Reader::new() }
    }

    /// Reads the row that starts at `start`; returns where the next one starts.
    fn read(&mut self, bytes: &[u8], start: usize) -> usize {
        self.raw.clear();
        self.ends.clear();
        self.reader.reset();
        let (mut at, mut written, mut field) = (start, 0, start);
        loop {
            if self.unescaped.len() < written + 64 {
                self.unescaped.resize(self.unescaped.len() * 2 + 256, 0);
            }
            let (result, read, wrote) = self.reader.read_field(&bytes[at..], &mut self.unescaped[written..]);
            (at, written) = (at + read, written + wrote);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    self.raw.push(field..trim(bytes, field, at, record_end));
                    self.ends.push(written);
                    field = at;
                    if record_end {
                        return Self::after_break(bytes, at);
                    }
                }
                ReadFieldResult::End => return at,
            }
        }
    }

    /// `csv-core` leaves the `\n` of a CRLF to the next record.
    fn after_break(bytes: &[u8], at: usize) -> usize {
        let split = at > 0 && bytes.get(at - 1) == Some(&b'\r') && bytes.get(at) == Some(&b'\n');
        at + usize::from(split)
    }

    fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        self.raw
            .iter()
            .zip(starts.zip(&self.ends))
            .map(|(raw, (start, end))| Cell { raw: raw.clone(), value: &self.unescaped[start..*end] })
    }

    fn judge(&self, bytes: &[u8], visit: &mut impl FnMut(Event<'_>)) {
        for raw in &self.raw {
            let cell = &bytes[raw.clone()];
            if std::str::from_utf8(cell).is_err() {
                visit(Event::BadEncoding(raw.clone()));
            }
            if let Some(message) = quoting(cell) {
                visit(Event::BadQuote(raw.clone(), message));
            }
        }
    }
}

/// The end of a cell's own bytes: without the delimiter or line break that ends it.
fn trim(bytes: &[u8], start: usize, end: usize, record_end: bool) -> usize {
    let mut end = end;
    if record_end {
        while end > start && matches!(bytes[end - 1], b'\n' | b'\r') && !quoted_to(bytes, start, end) {
            end -= 1;
        }
    } else if end > start && bytes[end - 1] == b',' {
        end -= 1;
    }
    end
}

/// Whether the last byte lies inside a quote that never closes.
fn quoted_to(bytes: &[u8], start: usize, end: usize) -> bool {
    bytes[start] == b'"' && memchr::memchr_iter(b'"', &bytes[start..end]).count() % 2 == 1
}

fn quoting(cell: &[u8]) -> Option<&'static str> {
    let quotes = memchr::memchr_iter(b'"', cell).count();
    if quotes == 0 {
        return None;
    }
    if cell[0] != b'"' {
        return Some("a quote stands inside a cell that is not quoted");
    }
    if quotes % 2 == 1 {
        return Some("the quote is never closed");
    }
    let inner = cell.get(1..cell.len() - 1).unwrap_or_default();
    let stray = cell[cell.len() - 1] != b'"' || !inner_doubled(inner);
    stray.then_some("text follows the closing quote")
}

/// Whether every quote is followed by its double.
fn inner_doubled(inner: &[u8]) -> bool {
    let mut at = 0;
    while let Some(quote) = memchr::memchr(b'"', &inner[at..]) {
        if inner.get(at + quote + 1) != Some(&b'"') {
            return false;
        }
        at += quote + 2;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<(usize, String)>)> {
        let mut rows = Vec::new();
        scan(text.as_bytes(), &mut |event| {
            if let Event::Row { line, cells, .. } = event {
                rows.push((line, cells.iter().map(|cell| (cell.raw.start, cell.text().into_owned())).collect()));
            }
        });
        rows
    }

    fn cell(at: usize, text: &str) -> (usize, String) {
        (at, text.to_owned())
    }

    #[test]
    fn ranges_are_exact_across_breaks_and_quotes() {
        assert_eq!(
            rows("a,b\r\n1,\"x\r\ny\"\r\n\r\n2,\"q\"\"q\"\r\n"),
            [
                (1, vec![cell(0, "a"), cell(2, "b")]),
                (2, vec![cell(5, "1"), cell(7, "x\r\ny")]),
                (4, vec![]),
                (5, vec![cell(17, "2"), cell(19, "q\"q")]),
            ]
        );
    }

    #[test]
    fn empty_last_cells_and_missing_final_break() {
        assert_eq!(
            rows("a,b\n1,\n,"),
            [
                (1, vec![cell(0, "a"), cell(2, "b")]),
                (2, vec![cell(4, "1"), cell(6, "")]),
                (3, vec![cell(7, ""), cell(8, "")]),
            ]
        );
    }

    #[test]
    fn wrong_quotes_are_seen() {
        assert!(quoting(b"\"a\"").is_none() && quoting(b"\"a\"\"b\"").is_none() && quoting(b"").is_none());
        assert!(quoting(b"\"a").is_some() && quoting(b"a\"b").is_some() && quoting(b"\"a\"b").is_some());
    }
}
