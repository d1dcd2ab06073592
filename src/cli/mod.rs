//! The command line: parses, obeys, and says how it ended. **clap** lives here.
//!
//! * Takes: arguments.
//! * Gives: what is printed, and the exit code.
//!
//! One file a command: its options, what it does (a sentence of the wings before), and what it prints of it. `stages` is the
//! way from the tables on disk to what may be printed, which the commands share; `layout` is an empty country; `end` alone
//! knows the exit codes.

pub(crate) mod audit;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod diff;
mod end;
pub(crate) mod explain;
pub(crate) mod init;
mod interrupt;
mod layout;
mod options;
mod printing;
pub(crate) mod progress;
pub(crate) mod release;
pub(crate) mod send;
mod stages;
mod status;
pub(crate) mod verify;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{self, caught};
use end::{End, conclude};

/// Compiles tables about trafficking in persons into printable country briefs.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Print no warnings and notes, only errors; the formats for machines keep them all
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything, then write every document to `output/`
    Build(build::BuildOptions),
    /// Build, and build again whenever something is saved, until Ctrl-C
    Watch(watch::WatchOptions),
    /// Report every fault; writes nothing and needs no Typst
    Check(options::Options),
    /// Work out what published tables withhold, as far as they let it be worked out
    Audit(audit::AuditOptions),
    /// Hold `output/` against the checksums of its manifest
    Verify(verify::VerifyOptions),
    /// Write the register numbers of the documents in `output/` into the ledger, as released
    Release(release::ReleaseOptions),
    /// Mail to each donor what `output/donors/` holds for it; without `--live` only write the messages
    Send(send::SendOptions),
    /// Lay out an empty country, for `check` to lead through
    Init(init::InitOptions),
    /// Say where a number comes from: its definition, rule, rows, sources, and where it is printed
    Explain(explain::Question),
    /// Say which figures two editions do not share, and why
    Diff(diff::DiffOptions),
}

/// Does what is asked for. A bug in it ends with the code of the machine, and says where it is and nothing else.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    bug::listen();
    let ended = caught(|| obey(&Cli::parse_from(arguments)));
    // What showed in a thread that nobody waited for is told, too.
    let bugs: Vec<String> =
        ended.as_ref().err().into_iter().chain(&bug::unreported()).map(ToString::to_string).collect();
    match ended {
        Ok(end) if bugs.is_empty() => end.into(),
        _ => conclude(Some(bugs.join("\nerror: ")), false).into(),
    }
}

fn obey(cli: &Cli) -> End {
    let mut diagnostics = Diagnostics::quiet(cli.quiet);
    match &cli.command {
        Command::Build(options) => build::run(options, &mut diagnostics),
        Command::Watch(options) => watch::run(options, cli.quiet),
        Command::Check(options) => check::run(options, &mut diagnostics),
        Command::Audit(options) => audit::run(options, &mut diagnostics),
        Command::Verify(options) => verify::run(options),
        Command::Release(options) => release::run(options, &mut diagnostics),
        Command::Send(options) => send::run(options, &mut diagnostics),
        Command::Init(options) => init::run(options, &mut diagnostics),
        Command::Explain(question) => explain::run(question, &mut diagnostics),
        Command::Diff(options) => diff::run(options, cli.quiet),
    }
}
