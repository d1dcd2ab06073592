//! The stage between reading and checking: the rows that mappings make, as tables beside those that countries keep by hand.

use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;

use super::{Imported, kept, sources};
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
                let own = mapped.mapping.country.as_ref().map(std::slice::from_ref).unwrap_or(countries);
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
    let imported = kept::imported(root, mapped, schemas, countries, &mut own)?;
    let found = mapped.found.iter().cloned().chain(own.into_list());
    let found = found.map(|found| {
        let stopped = stopped(mapping, mapped, &imported, &found, countries);
        (found, stopped)
    });
    let found = found.collect();
    let mut lacking = Diagnostics::default();
    sources::known(mapping, &imported, by_hand, &mut lacking);
    Ok(Outcome { tables: imported.into_tables(mapping, schemas), found, lacking })
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
    let files: Vec<usize> = match mapped.paths.iter().any(of_file) {
        true => all.filter(|at| mapped.paths.get(*at).is_some_and(of_file)).collect(),
        false => all.collect(),
    };
    imported.stopped(&files, countries)
}
