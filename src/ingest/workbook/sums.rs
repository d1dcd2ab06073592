//! Sums that a sheet stores, done again: a script that writes a formula often stores 0 beside it.

use std::collections::HashMap;

use super::sheet::{Addend, Area, Cell, Grid, Mark, Value};

/// So many rows are added up of one sheet, and no more.
const MOST: u64 = 10_000_000;

/// Marks the sums of a sheet that are not what their cells add up to; `other` reads another sheet of the workbook.
pub(super) fn check(grid: &mut Grid, mut other: impl FnMut(&str) -> Option<Grid>) {
    let (mut others, mut left) = (HashMap::new(), MOST);
    let marks = std::mem::take(&mut grid.marks);
    for (area, mark) in marks {
        let Mark::Adds(addends) = mark else {
            grid.marks.push((area, mark));
            continue;
        };
        for name in addends.iter().filter_map(|addend| addend.sheet.as_ref()) {
            others.entry(name.to_lowercase()).or_insert_with(|| other(name));
        }
        let rows: u64 = addends.iter().map(|addend| u64::from(addend.area.last.0 - addend.area.first.0) + 1).sum();
        let Some(rest) = left.checked_sub(rows) else { continue };
        left = rest;
        let Some(sum) = added(grid, &others, &addends) else { continue };
        if differs(grid, area, &sum) {
            grid.marks.push((area, Mark::Miscounted { sum: sum.total }));
        }
    }
}

#[derive(Default)]
struct Sum {
    total: f64,
    /// The sum of what was added, without signs: by it the digits that were lost are measured.
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
                // Within a range texts count for nothing.
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
