//! Computes the sums of a sheet again: a script that writes a formula often stores 0 as its value.

use std::collections::{BTreeSet, HashMap};

use super::sheet::{Addend, Area, Cell, Grid, Mark, Place, Value};

/// The most rows that are added up for one sheet.
const MOST: u64 = 10_000_000;

/// Marks the sums of a sheet that are wrong, or that no spreadsheet has computed and that cannot be computed
/// here; `other` reads another sheet of the workbook.
pub(super) fn check(grid: &mut Grid, mut other: impl FnMut(&str) -> Option<Grid>) {
    let (mut others, mut left) = (HashMap::new(), MOST);
    let (sums, marks) =
        std::mem::take(&mut grid.marks).into_iter().partition(|(_, mark)| matches!(mark, Mark::Adds { .. }));
    grid.marks = marks;
    let sums: Vec<(Area, Mark)> = sums;
    let formulas = Formulas::of(grid, &sums);
    for (area, mark) in sums {
        let Mark::Adds { addends, stale } = mark else { continue };
        let rows: u64 = addends.iter().map(|addend| u64::from(addend.area.last.0 - addend.area.first.0) + 1).sum();
        let rest = left.checked_sub(rows);
        left = rest.unwrap_or(left);
        if stale && (rest.is_none() || !formulas.prove(grid, area, &addends)) {
            grid.marks.push((area, Mark::Stale));
            continue;
        }
        for name in addends.iter().filter_map(|addend| addend.sheet.as_ref()) {
            others.entry(name.to_lowercase()).or_insert_with(|| other(name));
        }
        match rest.and_then(|_| added(grid, &others, &addends)) {
            Some(sum) if differs(grid, area, &sum) => grid.marks.push((area, Mark::Miscounted { sum: sum.total })),
            None if stale => grid.marks.push((area, Mark::Stale)),
            _ => {}
        }
    }
}

/// The formulas of a sheet that no spreadsheet has computed.
struct Formulas {
    places: BTreeSet<Place>,
    /// Whether one of them covers several cells.
    spread: bool,
}

impl Formulas {
    fn of(grid: &Grid, sums: &[(Area, Mark)]) -> Self {
        let uncomputed = |mark: &Mark| {
            matches!(mark, Mark::Uncomputed | Mark::Stale | Mark::Foreign | Mark::Adds { stale: true, .. })
        };
        let areas = || grid.marks.iter().chain(sums).filter(|(_, mark)| uncomputed(mark)).map(|(area, _)| area);
        Self { places: areas().map(|area| area.first).collect(), spread: areas().any(|area| area.first != area.last) }
    }

    /// Whether a sum that a script stored can be checked: it adds up cells of its own sheet, none of them a formula.
    /// A stored 0 proves nothing, since scripts store it for lack of a value.
    fn prove(&self, grid: &Grid, area: Area, addends: &[Addend]) -> bool {
        let stored = grid.within(area).next().and_then(number);
        !self.spread
            && stored.is_some_and(|stored| stored != 0.0)
            && addends.iter().all(|addend| addend.sheet.is_none() && !self.stand_in(addend.area))
    }

    fn stand_in(&self, area: Area) -> bool {
        self.places.range((area.first.0, 0)..=(area.last.0, u32::MAX)).any(|place| area.holds(*place))
    }
}

#[derive(Default)]
struct Sum {
    total: f64,
    /// The sum of the absolute values, which bounds the rounding error.
    size: f64,
}

fn added(grid: &Grid, others: &HashMap<String, Option<Grid>>, addends: &[Addend]) -> Option<Sum> {
    let mut sum = Sum::default();
    for addend in addends {
        let sheet = match &addend.sheet {
            Some(name) if !name.eq_ignore_ascii_case(&grid.name) => others.get(&name.to_lowercase())?.as_ref()?,
            _ => grid,
        };
        for cell in sheet.within(addend.area) {
            match number(cell) {
                Some(number) => sum = Sum { total: sum.total + number, size: sum.size + number.abs() },
                // `SUM` ignores texts.
                None if addend.in_sum && !matches!(cell.value, Value::Error(_)) => {}
                None => return None,
            }
        }
    }
    Some(sum)
}

fn number(cell: &Cell) -> Option<f64> {
    match cell.value {
        Value::Number(number) | Value::Duration(number) | Value::Day { serial: number, .. } => Some(number),
        _ => None,
    }
}

fn differs(grid: &Grid, area: Area, sum: &Sum) -> bool {
    let stored = grid.within(area).next().and_then(number);
    stored.is_some_and(|stored| (stored - sum.total).abs() > 1e-9 * sum.size.max(stored.abs()))
}
