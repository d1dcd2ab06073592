//! Chance that the key decides: a stream of numbers from a code (`SplitMix64`: Steele, Lea and Flood, "Fast splittable
//! pseudorandom number generators", OOPSLA 2014). It chooses among moves that are equally good, and protects nothing: what
//! protects is the start of the sample, which is a code itself.

use super::key::Key;

/// A stream of numbers.
pub(super) struct Chance(u64);

impl Chance {
    /// The stream that belongs to a text.
    pub(super) fn of(key: &Key, parts: &[&[u8]]) -> Self {
        Self(number(&key.code(parts)))
    }

    /// The same stream always, for searches whose answer is checked and printed nowhere.
    pub(super) fn fixed() -> Self {
        Self(1)
    }

    /// A number below `most`, which is above 0.
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // A number below one that fits fits itself.
        usize::try_from(mixed % most.max(1) as u64).unwrap_or(0)
    }
}

/// The number that a code begins with.
pub(super) fn number(code: &[u8; 32]) -> u64 {
    code.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
