//! Rows whose key was corrected: one row disappeared, one appeared, and they differ in one cell.

use std::collections::BTreeMap;

use super::change::CellChange;
use crate::snapshots::record::{PublicRow, PublicRows, Record};

/// Which row became which, by their places; only where there is exactly one candidate.
#[derive(Default)]
pub(super) struct Moves {
    now_of: BTreeMap<String, String>,
    before_of: BTreeMap<String, String>,
}

impl Moves {
    pub(super) fn between(old: &Record, new: &Record) -> Self {
        let Some((before, now)) = old.rows.as_ref().zip(new.rows.as_ref()) else { return Self::default() };
        let mut alike: BTreeMap<String, (Vec<&PublicRow>, Vec<&PublicRow>)> = BTreeMap::new();
        for row in before.all().filter(|row| now.like(row).is_none()) {
            signatures(row).for_each(|signature| alike.entry(signature).or_default().0.push(row));
        }
        for row in now.all().filter(|row| before.like(row).is_none()) {
            signatures(row).for_each(|signature| alike.entry(signature).or_default().1.push(row));
        }
        let sole = |(gone, came): &'_ (Vec<&PublicRow>, Vec<&PublicRow>)| match (gone.as_slice(), came.as_slice()) {
            ([gone], [came]) => Some((gone.place.clone(), came.place.clone())),
            _ => None,
        };
        let found: Vec<(String, String)> = alike.values().filter_map(sole).collect();
        let mut claims: BTreeMap<(bool, &String), usize> = BTreeMap::new();
        for (gone, came) in &found {
            *claims.entry((false, gone)).or_default() += 1;
            *claims.entry((true, came)).or_default() += 1;
        }
        let mut moves = Self::default();
        for (gone, came) in
            found.iter().filter(|(gone, came)| claims[&(false, gone)] == 1 && claims[&(true, came)] == 1)
        {
            moves.now_of.insert(gone.clone(), came.clone());
            moves.before_of.insert(came.clone(), gone.clone());
        }
        moves
    }

    /// The later row that an earlier row became.
    pub(super) fn to<'r>(&self, before: &PublicRow, rows: &'r PublicRows) -> Option<&'r PublicRow> {
        rows.at(self.now_of.get(&before.place)?)
    }

    /// The earlier row that a later row was.
    pub(super) fn from<'r>(&self, now: &PublicRow, rows: &'r PublicRows) -> Option<&'r PublicRow> {
        rows.at(self.before_of.get(&now.place)?)
    }
}

/// The content of a row without one cell of its key, for each such cell.
fn signatures(row: &PublicRow) -> impl Iterator<Item = String> {
    row.key.keys().map(|left_out| {
        let others = row.all_cells().filter(|(label, _)| *label != left_out);
        let others: String = others.map(|(label, cell)| format!("\0{label}\0{cell}")).collect();
        format!("{}\0{left_out}{others}", row.table)
    })
}

/// The cells in which two rows differ.
pub(super) fn cells_between(before: &PublicRow, now: &PublicRow) -> Vec<CellChange> {
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) = (before.all_cells().collect(), now.all_cells().collect());
    let mut labels: Vec<&&String> = old.keys().chain(new.keys()).collect();
    labels.sort();
    labels.dedup();
    let cell = |row: &BTreeMap<&String, &String>, label: &String| {
        row.get(label).map_or_else(String::new, |cell| (*cell).clone())
    };
    labels
        .into_iter()
        .map(|label| CellChange { field: (*label).clone(), before: cell(&old, label), now: cell(&new, label) })
        .filter(|cell| cell.before != cell.now)
        .collect()
}
