//! Files, data package and checksums in `output/`: a country's folder is replaced whole or not at all.

mod artefacts;
mod commit;
mod exchange;
mod figures;
mod ledger;
mod manifest;
mod printed;
mod set;
mod stamp;
mod tables;
mod workplace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::project::Project;
use crate::typeset::Typst;
use manifest::Manifest;

pub use artefacts::disclosing;
pub use ledger::{Released, correct, edition, release};
pub use manifest::{Inputs, Sums, changed, differences, fingerprint, read_inputs, sum, sums};
pub use printed::{Printed, printed};
pub use set::{Set, path, prepare};
pub use stamp::{Kept, Stamp, unchanged};
pub use workplace::{Workplace, clear, quiet};

/// Puts the sets in their places, all of them decided at one moment, and the manifest last; returns the paths of their
/// documents. A country that is declared and has no set keeps what it had; one that is declared no more is taken away.
///
/// # Errors
/// When the disk refuses; what stood in `output/` before is then still whole, or the next run makes it so.
pub fn publish(
    place: &Workplace,
    sets: &[Set],
    project: &Project,
    inputs: &Inputs,
    (typst, stamp): (&Typst, &Stamp),
) -> Result<Vec<PathBuf>> {
    let output = place.output();
    let before = Manifest::read(&output.join(manifest::FILE));
    let mut next = Manifest {
        inputs: inputs.files.clone(),
        tools: manifest::tools(typst),
        outputs: sets.iter().flat_map(|set| set.sums.clone()).collect(),
        kept: BTreeSet::new(),
    };
    for (country, before) in before.iter().flat_map(|before| before.parts().into_iter().map(move |part| (part, before)))
    {
        // What is declared and cannot be read is declared all the same.
        let declared = exchange::is_there(&project.root.join("data/countries").join(&country));
        if declared && !sets.iter().any(|set| set.country == country) {
            next.outputs.extend(before.of(&country));
            next.kept.insert(country);
        }
    }
    if before.as_ref() != Some(&next) || sets.iter().any(|set| !set.unchanged) {
        commit::commit(output, place.folder(), &next)?;
    }
    let made: BTreeMap<String, Kept> = sets.iter().flat_map(|set| set.documents.iter().cloned()).collect();
    let documents = made.keys().map(|document| output.join(document)).collect();
    stamp.write(output, made, &next.kept)?;
    Ok(documents)
}

/// Whether a build decided what is to be published and did not come to its end.
fn is_interrupted(root: &Path) -> bool {
    commit::is_pending(&root.join("output").join(workplace::WORK))
}
