//! The codes by which a release recognises what the custodian keeps: HMAC-SHA256 with the custodian's key.

use crate::disclosure::late::Key;
use crate::project::custody::{Counts, ToldYear};

/// The code of a closed copy.
pub(super) fn copy_code(key: &Key, year: &str, counts: &Counts) -> Option<String> {
    Some(hex(&key.code(&[b"copy", year.as_bytes(), &counts.csv().ok()?])))
}

/// The code of the counts of a closed year at a release, and of what it told.
pub(super) fn state_code(key: &Key, year: &str, counts: &Counts, told: &ToldYear) -> Option<String> {
    let told = serde_json::to_vec(told).ok()?;
    Some(hex(&key.code(&[b"state", year.as_bytes(), &counts.csv().ok()?, &told])))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
