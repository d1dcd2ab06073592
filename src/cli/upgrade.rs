//! The command `upgrade`: a project of an older format becomes one of the present.

use std::io::Write;

use clap::Args;

use super::end::{End, conclude, guarded};
use super::layout::upgrade::{Upgraded, upgrade};
use super::printing::say_lines;
use super::shared::Shared;
use crate::delivery::publish::quiet;
use crate::diagnostic::{Diagnostics, several};
use crate::project::format;

#[derive(Args)]
pub(super) struct UpgradeOptions {
    /// Remove files that are the same as those that the program carries, so that those of later programs are read
    #[arg(long)]
    remove_copies: bool,
}

/// Upgrades the project, and prints what was changed.
pub(super) fn run(options: &UpgradeOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    let outcome = guarded(|| {
        let _quiet = quiet(&root);
        upgrade(&root, options.remove_copies, diagnostics)
    });
    match outcome {
        Ok(Upgraded { mut changes, copies }) => {
            if changes.is_empty() {
                let present = format::Format::PRESENT.name();
                changes.push(format!("nothing to do: the project has the present format, {present}"));
            }
            if let Some(first) = copies.first() {
                let files =
                    several(copies.len(), "file is the same as the program's", "files are the same as the program's");
                let hint = "`tipbrief upgrade --remove-copies` removes them, and those of later programs are read";
                // If stderr is closed, nobody can read it.
                let _ = writeln!(std::io::stderr(), "note: {files}, such as `{first}`: {hint}");
            }
            conclude(say_lines(&changes).err().map(|error| error.to_string()), false)
        }
        Err(error) => shared.unanswered(error, diagnostics),
    }
}
