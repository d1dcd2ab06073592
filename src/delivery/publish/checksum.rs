//! Checksums of files and of what is made of them: SHA-256, in hexadecimal digits.

use sha2::{Digest, Sha256};

/// The sha256 of bytes, in hexadecimal digits.
#[must_use]
pub fn sum(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The sha256 of bytes that come piece by piece.
#[derive(Default)]
pub struct Checksum(Sha256);

impl Checksum {
    /// Takes the next bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The sum, in hexadecimal digits.
    #[must_use]
    pub fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
