//! Checks the columns of every table and turns them into typed tables. After this only the row numbers that observations
//! carry as lineage say where something stood in a file. **polars** begins here.
//!
//! The rules are the functions listed in `CHECKS`; `cells` judges the type and constraints of a single cell.

mod ahead;
mod alternatives;
mod bands;

mod cells;
mod checked;
mod checks;
mod coverage;
mod engines;
mod eras;
mod fault;
mod frame;
mod joined;
mod keys;
mod labels;
mod margins;
mod needed;
mod new_country;
mod overlaps;
mod printed;
mod provinces;
mod publications;
mod register;
mod registers;
mod repeats;
mod rows;
mod shifted;
mod sources;
mod stated;
mod uniqueness;
mod units;
mod values;

use std::collections::BTreeMap;

use anyhow::Result;
use rayon::prelude::*;

use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, caught, point};
use crate::project::country::Country;
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;
use crate::project::visits::Visits;
use crate::tables::ingest::RawTable;
use crate::value::period::Period;
use checked::Checked;
use checks::CHECKS;
use fault::{Fault, joined_lists, report};
use joined::{hopeless, joined};

pub use frame::{Given, Places, Table};
pub use register::{Register, Sorting};

/// The public tables by country and name.
type Tables = BTreeMap<String, BTreeMap<String, Table>>;

/// The checked tables of all countries without errors: the public ones, and the registers.
pub struct Dataset {
    tables: Tables,
    registers: Vec<Register>,
    countries: Vec<String>,
}

impl Dataset {
    /// A public table of a country; none if the country has none of that name.
    #[must_use]
    pub fn table(&self, country: &str, name: &str) -> Option<&Table> {
        self.tables.get(country)?.get(name)
    }

    /// The confidential tables.
    #[must_use]
    pub fn registers(&self) -> &[Register] {
        &self.registers
    }

    /// The countries that passed, by code.
    #[must_use]
    pub fn countries(&self) -> &[String] {
        &self.countries
    }
}

/// The declarations that tables are checked against.
#[derive(Clone, Copy)]
pub struct Declared<'d> {
    /// Their schemas.
    pub schemas: &'d [Schema],
    /// The indicators, which need certain columns.
    pub indicators: &'d [Indicator],
    /// The countries, with what they declare about their registers.
    pub countries: &'d [Country],
    /// The period of the issue: nothing can have been counted after its year.
    pub issue: &'d Period,
    /// What was found at the addresses of sources.
    pub visits: &'d Visits,
}

impl<'d> Declared<'d> {
    /// Whether the country of a table has an engine that counts it.
    pub(super) fn counts_in_engine(self, table: &RawTable) -> bool {
        let own = self.countries.iter().filter(|country| country.iso3 == table.country);
        own.into_iter().any(|country| country.engine(&table.table).is_some())
    }

    fn schema_of(self, table: &RawTable) -> Option<&'d Schema> {
        self.schemas.iter().find(|schema| schema.name == table.table)
    }
}

/// Checks every table against its schema and against the others.
///
/// # Errors
/// When Polars cannot build a frame. Errors in the data are reported, and their countries left out of the dataset.
pub fn validate(tables: Vec<RawTable>, declared: Declared<'_>, diagnostics: &mut Diagnostics) -> Result<Dataset> {
    let tables = joined(tables, declared, diagnostics);
    check(&tables, declared, diagnostics);
    let mut countries: Vec<String> = tables.iter().map(|table| table.country.clone()).collect();
    countries.sort();
    countries.dedup();
    countries.retain(|country| !diagnostics.failed_in(country));
    let (tables, registers) = typed(tables, declared, &countries, diagnostics)?;
    countries.retain(|country| !diagnostics.failed_in(country));
    Ok(Dataset { tables, registers, countries })
}

/// Reports every fault of the tables.
fn check(tables: &[RawTable], declared: Declared<'_>, diagnostics: &mut Diagnostics) {
    let with_schema = |table| Some((table, declared.schema_of(table)?));
    let paired: Vec<_> = tables.iter().filter_map(with_schema).collect();
    let mut of: BTreeMap<&str, Vec<(&RawTable, &Schema)>> = BTreeMap::new();
    paired.iter().for_each(|(table, schema)| of.entry(&table.country).or_default().push((table, schema)));
    let judged = |(table, schema): &(&RawTable, &Schema)| {
        let country = of.get(table.country.as_str()).map_or(&[][..], Vec::as_slice);
        caught(|| judge(table, Checked::of(table, schema, country, declared)))
    };
    let judged: Vec<_> = paired.par_iter().map(judged).collect();
    for ((table, _), judged) in paired.iter().zip(judged) {
        let Some(faults) = diagnostics.unless_bug(&table.country, judged) else { continue };
        diagnostics.guard(&table.country, |diagnostics| report(table, faults, diagnostics));
    }
    for country in declared.countries {
        let own = of.get(country.iso3.as_str()).map_or(&[][..], Vec::as_slice);
        coverage::check(country, own, declared.schemas, diagnostics);
    }
}

/// The public tables of these countries, and their registers.
fn typed(
    tables: Vec<RawTable>,
    declared: Declared<'_>,
    countries: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<(Tables, Vec<Register>)> {
    let (mut public, mut registers) = (Tables::new(), Vec::new());
    for table in tables.into_iter().filter(|table| countries.contains(&table.country)) {
        let Some(schema) = declared.schema_of(&table) else { continue };
        let country = table.country.clone();
        if table.register {
            registers.extend(diagnostics.guard(&country, |_| Register::of(table, schema)).flatten());
        } else if let Some(typed) = diagnostics.guard(&country, |_| Table::of(&table, schema)) {
            public.entry(country).or_default().insert(schema.name.clone(), typed?);
        }
    }
    Ok((public, registers))
}

/// Every fault of one table, alone and compared with the other tables of its country.
fn judge(table: &RawTable, checked: Checked<'_>) -> Vec<Fault> {
    point(Stage::Validate, &table.country);
    // Under labels of which none is known, or that fit no row, there is nothing to judge.
    if hopeless(&checked).is_some() {
        return Vec::new();
    }
    let stated = stated::rows(table, checked.schema, |period| ahead::is_ahead(&checked, period));
    let checked = Checked { stated: stated.as_ref(), ..checked };
    let mut faults = joined_lists(CHECKS.par_iter().map(|check| check(&checked)).collect());
    if table.looks.any_faulty() {
        faults.retain(|fault| !fault.is_second(table));
    }
    if !table.made.is_empty() {
        faults.retain(|fault| !fault.is_of_absent_cell(table));
    }
    shifted::leave_out_consequences(&checked, &mut faults);
    faults
}
