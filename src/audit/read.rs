//! The files of an audit to tables of rows: what separates tables, what is a margin, what is marked.

use std::collections::BTreeMap;

use super::dimension::{Dimension, is_margin};
use super::{Mark, Request};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ingest::RawTable;

/// Rows that belong together: nothing links them to the rows of another table.
pub(super) struct Table {
    pub(super) rows: Vec<Row>,
}

/// A row with a number or a mark.
pub(super) struct Row {
    /// Its code in every dimension.
    pub(super) codes: Vec<usize>,
    pub(super) least: i128,
    pub(super) most: Option<i128>,
    pub(super) marked: bool,
    /// The file and the row in it.
    pub(super) file: usize,
    pub(super) row: usize,
}

/// Everything that was read.
pub(super) struct Tables {
    pub(super) dimensions: Vec<Dimension>,
    pub(super) tables: Vec<Table>,
    /// How many units of a value make one: 100 where values have two decimals.
    pub(super) scale: i128,
}

/// Where a file has a column of any file, with the numbers of its codes; and the number of the margin, if there is one.
type Known = (Option<(usize, Vec<usize>)>, Option<usize>);

/// More decimals than these are not read.
const DECIMALS: usize = 9;

/// The codes of a column of any file, numbered.
#[derive(Default)]
struct Codes {
    names: Vec<String>,
    numbers: BTreeMap<String, usize>,
}

impl Codes {
    fn number(&mut self, name: &str) -> usize {
        // However it is written, the margin is one code.
        let name = if is_margin(name) { name.trim().to_lowercase() } else { name.trim().to_owned() };
        let next = self.names.len();
        *self.numbers.entry(name.clone()).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }

    fn margin(&self) -> Option<usize> {
        self.names.iter().position(|name| is_margin(name))
    }
}

/// Reads the rows of all files.
pub(super) fn read(files: &mut [RawTable], request: &Request, diagnostics: &mut Diagnostics) -> Tables {
    let mut columns: BTreeMap<String, Codes> = BTreeMap::new();
    for file in files.iter_mut() {
        for at in 0..file.columns.len() {
            file.code(at);
        }
        for (label, column) in file.labels.iter().zip(&file.columns).filter(|(label, _)| label.text != request.value) {
            let codes = columns.entry(label.text.trim().to_owned()).or_default();
            // A column with no row has no code.
            for value in column.values() {
                codes.number(value);
            }
        }
    }
    let scale = scale(files, request);
    let mut tables: BTreeMap<Vec<Option<usize>>, Table> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        rows(file, number, request, scale, &mut columns, &mut tables, diagnostics);
    }
    let dimensions = columns.values().filter(|codes| codes.margin().is_some());
    let dimensions = dimensions.map(|codes| Dimension::of(&codes.names)).collect();
    Tables { dimensions, tables: tables.into_values().collect(), scale }
}

/// Ten to the number of decimals that any value has.
fn scale(files: &[RawTable], request: &Request) -> i128 {
    let columns = files.iter().filter_map(|file| file.cells(&request.value));
    let values = columns.flat_map(|(_, column)| column.values());
    let decimals = values.filter_map(|value| Some(decimal(value)?.1.len())).max().unwrap_or(0);
    10_i128.pow(u32::try_from(decimals).unwrap_or(0))
}

/// The digits before and after the point of a number that is not below nothing.
fn decimal(text: &str) -> Option<(&str, &str)> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = rest.trim_end_matches('0');
    let fits = !whole.is_empty() && whole.len() <= 15 && rest.len() <= DECIMALS;
    (fits && digits(whole) && digits(rest)).then_some((whole, rest))
}

fn rows(
    file: &RawTable,
    number: usize,
    request: &Request,
    scale: i128,
    columns: &mut BTreeMap<String, Codes>,
    tables: &mut BTreeMap<Vec<Option<usize>>, Table>,
    diagnostics: &mut Diagnostics,
) {
    let Some((at, values)) = file.cells(&request.value) else { return };
    let read: Vec<Cell> = values.values().iter().map(|value| Cell::read(value, &request.marks, scale)).collect();
    let unread: Vec<usize> = (0..file.rows).filter(|row| read[index(values.code(*row))] == Cell::Unread).collect();
    unreadable(file, at, &unread, diagnostics);
    let labels: BTreeMap<&str, usize> = file
        .labels
        .iter()
        .enumerate()
        .map(|(at, label)| (label.text.trim(), at))
        .filter(|(_, own)| *own != at)
        .collect();
    // For each column of any file: how this file's codes are numbered, and whether they are a dimension.
    let known: Vec<Known> = columns
        .iter_mut()
        .map(|(label, codes)| {
            let margin = codes.margin();
            let own = labels.get(label.as_str()).map(|at| {
                let numbers = file.columns[*at].values().iter().map(|value| codes.number(value)).collect();
                (*at, numbers)
            });
            (own, margin)
        })
        .collect();
    let irregular: Vec<_> = file.irregular.iter().flat_map(|rows| rows.row..rows.row + rows.rows).collect();
    for row in (0..file.rows).filter(|row| irregular.binary_search(row).is_err()) {
        let (least, most, marked) = match read[index(values.code(row))] {
            Cell::Number(number) => (number, Some(number), false),
            Cell::Marked(least, most) => (least, most, true),
            Cell::Empty | Cell::Unread => continue,
        };
        let (mut key, mut codes) = (Vec::new(), Vec::new());
        for (own, margin) in &known {
            let code = own.as_ref().map(|(at, numbers)| numbers[index(file.columns[*at].code(row))]);
            match margin {
                // A column that the file leaves out is not broken down by.
                Some(margin) => codes.push(code.unwrap_or(*margin)),
                None => key.push(code),
            }
        }
        let table = tables.entry(key).or_insert_with(|| Table { rows: Vec::new() });
        table.rows.push(Row { codes, least, most, marked, file: number, row });
    }
}

fn index(code: u64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

/// What the value column's cell says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Number(i128),
    Marked(i128, Option<i128>),
    Empty,
    Unread,
}

impl Cell {
    fn read(text: &str, marks: &[Mark], scale: i128) -> Self {
        if let Some(mark) = marks.iter().find(|mark| mark.text == text.trim()) {
            return Self::Marked(i128::from(mark.least) * scale, mark.most.map(|most| i128::from(most) * scale));
        }
        if text.trim().is_empty() {
            return Self::Empty;
        }
        let Some((whole, rest)) = decimal(text) else { return Self::Unread };
        let digits = u32::try_from(rest.len()).unwrap_or(0);
        let part = rest.parse::<i128>().unwrap_or(0) * (scale / 10_i128.pow(digits));
        whole.parse::<i128>().map_or(Self::Unread, |whole| Self::Number(whole * scale + part))
    }
}

/// Rows that are not whole, and cells that hold neither a number nor a mark.
fn unreadable(file: &RawTable, column: usize, rows: &[usize], diagnostics: &mut Diagnostics) {
    let broken = file.irregular.iter().filter(|rows| rows.cells != 0);
    let broken: Vec<(usize, usize)> =
        broken.flat_map(|rows| (rows.row..rows.row + rows.rows).map(|row| (row, rows.cells))).collect();
    let wanted = rows.iter().map(|row| (*row, Some(column))).chain(broken.iter().map(|(row, _)| (*row, None)));
    let spans = file.spans(&wanted.collect::<Vec<_>>());
    for row in rows {
        if let Some(span) = spans.get(&(*row, Some(column))) {
            let message = format!("`{}` is neither a count nor a mark", file.columns[column].cell(*row));
            let fault = Diagnostic::error(Code::TypeError, span, message);
            diagnostics.push(fault.hint("name each mark by `--mark`, with the bounds it states: `--mark '<5=0..4'`"));
        }
    }
    for (row, cells) in broken {
        if let Some(span) = spans.get(&(row, None)) {
            let code = if cells < file.labels.len() { Code::MissingCell } else { Code::ExtraCell };
            let message = format!("the row has {cells} cells, {} are expected", file.labels.len());
            diagnostics.push(Diagnostic::error(code, span, message));
        }
    }
}
