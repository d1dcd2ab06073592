//! Finds a table in its file: its separator, the row with its labels, and rows near the labels that are not
//! data. If the first row contains labels, only a few rows are looked at.

use std::ops::Range;

use super::cuts::one_by_one;
use super::encoding::bom;
use super::pieces::first_row;
use super::scan::walk;
use super::stray::{Separator, Stray, StrayKind, is_tags, is_units, separator};

/// How many rows, and about how many bytes, are searched for the labels.
const ROWS: usize = 50;
const BYTES: usize = 1 << 16;
/// How many rows below the labels are searched for tags.
const TAGGED: usize = 25;
/// How many bytes of a cell are looked at.
const CELL: usize = 200;

/// Where a table is in its file.
pub(super) struct Layout {
    /// The separator of the cells.
    pub(super) delimiter: u8,
    /// Whether the separator is unusual and not declared.
    pub(super) undeclared: bool,
    /// Whether no label was found with any separator, so that nothing can be judged.
    pub(super) hopeless: bool,
    /// The row of labels.
    pub(super) labels: Range<usize>,
    /// Rows near the top that are not data, in their order.
    pub(super) strays: Vec<Stray>,
}

/// What a file is expected to be.
#[derive(Clone, Copy)]
pub(super) struct Expected<'e> {
    /// The declared separator, if there is one.
    pub(super) delimiter: Option<u8>,
    /// The labels of its table, if they are known.
    pub(super) labels: &'e [String],
    /// Whether it is a sheet, which is always separated by commas.
    pub(super) sheet: bool,
}

/// A row near the top.
struct TopRow {
    bytes: Range<usize>,
    end: usize,
    cells: Vec<String>,
}

impl TopRow {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// The separator inside a row that was read as one cell.
    fn inner_separator(&self) -> Option<u8> {
        let [only] = self.cells.as_slice() else { return None };
        [b';', b'\t', b'|'].into_iter().find(|separator| only.as_bytes().contains(separator))
    }

    /// How many of its cells are labels, and how many are not empty.
    fn known(&self, labels: &[String]) -> (usize, usize) {
        let written = || self.cells.iter().filter(|cell| !cell.trim().is_empty());
        let known = written().filter(|cell| labels.iter().any(|label| *label == plain(cell))).count();
        (known, written().count())
    }
}

/// A label without differences that are easily overlooked.
fn plain(cell: &str) -> String {
    cell.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("_")
}

/// Finds the table in its file.
pub(super) fn find(file: &[u8], expected: Expected<'_>) -> Layout {
    let (mut strays, mut named) = (Vec::new(), None);
    let mut start = first_row(file, bom(file), None).bytes.start;
    if let Some((stray, separator)) = separator_line(file, start) {
        (start, named) = (stray.bytes.end, separator.known().filter(|_| !expected.sheet));
        strays.push(stray);
    }
    let usual = first_row(file, start, expected.delimiter.or(named));
    let labels: Vec<String> = expected.labels.iter().map(|label| plain(label)).collect();
    let first = rows(file, usual.bytes.clone(), usual.delimiter).pop();
    let known = first.as_ref().is_some_and(|first| first.known(&labels).0 >= labels.len().clamp(1, 2));
    let mut layout =
        Layout { delimiter: usual.delimiter, undeclared: false, hopeless: false, labels: usual.bytes, strays };
    let found = if known { None } else { search(file, start, &labels, expected, named) };
    if let Some(found) = found {
        layout.delimiter = found.delimiter;
        layout.labels = found.labels;
        layout.strays.extend(found.above);
    } else {
        let lone = first.as_ref().filter(|_| !known && !expected.sheet).and_then(TopRow::inner_separator);
        layout.hopeless = lone.is_some();
        layout.delimiter = lone.unwrap_or(layout.delimiter);
    }
    layout.undeclared = layout.delimiter != b',' && Some(layout.delimiter) != expected.delimiter;
    let below = below(file, &layout, labels.is_empty());
    layout.strays.extend(below);
    layout
}

/// The first line, if it names a separator, and that separator.
fn separator_line(file: &[u8], start: usize) -> Option<(Stray, Separator)> {
    let rest = &file[start..];
    let end = start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    let named = separator(&file[start..end])?;
    let next = end + file[end..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    Some((Stray { kind: StrayKind::Separator, bytes: start..next, shown: start..end, last: start, rows: 1 }, named))
}

/// The labels found further down, or with another separator.
struct Found {
    delimiter: u8,
    above: Option<Stray>,
    labels: Range<usize>,
}

/// Searches for the row with the most labels, with each separator in turn.
fn search(file: &[u8], start: usize, labels: &[String], expected: Expected<'_>, named: Option<u8>) -> Option<Found> {
    if labels.is_empty() {
        return None;
    }
    let enough = labels.len().clamp(1, 2);
    let mut delimiters: Vec<u8> = expected.delimiter.into_iter().chain([b',']).chain(named).collect();
    delimiters.extend(b";\t|");
    if expected.sheet {
        delimiters = vec![b','];
    }
    let mut best: Option<(usize, u8, Vec<TopRow>, usize)> = None;
    for delimiter in delimiters {
        let rows = rows(file, head(file, start, delimiter), delimiter);
        let known = rows.iter().take(ROWS).enumerate().map(|(at, row)| (row.known(labels), at));
        let held = known.filter(|((known, written), _)| *known >= enough && known * 2 >= *written);
        // The first of equally good rows.
        let Some(((known, _), at)) = held.max_by_key(|((known, _), at)| (*known, std::cmp::Reverse(*at))) else {
            continue;
        };
        if best.as_ref().is_none_or(|(before, ..)| known > *before) {
            best = Some((known, delimiter, rows, at));
        }
    }
    let (_, delimiter, rows, at) = best?;
    Some(Found { delimiter, above: above(&rows[..at]), labels: rows[at].bytes.clone() })
}

/// The rows above the labels, if there are any.
fn above(rows: &[TopRow]) -> Option<Stray> {
    let (first, last) = (rows.first()?, rows.last()?);
    let written: Vec<&TopRow> = rows.iter().filter(|row| !row.is_blank()).collect();
    let shown = written.first().copied().unwrap_or(first);
    let kind =
        if matches!(written.as_slice(), [only] if is_tags(&only.cells)) { StrayKind::Tags } else { StrayKind::Above };
    // For tags only their own row is reported, not the blank rows around it.
    let first = if kind == StrayKind::Tags { shown } else { first };
    let (last, count) = if kind == StrayKind::Tags { (shown, 1) } else { (last, rows.len()) };
    Some(Stray {
        kind,
        bytes: first.bytes.start..last.bytes.end,
        shown: shown.bytes.start..shown.end,
        last: last.bytes.start,
        rows: count,
    })
}

/// Rows just below the labels that contain tags or units.
fn below(file: &[u8], layout: &Layout, foreign: bool) -> Vec<Stray> {
    let rows = rows(file, head(file, layout.labels.end, layout.delimiter), layout.delimiter);
    let mut strays = Vec::new();
    let mut first = true;
    for row in rows.iter().take(TAGGED) {
        let kind = if is_tags(&row.cells) {
            Some(StrayKind::Tags)
        } else if first && !foreign && is_units(&row.cells) {
            Some(StrayKind::Units)
        } else {
            None
        };
        first &= kind.is_some();
        let of_row = |kind| Stray {
            kind,
            bytes: row.bytes.clone(),
            shown: row.bytes.start..row.end,
            last: row.bytes.start,
            rows: 1,
        };
        strays.extend(kind.map(of_row));
    }
    strays
}

/// The first part of a file, in whole rows.
fn head(file: &[u8], start: usize, delimiter: u8) -> Range<usize> {
    let target = (start + BYTES).min(file.len());
    start..one_by_one(file, start, std::iter::once(target), delimiter).pop().unwrap_or(file.len())
}

/// The first rows in a range of bytes.
fn rows(file: &[u8], stretch: Range<usize>, delimiter: u8) -> Vec<TopRow> {
    let mut rows: Vec<TopRow> = Vec::new();
    let end = stretch.end;
    walk(file, stretch, delimiter, |row| {
        if let Some(before) = rows.last_mut() {
            before.bytes.end = before.bytes.end.min(row.start());
        }
        if rows.len() < ROWS + TAGGED {
            let cell = |at| {
                let value = row.value(at);
                String::from_utf8_lossy(&value[..value.len().min(CELL)]).into_owned()
            };
            let cells = (0..row.len()).map(cell).collect();
            rows.push(TopRow { bytes: row.start()..end, end: row.end(), cells });
        }
    });
    rows
}
