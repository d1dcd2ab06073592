//! What is wrong with the quotes of a single cell.

/// An error in the quotes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// There is a quote inside a cell that is not quoted.
    Inside,
    /// The quote is never closed.
    Open,
    /// Text follows the closing quote.
    After,
}

/// The error in the quotes of a cell as it is written, if there is one.
pub(super) fn quoting(cell: &[u8]) -> Option<Quoting> {
    let first = memchr::memchr(b'"', cell)?;
    if first > 0 {
        return Some(Quoting::Inside);
    }
    let mut at = 1;
    while let Some(quote) = memchr::memchr(b'"', &cell[at..]) {
        at += quote + 1;
        match cell.get(at) {
            Some(b'"') => at += 1,
            Some(_) => return Some(Quoting::After),
            None => return None,
        }
    }
    Some(Quoting::Open)
}
