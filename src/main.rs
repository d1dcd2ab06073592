//! The command line: parses, calls, prints, and chooses the exit code. **clap** and **indicatif** live here.

use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tipbrief::Step;
use tipbrief::audit::{Mark, Request};
use tipbrief::diagnostic::{Colour, Diagnostics, Format, Reported};
use tipbrief::protect::Discloses;

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
    /// Work out what published tables withhold, as far as they let it be worked out
    Audit(AuditOptions),
    /// Hold `output/` against the checksums of its manifest
    Verify(VerifyOptions),
    /// Write the register numbers of the documents in `output/` into the ledger, as released
    Release(ReleaseOptions),
}

#[derive(Args)]
struct VerifyOptions {
    /// The folder that holds `data/` and `output/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Args)]
struct ReleaseOptions {
    /// What the edition is called: the stem of its file in `data/ledger/`
    #[arg(value_parser = edition_name)]
    edition: String,
    /// The folder that holds `data/` and `output/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Put the register's numbers in the place of those released before, and say what that exposes
    #[arg(long)]
    correct: bool,
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
struct AuditOptions {
    /// The tables, which are linked by the dimensions they share
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The folder that the files are named from
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// The column with the values; every other column is a dimension
    #[arg(long, value_name = "COLUMN")]
    value: String,
    /// A mark that stands for a withheld value, with the bounds it states: `x`, `<5=0..4`
    #[arg(long = "mark", value_name = "MARK", allow_hyphen_values = true)]
    marks: Vec<Mark>,
    /// Values that can be told to lie closer together than this are narrow
    #[arg(long, value_name = "N", default_value_t = 1)]
    width: u32,
    /// How the answer is printed to stdout
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    /// Name the rows, too; the answer is in aggregate otherwise
    #[arg(long)]
    places: bool,
    /// Exit with 4 unless every withheld value is free
    #[arg(long)]
    deny: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnswerFormat {
    /// Sentences
    Human,
    /// One object
    Json,
}

#[derive(Args)]
struct Options {
    /// The folder that holds `data/` and `templates/`
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// How findings are printed: by `check` to stdout, by `build` to stderr
    #[arg(long, value_enum, default_value = "human")]
    format: FindingsFormat,
    /// Findings of this gravity fail the run, too
    #[arg(long, value_enum, value_name = "GRAVITY")]
    deny: Option<Deny>,
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

/// Faults in data, declarations or prose.
const FAULTS: u8 = 1;
/// The machine: no Typst, disk full, unreadable file.
const MACHINE: u8 = 3;
/// What is already public, or an artefact, discloses.
const DISCLOSES: u8 = 4;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut diagnostics = Diagnostics::default();
    let options = match &cli.command {
        Command::Build(options) | Command::Check(options) => options,
        Command::Audit(options) => return audit(options, &mut diagnostics),
        Command::Verify(options) => return verify(options),
        Command::Release(options) => return release(options, &mut diagnostics),
    };
    let format = Format::from(options.format);
    let status = Status::start(format);
    let progress = |step: Step<'_>| status.say(step);
    let outcome = match &cli.command {
        Command::Build(_) => tipbrief::build(&options.root, &progress, &mut diagnostics),
        _ => tipbrief::check(&options.root, &progress, &mut diagnostics).map(|()| Vec::new()),
    };
    status.end();
    let failure = outcome.as_ref().err().filter(|error| !error.is::<Reported>()).map(|error| format!("{error:#}"));
    let mut written = match &cli.command {
        Command::Build(_) => report(&diagnostics, format, failure.as_deref(), std::io::stderr()),
        _ => report(&diagnostics, format, failure.as_deref(), std::io::stdout()),
    };
    if let Ok(paths) = &outcome {
        written = written.and(say_paths(paths));
    }
    if let Some(failure) = failure.as_ref().filter(|_| outcome.as_ref().is_err_and(|error| error.is::<Discloses>())) {
        return withheld(failure);
    }
    let failure = failure.or_else(|| written.err().map(|error| format!("the output cannot be written: {error}")));
    conclude(failure, diagnostics.failed() || (options.deny.is_some() && diagnostics.warned()))
}

/// Attacks published tables, and prints what was found.
fn audit(options: &AuditOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let request = Request { value: options.value.clone(), marks: options.marks.clone(), width: options.width };
    let found = tipbrief::audit(&options.root, &options.files, &request, diagnostics);
    let format = if options.format == AnswerFormat::Json { Format::Short } else { Format::Human };
    let failure = found.as_ref().err().filter(|error| !error.is::<Reported>()).map(|error| format!("{error:#}"));
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
fn verify(options: &VerifyOptions) -> ExitCode {
    match tipbrief::verify(&options.root) {
        Ok(differences) => {
            let written = say_lines(&differences);
            conclude(written.err().map(|error| error.to_string()), !differences.is_empty())
        }
        Err(error) => conclude(Some(format!("{error:#}")), true),
    }
}

/// Releases an edition, and prints the ledger's path, what forbids it, or what it exposes.
fn release(options: &ReleaseOptions, diagnostics: &mut Diagnostics) -> ExitCode {
    let progress = |_: Step<'_>| {};
    let outcome = tipbrief::release_edition(&options.root, &options.edition, options.correct, &progress, diagnostics);
    let failure = outcome.as_ref().err().filter(|error| !error.is::<Reported>()).map(|error| format!("{error:#}"));
    let mut written = report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
    match outcome {
        Ok(released) => {
            let exposed = released
                .exposed
                .iter()
                .map(|id| format!("{id}: the difference from what was released shows few persons"));
            written = written.and(say_lines(&exposed.collect::<Vec<_>>()));
            written = written.and(say_paths(&released.path.into_iter().collect::<Vec<_>>()));
            for refused in &released.refused {
                // Nobody is left to tell where stderr is gone.
                let _ = writeln!(std::io::stderr(), "error: {refused}");
            }
            conclude(written.err().map(|error| error.to_string()), !released.refused.is_empty())
        }
        Err(error) if error.is::<Discloses>() => withheld(&format!("{error:#}")),
        Err(_) => conclude(failure, true),
    }
}

/// Nothing is written: what is already public, or an artefact, discloses.
fn withheld(why: &str) -> ExitCode {
    // Nobody is left to tell where stderr is gone.
    let _ = writeln!(std::io::stderr(), "error: {why}");
    ExitCode::from(DISCLOSES)
}

fn say_lines(lines: &[String]) -> std::io::Result<()> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    unless_gone(std::io::stdout().write_all(text.as_bytes()))
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
