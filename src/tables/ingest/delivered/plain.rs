//! A delivered text whose rows are as wide as its labels, read as columns: those that nobody translates need no dictionary, so
//! that a register of many millions of cases is read as fast as one in our own columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::super::column::Column;
use super::super::cuts::one_by_one;
use super::super::encoding::{self, FirstLook};
use super::super::pieces::{self, Below};
use super::super::scan::walk;
use super::super::table::{Piece, RawTable};
use super::super::{Label, Progress, workbook};
use super::{DeliveredSheet, WorkbookKind, delimiter, text};
use crate::diagnostic::{Bytes, Source, Span};
use crate::project::imports::{Delivered, is_folded};

/// How many bytes are looked at for the labels.
const HEAD: usize = 1 << 16;

/// A text before it is read, with its first rows.
pub struct Opened {
    /// The first rows, in which the labels are sought.
    pub head: DeliveredSheet,
    source: Arc<Source>,
    look: FirstLook,
    delimiter: u8,
    /// Where each of the first rows begins.
    starts: Vec<usize>,
}

/// A text as columns.
pub struct Columns {
    /// The text, with the distinct cells of the columns that have a dictionary.
    pub sheet: DeliveredSheet,
    /// All its columns below the labels.
    pub columns: Vec<Column>,
}

/// Opens a text; none for anything about which there may be something to report.
#[must_use]
pub fn open(path: &str, bytes: &Bytes, file: &Delivered, country: Option<&str>) -> Option<Opened> {
    if WorkbookKind::of_name(path).is_some() || workbook::is_one(bytes) {
        return None;
    }
    let (text, lossy) = encoding::as_declared(bytes.clone(), file.read.encoding.as_deref());
    let look = encoding::look(&text);
    if lossy || look.broken || look.nul {
        return None;
    }
    let delimiter = delimiter(path, &file.read);
    let source = |bytes: Bytes| Source::new(path, bytes).of_country(country).confidential(file.confidential);
    let start = encoding::bom(&text);
    let cut = one_by_one(&text, start, std::iter::once((start + HEAD).min(text.len())), delimiter).pop();
    let end = cut.unwrap_or(text.len());
    let mut starts = Vec::new();
    walk(&text, start..end, delimiter, |row| starts.push(row.start()));
    let read = text::read(text.get(..end)?.to_vec().into(), &file.read, delimiter, &source);
    let head = read.sheets.into_iter().next().filter(|_| read.faults.is_empty())?;
    Some(Opened { head, source: Arc::new(source(text)), look, delimiter, starts })
}

impl Opened {
    /// The rows below a row, of which the columns that `coded` names get a dictionary; none where a row has more or fewer cells
    /// than the first ones, or may have an error as it is written.
    #[must_use]
    pub fn below(&self, row: usize, coded: &dyn Fn(usize) -> bool) -> Option<Columns> {
        self.in_pieces(row, coded, pieces::SIZE)
    }

    /// The same, read in pieces of about that size.
    pub(in crate::tables) fn in_pieces(
        &self,
        row: usize,
        coded: &dyn Fn(usize) -> bool,
        size: usize,
    ) -> Option<Columns> {
        let (source, delimiter, above) = (self.source.clone(), self.delimiter, row + 1);
        let start = self.starts.get(above).copied()?;
        let label = || Label { text: String::new(), span: Span::start_of(&source) };
        let labels = self.head.columns.iter().map(|_| label()).collect();
        let mut table = RawTable { labels, delimiter, ..RawTable::empty(source.clone()) };
        let read = pieces::read(&table, &Below { start, left_out: &[], size }, &self.look, &Progress::silent());
        if !read.irregular.is_empty() || !read.suspects.is_empty() || read.rows == 0 {
            return None;
        }
        (table.rows, table.pieces) = (read.rows, read.pieces);
        let columns: Vec<Column> = read
            .columns
            .into_iter()
            .enumerate()
            .map(|(at, column)| {
                let wanted = coded(at) && !column.coded();
                if wanted { pieces::code(&source.bytes, &table.pieces, delimiter, at) } else { column }
            })
            .collect();
        let values = columns.iter().map(text::distinct).collect();
        let sheet = DeliveredSheet {
            name: None,
            hidden: false,
            rows: above + read.rows,
            columns: values,
            shown: BTreeMap::new(),
            hidden_rows: Vec::new(),
            hidden_columns: Vec::new(),
            undecoded: false,
            above,
            table,
            source,
        };
        Some(Columns { sheet, columns })
    }
}

impl Columns {
    /// Tells the sheet which of its distinct cells each row has, in columns with a dictionary.
    pub fn tell_rows(&mut self) {
        let above = self.sheet.above;
        for (values, column) in self.sheet.columns.iter_mut().zip(&self.columns).filter(|(_, column)| column.coded()) {
            values.below(above, column.codes().clone());
        }
    }

    /// Whether the cells of columns without a dictionary are texts as they stand: no white space in them is to be folded.
    #[must_use]
    pub fn are_folded(&self, columns: &[usize]) -> bool {
        let table = &self.sheet.table;
        let folded = |cell: &[u8]| {
            let plain = cell.iter().all(|byte| (b'!'..=b'~').contains(byte));
            plain || std::str::from_utf8(cell).is_ok_and(is_folded)
        };
        let of_piece = |piece: &Piece| {
            let mut all = true;
            walk(&table.source.bytes, piece.bytes.clone(), table.delimiter, |row| {
                all = all && columns.iter().all(|column| folded(row.value(*column)));
            });
            all
        };
        columns.is_empty() || table.pieces.par_iter().all(of_piece)
    }
}
