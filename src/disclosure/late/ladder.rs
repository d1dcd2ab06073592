//! Which late figures are told: all of one rung, or none.

use super::key::Key;
use super::year::{ClosedYear, Layer, Rung, Unfit};

/// The late layer of a release.
///
/// # Errors
/// When the caller's places, names or numbers do not fit together.
pub fn lay(year: &ClosedYear, key: &Key) -> Result<Layer, Unfit> {
    let _ = (year, key, Rung::DOWN);
    Err(Unfit::Number)
}
