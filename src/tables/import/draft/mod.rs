//! A first mapping of a delivered file: what its labels and texts show is written down, what somebody must decide is `"?"`. It
//! never passes by itself. Everything here is a guess that its reader sees; when a mapping is read, nothing is guessed.
//!
//! Of a confidential file only the labels are written, all of them ignored.

mod codes;
mod column;
mod look;
mod onto;
mod period;
mod plan;
mod register;
mod rest;
mod shape;
mod taken;
mod write;
mod written;

use crate::diagnostic::Bytes;
use crate::project::schema::Schema;

pub use look::Look;

/// What a draft is made of.
pub struct Asked<'d> {
    /// The file's path as the mapping will name it.
    pub path: &'d str,
    /// Its bytes.
    pub bytes: Bytes,
    /// The sheet that is asked for.
    pub sheet: Option<&'d str>,
    /// The country in whose folder the mapping will lie.
    pub country: Option<&'d str>,
    /// Whether only its custodian may see it.
    pub confidential: bool,
    /// The schemas.
    pub schemas: &'d [Schema],
    /// The ids of sources that the project has.
    pub sources: Vec<String>,
}

/// A draft as TOML.
///
/// # Errors
/// Why there is none: the file cannot be read, or nothing in it reads like labels.
pub fn draft(asked: &Asked<'_>) -> Result<String, String> {
    let look = Look::at(asked)?;
    if asked.confidential { Ok(register::draft(asked, &look)) } else { Ok(write::draft(asked, &look)) }
}

pub use onto::onto;
