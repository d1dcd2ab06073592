//! The command `approve`: a person binds a name to what the documents of a country say, or takes that back.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded, unwritten, withheld};
use super::printing::say_lines;
use super::progress::{Progress, Step};
use super::shared::Shared;
use super::stages::release;
use crate::delivery::approve::{self, Accept, Asked, Material, Outcome, Refused};
use crate::delivery::build::changes;
use crate::delivery::publish::quiet;
use crate::diagnostic::{Diagnostics, Format};
use crate::document::bind::bind;
use crate::document::typeset::Templates;
use crate::project::Project;

/// Approves what the documents of a country in `output/` say, if `verify` and `check` pass and the list of it is accepted.
///
/// # Errors
/// [`Refused`] with all that forbids it; faults, which are in `diagnostics`; or a failure of the machine.
pub fn approve(
    root: &Path,
    asked: &Asked<'_>,
    accept: Accept<'_>,
    progress: Progress<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Outcome> {
    let _quiet = quiet(root);
    let project = Project::load(root, diagnostics)?;
    let release = release(&project, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let changes = changes(&project, &release, diagnostics)?;
    release.conclude()?;
    diagnostics.conclude(())?;
    let templates = Templates::read(root)?;
    progress("looking at the documents".into());
    let material =
        Material { project: &project, release: &release, prose: &prose, changes: &changes, templates: &templates };
    approve::approve(material, asked, accept, diagnostics)
}

/// Takes back what a person approved of the documents of a country. What they say now does not matter.
///
/// # Errors
/// As for [`approve()`].
pub fn withdraw(root: &Path, asked: &Asked<'_>, accept: Accept<'_>, diagnostics: &mut Diagnostics) -> Result<Outcome> {
    let project = Project::load(root, diagnostics)?;
    approve::withdraw(&project, asked, accept, diagnostics)
}

#[derive(Args)]
pub(super) struct ApproveOptions {
    /// The country whose documents are approved
    #[arg(value_name = "ISO3")]
    country: String,
    /// Who approves: a name, one of `by` in `[approval]` where that names some
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Only the documents in this language; may be given several times
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// Only this document, such as `brief`; may be given several times
    #[arg(long = "document", value_name = "ID")]
    documents: Vec<String>,
    /// Sign with this key of SSH, or with that of an agent if it is a public key
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Take the approval back
    #[arg(long)]
    withdraw: bool,
}

/// Shows what is approved, approves it, and says how many approvals are still needed.
pub(super) fn run(options: &ApproveOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let asked = Asked {
        country: &options.country,
        languages: &options.languages,
        documents: &options.documents,
        by: &options.by,
        key: options.key.as_deref(),
    };
    let root = shared.root();
    let question =
        format!("{} as {}? [y/N] ", if options.withdraw { "Take this back" } else { "Approve this" }, options.by);
    let accept = |list: &[String]| accepted(list, &question);
    let outcome = guarded(|| {
        if options.withdraw {
            withdraw(&root, &asked, &accept, diagnostics)
        } else {
            approve(&root, &asked, &accept, &|_: Step<'_>| (), diagnostics)
        }
    });
    match outcome {
        Ok(Outcome { said }) if said.is_empty() => {
            complain("nothing was approved");
            End::Refused
        }
        Ok(Outcome { said }) => conclude(unwritten(say_lines(&said)), false),
        Err(error) if End::of(&error, diagnostics) == End::Discloses => withheld(&format!("{error:#}")),
        Err(error) => {
            if let Some(Refused(why)) = error.downcast_ref::<Refused>() {
                why.iter().for_each(complain);
                return End::Refused;
            }
            let failure = failure(Some(&error), diagnostics);
            let written = shared.report(diagnostics, Format::Human, failure.as_deref(), std::io::stderr());
            conclude(failure.or_else(|| written.err().map(|error| error.to_string())), true)
        }
    }
}

/// Prints the list, and asks whether to go on; only a terminal is asked.
fn accepted(list: &[String], question: &str) -> bool {
    let printed = say_lines(list).is_ok();
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return printed;
    }
    let mut answer = String::new();
    let asked = std::io::stdout().write_all(question.as_bytes());
    let read = asked.and_then(|()| std::io::stdout().flush()).and_then(|()| std::io::stdin().read_line(&mut answer));
    printed && read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
