//! How much work the ranges of a sheet are: a file names in a few bytes a range of a million cells, and may do so a million
//! times.

use super::Unreadable;
use super::sheet::{Area, Grid, Hidden};

/// So many cells and rows are looked at for all ranges together: for a hundred of them on the largest sheet.
const MOST: u64 = 1 << 30;

/// Refuses a sheet, whose cells stand in order, with more ranges than can be looked at.
pub(super) fn bounded(grid: &Grid) -> Result<(), Unreadable> {
    let Some((first, last)) = grid.cells.first().zip(grid.cells.last()) else { return Ok(()) };
    let (top, bottom) = (first.place.0, last.place.0);
    let work = |area: &Area| {
        let (from, to) = (area.first.0.max(top), area.last.0.min(bottom));
        if from >= to { 1 } else { u64::from(to - from) + grid.rows(from..=to).len() as u64 }
    };
    let columns = grid.hidden.iter().filter(|hidden| matches!(hidden, Hidden::Columns { .. })).count() as u64;
    let marked = grid.marks.iter().map(|(area, _)| area);
    let conditional = grid.conditional.iter().flat_map(|rule| &rule.areas);
    let areas = marked.chain(&grid.merged).chain(conditional).chain(&grid.totals);
    let mut left = columns.checked_mul(grid.cells.len() as u64).and_then(|looked_at| MOST.checked_sub(looked_at));
    for area in areas {
        left = left.and_then(|left| left.checked_sub(work(area)));
    }
    left.map(|_| ()).ok_or_else(|| {
        let message = format!(
            "the ranges of the sheet `{}` (merged cells, hidden columns, formulas, conditional formats) are more than can be \
             looked at",
            grid.name
        );
        let hint = "copy the values of the table alone into a new workbook and save that".to_owned();
        Unreadable { message, hint }
    })
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Cell, Mark, Value};
    use super::*;

    fn sheet(rows: u32) -> Grid {
        let cell = |row| Cell { place: (row, 0), value: Value::Number(1.0), look: 0 };
        Grid { name: "cases".to_owned(), cells: (0..rows).map(cell).collect(), ..Grid::default() }
    }

    const WHOLE: Area = Area { first: (0, 0), last: (1_048_575, 16_383) };

    #[test]
    fn many_ranges_of_many_cells_are_refused() {
        let grids = [
            Grid { merged: vec![WHOLE; 20_000], ..sheet(50_000) },
            Grid { marks: vec![(WHOLE, Mark::Foreign); 20_000], ..sheet(50_000) },
            Grid { hidden: (0..16_000).map(|at| Hidden::Columns { first: at, last: at }).collect(), ..sheet(100_000) },
        ];
        for grid in grids {
            assert!(bounded(&grid).is_err_and(|why| why.message.contains("`cases`")));
        }
    }

    #[test]
    fn the_ranges_that_people_make_are_looked_at() {
        let single = |row| (Area::of((row, 0)), Mark::Foreign);
        let grid = Grid {
            merged: vec![Area { first: (0, 0), last: (0, 7) }; 1000],
            marks: (0..100_000).map(single).collect(),
            hidden: vec![Hidden::Columns { first: 3, last: 5 }; 40],
            totals: vec![WHOLE; 20],
            ..sheet(100_000)
        };
        assert!(bounded(&grid).is_ok());
        assert!(bounded(&Grid { merged: vec![WHOLE; 1_000_000], ..Grid::default() }).is_ok());
    }
}
