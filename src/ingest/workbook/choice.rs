//! The sheet that holds a table: the visible one that is called like it, or the only visible one that holds anything.

use super::Unreadable;
use super::sheet::{Grid, Listed, Workbook};

/// Reads the sheet that holds `table`.
pub(super) fn choose(workbook: &mut dyn Workbook, table: &str) -> Result<Grid, Unreadable> {
    let sheets = workbook.sheets();
    let is_named = |sheet: &Listed| sheet.name.eq_ignore_ascii_case(table);
    if let Some(named) = sheets.iter().position(is_named) {
        if sheets[named].hidden {
            return Err(hidden(&sheets, table));
        }
        return workbook.read(named);
    }
    let mut filled = Vec::new();
    for (number, _) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.hidden) {
        let grid = workbook.read(number)?;
        if !grid.cells.is_empty() {
            filled.push(grid);
        }
    }
    match filled.len() {
        0 if sheets.iter().any(|sheet| sheet.hidden) => none_visible(workbook, &sheets, table),
        0 => Ok(Grid::default()),
        1 => Ok(filled.swap_remove(0)),
        _ => Err(several(&filled, table)),
    }
}

/// The sheet called like the table cannot be seen: whoever edits the workbook edits another one.
fn hidden(sheets: &[Listed], table: &str) -> Unreadable {
    let visible: Vec<String> =
        sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| format!("`{}`", sheet.name)).collect();
    let message = match visible.as_slice() {
        [] => format!("the sheet called `{table}` is hidden"),
        names => format!("the sheet called `{table}` is hidden; the workbook shows {}", names.join(", ")),
    };
    let hint = format!(
        "delete the hidden sheet, and call the one that holds the table `{table}`; or show it, if it is the right one"
    );
    Unreadable { message, hint }
}

fn none_visible(workbook: &mut dyn Workbook, sheets: &[Listed], table: &str) -> Result<Grid, Unreadable> {
    for (number, _) in sheets.iter().enumerate().filter(|(_, sheet)| sheet.hidden) {
        if !workbook.read(number)?.cells.is_empty() {
            let message = "the sheets that the workbook shows are empty; only hidden sheets hold anything".to_owned();
            return Err(Unreadable {
                message,
                hint: format!("show the sheet that holds the table, and call it `{table}`"),
            });
        }
    }
    Ok(Grid::default())
}

fn several(filled: &[Grid], table: &str) -> Unreadable {
    let names: Vec<String> = filled.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
    let message = format!("the workbook holds several sheets, none of them called `{table}`: {}", names.join(", "));
    Unreadable { message, hint: format!("call the sheet that holds the table `{table}`") }
}
