//! What commands that answer the custodian alone have in common: they print to a terminal, need the register, write nothing, and
//! refuse in CI, whose logs others read.

use std::io::IsTerminal;

use clap::Args;

use super::end::{End, complain};

/// The variable that CI sets.
pub(super) const CI: &str = "CI";

#[derive(Args)]
pub(super) struct Confidential {
    /// Print although stdout is no terminal: keep what comes of it as confidential as the register
    #[arg(long)]
    confidential: bool,
}

impl Confidential {
    /// How the command ends if nothing may be printed here.
    pub(super) fn refused(&self) -> Option<End> {
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
