//! The custodian's key, and the codes made with it: HMAC-SHA256 (Krawczyk and others, RFC 2104).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// 32 bytes of the machine's randomness. It is never printed: it has no `Debug`, and no way out.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The code of a text in parts. The parts are told apart: `["ab", "c"]` and `["a", "bc"]` have different codes.
    #[must_use]
    pub fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        // It fails for no length of key, and this one is of the right length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Whether this is the code of a text in parts, in a time that does not depend on where the two differ.
    #[must_use]
    pub fn made(&self, parts: &[&[u8]], code: &[u8; 32]) -> bool {
        let own = self.code(parts);
        own.iter().zip(code).fold(0, |differing, (own, other)| differing | (own ^ other)) == 0
    }
}

#[cfg(test)]
mod tests {
    use sha2::Digest;

    use super::*;

    #[test]
    fn a_code_is_that_of_the_standard_and_tells_parts_apart() {
        let (bytes, text) = ([7; 32], b"\x02\0\0\0\0\0\0\0ab\x01\0\0\0\0\0\0\0c");
        let padded = |with: u8| {
            let mut block = [with; 64];
            block.iter_mut().zip(bytes).for_each(|(own, key): (&mut u8, u8)| *own ^= key);
            block
        };
        let inner = Sha256::digest([padded(0x36).as_slice(), text].concat());
        let outer: [u8; 32] = Sha256::digest([padded(0x5C).as_slice(), &inner].concat()).into();
        let key = Key::new(bytes);
        assert_eq!(key.code(&[b"ab", b"c"]), outer);
        assert!(key.made(&[b"ab", b"c"], &outer));
        assert!(!key.made(&[b"a", b"bc"], &outer) && !Key::new([8; 32]).made(&[b"ab", b"c"], &outer));
    }
}
