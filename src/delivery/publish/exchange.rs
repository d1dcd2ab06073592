//! Swaps one folder for another, atomically where the system can, and synced to the disk before anything relies on it. The
//! file functions of **rustix** are used here.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rayon::prelude::*;

/// Moves `fresh` to `place`; the old folder ends up at `fresh` or at `old`.
pub(super) fn exchange(fresh: &Path, place: &Path, old: &Path) -> io::Result<()> {
    if !is_there(place) {
        return fs::rename(fresh, place);
    }
    match at_once(fresh, place) {
        Some(outcome) => outcome,
        None => in_two_steps(fresh, place, old),
    }
}

/// Swaps both atomically; `None` if the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn at_once(fresh: &Path, place: &Path) -> Option<io::Result<()>> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, fresh, CWD, place, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => None,
        outcome => Some(outcome.map_err(Into::into)),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn at_once(_: &Path, _: &Path) -> Option<io::Result<()>> {
    None
}

/// For a moment neither is in place; after a crash the next run moves the new one there.
fn in_two_steps(fresh: &Path, place: &Path, old: &Path) -> io::Result<()> {
    if let Some(parent) = old.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(place, old)?;
    fs::rename(fresh, place).or_else(|error| {
        // The old one goes back to its place before the error is returned.
        fs::rename(old, place)?;
        Err(error)
    })
}

/// Whether a name is taken, even by a dangling link.
pub(super) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Syncs everything in a folder, and the folder's own name, to the disk.
pub(super) fn sync_tree(folder: &Path) -> io::Result<()> {
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.par_iter().try_for_each(|entry| {
        if entry.file_type()?.is_dir() { sync_tree(&entry.path()) } else { File::open(entry.path())?.sync_all() }
    })?;
    sync_folder(folder)
}

/// Writes the names in a folder to the disk, on systems that can sync a folder.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_takes_the_place_of_another_either_way() -> io::Result<()> {
        type Way = fn(&Path, &Path, &Path) -> io::Result<()>;
        for way in [exchange as Way, in_two_steps] {
            let folder = tempfile::tempdir()?;
            let path = |name: &str| folder.path().join(name);
            for name in ["fresh", "place"] {
                fs::create_dir(path(name))?;
                fs::write(path(name).join("origin"), name)?;
            }
            way(&path("fresh"), &path("place"), &path("gone/place"))?;
            assert_eq!(fs::read_to_string(path("place/origin"))?, "fresh");
            let old = if path("fresh").exists() { path("fresh") } else { path("gone/place") };
            assert_eq!(fs::read_to_string(old.join("origin"))?, "place");
        }
        Ok(())
    }

    #[test]
    fn what_cannot_be_put_there_leaves_the_old() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("place"))?;
        fs::write(path("place/origin"), "place")?;
        assert!(in_two_steps(&path("missing"), &path("place"), &path("gone/place")).is_err());
        assert_eq!(fs::read_to_string(path("place/origin"))?, "place");
        Ok(())
    }
}
