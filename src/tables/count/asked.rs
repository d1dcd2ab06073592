//! The columns of a table that indicators ask for: a register is counted no finer than that.

use std::collections::BTreeSet;

use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::{Observations, Schema, StandsFor};

/// The dimensions that any indicator of the table is broken down by or counts some codes of, in the order of the schema. With a
/// province every dimension of countries is asked for, because a province must lie in a country that its row names.
pub(super) fn dimensions<'s>(
    schema: &'s Schema,
    observations: &'s Observations,
    indicators: &[Indicator],
) -> Vec<&'s str> {
    let of_table =
        |indicator: &&Indicator| matches!(&indicator.measure, Measure::Observed { table, .. } if *table == schema.name);
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for indicator in indicators.iter().filter(of_table) {
        asked.extend(indicator.dimensions.iter().chain(indicator.conditions.keys()).map(String::as_str));
    }
    let stands_for = |name: &str, kind| schema.field(name).is_some_and(|field| field.stands_for == Some(kind));
    let with_province = asked.iter().any(|name| stands_for(name, StandsFor::Province));
    let wanted = |name: &&str| asked.contains(name) || with_province && stands_for(name, StandsFor::Country);
    observations.dimensions.iter().map(String::as_str).filter(wanted).collect()
}
