//! Files that are written or locked where somebody else may have left a link: never through it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Writes a file of that name that was not there before: whatever stands there, a link or a file, goes, and what it leads to
/// stays as it is.
///
/// # Errors
/// When the disk refuses.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create_new(path)?.write_all(bytes)
}

/// Writes a file whole or not at all, in place of what stands there.
///
/// # Errors
/// When the disk refuses.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.new"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    }
    write_new(&fresh, bytes).with_context(|| format!("cannot write `{}`", fresh.display()))?;
    fs::rename(&fresh, path).with_context(|| format!("cannot replace `{}`", path.display()))
}

/// Writes a file whole or not at all, and makes its folder; file and name are on the disk when this returns.
///
/// # Errors
/// When the disk refuses.
pub fn replace_for_good(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)?;
    let fresh = path.with_extension("new");
    write_new(&fresh, bytes)?;
    File::open(&fresh)?.sync_all()?;
    fs::rename(&fresh, path)?;
    // Other systems cannot sync a folder.
    if cfg!(unix) {
        for folder in [Some(folder), folder.parent()].into_iter().flatten() {
            File::open(folder)?.sync_all()?;
        }
    }
    Ok(())
}

/// Makes an empty file in the same way.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // Should a link have come back meanwhile, this refuses it.
    File::create_new(path)
}

/// Opens a file to add to it or to lock it, and makes it where there is none; what stands there instead is refused.
///
/// # Errors
/// When there is a link, a pipe or the like; when the disk refuses.
pub fn open_own(path: &Path, name: &str) -> Result<File> {
    let plain = path.symlink_metadata().map_or(true, |there| there.is_file());
    ensure!(plain, "`{name}` is no file but a link, or something else that no build makes; delete it");
    let file = options().read(true).write(true).create(true).truncate(false).open(path);
    file.with_context(|| format!("cannot write to `{name}`"))
}

/// Opens a file that is there to read or lock it; none where it is no plain file.
pub(super) fn open_plain(path: &Path) -> Option<File> {
    path.symlink_metadata().ok().filter(fs::Metadata::is_file)?;
    options().read(true).open(path).ok()
}

/// The bytes of a file that is there; none where it is no plain file.
pub(super) fn read_plain(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    open_plain(path)?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// A link or a pipe that takes the file's place after it was looked at is neither followed nor waited for.
#[cfg(unix)]
fn options() -> fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let mut options = File::options();
    options.custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn options() -> fs::OpenOptions {
    File::options()
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_is_written_through_a_link() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        fs::write(path("victim"), "before")?;
        for (link, target) in [("direct", "victim"), ("chain", "direct"), ("dangling", "gone")] {
            symlink(path(target), path(link))?;
            assert!(open_own(&path(link), link).is_err(), "{link} is not opened");
            assert!(read_plain(&path(link)).is_none(), "{link} is not read");
        }
        for link in ["chain", "dangling", "direct"] {
            write_new(&path(link), b"after")?;
            assert!(path(link).symlink_metadata()?.is_file(), "{link} is a file of its own now");
        }
        assert_eq!(fs::read_to_string(path("victim"))?, "before");
        assert!(!path("gone").exists());
        Ok(())
    }

    #[test]
    fn a_file_of_ours_is_opened_again_and_keeps_what_it_holds() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("own");
        open_own(&path, "own")?.write_all(b"line")?;
        assert!(open_own(&path, "own").is_ok());
        assert_eq!(read_plain(&path).as_deref(), Some(&b"line"[..]));
        Ok(())
    }
}
