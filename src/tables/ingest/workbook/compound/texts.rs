//! How long the texts are that the cells of an `.xls` file share. Each cell gets a copy of its text, so a long one named by many
//! cells takes more than its file ([MS-XLS] 2.5.293).

use super::{number, short};

/// A text may go on in so many records; a record has eight thousand bytes.
const FURTHER: usize = 1 << 14;

/// What says what follows the header of a text, and how wide its letters are.
const WIDE: u8 = 1;
const EXTENDED: u8 = 4;
const FORMATTED: u8 = 8;

/// The records that hold the shared texts: the first one, and those in which it goes on.
#[derive(Default)]
pub(super) struct Shared<'s> {
    records: Vec<&'s [u8]>,
}

impl<'s> Shared<'s> {
    /// The first record, without the numbers at its head.
    pub(super) fn begin(data: &'s [u8]) -> Self {
        Self { records: vec![data.get(8..).unwrap_or_default()] }
    }

    /// A further record; none if there are too many.
    pub(super) fn go_on(&mut self, data: &'s [u8]) -> Option<()> {
        self.records.push(data);
        (self.records.len() <= FURTHER).then_some(())
    }

    /// The length of each text in letters, as far as they can be read.
    pub(super) fn lengths(&self) -> Vec<u64> {
        let mut reader = Reader { data: &[], further: &self.records };
        let mut lengths = Vec::new();
        while let Some(length) = reader.text() {
            lengths.push(length);
        }
        lengths
    }
}

struct Reader<'t, 's> {
    data: &'s [u8],
    further: &'t [&'s [u8]],
}

impl Reader<'_, '_> {
    /// Goes to the next record.
    fn next(&mut self) -> Option<()> {
        let (next, further) = self.further.split_first()?;
        (self.data, self.further) = (next, further);
        Some(())
    }

    fn take(&mut self, bytes: usize) -> Option<()> {
        self.data = self.data.get(bytes..)?;
        Some(())
    }

    fn skip(&mut self, mut bytes: u64) -> Option<()> {
        while bytes > 0 {
            if self.data.is_empty() {
                self.next()?;
            }
            let here = self.data.len().min(usize::try_from(bytes).unwrap_or(usize::MAX));
            self.take(here)?;
            bytes -= here as u64;
        }
        Some(())
    }

    /// Passes over a text, and returns its length.
    fn text(&mut self) -> Option<u64> {
        while self.data.is_empty() {
            self.next()?;
        }
        let (length, mut flags) = (short(self.data, 0)?, *self.data.get(2)?);
        self.take(3)?;
        let mut behind = 0;
        if flags & FORMATTED != 0 {
            behind += 4 * u64::from(short(self.data, 0)?);
            self.take(2)?;
        }
        if flags & EXTENDED != 0 {
            behind += u64::from(number(self.data, 0)?);
            self.take(4)?;
        }
        let mut letters = usize::from(length);
        loop {
            let width = if flags & WIDE == 0 { 1 } else { 2 };
            let here = letters.min(self.data.len() / width);
            self.take(here * width)?;
            letters -= here;
            if letters == 0 {
                break;
            }
            self.next()?;
            flags = *self.data.first()?;
            self.take(1)?;
        }
        self.skip(behind)?;
        Some(u64::from(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(flags: u8, letters: u16, bytes: &[u8]) -> Vec<u8> {
        [&letters.to_le_bytes()[..], &[flags], bytes].concat()
    }

    #[test]
    fn each_text_has_its_length() {
        let head =
            [[0; 8].to_vec(), text(0, 3, b"abc"), text(WIDE, 2, &[0; 4]), text(FORMATTED, 2, b"\x01\0ab\0\0\0\0")];
        let first = [head.concat(), text(EXTENDED, 1, b"\x03\0\0\0axyz"), text(0, 0, b"")].concat();
        assert_eq!(Shared::begin(&first).lengths(), [3, 2, 2, 1, 0]);
    }

    #[test]
    fn a_text_goes_on_in_the_next_record() {
        let first = [[0; 8].to_vec(), text(0, 5, b"ab")].concat();
        let mut shared = Shared::begin(&first);
        let next = [&[WIDE][..], &[0; 6], &text(0, 1, b"z")].concat();
        assert!(shared.go_on(&next).is_some());
        assert_eq!(shared.lengths(), [5, 1]);
        assert!((0..FURTHER).any(|_| shared.go_on(&[]).is_none()), "not without end");
    }
}
