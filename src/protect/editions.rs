//! Across editions: what was released of a system, and whether the register's growth since could be told from it (3.3).

use std::collections::{BTreeMap, BTreeSet};

use super::assemble::{Assembly, Codes, Question};
use crate::ledger::{Definition, Edition};
use crate::policy::Policy;

/// How a system stands to what was released of it.
pub(super) enum Standing {
    /// The released numbers are still the register's: they are printed, and bind whatever else is.
    Unchanged,
    /// Every group by which the register now differs, as far as printed numbers tell, has none or at least the threshold.
    Grown,
    /// The difference would show a small group: what was released is printed again, and nothing else.
    Frozen,
}

/// The numbers that one edition released of a system: the question that asked for each, its codes, and the number.
pub(super) type Released = Vec<(usize, Codes, i64)>;

/// Pairs the numbers of a year that an edition released with the questions that ask for the same; nothing where a
/// definition has changed since.
pub(super) fn released(
    edition: &Edition,
    country: &str,
    year: &str,
    questions: &[(String, Question)],
    table: &str,
    measure: Option<&str>,
) -> Option<Released> {
    let mut released = Vec::new();
    for entry in edition.figures.iter().filter(|entry| entry.country == country && entry.period == year) {
        let own = |definition: &&Definition| definition.country == country && definition.indicator == entry.indicator;
        let definition = edition.definitions.iter().find(own)?;
        if (definition.table.as_str(), definition.measure.as_deref()) != (table, measure) {
            continue;
        }
        let asks = |(indicator, question): &(String, Question)| {
            *indicator == entry.indicator && question.conditions == definition.conditions
        };
        released.push((questions.iter().position(asks)?, entry.dimensions.clone(), entry.value));
    }
    Some(released)
}

/// Compares what every edition released with what the register holds now.
///
/// The groups that printed numbers tell apart are the cells themselves, what a cell has more than one within it, and what
/// remains of a cell when others that share nobody are taken from it.
pub(super) fn standing(
    assembly: &Assembly,
    questions: &[Question],
    editions: &[Released],
    policy: &Policy,
) -> Standing {
    let mut all = Standing::Unchanged;
    for released in editions {
        match since(assembly, questions, released, policy) {
            Standing::Frozen => return Standing::Frozen,
            Standing::Grown => all = Standing::Grown,
            Standing::Unchanged => {}
        }
    }
    all
}

fn since(assembly: &Assembly, questions: &[Question], released: &Released, policy: &Policy) -> Standing {
    let mut differences: BTreeMap<usize, i64> = BTreeMap::new();
    for (question, codes, value) in released {
        let Some(cell) = assembly.cell(&questions[*question], codes) else { return Standing::Frozen };
        let difference = assembly.system.cells[cell].units - value;
        if differences.insert(cell, difference).is_some_and(|other| other != difference) {
            return Standing::Frozen;
        }
    }
    if differences.values().all(|difference| *difference == 0) {
        return Standing::Unchanged;
    }
    let small = |difference: i64| difference != 0 && difference.abs() < policy.threshold_units();
    if differences.values().any(|difference| small(*difference)) {
        return Standing::Frozen;
    }
    let groups = groups(assembly, &differences);
    if groups.into_iter().any(small) { Standing::Frozen } else { Standing::Grown }
}

/// By how much each group grew that is left when printed cells are taken from a printed cell.
fn groups(assembly: &Assembly, differences: &BTreeMap<usize, i64>) -> Vec<i64> {
    let cells = &assembly.system.cells;
    let mut groups = Vec::new();
    for (outer, grown) in differences {
        for (at, dimension) in assembly.system.dimensions.iter().enumerate() {
            let leaves = |cell: usize| -> BTreeSet<u16> {
                (0..dimension.leaves()).filter(|leaf| dimension.holds(cells[cell].codes[at], *leaf)).collect()
            };
            let alike = |inner: &usize| {
                (0..cells[*inner].codes.len())
                    .all(|other| other == at || cells[*inner].codes[other] == cells[*outer].codes[other])
            };
            let whole = leaves(*outer);
            let (mut taken, mut rest) = (BTreeSet::new(), *grown);
            for (inner, more) in differences.iter().filter(|(inner, _)| *inner != outer && alike(inner)) {
                let part = leaves(*inner);
                if part.is_subset(&whole) && part.len() < whole.len() {
                    groups.push(grown - more);
                    if part.is_disjoint(&taken) {
                        taken.extend(part);
                        rest -= more;
                    }
                }
            }
            if !taken.is_empty() {
                groups.push(rest);
            }
        }
    }
    groups
}
