//! From one whole set to the next: everything is on the disk first, then one file decides, and what it decided is done, by
//! this run or by the next. Until that file is in place nothing below `output/` has changed.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use super::exchange::{exchange, is_there, sync_folder, sync_tree};
use super::manifest::{FILE, Manifest};
use super::own_file::create_new;

/// What is to be put in place, below the place of work.
pub(super) const FRESH: &str = "new";
/// Those that stood there before.
const OLD: &str = "old";

/// Decides for a manifest and the fresh parts in the place of work, and puts them in place.
pub(super) fn commit(output: &Path, work: &Path, manifest: &Manifest) -> Result<()> {
    let fresh = work.join(FRESH);
    fs::create_dir_all(&fresh).and_then(|()| sync_tree(&fresh)).with_context(|| refused(&fresh))?;
    let (draft, decided) = (work.join(".manifest"), work.join(FILE));
    let write = || -> Result<()> {
        let mut file = create_new(&draft)?;
        file.write_all(&manifest.json()?)?;
        file.sync_all()?;
        fs::rename(&draft, &decided)?;
        Ok(sync_folder(work)?)
    };
    write().with_context(|| refused(&decided))?;
    finish(output, work, manifest)
}

/// Whether something is decided and not yet done.
pub(super) fn is_pending(work: &Path) -> bool {
    work.join(FILE).exists()
}

/// Does what a run before this one decided and could not do.
pub(super) fn recover(output: &Path, work: &Path) -> Result<()> {
    match Manifest::read(&work.join(FILE)) {
        Some(decided) => finish(output, work, &decided),
        None => Ok(()),
    }
}

/// Puts every fresh part in its place unless it is there already, takes away what is no part of the set any more, and the
/// manifest last.
fn finish(output: &Path, work: &Path, manifest: &Manifest) -> Result<()> {
    for part in names(&work.join(FRESH))? {
        let (fresh, place) = (work.join(FRESH).join(&part), output.join(&part));
        // Once the two have changed places, what stands at `fresh` is the old one.
        if manifest.holds(&part, &fresh) {
            exchange(&fresh, &place, &work.join(OLD).join(&part)).with_context(|| refused(&place))?;
        }
    }
    let before = Manifest::read(&output.join(FILE)).map(|before| before.parts()).unwrap_or_default();
    for part in before.difference(&manifest.parts()) {
        withdraw(&output.join(part), &work.join(OLD), part)?;
    }
    sync_folder(output).with_context(|| refused(output))?;
    let place = output.join(FILE);
    fs::rename(work.join(FILE), &place).with_context(|| refused(&place))?;
    sync_folder(output).with_context(|| refused(output))
}

/// Takes a part away that an earlier build made and this one does not.
fn withdraw(place: &Path, old: &Path, part: &str) -> Result<()> {
    if !is_there(place) {
        return Ok(());
    }
    let moved = fs::create_dir_all(old).and_then(|()| fs::rename(place, old.join(part)));
    moved.with_context(|| format!("cannot take `{}` away", place.display()))
}

fn refused(path: &Path) -> String {
    format!("cannot move `{}` into place", path.display())
}

/// The entries of a folder.
fn names(folder: &Path) -> Result<Vec<String>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| refused(folder))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    names.collect::<std::io::Result<Vec<_>>>().with_context(|| refused(folder))
}
