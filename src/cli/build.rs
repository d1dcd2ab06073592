//! The commands `build` and `check`: what they print, and how they end.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use tipbrief::diagnostic::{Diagnostics, Format};
use tipbrief::{Built, Step, summary};

use super::{Status, conclude, custody, discloses, failure, guarded, report, say_paths, unless_gone};

#[derive(Args)]
pub(super) struct Options {
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) root: PathBuf,
    /// How findings are printed: by `check` to stdout, by `build` to stderr
    #[arg(long, value_enum, default_value = "human")]
    format: FindingsFormat,
    /// Findings of this gravity fail the run, too
    #[arg(long, value_enum, value_name = "GRAVITY")]
    deny: Option<Deny>,
}

#[derive(Args)]
pub(super) struct BuildOptions {
    #[command(flatten)]
    findings: Options,
    /// Make only this donor's copies anew; the others keep what they had
    #[arg(long, value_name = "ID")]
    donor: Option<String>,
    /// Say of each output why it was made anew or not
    #[arg(long)]
    explain: bool,
    /// Append what was done, in Markdown, to a file; where none is named, to that of `GITHUB_STEP_SUMMARY`
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FindingsFormat {
    /// Source line, caret and hint; many findings alike are told once
    Human,
    /// `path:line:column: severity[code]: message`
    Short,
    /// A Frictionless validation report
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0
    Sarif,
    /// `JUnit` XML
    Junit,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deny {
    Warnings,
}

/// Names every fault on stdout.
pub(super) fn check(options: &Options, diagnostics: &mut Diagnostics) -> ExitCode {
    let format = Format::from(options.format);
    let status = Status::start(format);
    let outcome = guarded(|| tipbrief::check(&options.root, &|step: Step<'_>| status.say(step), diagnostics));
    status.end();
    let withheld = outcome.as_ref().is_err_and(|error| discloses(error, diagnostics));
    let failure = failure(outcome.err().as_ref(), diagnostics);
    let written = report(diagnostics, format, failure.as_deref(), std::io::stdout());
    match &failure {
        Some(failure) if withheld && written.is_ok() => custody::withheld(failure),
        _ => end(options, diagnostics, failure, written),
    }
}

/// Writes every document, and names them on stdout.
pub(super) fn build(asked: &BuildOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let options = &asked.findings;
    let format = Format::from(options.format);
    let (outcome, failure, mut written) = told(options, asked.donor.as_deref(), diagnostics);
    if let Ok(built) = &outcome {
        written = written.and(if asked.explain { say_whys(options, built) } else { say_paths(&built.paths) });
    }
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let told = failure.as_deref().or(discloses.as_deref());
    let summed_up = sum_up(asked, outcome.as_ref().ok(), diagnostics, told);
    let failure = failure.or(summed_up).or_else(|| unwritten(written));
    let withheld = discloses.map(|why| custody::withheld(&why)).filter(|_| failure.is_none());
    let code = withheld.unwrap_or_else(|| end(options, diagnostics, failure, Ok(())));
    if let Some(built) = outcome.ok().filter(|_| matches!(format, Format::Human)) {
        say_kept(&built);
    }
    code
}

/// Builds, and prints the findings to stderr; with why it failed, if the machine made it fail.
pub(super) fn told(
    options: &Options,
    donor: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> (anyhow::Result<Built>, Option<String>, std::io::Result<()>) {
    let format = Format::from(options.format);
    let status = Status::start(format);
    let progress = |step: Step<'_>| status.say(step);
    let outcome = guarded(|| tipbrief::build(&options.root, donor, &progress, diagnostics));
    status.end();
    let failure = match &outcome {
        Ok(built) => failures(built),
        Err(error) => failure(Some(error), diagnostics),
    };
    let discloses = outcome.as_ref().ok().and_then(disclosures);
    let written = report(diagnostics, format, failure.as_deref().or(discloses.as_deref()), std::io::stderr());
    (outcome, failure, written)
}

/// Appends what was done to the page of the job; says why it could not.
fn sum_up(
    asked: &BuildOptions,
    built: Option<&Built>,
    diagnostics: &Diagnostics,
    failure: Option<&str>,
) -> Option<String> {
    let of_job = || std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from);
    let path = asked.summary.clone().or_else(of_job)?;
    let none = Built::default();
    let text = summary::markdown(built.unwrap_or(&none), diagnostics, failure);
    summary::append(&path, &text).err().map(|error| format!("{error:#}"))
}

/// What the machine did to countries, which keep what they had.
fn failures(built: &Built) -> Option<String> {
    let told = |(why, countries): (&String, &Vec<String>)| format!("{}: {why}", countries.join(", "));
    let told: Vec<String> = built.failed.iter().map(told).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// What discloses, and keeps its countries from being published.
pub(super) fn disclosures(built: &Built) -> Option<String> {
    let told: Vec<String> = built.discloses.iter().map(ToString::to_string).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// Why each output was made anew or not, a line each.
fn say_whys(options: &Options, built: &Built) -> std::io::Result<()> {
    let output = options.root.join("output");
    let output = output.strip_prefix(".").unwrap_or(&output);
    let changed = built.changed.iter().map(|path| {
        format!(
            "{}: changed since the build before\n",
            options.root.join(path).strip_prefix(".").unwrap_or(Path::new(path)).display()
        )
    });
    let lines = built.whys.iter().map(|(path, why)| format!("{}: {why}\n", output.join(path).display()));
    unless_gone(std::io::stdout().write_all(changed.chain(lines).collect::<String>().as_bytes()))
}

/// Names the countries that were not made anew.
pub(super) fn say_kept(built: &Built) {
    let failed = built.failed.values().flatten();
    let kept: Vec<&str> = built.faulty.iter().chain(failed).map(String::as_str).collect();
    if !kept.is_empty() {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "not published, and as they were before: {}", kept.join(", "));
    }
}

fn unwritten(written: std::io::Result<()>) -> Option<String> {
    written.err().map(|error| format!("the output cannot be written: {error}"))
}

fn end(
    options: &Options,
    diagnostics: &Diagnostics,
    failure: Option<String>,
    written: std::io::Result<()>,
) -> ExitCode {
    let failure = failure.or_else(|| unwritten(written));
    conclude(failure, diagnostics.failed() || (options.deny.is_some() && diagnostics.warned()))
}

impl From<FindingsFormat> for Format {
    fn from(format: FindingsFormat) -> Self {
        match format {
            FindingsFormat::Human => Self::Human,
            FindingsFormat::Short => Self::Short,
            FindingsFormat::Json => Self::Json,
            FindingsFormat::Github => Self::Github,
            FindingsFormat::Sarif => Self::Sarif,
            FindingsFormat::Junit => Self::Junit,
        }
    }
}
