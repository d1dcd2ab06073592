//! Keeps the rows that a mapping makes, for where its files may not be committed.

use std::path::Path;

use anyhow::Result;

use super::{Shown, iso3, judge};
use crate::delivery::publish::{self, csv_text};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::several;
use crate::project::Imports;
use crate::tables::import;

/// Writes the rows beside the mapping, and says how many there are. With an error nothing is written.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when something is wrong, or a failure of the world.
pub(super) fn keep(root: &Path, id: &str, diagnostics: &mut Diagnostics) -> Result<Shown> {
    let imports = Imports::of(root, id, diagnostics)?;
    let Some(mapped) = imports.mappings.first() else {
        return Ok(Shown::Nothing(format!("there is no mapping `{id}`")));
    };
    // Rows are kept of files that are there, never of kept rows.
    if mapped.kept.is_some() {
        mapped.missing().into_iter().for_each(|fault| diagnostics.push(fault));
    }
    diagnostics.conclude(())?;
    if mapped.paths.contains(&None) {
        return Ok(Shown::Nothing(format!("the files of `{id}` are not there, so there are no rows to keep")));
    }
    let present = import::present(root, mapped, diagnostics)?;
    let again = import::present(root, mapped, &mut Diagnostics::default())?;
    let imported = import::import(&mapped.mapping, present, &imports.schemas, &iso3(&imports), diagnostics);
    judge(root, &imports, mapped, &imported, diagnostics)?;
    let lines = import::kept_lines(&mapped.mapping, &imported, &again, &imports.schemas);
    let rows: usize = imported.tables.iter().map(|made| made.rows).sum();
    let path = mapped.mapping.kept();
    publish::replace(&root.join(&path), csv_text(lines)?.as_bytes())?;
    Ok(Shown::Text(format!("{path}: {}\n", several(rows, "row", "rows"))))
}
