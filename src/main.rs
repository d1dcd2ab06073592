//! The command line: parses, calls, prints, and chooses the exit code.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tipbrief::diagnostic::{Diagnostics, Format, Reported, Severity};

/// Compiles tables about trafficking in persons into printable country briefs.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything, then write every document to `output/`
    Build(Options),
    /// Report every fault; writes nothing and needs no Typst
    Check(Options),
}

#[derive(Args)]
struct Options {
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// How findings are printed
    #[arg(long, value_enum, default_value = "human")]
    format: FindingsFormat,
    /// Findings of this gravity fail the run, too
    #[arg(long, value_enum, value_name = "GRAVITY")]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, ValueEnum)]
enum FindingsFormat {
    /// Source line, caret and hint
    Human,
    /// `path:line:column: severity[code]: message`
    Short,
}

#[derive(Clone, Copy, ValueEnum)]
enum Deny {
    Warnings,
}

/// Faults in data, declarations or prose.
const FAULTS: u8 = 1;
/// The machine: no Typst, disk full, unreadable file.
const MACHINE: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut diagnostics = Diagnostics::default();
    let (options, outcome) = match &cli.command {
        Command::Build(options) => {
            let outcome = tipbrief::build(&options.root, &progress, &mut diagnostics);
            eprint!("{}", diagnostics.render(options.format.into()));
            (options, outcome.map(|paths| say_paths(&paths)))
        }
        Command::Check(options) => {
            let outcome = tipbrief::check(&options.root, &progress, &mut diagnostics);
            say(&diagnostics.render(options.format.into()));
            (options, outcome)
        }
    };
    conclude(outcome, &diagnostics, options.deny.is_some())
}

fn conclude(outcome: anyhow::Result<()>, diagnostics: &Diagnostics, deny_warnings: bool) -> ExitCode {
    let denied = deny_warnings && diagnostics.count(Severity::Warning) > 0;
    match outcome {
        Err(error) if !error.is::<Reported>() => {
            eprintln!("error: {error:#}");
            ExitCode::from(MACHINE)
        }
        _ if diagnostics.failed() || denied => ExitCode::from(FAULTS),
        _ => ExitCode::SUCCESS,
    }
}

/// The paths written, one a line.
fn say_paths(paths: &[PathBuf]) {
    for path in paths {
        say(&format!("{}\n", path.strip_prefix(".").unwrap_or(path).display()));
    }
}

/// Prints to stdout; a reader that has gone away is no failure of ours.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// One line per stage and edition, for a person at a terminal.
fn progress(doing: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("tipbrief: {doing}");
    }
}

impl From<FindingsFormat> for Format {
    fn from(format: FindingsFormat) -> Self {
        match format {
            FindingsFormat::Human => Self::Human,
            FindingsFormat::Short => Self::Short,
        }
    }
}
