//! Whether every country that a mapping feeds has its sources.

use std::collections::{BTreeMap, BTreeSet};

use super::Imported;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::imports::{Mapping, OPEN};
use crate::tables::ingest::RawTable;

/// Reports sources that a fed country lacks: one fault for each source, at its line in the mapping.
pub fn known(mapping: &Mapping, imported: &Imported, sources: &[RawTable], diagnostics: &mut Diagnostics) {
    let mut lacking: BTreeMap<usize, (&str, BTreeSet<&str>)> = BTreeMap::new();
    for made in imported.tables.iter().filter(|made| made.rows > 0) {
        let Some(file) = mapping.files.get(made.file) else { continue };
        let id = file.source.value.as_str();
        let of_country = |table: &&RawTable| table.table == "sources" && table.country == made.country;
        let tables = sources.iter().filter(of_country);
        let ids = tables.filter_map(|table| table.cells("id")).flat_map(|(_, column)| column.values());
        if !id.is_empty() && id != OPEN && !ids.into_iter().any(|known| known == id) {
            lacking.entry(file.source.span.start()).or_insert_with(|| (id, BTreeSet::new())).1.insert(&made.country);
        }
    }
    for (at, (id, countries)) in lacking {
        let Some(file) = mapping.files.iter().find(|file| file.source.span.start() == at) else { continue };
        let countries: Vec<String> = countries.into_iter().map(str::to_owned).collect();
        let message = format!("no row of sources.csv has the id `{id}` in {}", countries.join(", "));
        let fault = Diagnostic::error(Code::ForeignKey, file.source.span.clone(), message);
        diagnostics
            .push_for(fault.hint("add the row; every country that a mapping feeds names its source"), &countries);
    }
}
