//! `register/.closed/` of a country: the key, and what each release keeps of closed years. Only the custodian may read it; it is
//! on the disk before the ledger names it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::checksum::hex;
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
fn folder(root: &Path, country: &str) -> PathBuf {
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
fn private_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = create_new(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

/// A folder that only its owner may enter.
fn private_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(())
}

/// What moves from one machine to another: each file by its path, `XXA/2024/victims.csv`, in hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Moved {
    custody: BTreeMap<String, String>,
}

/// Writes key and copies of all countries into one file; returns how many files are in it.
///
/// # Errors
/// When there is nothing to move, or the disk refuses.
pub fn export(root: &Path, countries: &[&str], file: &Path) -> Result<usize> {
    let mut custody = BTreeMap::new();
    for country in countries {
        let closed = folder(root, country);
        if closed.is_dir() {
            let own = files(&closed).with_context(|| format!("cannot read `{}`", closed.display()))?;
            custody.extend(own.into_iter().map(|(path, bytes)| (format!("{country}/{path}"), hex(&bytes))));
        }
    }
    ensure!(!custody.is_empty(), "there is nothing to move: no `register/{FOLDER}/` has a file");
    let number = custody.len();
    let bytes = serde_json::to_vec(&Moved { custody })?;
    private_file(file, &bytes).with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(number)
}

/// Puts key and copies from such a file in their places; what is there already must be the same. Returns how many files are
/// new.
///
/// # Errors
/// When the file is none that `export` wrote, when something else stands in the place of one of its files, or when the disk
/// refuses.
pub fn import(root: &Path, countries: &[&str], file: &Path) -> Result<usize> {
    let bytes = fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let moved: Moved = serde_json::from_slice(&bytes)
        .with_context(|| format!("`{}` is not what `tipbrief custody export` writes", file.display()))?;
    let mut fresh = Vec::new();
    for (path, written) in &moved.custody {
        let (country, inner) = path.split_once('/').unwrap_or_default();
        ensure!(countries.contains(&country) && is_plain(inner), "`{path}` belongs to no country of this project");
        let place = folder(root, country).join(inner);
        let bytes = unhex(written).with_context(|| format!("`{path}` cannot be read"))?;
        match fs::read(&place) {
            Ok(known) => ensure!(known == bytes, "another file than `{path}` of `{}` is there already", file.display()),
            Err(_) => fresh.push((place, bytes)),
        }
    }
    let number = fresh.len();
    for (place, bytes) in fresh {
        let write = || {
            place.parent().map_or(Ok(()), private_folder)?;
            private_file(&place, &bytes)
        };
        write().with_context(|| format!("cannot write `{}`", place.display()))?;
    }
    Ok(number)
}

/// Whether a path leads to a file of a closed year, and nowhere else.
fn is_plain(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let plain = |part: &&str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !part.is_empty() && !part.starts_with('.') && part.chars().all(fits)
    };
    parts.len() <= 2 && parts.iter().all(plain)
}

fn unhex(written: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = written.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}

/// Every file below the folder of a country, by its path from there.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
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
