//! Options of every command: where the project is, how much is printed, and in which colours.

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ColorChoice, ValueEnum};

use super::end::{End, complain, conclude, failure, withheld};
use super::printing;
use crate::diagnostic::{Colour, Diagnostics, Format};

#[derive(Args)]
pub(super) struct Shared {
    /// The project's folder; by default the nearest one, from here upwards, that holds `data/report.toml`
    #[arg(long, value_name = "DIR", global = true)]
    root: Option<PathBuf>,
    /// Print no warnings and notes, only errors; the formats for machines keep them all
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Whether findings are printed in colour; `auto` does so on a terminal, and follows `NO_COLOR`
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value = "auto")]
    color: When,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

/// The colours of the parser's own errors and of the help, which are printed before `--color` is parsed.
pub(super) fn colour(arguments: &[OsString]) -> ColorChoice {
    let mut words = arguments.iter().map_while(|argument| argument.to_str()).take_while(|word| *word != "--");
    let mut choice = ColorChoice::Auto;
    while let Some(word) = words.next() {
        let when = if word == "--color" { words.next() } else { word.strip_prefix("--color=") };
        choice = when.and_then(|when| when.parse().ok()).unwrap_or(choice);
    }
    choice
}

impl Shared {
    /// The project's folder: the one named, else the nearest one upwards, else this one.
    pub(super) fn root(&self) -> PathBuf {
        self.root.clone().or_else(nearest).unwrap_or_else(|| PathBuf::from("."))
    }

    /// The folder named, else this one, for commands that need no project.
    pub(super) fn folder(&self) -> &Path {
        self.root.as_deref().unwrap_or(Path::new("."))
    }

    /// An empty collection of findings, which leaves out warnings where only errors are asked for.
    pub(super) fn findings(&self) -> Diagnostics {
        Diagnostics::quiet(self.quiet)
    }

    /// Says something on stderr, unless only errors are asked for.
    pub(super) fn remark(&self, text: &str) {
        if !self.quiet {
            // If stderr is closed, nobody can read it.
            let _ = writeln!(std::io::stderr(), "note: {text}");
        }
    }

    /// How a question ends that has no answer. Errors in the data go to stderr.
    pub(super) fn unanswered(&self, error: anyhow::Error, diagnostics: &Diagnostics) -> End {
        match End::of(&error, diagnostics) {
            End::Refused => {
                // What faulty data holds is not known: its faults come first.
                if diagnostics.failed() {
                    let _ = self.report(diagnostics, Format::Human, None, std::io::stderr());
                }
                complain(error);
                conclude(failure(None, diagnostics), true)
            }
            End::Misused => {
                complain(error);
                End::Misused
            }
            End::Discloses => withheld(&error.to_string()),
            _ => {
                let written = self.report(diagnostics, Format::Human, None, std::io::stderr());
                let failure = failure(Some(&error), diagnostics);
                conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
            }
        }
    }

    /// Prints the findings to a stream.
    pub(super) fn report(
        &self,
        diagnostics: &Diagnostics,
        format: Format,
        failure: Option<&str>,
        stream: impl Write + IsTerminal,
    ) -> std::io::Result<()> {
        let colour = match self.color {
            When::Auto => printing::colour(stream.is_terminal()),
            When::Always => Colour::Terminal,
            When::Never => Colour::Plain,
        };
        printing::report(diagnostics, format, colour, failure, stream)
    }
}

/// The nearest folder upwards that holds a project, as a path from here. The search ends where a folder belongs to another
/// user, whose project must not be taken for one's own.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let own = |folder: &&Path| owner(folder) == owner(&here);
    let depth = here.ancestors().take_while(own).position(|folder| folder.join("data/report.toml").is_file())?;
    Some(if depth == 0 { PathBuf::from(".") } else { std::iter::repeat_n("..", depth).collect() })
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().ok().map(|about| about.uid())
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<u32> {
    None
}
