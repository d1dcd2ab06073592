//! The registers' counts, in the finest groups of rows that any indicator distinguishes, and no finer
//! (docs/disclosure.md#what-is-decided-and-how).

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Observations, Schema};
use crate::tables::validate::{Dataset, Register, Sorting};
use crate::value::period::Period;

/// A group of register rows that indicators distinguish from every other group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Atom {
    /// The table.
    pub table: String,
    /// The code of its measure; empty for a table with one measure.
    pub measure: String,
    /// The calendar year it lies in, or its own period where it lies in none.
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
        let schema = schemas.iter().find(|schema| schema.name == register.table());
        let observations = schema.and_then(|schema| schema.observations.as_ref());
        observations.map(|observations| of_register(register, observations, indicators)).unwrap_or_default()
    })
    .collect()
}

fn of_register(register: &Register, observations: &Observations, indicators: &[Indicator]) -> Vec<Atom> {
    let asked = asked(register.table(), indicators);
    let dimensions: Vec<&String> = observations.dimensions.iter().filter(|d| asked.contains(d.as_str())).collect();
    let measure = observations.measure.as_deref().unwrap_or_default();
    let fields = [measure, &observations.period, "source"].into_iter().chain(dimensions.iter().map(|d| d.as_str()));
    let groups: Vec<Groups<'_>> =
        fields.map(|field| Groups::of(register, field, field == observations.period)).collect();
    let by: Vec<Sorting<'_>> = groups.iter().map(Groups::sorting).collect();
    let atom = |(at, units): (Vec<usize>, i64)| {
        let name = |field: usize| groups[field].names[at[field]].clone();
        let codes = (3..).zip(&dimensions).map(|(field, dimension)| ((*dimension).clone(), name(field))).collect();
        Atom { table: register.table().to_owned(), measure: name(0), period: name(1), source: name(2), codes, units }
    };
    register.tally(&by).into_iter().map(atom).collect()
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
    /// Every value by itself; periods by the calendar year in which they lie.
    fn of(register: &Register, field: &'f str, period: bool) -> Self {
        // What a file leaves out is a margin in every row.
        let Some(values) = register.values(field) else {
            return Self { field, names: vec![crate::project::schema::TOTAL.to_owned()], of: Vec::new() };
        };
        let name = |value: &String| if period { year(value) } else { value.clone() };
        let called: Vec<String> = values.iter().map(name).collect();
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
