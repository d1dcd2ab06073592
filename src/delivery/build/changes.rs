//! What changed since the snapshot that a report names as its `previous`.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::Release;
use crate::project::Project;
use crate::snapshots::diff::{self, Difference};
use crate::snapshots::record;

/// What changed since the previous snapshot, for each country in it; nothing if none is declared.
///
/// # Errors
/// Faults in the snapshot, which are in `diagnostics`; or a failure of the machine.
pub(crate) fn changes(
    project: &Project,
    release: &Release,
    diagnostics: &mut Diagnostics,
) -> Result<BTreeMap<String, Vec<Difference>>> {
    let previous = record::previous(project, diagnostics)?;
    diagnostics.conclude_shared(())?;
    let found = previous.iter().filter_map(|before| {
        let released = release.country(&before.country)?;
        let differences = || diff::differences(before, &record::released(project, released, None));
        Some((before.country.clone(), diagnostics.guard(&before.country, |_| differences())?))
    });
    Ok(found.collect())
}
