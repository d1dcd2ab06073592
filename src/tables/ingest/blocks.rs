//! Where quotes, separators and line breaks are in the next 64 bytes, as bits, and which of them are inside quotes.
//!
//! A byte is inside quotes if the number of quotes before it is odd: each bit of a mask of quotes is combined by exclusive or with all bits
//! before it (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019). A doubled quote closes and opens again.
//! This holds while each quote opens a cell, closes one, or is doubled; the first that does not is found here, too.

use wide::u8x16;

/// How many bytes are searched at once.
pub(super) const BLOCK: usize = 64;

/// One bit for each of the next bytes.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    quotes: u64,
    /// Separators of cells, and both bytes of line breaks.
    ends: u64,
    /// The bytes that are there.
    there: u64,
}

impl Marks {
    /// The marks among the first bytes of `rest`.
    #[inline]
    pub(super) fn of(rest: &[u8], delimiter: u8) -> Self {
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            return Self::of_block(block, delimiter, u64::MAX);
        }
        let mut block = [0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        Self::of_block(&block, delimiter, (1 << rest.len()) - 1)
    }

    #[inline]
    fn of_block(block: &[u8; BLOCK], delimiter: u8, there: u64) -> Self {
        let (chunks, _) = block.as_chunks::<16>();
        let (mut quotes, mut ends) = (0, 0);
        for (at, chunk) in chunks.iter().enumerate() {
            let chunk = u8x16::new(*chunk);
            let is = |byte: u8| chunk.simd_eq(u8x16::splat(byte));
            let found = is(delimiter) | is(b'\n') | is(b'\r');
            ends |= u64::from(found.to_bitmask()) << (16 * at);
            quotes |= u64::from(is(b'"').to_bitmask()) << (16 * at);
        }
        Self { quotes, ends: ends & there, there }
    }
}

/// What the bytes before a block mean for it.
#[derive(Clone, Copy)]
pub(super) struct Before {
    /// All bits if the block begins inside quotes, else none.
    inside: u64,
    /// The first bit if a cell begins with the block.
    cell: u64,
    /// The first bit if the byte before is a quote that closes.
    closed: u64,
}

/// What matters in a block, one bit for each byte.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// What ends cells and rows.
    pub(super) ends: u64,
    /// Second quotes of doubled ones.
    pub(super) doubled: u64,
    /// Quotes inside a cell that is not quoted, and text after a closing quote. Only the first is sure to be one.
    pub(super) irregular: u64,
}

impl Before {
    /// Before a row.
    pub(super) const ROW: Self = Self { inside: 0, cell: 1, closed: 0 };

    /// Before a byte that may be anywhere in a regular file; only what ends cells and rows is found rightly.
    pub(super) fn anywhere(inside: bool) -> Self {
        Self { inside: if inside { u64::MAX } else { 0 }, ..Self::ROW }
    }

    /// Whether the last block ended inside quotes.
    pub(super) fn is_inside(self) -> bool {
        self.inside != 0
    }

    /// Passes over a block.
    #[inline]
    pub(super) fn pass(&mut self, marks: Marks) -> Found {
        let inside = odd(marks.quotes) ^ self.inside;
        let ends = marks.ends & !inside;
        let (opening, closing) = (marks.quotes & inside, marks.quotes & !inside);
        let at_start = (ends << 1) | self.cell;
        let after_closing = (closing << 1) | self.closed;
        let astray = opening & !at_start & !after_closing;
        let text_after = after_closing & !(marks.quotes | marks.ends) & marks.there;
        *self = Self { inside: if inside >> 63 == 1 { u64::MAX } else { 0 }, cell: ends >> 63, closed: closing >> 63 };
        Found { ends, doubled: opening & after_closing, irregular: astray | text_after }
    }
}

/// For each bit whether the number of bits up to it is odd.
#[inline]
fn odd(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Where the next row starts, given the byte after the first of a line break: `\r\n` is one break.
#[inline]
pub(super) fn after_break(file: &[u8], at: usize) -> usize {
    let split = at > 0 && file.get(at - 1) == Some(&b'\r') && file.get(at) == Some(&b'\n');
    at + usize::from(split)
}

/// Where the next row starts after a line break at `from` or later, in a file whose quotes are regular; `inside` says
/// whether `from` is inside quotes.
pub(super) fn next_row(file: &[u8], from: usize, inside: bool) -> Option<usize> {
    let (mut before, mut block) = (Before::anywhere(inside), from);
    while block < file.len() {
        // A line break for a separator: only line breaks are marked.
        let found = before.pass(Marks::of(&file[block..], b'\n')).ends;
        if found != 0 {
            return Some(after_break(file, block + found.trailing_zeros() as usize + 1));
        }
        block += BLOCK;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_before_are_counted() {
        let one_by_one =
            |bits: u64| (0..64).fold(0, |all, at| all | (u64::from((bits << (63 - at)).count_ones()) % 2) << at);
        let mut bits = 1_u64;
        for _ in 0..1000 {
            bits = bits.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (bits >> 31);
            assert_eq!(odd(bits), one_by_one(bits), "{bits:b}");
        }
    }

    #[test]
    fn the_first_irregular_quote_is_found() {
        let first = |text: &str| {
            let mut before = Before::ROW;
            let found = before.pass(Marks::of(text.as_bytes(), b','));
            (found.irregular != 0).then(|| found.irregular.trailing_zeros())
        };
        for regular in ["a,\"b\",c\n", "\"\"", "\"\"\"\"", "\"a\"\"b\",\"\"\r\n\"c\"", "\"a,\nb\"\n", "\"open"] {
            assert_eq!(first(regular), None, "{regular}");
        }
        assert_eq!(first("a,b\"c"), Some(3));
        assert_eq!(first("\"a\"b,\"c\"\n"), Some(3));
        assert_eq!(first("\"a\" ,b"), Some(3));
        assert_eq!(first("\u{feff}\"a\"\n"), Some(3));
    }
}
