//! A single value, as it was written.

use super::tree::Value;

/// A value that is neither a list nor a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    Text(String),
    /// A number, with its digits as written.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
}

impl Scalar {
    /// The value as it would be written in a cell.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Text(written) | Self::Number(written) => written.clone(),
            Self::Boolean(boolean) => boolean.to_string(),
        }
    }

    /// Its type, in words.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match self {
            Self::Text(_) => "a string",
            Self::Number(_) => "a number",
            Self::Boolean(_) => "a boolean",
        }
    }
}

/// The value as a scalar, or the value itself if it is not one.
pub(super) fn read(value: Value) -> Result<Scalar, Value> {
    match value {
        Value::Text(text) => Ok(Scalar::Text(text)),
        Value::Integer(integer) => Ok(Scalar::Number(integer.to_string())),
        Value::Number(number) => Ok(Scalar::Number(number)),
        Value::Boolean(boolean) => Ok(Scalar::Boolean(boolean)),
        other => Err(other),
    }
}
