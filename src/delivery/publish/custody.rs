//! `register/.closed/` of a country: the key, and what each release keeps of closed years. Only the custodian may read it; it is
//! on the disk before the ledger names it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::exchange::sync_folder;
use super::own_file::create_new;
use crate::project::custody::{FOLDER, KEY};

/// What a release keeps of one country.
pub(super) struct Keeping<'k> {
    /// The country.
    pub(super) country: &'k str,
    /// The key, where it is new.
    pub(super) key: Option<[u8; 32]>,
    /// The files, by name.
    pub(super) files: &'k [(String, Vec<u8>)],
}

/// 32 bytes of the system's randomness.
pub(super) fn new_key() -> Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| anyhow::anyhow!("the system gives no random key: {error}"))?;
    Ok(key)
}

/// The folder of a country's closed years.
pub(super) fn folder(root: &Path, country: &str) -> PathBuf {
    root.join("data/countries").join(country).join("register").join(FOLDER)
}

/// Writes what a release keeps, and waits until it is on the disk. What stands there of a release that never came to be is
/// overwritten.
pub(super) fn keep(root: &Path, release: &str, keeping: &Keeping<'_>) -> Result<()> {
    let closed = folder(root, keeping.country);
    let write = || -> Result<()> {
        private_folder(&closed)?;
        if let Some(key) = keeping.key {
            private_file(&closed.join(KEY), &key)?;
        }
        if !keeping.files.is_empty() {
            let own = closed.join(release);
            if own.symlink_metadata().is_ok() {
                fs::remove_dir_all(&own)?;
            }
            private_folder(&own)?;
            for (name, bytes) in keeping.files {
                private_file(&own.join(name), bytes)?;
            }
            sync_folder(&own)?;
        }
        Ok(sync_folder(&closed)?)
    };
    write().with_context(|| format!("cannot write `{}`", closed.display()))
}

/// A file that only its owner may read, on the disk before this returns.
pub(super) fn private_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = create_new(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// A folder that only its owner may enter.
pub(super) fn private_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// Every file below the folder of a country, by its path from there.
pub(super) fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let (path, name) = (entry.as_ref().map(fs::DirEntry::path), entry.as_ref().map(fs::DirEntry::file_name));
        let (Ok(path), Ok(name)) = (path, name) else { continue };
        let name = name.to_string_lossy().into_owned();
        if path.symlink_metadata()?.is_dir() {
            let inner = files(&path)?;
            found.extend(inner.into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if path.symlink_metadata()?.is_file() {
            found.insert(name, fs::read(&path)?);
        }
    }
    Ok(found)
}
