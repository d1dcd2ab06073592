//! Looks at an `.xls` file before calamine reads it: a header of a few bytes can ask for gigabytes, and a chain of sectors that leads
//! back into itself for memory without end ([MS-CFB]).
//!
//! A file whose parts do not fit into its own length is refused as damaged, and one whose sheets are too large by the places of
//! their cells.

mod records;
mod texts;

use super::{Unreadable, damaged};

/// The streams that calamine takes for a workbook.
const NAMES: [&str; 4] = ["Workbook", "Book", "WORKBOOK", "BOOK"];

/// Refuses a file that would take more memory than a workbook of its length.
pub(super) fn bounded(bytes: &[u8]) -> Result<(), Unreadable> {
    let file = Compound::open(bytes).ok_or_else(damaged)?;
    for name in NAMES {
        if let Some(entry) = file.entries.iter().find(|entry| entry.name == name) {
            records::bounded(&file.stream(entry).ok_or_else(damaged)?)?;
        }
    }
    Ok(())
}

/// Where each number of the header is.
const SHIFT: usize = 30;
const FAT_SECTORS: usize = 44;
const FIRST_ENTRY: usize = 48;
const FIRST_MINI: usize = 60;
const MINI_SECTORS: usize = 64;
const FIRST_FURTHER: usize = 68;
const LISTED: usize = 76;
const HEADER: usize = 512;

/// A chain ends here; numbers from `RESERVED` are no sectors.
const END: u32 = 0xFFFF_FFFE;
const RESERVED: u32 = 0xFFFF_FFFA;

/// Streams below this length are kept in small sectors.
const SMALL_STREAM: u64 = 4096;
const SMALL: usize = 64;
/// The length of an entry of the directory.
const ENTRY: usize = 128;

/// A file of sectors, each of which names the next one of its stream.
struct Compound<'b> {
    sectors: Sectors<'b>,
    next: Vec<u32>,
    entries: Vec<Entry>,
    small: Vec<u8>,
    next_small: Vec<u32>,
}

/// A stream: its name, its first sector, and its length.
struct Entry {
    name: String,
    first: u32,
    length: u64,
}

/// Sectors of equal size, one after another.
struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
}

impl<'b> Compound<'b> {
    /// Reads the chains and the directory; none if they do not fit into the file.
    fn open(bytes: &'b [u8]) -> Option<Self> {
        let size = match short(bytes, SHIFT)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let sectors = Sectors { bytes: bytes.get(size..)?, size };
        let minis = stated(bytes, MINI_SECTORS)?;
        if stated(bytes, FAT_SECTORS)? > sectors.count() || minis > sectors.count() {
            return None;
        }
        let next = sectors.numbers(&sectors.tables(bytes)?)?;
        let directory = sectors.stream(&next, number(bytes, FIRST_ENTRY)?, u64::MAX)?;
        let entries: Vec<Entry> = directory.chunks(ENTRY).filter_map(|entry| Entry::read(entry, size)).collect();
        let root = entries.first()?;
        let (mut small, mut next_small) = (Vec::new(), Vec::new());
        if minis > 0 {
            small = sectors.stream(&next, root.first, root.length)?;
            let table = sectors.stream(&next, number(bytes, FIRST_MINI)?, (minis * size) as u64)?;
            next_small = numbers(&table).collect();
        }
        Some(Self { sectors, next, entries, small, next_small })
    }

    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        if entry.length >= SMALL_STREAM {
            return self.sectors.stream(&self.next, entry.first, entry.length);
        }
        Sectors { bytes: &self.small, size: SMALL }.stream(&self.next_small, entry.first, entry.length)
    }
}

impl Entry {
    fn read(entry: &[u8], size: usize) -> Option<Self> {
        let (name, _) = entry.split_at_checked(64)?;
        let units = name.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        // In files of small sectors the upper half of a length is not used.
        let upper = if size == HEADER { 0 } else { number(entry, 124)? };
        let length = u64::from(upper) << 32 | u64::from(number(entry, 120)?);
        Some(Self { name: String::from_utf16_lossy(&name), first: number(entry, 116)?, length })
    }
}

impl Sectors<'_> {
    /// How many there are; the last one may be cut.
    fn count(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    fn sector(&self, at: u32) -> Option<&[u8]> {
        let start = usize::try_from(at).ok()?.checked_mul(self.size)?;
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The sectors that hold the table of the chains: those that the header lists, then further lists, each of which ends with
    /// the place of the next one.
    fn tables(&self, file: &[u8]) -> Option<Vec<u32>> {
        let mut listed: Vec<u32> = numbers(file.get(LISTED..HEADER)?).collect();
        let (mut further, mut read) = (number(file, FIRST_FURTHER)?, 0);
        while further < RESERVED {
            listed.extend(numbers(self.sector(further)?));
            further = listed.pop()?;
            read += 1;
            if read > self.count() {
                return None;
            }
        }
        listed.retain(|at| *at < RESERVED);
        (listed.len() <= self.count()).then_some(listed)
    }

    fn numbers(&self, sectors: &[u32]) -> Option<Vec<u32>> {
        let mut all = Vec::new();
        for at in sectors {
            all.extend(numbers(self.sector(*at)?));
        }
        Some(all)
    }

    /// The bytes of a stream; none if its chain leaves the file or leads back into itself.
    fn stream(&self, next: &[u32], first: u32, length: u64) -> Option<Vec<u8>> {
        let (mut at, mut read, mut stream) = (first, 0, Vec::new());
        while at != END {
            stream.extend_from_slice(self.sector(at)?);
            read += 1;
            if stream.len() as u64 >= length {
                break;
            }
            if read > self.count() {
                return None;
            }
            at = *next.get(usize::try_from(at).ok()?)?;
        }
        stream.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Some(stream)
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|pair| u16::from_le_bytes(*pair))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// A number of the header that counts sectors.
fn stated(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(number(bytes, at)?).ok()
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let (fours, _) = bytes.as_chunks::<4>();
    fours.iter().map(|four| u32::from_le_bytes(*four))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workbooks/sound.xls")).expect("a workbook")
    }

    fn with(numbers: &[(usize, u32)]) -> Vec<u8> {
        let mut file = sound();
        for (at, number) in numbers {
            file[*at..*at + 4].copy_from_slice(&number.to_le_bytes());
        }
        file
    }

    /// Where the table of the chains begins.
    fn table(file: &[u8]) -> usize {
        HEADER + 512 * number(file, LISTED).expect("a sector") as usize
    }

    #[test]
    fn a_sound_workbook_passes() {
        assert!(bounded(&sound()).is_ok());
    }

    #[test]
    fn counts_beyond_the_length_of_the_file_are_refused() {
        for at in [FAT_SECTORS, MINI_SECTORS] {
            assert!(bounded(&with(&[(at, 0x0100_0000)])).is_err(), "at {at}");
        }
    }

    #[test]
    fn chains_that_lead_back_or_away_are_refused() {
        let file = sound();
        let first = number(&file, FIRST_ENTRY).expect("a sector");
        let link = table(&file) + 4 * first as usize;
        assert!(bounded(&with(&[(link, first)])).is_err(), "a directory that follows itself");
        assert!(bounded(&with(&[(link, 0x00FF_FFFF)])).is_err(), "a directory that leaves the file");
        assert!(bounded(&with(&[(FIRST_ENTRY, 0x00FF_FFFF)])).is_err(), "a directory outside the file");
        // A list of lists whose last number is its own place.
        assert!(bounded(&with(&[(FIRST_FURTHER, 0), (HEADER + 508, 0)])).is_err(), "a list that follows itself");
    }

    #[test]
    fn every_cut_of_a_sound_workbook_ends_in_an_answer() {
        let file = sound();
        for length in 0..file.len() {
            drop(bounded(&file[..length]));
        }
    }
}
