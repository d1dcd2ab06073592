//! A register must have what the indicators ask for: if a column is missing, or a row not broken down, every code would be
//! published as zero.

use std::collections::{BTreeMap, BTreeSet};

use super::checked::Checked;
use super::fault::{Fault, Where};
use crate::diagnostic::Code;
use crate::project::declaration::nearest;
use crate::project::indicator::{Indicator, Measure};
use crate::project::schema::TOTAL;
use crate::tables::count::REPEATED;

/// The indicators that need one dimension.
#[derive(Default)]
struct Need<'t> {
    /// The indicators that are broken down by it.
    broken_down: Vec<&'t str>,
    /// Those that count only some of its codes.
    conditions: Vec<&'t str>,
    /// The measures for which they need it; `None` stands for every row.
    measures: BTreeSet<Option<&'t str>>,
}

/// How many indicators a message names.
const NAMED: usize = 3;

/// Dimensions that an indicator needs and a file lacks.
pub(super) fn columns(at: &Checked<'_>) -> Vec<Fault> {
    let needs = needs(at);
    let (mut faults, table) = (Vec::new(), at.table);
    if table.own_rows() > 0 {
        let own = |name: &str| table.column(name).is_some_and(|column| table.gives(0, column));
        let missing = needs.iter().filter(|(name, _)| !own(name) && !is_reported_elsewhere(at, name));
        faults.extend(missing.map(|(name, need)| lacking(Where::File, name, need, "add the column, with")));
    }
    // What makes of one table set in one mapping is the same.
    let mut lines = BTreeSet::new();
    for made in &table.made {
        let line = made.origins.line();
        for (name, need) in needs.iter().filter(|(name, _)| !made.has(name)) {
            if lines.insert((line.path().to_owned(), *name)) {
                faults.push(lacking(Where::Made(made.first), name, need, "set it in each [[make]] of the table, to"));
            }
        }
    }
    faults
}

fn lacking(place: Where, name: &str, need: &Need<'_>, add: &str) -> Fault {
    let message = format!("the column `{name}` is missing, and {}", need.why());
    Fault::new(place, Code::MissingLabel, message).hint(format!(
        "{add} `unknown` where the register does not record it, or delete `{name}` from {} of the indicator",
        need.place()
    ))
}

/// Rows that are not broken down by a dimension that an indicator needs: they would be in none of its parts.
pub(super) fn margins(at: &Checked<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (dimension, need) in needs(at) {
        let Some((column, cells)) = at.table.cells(dimension) else { continue };
        let Some(total) = cells.values().iter().position(|value| value == TOTAL) else { continue };
        let measure = at.schema.observations.as_ref().and_then(|o| o.measure.as_deref());
        let measures = measure.and_then(|name| at.table.cells(name)).map(|(_, cells)| cells);
        let of_row = |row: usize| measures.map(|cells| cells.cell(row));
        let repeated = at.table.cells(REPEATED).map(|(_, cells)| cells);
        // The line by which an engine reports repeated cases is a fault already.
        let is_alarm = |row: usize| repeated.is_some_and(|cells| !matches!(cells.cell(row), "" | "0"));
        let asked =
            |row: &usize| !is_alarm(*row) && [None, of_row(*row)].iter().any(|measure| need.measures.contains(measure));
        let rows = cells.rows_with(|code| usize::try_from(code) == Ok(total));
        let message = format!("this row is not broken down by `{dimension}`, and {}", need.why());
        faults.extend(rows.into_iter().filter(asked).map(|row| {
            Fault::cell(row, column, Code::ConstraintError, message.as_str())
                .hint("write the code, or `unknown` where the register does not record it")
        }));
    }
    faults
}

/// The dimensions that indicators need, for the measures that this register has.
fn needs<'t>(at: &Checked<'t>) -> BTreeMap<&'t str, Need<'t>> {
    let mut needs: BTreeMap<&str, Need<'_>> = BTreeMap::new();
    let Some(observations) = at.schema.observations.as_ref().filter(|_| at.table.register) else { return needs };
    let measures = observations.measure.as_deref().and_then(|name| at.table.cells(name));
    let held = |code: &str| measures.is_some_and(|(_, cells)| cells.values().iter().any(|value| value == code));
    for indicator in at.indicators {
        let Measure::Observed { table, code, stock: false } = &indicator.measure else { continue };
        // An indicator without a measure counts every row.
        let code = code.as_deref().filter(|_| observations.measure.is_some());
        if *table != at.table.table || at.table.rows == 0 || !code.is_none_or(held) {
            continue;
        }
        for (dimension, conditional) in asked(indicator) {
            let need = needs.entry(dimension).or_default();
            need.measures.insert(code);
            if conditional { &mut need.conditions } else { &mut need.broken_down }.push(&indicator.id);
        }
    }
    needs
}

/// The dimensions that an indicator needs, and whether each is needed for a condition. A condition that includes rows that
/// are not broken down needs nothing.
fn asked(indicator: &Indicator) -> impl Iterator<Item = (&str, bool)> {
    let conditions = &indicator.conditions;
    let broken_down = indicator.dimensions.iter().filter(|dimension| !conditions.contains_key(*dimension));
    let conditional = conditions.iter().filter(|(_, codes)| !codes.iter().any(|code| code == TOTAL));
    broken_down.map(|name| (name.as_str(), false)).chain(conditional.map(|(name, _)| (name.as_str(), true)))
}

/// Whether another rule reports the missing column: it is required in every file, or its label is misspelt.
fn is_reported_elsewhere(at: &Checked<'_>, name: &str) -> bool {
    let required = at.schema.field(name).is_none_or(|field| field.required_column);
    let fields = || at.schema.fields.iter().map(|field| field.name.as_str());
    let strange = at.table.labels.iter().filter(|label| at.schema.field(&label.text).is_none());
    required || strange.filter_map(|label| nearest(&label.text, fields())).any(|near| near == name)
}

impl Need<'_> {
    fn why(&self) -> String {
        let broken_down =
            (!self.broken_down.is_empty()).then(|| format!("{} broken down by it", listed(&self.broken_down)));
        let conditions =
            (!self.conditions.is_empty()).then(|| format!("{} counted by a condition on it", listed(&self.conditions)));
        broken_down.into_iter().chain(conditions).collect::<Vec<_>>().join("; ")
    }

    /// The keys of the indicator that ask for the dimension.
    fn place(&self) -> &'static str {
        match (self.broken_down.is_empty(), self.conditions.is_empty()) {
            (false, true) => "`dimensions`",
            (true, _) => "`[where]`",
            (false, false) => "`dimensions` and `[where]`",
        }
    }
}

/// "`one` is", "`one` and `other` are", "`one`, `other`, `third` and 2 more are".
fn listed(ids: &[&str]) -> String {
    let named: Vec<String> = ids.iter().take(NAMED).map(|id| format!("`{id}`")).collect();
    match (named.as_slice(), ids.len() - named.len()) {
        ([only], 0) => format!("{only} is"),
        ([first @ .., last], 0) => format!("{} and {last} are", first.join(", ")),
        (named, more) => format!("{} and {more} more are", named.join(", ")),
    }
}
