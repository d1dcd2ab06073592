//! Changes of several files that somebody else keeps: all are made, or none.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::own_file::write_new;

/// A file that is to change.
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// What it holds; none where it is new.
    pub before: Option<Vec<u8>>,
    /// What it is to hold.
    pub after: Vec<u8>,
    /// The file whose permissions it takes over where it is new.
    pub like: Option<PathBuf>,
}

/// A change whose new text lies beside its file.
struct Staged<'c> {
    change: &'c Change,
    /// The file, links followed.
    path: PathBuf,
    fresh: PathBuf,
}

/// Makes all changes, each whole; the files keep their permissions, and links stay links. If one file cannot be changed, all stay as
/// they were.
///
/// # Errors
/// When the disk refuses.
pub fn replace_all(changes: &[Change]) -> Result<()> {
    let staged = changes.iter().map(stage_name).collect::<Result<Vec<_>>>()?;
    let outcome = stage(&staged).and_then(|()| swap(&staged));
    // After a failure nothing of it is left.
    staged.iter().for_each(|staged| drop(fs::remove_file(&staged.fresh)));
    outcome
}

fn stage_name(change: &Change) -> Result<Staged<'_>> {
    let found = |path: &Path| fs::canonicalize(path).with_context(|| format!("cannot find `{}`", path.display()));
    let path = match (&change.before, change.path.parent(), change.path.file_name()) {
        (None, Some(folder), Some(name)) => {
            fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
            found(folder)?.join(name)
        }
        _ => found(&change.path)?,
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.new"));
    Ok(Staged { change, path, fresh })
}

/// Writes every new text beside its file.
fn stage(staged: &[Staged<'_>]) -> Result<()> {
    staged.iter().try_for_each(|Staged { change, path, fresh }| {
        let refused = || format!("cannot write `{}`; nothing was changed", fresh.display());
        let like = if change.before.is_some() { Some(path) } else { change.like.as_ref() };
        beside(fresh, &change.after, like).with_context(refused)
    })
}

/// Writes a text beside its file, with the permissions of another.
fn beside(fresh: &Path, bytes: &[u8], like: Option<&PathBuf>) -> std::io::Result<()> {
    write_new(fresh, bytes)?;
    like.map_or(Ok(()), |like| fs::set_permissions(fresh, fs::metadata(like)?.permissions()))
}

/// Puts the new texts in place. If that fails, those that are in place already go back.
fn swap(staged: &[Staged<'_>]) -> Result<()> {
    for (at, Staged { path, fresh, .. }) in staged.iter().enumerate() {
        let Err(error) = fs::rename(fresh, path) else { continue };
        let undone = staged[..at].iter().try_for_each(|Staged { change, path, fresh }| match &change.before {
            Some(before) => beside(fresh, before, Some(path)).and_then(|()| fs::rename(fresh, path)),
            None => fs::remove_file(path),
        });
        let state = if undone.is_ok() { "nothing was changed" } else { "some of the files are changed" };
        return Err(error).with_context(|| format!("cannot write `{}`; {state}", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_fails_leaves_every_file_as_it_was() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        let change = |name: &str| Change {
            path: path(name),
            before: Some(b"before".to_vec()),
            after: b"after".to_vec(),
            like: None,
        };
        for name in ["a", "b", "c"] {
            fs::write(path(name), "before")?;
        }
        let read = || ["a", "b", "c"].map(|name| fs::read_to_string(path(name)).unwrap_or_default());
        // What should hold the new text of the second file is a folder.
        fs::create_dir(path(".b.new"))?;
        assert!(replace_all(&["a", "b", "c"].map(change)).is_err());
        assert_eq!((read(), path(".a.new").exists()), (["before"; 3].map(str::to_owned), false));
        fs::remove_dir(path(".b.new"))?;
        // The third is a folder itself, over which nothing can be put: the first two go back.
        fs::remove_file(path("c"))?;
        fs::create_dir(path("c"))?;
        let refused = replace_all(&["a", "b", "c"].map(change)).map_err(|error| error.to_string());
        assert!(refused.is_err_and(|why| why.ends_with("nothing was changed")));
        assert_eq!(read()[..2], ["before", "before"].map(str::to_owned));
        replace_all(&["a", "b"].map(change))?;
        assert_eq!(read()[..2], ["after", "after"].map(str::to_owned));
        Ok(())
    }
}
