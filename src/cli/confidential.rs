//! What commands that answer the custodian alone have in common: they print to a terminal, need the register, write nothing, and
//! refuse in CI, whose logs others read.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded};
use super::printing::say_lines;
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::status_line::StatusLine;
use crate::diagnostic::{Diagnostics, Format};

/// The variable that CI sets.
pub(super) const CI: &str = "CI";

#[derive(Args)]
pub(super) struct Confidential {
    /// Print although stdout is no terminal: keep what comes of it as confidential as the register
    #[arg(long)]
    confidential: bool,
}

impl Confidential {
    /// Prints the lines of the answer, unless nothing may be printed here.
    pub(super) fn answer(
        &self,
        shared: &Shared,
        diagnostics: &mut Diagnostics,
        ask: impl FnOnce(&Path, Progress<'_>, &mut Diagnostics) -> Result<Vec<String>>,
    ) -> End {
        if let Some(refused) = self.refused() {
            return refused;
        }
        let status = StatusLine::start(Format::Human);
        let progress = |step: Step<'_>| status.say(step);
        let lines = guarded(|| ask(&shared.root(), &progress, diagnostics));
        status.end();
        match lines {
            Ok(lines) => {
                let written = say_lines(&lines);
                conclude(failure(None, diagnostics).or_else(|| written.err().map(|error| error.to_string())), false)
            }
            Err(error) => shared.unanswered(error, diagnostics),
        }
    }

    /// How the command ends if nothing may be printed here.
    fn refused(&self) -> Option<End> {
        if std::env::var_os(CI).is_some_and(|value| !value.is_empty()) {
            complain(format!("the answer is confidential, and the logs of CI are not (`{CI}` is set)"));
            return Some(End::Refused);
        }
        if !self.confidential && !std::io::stdout().is_terminal() {
            complain(
                "the answer is confidential and goes to a terminal only\n  = hint: `--confidential` prints it into a pipe or a file",
            );
            return Some(End::Misused);
        }
        None
    }
}
