//! Numbers that are the same for the same seed, on every machine.

/// A stream of numbers (`SplitMix64`; Steele and others, 2014).
pub struct Seeded(pub u64);

impl Seeded {
    /// A number from 0 to `most` less one.
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % most
    }
}
