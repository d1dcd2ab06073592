//! The command line: parses the arguments, runs the command, and returns its exit code. **clap** lives here.
//!
//! * Takes: arguments.
//! * Gives: what is printed, and the exit code.
//!
//! One file for each command: its options, its calls into the earlier wings, and its output. `stages`, which the commands
//! share, leads from the tables on disk to the numbers that may be printed; `layout` writes new projects and
//! countries; only `end`
//! knows the exit codes.

pub(crate) mod approve;
pub(crate) mod audit;
pub(crate) mod build;
mod carried;
pub(crate) mod check;
mod confidential;
pub(crate) mod count;
mod custody;
pub(crate) mod diff;
mod end;
pub(crate) mod explain;
mod figures;
mod help;
pub(crate) mod import;
pub(crate) mod init;
mod interrupt;
pub(crate) mod keep;
mod layout;
mod links;
mod manual;
pub(crate) mod new;
mod options;
mod preview;
mod printing;
pub(crate) mod progress;
mod protect;
pub(crate) mod release;
mod schema;
pub(crate) mod send;
mod shared;
pub(crate) mod sql;
pub(crate) mod stages;
mod status;
mod status_line;
pub(crate) mod translate;
mod unanswerable;
mod upgrade;
pub(crate) mod verify;
mod watch;
mod why;
mod workbook;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::diagnostic::bug::{self, caught};
use end::{End, conclude};
use shared::Shared;

/// Compiles tables about trafficking in persons into printable country briefs.
#[derive(Parser)]
#[command(version, after_help = help::tables())]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything, then write every document to `output/`
    Build(build::BuildOptions),
    /// Build, and build again whenever something is saved, until Ctrl-C
    Watch(watch::WatchOptions),
    /// Report every error; writes nothing and needs no Typst
    Check(options::Options),
    /// Attack published tables: which withheld values can be worked out, and how closely
    Audit(audit::AuditOptions),
    /// Compare `output/` with the checksums in its manifest
    Verify(verify::VerifyOptions),
    /// Write the register numbers of the documents in `output/` into the ledger, as released
    Release(release::ReleaseOptions),
    /// Move the key and the copies of closed years to another machine
    Custody(custody::CustodyOptions),
    /// Approve what the documents of a country in `output/` say, or take that back
    Approve(approve::ApproveOptions),
    /// Mail each donor its documents from `output/donors/`; without `--live` only write the messages
    Send(send::SendOptions),
    /// Open the address of each source once, politely, and note what was found; `check` then names the dead ones
    Links(links::LinksOptions),
    /// Write a new project into a folder of its own; it passes `check` and builds at once
    New(new::NewOptions),
    /// Move the project to the present format, and say what was changed
    Upgrade(upgrade::UpgradeOptions),
    /// List the templates, schemas, texts and letters that the program carries; with `--copy` put one into the project, to be changed
    Carried(carried::CarriedOptions),
    /// Print the JSON Schema of a kind of file, by which an editor completes and checks its keys
    Schema(schema::SchemaOptions),
    /// Create an empty country; `check` then leads through what is missing
    Init(init::InitOptions),
    /// Make tables workbooks to fill in, with drop-downs and notes; their rows stay
    Workbook(workbook::WorkbookOptions),
    /// Show what a mapping makes of delivered files: rows of our tables, each traced to its cells
    Import(import::ImportOptions),
    /// Print the statement by which an engine counts a register
    Sql(sql::SqlOptions),
    /// Have an engine count a register, keep the counted file, and check it
    Count(count::CountOptions),
    /// Trace a number: its definition, rule, rows, sources, and where it is printed
    Explain(explain::Question),
    /// Show the documents in `output/` in a browser on this machine, each number with its rows, until Ctrl-C
    Preview(preview::PreviewOptions),
    /// Say what stands of each document and what is left to do: prose that is missing, what is stale or a draft, what is new
    Status(status::StatusOptions),
    /// List the figures that prose may name, found by words, each with the call that prints it
    Figures(figures::FiguresOptions),
    /// Say why a figure is printed or withheld, and what would let more be printed: for the custodian of the register
    Why(why::WhyOptions),
    /// Try other rules of protection: what share of each register would be withheld
    Protect(protect::ProtectOptions),
    /// List the figures that differ between two builds, and why
    Diff(diff::DiffOptions),
    /// Keep what `output/` holds as a snapshot, which a later issue names as its `previous`
    Keep(keep::KeepOptions),
    /// Write a sheet that shows each sentence beside its translation, or read the corrections in it
    Translate(translate::TranslateOptions),
    /// Print the script that completes commands and options in a shell
    Completions(manual::CompletionsOptions),
    /// Write a manual page for each command
    Man(manual::ManOptions),
}

/// Runs the command. A bug ends with exit code 3, and only its place is printed.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    bug::listen();
    let ended = caught(|| obey(&parsed(arguments)));
    // Bugs in threads that nobody waited for are reported, too.
    let bugs: Vec<String> =
        ended.as_ref().err().into_iter().chain(&bug::unreported()).map(ToString::to_string).collect();
    match ended {
        Ok(end) if bugs.is_empty() => end.into(),
        _ => conclude(Some(bugs.join("\nerror: ")), false).into(),
    }
}

/// The command that the arguments ask for. If they are wrong, or ask for help, the program ends here.
fn parsed(arguments: impl IntoIterator<Item = OsString>) -> Cli {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let matches = command().color(shared::colour(&arguments)).get_matches_from(arguments);
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn obey(cli: &Cli) -> End {
    let (shared, diagnostics) = (&cli.shared, &mut cli.shared.findings());
    match &cli.command {
        Command::Build(options) => build::run(options, shared, diagnostics),
        Command::Watch(options) => watch::run(options, shared),
        Command::Check(options) => check::run(options, shared, diagnostics),
        Command::Audit(options) => audit::run(options, shared, diagnostics),
        Command::Verify(options) => verify::run(options, shared, diagnostics),
        Command::Release(options) => release::run(options, shared, diagnostics),
        Command::Custody(options) => custody::run(options, shared, diagnostics),
        Command::Approve(options) => approve::run(options, shared, diagnostics),
        Command::Send(options) => send::run(options, shared, diagnostics),
        Command::Links(options) => links::run(options, shared, diagnostics),
        Command::New(options) => new::run(options, diagnostics),
        Command::Upgrade(options) => upgrade::run(options, shared, diagnostics),
        Command::Carried(options) => carried::run(options, shared, diagnostics),
        Command::Schema(options) => schema::run(options),
        Command::Init(options) => init::run(options, shared, diagnostics),
        Command::Workbook(options) => workbook::run(options, shared, diagnostics),
        Command::Import(asked) => import::run(asked, shared, diagnostics),
        Command::Sql(options) => sql::run(options, shared, diagnostics),
        Command::Count(options) => count::run(options, shared, diagnostics),
        Command::Explain(question) => explain::run(question, shared, diagnostics),
        Command::Preview(options) => preview::run(options, shared, diagnostics),
        Command::Status(options) => status::run(options, shared, diagnostics),
        Command::Figures(options) => figures::run(options, shared, diagnostics),
        Command::Why(options) => why::run(options, shared, diagnostics),
        Command::Protect(options) => protect::run(options, shared, diagnostics),
        Command::Diff(options) => diff::run(options, shared),
        Command::Keep(options) => keep::run(options, shared, diagnostics),
        Command::Translate(options) => translate::run(options, shared, diagnostics),
        Command::Completions(options) => manual::completions(options, command()),
        Command::Man(options) => manual::man(options, command()),
    }
}

/// The command line as it is parsed and documented: each command says where the tables of the program are.
fn command() -> clap::Command {
    Cli::command().mut_subcommands(|command| command.after_help(help::SEE))
}
