//! Files, data package and checksums in `output/`. It is exchanged by parts, each whole or not at all: a country's folder, the
//! copies of all donors, their list, the page on the web.

mod all_or_none;
mod artefacts;
mod checksum;
mod commit;
mod copies;
mod counts;
mod csv_text;
mod custody;
mod exchange;
mod figures;
mod in_view;
mod keep;
mod ledger;
mod manifest;
mod names;
mod own_file;
mod page;
mod paths;
mod previous;
mod printed;
mod programs;
mod seen;
mod set;
mod stamp;
mod tables;
mod unchanged;
mod workplace;
mod xlsx;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::document::typeset::Typst;
use crate::project::Project;
use manifest::Manifest;

pub use all_or_none::{Change, replace_all};
pub use artefacts::disclosing;
pub use checksum::{Checksum, sum};
pub use copies::{Standing, copies, lay, standing};
pub use counts::counts;
pub use csv_text::{is_formula, published as csv_published, rows as csv_rows, text as csv_text};
pub use custody::{export as export_custody, import as import_custody};
pub use exchange::sync_folder;
pub use figures::json as figures_json;
pub use in_view::{place_of_view, put_in_view};
pub use keep::{Kept as KeptSnapshot, keep};
pub use ledger::{Consent, Counted, Made, Released, correct, made, release, write as write_release};
pub use manifest::{APPROVALS, Built, Inputs, OF_SENDING, Sums};
pub use manifest::{built, changed, differences, fingerprint, listed_as, read_inputs, sum_of_inputs, sums};
pub use own_file::{open_own, replace, replace_for_good, write_new};
pub use page::colours;
pub use paths::{document, path};
pub use previous::previous;
pub use printed::printed;
pub use set::{Set, prepare};
pub use stamp::{Kept, Stamp};
pub use unchanged::unchanged;
pub use workplace::{Workplace, clear, quiet};
pub use xlsx::{BookColumn, BookTable, Offer, codes_sheet, workbook};

/// What was published.
pub struct Published {
    /// The paths of the documents that were made or found to be the same.
    pub documents: Vec<PathBuf>,
    /// The page on the web, and the checksums of what it lists.
    pub pages: [Set; 2],
    /// How the documents were made, for the next build to know.
    pub stamp: Stamp,
}

/// Puts the sets in their places, all of them decided at one moment, and the manifest last, with the page that lists what is
/// there. A part that is declared and has no set keeps what it had; one that is declared no more is taken away.
///
/// # Errors
/// When writing fails; then `output/` is still as before, or the next run completes it.
pub fn publish(
    place: &Workplace,
    sets: &[Set],
    project: &Project,
    inputs: &Inputs,
    (typst, stamp): (&Typst, &Stamp),
) -> Result<Published> {
    let output = place.output();
    let before = Manifest::read(&output.join(manifest::FILE));
    let mut next = Manifest {
        inputs: inputs.files.clone(),
        tools: manifest::tools(typst),
        outputs: sets.iter().flat_map(|set| set.sums.clone()).collect(),
        kept: BTreeSet::new(),
    };
    let carried: BTreeSet<String> = sets.iter().flat_map(|set| set.carried.iter().cloned()).collect();
    for (part, before) in before.iter().flat_map(|before| before.parts().into_iter().map(move |part| (part, before))) {
        if is_declared(&part, project) && !sets.iter().any(|set| set.part == part) {
            next.outputs.extend(before.of(&part));
            next.kept.insert(part);
        }
    }
    let stale = carried.iter().filter(|part| !is_current(part, before.as_ref(), &next));
    let stale: BTreeSet<String> = stale.cloned().collect();
    next.kept.extend(stale);
    let made: BTreeMap<String, Kept> = sets.iter().flat_map(|set| set.documents.iter().cloned()).collect();
    let documents = made.keys().map(|document| output.join(document)).collect();
    let mut known: BTreeMap<String, Kept> = stamp.below(&(&next.kept | &carried)).collect();
    known.extend(made);
    let pages = page::sets(place, project, &known, &next)?;
    next.outputs.extend(pages.iter().flat_map(|page| page.sums.clone()));
    if before.as_ref() != Some(&next) || sets.iter().chain(&pages).any(|set| !set.unchanged) {
        let differs = previous::copy(place, before.as_ref(), &next)?;
        commit::commit(output, place.folder(), &next)?;
        if differs {
            previous::put(place)?;
        }
    }
    let stamp = stamp.with(known);
    stamp.write(output)?;
    Ok(Published { documents, pages, stamp })
}

/// Whether a part that an earlier build made is still declared: what cannot be read is declared all the same.
fn is_declared(part: &str, project: &Project) -> bool {
    match part {
        paths::DONORS | copies::DELIVERY => project.copies().next().is_some(),
        country => exchange::is_there(&project.root.join("data/countries").join(country)),
    }
}

/// Whether what a build before made of a part is what these inputs would make of it.
fn is_current(part: &str, before: Option<&Manifest>, next: &Manifest) -> bool {
    let whole = part.split('/').next().unwrap_or_default();
    before.is_some_and(|before| {
        let same = before.inputs == next.inputs && before.tools == next.tools;
        same && ![part, whole].iter().any(|part| before.kept.contains(*part))
    })
}

/// Whether a build decided what to publish and was then interrupted.
fn is_interrupted(root: &Path) -> bool {
    commit::is_pending(&root.join("output").join(workplace::WORK))
}
