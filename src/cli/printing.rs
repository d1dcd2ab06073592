//! What is printed, and how: findings in their colours, paths and lines.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::PathBuf;

use crate::diagnostic::{Colour, Diagnostics, Format};

/// Prints the findings to a stream.
pub(super) fn report(
    diagnostics: &Diagnostics,
    format: Format,
    colour: Colour,
    failure: Option<&str>,
    stream: impl Write,
) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, stream);
    unless_gone(diagnostics.write(format, colour, failure, &mut out).and_then(|()| out.flush()))
}

/// The variables that say whether to print in colour.
pub(super) const COLOURS: [&str; 4] = ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "TERM"];

/// Colour on a terminal only, unless the environment says otherwise (<https://no-color.org>,
/// <https://bixense.com/clicolors>).
pub(super) fn colour(terminal: bool) -> Colour {
    let [no_color, forced, able, term] = COLOURS;
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, wanted: &str| std::env::var_os(name).is_some_and(|value| value == wanted);
    let forced = set(forced) && !is(forced, "0");
    let able = terminal && !is(term, "dumb") && !is(able, "0");
    if !set(no_color) && (forced || able) { Colour::Terminal } else { Colour::Plain }
}

/// The paths written, one a line.
pub(super) fn say_paths(paths: &[PathBuf]) -> std::io::Result<()> {
    let lines = paths.iter().map(|path| format!("{}\n", path.strip_prefix(".").unwrap_or(path).display()));
    unless_gone(std::io::stdout().write_all(lines.collect::<String>().as_bytes()))
}

/// A reader that has closed its end is not an error.
pub(super) fn unless_gone(written: std::io::Result<()>) -> std::io::Result<()> {
    written.or_else(|error| if error.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(error) })
}

pub(super) fn say_lines(lines: &[String]) -> std::io::Result<()> {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    unless_gone(std::io::stdout().write_all(text.as_bytes()))
}
