//! The registers' counts, in the finest groups of rows that any indicator distinguishes, and no finer
//! (docs/disclosure.md#what-is-decided-and-how).

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::project::custody::{Counts, Row};
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Observations, Schema, TOTAL};
use crate::tables::validate::{Dataset, Register, Sorting};
use crate::value::period::Period;

/// A group of register rows that indicators distinguish from every other group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    /// The table.
    pub table: String,
    /// The code of its measure; empty for a table with one measure.
    pub measure: String,
    /// The calendar year it lies in, or its own period where it lies in none, or where it is a stock.
    pub period: String,
    /// The register.
    pub source: String,
    /// Codes of the dimensions that some indicator asks for.
    pub codes: BTreeMap<String, String>,
    /// How many units its rows count.
    pub units: i64,
}

/// The atoms of a country's registers.
pub(super) fn atoms(dataset: &Dataset, country: &str, indicators: &[Indicator], schemas: &[Schema]) -> Vec<Atom> {
    let kept = dataset.registers().iter().filter(|register| register.country() == country);
    kept.flat_map(|register| {
        let asked = asked(register.table(), indicators);
        let observations = observations(register, schemas);
        let dimensions = |observations: &Observations| {
            observations.dimensions.iter().filter(|d| asked.contains(d.as_str())).cloned().collect::<Vec<_>>()
        };
        observations.map(|one| tallied(register, one, &dimensions(one))).unwrap_or_default()
    })
    .collect()
}

/// What the registers of a country count, by all their dimensions, for the custodian alone: a counted table for each table.
#[must_use]
pub fn counts(dataset: &Dataset, country: &str, schemas: &[Schema]) -> BTreeMap<String, Counts> {
    let mut all: BTreeMap<String, (Vec<String>, Vec<Atom>)> = BTreeMap::new();
    for register in dataset.registers().iter().filter(|register| register.country() == country) {
        let Some(observations) = observations(register, schemas) else { continue };
        let held = |dimension: &&String| register.values(dimension).is_some();
        let own: Vec<String> = observations.dimensions.iter().filter(held).cloned().collect();
        let (dimensions, atoms) = all.entry(register.table().to_owned()).or_default();
        atoms.extend(tallied(register, observations, &own));
        dimensions.extend(own.into_iter().filter(|name| !dimensions.contains(name)).collect::<Vec<_>>());
    }
    all.into_iter().map(|(table, (dimensions, atoms))| (table, counted(dimensions, atoms))).collect()
}

fn counted(dimensions: Vec<String>, atoms: Vec<Atom>) -> Counts {
    let row = |atom: Atom| {
        let code = |name: &String| atom.codes.get(name).cloned().unwrap_or_else(|| TOTAL.to_owned());
        let codes = dimensions.iter().map(code).collect();
        Row { period: atom.period, measure: atom.measure, codes, source: atom.source, count: atom.units }
    };
    let mut rows: Vec<Row> = atoms.into_iter().map(row).collect();
    rows.sort_unstable();
    Counts { dimensions, rows }
}

fn observations<'s>(register: &Register, schemas: &'s [Schema]) -> Option<&'s Observations> {
    schemas.iter().find(|schema| schema.name == register.table())?.observations.as_ref()
}

/// The units of a register by these dimensions: flows by the year, a stock by the period that its rows write.
fn tallied(register: &Register, observations: &Observations, dimensions: &[String]) -> Vec<Atom> {
    let is_stock = |measure: &str| observations.stock.iter().any(|stock| stock == measure);
    let held = observations.measure.as_ref().and_then(|measure| register.values(measure)).unwrap_or_default();
    let mut atoms = by_period(register, observations, dimensions, year, |measure| !is_stock(measure));
    if held.iter().any(|code| is_stock(code)) {
        atoms.extend(by_period(register, observations, dimensions, str::to_owned, is_stock));
    }
    atoms
}

/// The units of the measures that are wanted, by periods as they are called.
fn by_period(
    register: &Register,
    observations: &Observations,
    dimensions: &[String],
    called: fn(&str) -> String,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<Atom> {
    let measure = observations.measure.as_deref().unwrap_or_default();
    let fields = [measure, &observations.period, "source"].into_iter().chain(dimensions.iter().map(String::as_str));
    let name = |field: &str| if field == observations.period { called } else { str::to_owned };
    let groups: Vec<Groups<'_>> = fields.map(|field| Groups::of(register, field, name(field))).collect();
    let by: Vec<Sorting<'_>> = groups.iter().map(Groups::sorting).collect();
    let atom = |(at, units): (Vec<usize>, i64)| {
        let name = |field: usize| groups[field].names[at[field]].clone();
        let codes = (3..).zip(dimensions).map(|(field, dimension)| (dimension.clone(), name(field))).collect();
        Atom { table: register.table().to_owned(), measure: name(0), period: name(1), source: name(2), codes, units }
    };
    // An atom is many words; a register has many more days than years.
    let is_wanted = |(at, _): &(Vec<usize>, i64)| is_wanted(&groups[0].names[at[0]]);
    register.tally(&by).into_iter().filter(is_wanted).map(atom).collect()
}

/// The dimensions of a table by which some indicator breaks down, or which it sets a condition on.
fn asked<'i>(table: &str, indicators: &'i [Indicator]) -> BTreeSet<&'i str> {
    let of_table = indicators.iter().filter(
        |indicator| matches!(&indicator.measure, Measure::Observed { table: observed, .. } if observed == table),
    );
    of_table
        .flat_map(|indicator| indicator.dimensions.iter().chain(indicator.conditions.keys()))
        .map(String::as_str)
        .collect()
}

/// The groups of one field: what they are called, and to which each distinct value belongs.
struct Groups<'f> {
    field: &'f str,
    names: Vec<String>,
    of: Vec<usize>,
}

impl<'f> Groups<'f> {
    /// Every value under the name that it is called.
    fn of(register: &Register, field: &'f str, name: fn(&str) -> String) -> Self {
        // What a file leaves out is a margin in every row.
        let Some(values) = register.values(field) else {
            return Self { field, names: vec![TOTAL.to_owned()], of: Vec::new() };
        };
        let called: Vec<String> = values.iter().map(|value| name(value)).collect();
        let names: Vec<String> = called.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let of = called.iter().map(|name| names.binary_search(name).unwrap_or(0)).collect();
        Self { field, names, of }
    }

    fn sorting(&self) -> Sorting<'f> {
        Sorting { field: self.field, groups: self.of.clone(), size: self.names.len().max(1) }
    }
}

fn year(written: &str) -> String {
    let Ok(period) = Period::parse(written) else { return written.to_owned() };
    let one = period.start().year() == period.end().year();
    if one { format!("{:04}", period.start().year()) } else { period.text().to_owned() }
}
