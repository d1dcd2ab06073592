//! From the tables on disk to what may be printed, in one sentence; nothing here knows a document.

#[cfg(test)]
mod gallery;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;

use crate::cli::progress::{Progress, Step};
use crate::delivery::publish::Counted;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source};
use crate::disclosure::protect::{self, Asked, Known, Release, protect};
use crate::document::bind;
use crate::document::outline::asked;
use crate::figures::{Summaries, counts, summarise};
use crate::project::country::Country;
use crate::project::custody::Custody;
use crate::project::policy::{Policy, Publications};
use crate::project::{Project, custody};
use crate::tables::import;
use crate::tables::ingest::{RawTable, delivered_sources, ingest, place};
use crate::tables::validate::{Dataset, Declared, validate};

/// What may be printed, what the registers count by all their dimensions, and what is kept of closed years: what a release
/// is made of. The closed years in `reopened` are counted anew.
pub(crate) struct Releasing {
    pub(crate) release: Release,
    pub(crate) counted: Counted,
    pub(crate) custody: Custody,
}

/// Reads, checks, summarises, protects and counts the tables of all countries.
///
/// # Errors
/// When a table cannot be read, or Polars fails. Errors in the data are in `diagnostics`.
pub(crate) fn releasing(
    project: &Project,
    reopened: &BTreeSet<String>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Releasing> {
    let tables = tables(project, progress, diagnostics)?;
    let custody = custody(&project.root, &project.countries);
    let mut counted = Counted::new();
    let count = |dataset: &Dataset| {
        let of = |country: &Country| (country.iso3.clone(), counts(dataset, &country.iso3, &project.schemas));
        counted = project.countries.iter().map(of).collect();
    };
    let release = protected(project, tables, (&custody, reopened), count, progress, diagnostics)?;
    Ok(Releasing { release, counted, custody })
}

/// What may be printed, and what it was made of, for the custodian's own questions.
pub(crate) struct Unprotected {
    pub(crate) release: Release,
    summaries: Vec<Summaries>,
    custody: Custody,
    reopened: BTreeSet<String>,
    asked: Asked,
}

impl Unprotected {
    /// All that a question may look at: nothing is reopened, and authors ask for nothing.
    pub(crate) fn of<'u>(&'u self, project: &'u Project) -> protect::Unprotected<'u> {
        let Self { summaries, custody, reopened, asked, .. } = self;
        let known = Known { ledger: &project.ledger, custody, reopened, asked };
        protect::Unprotected { summaries, indicators: &project.indicators, policy: &project.report.policy, known }
    }
}

/// Reads, checks, summarises and protects the tables of all countries, and keeps the summaries.
///
/// # Errors
/// When a table cannot be read, or Polars fails. Errors in the data are in `diagnostics`.
pub(crate) fn unprotected(
    project: &Project,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Unprotected> {
    let tables = tables(project, progress, diagnostics)?;
    let custody = custody(&project.root, &project.countries);
    let mut summaries = Ok(Vec::new());
    let keep = |dataset: &Dataset| {
        let unheard = &mut Diagnostics::default();
        summaries = summarise(dataset, &project.indicators, &project.schemas, unheard);
    };
    let release = protected(project, tables, (&custody, &BTreeSet::new()), keep, progress, diagnostics)?;
    Ok(Unprotected { release, summaries: summaries?, custody, reopened: BTreeSet::new(), asked: Asked::default() })
}

/// Reads, checks, summarises and protects the tables of all countries.
///
/// # Errors
/// When a table cannot be read, or Polars fails. Errors in the data are in `diagnostics`.
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
    let on_bytes = |done, total| progress(Step { message: "reading the tables", bytes: Some((done, total)) });
    let mut tables = ingest(&project.root, &project.countries, &project.schemas, &on_bytes, diagnostics)?;
    if !project.mappings.is_empty() {
        progress("reading delivered files".into());
        let countries: Vec<String> = project.countries.iter().map(|country| country.iso3.clone()).collect();
        let made =
            import::tables(&project.root, &project.mappings, &project.schemas, &countries, &tables, diagnostics)?;
        tables.extend(made);
    }
    Ok(tables)
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
    let custody = custody(&project.root, &project.countries);
    protected(project, tables, (&custody, &BTreeSet::new()), |_| (), progress, diagnostics)
}

fn protected(
    project: &Project,
    tables: Vec<RawTable>,
    (custody, reopened): (&Custody, &BTreeSet<String>),
    count: impl FnOnce(&Dataset),
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Release> {
    progress("checking the tables".into());
    let declared = Declared {
        schemas: &project.schemas,
        indicators: &project.indicators,
        countries: &project.countries,
        issue: &project.report.issue,
        visits: &project.visits,
    };
    let files = tables.iter().filter(|table| !table.register && !table.is_made()).map(|table| table.source.clone());
    let sources: Vec<_> = files.chain(delivered_sources(&tables)).collect();
    let dataset = validate(tables, declared, diagnostics)?;
    progress("summarising".into());
    let summaries =
        |diagnostics: &mut Diagnostics| summarise(&dataset, &project.indicators, &project.schemas, diagnostics);
    count(&dataset);
    let policy = project.report.policy;
    let protect = |summaries, policy: &Policy, asked: &Asked, diagnostics: &mut Diagnostics| {
        let known = Known { ledger: &project.ledger, custody, reopened, asked };
        protect(summaries, &project.indicators, policy, known, diagnostics)
    };
    let mut wanted = Asked::default();
    if policy.publications == Publications::Protect {
        // What authors ask for is read from what would be printed without protection; errors are reported for what is printed.
        let otherwise = Policy { publications: Publications::AsPublished, ..policy };
        let unheard = &mut Diagnostics::default();
        let look = Asked { is_look: true, ..Asked::default() };
        let release = protect(summaries(unheard)?, &otherwise, &look, unheard);
        wanted = asked(project, &release, &bind::bind(project, &release, unheard));
    }
    let release = protect(summaries(diagnostics)?, &policy, &wanted, diagnostics);
    for country in release.not_least() {
        let message = format!(
            "{country}: more numbers of its publications may be withheld than necessary; the smallest choice was not searched for"
        );
        progress(message.as_str().into());
    }
    warn(&release, &sources, diagnostics);
    for span in release.contradicting().filter_map(|row| place(&sources, row)) {
        let message = "this publication repeats a register, and is not what its closed year says";
        let hint = "who compares the two learns how many cases came late: nothing new is told of that year's late cases, \
                    and nothing newly asked of it is printed";
        diagnostics.push(Diagnostic::warning(Code::ReckonableValue, span, message).hint(hint));
    }
    Ok(release)
}

/// Warns at the rows of publications whose withheld numbers follow from what is printed beside them, or may.
fn warn(release: &Release, sources: &[Arc<Source>], diagnostics: &mut Diagnostics) {
    for found in release.reckonable() {
        for span in found.rows.iter().filter_map(|row| place(sources, row)) {
            let (message, hint) = match &found.sum {
                Some(sum) => (
                    format!("this number is withheld, but follows from {sum}"),
                    "documents print figures as they were published; to withhold more of them, so that this number does not \
                     follow, write `publications = \"protect\"` under `[disclosure]` in data/report.toml",
                ),
                None => (
                    "this number is withheld; whether it follows from others could not be worked out".to_owned(),
                    "either the numbers printed beside it contradict each other, or they distinguish too many groups: \
                     compare them with their source, or print fewer breakdowns",
                ),
            };
            diagnostics.push(Diagnostic::warning(Code::ReckonableValue, span, message).hint(hint));
        }
    }
}
