//! Totals that stand below their parts: checked against them, then dropped.

use std::collections::HashMap;

use super::found::{CellAt, Found, Wrong};
use crate::diagnostic::Code;

/// The parts of totals, by the field in which the total stands and all other codes.
#[derive(Default)]
pub(super) struct Totals {
    parts: HashMap<(usize, Vec<u32>), Parts>,
    /// Set by a row of which not every code is known: it may be a part of anything.
    unknown: bool,
}

#[derive(Default)]
struct Parts {
    sum: i128,
    rows: usize,
    /// A part is faulty, a state, left, or not exact: their sum is not known.
    open: bool,
}

/// A number as it counts in a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Exactly(i64),
    /// It is faulty, a state, left, or not exact.
    Open,
}

fn key(field: usize, codes: &[Option<u32>]) -> Option<(usize, Vec<u32>)> {
    let others = codes.iter().enumerate().filter(|(at, _)| *at != field).map(|(_, code)| *code);
    Some((field, others.collect::<Option<Vec<u32>>>()?))
}

impl Totals {
    /// Adds a row to the totals in these fields.
    pub(super) fn part(&mut self, fields: &[usize], codes: &[Option<u32>], number: Counted) {
        for field in fields {
            let Some(key) = key(*field, codes) else {
                self.unknown = true;
                continue;
            };
            let parts = self.parts.entry(key).or_default();
            parts.rows += 1;
            match number {
                Counted::Exactly(number) => parts.sum += i128::from(number),
                Counted::Open => parts.open = true,
            }
        }
    }

    /// Checks a total in a field against the rows since the last one.
    pub(super) fn total(
        &mut self,
        field: usize,
        codes: &[Option<u32>],
        stated: Counted,
        at: CellAt,
        (confidential, found): (bool, &mut Found),
    ) {
        let unknown = self.unknown;
        let Some(key) = key(field, codes) else { return };
        let parts = self.parts.remove(&key).unwrap_or_default();
        let Counted::Exactly(stated) = stated else { return };
        if unknown || parts.open || parts.sum == i128::from(stated) {
            return;
        }
        let message = if confidential {
            "the total is not the sum of the rows above".to_owned()
        } else {
            let rows = if parts.rows == 1 { "row".to_owned() } else { format!("{} rows", parts.rows) };
            format!("{stated} is stated, the {rows} above make {}", parts.sum)
        };
        let wrong = Wrong::new(Code::MarginMismatch, message);
        found.warning(at, wrong.hint("ask the source; the total is not read, its parts are"));
    }
}
