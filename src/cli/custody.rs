//! The commands of who answers for the people in a register: `audit`, `verify` and `release`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tipbrief::Step;
use tipbrief::audit::{Mark, Nested, Request, UnknownColumn};
use tipbrief::diagnostic::{Diagnostics, Format};

use super::{AnswerFormat, conclude, discloses, failure, guarded, report, say_paths, unless_gone};

/// The command line asks for what is not there.
const USAGE: u8 = 2;
/// What is already public, or an artefact, discloses.
const DISCLOSES: u8 = 4;

#[derive(Args)]
pub(super) struct VerifyOptions {
    /// The folder that holds `data/` and `output/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Args)]
pub(super) struct ReleaseOptions {
    /// What the edition is called: the stem of its file in `data/ledger/`
    #[arg(value_parser = edition_name)]
    edition: String,
    /// The folder that holds `data/` and `output/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Show what it exposes to put the register's numbers in the place of those released before; `--yes` does it
    #[arg(long)]
    correct: bool,
    /// Accept what the correction exposes, and write it
    #[arg(long, requires = "correct")]
    yes: bool,
}

/// Whether it can name a file.
fn edition_name(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(fits) {
        Ok(name.to_owned())
    } else {
        Err("use letters, digits, `-` and `_`".to_owned())
    }
}

#[derive(Args)]
pub(super) struct AuditOptions {
    /// The tables, which are linked by the dimensions they share
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder that the files are named from
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// A column with values; may be given several times. Every other column is a dimension, unless it is no such thing
    #[arg(long = "value", value_name = "COLUMN", required = true)]
    values: Vec<String>,
    /// A mark that stands for a withheld value, with the bounds it states: `x`, `<5=0..4`
    #[arg(long = "mark", value_name = "MARK", allow_hyphen_values = true)]
    marks: Vec<Mark>,
    /// A code that is the total of its column, beside `total`, `_T`, `All`, `Both sexes` and their like
    #[arg(long = "margin", value_name = "NAME", allow_hyphen_values = true)]
    margins: Vec<String>,
    /// A column that lies within another: `district<province`
    #[arg(long, value_name = "CHILD<PARENT")]
    nested: Vec<Nested>,
    /// A column that is no dimension, such as notes
    #[arg(long = "ignore", value_name = "COLUMN")]
    ignored: Vec<String>,
    /// Values that can be told to lie closer together than this are narrow
    #[arg(long, value_name = "N", default_value_t = 1)]
    width: u32,
    /// How the answer is printed to stdout
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    /// Name the rows, too; the answer is in aggregate otherwise
    #[arg(long)]
    places: bool,
    /// Exit with 4 unless every withheld value stands in a sum and is free
    #[arg(long)]
    deny: bool,
}

/// Attacks published tables, and prints what was found.
pub(super) fn audit(options: &AuditOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let request = Request {
        values: options.values.clone(),
        marks: options.marks.clone(),
        ignored: options.ignored.clone(),
        margins: options.margins.clone(),
        nested: options.nested.clone(),
        width: options.width,
        ..Request::default()
    };
    let found = guarded(|| tipbrief::audit(&options.root, &options.files, &request, diagnostics));
    let format = if options.format == AnswerFormat::Json { Format::Short } else { Format::Human };
    if let Some(unknown) = found.as_ref().err().filter(|error| error.is::<UnknownColumn>()) {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "error: {unknown}");
        return ExitCode::from(USAGE);
    }
    let failure = failure(found.as_ref().err(), diagnostics);
    let mut written = report(diagnostics, format, failure.as_deref(), std::io::stderr());
    let Ok(found) = found else { return conclude(failure, diagnostics.failed()) };
    let answer = match options.format {
        AnswerFormat::Human => found.human(options.width, options.places),
        AnswerFormat::Json => found.json(options.places),
    };
    written = written.and(unless_gone(std::io::stdout().write_all(answer.as_bytes())));
    let failure = written.err().map(|error| format!("the output cannot be written: {error}"));
    if failure.is_none() && options.deny && !found.passed() {
        return ExitCode::from(DISCLOSES);
    }
    conclude(failure, false)
}

/// Prints in what `output/` differs from its manifest.
pub(super) fn verify(options: &VerifyOptions) -> ExitCode {
    match guarded(|| tipbrief::verify(&options.root)) {
        Ok(differences) => {
            let written = say_lines(&differences);
            conclude(written.err().map(|error| error.to_string()), !differences.is_empty())
        }
        Err(error) => conclude(Some(format!("{error:#}")), true),
    }
}

/// Releases an edition, and prints what a correction exposes, the ledger's path, and what forbids it.
pub(super) fn release(options: &ReleaseOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let progress = |_: Step<'_>| {};
    let correct = options.correct.then_some(options.yes);
    let outcome =
        guarded(|| tipbrief::release_edition(&options.root, &options.edition, correct, &progress, diagnostics));
    let failure = failure(outcome.as_ref().err(), diagnostics);
    let mut written = report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
    match outcome {
        Ok(released) => {
            if options.correct {
                written = written.and(say_lines(&exposed(&released.exposed)));
            }
            written = written.and(say_paths(&released.path.into_iter().collect::<Vec<_>>()));
            for refused in &released.refused {
                // Nobody is left to tell where stderr is gone.
                let _ = writeln!(std::io::stderr(), "error: {refused}");
            }
            conclude(written.err().map(|error| error.to_string()), !released.refused.is_empty())
        }
        Err(error) if discloses(&error, diagnostics) => withheld(&format!("{error:#}")),
        Err(_) => conclude(failure, true),
    }
}

/// What a correction exposes, a line each.
fn exposed(ids: &[String]) -> Vec<String> {
    if ids.is_empty() {
        return vec!["no difference from what was released shows few persons".to_owned()];
    }
    ids.iter().map(|id| format!("{id}: the difference from what was released shows few persons")).collect()
}

/// A country is not published: what is already public, or an artefact, discloses.
pub(super) fn withheld(why: &str) -> ExitCode {
    // Nobody is left to tell where stderr is gone.
    let _ = writeln!(std::io::stderr(), "error: {why}");
    ExitCode::from(DISCLOSES)
}

fn say_lines(lines: &[String]) -> std::io::Result<()> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    unless_gone(std::io::stdout().write_all(text.as_bytes()))
}
