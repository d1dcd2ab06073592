//! From the tables on disk to what may be printed, in one sentence; nothing here knows a document.

use anyhow::Result;

use crate::diagnostic::Diagnostics;
use crate::ingest::{RawTable, ingest};
use crate::progress::{Progress, Step};
use crate::project::Project;
use crate::protect::{Release, protect};
use crate::summarise::summarise;
use crate::validate::{Declared, validate};

/// Reads, checks, summarises and protects the tables of all countries.
///
/// # Errors
/// When a table cannot be read, or Polars fails. Faults of the data are in `diagnostics`.
pub(crate) fn release(project: &Project, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Release> {
    let tables = tables(project, progress, diagnostics)?;
    released(project, tables, progress, diagnostics)
}

/// Reads the tables of all countries.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn tables(
    project: &Project,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Vec<RawTable>> {
    progress("reading the tables".into());
    let told = |done, total| progress(Step { message: "reading the tables", bytes: Some((done, total)) });
    ingest(&project.root, &project.countries, &told, diagnostics)
}

/// What may be printed of tables that were read.
///
/// # Errors
/// When Polars fails.
pub(crate) fn released(
    project: &Project,
    tables: Vec<RawTable>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Release> {
    progress("checking the tables".into());
    let declared = Declared {
        schemas: &project.schemas,
        indicators: &project.indicators,
        countries: &project.countries,
        issue: &project.report.issue,
    };
    let dataset = validate(tables, declared, diagnostics)?;
    progress("summarising".into());
    let summaries = summarise(&dataset, &project.indicators, &project.schemas, diagnostics)?;
    Ok(protect(summaries, &project.indicators, &project.report.policy, &project.ledger, diagnostics))
}
