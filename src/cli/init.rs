//! The command of who adds a country: `init`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::init::Exists;
use tipbrief::iso3166;

use super::{FAULTS, conclude, failure, guarded, report, say_paths};

#[derive(Args)]
pub(super) struct InitOptions {
    /// The country's alpha-3 code of ISO 3166-1, which names its folder
    #[arg(value_name = "ISO3", value_parser = country)]
    country: String,
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

fn country(code: &str) -> Result<String, String> {
    if iso3166::is_country(code) {
        return Ok(code.to_owned());
    }
    let meant = iso3166::Known::default().advice(code).unwrap_or_else(|| "three capital letters".to_owned());
    Err(format!("it is no country of ISO 3166-1 ({meant})"))
}

/// Lays out the country, and prints the paths written.
pub(super) fn init(options: &InitOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let outcome = guarded(|| tipbrief::init(&options.root, &options.country, diagnostics));
    if let Some(error) = outcome.as_ref().err().filter(|error| error.is::<Exists>()) {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "error: {error}");
        return ExitCode::from(FAULTS);
    }
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let written = match &outcome {
        Ok(paths) => say_paths(paths),
        Err(_) => report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr()),
    };
    conclude(failure.or_else(|| written.err().map(|error| error.to_string())), outcome.is_err())
}
