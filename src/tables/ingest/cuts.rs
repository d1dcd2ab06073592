//! Where a file can be cut into pieces of whole rows.
//!
//! [`by_number`] is quick: it takes a byte for quoted if the number of quotes before it is odd, which only holds where all quotes are regular.
//! [`one_by_one`] follows each quote from the start, and is always right.

use std::ops::Range;

use super::blocks::{after_break, next_row};
use super::encoding::{FirstLook, bom};

/// The first line break outside quotes after each of the ascending `targets`, if all quotes from `start` on are regular.
pub(super) fn by_number(
    file: &[u8],
    start: usize,
    targets: impl Iterator<Item = usize>,
    look: &FirstLook,
) -> Vec<usize> {
    let outside = look.odd_quotes(file, start);
    let mut cuts = vec![start];
    for target in targets {
        // A row may be longer than the way to the next target.
        if cuts.last().is_some_and(|last| *last > target) {
            continue;
        }
        let Some(cut) = next_row(file, target, look.odd_quotes(file, target) != outside) else { break };
        cuts.push(cut);
    }
    cuts
}

/// Where the file can be cut: the first line break outside quotes after each of the ascending `targets`. A quote opens a
/// cell only at its start, as in `csv-core`.
pub(super) fn one_by_one(file: &[u8], start: usize, targets: impl Iterator<Item = usize>, delimiter: u8) -> Vec<usize> {
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
            if opens || quote == bom(self.file) {
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
