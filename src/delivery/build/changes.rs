//! What changed since the snapshot that a report names as its `previous`, and by the corrections that are declared.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::Release;
use crate::project::Project;
use crate::snapshots::correction::{Changed, corrected};
use crate::snapshots::diff;
use crate::snapshots::record;

/// What changed since the previous snapshot and by corrections, for each country of which there is something to say.
///
/// # Errors
/// Faults in the snapshot, which are in `diagnostics`; or a failure of the machine.
pub(crate) fn changes(
    project: &Project,
    release: &Release,
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<String, Changed>> {
    let previous = record::previous(project, diagnostics)?;
    diagnostics.conclude_shared(())?;
    let mut changes = BTreeMap::new();
    for country in &project.countries {
        let before = previous.iter().find(|before| before.country == country.iso3);
        let Some(released) = release.country(&country.iso3) else { continue };
        if before.is_none() && project.corrections.is_empty() {
            continue;
        }
        let found = diagnostics.guard(&country.iso3, |_| {
            let now = record::released(project, released, None);
            let differences = before.map(|before| diff::differences(before, &now));
            let (corrected, found) = corrected(project, &now, before);
            (Changed { differences, corrected }, found)
        });
        let Some((changed, found)) = found else { continue };
        found.into_iter().for_each(|finding| diagnostics.push(finding));
        if changed.differences.is_some() || !changed.corrected.is_empty() {
            changes.insert(country.iso3.clone(), changed);
        }
    }
    Ok(changes)
}
