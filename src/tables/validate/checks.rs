//! The rules of a table, each a named function in one list.

use super::fault::Fault;
use super::{
    ahead, alternatives, bands, beginnings, keys, labels, margins, needed, overlaps, printed, provinces, publications,
    registers, rows, sources, uniqueness, units, values,
};
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;
use crate::tables::ingest::RawTable;
use crate::value::period::Period;

/// A table with its schema, among the tables of its country.
#[derive(Clone, Copy)]
pub(super) struct Checked<'t> {
    pub(super) table: &'t RawTable,
    pub(super) schema: &'t Schema,
    pub(super) country: &'t [(&'t RawTable, &'t Schema)],
    /// The period of the issue that is made of them.
    pub(super) issue: &'t Period,
    pub(super) indicators: &'t [Indicator],
}

type Check = fn(&Checked<'_>) -> Vec<Fault>;

/// The rules of every table, in the order in which they are asked. To add a rule, write its function and name it here.
pub(super) const CHECKS: &[Check] = &[
    beginnings::next,
    labels::blank,
    labels::duplicate,
    labels::missing,
    labels::extra,
    labels::order,
    rows::lengths,
    rows::blank,
    values::cells,
    values::rounded,
    values::within,
    ahead::of_the_issue,
    ahead::of_the_source,
    ahead::of_sources,
    printed::letters,
    printed::names,
    printed::countries,
    values::reserved,
    provinces::of_its_country,
    keys::unique_fields,
    keys::primary_key,
    keys::unique_keys,
    keys::foreign_keys,
    keys::case_ids,
    publications::place_and_date,
    publications::without_cases,
    sources::of_its_side,
    registers::one_case,
    uniqueness::cases,
    needed::columns,
    needed::margins,
    registers::exact,
    registers::counted,
    registers::covered,
    alternatives::told_alike,
    overlaps::periods,
    bands::crossing,
    margins::differ,
    margins::contested,
    units::differ,
];

impl<'t> Checked<'t> {
    /// The other tables of a kind in the same country: the public one and the register.
    pub(super) fn named(&self, table: &'t str) -> impl Iterator<Item = &'t RawTable> {
        self.country.iter().map(|(other, _)| *other).filter(move |other| other.table == table)
    }

    /// The sources of the country.
    pub(super) fn sources(&self) -> Option<&'t RawTable> {
        self.named("sources").next()
    }
}
