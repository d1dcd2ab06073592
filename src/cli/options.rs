//! Options that several commands share.

use clap::{Args, ValueEnum};

use super::end::{End, conclude, unwritten};
use crate::diagnostic::{Diagnostics, Format};

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TextFormat {
    /// Lines for people
    Text,
    /// For programs
    Json,
}

#[derive(Args)]
pub(super) struct Options {
    /// How findings are printed: by `check` to stdout, by `build` to stderr
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: FindingsFormat,
    /// Findings of this gravity fail the run, too
    #[arg(long, value_enum, value_name = "GRAVITY")]
    pub(super) deny: Option<Deny>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum FindingsFormat {
    /// Source line, caret and hint; many findings alike are shown once
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
pub(super) enum Deny {
    Warnings,
}

impl Options {
    /// How a command with these options ends.
    pub(super) fn end(&self, diagnostics: &Diagnostics, failure: Option<String>, written: std::io::Result<()>) -> End {
        let failure = failure.or_else(|| unwritten(written));
        conclude(failure, diagnostics.failed() || (self.deny.is_some() && diagnostics.warned()))
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

/// Whether a name can be that of a file or a folder.
pub(super) fn file_name(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(fits) {
        Ok(name.to_owned())
    } else {
        Err("use letters, digits, `-` and `_`".to_owned())
    }
}
