//! What a rule is given: one table with its schema, and the other tables of its country to compare it with.

use super::Declared;
use super::stated::Stated;
use crate::project::indicator::Indicator;
use crate::project::schema::Schema;
use crate::project::visits::Visits;
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
    /// What was found at the addresses of sources.
    pub(super) visits: &'t Visits,
    /// Whether it is a register that the country has counted in an engine.
    pub(super) in_engine: bool,
    /// Its rows as they are compared with each other; none unless it is a publication's.
    pub(super) stated: Option<&'t Stated<'t>>,
}

impl<'t> Checked<'t> {
    /// A table, compared with others of its country.
    pub(super) fn of(
        table: &'t RawTable,
        schema: &'t Schema,
        country: &'t [(&'t RawTable, &'t Schema)],
        declared: Declared<'t>,
    ) -> Self {
        let Declared { indicators, issue, visits, .. } = declared;
        let in_engine = table.register && declared.counts_in_engine(table);
        Self { table, schema, country, indicators, visits, in_engine, issue, stated: None }
    }

    /// The other tables of a kind in the same country: the public one and the register.
    pub(super) fn named(&self, table: &'t str) -> impl Iterator<Item = &'t RawTable> {
        self.country.iter().map(|(other, _)| *other).filter(move |other| other.table == table)
    }

    /// The file of another table of the country, for messages: what is public of it, if there is both.
    pub(super) fn file_of(&self, table: &str) -> String {
        let named = self.country.iter().map(|(other, _)| *other).filter(|other| other.table == table);
        named.min_by_key(|other| other.register).map_or_else(|| format!("{table}.csv"), RawTable::file_name)
    }

    /// The sources of the country.
    pub(super) fn sources(&self) -> Option<&'t RawTable> {
        self.named("sources").next()
    }
}
