//! The command `carried`: which files are the program's and which the project's own, and a copy of the program's to change.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, guarded};
use super::layout::Refused;
use super::printing::{say_lines, say_paths};
use super::shared::Shared;
use crate::delivery::publish;
use crate::diagnostic::Diagnostics;
use crate::project::carried;
use crate::project::declaration::nearest;
use crate::project::{filled, format_of};

#[derive(Args)]
pub(super) struct CarriedOptions {
    /// Put the carried file of this path into the project, to be changed there; may be given several times
    #[arg(long = "copy", value_name = "PATH")]
    copies: Vec<String>,
}

/// Every file that the program carries for projects that lack it, each with whose is read.
fn listed(root: &Path) -> Vec<String> {
    let filled = filled(root);
    let whose = |path: &str| if filled.iter().any(|(known, _)| *known == path) { "program" } else { "project" };
    carried::filling().map(|(path, _)| format!("{} {path}", whose(path))).collect()
}

/// Puts carried files into the project. Returns the paths written.
///
/// # Errors
/// [`Refused`], with nothing written; or writing fails.
fn copied(root: &Path, paths: &[String]) -> Result<Vec<PathBuf>> {
    let mut refused = Vec::new();
    for path in paths {
        if !carried::filling().any(|(known, _)| known == path) {
            let near = nearest(path, carried::filling().map(|(known, _)| known));
            let meant = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            refused.push(format!("the program carries no `{path}`{meant}"));
        } else if root.join(path).symlink_metadata().is_ok() {
            refused.push(format!("`{path}` is there already; change it there"));
        }
    }
    if !refused.is_empty() {
        return Err(Refused(refused.join("\nerror: ")).into());
    }
    let one = |path: &String| {
        let place = root.join(path);
        publish::replace(&place, carried::file(path).unwrap_or_default())?;
        Ok(place)
    };
    paths.iter().map(one).collect()
}

/// Lists the carried files, or copies some of them.
pub(super) fn run(options: &CarriedOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    let outcome = guarded(|| {
        format_of(&root, diagnostics)?;
        Ok(if options.copies.is_empty() {
            say_lines(&listed(&root))
        } else {
            say_paths(&copied(&root, &options.copies)?)
        })
    });
    match outcome {
        Ok(written) => conclude(written.err().map(|error| error.to_string()), false),
        Err(error) => shared.unanswered(error, diagnostics),
    }
}
