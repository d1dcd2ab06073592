//! Splits a file into pieces of whole rows, reads them on all cores, and joins the results in order.
//!
//! Where a file is cut is first taken from the number of quotes before, which is right if all quotes are regular. Each
//! piece that turns out regular proves the cut at its end; if one does not, the file is cut and read again, slowly.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::column::{Builder, Column, Part, join};
use super::cuts::{by_number, one_by_one};
use super::encoding::FirstLook;
use super::grid::Grid;
use super::quoting::quoting;
use super::row::{LONGEST, Row};
use super::scan::{walk, walk_regular};
use super::{Irregular, Piece, Progress, RawTable};

/// The approximate size of a piece in bytes.
pub(super) const SIZE: usize = 4 << 20;

/// The rows below the labels, as read.
#[derive(Default)]
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
    let row = |delimiter| start..one_by_one(file, start, std::iter::once(start), delimiter).pop().unwrap_or(start);
    let held = declared.filter(|delimiter| file[row(*delimiter)].contains(delimiter));
    let delimiter = held.unwrap_or(b',');
    First { bytes: row(delimiter), delimiter }
}

/// What is read below the labels.
pub(super) struct Below<'b> {
    /// Where it starts.
    pub(super) start: usize,
    /// Ranges of whole rows that are no data, in order.
    pub(super) left_out: &'b [Range<usize>],
    /// The approximate size of a piece in bytes.
    pub(super) size: usize,
}

impl Below<'_> {
    /// Pieces of about that size, of which the first is smaller: it is read before the others.
    fn pieces(&self, file: &[u8], cut: impl Fn(&mut dyn Iterator<Item = usize>) -> Vec<usize>) -> Vec<Range<usize>> {
        let first = self.start + (self.size / 4).max(1);
        let targets = (0..).map(|n| first + n * self.size);
        let mut cuts = cut(&mut targets.take_while(|target| target + self.size / 2 < file.len()));
        cuts.push(file.len());
        let pieces = cuts.windows(2).map(|pair| pair[0]..pair[1]).filter(|piece| !piece.is_empty()).collect();
        without(pieces, self.left_out)
    }
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

/// Reads the rows below a table's labels into its columns.
pub(super) fn read(table: &RawTable, below: &Below<'_>, look: &FirstLook, progress: &Progress<'_>) -> Body {
    let file: &[u8] = &table.source.bytes;
    let reading = Reading { table, file, all_suspect: look.broken || look.nul };
    let pieces = below.pieces(file, |targets| by_number(file, below.start, targets, look));
    // A piece begins where the one before ends, or after rows left out: in either case with a row. If it is regular and ends
    // outside quotes, the next one begins with a row, too.
    if let Some(body) = reading.body(&pieces, true, progress) {
        return body;
    }
    let pieces = below.pieces(file, |targets| one_by_one(file, below.start, targets, table.delimiter));
    reading.body(&pieces, false, &Progress::silent()).unwrap_or_default()
}

/// How the pieces of a table are read.
struct Reading<'r> {
    table: &'r RawTable,
    file: &'r [u8],
    /// Whether any cell may have errors as written.
    all_suspect: bool,
}

/// One piece as read.
struct Read {
    parts: Vec<Part>,
    rows: usize,
    irregular: Vec<Irregular>,
    suspects: Vec<Range<usize>>,
}

impl Reading<'_> {
    /// All pieces; none if their quotes must be regular and are not.
    fn body(&self, pieces: &[Range<usize>], must_be_regular: bool, progress: &Progress<'_>) -> Option<Body> {
        let width = self.table.labels.len();
        let hardly_repeats: Vec<AtomicBool> = (0..width).map(|_| AtomicBool::new(false)).collect();
        // A file of a piece or two is small enough for dictionaries.
        let shared = if pieces.len() > 2 { hardly_repeats.as_slice() } else { &[] };
        let irregular = AtomicBool::new(false);
        let of_piece = |piece: &Range<usize>, first: Option<&Read>| {
            let builder = |at: usize| Builder::new(shared.get(at), first.map(|first| &first.parts[at]));
            let known_irregular = must_be_regular && irregular.load(Ordering::Relaxed);
            let read = if known_irregular {
                None
            } else {
                self.piece(piece, (0..width).map(builder).collect(), must_be_regular)
            };
            irregular.fetch_or(read.is_none(), Ordering::Relaxed);
            progress.add(piece.len());
            read
        };
        let Some((first, further)) = pieces.split_first() else { return Some(assemble(Vec::new(), pieces, width)) };
        let first_read = of_piece(first, None)?;
        let further = further.par_iter().map(|piece| of_piece(piece, Some(&first_read)));
        let mut read: Vec<Read> = further.collect::<Option<_>>()?;
        read.insert(0, first_read);
        Some(assemble(read, pieces, width))
    }

    /// One piece; none if its quotes must be regular and are not.
    fn piece(&self, piece: &Range<usize>, builders: Vec<Builder<'_>>, must_be_regular: bool) -> Option<Read> {
        let (file, delimiter) = (self.file, self.table.delimiter);
        let mut grid = Grid::new(file, builders);
        let (mut rows, mut irregular, mut suspects) = (0, Vec::new(), Vec::new());
        let visit = |row: &Row<'_>| {
            grid.push(row);
            if row.len() != grid.width() {
                note(&mut irregular, Irregular { row: rows, rows: 1, cells: row.len() });
            }
            if self.all_suspect || row.irregular || row.end() - row.start() > LONGEST {
                suspects.extend((0..row.len()).map(|at| row.raw(at)).filter(|cell| suspect(&file[cell.clone()])));
            }
            rows += 1;
        };
        if must_be_regular {
            if !walk_regular(file, piece.clone(), delimiter, visit) {
                return None;
            }
        } else {
            walk(file, piece.clone(), delimiter, visit);
        }
        Some(Read { parts: grid.finish(), rows, irregular, suspects })
    }
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
    let columns = columns.into_par_iter().map(join).collect();
    Body { columns, rows, irregular, pieces, suspects }
}

/// The whole dictionary of one column of a file that was read without it.
pub(super) fn code(file: &[u8], pieces: &[Piece], delimiter: u8, column: usize) -> Column {
    let one = |piece: &Piece| {
        let mut builder = Builder::new(None, None);
        walk(file, piece.bytes.clone(), delimiter, |row: &Row<'_>| {
            if column < row.len() { builder.push(row, column) } else { builder.push(&Row::EMPTY, 0) }
        });
        builder.finish()
    };
    join(pieces.par_iter().map(one).collect())
}
