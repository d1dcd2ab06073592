//! The working folder of a build, `output/.work/`. A lock admits one build at a time; the folder may hold leftovers of an
//! earlier build, and is cleared at the end. The system releases the lock when the process ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::commit;
use super::own_file::{open_own, open_plain};

/// The process that holds the lock on this file may write below `output/`.
const LOCK: &str = ".lock";
/// The folder in which everything is built before it is moved into place.
pub(super) const WORK: &str = ".work";

/// The right to write below `output/`, until it is dropped.
pub struct Workplace {
    output: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Workplace {
    /// Takes the lock; reports and waits if another build has it. Finishes or undoes what an interrupted build left.
    ///
    /// # Errors
    /// When `output/` cannot be written to.
    pub fn take(root: &Path, waiting: impl FnOnce()) -> Result<Self> {
        let output = root.join("output");
        fs::create_dir_all(&output).with_context(|| format!("cannot create `{}`", output.display()))?;
        let lock = open(&output)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                lock.lock().with_context(|| format!("cannot wait for `{}`", output.join(LOCK).display()))?;
            }
            Err(TryLockError::Error(error)) => {
                let context = || {
                    format!(
                        "cannot lock `{}`; two builds at once would overwrite each other",
                        output.join(LOCK).display()
                    )
                };
                return Err(error).with_context(context);
            }
        }
        let place = Self { folder: output.join(WORK), output, _lock: lock };
        if place.folder.is_symlink() {
            // No build left this here: nothing that it leads to was decided by one.
            place.clear()?;
        }
        commit::recover(&place.output, &place.folder)?;
        place.clear()?;
        Ok(place)
    }

    /// Makes the folder to work in: a new one, and no link to another.
    ///
    /// # Errors
    /// When there is one already, or the disk refuses.
    pub fn begin(&self) -> Result<()> {
        fs::create_dir(&self.folder).with_context(|| format!("cannot create `{}`", self.folder.display()))
    }

    /// The folder to work in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `output/`.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }

    fn clear(&self) -> Result<()> {
        clear(&self.folder).with_context(|| format!("cannot clear `{}`", self.folder.display()))
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // A commit that is decided but not finished is left to the next build.
        if !commit::is_pending(&self.folder) {
            // If this fails: the next build clears it, too.
            let _ = self.clear();
        }
    }
}

/// Waits until no build is writing below `output/`, and keeps others from starting; nothing where there is no lock file.
#[must_use]
pub fn quiet(root: &Path) -> Option<File> {
    let file = open_plain(&root.join("output").join(LOCK))?;
    file.lock_shared().ok()?;
    Some(file)
}

/// The right to write below `output/`, if nobody has it at this moment.
pub(super) fn at_once(output: &Path) -> Option<File> {
    let lock = open(output).ok()?;
    lock.try_lock().is_ok().then_some(lock)
}

fn open(output: &Path) -> Result<File> {
    open_own(&output.join(LOCK), "output/.lock")
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Errors
/// When writing fails.
pub fn clear(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
