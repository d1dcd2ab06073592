//! The command `count`: has an engine count a register, keeps the counted file, and checks it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::check::check;
use super::end::{End, complain, conclude, failure, guarded, withheld};
use super::printing::say_paths;
use super::progress::Step;
use super::shared::Shared;
use super::sql::counting;
use crate::delivery::count::{self, Asked};
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;

#[derive(Args)]
pub(super) struct CountOptions {
    /// The table that an engine counts, as `[engine.<table>]` of its country declares
    #[arg(value_name = "ISO3/TABLE")]
    table: String,
    /// Count from the view of counted lines, not from the cases
    #[arg(long)]
    counted: bool,
    /// The engine's client: it gets the SQL on stdin, or in the file that an argument `{sql}` stands for
    #[arg(last = true, required = true, value_name = "CLIENT")]
    client: Vec<OsString>,
}

/// Has the engine of a table count its register; gives the path of the counted file, or why it may not be written.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when a declaration is faulty; when the client fails. The old file is as it was then.
pub fn count_register(
    root: &Path,
    table: &str,
    counted: bool,
    client: &[OsString],
    diagnostics: &mut Diagnostics,
) -> Result<std::result::Result<PathBuf, String>> {
    let project = Project::read(root, diagnostics)?;
    let (country, counting) = match counting(&project, table, diagnostics)? {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let table = counting.table();
    let path = format!("data/countries/{}/register/{table}.csv", country.iso3);
    if let Some(why) = count::refused(root, country, table, &path) {
        return Ok(Err(why));
    }
    let statement = if counted { counting.counted() } else { counting.statement() };
    let (labels, time) = (counting.labels(), project.report.limits.engine_time);
    count::count(root, &path, &Asked { statement: &statement, labels: &labels, client, time }).map(Ok)
}

/// Counts, prints the path of the counted file, and checks it as `check` does; findings go to stderr.
pub(super) fn run(options: &CountOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let root = shared.root();
    let counted = guarded(|| count_register(&root, &options.table, options.counted, &options.client, diagnostics));
    let path = match counted {
        Ok(Ok(path)) => path,
        Ok(Err(why)) => {
            complain(why);
            return conclude(None, true);
        }
        Err(error) => {
            let failed = failure(Some(&error), diagnostics);
            let reported = shared.report(diagnostics, Format::Human, None, std::io::stderr());
            return conclude(failed.or(reported.err().map(|error| error.to_string())), true);
        }
    };
    let said = say_paths(&[path]);
    let diagnostics = &mut shared.findings();
    let outcome = guarded(|| check(&root, &|_: Step<'_>| {}, diagnostics));
    let ended = outcome.as_ref().err().map(|error| End::of(error, diagnostics));
    let failed = failure(outcome.as_ref().err(), diagnostics);
    let reported = shared.report(diagnostics, Format::Human, None, std::io::stderr());
    match (ended, &failed) {
        (Some(End::Discloses), Some(why)) => withheld(why),
        _ => conclude(failed.or_else(|| said.and(reported).err().map(|error| error.to_string())), diagnostics.failed()),
    }
}
