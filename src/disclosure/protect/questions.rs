//! What indicators ask of a register: which dimensions, and which codes of them are named.

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::Question;
use crate::figures::{Atom, Summaries, Summary};
use crate::project::indicator::{Indicator, Measure, Selector};
use crate::project::policy::Policy;
use crate::project::schema::{REST, TOTAL, UNKNOWN};

/// Tables and dimensions whose codes no schema lists.
pub(super) type OpenLists = BTreeSet<(String, String)>;

/// The codes that an indicator asks for: those that the schema lists. Where the list is open, the codes that publications or
/// indicators name, those frequent enough in the registers, and a rest. The rest is always there, so that its presence tells
/// nothing.
pub(super) fn question(
    country: &Summaries,
    (summary, indicator): (&Summary, &Indicator),
    indicators: &[Indicator],
    atoms: &[Atom],
    policy: &Policy,
) -> Question {
    let mut asked = BTreeMap::new();
    for dimension in indicator.dimensions.iter().filter(|dimension| !indicator.conditions.contains_key(*dimension)) {
        let Measure::Observed { table, .. } = &indicator.measure else { continue };
        let declared = country.declared(table, dimension);
        let codes: BTreeSet<String> = if declared.is_empty() {
            let public = summary.cells.iter().filter_map(|cell| cell.codes.get(dimension).cloned());
            let named = named(&indicator.id, dimension, indicators);
            public.chain(named).chain(frequent(atoms, table, dimension, policy)).collect()
        } else {
            declared.iter().cloned().collect()
        };
        let is_named = |code: &String| !matches!(code.as_str(), TOTAL | UNKNOWN | REST | "*");
        let rest = declared.is_empty().then(|| REST.to_owned());
        asked.insert(dimension.clone(), codes.into_iter().filter(is_named).chain(rest).collect());
    }
    Question { asked, conditions: indicator.conditions.clone() }
}

/// The codes of a dimension that declarations name for an indicator.
fn named(id: &str, dimension: &str, indicators: &[Indicator]) -> Vec<String> {
    let mut selectors: Vec<Selector> = indicators.iter().flat_map(Indicator::shown).collect();
    for indicator in indicators.iter().filter(|indicator| indicator.id == id) {
        let splits = indicator.chart.iter().flat_map(|chart| &chart.splits).flat_map(|split| &split.cells);
        let parts = splits.chain(&indicator.of_whom).map(|codes| format!("{id}:{}", codes.value));
        selectors.extend(parts.filter_map(|text| Selector::parse(&text)));
    }
    let own = selectors.into_iter().filter(|selector| selector.indicator == id);
    own.filter_map(|selector| selector.codes.get(dimension).cloned()).collect()
}

/// The codes with at least the threshold's units among these atoms of a table, over all years and measures.
fn frequent(atoms: &[Atom], table: &str, dimension: &str, policy: &Policy) -> Vec<String> {
    let mut units: BTreeMap<&str, i64> = BTreeMap::new();
    for atom in atoms.iter().filter(|atom| atom.table == table) {
        if let Some(code) = atom.codes.get(dimension) {
            *units.entry(code).or_default() += atom.units;
        }
    }
    let many = units.into_iter().filter(|(_, units)| *units >= policy.threshold_units());
    many.map(|(code, _)| code.to_owned()).collect()
}
