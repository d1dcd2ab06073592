//! The command `explain`: where a number comes from, and where it is printed; or which numbers a page prints.

mod page;

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;

use crate::cli::end::{End, conclude, failure, guarded, unwritten};
use crate::cli::options::AnswerFormat;
use crate::cli::printing::unless_gone;
use crate::cli::progress::{Progress, Step};
use crate::cli::shared::Shared;
use crate::cli::stages::{released, tables};
use crate::cli::status_line::StatusLine;
use crate::delivery::approve::Standings;
use crate::delivery::build::{Look, changes};
use crate::delivery::publish::{printed, read_inputs};
use crate::diagnostic::{Diagnostics, Format};
use crate::document::bind::bind;
use crate::document::explain::{self, json, words};
use crate::project::Project;
use crate::tables::ingest;

use page::{PageOptions, explain_page};

/// Answers where a number comes from, and, where the documents in `output/` are those of this data, where it is printed.
///
/// # Errors
/// [`Nothing`](crate::document::explain::Nothing) when nothing answers, [`Reported`](crate::diagnostic::Reported) for faults, or a failure of the machine.
pub fn explain(
    root: &Path,
    query: &[String],
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<explain::Answer> {
    let query = explain::Query::read(query)?;
    let project = Project::load(root, diagnostics)?;
    let tables = tables(&project, progress, diagnostics)?;
    let delivered = ingest::delivered_sources(&tables);
    let release = released(&project, tables, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let mut answer = explain::explain(&project, &release, &prose, &query);
    let wanted = explain::wanted_rows(&mut answer);
    let mut texts = ingest::texts(root, &project.countries, &wanted)?;
    texts.extend(ingest::delivered_texts(&delivered, &wanted));
    explain::fill_rows(&mut answer, &texts);
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    if let Some(printed) = printed(root, &read_inputs(root)?, &countries)? {
        progress("finding the pages".into());
        let changes = changes(&project, &release, diagnostics)?;
        let standings = &Standings::default();
        let look = Look { project: &project, release: &release, prose: &prose, changes: &changes, standings };
        let (pages, copies) =
            (|country: &str, name: &str| look.pages(country, name), |c: &str, n: &str| look.copies(c, n));
        explain::where_printed(&mut answer, query.numeral(), &printed, pages, copies);
    }
    let answer = explain::or_nothing(answer, &release, &query);
    // A country that discloses has no number that may be printed.
    answer.or_else(|nothing| release.conclude().map_err(Into::into).and(Err(nothing.into())))
}

#[derive(Args)]
pub(super) struct Question {
    /// A figure (`LAO/persons_arrested:2007`), an indicator with a period and codes (`LAO/persons_arrested year=2007
    /// sex=female`), a number (`23`), or a number as a document prints it, in any language (`about 1,100`)
    #[arg(required_unless_present = "page", value_name = "QUERY")]
    query: Vec<String>,
    #[command(flatten)]
    place: PageOptions,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
}

/// Prints the answer to a question. Errors in the data go to stderr, even if there is no answer.
pub(super) fn run(question: &Question, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let status = StatusLine::start(Format::Human);
    let progress = |step: Step<'_>| status.say(step);
    let text = guarded(|| answer(question, &shared.root(), &progress, diagnostics));
    status.end();
    let text = match text {
        Ok(text) => text,
        Err(error) => return shared.unanswered(error, diagnostics),
    };
    let written = unless_gone(std::io::stdout().write_all(text.as_bytes()));
    conclude(failure(None, diagnostics).or_else(|| unwritten(written)), false)
}

/// The answer as it is printed.
fn answer(question: &Question, root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<String> {
    let is_json = question.format == AnswerFormat::Json;
    if let Some(page) = question.place.page {
        let answer = explain_page(root, page, &question.place, progress, diagnostics)?;
        return if is_json { answer.json() } else { Ok(answer.words()) };
    }
    let answer = explain(root, &question.query, progress, diagnostics)?;
    if is_json { json(&answer) } else { Ok(words(&answer)) }
}
