//! Writes corrected texts into their files: all files, or none.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::rows::Row;
use crate::delivery::publish::{Change, replace_all};
use crate::project::own_or_carried;

/// Writes each corrected text into its place. Returns the paths written. If one file cannot be written, all stay as they were.
///
/// # Errors
/// When a file was changed after it was read, or the disk refuses.
pub(super) fn write(root: &Path, changed: &[(&Row, String)]) -> Result<Vec<PathBuf>> {
    let mut texts: BTreeMap<&str, Vec<(&Row, &str)>> = BTreeMap::new();
    for (row, text) in changed {
        texts.entry(row.span.path()).or_default().push((row, text));
    }
    let changes = texts.iter().map(|(path, texts)| change(root, path, texts)).collect::<Result<Vec<_>>>()?;
    replace_all(&changes)?;
    Ok(changes.into_iter().map(|change| change.path).collect())
}

/// The change of one file.
fn change(root: &Path, inside: &str, texts: &[(&Row, &str)]) -> Result<Change> {
    let path = root.join(inside);
    // A carried text becomes one of the project by its first correction.
    let before = own_or_carried(root, inside)?;
    let mut ranges: Vec<(Range<usize>, &str)> = Vec::new();
    for (row, text) in texts {
        if row.span.source().bytes[..] != before[..] {
            bail!("`{inside}` was changed while the sheet was read; nothing was written; read it again");
        }
        ranges.push((row.span.start()..row.span.end(), text));
    }
    let mut after = before.clone();
    ranges.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    for (range, text) in ranges {
        after.splice(range, text.bytes());
    }
    Ok(Change { before: path.exists().then_some(before), path, after, like: None })
}
