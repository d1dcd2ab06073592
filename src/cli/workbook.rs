//! The command `workbook`: tables become workbooks to fill in, or CSV again.

use std::path::Path;

use anyhow::Result;
use clap::Args;

use super::end::{End, conclude, guarded};
use super::layout::Refused;
use super::layout::workbook::convert::{Asked, Converted, Kept, convert};
use super::printing::say_paths;
use super::shared::Shared;
use crate::diagnostic::{Diagnostics, Format};
use crate::project::Project;
use crate::project::country::Country;
use crate::project::declaration::nearest;
use crate::project::schema::Schema;

/// The folder of the countries, which a name may begin with.
const COUNTRIES: &str = "data/countries/";
/// The folder of a country's registers.
const REGISTER: &str = "register";

#[derive(Args)]
pub(super) struct WorkbookOptions {
    /// A table, as `LAO/arrests` or by its file; `LAO` for all public tables of a country, `LAO/register` for its registers
    #[arg(value_name = "TABLE", required = true)]
    tables: Vec<String>,
    /// The way back: make the tables CSV again
    #[arg(long)]
    csv: bool,
}

/// Makes the tables workbooks, or CSV again.
///
/// # Errors
/// Faults in shared declarations or in a table as it is written, which are in `diagnostics`; [`Refused`], with nothing written; or
/// a failure of the machine.
fn made(root: &Path, tables: &[String], to: Kept, diagnostics: &mut Diagnostics) -> Result<Converted> {
    let mut found = Diagnostics::default();
    let loaded = Project::load(root, &mut found);
    // What is wrong elsewhere is for `check` to say.
    if loaded.is_err() {
        diagnostics.absorb(found);
    }
    let project = loaded?;
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for name in tables {
        for table in named(&project, name)? {
            let same = |other: &Asked<'_>| {
                (&other.country.iso3, &other.schema.name, other.register)
                    == (&table.country.iso3, &table.schema.name, table.register)
            };
            if !asked.iter().any(same) {
                asked.push(table);
            }
        }
    }
    convert(&project, &asked, to, diagnostics)
}

/// The tables that a name means.
fn named<'p>(project: &'p Project, name: &str) -> Result<Vec<Asked<'p>>> {
    let inside = name.trim_start_matches("./").trim_end_matches('/');
    let parts: Vec<&str> = inside.strip_prefix(COUNTRIES).unwrap_or(inside).split('/').collect();
    match parts.as_slice() {
        [iso3] => all(project, country(project, iso3)?, false),
        [iso3, REGISTER] => all(project, country(project, iso3)?, true),
        [iso3, table] => Ok(vec![one(project, country(project, iso3)?, table, false)?]),
        [iso3, REGISTER, table] => Ok(vec![one(project, country(project, iso3)?, table, true)?]),
        _ => {
            let first = project.countries.first().map_or("", |country| country.iso3.as_str());
            let hint = format!("write it as `{first}/{0}` or `{first}/{REGISTER}/{0}`", counted(project));
            Err(refused(&format!("`{name}` names no table"), &hint))
        }
    }
}

fn country<'p>(project: &'p Project, iso3: &str) -> Result<&'p Country> {
    let codes = || project.countries.iter().map(|country| country.iso3.as_str());
    project.countries.iter().find(|country| country.iso3 == iso3).ok_or_else(|| {
        let hint = nearest(iso3, codes()).map_or_else(
            || format!("the countries are: {}", codes().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        refused(&format!("there is no country `{iso3}` in this project"), &hint)
    })
}

/// A table of counts, for a hint.
fn counted(project: &Project) -> &str {
    let counted = project.schemas.iter().find(|schema| schema.observations.is_some());
    counted.or(project.schemas.first()).map_or("", |schema| schema.name.as_str())
}

/// The tables of a country that have a file.
fn all<'p>(project: &'p Project, country: &'p Country, register: bool) -> Result<Vec<Asked<'p>>> {
    let has =
        |schema: &&Schema| country.tables.iter().any(|file| file.table == schema.name && file.register == register);
    let found: Vec<_> = project.schemas.iter().filter(has).map(|schema| Asked { country, schema, register }).collect();
    if found.is_empty() {
        let (what, inside) = if register { ("register", "register/") } else { ("table", "") };
        let hint = format!("name the one to begin, such as `{}/{inside}{}`", country.iso3, counted(project));
        return Err(refused(&format!("`{}` has no {what} yet", country.iso3), &hint));
    }
    Ok(found)
}

/// A table by its name or its file.
fn one<'p>(project: &'p Project, country: &'p Country, name: &str, register: bool) -> Result<Asked<'p>> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let found = project.schema(name).or_else(|| project.schema(stem));
    found.map(|schema| Asked { country, schema, register }).ok_or_else(|| {
        let names: Vec<&str> = project.schemas.iter().map(|schema| schema.name.as_str()).collect();
        let hint = nearest(stem, names.iter().copied())
            .map_or_else(|| format!("the tables are: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        refused(&format!("`{name}` is not a table of this project"), &hint)
    })
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn refused(why: &str, hint: &str) -> anyhow::Error {
    Refused(format!("{why}; nothing was written\n  = hint: {hint}")).into()
}

/// Makes the tables workbooks or CSV; prints the paths written, and says which files went.
pub(super) fn run(options: &WorkbookOptions, shared: &Shared, diagnostics: &mut Diagnostics) -> End {
    let to = if options.csv { Kept::Csv } else { Kept::Workbook };
    match guarded(|| made(&shared.root(), &options.tables, to, diagnostics)) {
        Ok(converted) => {
            let reported = shared.report(diagnostics, Format::Human, None, std::io::stderr());
            match converted.removed.as_slice() {
                [] => {}
                [old] => shared.remark(&format!("`{}` is removed: its rows are in the new file", file_name(old))),
                old => shared.remark(&format!("the {} files that held these rows are removed", old.len())),
            }
            let written = reported.and_then(|()| say_paths(&converted.written));
            conclude(written.err().map(|error| error.to_string()), false)
        }
        Err(error) => shared.unanswered(error, diagnostics),
    }
}
