//! The secret in the address of a preview, which only who was given the address knows. **getrandom** is used here.

use anyhow::{Result, anyhow};

use crate::delivery::publish::sum;

/// 32 bytes of the system's randomness, in hexadecimal digits.
pub(super) struct Token {
    text: String,
    sum: String,
}

impl Token {
    pub(super) fn new() -> Result<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system gives no random address: {error}"))?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { sum: sum(text.as_bytes()), text })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is this one. Checksums are compared: how long that takes says nothing about the secret.
    pub(super) fn is(&self, given: &str) -> bool {
        sum(given.as_bytes()) == self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_long_and_its_own() -> Result<()> {
        let (one, other) = (Token::new()?, Token::new()?);
        assert_eq!(one.text().len(), 64);
        assert!(one.is(one.text()) && !one.is(other.text()) && !one.is(""));
        assert!(!one.is(&one.text().to_uppercase().replace(char::is_numeric, "0")));
        Ok(())
    }
}
