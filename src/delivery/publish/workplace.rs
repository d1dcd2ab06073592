//! The place of work of the one build at a time, `output/.work/`: taken with a lock, found as a build before left it, cleared
//! at the end. The system lets go of the lock when its holder ends, however it ends.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::commit;

/// Who holds this file's lock may write below `output/`.
const LOCK: &str = ".lock";
/// Where everything is made before it is put in its place.
pub(super) const WORK: &str = ".work";

/// The right to write below `output/`, until it is dropped.
pub struct Workplace {
    output: PathBuf,
    folder: PathBuf,
    _lock: File,
}

impl Workplace {
    /// Takes it; waits while another build has it, and says so first. What that left half done is finished or undone.
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
                let told =
                    || format!("cannot lock `{}`, and two builds at once would mix", output.join(LOCK).display());
                return Err(error).with_context(told);
            }
        }
        let place = Self { folder: output.join(WORK), output, _lock: lock };
        commit::recover(&place.output, &place.folder)?;
        place.clear()?;
        Ok(place)
    }

    /// The folder to work in; whoever needs it makes it.
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
        // What is decided and not yet done is left to the next build.
        if !commit::is_pending(&self.folder) {
            // Whoever takes the place next clears it, too.
            let _ = self.clear();
        }
    }
}

/// Waits until no build is writing below `output/`, where that can be told, and keeps it so.
#[must_use]
pub fn quiet(root: &Path) -> Option<File> {
    let file = File::open(root.join("output").join(LOCK)).ok()?;
    file.lock_shared().ok()?;
    Some(file)
}

/// The right to write below `output/`, if nobody has it at this moment.
pub(super) fn at_once(output: &Path) -> Option<File> {
    let lock = open(output).ok()?;
    lock.try_lock().is_ok().then_some(lock)
}

fn open(output: &Path) -> Result<File> {
    let path = output.join(LOCK);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    file.with_context(|| format!("cannot write to `{}`", output.display()))
}

/// Removes a folder with all that is in it, if it is there.
///
/// # Errors
/// When the disk refuses.
pub fn clear(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
