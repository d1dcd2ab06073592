//! Splits a file into pieces of whole rows, reads them on all cores, and joins the results in order.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use rayon::prelude::*;

use super::column::{Builder, Column, Part, join};
use super::encoding::FirstLook;
use super::scan::{LONGEST, Row, cuts, quoting, walk};
use super::{Irregular, Piece, Progress, RawTable};

/// The approximate size of a piece in bytes.
pub(super) const SIZE: usize = 4 << 20;

/// The rows below the labels, as read.
pub(super) struct Body {
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    pub(super) irregular: Vec<Irregular>,
    pub(super) pieces: Vec<Piece>,
    /// Cells that may have errors as written, by their bytes.
    pub(super) suspects: Vec<Range<usize>>,
}

/// The row that holds the labels.
pub(super) struct First {
    pub(super) bytes: Range<usize>,
    pub(super) delimiter: u8,
}

/// Finds the first row from `start` on that is not blank. It decides on the separator of the file: the `declared`
/// one if the row contains it, otherwise the comma.
pub(super) fn first_row(file: &[u8], start: usize, declared: Option<u8>) -> First {
    let blank = file[start..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let start = start + blank;
    let row = |delimiter| start..cuts(file, start, std::iter::once(start), delimiter).pop().unwrap_or(start);
    let held = declared.filter(|delimiter| file[row(*delimiter)].contains(delimiter));
    let delimiter = held.unwrap_or(b',');
    First { bytes: row(delimiter), delimiter }
}

/// Splits a file, from its second row on, into pieces of about `size` bytes.
pub(super) fn split(file: &[u8], start: usize, delimiter: u8, look: FirstLook, size: usize) -> Vec<Range<usize>> {
    let targets = (1..).map(|n| start + n * size).take_while(|target| target + size / 2 < file.len());
    let mut cuts = if look.quotes { cuts(file, start, targets, delimiter) } else { plain_cuts(file, start, targets) };
    cuts.push(file.len());
    cuts.windows(2).map(|pair| pair[0]..pair[1]).filter(|piece| !piece.is_empty()).collect()
}

/// The same pieces without some ranges of whole rows, which are given in order.
pub(super) fn without(pieces: Vec<Range<usize>>, left_out: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut kept = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let mut start = piece.start;
        for out in left_out.iter().filter(|out| out.start < piece.end && out.end > piece.start) {
            kept.push(start..out.start.max(start));
            start = out.end.max(start);
        }
        kept.push(start.min(piece.end)..piece.end);
    }
    kept.retain(|piece| !piece.is_empty());
    kept
}

fn plain_cuts(file: &[u8], start: usize, targets: impl Iterator<Item = usize>) -> Vec<usize> {
    // Without quotes every line break ends a row. A target is only used once the previous cut is before it.
    let mut cuts = vec![start];
    for target in targets {
        let from = target.max(*cuts.last().unwrap_or(&start));
        let Some(found) = memchr::memchr2(b'\n', b'\r', &file[from..]) else { break };
        let at = from + found;
        cuts.push(at + 1 + usize::from(file[at] == b'\r' && file.get(at + 1) == Some(&b'\n')));
    }
    cuts
}

/// Reads the rows below a table's labels into its columns.
pub(super) fn read(table: &RawTable, pieces: &[Range<usize>], look: FirstLook, progress: &Progress<'_>) -> Body {
    let (file, width) = (&table.source.bytes, table.labels.len());
    let hardly_repeats: Vec<AtomicBool> = (0..width).map(|_| AtomicBool::new(false)).collect();
    // A file of one piece is small enough for dictionaries.
    let shared = if pieces.len() > 1 { hardly_repeats.as_slice() } else { &[] };
    let of_piece = |piece: &Range<usize>| {
        let read = one(file, piece, table.delimiter, width, shared, look);
        progress.add(piece.len());
        read
    };
    let read: Vec<Read> = pieces.par_iter().map(of_piece).collect();
    assemble(read, pieces, width)
}

/// One piece as read.
struct Read {
    parts: Vec<Part>,
    rows: usize,
    irregular: Vec<Irregular>,
    suspects: Vec<Range<usize>>,
}

fn one(file: &[u8], piece: &Range<usize>, delimiter: u8, width: usize, shared: &[AtomicBool], look: FirstLook) -> Read {
    let mut builders: Vec<Builder<'_>> = (0..width).map(|at| Builder::new(shared.get(at))).collect();
    let (mut rows, mut irregular, mut suspects) = (0, Vec::new(), Vec::new());
    let all = look.broken || look.nul;
    walk(file, piece.clone(), delimiter, |row| {
        if row.len() == width {
            for (at, builder) in builders.iter_mut().enumerate() {
                builder.push(row, at);
            }
        } else {
            note(&mut irregular, Irregular { row: rows, rows: 1, cells: row.len() });
            for (at, builder) in builders.iter_mut().enumerate() {
                if at < row.len() { builder.push(row, at) } else { builder.push_missing() }
            }
        }
        if all || row.quoted() || row.end() - row.start > LONGEST {
            suspects.extend((0..row.len()).map(|at| row.raw(at)).filter(|cell| suspect(&file[cell.clone()])));
        }
        rows += 1;
    });
    Read { parts: builders.into_iter().map(Builder::finish).collect(), rows, irregular, suspects }
}

/// Adds a run of rows; it is joined with the run before if that has the same length, also across pieces.
fn note(irregular: &mut Vec<Irregular>, run: Irregular) {
    match irregular.last_mut() {
        Some(last) if last.cells == run.cells && last.row + last.rows == run.row => last.rows += run.rows,
        _ => irregular.push(run),
    }
}

/// Whether the encoding, the quotes or the length of a cell may be wrong.
fn suspect(cell: &[u8]) -> bool {
    cell.len() > LONGEST
        || quoting(cell).is_some()
        || memchr::memchr(0, cell).is_some()
        || std::str::from_utf8(cell).is_err()
}

fn assemble(read: Vec<Read>, ranges: &[Range<usize>], width: usize) -> Body {
    let (mut pieces, mut irregular, mut suspects, mut rows) = (Vec::new(), Vec::new(), Vec::new(), 0);
    let mut columns: Vec<Vec<Part>> = (0..width).map(|_| Vec::new()).collect();
    for (piece, range) in read.into_iter().zip(ranges) {
        pieces.push(Piece { bytes: range.clone(), first: rows });
        for run in piece.irregular {
            note(&mut irregular, Irregular { row: run.row + rows, ..run });
        }
        suspects.extend(piece.suspects);
        rows += piece.rows;
        columns.iter_mut().zip(piece.parts).for_each(|(column, part)| column.push(part));
    }
    let columns = columns.into_par_iter().map(|parts| join(&parts)).collect();
    Body { columns, rows, irregular, pieces, suspects }
}

/// The whole dictionary of one column of a file that was read without it.
pub(super) fn code(file: &[u8], pieces: &[Piece], delimiter: u8, column: usize) -> Column {
    let one = |piece: &Piece| {
        let mut builder = Builder::new(None);
        walk(file, piece.bytes.clone(), delimiter, |row: &Row<'_>| {
            if column < row.len() { builder.push(row, column) } else { builder.push_missing() }
        });
        builder.finish()
    };
    let parts: Vec<Part> = pieces.par_iter().map(one).collect();
    join(&parts)
}
