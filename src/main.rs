//! The command line: parses, calls, prints, and chooses the exit code. **clap** and **indicatif** live here.

#[path = "main/begin.rs"]
mod begin;
#[path = "main/build.rs"]
mod build;
#[path = "main/custody.rs"]
mod custody;
#[path = "main/send.rs"]
mod send;
#[path = "main/watch.rs"]
mod watch;

use std::ffi::OsString;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tipbrief::Step;
use tipbrief::bug::{self, caught};
use tipbrief::diagnostic::{Colour, Diagnostics, Format, Reported};
use tipbrief::diff;
use tipbrief::explain::{Nothing, json, words};
use tipbrief::protect::Discloses;

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
    Check(build::Options),
    /// Work out what published tables withhold, as far as they let it be worked out
    Audit(custody::AuditOptions),
    /// Hold `output/` against the checksums of its manifest
    Verify(custody::VerifyOptions),
    /// Write the register numbers of the documents in `output/` into the ledger, as released
    Release(custody::ReleaseOptions),
    /// Mail to each donor what `output/donors/` holds for it; without `--live` only write the messages
    Send(send::SendOptions),
    /// Lay out an empty country, for `check` to lead through
    Init(begin::InitOptions),
    /// Say where a number comes from: its definition, rule, rows, sources, and where it is printed
    Explain(Question),
    /// Say which figures two editions do not share, and why
    Diff(DiffOptions),
}

#[derive(Args)]
struct Question {
    /// A figure (`LAO/persons_arrested:2007`), an indicator with a period and codes (`LAO/persons_arrested year=2007
    /// sex=female`), or a number (`23`)
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnswerFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Args)]
struct DiffOptions {
    /// The earlier edition: an output folder, or a revision of `data/` in Git (a folder of that name goes first)
    old: String,
    /// The later edition, likewise; a folder that holds `data/` is compiled as it stands
    new: String,
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: DiffFormat,
}

#[derive(Clone, Copy, ValueEnum)]
enum DiffFormat {
    /// A line for each figure, and one for each cause
    Text,
    /// Tables for a pull request or a release note
    Markdown,
    /// What `figures.json` says of each figure, before and now
    Json,
}

/// Faults in data, declarations or prose.
const FAULTS: u8 = 1;
/// The machine: no Typst, disk full, unreadable file.
const MACHINE: u8 = 3;

fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Does what is asked for. A bug in it ends with the code of the machine, and says where it is and nothing else.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    bug::listen();
    let ended = caught(|| obey(&Cli::parse_from(arguments)));
    // What showed in a thread that nobody waited for is told, too.
    let bugs: Vec<String> = ended.as_ref().err().into_iter().chain(&bug::untold()).map(ToString::to_string).collect();
    match ended {
        Ok(code) if bugs.is_empty() => code,
        _ => conclude(Some(bugs.join("\nerror: ")), false),
    }
}

fn obey(cli: &Cli) -> ExitCode {
    let mut diagnostics = Diagnostics::quiet(cli.quiet);
    match &cli.command {
        Command::Build(options) => build::build(options, &mut diagnostics),
        Command::Watch(options) => watch::watch(options, cli.quiet),
        Command::Check(options) => build::check(options, &mut diagnostics),
        Command::Audit(options) => custody::audit(options, &mut diagnostics),
        Command::Verify(options) => custody::verify(options),
        Command::Release(options) => custody::release(options, &mut diagnostics),
        Command::Send(options) => send::send(options, &mut diagnostics),
        Command::Init(options) => begin::init(options, &mut diagnostics),
        Command::Explain(question) => explain(question, &mut diagnostics),
        Command::Diff(options) => compare(options, cli.quiet),
    }
}

/// Prints the answer to a question; what is wrong with the data goes to stderr, where nothing answers it, too.
fn explain(question: &Question, diagnostics: &mut Diagnostics) -> ExitCode {
    let status = Status::start(Format::Human);
    let progress = |step: Step<'_>| status.say(step);
    let answer = guarded(|| tipbrief::explain(&question.root, &question.query, &progress, diagnostics));
    status.end();
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) if error.is::<Nothing>() => {
            // What faulty data holds is not known: its faults come first.
            if diagnostics.failed() {
                let _ = report(diagnostics, Format::Human, None, std::io::stderr());
            }
            let _ = writeln!(std::io::stderr(), "error: {error}");
            return conclude(failure(None, diagnostics), true);
        }
        Err(error) if discloses(&error, diagnostics) => return custody::withheld(&error.to_string()),
        Err(error) => {
            let written = report(diagnostics, Format::Human, None, std::io::stderr());
            let failure = failure(Some(&error), diagnostics);
            return conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true);
        }
    };
    let text = match question.format {
        AnswerFormat::Human => Ok(words(&answer)),
        AnswerFormat::Json => json(&answer),
    };
    let written = text.and_then(|text| Ok(unless_gone(std::io::stdout().write_all(text.as_bytes()))?));
    conclude(failure(written.err().as_ref(), diagnostics), false)
}

/// Answers what differs between two editions: on stdout the answer and nothing else.
fn compare(options: &DiffOptions, quiet: bool) -> ExitCode {
    let status = Status::start(if matches!(options.format, DiffFormat::Text) { Format::Human } else { Format::Json });
    let progress = |step: Step<'_>| status.say(step);
    let mut findings = [Diagnostics::quiet(quiet), Diagnostics::quiet(quiet)];
    let outcome = guarded(|| tipbrief::diff(&options.root, [&options.old, &options.new], &progress, &mut findings));
    status.end();
    for (name, found) in [&options.old, &options.new].into_iter().zip(&findings).filter(|(_, found)| found.failed()) {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "in `{name}`:");
        let _ = report(found, Format::Human, None, std::io::stderr());
    }
    let answer = outcome.and_then(|comparison| match options.format {
        DiffFormat::Text => Ok(diff::text(&comparison)),
        DiffFormat::Markdown => Ok(diff::markdown(&comparison)),
        DiffFormat::Json => diff::json(&comparison),
    });
    let [mut both, of_new] = findings;
    both.absorb(of_new);
    match answer {
        Ok(answer) => {
            let written = unless_gone(std::io::stdout().write_all(answer.as_bytes()));
            let unwritten = written.err().map(|error| format!("the output cannot be written: {error}"));
            conclude(unwritten.or_else(|| failure(None, &both)), false)
        }
        Err(error) if discloses(&error, &both) => custody::withheld(&error.to_string()),
        Err(error) => conclude(failure(Some(&error), &both), true),
    }
}

/// Does what a command asks for, where a bug is a failure like others.
fn guarded<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    caught(work).map_err(anyhow::Error::from).flatten()
}

/// Why a command failed, if faults are not all the reason: what went wrong in the world, and the bugs that stopped countries.
fn failure(error: Option<&anyhow::Error>, diagnostics: &Diagnostics) -> Option<String> {
    let world = error.filter(|error| !error.is::<Reported>()).map(|error| format!("{error:#}"));
    let bugs = diagnostics.stopped().map(|(country, bug)| format!("{country}: {bug}"));
    let told: Vec<String> = world.into_iter().chain(bugs).collect();
    (!told.is_empty()).then(|| told.join("\nerror: "))
}

/// Whether a command failed since something discloses; a bug that stopped a country is told before that.
fn discloses(error: &anyhow::Error, diagnostics: &Diagnostics) -> bool {
    error.is::<Discloses>() && diagnostics.stopped().next().is_none()
}

fn conclude(failure: Option<String>, faulty: bool) -> ExitCode {
    if let Some(failure) = failure {
        // Nobody is left to tell where stderr is gone.
        let _ = writeln!(std::io::stderr(), "error: {failure}");
        return ExitCode::from(MACHINE);
    }
    if faulty { ExitCode::from(FAULTS) } else { ExitCode::SUCCESS }
}

/// Prints the findings to a stream, in colour if a person looks at it.
fn report(
    diagnostics: &Diagnostics,
    format: Format,
    failure: Option<&str>,
    stream: impl Write + IsTerminal,
) -> std::io::Result<()> {
    let colour = colour(stream.is_terminal());
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    unless_gone(diagnostics.write(format, colour, failure, &mut out).and_then(|()| out.flush()))
}

/// Colour on a terminal only, unless the environment says otherwise (<https://no-color.org>,
/// <https://bixense.com/clicolors>).
fn colour(terminal: bool) -> Colour {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, wanted: &str| std::env::var_os(name).is_some_and(|value| value == wanted);
    let forced = set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0");
    let able = terminal && !is("TERM", "dumb") && !is("CLICOLOR", "0");
    if !set("NO_COLOR") && (forced || able) { Colour::Terminal } else { Colour::Plain }
}

/// The paths written, one a line.
fn say_paths(paths: &[PathBuf]) -> std::io::Result<()> {
    let lines = paths.iter().map(|path| format!("{}\n", path.strip_prefix(".").unwrap_or(path).display()));
    unless_gone(std::io::stdout().write_all(lines.collect::<String>().as_bytes()))
}

/// A reader that has gone away is no failure of ours.
fn unless_gone(written: std::io::Result<()>) -> std::io::Result<()> {
    written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

/// What is being done, for a person at a terminal who has waited for a while.
struct Status {
    bar: ProgressBar,
    shown: Option<(Sender<()>, JoinHandle<()>)>,
}

/// How long a run lasts before anything is shown of it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often what is shown moves.
const TICK: Duration = Duration::from_millis(120);

impl Status {
    /// Shown on stderr once the run has lasted; never where a program reads that.
    fn start(format: Format) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !std::io::stderr().is_terminal() || format.is_for_machines() {
            return Self { bar, shown: None };
        }
        let (sender, receiver) = channel::<()>();
        let shown = bar.clone();
        let thread = std::thread::spawn(move || {
            if receiver.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
                // Until the run ends and lets go of the sender.
                let _ = receiver.recv();
                shown.finish_and_clear();
            }
        });
        Self { bar, shown: Some((sender, thread)) }
    }

    fn say(&self, step: Step<'_>) {
        if self.shown.is_none() {
            return;
        }
        let template = if let Some((done, total)) = step.bytes {
            self.bar.set_length(total);
            self.bar.set_position(done);
            "{spinner} {msg} {bar:24} {percent} %"
        } else {
            "{spinner} {msg} ({elapsed})"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        self.bar.set_message(step.message.to_owned());
    }

    /// Takes it off the terminal, before anything else is printed there.
    fn end(self) {
        if let Some((sender, thread)) = self.shown {
            drop(sender);
            // A thread that only draws has nothing to say of its end.
            let _ = thread.join();
        }
    }
}
