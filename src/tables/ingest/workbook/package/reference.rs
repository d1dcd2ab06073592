//! Names of cells and ranges, such as `C17`, `A1:F9`, `$B:$C`.

use super::super::sheet::{Area, Place};

/// The last row and column of a sheet.
const LAST: Place = (1_048_575, 16_383);

/// A cell by its name.
pub(super) fn place(name: &str) -> Option<Place> {
    let (column, row) = parts(name)?;
    Some((row?, column?))
}

/// A range by its name; a cell alone is one, and so are whole columns and rows.
pub(super) fn area(name: &str) -> Option<Area> {
    let (first, last) = name.split_once(':').unwrap_or((name, name));
    let ((first_column, first_row), (last_column, last_row)) = (parts(first)?, parts(last)?);
    let first = (first_row.unwrap_or(0), first_column.unwrap_or(0));
    let last = (last_row.unwrap_or(LAST.0), last_column.unwrap_or(LAST.1));
    Some(Area { first: (first.0.min(last.0), first.1.min(last.1)), last: (first.0.max(last.0), first.1.max(last.1)) })
}

/// Ranges separated by spaces.
pub(super) fn areas(names: &str) -> Vec<Area> {
    names.split_whitespace().filter_map(area).collect()
}

/// Column and row in a name, both from 0, if it has them.
fn parts(name: &str) -> Option<(Option<u32>, Option<u32>)> {
    let (mut column, mut row) = (None, None);
    for byte in name.bytes().filter(|byte| *byte != b'$') {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row.is_none() => {
                let letter = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = Some(column.unwrap_or(0_u32).checked_mul(26)?.checked_add(letter)?);
            }
            b'0'..=b'9' => row = Some(row.unwrap_or(0_u32).checked_mul(10)?.checked_add(u32::from(byte - b'0'))?),
            _ => return None,
        }
    }
    if column.is_none() && row.is_none() || row == Some(0) {
        return None;
    }
    Some((column.map(|column| column - 1), row.map(|row| row - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_are_places() {
        assert_eq!(place("A1"), Some((0, 0)));
        assert_eq!(place("$C$17"), Some((16, 2)));
        assert_eq!(place("AB2"), Some((1, 27)));
        assert_eq!(place("XFD1048576"), Some(LAST));
        for wrong in ["", "A", "7", "A0", "1A", "Ä1", "A1B", "AAAAAAAA1", "A99999999999"] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_may_be_whole_columns() {
        assert_eq!(area("B2:C9"), Some(Area { first: (1, 1), last: (8, 2) }));
        assert_eq!(area("C9:B2"), area("B2:C9"));
        assert_eq!(area("B:C"), Some(Area { first: (0, 1), last: (LAST.0, 2) }));
        assert_eq!(area("2:2"), Some(Area { first: (1, 0), last: (1, LAST.1) }));
        assert_eq!(areas("A1 B2:B3").len(), 2);
    }
}
