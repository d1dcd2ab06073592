//! A file as it was read: its bytes, and how a byte becomes a line and a column.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use memchr::{memchr2, memchr2_iter, memrchr2};

/// The bytes of a file, in memory or mapped from the disk, shared by all who read it.
#[derive(Clone)]
pub struct Bytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl Bytes {
    /// Takes anything with bytes, such as a mapped file.
    #[must_use]
    pub fn of(holder: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(holder))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::of(bytes)
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// A file's path and bytes, as they were read.
#[derive(Debug)]
pub struct Source {
    /// Path from the project's root, with `/`.
    pub path: String,
    /// The bytes on disk, converted to UTF-8 if the file has another encoding.
    pub bytes: Bytes,
    /// The ISO 3166-1 alpha-3 code of the country whose file this is; none for a shared declaration.
    pub country: Option<String>,
    /// Whether the file is a confidential register, of which only the faulty cell is ever shown.
    pub confidential: bool,
    /// The grid it was read from, if it is a workbook's sheet.
    pub sheet: Option<Sheet>,
    lines: OnceLock<Vec<Mark>>,
}

/// A sheet of a workbook, and where each of its cells is in the text.
#[derive(Debug)]
pub struct Sheet {
    /// The sheet's name.
    pub name: String,
    /// The grid's first row and column, from 0.
    pub origin: (u32, u32),
    /// How many columns the grid has.
    pub width: usize,
    /// The byte at which each cell's text begins, row by row.
    pub cells: Vec<usize>,
}

/// The position at the start of a block: how many lines have ended, and how many characters of the current one are before it.
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: usize,
    lines: usize,
    column: usize,
}

/// With blocks of this size a position is found quickly, and the marks need only 24 bytes for each block.
const BLOCK: usize = 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

impl Source {
    /// A file that belongs to no country and is not a register.
    #[must_use]
    pub fn new(path: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let (path, bytes) = (path.into(), bytes.into());
        Self { path, bytes, country: None, confidential: false, sheet: None, lines: OnceLock::new() }
    }

    /// The same, as a file of this country.
    #[must_use]
    pub fn of_country(self, country: Option<&str>) -> Self {
        Self { country: country.map(str::to_owned), ..self }
    }

    /// The same, as a register or not.
    #[must_use]
    pub fn confidential(self, confidential: bool) -> Self {
        Self { confidential, ..self }
    }

    /// The same, as the text of a workbook's sheet.
    #[must_use]
    pub fn of_sheet(self, sheet: Sheet) -> Self {
        Self { sheet: Some(sheet), ..self }
    }

    /// The text. Invalid bytes are replaced; `ingest` reports them.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }

    /// Line and column of a byte, both from 1; columns count characters, a BOM not among them. A line ends with `\n`,
    /// `\r\n` or a lone `\r`.
    #[must_use]
    pub fn position(&self, at: usize) -> (usize, usize) {
        // Both bytes of `\r\n` have the position of the line's end.
        let at = at.min(self.bytes.len());
        let at = at - usize::from(self.bytes[..at].ends_with(b"\r") && self.bytes[at..].starts_with(b"\n"));
        let marks = self.lines.get_or_init(|| marks(&self.bytes));
        let mark = marks[marks.partition_point(|mark| mark.at <= at).saturating_sub(1)];
        let (lines, column) = advance(&self.bytes, mark, at);
        (lines + 1, column + 1)
    }

    /// The line of a byte, from 1; in a workbook the sheet's row.
    #[must_use]
    pub fn row(&self, at: usize) -> usize {
        match &self.sheet {
            Some(sheet) => sheet.cell(at).0 as usize + 1,
            None => self.position(at).0,
        }
    }

    /// The byte at which a line begins, or the first cell of a sheet's row; from 1.
    pub(super) fn start_of_row(&self, row: usize) -> Option<usize> {
        if let Some(sheet) = &self.sheet {
            let below = row.checked_sub(1)?.checked_sub(sheet.origin.0 as usize)?;
            return sheet.cells.get(below * sheet.width.max(1)).copied();
        }
        let marks = self.lines.get_or_init(|| marks(&self.bytes));
        let mark = marks[marks.partition_point(|mark| mark.lines + 1 < row).saturating_sub(1)];
        let mut start = self.line(mark.at).start.max(marks[0].at);
        for _ in self.position(start).0..row {
            let end = self.line(start).end;
            start = end + if self.bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
            if start > self.bytes.len() {
                return None;
            }
        }
        Some(start)
    }

    /// The bytes of a workbook's cell by its name, such as `C17`.
    pub(super) fn cell(&self, name: &str) -> Option<Range<usize>> {
        let sheet = self.sheet.as_ref()?;
        let (row, column) = cell_of(name)?;
        let below = |at: usize, origin: u32| at.checked_sub(origin as usize);
        let (row, column) = (below(row, sheet.origin.0)?, below(column, sheet.origin.1)?);
        let at = row.checked_mul(sheet.width)?.checked_add(column).filter(|_| column < sheet.width)?;
        let start = *sheet.cells.get(at)?;
        let end = sheet.cells.get(at + 1).map_or(self.bytes.len(), |next| *next).saturating_sub(1);
        Some(start..end.max(start))
    }

    /// The bytes of the whole row of a workbook in which a byte stands, or of its line.
    pub(super) fn row_at(&self, at: usize) -> Range<usize> {
        let Some(sheet) = &self.sheet else { return self.line(at) };
        let index = sheet.cells.partition_point(|start| *start <= at).saturating_sub(1);
        let first = index - index % sheet.width.max(1);
        let start = sheet.cells.get(first).copied().unwrap_or(at);
        let next = sheet.cells.get(first + sheet.width.max(1)).copied();
        start..next.unwrap_or(self.bytes.len()).saturating_sub(1).max(start)
    }

    /// The byte at which a column of a line begins, both from 1; columns count characters.
    pub(super) fn byte_of(&self, line: usize, column: usize) -> Option<usize> {
        let start = self.start_of_row(line)?;
        let text = String::from_utf8_lossy(&self.bytes[self.line(start)]).into_owned();
        let before: usize = text.chars().take(column.checked_sub(1)?).map(char::len_utf8).sum();
        Some(start + before)
    }

    /// The bytes of the line that contains the byte `at`, without its end.
    pub(super) fn line(&self, at: usize) -> Range<usize> {
        let at = at.min(self.bytes.len());
        let start = memrchr2(b'\n', b'\r', &self.bytes[..at]).map_or(0, |last| last + 1);
        let end = memchr2(b'\n', b'\r', &self.bytes[at..]).map_or(self.bytes.len(), |after| at + after);
        start..end
    }

    /// The name of a workbook's cell, such as `C17`.
    pub(super) fn cell_name(&self, at: usize) -> Option<String> {
        let sheet = self.sheet.as_ref()?;
        let (row, column) = sheet.cell(at);
        Some(format!("{}!{}", sheet.name, cell_name(row, column)))
    }
}

impl Sheet {
    /// Row and column, from 0, of the cell that contains a byte.
    fn cell(&self, at: usize) -> (u32, u32) {
        let index = self.cells.partition_point(|start| *start <= at).saturating_sub(1);
        let width = self.width.max(1);
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (self.origin.0 + number(index / width), self.origin.1 + number(index % width))
    }
}

/// The name of a cell by its row and column, from 0: `C17`.
#[must_use]
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), u64::from(row) + 1)
}

/// Row and column of a cell, from 0, by its name.
#[must_use]
pub fn cell_of(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = (name.get(..digits)?, name.get(digits..)?);
    Some((row.parse::<usize>().ok()?.checked_sub(1)?, column_of(letters)?))
}

/// The number of the column with these letters, at most four: `A` is 0, `AA` is 26; none for another text.
#[must_use]
pub fn column_of(letters: &str) -> Option<usize> {
    let sound = (1..=4).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    // Of another text the sum might have no bounds.
    sound.then(|| letters.bytes().fold(0, |number, byte| number * 26 + usize::from(byte - b'A') + 1) - 1)
}

/// A column's letters: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn letters(column: u32) -> String {
    let (rest, last) = (column / 26, column % 26);
    let before = if rest == 0 { String::new() } else { letters(rest - 1) };
    let last = u8::try_from(last).map_or('A', |last| char::from(b'A' + last));
    format!("{before}{last}")
}

fn marks(bytes: &[u8]) -> Vec<Mark> {
    let mut mark = Mark { at: if bytes.starts_with(BOM) { BOM.len() } else { 0 }, lines: 0, column: 0 };
    let mut marks = vec![mark];
    while bytes.len() - mark.at > BLOCK {
        let next = boundary(bytes, mark.at + BLOCK);
        let (lines, column) = advance(bytes, mark, next);
        mark = Mark { at: next, lines, column };
        marks.push(mark);
    }
    marks
}

/// The number of ended lines, and of characters in the current one, at a byte after a mark.
fn advance(bytes: &[u8], mark: Mark, at: usize) -> (usize, usize) {
    let stretch = mark.at.min(at)..at;
    let (mut lines, mut start, mut column) = (mark.lines, stretch.start, mark.column);
    for found in memchr2_iter(b'\n', b'\r', &bytes[stretch.clone()]) {
        let found = stretch.start + found;
        if bytes[found] == b'\n' || bytes.get(found + 1) != Some(&b'\n') {
            (lines, start, column) = (lines + 1, found + 1, 0);
        }
    }
    (lines, column + String::from_utf8_lossy(&bytes[start..at]).chars().count())
}

/// The next byte that is not inside a character.
fn boundary(bytes: &[u8], at: usize) -> usize {
    let cut = bytes[at..].iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    at + cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, needle: &str) -> (usize, usize) {
        let at = text.find(needle).expect("the needle is in the text");
        Source::new("t.csv", text.as_bytes().to_vec()).position(at)
    }

    #[test]
    fn rows_begin_where_their_position_says() {
        let long = format!("{}\nb", "a\n".repeat(3000));
        for text in ["a,b\nc\n", "\u{feff}a\r\nb\r\nc", "a\rb\r\rc", &long] {
            let source = Source::new("t.csv", text.as_bytes().to_vec());
            let (last, _) = source.position(text.len());
            for row in 1..=last {
                let start = source.start_of_row(row).expect("there is such a row");
                assert_eq!(source.position(start), (row, 1), "row {row} of {} bytes", text.len());
            }
            assert_eq!(source.start_of_row(last + 1), None);
        }
    }

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(position("a,b\nລາວ,x\n", "x"), (2, 5));
        assert_eq!(position("\u{feff}a,b\n", "a"), (1, 1));
        assert_eq!(position("a\r\nb,c\r\n", "c"), (2, 3));
        assert_eq!(position("a\rb\r\rc,d", "d"), (4, 3));
        assert_eq!(position("ab\r\nc", "\n"), (1, 3));
    }

    #[test]
    fn places_far_into_a_file_are_exact() {
        let long = "ລາວ,".repeat(5000);
        assert_eq!(position(&format!("{long}x"), "x"), (1, 20_001));
        let many = "ab\r\n".repeat(30_000);
        assert_eq!(position(&format!("{many}x"), "x"), (30_001, 1));
        assert_eq!(position(&format!("{many}{long}x\r"), "x"), (30_001, 20_001));
    }

    #[test]
    fn cells_of_a_sheet_have_their_names() {
        assert_eq!([letters(0), letters(25), letters(26), letters(701), letters(702)], ["A", "Z", "AA", "ZZ", "AAA"]);
        assert_eq!(["A", "Z", "AA", "ZZ", "AAA"].map(column_of), [0, 25, 26, 701, 702].map(Some));
        for other in ["", "1", "a", "É", "A1", "ABCDE", &"Z".repeat(100)] {
            assert_eq!((column_of(other), cell_of(&format!("{other}x1"))), (None, None), "{other}");
        }
        let sheet = Sheet { name: "Sheet1".into(), origin: (1, 2), width: 2, cells: vec![0, 2, 4, 6] };
        let source = Source { sheet: Some(sheet), ..Source::new("t.xlsx", b"a,b\nc,d\n".to_vec()) };
        assert_eq!(source.cell_name(6).as_deref(), Some("Sheet1!D3"));
        assert_eq!(
            ["D3", "C2", "A1", "E2", "D4", "3", "d3"].map(|name| source.cell(name)),
            [Some(6..7), Some(0..1), None, None, None, None, None]
        );
        assert_eq!((source.row_at(2), source.row_at(6)), (0..3, 4..7));
    }
}
