//! Columns to typed tables, or every fault. Positions end here, but for the row each observation carries as lineage.
//! **polars** begins here.

mod cells;
mod checks;
mod frame;
mod plausible;
mod relations;

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::DataFrame;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span};
use crate::ingest::{Place, RawTable};
use crate::schema::Schema;

pub use frame::{COUNT, COUNTRY, END, FILE, LINE, MEASURE, PERIOD, QUALIFIER, REGISTER, START, STATE, WRITTEN};

/// The checked tables: of the countries without a fault, one frame for each kind.
pub struct Dataset {
    tables: BTreeMap<String, DataFrame>,
    files: Vec<String>,
    countries: Vec<String>,
}

impl Dataset {
    /// The frame of a table kind over all countries, if any country keeps it.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&DataFrame> {
        self.tables.get(name)
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

/// A fault in a table, before its place is looked up.
struct Fault {
    place: Where,
    severity: Severity,
    code: Code,
    message: String,
    hint: Option<String>,
    second: Option<(Place, String)>,
}

/// Where a fault of a table stands.
enum Where {
    File,
    Label(usize),
    Cell(Place),
}

impl Fault {
    fn new(place: Where, code: Code, message: impl Into<String>) -> Self {
        Self { place, severity: Severity::Error, code, message: message.into(), hint: None, second: None }
    }

    fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    fn second(self, place: Place, message: &str) -> Self {
        Self { second: Some((place, message.to_owned())), ..self }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Checks every table against its schema and against the others.
///
/// # Errors
/// When Polars cannot build a frame. Faults of the data are reported; their countries are left out of the dataset.
pub fn validate(tables: Vec<RawTable>, schemas: &[Schema], diagnostics: &mut Diagnostics) -> Result<Dataset> {
    let schema_of = |table: &RawTable| schemas.iter().find(|schema| schema.name == table.table);
    let paired: Vec<_> = tables.iter().filter_map(|table| schema_of(table).map(|schema| (table, schema))).collect();
    for (table, schema) in &paired {
        let faults = match checks::separator(table) {
            Some(fault) => vec![fault],
            None => checks::CHECKS.iter().flat_map(|check| check(table, schema)).collect(),
        };
        report(table, faults, diagnostics);
    }
    for (table, faults) in relations::check(&paired).into_iter().chain(plausible::check(&paired)) {
        report(table, faults, diagnostics);
    }
    let sound = |table: &RawTable| !diagnostics.failed_in(&table.country);
    let files: Vec<String> = tables.iter().map(|table| table.source.path.clone()).collect();
    let mut frames = BTreeMap::<String, DataFrame>::new();
    for (number, table) in tables.iter().enumerate().filter(|(_, table)| sound(table)) {
        let Some(schema) = schema_of(table) else { continue };
        let frame = frame::build(table, schema, u32::try_from(number)?)?;
        match frames.get_mut(&schema.name) {
            Some(all) => drop(all.vstack_mut(&frame)?),
            None => drop(frames.insert(schema.name.clone(), frame)),
        }
    }
    let mut countries: Vec<String> = tables.iter().filter(|table| sound(table)).map(|t| t.country.clone()).collect();
    countries.sort();
    countries.dedup();
    Ok(Dataset { tables: frames, files, countries })
}

/// Looks up the places of a table's faults with one more scan, and hands them on.
fn report(table: &RawTable, faults: Vec<Fault>, diagnostics: &mut Diagnostics) {
    if faults.is_empty() {
        return;
    }
    let firsts = faults.iter().filter_map(|fault| match fault.place {
        Where::Cell(place) => Some(place),
        _ => None,
    });
    let places: Vec<Place> = firsts.chain(faults.iter().filter_map(|f| f.second.as_ref().map(|(at, _)| *at))).collect();
    let spans = table.spans(&places);
    let span_of = |place: &Place| spans.get(place).cloned().unwrap_or_else(|| Span::start_of(&table.source));
    for fault in faults {
        let span = match &fault.place {
            Where::File => Span::start_of(&table.source),
            Where::Label(at) => table.labels[*at].span.clone(),
            Where::Cell(place) => span_of(place),
        };
        let second = fault.second.map(|(place, message)| (span_of(&place), message));
        let Fault { severity, code, message, hint, .. } = fault;
        diagnostics.push(Diagnostic { severity, code, span, message, hint, second });
    }
}
