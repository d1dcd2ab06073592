//! The scanner of CSV files. It gives the exact byte range of every cell, also with blank lines, CRLF and quoted line breaks.
//!
//! Separators are searched for in 64 bytes at a time; rows with quotes are read by **csv-core**.
//! A test checks that both find the same cells.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use wide::u8x16;

/// Longer cells are cut: a quote or a line break must be missing, and the rest is not one value.
pub(super) const LONGEST: usize = 1 << 20;

/// One row: the byte ranges of its cells, quotes included, and their values.
pub(super) struct Row<'a> {
    /// The byte it starts at.
    pub(super) start: usize,
    file: &'a [u8],
    raw: &'a [Range<usize>],
    /// The cells without their quotes, if the row has any.
    unquoted: Option<(&'a [u8], &'a [Range<usize>])>,
}

impl Row<'_> {
    /// A row of one empty cell.
    pub(super) const EMPTY: Row<'static> =
        Row { start: 0, file: &[], raw: &[Range { start: 0, end: 0 }], unquoted: None };

    /// How many cells it has; none if it is blank.
    pub(super) fn len(&self) -> usize {
        self.raw.len()
    }

    /// The byte range of a cell in the file, quotes included.
    pub(super) fn raw(&self, column: usize) -> Range<usize> {
        self.raw[column].clone()
    }

    /// Whether the row contains quotes.
    pub(super) fn quoted(&self) -> bool {
        self.unquoted.is_some()
    }

    /// The byte after its last cell.
    pub(super) fn end(&self) -> usize {
        self.raw.last().map_or(self.start, |cell| cell.end)
    }

    /// The bytes that contain a cell's value, and the range in them.
    #[inline]
    pub(super) fn stored(&self, column: usize) -> (&[u8], Range<usize>) {
        let (bytes, range) = match self.unquoted {
            None => (self.file, &self.raw[column]),
            Some((bytes, ranges)) => (bytes, &ranges[column]),
        };
        (bytes, range.start..range.end.min(range.start + LONGEST))
    }

    /// The value of a cell.
    pub(super) fn value(&self, column: usize) -> &[u8] {
        let (bytes, range) = self.stored(column);
        &bytes[range]
    }
}

/// How many bytes are searched at once.
const BLOCK: usize = 64;

/// Visits the rows of `piece`, which starts with a row and ends with one.
pub(super) fn walk(file: &[u8], piece: Range<usize>, delimiter: u8, mut visit: impl FnMut(&Row<'_>)) {
    let mut raw: Vec<Range<usize>> = Vec::new();
    let mut quoted = None;
    let (mut start, mut cell, mut block) = (piece.start, piece.start, piece.start);
    'blocks: while block < piece.end {
        let mut ends = ends(&file[block..piece.end], delimiter);
        while ends != 0 {
            let at = block + ends.trailing_zeros() as usize;
            ends &= ends - 1;
            let byte = file[at];
            if byte == delimiter {
                raw.push(cell..at);
                cell = at + 1;
            } else if byte == b'"' {
                let quoted = quoted.get_or_insert_with(|| Quoted::new(delimiter));
                let next = quoted.read(file, start);
                visit(&quoted.row(file, start));
                raw.clear();
                (start, cell, block) = (next, next, next);
                continue 'blocks;
            } else if at >= start {
                if at > start {
                    raw.push(cell..at);
                }
                visit(&Row { start, file, raw: &raw, unquoted: None });
                raw.clear();
                start = after_break(file, at + 1);
                cell = start;
            }
        }
        block += BLOCK;
    }
    if start < piece.end {
        raw.push(cell..piece.end);
        visit(&Row { start, file, raw: &raw, unquoted: None });
    }
}

/// One bit for each of the next bytes: whether it may end a cell or open a quote.
#[inline]
fn ends(rest: &[u8], delimiter: u8) -> u64 {
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return ends_in(block, delimiter);
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    ends_in(&block, delimiter)
}

#[inline]
fn ends_in(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let (chunks, _) = block.as_chunks::<16>();
    let mut ends = 0;
    for (at, chunk) in chunks.iter().enumerate() {
        let chunk = u8x16::new(*chunk);
        let is = |byte: u8| chunk.simd_eq(u8x16::splat(byte));
        let found = is(delimiter) | is(b'\n') | is(b'\r') | is(b'"');
        ends |= u64::from(found.to_bitmask()) << (16 * at);
    }
    ends
}

/// Where the next row starts, given the byte after the first of a line break: `\r\n` is one break.
fn after_break(file: &[u8], at: usize) -> usize {
    let split = at > 0 && file.get(at - 1) == Some(&b'\r') && file.get(at) == Some(&b'\n');
    at + usize::from(split)
}

/// Where the file can be cut: the first line break outside quotes after each of the ascending `targets`. A quote opens a
/// cell only at its start, as in `csv-core`.
pub(super) fn cuts(file: &[u8], start: usize, targets: impl Iterator<Item = usize>, delimiter: u8) -> Vec<usize> {
    let mut quotes = Quotes { file, delimiter, at: start, next: start..start };
    let mut cuts = vec![start];
    for target in targets {
        let mut at = target.max(*cuts.last().unwrap_or(&start));
        let cut = loop {
            let Some(found) = memchr::memchr2(b'\n', b'\r', &file[at..]) else { break file.len() };
            let found = at + found;
            match quotes.around(found) {
                Some(quote) => at = quote.end,
                None => break after_break(file, found + 1),
            }
        };
        cuts.push(cut);
    }
    cuts
}

/// The quoted ranges of a file, one after another.
struct Quotes<'f> {
    file: &'f [u8],
    delimiter: u8,
    at: usize,
    next: Range<usize>,
}

impl Quotes<'_> {
    /// The quoted range that contains `byte`; bytes must be asked for in ascending order.
    fn around(&mut self, byte: usize) -> Option<Range<usize>> {
        while self.next.end <= byte {
            let open = self.open(byte)?;
            let close = self.close(open + 1);
            (self.at, self.next) = (close, open..close);
        }
        self.next.contains(&byte).then(|| self.next.clone())
    }

    /// The next quote before `byte` that opens a cell. Later bytes are searched only when they are asked for.
    fn open(&mut self, byte: usize) -> Option<usize> {
        loop {
            let rest = self.file.get(self.at..byte).unwrap_or_default();
            let Some(quote) = memchr::memchr(b'"', rest) else {
                self.at = self.at.max(byte);
                return None;
            };
            let quote = self.at + quote;
            let before = quote.checked_sub(1).map(|before| self.file[before]);
            self.at = quote + 1;
            let opens = before.is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
            if opens || quote == super::encoding::bom(self.file) {
                return Some(quote);
            }
        }
    }

    fn close(&self, mut at: usize) -> usize {
        while let Some(quote) = memchr::memchr(b'"', &self.file[at..]) {
            at += quote + 1;
            if self.file.get(at) != Some(&b'"') {
                return at;
            }
            at += 1;
        }
        self.file.len()
    }
}

/// A row with quotes, read by `csv-core`. Its buffers are reused for the next one.
struct Quoted {
    raw: Vec<Range<usize>>,
    values: Vec<Range<usize>>,
    unquoted: Vec<u8>,
    reader: Reader,
    delimiter: u8,
}

impl Quoted {
    fn new(delimiter: u8) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        // The reader would skip a byte order mark before its first byte, which must not happen inside a file.
        reader.read_field(b"\n", &mut []);
        Self { raw: Vec::new(), values: Vec::new(), unquoted: Vec::new(), reader, delimiter }
    }

    fn row<'r>(&'r self, file: &'r [u8], start: usize) -> Row<'r> {
        Row { start, file, raw: &self.raw, unquoted: Some((&self.unquoted, &self.values)) }
    }

    /// Reads the row that starts at `start`; returns where the next one starts.
    fn read(&mut self, file: &[u8], start: usize) -> usize {
        self.raw.clear();
        self.values.clear();
        let (mut at, mut written, mut cell, mut value) = (start, 0, start, 0);
        loop {
            if self.unquoted.len() < written + BLOCK {
                self.unquoted.resize(self.unquoted.len() * 2 + 256, 0);
            }
            let (result, read, wrote) = self.reader.read_field(&file[at..], &mut self.unquoted[written..]);
            (at, written) = (at + read, (written + wrote).min(value + LONGEST));
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    self.raw.push(cell..self.trim(file, cell, at, record_end));
                    self.values.push(value..written);
                    (cell, value) = (at, written);
                    if record_end {
                        return after_break(file, at);
                    }
                }
                ReadFieldResult::End => return at,
            }
        }
    }

    /// The end of a cell, without the separator or line break after it.
    fn trim(&self, file: &[u8], start: usize, end: usize, record_end: bool) -> usize {
        let Some(last) = file[start..end].last() else { return end };
        let ended = if record_end {
            matches!(last, b'\n' | b'\r') && !open_to(&file[start..end])
        } else {
            *last == self.delimiter
        };
        end - usize::from(ended)
    }
}

/// Whether a cell's quote never closes, so that its last byte is inside.
fn open_to(cell: &[u8]) -> bool {
    cell.first() == Some(&b'"') && matches!(quoting(cell), Some(Quoting::Open))
}

/// An error in the quotes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// There is a quote inside a cell that is not quoted.
    Inside,
    /// The quote is never closed.
    Open,
    /// Text follows the closing quote.
    After,
}

/// The error in the quotes of a cell as it is written, if there is one.
pub(super) fn quoting(cell: &[u8]) -> Option<Quoting> {
    let first = memchr::memchr(b'"', cell)?;
    if first > 0 {
        return Some(Quoting::Inside);
    }
    let mut at = 1;
    while let Some(quote) = memchr::memchr(b'"', &cell[at..]) {
        at += quote + 1;
        match cell.get(at) {
            Some(b'"') => at += 1,
            Some(_) => return Some(Quoting::After),
            None => return None,
        }
    }
    Some(Quoting::Open)
}
