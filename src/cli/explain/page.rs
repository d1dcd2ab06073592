//! `explain --page`: every number on a page of a built document, with its id.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::cli::progress::Progress;
use crate::cli::stages::release;
use crate::cli::unanswerable::{Unfit, known};
use crate::delivery::approve::Standings;
use crate::delivery::build::{Look, changes};
use crate::delivery::publish::{printed, read_inputs};
use crate::diagnostic::Diagnostics;
use crate::document::bind::bind;
use crate::document::explain::{Nothing, PageAnswer};
use crate::project::{Document, Project};

/// Which page of which document is asked for.
#[derive(Args)]
pub(super) struct PageOptions {
    /// Every number on this page of a built document, in reading order
    #[arg(long, value_name = "NUMBER", conflicts_with = "query")]
    pub(super) page: Option<usize>,
    /// Of this country's document; needed if the project has several
    #[arg(long, value_name = "ISO3", requires = "page", conflicts_with = "query")]
    country: Option<String>,
    /// Of the document in this language; by default the first one of the project
    #[arg(long, value_name = "LANGUAGE", requires = "page", conflicts_with = "query")]
    language: Option<String>,
    /// Of this document; by default the first one of the project
    #[arg(long, value_name = "ID", requires = "page", conflicts_with = "query")]
    document: Option<String>,
}

/// The numbers on a page.
///
/// # Errors
/// [`Nothing`] where the page is not there or `output/` is of other data, [`Unfit`] for names that the project has not, faults, or
/// a failure of the machine.
pub(super) fn explain_page(
    root: &Path,
    page: usize,
    options: &PageOptions,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<PageAnswer> {
    let project = Project::load(root, diagnostics)?;
    let document = asked(&project, options)?;
    let release = release(&project, progress, diagnostics)?;
    release.conclude()?;
    let prose = bind(&project, &release, diagnostics);
    let changes = changes(&project, &release, diagnostics)?;
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    if printed(root, &read_inputs(root)?, &countries)?.is_none() {
        let message = "the documents in `output/` are not of this data\n  = hint: run `tipbrief build`, then ask again";
        return Err(Nothing::new(message).into());
    }
    progress("reading the page".into());
    let standings = &Standings::default();
    let look = Look { project: &project, release: &release, prose: &prose, changes: &changes, standings };
    let read = look.numerals(document)?;
    let name = format!("output/{}", crate::delivery::publish::path(document));
    let Some(mut read) = read else {
        return Err(
            Nothing::new(format!("there is no `{name}`\n  = hint: run `tipbrief build`, then ask again")).into()
        );
    };
    let pages = read.len();
    if page == 0 || page > pages {
        let hint = format!("ask for a page from 1 to {pages}");
        return Err(Nothing::new(format!("`{name}` has no page {page}\n  = hint: {hint}")).into());
    }
    let numerals = read.swap_remove(page - 1);
    Ok(PageAnswer { document: name, page, pages, numerals })
}

/// The document that is asked for.
fn asked<'p>(project: &'p Project, options: &PageOptions) -> Result<Document<'p>> {
    let countries = || project.countries.iter().map(|country| country.iso3.as_str());
    let country = known("country", options.country.as_deref(), countries())?;
    let languages = project.texts.iter().map(|text| text.language.as_str());
    let language = known("language", options.language.as_deref(), languages)?;
    let kinds = project.report.documents.iter().map(|kind| kind.id.as_str());
    let kind = known("document", options.document.as_deref(), kinds)?;
    if country.is_none() && countries().count() > 1 {
        let all = countries().map(|country| format!("`{country}`")).collect::<Vec<_>>().join(", ");
        return Err(
            Unfit(format!("the project has several countries\n  = hint: name one with `--country`: {all}")).into()
        );
    }
    let fits = |document: &Document<'_>| {
        country.is_none_or(|country| document.country.iso3 == country)
            && language.is_none_or(|language| document.text.language == language)
            && kind.is_none_or(|kind| document.kind.id == kind)
    };
    let found = project.documents().find(fits);
    found.ok_or_else(|| Unfit("the project declares no document".to_owned()).into())
}
