//! Where the labels of a sheet probably stand, and which of the rows below them are data: a guess, which the draft shows.

use crate::project::imports::western;
use crate::tables::ingest::delivered::{CellKind, DeliveredSheet};
use crate::value::period::BUDDHIST;

/// The rows in which the labels are sought, and the most rows of labels.
const SOUGHT: usize = 200;
const MOST_LABEL_ROWS: usize = 4;
/// So many rows below the labels are compared with each other.
const COMPARED: usize = 6;

/// The shape of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    /// The lowest row of labels.
    pub(super) labels: usize,
    /// How many rows of labels there are.
    pub(super) header: usize,
    /// The rows of data.
    pub(super) rows: Vec<usize>,
    /// Rows of one cell that stand over others.
    pub(super) sections: Vec<(usize, usize)>,
    /// The first cell of a row below the labels that numbers the columns.
    pub(super) skip: Option<String>,
    /// The first cell of the row above which the table ends, if it must be said.
    pub(super) end: Option<String>,
    /// The same, if it need not be said.
    pub(super) after: Option<String>,
}

/// The shape of a sheet; none where no row reads like labels.
pub(super) fn shape(sheet: &DeliveredSheet) -> Option<Shape> {
    let (labels, header) = header(sheet)?;
    let numbered = is_numbering(sheet, labels + 1);
    let first = labels + 1 + usize::from(numbered);
    let skip = filled(sheet, labels + 1).first().map(|column| sheet.text(labels + 1, *column).to_owned());
    let skip = skip.filter(|_| numbered);
    let (last, due, after) = end(sheet, first);
    let (end, after) = if due { (after, None) } else { (None, after) };
    let (mut rows, mut sections) = (Vec::new(), Vec::new());
    for row in first..last {
        match filled(sheet, row).as_slice() {
            [] => {}
            [only] if row + 1 < last && filled(sheet, row + 1).len() > 1 && text_at(sheet, row, *only) => {
                sections.push((row, *only));
            }
            _ => rows.push(row),
        }
    }
    (!rows.is_empty()).then_some(Shape { labels, header, rows, sections, skip, end, after })
}

/// The lowest row of labels, and how many there are: the first rows of two texts or more with rows of like shape below.
fn header(sheet: &DeliveredSheet) -> Option<(usize, usize)> {
    for top in 0..sheet.rows.min(SOUGHT) {
        for header in 1..=MOST_LABEL_ROWS {
            let low = top + header - 1;
            if low + 1 >= sheet.rows || !is_of_labels(sheet, low) {
                break;
            }
            if is_over(sheet, top, low) {
                return Some((low, header));
            }
        }
    }
    None
}

/// Whether a row only numbers the columns: `(1)`, `(2)`, `(3)`.
fn is_numbering(sheet: &DeliveredSheet, row: usize) -> bool {
    let cells = filled(sheet, row);
    let number = |column: &usize| {
        let text = sheet.text(row, *column);
        let bare = text.trim_start_matches('(').trim_end_matches(')').trim_start_matches(|c: char| c.is_alphabetic());
        text.starts_with('(') && text.ends_with(')') && bare.parse::<u8>().is_ok()
    };
    cells.len() > 1 && cells.iter().all(number)
}

/// Whether a row may be one of labels: two texts or more, years among them, and no other number.
fn is_of_labels(sheet: &DeliveredSheet, row: usize) -> bool {
    let cells = filled(sheet, row);
    if is_numbering(sheet, row) {
        return false;
    }
    let label = |column: &usize| is_year(sheet.text(row, *column)) || text_at(sheet, row, *column);
    cells.len() >= 2 && cells.iter().all(label) && cells.iter().any(|column| text_at(sheet, row, *column))
}

/// Whether the rows below these labels stand under them, and are alike.
fn is_over(sheet: &DeliveredSheet, top: usize, low: usize) -> bool {
    let labelled = |column: usize| (top..=low).any(|row| !sheet.is_blank(row, column));
    let first = low + 1 + usize::from(is_numbering(sheet, low + 1));
    let below: Vec<usize> = (first..sheet.rows.min(first + COMPARED)).collect();
    let below: Vec<usize> = below.into_iter().take_while(|row| !filled(sheet, *row).is_empty()).collect();
    let full: Vec<usize> = below.iter().copied().filter(|row| filled(sheet, *row).len() > 1).collect();
    let Some((first, others)) = full.split_first() else { return false };
    let width = (0..sheet.columns.len()).filter(|column| labelled(*column)).count();
    let bare = |row: &usize| filled(sheet, *row).into_iter().filter(|column| !labelled(*column)).count();
    let wide = |row: &usize| filled(sheet, *row).len() * 2 >= width;
    if full.iter().any(|row| bare(row) > 1) || !full.iter().any(wide) {
        return false;
    }
    let numbers = |row: usize| (0..sheet.columns.len()).filter(move |column| number_at(sheet, row, *column));
    let mostly =
        |column: &usize| others.iter().filter(|row| number_at(sheet, **row, *column)).count() * 2 > others.len();
    let due = (0..sheet.columns.len()).filter(mostly).count();
    // Below years there are numbers, or what stands in place of some.
    due == 0 || numbers(*first).count() * 4 >= due || others.is_empty()
}

/// The row below the last one of the table, whether it must be named, and the text by which it can be.
fn end(sheet: &DeliveredSheet, first: usize) -> (usize, bool, Option<String>) {
    let full = |row: usize| filled(sheet, row).len() > 1;
    let blank = (first..sheet.rows).find(|row| filled(sheet, *row).is_empty()).unwrap_or(sheet.rows);
    let number = |row: usize| (0..sheet.columns.len()).any(|column| number_at(sheet, row, column));
    let again = (blank..sheet.rows).rev().find(|row| full(*row) && number(*row));
    let last = again.or_else(|| (first..blank).rev().find(|row| full(*row))).unwrap_or(first);
    let next = (last + 1..sheet.rows).find_map(|row| filled(sheet, row).first().map(|column| (row, *column)));
    let Some((row, column)) = next else { return (last + 1, false, None) };
    let text = Some(beginning(sheet, (row, column), first..row));
    if again.is_some() || row < blank { (row, true, text) } else { (last + 1, false, text) }
}

/// A pattern for a row by its first cell that fits none of the rows above.
fn beginning(sheet: &DeliveredSheet, (row, column): (usize, usize), above: std::ops::Range<usize>) -> String {
    let text = sheet.text(row, column);
    let clashes = |start: &str| {
        above.clone().any(|row| filled(sheet, row).first().is_some_and(|at| sheet.text(row, *at).starts_with(start)))
    };
    let ends = text.char_indices().filter(|(_, letter)| *letter == ' ').map(|(at, _)| at);
    let starts = ends.filter_map(|end| text.get(..end)).map(|start| start.trim_end_matches(['*', '?']));
    let short = starts.filter(|start| start.chars().count() > 3).find(|start| !clashes(start));
    short.map_or_else(|| text.to_owned(), |start| format!("{start}*"))
}

/// The columns of a row that hold something.
pub(super) fn filled(sheet: &DeliveredSheet, row: usize) -> Vec<usize> {
    (0..sheet.columns.len()).filter(|column| !sheet.is_blank(row, *column)).collect()
}

fn kind(sheet: &DeliveredSheet, row: usize, column: usize) -> CellKind {
    let values = sheet.columns.get(column);
    values.and_then(|values| values.values.get(values.code(row))).map_or(CellKind::Text, |value| value.kind)
}

fn text_at(sheet: &DeliveredSheet, row: usize, column: usize) -> bool {
    kind(sheet, row, column) == CellKind::Text
        && !sheet.is_blank(row, column)
        && !is_number(sheet.text(row, column), CellKind::Text)
}

fn number_at(sheet: &DeliveredSheet, row: usize, column: usize) -> bool {
    is_number(sheet.text(row, column), kind(sheet, row, column))
}

/// Whether a cell reads like a number, with the marks between its digits that people use, or like a day.
pub(super) fn is_number(text: &str, kind: CellKind) -> bool {
    if matches!(kind, CellKind::Number | CellKind::Day) {
        return true;
    }
    let text = western(text);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\''))
}

/// Whether a text is a year of our era or of the Buddhist one.
pub(super) fn is_year(text: &str) -> bool {
    let text = western(text);
    let year = text.parse::<i32>().ok().filter(|_| text.len() == 4);
    year.is_some_and(|year| [0, BUDDHIST].iter().any(|era| (1900..=2100).contains(&(year - era))))
}

/// The labels of a confidential sheet, of which nothing may be shown that is not surely a label: its first row of several
/// cells, if none is a number or stands in its column again.
pub(super) fn labels_alone(sheet: &DeliveredSheet) -> Option<Shape> {
    let labels = (0..sheet.rows.min(SOUGHT)).find(|row| filled(sheet, *row).len() > 1)?;
    let columns = filled(sheet, labels);
    let texts: std::collections::BTreeSet<&str> = columns.iter().map(|column| sheet.text(labels, *column)).collect();
    let again = |column: &usize| {
        (0..sheet.rows).any(|row| row != labels && sheet.text(row, *column) == sheet.text(labels, *column))
    };
    let digits = |column: &usize| sheet.text(labels, *column).chars().all(|c| !c.is_alphabetic());
    let sure = texts.len() == columns.len() && !columns.iter().any(|column| again(column) || digits(column));
    let sure = sure && columns.iter().all(|column| text_at(sheet, labels, *column));
    // A row with blanks between its cells is one of data.
    let filled_below = |column: usize| (labels + 1..sheet.rows).any(|row| !sheet.is_blank(row, column));
    let bare = (0..sheet.columns.len()).filter(|column| filled_below(*column) && !columns.contains(column)).count();
    let shape = Shape { labels, header: 1, rows: Vec::new(), sections: Vec::new(), skip: None, end: None, after: None };
    (sure && bare <= 1 && labels + 1 < sheet.rows).then_some(shape)
}
