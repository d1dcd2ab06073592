//! The copies of donors, as the folder that they will be, and `delivery.csv`, which tells what each donor is to receive.

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

/// The list of them, beside it.
pub(super) const DELIVERY: &str = "delivery.csv";

/// What each donor has, by id: the checksums of its copies by path below `output/`; none where they are not as they were
/// published.
pub type Standing = BTreeMap<String, Option<Sums>>;

/// What donors have that a build of one donor's copies lets stand.
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

/// Lays a copy ready the moment it is made, so that never all of them are held at once.
///
/// # Errors
/// When the disk refuses.
pub fn lay(place: &Workplace, document: Document<'_>, pdf: &[u8]) -> Result<()> {
    write(&place.folder().join(FRESH).join(path(document)), pdf)
}

/// All copies as one part, and the list of them as another: those made now or kept, by path below `output/`, and those that
/// stand.
///
/// # Errors
/// When the disk refuses; nothing that is published has changed then.
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
        // What was made again came out the same.
        clear(&fresh.join(DONORS)).context("cannot clear the place of work")?;
    } else {
        set.sums.keys().try_for_each(|path| bring(&place.output().join(path), &fresh.join(path)))?;
    }
    Ok(vec![set, file(place, DELIVERY, list.as_bytes())?])
}

/// The donor whose copy stands at a path.
fn donor(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// Brings a copy that is kept to those that were made; where files cannot have two names, it is written again.
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
