//! The command `audit`: attacks published tables of any origin.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::options::AnswerFormat;
use super::printing::unless_gone;
use super::shared::Shared;
use crate::delivery::publish;
use crate::diagnostic::{Diagnostics, Format};
use crate::disclosure::audit::{self, Audit, Base, Mark, Nested, Request};
use crate::tables::ingest::ingest_file;

/// Attacks published tables, which are linked by the dimensions they share, and says what can be worked out of them.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when a file is not such a table, [`UnknownColumn`](crate::disclosure::audit::UnknownColumn), or a failure of the machine.
pub fn audit(root: &Path, files: &[PathBuf], request: &Request, diagnostics: &mut Diagnostics) -> Result<Audit> {
    let tables = files.iter().map(|file| ingest_file(root, file, diagnostics)).collect::<Result<Vec<_>>>()?;
    diagnostics.conclude(())?;
    let request = &Request { descriptions: publish::counts(root, files), ..request.clone() };
    let found = audit::audit(tables, request, diagnostics)?;
    Ok(diagnostics.conclude(found)?)
}

#[derive(Args)]
pub(super) struct AuditOptions {
    /// The tables, which are linked by the dimensions they share
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A column with values; may be given several times. Every other column is a dimension, unless it is evidently not one
    #[arg(long = "value", value_name = "COLUMN", required = true)]
    values: Vec<String>,
    /// A mark that stands for a withheld value, with the bounds it states: `x`, `<5=0..4`
    #[arg(long = "mark", value_name = "MARK", allow_hyphen_values = true)]
    marks: Vec<Mark>,
    /// Every value is rounded to a multiple of this: `5`, if no more is said, or `nearest 5`, `down 5`, `up 5`, `random 5`. A
    /// value that is printed with its uncertainty, `45±7`, needs no option
    #[arg(long, value_name = "BASE")]
    base: Option<Base>,
    /// A code that is the total of its column, in addition to `total`, `_T`, `All`, `Both sexes` and the like
    #[arg(long = "margin", value_name = "NAME", allow_hyphen_values = true)]
    margins: Vec<String>,
    /// A column that lies within another: `district<province`
    #[arg(long, value_name = "CHILD<PARENT")]
    nested: Vec<Nested>,
    /// A column that is not a dimension, such as notes
    #[arg(long = "ignore", value_name = "COLUMN")]
    ignored: Vec<String>,
    /// A withheld or rounded value is narrow if its possible range is smaller than this
    #[arg(long, value_name = "N", default_value_t = 1)]
    width: u32,
    /// How the answer is printed to stdout
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    /// List the rows, too; otherwise only their numbers are printed
    #[arg(long)]
    places: bool,
    /// Exit with 4 unless every withheld value is part of a sum and cannot be worked out
    #[arg(long)]
    deny: bool,
}

/// Attacks published tables, and prints what was found.
pub(super) fn run(options: &AuditOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let request = Request {
        values: options.values.clone(),
        marks: options.marks.clone(),
        base: options.base,
        ignored: options.ignored.clone(),
        margins: options.margins.clone(),
        nested: options.nested.clone(),
        width: options.width,
        ..Request::default()
    };
    let found = guarded(|| audit(shared.folder(), &options.files, &request, diagnostics));
    let format = if options.format == AnswerFormat::Json { Format::Short } else { Format::Human };
    if let Some(unknown) = found.as_ref().err().filter(|error| End::of(error, diagnostics) == End::Misused) {
        complain(unknown);
        return End::Misused;
    }
    let failure = failure(found.as_ref().err(), diagnostics);
    let mut written = shared.report(diagnostics, format, failure.as_deref(), std::io::stderr());
    let Ok(found) = found else { return conclude(failure, diagnostics.failed()) };
    let answer = match options.format {
        AnswerFormat::Human => found.human(options.width, options.places),
        AnswerFormat::Json => found.json(options.places),
    };
    written = written.and(unless_gone(std::io::stdout().write_all(answer.as_bytes())));
    let failure = written.err().map(|error| format!("the output cannot be written: {error}"));
    if failure.is_none() && options.deny && !found.passed() {
        return End::Discloses;
    }
    conclude(failure, false)
}
