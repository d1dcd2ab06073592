//! The counted file: whether it may be written where it belongs, and writing it by a temporary file that takes its place.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::country::Country;
use crate::snapshots::revision;
use crate::tables::count::REPEATED;

/// The longest first line that is read of a file that is there.
const LONGEST_LABELS: u64 = 1 << 16;

/// Why the counted file of a table may not be written; none if it may.
pub(crate) fn refused(root: &Path, country: &Country, table: &str, path: &str) -> Option<String> {
    if revision::ignores(root, path) == Some(false) {
        return Some(format!(
            "Git would commit `{path}`: add the line `{}` to .gitignore first; what is counted is confidential",
            revision::IGNORE
        ));
    }
    let other = country.tables.iter().find(|file| file.register && file.table == table && file.path != path);
    if let Some(other) = other {
        return Some(format!("the register is in `{}` already: move it away before it is counted", other.path));
    }
    let there = fs::symlink_metadata(root.join(path)).ok()?;
    if !there.is_file() {
        return Some(format!("`{path}` is no file but a link, or something else that is not ours; delete it"));
    }
    let counted = labels(&root.join(path)).is_some_and(|labels| labels.iter().any(|label| label == REPEATED));
    (!counted).then(|| {
        format!("`{path}` was not counted by an engine: what it holds would be lost; move it away before it is counted")
    })
}

/// The labels of a file; none if it has none that can be read.
fn labels(path: &Path) -> Option<Vec<String>> {
    let mut line = String::new();
    BufReader::new(File::open(path).ok()?.take(LONGEST_LABELS)).read_line(&mut line).ok()?;
    Some(line.trim_end().split(',').map(str::to_owned).collect())
}

/// Writes the file for its owner alone, to the disk before it takes the old one's place.
pub(super) fn keep(root: &Path, path: &str, bytes: &[u8]) -> Result<PathBuf> {
    let target = root.join(path);
    let folder = target.parent().context("the register has no folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    let failed = || format!("cannot write `{path}`");
    // A temporary file is its owner's alone: mode 0600.
    let mut fresh = tempfile::Builder::new().prefix(".counted-").tempfile_in(folder).with_context(failed)?;
    fresh.write_all(bytes).and_then(|()| fresh.as_file().sync_all()).with_context(failed)?;
    fresh.persist(&target).map_err(|error| error.error).with_context(failed)?;
    // The folder remembers the new name only once it is on the disk, too; where that cannot be asked for, it will be soon.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(PathBuf::from(path))
}
