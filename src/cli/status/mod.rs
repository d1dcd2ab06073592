//! The command `status`: what stands of each country, language and document, and what is left to do. It prints no number.

mod gather;
mod json;
mod words;

use std::collections::BTreeSet;
use std::io::Write;

use clap::Args;

use super::end::{End, conclude, failure, guarded, unwritten};
use super::options::TextFormat;
use super::printing::unless_gone;
use super::progress::Step;
use super::shared::Shared;
use super::status_line::StatusLine;
use crate::diagnostic::{Diagnostics, Format};

#[derive(Args)]
pub(super) struct StatusOptions {
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: TextFormat,
}

/// What stands of one country.
struct CountryStatus {
    iso3: String,
    name: String,
    /// Whether its tables, declarations or prose have errors.
    faulty: bool,
    languages: Vec<LanguageStatus>,
    /// Figures that the last build did not publish and that no prose names.
    new: Vec<String>,
    /// Years with numbers of a register that are in no release.
    unreleased: BTreeSet<String>,
}

/// What stands of a country in one language.
struct LanguageStatus {
    language: String,
    name: String,
    /// Prose that is there in the default language only, or of a document nowhere.
    missing: Vec<String>,
    /// Prose that is still a guide.
    unwritten: Vec<String>,
    documents: Vec<DocumentStatus>,
}

/// What stands of one document.
struct DocumentStatus {
    id: String,
    path: String,
    standing: Standing,
    /// Why it is a draft; empty if it is none.
    draft: Vec<&'static str>,
    /// Its approvals; none where none are asked for.
    approval: Option<ApprovalStatus>,
}

/// The approvals of one document.
struct ApprovalStatus {
    needed: usize,
    /// Who approved what it says now, and when.
    given: Vec<(String, String)>,
    /// Who may still approve it; empty where anybody may.
    missing: Vec<String>,
    overtaken: Vec<OvertakenStatus>,
    /// The approvals that do not count, each with the reason.
    uncounted: Vec<String>,
    /// Who approved it and who has still to, in words.
    words: String,
}

/// An approval of what a document said before.
struct OvertakenStatus {
    by: String,
    time: String,
    /// The ids of the figures that differ since.
    figures: Vec<String>,
    /// The parts of the document that differ since.
    parts: Vec<String>,
}

/// Whether a document in `output/` is what a build would make now.
enum Standing {
    Current,
    NotBuilt,
    /// With the reason why the next build makes it anew.
    Stale(String),
    /// Not known, because of errors.
    Faulty,
}

impl Standing {
    /// Its name in JSON.
    fn code(&self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::NotBuilt => "not_built",
            Self::Stale(_) => "stale",
            Self::Faulty => "faulty",
        }
    }
}

/// Prints what stands. What there is to do is no error: only declarations that cannot be read are.
pub(super) fn run(options: &StatusOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let line = StatusLine::start(Format::Human);
    let progress = |step: Step<'_>| line.say(step);
    let countries = guarded(|| gather::gather(&shared.root(), &progress, diagnostics));
    line.end();
    let text = countries.and_then(|countries| match options.format {
        TextFormat::Text => Ok(words::words(&countries)),
        TextFormat::Json => json::json(&countries),
    });
    match text {
        Ok(text) => {
            let written = unless_gone(std::io::stdout().write_all(text.as_bytes()));
            conclude(failure(None, diagnostics).or_else(|| unwritten(written)), false)
        }
        Err(error) => shared.unanswered(error, diagnostics),
    }
}
