//! The scanner of CSV files. It gives the exact byte range of every cell, also with blank lines, CRLF and quoted line breaks.
//!
//! Separators and quotes are searched for in 64 bytes at a time; only a row whose quotes follow no rule is read by **csv-core**.
//! A test checks that both find the same cells.

use std::ops::Range;

use super::blocks::{BLOCK, Before, Marks, after_break};
use super::row::{LONGEST, Row, value_in};
use super::slow::Slow;

/// Visits the rows of `piece`, which starts with a row and ends with one.
pub(super) fn walk(file: &[u8], piece: Range<usize>, delimiter: u8, mut visit: impl FnMut(&Row<'_>)) {
    let (mut rows, mut slow, mut start) = (Rows::default(), None, piece.start);
    while let Some(irregular) = rows.visit(file, start..piece.end, delimiter, &mut visit) {
        let slow = slow.get_or_insert_with(|| Slow::new(delimiter));
        start = slow.read(file, irregular);
        visit(&slow.row(file));
    }
}

/// Visits the rows of `piece` up to the first whose quotes follow no rule; returns whether there is no such row.
pub(super) fn walk_regular(file: &[u8], piece: Range<usize>, delimiter: u8, visit: impl FnMut(&Row<'_>)) -> bool {
    Rows::default().visit(file, piece, delimiter, visit).is_none()
}

/// The row that is being read. Its buffers are reused for the next one.
#[derive(Default)]
struct Rows {
    bounds: Vec<usize>,
    values: Vec<Range<usize>>,
    text: Vec<u8>,
    /// Whether a quote in the row is doubled.
    doubled: bool,
}

impl Rows {
    /// Visits the rows of `piece` up to the first whose quotes follow no rule; returns where that one starts.
    fn visit(
        &mut self,
        file: &[u8],
        piece: Range<usize>,
        delimiter: u8,
        mut visit: impl FnMut(&Row<'_>),
    ) -> Option<usize> {
        let (mut before, mut start, mut block) = (Before::ROW, piece.start, piece.start);
        self.begin(start);
        while block < piece.end {
            let found = before.pass(Marks::of(&file[block..piece.end], delimiter));
            let mut events = found.ends | found.doubled | found.irregular;
            while events != 0 {
                let bit = events & events.wrapping_neg();
                let at = block + events.trailing_zeros() as usize;
                events ^= bit;
                let byte = file[at];
                if byte == delimiter {
                    self.bounds.push(at + 1);
                } else if matches!(byte, b'\n' | b'\r') {
                    // The second byte of a line break comes before the row that starts after it.
                    if at >= start {
                        self.end(file, at, &mut visit);
                        start = after_break(file, at + 1);
                        self.begin(start);
                    }
                } else if found.doubled & bit != 0 {
                    self.doubled = true;
                } else {
                    return Some(start);
                }
            }
            block += BLOCK;
        }
        if before.is_inside() {
            return Some(start);
        }
        if start < piece.end {
            self.end(file, piece.end, &mut visit);
        }
        None
    }

    #[inline]
    fn begin(&mut self, start: usize) {
        self.bounds.clear();
        self.bounds.push(start);
        self.doubled = false;
    }

    /// Visits the row, which ends before `at`.
    #[inline]
    fn end(&mut self, file: &[u8], at: usize, visit: &mut impl FnMut(&Row<'_>)) {
        if self.bounds[0] < at {
            self.bounds.push(at + 1);
        }
        if self.doubled {
            self.take_values(file);
        }
        let values = self.doubled.then_some((self.text.as_slice(), self.values.as_slice()));
        visit(&Row { file, bounds: &self.bounds, values, irregular: false });
    }

    /// Copies the values of the row, each doubled quote once.
    #[cold]
    fn take_values(&mut self, file: &[u8]) {
        self.values.clear();
        self.text.clear();
        for cell in self.bounds.windows(2) {
            let (cell, start) = (cell[0]..cell[1] - 1, self.text.len());
            let value = value_in(file, cell.clone());
            if value == cell {
                self.text.extend_from_slice(&file[value.start..value.end.min(value.start + LONGEST)]);
            } else {
                push_once(&mut self.text, &file[value]);
            }
            self.values.push(start..self.text.len());
        }
    }
}

/// Appends the text between the quotes of a cell, as much of it as a cell may hold.
fn push_once(text: &mut Vec<u8>, mut quoted: &[u8]) {
    let most = text.len() + LONGEST;
    while let Some(quote) = memchr::memchr(b'"', quoted).filter(|_| text.len() < most) {
        text.extend_from_slice(&quoted[..=quote]);
        quoted = quoted.get(quote + 2..).unwrap_or_default();
    }
    text.extend_from_slice(quoted);
    text.truncate(most);
}
