//! Chooses the sheet with a table: the visible one with the table's name, or the only visible one that is not empty.

use super::Unreadable;
use super::sheet::{Grid, Listed, Workbook};

/// Reads the sheet with `table`.
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

/// The error for a hidden sheet with the table's name: whoever edits the workbook edits another sheet.
fn hidden(sheets: &[Listed], table: &str) -> Unreadable {
    let visible: Vec<String> =
        sheets.iter().filter(|sheet| !sheet.hidden).map(|sheet| format!("`{}`", sheet.name)).collect();
    let message = match visible.as_slice() {
        [] => format!("the sheet named `{table}` is hidden"),
        names => format!("the sheet named `{table}` is hidden; the visible ones are {}", names.join(", ")),
    };
    let hint = format!(
        "delete the hidden sheet and name the sheet with the table `{table}`; or unhide it, if it is the right one"
    );
    Unreadable { message, hint }
}

fn none_visible(workbook: &mut dyn Workbook, sheets: &[Listed], table: &str) -> Result<Grid, Unreadable> {
    for (number, _) in sheets.iter().enumerate().filter(|(_, sheet)| sheet.hidden) {
        // Nothing is shown of a hidden sheet, not even its errors.
        if !workbook.read(number).is_ok_and(|grid| grid.cells.is_empty()) {
            let message = "the visible sheets are empty; only hidden sheets have content".to_owned();
            let hint = format!("unhide the sheet with the table, and name it `{table}`");
            return Err(Unreadable { message, hint });
        }
    }
    Ok(Grid::default())
}

fn several(filled: &[Grid], table: &str) -> Unreadable {
    let names: Vec<String> = filled.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
    let message = format!("the workbook has several sheets, none of them named `{table}`: {}", names.join(", "));
    Unreadable { message, hint: format!("name the sheet with the table `{table}`") }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::{Cell, Value};
    use super::*;

    /// Sheets by name; whether each is hidden, and whether it has content.
    struct Sheets(&'static [(&'static str, bool, bool)]);

    impl Workbook for Sheets {
        fn sheets(&self) -> Vec<Listed> {
            self.0.iter().map(|(name, hidden, _)| Listed { name: (*name).to_owned(), hidden: *hidden }).collect()
        }

        fn read(&mut self, number: usize) -> Result<Grid, Unreadable> {
            let (name, _, filled) = self.0[number];
            let cell = || Cell { place: (0, 0), value: Value::Number(1.0), look: 0 };
            Ok(Grid { name: name.to_owned(), cells: filled.then(cell).into_iter().collect(), ..Grid::default() })
        }
    }

    fn chosen(sheets: &'static [(&'static str, bool, bool)]) -> Result<String, String> {
        choose(&mut Sheets(sheets), "cases").map(|grid| grid.name).map_err(|why| why.message)
    }

    #[test]
    fn a_visible_sheet_is_read() {
        assert_eq!(chosen(&[("old", false, true), ("Cases", false, true)]).as_deref(), Ok("Cases"));
        assert_eq!(chosen(&[("empty", false, false), ("data", false, true)]).as_deref(), Ok("data"));
        assert_eq!(chosen(&[("lists", true, true), ("data", false, true)]).as_deref(), Ok("data"));
        assert_eq!(chosen(&[("empty", false, false), ("other", true, false)]).as_deref(), Ok(""));
    }

    #[test]
    fn a_hidden_sheet_never_wins_and_is_called_hidden() {
        let cases: [&'static [(&str, bool, bool)]; 3] = [
            &[("cases", true, true), ("Final", false, true)],
            &[("cases", true, false), ("Final", false, true)],
            &[("Sheet1", false, false), ("old", true, true)],
        ];
        for sheets in cases {
            let read = chosen(sheets);
            assert!(read.as_ref().is_err_and(|message| message.contains("hidden")), "{read:?}");
        }
        let several = chosen(&[("a", false, true), ("secret", true, true), ("b", false, true)]);
        assert!(several.is_err_and(|message| message.contains("`a`, `b`") && !message.contains("secret")));
    }
}
