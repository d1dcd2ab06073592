//! The list of all rules of tables. Each rule is one function.

use super::checked::Checked;
use super::fault::Fault;
use super::{
    ahead, alternatives, bands, engines, keys, labels, margins, needed, new_country, overlaps, printed, provinces,
    publications, registers, rows, sources, uniqueness, units, values,
};

type Check = fn(&Checked<'_>) -> Vec<Fault>;

/// The rules for a file as it is written, which no row of a mapping can break.
pub(super) const OF_FILES: &[Check] =
    &[labels::blank, labels::duplicate, labels::missing, labels::extra, labels::order, rows::lengths, rows::blank];

/// The rules for every table, in the order in which they run: the rows that a country keeps by hand and those that mappings
/// make of it are one table. To add a rule, write its function and name it here.
pub(super) const CHECKS: &[Check] = &[
    new_country::next,
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
    publications::reachable,
    engines::without_cases,
    engines::unrepeated,
    engines::in_publications,
    sources::of_its_side,
    registers::one_case,
    uniqueness::cases,
    needed::columns,
    needed::margins,
    registers::exact,
    registers::counted,
    registers::covered,
    alternatives::agree,
    overlaps::periods,
    bands::crossing,
    margins::differ,
    margins::contested,
    units::differ,
];
