//! The command `init`: an empty country, for `check` to lead through.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::layout;
use super::printing::say_paths;
use super::shared::Shared;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::{Project, iso3166};

/// Lays out an empty country, for `check` to lead through. Returns the paths written.
///
/// # Errors
/// [`Exists`](super::layout::Exists); faults in shared declarations, which are in `diagnostics`; or a failure of the machine.
pub fn init(root: &Path, iso3: &str, workbooks: bool, diagnostics: &mut Diagnostics) -> Result<Vec<PathBuf>> {
    layout::init(&Project::load_before_first_country(root, diagnostics)?, iso3, workbooks.into())
}

#[derive(Args)]
pub(super) struct InitOptions {
    /// The country's alpha-3 code of ISO 3166-1, which names its folder
    #[arg(value_name = "ISO3", value_parser = country)]
    country: String,
    /// Make each table a workbook to fill in, with drop-downs and notes, in place of CSV
    #[arg(long)]
    workbooks: bool,
}

/// A country's code, as the command line gives it.
pub(super) fn country(code: &str) -> Result<String, String> {
    if iso3166::is_country(code) {
        return Ok(code.to_owned());
    }
    let meant = iso3166::Known::default().advice(code).unwrap_or_else(|| "three capital letters".to_owned());
    Err(format!("it is not a country of ISO 3166-1 ({meant})"))
}

/// Lays out the country, and prints the paths written.
pub(super) fn run(options: &InitOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let outcome = guarded(|| init(&shared.root(), &options.country, options.workbooks, diagnostics));
    if let Some(error) = outcome.as_ref().err().filter(|error| End::of(error, diagnostics) == End::Refused) {
        complain(error);
        return End::Refused;
    }
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let written = match &outcome {
        Ok(paths) => say_paths(paths),
        Err(_) => shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr()),
    };
    conclude(failure.or_else(|| written.err().map(|error| error.to_string())), outcome.is_err())
}
