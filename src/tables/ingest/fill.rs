//! Reads a table from its text: first where in the file it is, then its labels, then its columns. Rows that are not data are
//! left out, with one error for each group of them, so that errors in the other rows appear in the same run.

use std::ops::Range;
use std::sync::Arc;

use super::encoding::FirstLook;
use super::layout::{self, Expected, Layout};
use super::pieces::Below;
use super::row::LONGEST;
use super::scan::walk;
use super::stray::{Stray, StrayKind};
use super::{Label, MOST_COLUMNS, Progress, RawTable, foot, judge, pieces, quotes};
use crate::diagnostic::{Diagnostic, Source, Span};

/// Reads labels and columns.
pub(super) fn fill(
    table: &mut RawTable,
    look: &FirstLook,
    expected: Expected<'_>,
    progress: &Progress<'_>,
) -> Vec<Diagnostic> {
    let source = table.source.clone();
    let layout = layout::find(&source.bytes, expected);
    let separated = layout.undeclared.then(|| judge::separated(&source, &layout, !expected.labels.is_empty()));
    if layout.hopeless {
        return separated.into_iter().collect();
    }
    table.delimiter = layout.delimiter;
    let mut faults = labels(table, &layout);
    let found = table.labels.len();
    if found == 0 || found > MOST_COLUMNS {
        faults.push(judge::labels(&source, found));
        table.labels.clear();
        return faults;
    }
    // A label that never ends has been reported, and what follows it cannot be read as a table.
    if table.labels.iter().any(|label| label.text.len() >= LONGEST) {
        table.labels.clear();
        return faults;
    }
    let mut strays = layout.strays.clone();
    let mut suspects = rows(table, &layout, &strays, &[], look, progress);
    let broken = quotes::broken(table, &suspects);
    if !broken.rows.is_empty() {
        suspects.retain(|cell| broken.open.is_none_or(|open| cell.start < open));
        faults.extend(broken.open.map(|open| judge::open(&source, open)));
        faults.extend(std::mem::take(&mut suspects).into_iter().filter_map(|cell| judge::cell(&source, cell)));
        table.cut = true;
        rows(table, &layout, &strays, &broken.rows, look, &Progress::silent());
    }
    let further = foot::strays(table, foot::find(table, !expected.labels.is_empty()));
    if !further.is_empty() {
        strays.extend(further);
        strays.sort_by_key(|stray| stray.bytes.start);
        let again = rows(table, &layout, &strays, &broken.rows, look, &Progress::silent());
        suspects = if table.cut { Vec::new() } else { again };
    }
    faults.extend(suspects.into_iter().filter_map(|cell| judge::cell(&source, cell)));
    let of_project = !expected.labels.is_empty();
    faults.extend(strays.iter().map(|stray| error_of(stray, &source, &layout, of_project)));
    // If a line names the separator, that line has been reported.
    let named = strays.iter().any(|stray| stray.kind == StrayKind::Separator);
    faults.extend(separated.filter(|_| !named));
    faults
}

/// Reads the labels, and returns errors in how they are written.
fn labels(table: &mut RawTable, layout: &Layout) -> Vec<Diagnostic> {
    let (source, mut faults) = (table.source.clone(), Vec::new());
    walk(&source.bytes, layout.labels.clone(), layout.delimiter, |row| {
        let label = |at| Label {
            text: String::from_utf8_lossy(row.value(at)).into_owned(),
            span: Span::new(&source, row.raw(at)),
        };
        table.labels = (0..row.len()).map(label).collect();
        faults.extend((0..row.len()).filter_map(|at| judge::cell(&source, row.raw(at))));
    });
    faults
}

/// Reads the rows below the labels, without those that are not data, and returns cells that may have errors as written.
fn rows(
    table: &mut RawTable,
    layout: &Layout,
    strays: &[Stray],
    broken: &[Range<usize>],
    look: &FirstLook,
    progress: &Progress<'_>,
) -> Vec<Range<usize>> {
    let (above, below): (Vec<&Stray>, Vec<&Stray>) =
        strays.iter().partition(|stray| stray.bytes.start < layout.labels.start);
    let mut left_out: Vec<_> = below.iter().map(|stray| stray.bytes.clone()).chain(broken.iter().cloned()).collect();
    left_out.sort_by_key(|rows| rows.start);
    let start = layout.labels.end;
    let body = pieces::read(table, &Below { start, left_out: &left_out, size: pieces::SIZE }, look, progress);
    (table.columns, table.rows) = (body.columns, body.rows);
    (table.irregular, table.pieces) = (body.irregular, body.pieces);
    table.above = above.iter().map(|stray| stray.rows).sum();
    let before = |stray: &&Stray| {
        let next = table.pieces.iter().find(|piece| piece.bytes.start >= stray.bytes.end);
        (next.map_or(table.rows, |piece| piece.first), stray.rows)
    };
    table.left_out = below.iter().map(before).collect();
    body.suspects
}

/// The error for rows that are not data; for a line that names a separator, also how to declare that.
fn error_of(stray: &Stray, source: &Arc<Source>, layout: &Layout, of_project: bool) -> Diagnostic {
    let fault = stray.fault(source, layout.labels.start);
    if stray.kind != StrayKind::Separator || !layout.undeclared {
        return fault;
    }
    let hint = fault.hint.clone().unwrap_or_default();
    let or = if of_project { format!(", or {}", judge::declare(layout.delimiter)) } else { String::new() };
    fault.hint(format!("{hint}, and save the file as CSV with commas{or}"))
}
