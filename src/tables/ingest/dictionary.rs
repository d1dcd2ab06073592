//! The distinct cells of a column and their numbers. It is a hash table of our own, since reading spends most time here.
//!
//! Cells are compared by their length and first 24 bytes, and longer ones also by the rest, so most comparisons
//! need not follow a pointer.

use std::ops::Range;

/// How many bytes of a cell are in its key.
const HEAD: usize = 24;

/// A cell's length and first bytes, and a hash of it whole.
pub(super) struct Key {
    head: Head,
    hash: u64,
}

/// The first bytes of a cell, and its length. Single words stay in registers; an array would go through memory.
#[derive(Clone, Copy)]
struct Head {
    first: u64,
    second: u64,
    third: u64,
    length: usize,
}

/// For each length the bytes of a head that belong to the cell.
const MASKS: [[u64; 3]; HEAD + 1] = masks();

const fn masks() -> [[u64; 3]; HEAD + 1] {
    let mut masks = [[0; 3]; HEAD + 1];
    let mut byte = 0;
    while byte < HEAD {
        let mut length = byte + 1;
        while length <= HEAD {
            masks[length][byte / 8] |= 0xFF << (8 * (byte % 8));
            length += 1;
        }
        byte += 1;
    }
    masks
}

impl Head {
    #[inline]
    fn of(bytes: &[u8], range: &Range<usize>) -> Self {
        let length = range.len();
        match bytes.get(range.start..).and_then(|rest| rest.first_chunk::<HEAD>()) {
            Some(window) => Self::masked(window, length),
            None => Self::near_the_end(&bytes[range.clone()]),
        }
    }

    #[inline]
    fn masked(window: &[u8; HEAD], length: usize) -> Self {
        let (words, _) = window.as_chunks::<8>();
        let [first, second, third] = MASKS[length.min(HEAD)];
        Self {
            first: u64::from_le_bytes(words[0]) & first,
            second: u64::from_le_bytes(words[1]) & second,
            third: u64::from_le_bytes(words[2]) & third,
            length,
        }
    }

    #[cold]
    fn near_the_end(cell: &[u8]) -> Self {
        let mut padded = [0; HEAD];
        let length = cell.len().min(HEAD);
        padded[..length].copy_from_slice(&cell[..length]);
        Self::masked(&padded, cell.len())
    }

    #[inline]
    fn is(&self, other: &Self) -> bool {
        let differ = (self.first ^ other.first) | (self.second ^ other.second) | (self.third ^ other.third);
        differ == 0 && self.length == other.length
    }
}

impl Key {
    /// The key of a cell.
    #[inline]
    pub(super) fn of(bytes: &[u8], cell: &Range<usize>) -> Self {
        let head = Head::of(bytes, cell);
        // All words at once, whatever the length: lengths vary, and a wrong guess costs more than a product.
        let mut hash = fold(head.first ^ SEEDS[0], head.second ^ SEEDS[1])
            ^ fold(head.third ^ SEEDS[2], head.length as u64 ^ SEEDS[3]);
        if head.length > HEAD {
            hash = Self::further(hash, &bytes[cell.start + HEAD..cell.end]);
        }
        Self { head, hash: if head.length == 0 { 0 } else { hash.max(1) } }
    }

    /// A hash of the whole cell, which is 0 only if the cell is empty.
    #[inline]
    pub(super) fn hash(&self) -> u64 {
        self.hash
    }

    fn further(hash: u64, rest: &[u8]) -> u64 {
        let word = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
        let mix = |hash: u64, pair: &[u8; 16]| {
            let (words, _) = pair.as_chunks::<8>();
            fold(hash ^ word(&words[0]) ^ SEEDS[1], word(&words[1]) ^ SEEDS[2])
        };
        let (pairs, last) = rest.as_chunks::<16>();
        let mut padded = [0; 16];
        padded[..last.len()].copy_from_slice(last);
        mix(pairs.iter().fold(hash, mix), &padded)
    }
}

/// Digits of pi, which nobody can have chosen on purpose.
const SEEDS: [u64; 4] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89];

/// Both halves of a product, mixed.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // The two halves are what is wanted.
    #[allow(clippy::cast_possible_truncation)]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

/// Distinct cells, numbered in the order of their first occurrence.
#[derive(Default, Clone)]
pub(super) struct Dictionary {
    entries: Vec<Entry>,
    /// Open addressing: 0 for a free slot, else an entry's number plus one.
    slots: Vec<u32>,
    /// The bytes of all entries, one after another.
    text: Vec<u8>,
}

#[derive(Clone)]
struct Entry {
    head: Head,
    hash: u64,
    start: usize,
}

impl Dictionary {
    /// How many distinct cells there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The hash of the cell with this number.
    pub(super) fn hash(&self, code: usize) -> u64 {
        self.entries[code].hash
    }

    /// Appends the numbers of cells; a new cell gets the next one. If most cells are `steady`, so that each is probably the
    /// same as the one before, they are compared with that first.
    #[inline]
    pub(super) fn codes(
        &mut self,
        bytes: &[u8],
        cells: impl Iterator<Item = Range<usize>>,
        steady: bool,
        codes: &mut Vec<u32>,
    ) {
        if !steady {
            codes.extend(cells.map(|cell| self.code(&Key::of(bytes, &cell), bytes, cell)));
            return;
        }
        let mut last: Option<(Head, u32)> = None;
        codes.extend(cells.map(|cell| {
            let head = Head::of(bytes, &cell);
            if let Some((before, code)) = &last
                && head.length <= HEAD
                && head.is(before)
            {
                return *code;
            }
            let code = self.code(&Key::of(bytes, &cell), bytes, cell);
            last = Some((head, code));
            code
        }));
    }

    #[inline]
    fn code(&mut self, key: &Key, bytes: &[u8], cell: Range<usize>) -> u32 {
        if self.entries.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut slot = index(key.hash) & mask;
        loop {
            match self.slots[slot] {
                0 => return self.insert(slot, key, &bytes[cell]),
                found => {
                    let entry = &self.entries[found as usize - 1];
                    if entry.head.is(&key.head)
                        && (key.head.length <= HEAD || self.text_of(entry) == &bytes[cell.clone()])
                    {
                        return found - 1;
                    }
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, slot: usize, key: &Key, value: &[u8]) -> u32 {
        // Four billion distinct cells do not fit into memory.
        let code = u32::try_from(self.entries.len()).unwrap_or(u32::MAX - 1);
        self.entries.push(Entry { head: key.head, hash: key.hash, start: self.text.len() });
        self.text.extend_from_slice(value);
        self.slots[slot] = code + 1;
        code
    }

    #[cold]
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let mut slots = vec![0; size];
        for (code, entry) in (1..).zip(&self.entries) {
            let mut slot = index(entry.hash) & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = code;
        }
        self.slots = slots;
    }

    fn text_of(&self, entry: &Entry) -> &[u8] {
        &self.text[entry.start..entry.start + entry.head.length]
    }

    /// Adds the cells of another dictionary, of which the first so many are `given`: the same as here, in the same order.
    /// Returns the numbers here of all of them, or none if all are given.
    pub(super) fn absorb(&mut self, other: &Self, given: usize) -> Vec<u32> {
        if given == other.len() {
            return Vec::new();
        }
        let code = |entry: &Entry| {
            let key = Key { head: entry.head, hash: entry.hash };
            self.code(&key, &other.text, entry.start..entry.start + entry.head.length)
        };
        let further: Vec<u32> = other.entries[given..].iter().map(code).collect();
        (0..).take(given).chain(further).collect()
    }

    /// The cells as text, in the order of their numbers.
    pub(super) fn texts(&self) -> Vec<String> {
        self.entries.iter().map(|entry| String::from_utf8_lossy(self.text_of(entry)).into_owned()).collect()
    }
}

/// The low half of a hash is as good an index as the whole.
#[allow(clippy::cast_possible_truncation)]
fn index(hash: u64) -> usize {
    hash as usize
}
