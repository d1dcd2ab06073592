//! The command `sql`: the statement by which an engine counts a register, for its own client.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, complain, conclude, failure, guarded, unwritten};
use super::printing::unless_gone;
use super::shared::Shared;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;
use crate::project::country::Country;
use crate::tables::count::{self, Counting};

#[derive(Args)]
pub(super) struct SqlOptions {
    /// The table that an engine counts, as `[engine.<table>]` of its country declares
    #[arg(value_name = "ISO3/TABLE")]
    table: String,
    /// Print the view of counted lines instead, for a role that may never see a row
    #[arg(long, conflicts_with_all = ["rows", "counted"])]
    view: bool,
    /// Print the query that lists the keys behind this line of the counted file
    #[arg(long, value_name = "LINE", conflicts_with = "counted")]
    rows: Option<u32>,
    /// Count from the view of counted lines, not from the cases
    #[arg(long)]
    counted: bool,
}

/// What is asked of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The groups, counted from the cases.
    Groups,
    /// The groups, from the view of counted lines.
    Counted,
    /// That view.
    View,
    /// The keys of the cases in one counted line.
    Rows(u32),
}

/// The SQL for a table, or why there is none.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when a declaration is faulty, or a failure of the machine.
pub fn sql(
    root: &Path,
    table: &str,
    wanted: Wanted,
    diagnostics: &mut Diagnostics,
) -> Result<std::result::Result<String, String>> {
    let project = Project::read(root, diagnostics)?;
    let (country, counting) = match counting(&project, table, diagnostics)? {
        Ok(found) => found,
        Err(why) => return Ok(Err(why)),
    };
    let table = counting.table();
    Ok(match wanted {
        Wanted::Groups => Ok(counting.statement()),
        Wanted::Counted => Ok(counting.counted()),
        Wanted::View => Ok(counting.view()),
        Wanted::Rows(number) => match count::line(&counting, (&project, country), number, diagnostics)? {
            None => Err(format!("the counted file of {}/{table} has no line {number}", country.iso3)),
            Some(line) => counting.rows(&line).ok_or_else(|| {
                format!("`[engine.{table}]` names no `key`: write the column by which the engine's console shows a row")
            }),
        },
    })
}

/// What an engine counts of the table in `ISO3/table`, and its country; or why nothing is counted.
///
/// # Errors
/// [`Reported`](crate::diagnostic::Reported) when a declaration or the sources are faulty, or a failure of the machine.
pub(super) fn counting<'p>(
    project: &'p Project,
    asked: &str,
    diagnostics: &mut Diagnostics,
) -> Result<std::result::Result<(&'p Country, Counting<'p>), String>> {
    diagnostics.conclude(())?;
    let named = asked
        .split_once('/')
        .and_then(|(iso3, table)| Some((project.countries.iter().find(|country| country.iso3 == iso3)?, table)));
    let Some((country, table)) = named else { return Ok(Err(undeclared(asked))) };
    let counting = Counting::of(project, country, table, diagnostics)?;
    diagnostics.conclude(())?;
    Ok(counting.map(|counting| (country, counting)).ok_or_else(|| undeclared(asked)))
}

/// Why there is no statement for what was asked.
fn undeclared(asked: &str) -> String {
    match asked.split_once('/') {
        Some((iso3, table)) => {
            format!("no engine counts `{asked}`: declare `[engine.{table}]` in the country.toml of {iso3}")
        }
        None => format!("`{asked}` names no table; write the country's code, a slash and the table"),
    }
}

/// Prints the SQL; what is wrong goes to stderr.
pub(super) fn run(options: &SqlOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let wanted = match options.rows {
        Some(line) => Wanted::Rows(line),
        None if options.view => Wanted::View,
        None if options.counted => Wanted::Counted,
        None => Wanted::Groups,
    };
    let outcome = guarded(|| sql(&shared.root(), &options.table, wanted, diagnostics));
    let failed = failure(outcome.as_ref().err(), diagnostics);
    let reported = shared.report(diagnostics, Format::Human, None, std::io::stderr());
    match outcome {
        Ok(Ok(text)) => {
            let written = unless_gone(std::io::stdout().write_all(text.as_bytes())).and(reported);
            conclude(failed.or_else(|| unwritten(written)), false)
        }
        Ok(Err(why)) => {
            complain(why);
            conclude(failed, true)
        }
        Err(_) => conclude(failed, true),
    }
}
