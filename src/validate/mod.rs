//! Columns to typed tables, or every fault. Positions end here, but for the row each observation carries as lineage.
//! **polars** begins here.
//!
//! The rules of a table are the functions named in `CHECKS`; types and constraints of a cell are judged in `cells`.

mod bands;
mod beginnings;
mod cells;
mod checks;
mod fault;
mod frame;
mod keys;
mod labels;
mod margins;
mod overlaps;
mod provinces;
mod publications;
mod register;
mod registers;
mod repeats;
mod rows;
mod sources;
mod stated;
mod units;
mod values;

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use crate::diagnostic::Diagnostics;
use crate::ingest::RawTable;
use crate::schema::Schema;
use checks::{CHECKS, Checked};
use fault::{Fault, joined, report};

pub use frame::{COUNT, COUNTRY, END, FILE, LINE, MEASURE, PERIOD, QUALIFIER, START, STATE, WRITTEN};
pub use register::{Register, Sorting};

/// The checked tables of the countries without a fault: what is public as one frame for each kind, registers apart.
pub struct Dataset {
    tables: BTreeMap<String, DataFrame>,
    registers: Vec<Register>,
    files: Vec<String>,
    countries: Vec<String>,
}

impl Dataset {
    /// The frame of a table kind over all countries, if any country keeps it; rows of registers are not in it.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.get(name)
    }

    /// The confidential tables.
    #[must_use]
    pub fn registers(&self) -> &[Register] {
        &self.registers
    }

    /// The path that a row's file number stands for.
    #[must_use]
    pub fn file(&self, number: u32) -> &str {
        self.files.get(number as usize).map_or("", String::as_str)
    }

    /// The countries that passed, by code.
    #[must_use]
    pub fn countries(&self) -> &[String] {
        &self.countries
    }
}

/// Checks every table against its schema and against the others.
///
/// # Errors
/// When Polars cannot build a frame. Faults of the data are reported; their countries are left out of the dataset.
pub fn validate(mut tables: Vec<RawTable>, schemas: &[Schema], diagnostics: &mut Diagnostics) -> Result<Dataset> {
    let schema_of = |name: &str| schemas.iter().find(|schema| schema.name == name);
    for table in &mut tables {
        if let Some(schema) = schema_of(&table.table) {
            register::code(table, schema);
        }
    }
    let paired: Vec<_> = tables.iter().filter_map(|table| Some((table, schema_of(&table.table)?))).collect();
    let judged: Vec<_> = paired.par_iter().map(|(table, schema)| (*table, judge(table, schema, &paired))).collect();
    for (table, faults) in judged {
        report(table, faults, diagnostics);
    }
    let files: Vec<String> = tables.iter().map(|table| table.source.path.clone()).collect();
    let mut countries: Vec<String> = tables.iter().map(|table| table.country.clone()).collect();
    countries.sort();
    countries.dedup();
    countries.retain(|country| !diagnostics.failed_in(country));
    let (mut frames, mut registers) = (BTreeMap::<String, DataFrame>::new(), Vec::new());
    for (number, table) in tables.into_iter().enumerate().filter(|(_, table)| countries.contains(&table.country)) {
        let Some(schema) = schema_of(&table.table) else { continue };
        if table.register {
            registers.extend(Register::of(table, schema));
            continue;
        }
        let frame = frame::build(&table, schema, u32::try_from(number)?)?;
        match frames.get_mut(&schema.name) {
            Some(all) => drop(all.vstack_mut(&frame)?),
            None => drop(frames.insert(schema.name.clone(), frame)),
        }
    }
    // Each query looks through all countries: in one piece, not in one for each file.
    for frame in frames.values_mut() {
        frame.rechunk_mut();
    }
    Ok(Dataset { tables: frames, registers, files, countries })
}

/// Every fault of one table, by its own rules and by those that hold within its country.
fn judge(table: &RawTable, schema: &Schema, paired: &[(&RawTable, &Schema)]) -> Vec<Fault> {
    if let Some(fault) = labels::separator(table) {
        return vec![fault];
    }
    let country: Vec<_> = paired.iter().filter(|(other, _)| other.country == table.country).copied().collect();
    let checked = Checked { table, schema, country: &country };
    let mut faults = joined(CHECKS.par_iter().map(|check| check(&checked)).collect());
    if table.looks.any_faulty() {
        faults.retain(|fault| !fault.is_told(table));
    }
    faults
}
