//! Reads a row whose quotes follow no rule, byte by byte with **csv-core**, which says what its cells are.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::blocks::after_break;
use super::quoting::{Quoting, quoting};
use super::row::{LONGEST, Row};

/// How many bytes are written at once, at least.
const ROOM: usize = 64;

/// Reads one row after another. Its buffers are reused for the next one.
pub(super) struct Slow {
    bounds: Vec<usize>,
    values: Vec<Range<usize>>,
    unquoted: Vec<u8>,
    reader: Reader,
    delimiter: u8,
}

impl Slow {
    pub(super) fn new(delimiter: u8) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        // The reader would skip a byte order mark before its first byte, which must not happen inside a file.
        reader.read_field(b"\n", &mut []);
        Self { bounds: Vec::new(), values: Vec::new(), unquoted: Vec::new(), reader, delimiter }
    }

    /// The row that was read last.
    pub(super) fn row<'r>(&'r self, file: &'r [u8]) -> Row<'r> {
        Row { file, bounds: &self.bounds, values: Some((&self.unquoted, &self.values)), irregular: true }
    }

    /// Reads the row that starts at `start`; returns where the next one starts.
    pub(super) fn read(&mut self, file: &[u8], start: usize) -> usize {
        self.bounds.clear();
        self.bounds.push(start);
        self.values.clear();
        let (mut at, mut written, mut cell, mut value) = (start, 0, start, 0);
        loop {
            if self.unquoted.len() < written + ROOM {
                self.unquoted.resize(self.unquoted.len() * 2 + 256, 0);
            }
            let (result, read, wrote) = self.reader.read_field(&file[at..], &mut self.unquoted[written..]);
            (at, written) = (at + read, (written + wrote).min(value + LONGEST));
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    self.bounds.push(self.trim(file, cell, at, record_end) + 1);
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
