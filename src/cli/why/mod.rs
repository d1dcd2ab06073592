//! The command `why`: why a figure is printed or withheld, for the custodian alone.

mod words;

use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::confidential::Confidential;
use super::end::End;
use super::progress::Progress;
use super::shared::Shared;
use super::stages;
use super::unanswerable::{NotHere, Unfit};
use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::{self, Reason, ReleasedCell};
use crate::document::explain::Query;
use crate::project::Project;

#[derive(Args)]
pub(super) struct WhyOptions {
    /// A figure (`LAO/victims_identified:2023:sex=male`), or an indicator with a period and codes (`LAO/victims_identified
    /// year=2023 sex=male`)
    #[arg(required = true, value_name = "FIGURE")]
    figure: Vec<String>,
    #[command(flatten)]
    confidential: Confidential,
}

/// What an id names beside a figure: shares, changes and numbers with late cases are about the figure before it.
const ABOUT: [&str; 3] = [":share=", ":change=", ":late="];

/// Prints the reasons, figure by figure.
pub(super) fn run(options: &WhyOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    options
        .confidential
        .answer(shared, diagnostics, |root, progress, diagnostics| why(root, &options.figure, progress, diagnostics))
}

fn why(root: &Path, figure: &[String], progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<String>> {
    let of_another = figure.iter().any(|word| ABOUT.iter().take(2).any(|about| word.contains(about)));
    let bare = |word: &String| {
        let mut cut = ABOUT.iter().filter_map(|about| word.split_once(about));
        cut.next().map_or_else(|| word.clone(), |(figure, _)| figure.to_owned())
    };
    let words: Vec<String> = figure.iter().map(bare).collect();
    let query = Query::read(&words)?;
    if query.numeral().is_some() {
        let hint = "a number may be that of several figures; `tipbrief explain` lists them";
        return Err(Unfit(format!("ask for a figure by its id\n  = hint: {hint}")).into());
    }
    let project = Project::load(root, diagnostics)?;
    let found = stages::unprotected(&project, progress, diagnostics)?;
    let cells = query.figures(&found.release);
    if cells.is_empty() {
        found.release.conclude()?;
        return Err(query.nothing(&found.release).into());
    }
    progress("looking for reasons".into());
    let mut lines = Vec::new();
    for cell in cells {
        let own = cell.id.split_once('/').and_then(|(country, _)| found.release.country(country));
        let reasons = own.and_then(|released| protect::why(found.of(&project), released, cell));
        let Some(mut reasons) = reasons else { return Err(not_here(cell).into()) };
        if of_another {
            reasons.insert(0, Reason::Computed);
        }
        lines.push(format!("{}:", cell.id));
        let told = words::lines(&reasons, &project.report.policy);
        lines.extend(told.into_iter().map(|line| format!("  {line}")));
    }
    Ok(lines)
}

fn not_here(cell: &ReleasedCell) -> NotHere {
    NotHere { country: cell.id.split('/').next().map(str::to_owned) }
}
