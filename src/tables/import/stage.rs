//! The stage between reading and checking: the rows that mappings make, as tables beside those that countries keep by hand.

use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;

use super::sources::{self, fed};
use super::{Imported, files, import, kept, plain};
use crate::diagnostic::bug::{Bug, caught};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::project::Mapped;
use crate::project::imports::Mapping;
use crate::project::schema::Schema;
use crate::tables::ingest::RawTable;

/// What came of one mapping.
struct Outcome {
    tables: Vec<RawTable>,
    /// What was found, with the countries that it stops if it is an error of a shared file.
    found: Vec<(Diagnostic, Vec<String>)>,
    lacking: Diagnostics,
}

/// The rows that mappings make for these countries, of files below `root`: one table for each file, sheet, table and country.
/// `by_hand` are the tables that the countries keep by hand, of which the sources are looked at.
///
/// # Errors
/// When a file cannot be read at all; errors inside it are reported in `diagnostics`.
pub fn tables(
    root: &Path,
    mappings: &[Mapped],
    schemas: &[Schema],
    countries: &[String],
    by_hand: &[RawTable],
    diagnostics: &mut Diagnostics,
) -> Result<Vec<RawTable>> {
    let one = |mapped: &Mapped| caught(|| of_mapping(root, mapped, schemas, countries, by_hand));
    let outcomes: Vec<Result<Result<Outcome>, Bug>> = mappings.par_iter().map(one).collect();
    let mut tables = Vec::new();
    for (mapped, outcome) in mappings.iter().zip(outcomes) {
        match outcome {
            Ok(outcome) => {
                let Outcome { tables: own, found, lacking } = outcome?;
                found.into_iter().for_each(|(found, stopped)| diagnostics.push_for(found, &stopped));
                diagnostics.absorb(lacking);
                tables.extend(own);
            }
            // Whom the mapping feeds is not known then, unless its folder says it.
            Err(bug) => {
                let own = mapped.mapping.country.as_ref().map_or(countries, std::slice::from_ref);
                for country in own {
                    diagnostics.unless_bug::<()>(country, Err(bug.clone()));
                }
            }
        }
    }
    Ok(tables)
}

fn of_mapping(
    root: &Path,
    mapped: &Mapped,
    schemas: &[Schema],
    countries: &[String],
    by_hand: &[RawTable],
) -> Result<Outcome> {
    let mapping = &mapped.mapping;
    let mut own = Diagnostics::default();
    let mut tables = Vec::new();
    // Kept rows stand in for all files of a mapping.
    let imported = if mapped.kept.is_none() && mapped.found.is_empty() {
        let mut present = files::present(root, mapped, &mut own)?;
        present.retain(|file| {
            let Some(read) = plain::read(mapping, file, schemas, countries) else { return true };
            read.found.into_iter().for_each(|fault| own.push(fault));
            tables.extend(read.table.map(|table| (file.file, table)));
            false
        });
        import(mapping, present, schemas, countries, &mut own)
    } else {
        kept::imported(root, mapped, schemas, countries, &mut own)?
    };
    let found = mapped.found.iter().cloned().chain(own.into_list());
    let found = found.map(|found| {
        let stopped = stopped(mapping, mapped, &imported, &found, countries);
        (found, stopped)
    });
    let found = found.collect();
    let mut lacking = Diagnostics::default();
    let plain = tables.iter().map(|(file, table)| (*file, table.country.as_str()));
    sources::known(mapping, fed(&imported).chain(plain), by_hand, &mut lacking);
    // Rows of one key are told in the order of the files.
    let files: Vec<usize> = imported.tables.iter().map(|made| made.file).collect();
    tables.extend(files.into_iter().zip(imported.into_tables(mapping, schemas)));
    tables.sort_by_key(|(file, _)| *file);
    let tables = tables.into_iter().map(|(_, table)| table).collect();
    Ok(Outcome { tables, found, lacking })
}

/// The countries that a fault stops: those that its file feeds, or, where it is in the mapping, those that that feeds.
fn stopped(
    mapping: &Mapping,
    mapped: &Mapped,
    imported: &Imported,
    found: &Diagnostic,
    countries: &[String],
) -> Vec<String> {
    let of_file = |path: &Option<String>| path.as_deref() == Some(found.span.path());
    let all = 0..mapping.files.len();
    let own: Vec<usize> = all.clone().filter(|at| mapped.paths.get(*at).is_some_and(of_file)).collect();
    let files = if own.is_empty() { all.collect() } else { own };
    imported.stopped(&files, countries)
}
