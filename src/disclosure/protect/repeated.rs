//! Publications that repeat a register: what they print of a year is public, and can be taken back by nobody.

use super::asked::Asked;
use crate::figures::{SourceRecord, Statement, Summary};
use crate::value::Value;

/// Notes the numbers of publications that repeat one of the registers.
pub(super) fn repeated(system: &mut Asked<'_>, number: usize, summary: &Summary, sources: &[SourceRecord]) {
    let year = system.key.2.clone();
    for cell in &summary.cells {
        let repeats = cell.statements.iter().filter(|statement| repeats_register(statement, sources));
        for statement in repeats {
            let count = statement.outcome.as_ref().ok().and_then(Value::count);
            let beyond = match (count, statement.below) {
                (Some(count), _) if cell.period == year => {
                    system.repeated.numbers.push((number, cell.codes.clone(), count, statement.rows.places()));
                    false
                }
                (Some(_), _) => cell.period.overlaps(&year) && cell.period.whole_year().is_none(),
                (None, Some(_)) => cell.period.overlaps(&year),
                (None, None) => false,
            };
            if beyond {
                system.repeated.is_beyond = true;
                system.repeated.beyond.extend(statement.rows.places());
            }
        }
    }
}

/// Whether a publication repeats a register, directly or through others.
fn repeats_register(statement: &Statement, sources: &[SourceRecord]) -> bool {
    let mut id = statement.source.as_str();
    for _ in 0..=sources.len() {
        let Some(source) = sources.iter().find(|source| source.id == id) else { return false };
        if source.register {
            return !statement.register;
        }
        id = source.origin.as_str();
    }
    false
}
