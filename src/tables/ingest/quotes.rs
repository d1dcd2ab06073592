//! Rows in which a quote is missing: only the quote is reported, not what was read wrongly because of it.

use std::ops::Range;

use super::RawTable;
use super::quoting::{Quoting, quoting};
use super::scan::walk;

/// The rows that cannot be read because of a quote.
#[derive(Default)]
pub(super) struct Broken {
    /// The ranges of whole rows.
    pub(super) rows: Vec<Range<usize>>,
    /// The cell whose quote runs on past the end of its row, so that everything after it was read wrongly.
    pub(super) open: Option<usize>,
}

/// The rows that suspect cells make unreadable.
pub(super) fn broken(table: &RawTable, suspects: &[Range<usize>]) -> Broken {
    let file = &table.source.bytes;
    let mut broken = Broken::default();
    let mut faulty = suspects.iter().filter_map(|cell| Some((cell, quoting(&file[cell.clone()])?))).peekable();
    if faulty.peek().is_none() {
        return broken;
    }
    for piece in &table.pieces {
        let mut open_row = None;
        walk(file, piece.bytes.clone(), table.delimiter, |row| {
            if let Some(start) = open_row.take() {
                broken.rows.push(start..row.start());
            }
            let cells = row.len();
            while let Some((cell, kind)) = faulty.next_if(|(cell, _)| cell.start < row.end().max(row.start() + 1)) {
                let lines = memchr::memchr2(b'\n', b'\r', &file[cell.clone()]).is_some();
                if broken.open.is_none() && (kind == Quoting::Open || kind == Quoting::After && lines) {
                    broken.open = Some(cell.start);
                    broken.rows.push(row.start()..file.len());
                } else if cells != table.labels.len() {
                    open_row = Some(row.start());
                }
            }
        });
        broken.rows.extend(open_row.map(|start| start..piece.bytes.end));
    }
    if let Some(open) = broken.open {
        let first = broken.rows.iter().position(|rows| rows.contains(&open)).unwrap_or_default();
        broken.rows.truncate(first + 1);
    }
    broken
}
