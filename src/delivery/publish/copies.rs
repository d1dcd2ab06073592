//! The folder with the copies of donors, and `delivery.csv`, which lists what each donor receives.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};

use super::commit::FRESH;
use super::csv_text::published;
use super::manifest::{self, Manifest, Sums};
use super::own_file::write_new;
use super::paths::{DONORS, path};
use super::set::{Set, file, write};
use super::stamp::Kept;
use super::workplace::{Workplace, clear};
use crate::document::typeset::pages;
use crate::project::Document;
use crate::project::donor::Donor;

/// The list of the copies, next to their folder.
pub(super) const DELIVERY: &str = "delivery.csv";

/// The copies of each donor, by id: their checksums by path below `output/`; `None` if they were changed after they were
/// published.
pub type Standing = BTreeMap<String, Option<Sums>>;

/// The copies of other donors, which a build for one donor does not touch.
#[must_use]
pub fn standing(place: &Workplace, donors: &[Donor]) -> Standing {
    let output = place.output();
    let stated = Manifest::read(&output.join(manifest::FILE)).map(|stated| stated.of(DONORS)).unwrap_or_default();
    let of = |id: &str| {
        let folder = format!("{DONORS}/{id}");
        let own = |path: &&String| donor(path) == id;
        let sums: Sums =
            stated.iter().filter(|(path, _)| own(path)).map(|(path, sum)| (path.clone(), sum.clone())).collect();
        let whole = || manifest::found(&folder, &output.join(&folder)).is_ok_and(|found| found == sums);
        (!sums.is_empty()).then(|| (id.to_owned(), whole().then(|| sums.clone())))
    };
    donors.iter().filter_map(|donor| of(&donor.id.value)).collect()
}

/// Writes a copy as soon as it is built, so that they are never all in memory at once.
///
/// # Errors
/// When writing fails.
pub fn lay(place: &Workplace, document: Document<'_>, pdf: &[u8]) -> Result<()> {
    write(&place.folder().join(FRESH).join(path(document)), pdf)
}

/// All copies as one set, and the list of them as another: those built or kept now, by path below `output/`, and those that
/// were not touched.
///
/// # Errors
/// When writing fails; then nothing published has changed.
pub fn copies(place: &Workplace, made: Vec<(String, Kept)>, standing: Vec<Sums>) -> Result<Vec<Set>> {
    let carried: BTreeSet<String> =
        standing.iter().flat_map(Sums::keys).map(|path| format!("{DONORS}/{}", donor(path))).collect();
    let mut counts: BTreeMap<String, usize> = made.iter().map(|(path, kept)| (path.clone(), kept.pages)).collect();
    let mut sums: Sums = made.iter().map(|(path, kept)| (path.clone(), kept.pdf.clone())).collect();
    for (path, sum) in standing.into_iter().flatten() {
        let pdf = fs::read(place.output().join(&path)).with_context(|| format!("cannot read `{path}`"))?;
        counts.insert(path.clone(), pages(&pdf));
        sums.insert(path, sum);
    }
    if sums.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sums.iter().map(|(path, sum)| [donor(path), path, sum, &counts[path].to_string()].map(str::to_owned));
    let list = published([["donor", "file", "sha256", "pages"].map(str::to_owned)].into_iter().chain(rows))?;
    let set = Set { carried, ..Set::new(place, DONORS, sums, made) };
    let fresh = place.folder().join(FRESH);
    if set.unchanged {
        // The rebuilt copy is the same as before.
        clear(&fresh.join(DONORS)).context("cannot clear the working folder")?;
    } else {
        set.sums.keys().try_for_each(|path| bring(&place.output().join(path), &fresh.join(path)))?;
    }
    Ok(vec![set, file(place, DELIVERY, list.as_bytes())?])
}

/// The donor of the copy at this path.
fn donor(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// Links a kept copy into the new folder; copies it where hard links are impossible.
fn bring(kept: &Path, fresh: &Path) -> Result<()> {
    if fresh.exists() {
        return Ok(());
    }
    let folder = fresh.parent().unwrap_or(fresh);
    let brought = fs::create_dir_all(folder).and_then(|()| match fs::hard_link(kept, fresh) {
        Err(error) if error.kind() != ErrorKind::NotFound => write_new(fresh, &fs::read(kept)?),
        outcome => outcome,
    });
    brought.with_context(|| format!("cannot keep `{}`", kept.display()))
}
