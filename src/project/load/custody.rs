//! Reads what the custodian keeps of closed years. What cannot be read counts as lost; the release compares the codes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::entry::inside;
use super::links::followed;
use crate::project::country::Country;
use crate::project::custody::{COPY, COUNTS, Counts, Custody, FOLDER, KEY, Kept, KeptRelease, TOLD};

/// What is kept of the countries.
#[must_use]
pub fn custody(root: &Path, countries: &[Country]) -> Custody {
    let kept = |country: &Country| {
        let folder = format!("data/countries/{}/register/{FOLDER}", country.iso3);
        let followed = followed(root, &folder) == Ok(true);
        followed.then(|| (country.iso3.clone(), kept(&root.join(folder))))
    };
    Custody { countries: countries.iter().filter_map(kept).collect() }
}

fn kept(folder: &Path) -> Kept {
    let key = fs::read(folder.join(KEY)).ok().and_then(|bytes| bytes.try_into().ok());
    let named = |path: std::path::PathBuf| {
        let name = path.file_name()?.to_str()?.to_owned();
        let plain = path.symlink_metadata().is_ok_and(|there| there.is_dir()) && !name.starts_with('.');
        plain.then(|| (name, release(&path)))
    };
    let releases: BTreeMap<String, KeptRelease> =
        inside(folder).unwrap_or_default().into_iter().filter_map(named).collect();
    Kept { key, releases }
}

fn release(folder: &Path) -> KeptRelease {
    let mut kept = KeptRelease::default();
    for path in inside(folder).unwrap_or_default() {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let plain = path.symlink_metadata().is_ok_and(|there| there.is_file());
        let Some(bytes) = fs::read(&path).ok().filter(|_| plain) else { continue };
        if name == TOLD {
            kept.told = serde_json::from_slice(&bytes).unwrap_or_default();
        } else if let Some(table) = name.strip_suffix(COUNTS) {
            kept.now.extend(Counts::read(&bytes).ok().map(|counts| (table.to_owned(), counts)));
        } else if let Some(table) = name.strip_suffix(COPY) {
            kept.copies.extend(Counts::read(&bytes).ok().map(|counts| (table.to_owned(), counts)));
        }
    }
    kept
}
