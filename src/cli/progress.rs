//! Progress: what is being done, for people who wait.

/// Receives what is being done; the command line shows it.
pub type Progress<'p> = &'p (dyn Fn(Step<'_>) + Sync);

/// What is being done, and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'s> {
    /// What: `reading the tables`.
    pub message: &'s str,
    /// How many bytes are done, of how many; none where that is not known.
    pub bytes: Option<(u64, u64)>,
}

impl<'s> From<&'s str> for Step<'s> {
    fn from(message: &'s str) -> Self {
        Self { message, bytes: None }
    }
}
