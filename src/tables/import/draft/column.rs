//! The columns of a sheet as a draft sees them: what each is called, and which texts it holds how often.

use std::collections::HashMap;

use super::super::frame::Frame;
use super::super::labels::Labelled;
use super::shape::{Shape, is_number, is_year};
use crate::diagnostic::letters;
use crate::project::imports::Pattern;
use crate::tables::ingest::delivered::{CellKind, Value};

/// A column with more distinct texts gets no table of codes.
pub(super) const MOST_CODES: usize = 200;

/// A column, or what stands in the rows of one cell above the others.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its number among the labelled columns; none for sections.
    pub(super) number: Option<usize>,
    /// How a mapping names it; none where no name means it alone.
    pub(super) name: Option<String>,
    /// Its lowest label.
    pub(super) label: String,
    /// The labels above that, from the top; empty where nothing stands.
    pub(super) upper: Vec<String>,
    /// Its distinct cells, the most frequent first, each with its number of rows.
    pub(super) cells: Vec<(Value, usize)>,
    /// What each row has, as an index of `cells`.
    pub(super) codes: Vec<usize>,
    /// Which part of each text counts.
    pub(super) like: Option<&'static str>,
}

/// Cells of a code and what it means: `F: Female`.
const CODE_AND_MEANING: &str = "{}: *";

impl Column {
    /// The distinct texts that are not empty, as far as they count.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        self.cells.iter().map(|(value, _)| self.counted(&value.text)).filter(|text| !text.is_empty())
    }

    /// The part of a text that counts.
    pub(super) fn counted(&self, text: &str) -> String {
        match self.like {
            Some(like) => Pattern::read(like).captured(text).unwrap_or_else(|| text.to_owned()),
            None => text.to_owned(),
        }
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(|(value, _)| value.is_blank())
    }

    /// Whether most of its distinct cells are numbers.
    pub(super) fn is_of_numbers(&self) -> bool {
        let full: Vec<&Value> = self.cells.iter().map(|(value, _)| value).filter(|value| !value.is_blank()).collect();
        let numbers = full.iter().filter(|value| starts_as_number(&value.text, value.kind)).count();
        !full.is_empty() && numbers * 2 > full.len() && full.iter().any(|value| is_number(&value.text, value.kind))
    }

    /// Whether all its cells are years.
    pub(super) fn is_of_years(&self) -> bool {
        let mut texts = self.texts().peekable();
        texts.peek().is_some() && texts.all(|text| is_year(text.strip_suffix(".0").unwrap_or(&text)))
    }

    /// Whether every row has the same text.
    pub(super) fn is_constant(&self) -> bool {
        self.cells.len() == 1
    }

    /// Whether another column settles what this one holds.
    pub(super) fn follows(&self, other: &Self) -> bool {
        let mut known: HashMap<usize, usize> = HashMap::new();
        self.codes.iter().zip(&other.codes).all(|(own, other)| *known.entry(*other).or_insert(*own) == *own)
    }
}

/// Whether a text is a number, or one with something behind or before it.
fn starts_as_number(text: &str, kind: CellKind) -> bool {
    let bare = text.trim_start_matches(['<', '>', '~', '≤', '≥', ' ', '(']);
    let digits = bare.trim_end_matches(|c: char| !c.is_numeric());
    is_number(text, kind) || text.chars().count() <= 20 && is_number(digits, CellKind::Text)
}

/// Every column of a frame, with what the outline fills.
pub(super) fn columns(frame: &Frame<'_>, shape: &Shape, fill: &[usize]) -> Vec<Column> {
    let filled = filled(frame, shape, fill);
    let labelled = frame.labels.columns.iter().enumerate();
    let all: Vec<Column> = labelled
        .map(|(number, labelled)| {
            let values = frame.values(number);
            let rows = filled.get(&number).unwrap_or(&shape.rows);
            let codes = rows.iter().map(|row| frame.code(number, *row));
            let (cells, codes) = counted(&values, codes);
            let own = frame.labels.columns.iter().filter(|other| is_alike(other, labelled)).count();
            let name = named(labelled, own > 1, &frame.labels.columns);
            let label = labelled.lowest().map_or_else(String::new, |label| label.text.clone());
            let upper = labelled.over.iter().rev().skip_while(|over| over.is_none()).skip(1);
            let upper: Vec<String> =
                upper.map(|over| over.as_ref().map_or_else(String::new, |label| label.text.clone())).collect();
            let upper = upper.into_iter().rev().collect();
            let column = Column { number: Some(number), name, label, upper, cells, codes, like: None };
            Column { like: explained(&column), ..column }
        })
        .collect();
    all.into_iter().filter(|column| !(column.label.is_empty() && column.is_empty())).collect()
}

/// What stands in the rows of one cell, as a column.
pub(super) fn sections(frame: &Frame<'_>, shape: &Shape) -> Option<Column> {
    let values: Vec<Value> = shape
        .sections
        .iter()
        .map(|(row, column)| Value { text: frame.sheet.text(*row, *column).to_owned(), kind: CellKind::Text })
        .collect();
    if values.is_empty() {
        return None;
    }
    let above = |row: &usize| shape.sections.partition_point(|(section, _)| section < row);
    // Above the first section nothing stands.
    let mut values = values;
    values.insert(0, Value { text: String::new(), kind: CellKind::Text });
    let (cells, codes) = counted(&values, shape.rows.iter().map(above));
    let label = "section".to_owned();
    Some(Column { number: None, name: None, label, upper: Vec::new(), cells, codes, like: None })
}

/// For each column of the outline the row from which each row's cell is taken.
fn filled(frame: &Frame<'_>, shape: &Shape, fill: &[usize]) -> HashMap<usize, Vec<usize>> {
    let mut rows: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut above: Vec<usize> = Vec::new();
    for row in &shape.rows {
        let first = fill.iter().position(|column| !frame.is_blank(*column, *row)).unwrap_or(fill.len());
        let own = |at: usize| if at < first { above.get(at).copied().unwrap_or(*row) } else { *row };
        let next: Vec<usize> = (0..fill.len()).map(own).collect();
        fill.iter().zip(&next).for_each(|(column, from)| rows.entry(*column).or_default().push(*from));
        above = next;
    }
    rows
}

/// The columns of an outline: those of texts from the left, if blanks stand below what they say.
pub(super) fn outline(frame: &Frame<'_>, shape: &Shape) -> Vec<usize> {
    let blank = |column: usize| shape.rows.iter().filter(|row| frame.is_blank(column, **row)).count();
    let number = |column: usize| {
        let values = frame.values(column);
        let full = || shape.rows.iter().filter(|row| !frame.is_blank(column, **row));
        let is_number = |row: &&usize| {
            values.get(frame.code(column, **row)).is_some_and(|value| starts_as_number(&value.text, value.kind))
        };
        full().filter(is_number).count() * 2 > full().count()
    };
    let left: Vec<usize> = (0..frame.labels.columns.len()).take_while(|column| !number(*column)).collect();
    let (Some(outer), Some(first)) = (left.first().copied(), shape.rows.first()) else { return Vec::new() };
    let is_outline = blank(outer) * 3 >= shape.rows.len() && !frame.is_blank(outer, *first);
    let named = |column: &usize| frame.labels.columns.get(*column).is_some_and(|column| column.lowest().is_some());
    if is_outline && left.iter().all(named) { left } else { Vec::new() }
}

/// Distinct cells by their number of rows, and what each row has.
fn counted(values: &[Value], codes: impl Iterator<Item = usize>) -> (Vec<(Value, usize)>, Vec<usize>) {
    let mut numbers: HashMap<(String, CellKind), usize> = HashMap::new();
    let (mut cells, mut of_rows): (Vec<(Value, usize, usize)>, Vec<usize>) = (Vec::new(), Vec::new());
    for code in codes {
        let Some(value) = values.get(code) else { continue };
        let at = *numbers.entry((value.text.clone(), value.kind)).or_insert_with(|| {
            cells.push((value.clone(), 0, cells.len()));
            cells.len() - 1
        });
        if let Some((_, rows, _)) = cells.get_mut(at) {
            *rows += 1;
        }
        of_rows.push(at);
    }
    let mut order: Vec<usize> = (0..cells.len()).collect();
    order.sort_by_key(|at| cells.get(*at).map(|(_, rows, first)| (std::cmp::Reverse(*rows), *first)));
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*old) {
            *place = new;
        }
    }
    let codes = of_rows.into_iter().map(|at| place.get(at).copied().unwrap_or(0)).collect();
    let cells = order.into_iter().filter_map(|at| cells.get(at)).map(|(value, rows, _)| (value.clone(), *rows));
    (cells.collect(), codes)
}

fn is_alike(one: &Labelled, other: &Labelled) -> bool {
    let text = |column: &Labelled| column.lowest().map(|label| label.text.clone());
    text(one).is_some() && text(one) == text(other)
}

/// The name that means this column alone.
fn named(column: &Labelled, doubled: bool, all: &[Labelled]) -> Option<String> {
    let Some(lowest) = column.lowest() else {
        let at = u32::try_from(column.at).unwrap_or(u32::MAX);
        return Some(format!("@{}", letters(at)));
    };
    let name = if doubled { column.path() } else { lowest.text.clone() };
    (all.iter().filter(|other| other.is_named(&name)).count() == 1).then_some(name)
}

/// Which part of each text counts, where they all are a code and what it means.
fn explained(column: &Column) -> Option<&'static str> {
    let mut texts = column.texts().peekable();
    let code = |text: String| text.split_once(": ").is_some_and(|(code, _)| !code.contains(' '));
    (texts.peek().is_some() && texts.all(code)).then_some(CODE_AND_MEANING)
}
