//! The command `figures`: which figures there are, found by words, and how prose calls them.

use std::io::Write;

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, failure, guarded, unwritten};
use super::options::TextFormat;
use super::printing::unless_gone;
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::release;
use super::status_line::StatusLine;
use super::unanswerable::known;
use crate::diagnostic::{Diagnostics, Format};
use crate::document::find;
use crate::project::Project;

#[derive(Args)]
pub(super) struct FiguresOptions {
    /// All of these must be found in a figure's id, its title, its short name or the names of its places, in any language, whatever
    /// their case and accents; without them every figure is listed
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Only the figures of this country
    #[arg(long, value_name = "ISO3")]
    country: Option<String>,
    /// The language in which they are shown; by default the first one of the project
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

/// Lists the figures; errors in the data go to stderr if they leave none.
pub(super) fn run(options: &FiguresOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let status = StatusLine::start(Format::Human);
    let progress = |step: Step<'_>| status.say(step);
    let listed = guarded(|| list(options, shared, &progress, diagnostics));
    status.end();
    match listed {
        Ok(text) => {
            let written = unless_gone(std::io::stdout().write_all(text.as_bytes()));
            conclude(failure(None, diagnostics).or_else(|| unwritten(written)), false)
        }
        Err(error) => shared.unanswered(error, diagnostics),
    }
}

fn list(
    options: &FiguresOptions,
    shared: &Shared,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<String> {
    let project = Project::load(&shared.root(), diagnostics)?;
    let countries = project.countries.iter().map(|country| country.iso3.as_str());
    let country = known("country", options.country.as_deref(), countries)?;
    let languages = project.texts.iter().map(|text| text.language.as_str());
    let language = known("language", options.language.as_deref(), languages)?;
    let mut spoken = project.languages();
    let spoken = spoken.find(|(text, _)| language.is_none_or(|language| text.language == language));
    let (text, translated) = spoken.unwrap_or((&project.texts[0], &project));
    let release = release(&project, progress, diagnostics)?;
    let wanted = find::Wanted { words: &options.words, country, text, project: translated };
    let found = find::find(&project, &release, &wanted);
    // A country that discloses has no number that may be printed.
    let found = found.or_else(|nothing| release.conclude().map_err(anyhow::Error::from).and(Err(nothing.into())))?;
    match options.format {
        TextFormat::Text => Ok(find::words(&found).iter().map(|line| format!("{line}\n")).collect()),
        TextFormat::Json => find::json(&found),
    }
}
