//! What a lookup answers for every row of a table: each distinct text is translated once.

use std::collections::HashMap;

use super::body::Body;
use super::frame::Frame;
use super::lookup::{Asking, For, Outcome};
use crate::project::imports::{At, From, Lookup};
use crate::tables::ingest::delivered::{CellKind, Value};

/// The answers of one lookup.
pub(super) struct Answer {
    pub(super) outcomes: Vec<Outcome>,
    by: By,
    cells: Cells,
}

/// Which outcome a row has.
enum By {
    One,
    Column(usize),
    Rows(Vec<usize>),
}

/// Where the text of a row stands.
enum Cells {
    /// In none: it is a constant.
    Nowhere,
    Fixed(usize, usize),
    Columns(Vec<usize>),
    Sections,
}

/// A sheet's table with its rows.
#[derive(Clone, Copy)]
pub(super) struct Rows<'r> {
    pub(super) frame: &'r Frame<'r>,
    pub(super) body: &'r Body,
}

impl Rows<'_> {
    /// The distinct cell of a column in the `at`-th row, as the outline fills it.
    pub(super) fn code(&self, column: usize, at: usize) -> usize {
        self.frame.code(column, self.body.source_row(column, at))
    }
}

impl Answer {
    /// A value that is the same everywhere.
    pub(super) fn constant(text: &str) -> Self {
        Self { outcomes: vec![Outcome::Is(text.to_owned())], by: By::One, cells: Cells::Nowhere }
    }

    /// Nothing, for a reason that is reported already.
    pub(super) fn reported() -> Self {
        Self { outcomes: vec![Outcome::Reported], by: By::One, cells: Cells::Nowhere }
    }

    /// The outcome of the `at`-th row.
    pub(super) fn index(&self, rows: Rows<'_>, at: usize) -> usize {
        match &self.by {
            By::One => 0,
            By::Column(column) => rows.code(*column, at),
            By::Rows(numbers) => numbers.get(at).copied().unwrap_or(0),
        }
    }

    /// The cell that was looked up for the `at`-th row; for a fault in one of several columns, that one's.
    pub(super) fn cell(&self, rows: Rows<'_>, at: usize, part: Option<usize>) -> Option<(usize, usize)> {
        match &self.cells {
            Cells::Nowhere => None,
            Cells::Fixed(row, column) => Some((*row, *column)),
            Cells::Columns(columns) => {
                let column = *columns.get(part.unwrap_or(0))?;
                Some((rows.body.source_row(column, at), rows.frame.at(column)))
            }
            Cells::Sections => {
                let section = rows.body.section.get(at).copied().unwrap_or(0);
                let own = || (rows.body.rows.get(at).copied().unwrap_or(0), 0);
                Some(section.checked_sub(1).and_then(|at| rows.body.sections.get(at)).copied().unwrap_or_else(own))
            }
        }
    }
}

impl Answer {
    /// The one cell in which it stands for every row, if it does.
    pub(super) fn fixed(&self) -> Option<(usize, usize)> {
        match self.cells {
            Cells::Fixed(row, column) => Some((row, column)),
            _ => None,
        }
    }

    /// The column of the sheet in which it stands, in each row itself: no outline fills it.
    pub(super) fn own_column(&self, rows: Rows<'_>) -> Option<usize> {
        let Cells::Columns(columns) = &self.cells else { return None };
        let first = *columns.first()?;
        let filled = rows.body.filled.iter().any(|(column, _)| *column == first);
        (!filled).then(|| rows.frame.at(first))
    }

    /// The column by whose distinct cells its outcomes are numbered, if they are.
    pub(super) fn by_column(&self) -> Option<usize> {
        match self.by {
            By::Column(column) => Some(column),
            _ => None,
        }
    }

    /// The number of each row's outcome, if no single column decides it.
    pub(super) fn by_rows(&self) -> Option<&[usize]> {
        match &self.by {
            By::Rows(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Whether it is made of several cells.
    pub(super) fn is_of_several(&self) -> bool {
        matches!(&self.cells, Cells::Columns(columns) if columns.len() > 1)
    }
}

/// What a field is in every row, where it does not depend on the taken cell; none for one that does.
pub(super) fn of_rows(asking: Asking<'_>, rows: Rows<'_>, from: &From, wanted: For<'_>) -> Option<Answer> {
    let lookup = match from {
        open if open.is_open() => return Some(Answer::reported()),
        From::Constant(constant) => return Some(Answer::constant(&constant.value)),
        From::Looked(lookup) => lookup,
    };
    let frame = rows.frame;
    match &lookup.at {
        At::Column(name) => {
            let column = *frame.named.get(name)?;
            let outcomes = frame.values(column).iter().map(|value| asking.one(lookup, value, false, wanted)).collect();
            Some(Answer { outcomes, by: By::Column(column), cells: Cells::Columns(vec![column]) })
        }
        At::Columns(_) => several(asking, rows, lookup, wanted),
        At::Section => {
            let none = Value { text: String::new(), kind: CellKind::Text };
            let cells = rows.body.sections.iter().map(|(row, column)| cell(frame, *row, *column));
            let outcomes = std::iter::once(none).chain(cells).map(|value| asking.one(lookup, &value, false, wanted));
            let (outcomes, by) = (outcomes.collect(), By::Rows(rows.body.section.clone()));
            Some(Answer { outcomes, by, cells: Cells::Sections })
        }
        At::Cell(row, column) => {
            let outcome = asking.one(lookup, &cell(frame, *row, *column), false, wanted);
            Some(Answer { outcomes: vec![outcome], by: By::One, cells: Cells::Fixed(*row, *column) })
        }
        At::Sheet => {
            let text = frame.sheet.name.as_deref().map(crate::project::imports::folded).unwrap_or_default();
            let outcome = asking.one(lookup, &Value { text, kind: CellKind::Text }, false, wanted);
            Some(Answer { outcomes: vec![outcome], by: By::One, cells: Cells::Fixed(0, 0) })
        }
        At::Label(_) | At::Value => None,
    }
}

/// What a field is that depends on the taken cell's column.
pub(super) fn of_taken(asking: Asking<'_>, rows: Rows<'_>, lookup: &Lookup, taken: usize, wanted: For<'_>) -> Answer {
    let frame = rows.frame;
    if let At::Label(number) = &lookup.at {
        let labelled = frame.labels.columns.get(taken);
        let standing = labelled.and_then(|labelled| match number {
            None => labelled.lowest(),
            Some(number) => labelled.over.get(number - 1)?.as_ref(),
        });
        let text = standing.map_or_else(String::new, |label| label.text.clone());
        let (row, column) = standing.map_or((frame.labels.row, frame.at(taken)), |label| label.cell);
        let outcome = asking.one(lookup, &Value { text, kind: CellKind::Text }, false, wanted);
        return Answer { outcomes: vec![outcome], by: By::One, cells: Cells::Fixed(row, column) };
    }
    let outcomes = frame.values(taken).iter().map(|value| asking.one(lookup, value, true, wanted)).collect();
    Answer { outcomes, by: By::Column(taken), cells: Cells::Columns(vec![taken]) }
}

fn cell(frame: &Frame<'_>, row: usize, column: usize) -> Value {
    let values = frame.sheet.columns.get(column).filter(|_| row < frame.sheet.rows);
    let value = values.and_then(|values| values.values.get(values.code(row))).cloned();
    value.unwrap_or(Value { text: String::new(), kind: CellKind::Text })
}

/// Several columns: each distinct combination is translated once.
fn several(asking: Asking<'_>, rows: Rows<'_>, lookup: &Lookup, wanted: For<'_>) -> Option<Answer> {
    let At::Columns(parts) = &lookup.at else { return None };
    let columns: Option<Vec<usize>> = parts.iter().map(|part| rows.frame.named.get(&part.column).copied()).collect();
    let columns = columns?;
    let values: Vec<Vec<Value>> = columns.iter().map(|column| rows.frame.values(*column)).collect();
    let mut groups = vec![0; rows.body.rows.len()];
    for (column, values) in columns.iter().zip(&values) {
        grouped(&mut groups, values.len(), |at| rows.code(*column, at));
    }
    let empty = &Value { text: String::new(), kind: CellKind::Text };
    let mut outcomes: Vec<Outcome> = Vec::new();
    // Groups are numbered in the order in which they first occur.
    for (at, group) in groups.iter().enumerate() {
        if *group < outcomes.len() {
            continue;
        }
        let value = |(column, values)| <[Value]>::get(values, rows.code(column, at)).unwrap_or(empty);
        let texts = columns.iter().copied().zip(values.iter().map(Vec::as_slice)).map(value);
        let asked: Vec<_> = texts.zip(parts).map(|(value, part)| (value, part.codes.as_slice())).collect();
        outcomes.push(asking.several(lookup, &asked, wanted));
    }
    Some(Answer { outcomes, by: By::Rows(groups), cells: Cells::Columns(columns) })
}

/// Up to so many pairs of a group and a cell are numbered in an array, more in a map of those that occur.
const DENSE: usize = 1 << 22;

/// Divides groups of rows by one more column of so many distinct cells.
fn grouped(groups: &mut [usize], distinct: usize, code: impl Fn(usize) -> usize) {
    let before = groups.iter().max().map_or(0, |group| group + 1);
    let mut count = 0;
    let mut next = || {
        count += 1;
        count
    };
    if let Some(all) = before.checked_mul(distinct.max(1)).filter(|all| *all <= DENSE) {
        // Numbers begin with 1 here.
        let mut numbers = vec![0; all];
        for (at, group) in groups.iter_mut().enumerate() {
            let Some(number) = numbers.get_mut(*group * distinct.max(1) + code(at)) else { continue };
            if *number == 0 {
                *number = next();
            }
            *group = *number - 1;
        }
        return;
    }
    let mut numbers: HashMap<(usize, usize), usize> = HashMap::new();
    for (at, group) in groups.iter_mut().enumerate() {
        *group = *numbers.entry((*group, code(at))).or_insert_with(&mut next) - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_grouped_in_the_order_of_their_first() {
        let columns = [[2, 0, 2, 1, 0, 2], [0, 0, 1, 0, 0, 0]];
        for distinct in [3, DENSE] {
            let mut groups = vec![0; 6];
            for column in columns {
                grouped(&mut groups, distinct, |at| column[at]);
            }
            assert_eq!(groups, [0, 1, 2, 3, 1, 0]);
        }
    }
}
