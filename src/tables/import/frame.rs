//! Which columns of a sheet are read, by what, and which are left: every one is the one or the other.

use std::collections::{BTreeMap, BTreeSet};

use super::found::{Found, Wrong};
use super::labels::{Labelled, Labels, Naming, doubled, find, first_filled};
use crate::diagnostic::{Code, column_of};
use crate::project::imports::{Lookup, Make, Pattern};
use crate::tables::ingest::delivered::{DeliveredSheet, Value};

/// A sheet with its labels found.
#[derive(Clone)]
pub(super) struct Frame<'s> {
    /// Its number among all sheets.
    pub(super) number: usize,
    pub(super) sheet: &'s DeliveredSheet,
    pub(super) labels: Labels,
    /// The column of each name, by its number among the labelled ones.
    pub(super) named: BTreeMap<String, usize>,
    /// For each make, the columns from which it takes cells.
    pub(super) taken: Vec<Vec<usize>>,
    /// The columns that are read.
    pub(super) read: BTreeSet<usize>,
    /// The columns of the outline, the outermost first.
    pub(super) fill: Vec<usize>,
    /// The keys in the distinct cells of the first column, where it holds several.
    keys: Vec<Vec<String>>,
}

impl Frame<'_> {
    /// The same labels over the columns of another sheet, of which this one is the head.
    pub(super) fn over<'o>(&self, sheet: &'o DeliveredSheet) -> Frame<'o> {
        let Frame { number, labels, named, taken, read, fill, keys, .. } = self.clone();
        Frame { number, sheet, labels, named, taken, read, fill, keys }
    }
}

impl Frame<'_> {
    /// What distinct cell a column has in a row.
    pub(super) fn code(&self, column: usize, row: usize) -> usize {
        let Some(labelled) = self.labels.columns.get(column) else { return 0 };
        self.sheet.columns.get(labelled.at).map_or(0, |values| values.code(row))
    }

    /// The distinct cells of a column.
    pub(super) fn values(&self, column: usize) -> Vec<Value> {
        let Some(labelled) = self.labels.columns.get(column) else { return Vec::new() };
        let Some(values) = self.sheet.columns.get(labelled.at) else { return Vec::new() };
        let Some(part) = labelled.part else { return values.values.clone() };
        let key = |(value, keys): (&Value, &Vec<String>)| Value {
            text: keys.get(part).cloned().unwrap_or_default(),
            kind: value.kind,
        };
        values.values.iter().zip(&self.keys).map(key).collect()
    }

    /// The column of the sheet.
    pub(super) fn at(&self, column: usize) -> usize {
        self.labels.columns.get(column).map_or(0, |labelled| labelled.at)
    }

    /// Whether a column's cell in a row holds nothing.
    pub(super) fn is_blank(&self, column: usize, row: usize) -> bool {
        let Some(labelled) = self.labels.columns.get(column) else { return true };
        let Some(values) = self.sheet.columns.get(labelled.at) else { return true };
        match labelled.part {
            None => values.is_blank(row),
            Some(part) => self.keys.get(values.code(row)).and_then(|keys| keys.get(part)).is_none_or(String::is_empty),
        }
    }

    /// The leftmost column that is read.
    pub(super) fn leftmost(&self) -> usize {
        self.read.iter().map(|column| self.at(*column)).min().unwrap_or(0)
    }

    /// How many keys each distinct cell of the first column has.
    pub(super) fn keys(&self) -> &[Vec<String>] {
        &self.keys
    }

    pub(super) fn label_cell(&self, column: usize) -> (usize, usize) {
        let labelled = self.labels.columns.get(column);
        let lowest = labelled.and_then(Labelled::lowest).map(|label| label.cell);
        lowest.unwrap_or((self.labels.row, self.at(column)))
    }
}

/// The names that a mapping reads columns by: those that must stand in the row of labels.
pub(super) fn names(naming: Naming<'_>) -> Vec<&str> {
    let mapping = naming.mapping;
    let looked = mapping.lookups().flat_map(Lookup::columns);
    let wheres = mapping.makes.iter().map(|make| &make.wheres).chain(mapping.skips.iter().map(|skip| &skip.wheres));
    let wheres = wheres.flatten().map(|condition| condition.column.as_str());
    let fill = naming.read().fill.iter().map(String::as_str);
    let taken = mapping.makes.iter().flat_map(|make| &make.take);
    let taken = taken.filter(|take| take.value.is_literal()).map(|take| take.value.text.as_str());
    let mut names: Vec<&str> = looked.chain(wheres).chain(fill).chain(taken).filter(|name| !is_letter(name)).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    names
}

/// Whether a name is the letter of a column: `@G`.
fn is_letter(name: &str) -> bool {
    letter(name).is_some()
}

fn letter(name: &str) -> Option<usize> {
    name.strip_prefix('@').and_then(column_of)
}

/// Finds the labels of a sheet, and what is read of it; nothing where that cannot be known.
pub(super) fn frame<'s>(
    naming: Naming<'_>,
    number: usize,
    sheet: &'s DeliveredSheet,
    found: &mut Found,
) -> Option<Frame<'s>> {
    let names = names(naming);
    let at = |(row, column): (usize, usize)| (number, row, column);
    if !is_as_expected(naming, number, sheet, found) {
        return None;
    }
    let from = start(naming, number, sheet, found)?;
    if names.is_empty() {
        let wrong = Wrong::new(Code::MissingLabel, "the mapping names no label, so no row of labels can be found");
        found.error(at((0, 0)), wrong.hint("name a column: in `column`, `where`, or as a literal in `take`"));
        return None;
    }
    let labels = match find(naming, sheet, &names, from) {
        Ok(labels) => labels,
        Err(lacking) => {
            found.error(at((0, 0)), missing(&lacking));
            return None;
        }
    };
    let twice = doubled(&labels, &names);
    for (name, (first, second)) in &twice {
        let cell = |column: &Labelled| column.lowest().map_or((labels.row, column.at), |label| label.cell);
        let wrong = Wrong::new(Code::AmbiguousLabel, format!("the label `{name}` stands over two columns"));
        let wrong = wrong.hint("name it by its path: `Upper label > Lower label`");
        let second = at(cell(second));
        found.pair(second, crate::diagnostic::Severity::Error, wrong, (at(cell(first)), "first here".into()));
    }
    if !twice.is_empty() {
        return None;
    }
    resolved(naming, number, sheet, labels, &names, found)
}

fn missing(lacking: &[String]) -> Wrong {
    let names: Vec<String> = lacking.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("no row holds all labels that the mapping reads; missing: {}", names.join(", "));
    let hint = "where a column was renamed, say so at the [[file]]: `labels = { \"its label\" = \"the mapping's\" }`";
    Wrong::new(Code::MissingLabel, message).hint(hint)
}

/// Whether the cells of `expect` look as they should.
fn is_as_expected(naming: Naming<'_>, number: usize, sheet: &DeliveredSheet, found: &mut Found) -> bool {
    let mut sound = true;
    for expect in &naming.read().expect {
        let (row, column) = expect.cell;
        let text = sheet.text(row, column);
        if !expect.like.fits(text) {
            let message = if sheet.source.confidential {
                "the cell does not look as `expect` says".to_owned()
            } else {
                format!("the cell holds `{text}`; `{}` is expected", expect.like.text)
            };
            found.error((number, row, column), Wrong::new(Code::UnexpectedText, message));
            sound = false;
        }
    }
    sound
}

/// The row from which on the labels are sought.
fn start(naming: Naming<'_>, number: usize, sheet: &DeliveredSheet, found: &mut Found) -> Option<usize> {
    let Some(start) = &naming.read().start else { return Some(0) };
    let row = (0..sheet.rows).find(|row| begins(sheet, *row, &start.value));
    if row.is_none() {
        let message = format!("no row begins with `{}`", start.value.text);
        let wrong = Wrong::new(Code::UnexpectedText, message);
        found.error((number, 0, 0), wrong.hint("correct `start`, below which the labels are sought"));
    }
    row.map(|row| row + 1)
}

/// Whether the first filled cell of a row fits a pattern.
pub(super) fn begins(sheet: &DeliveredSheet, row: usize, pattern: &Pattern) -> bool {
    first_filled(sheet, row).is_some_and(|column| pattern.fits(sheet.text(row, column)))
}

/// A sheet of which only the labels are known: nothing of it is read yet.
pub(super) fn bare<'s>(naming: Naming<'_>, number: usize, sheet: &'s DeliveredSheet, labels: Labels) -> Frame<'s> {
    let (named, taken, read, fill) = (BTreeMap::new(), Vec::new(), BTreeSet::new(), Vec::new());
    Frame { number, sheet, labels, named, taken, read, fill, keys: keys(naming, sheet) }
}

/// What each name and each pattern means in this sheet.
fn resolved<'s>(
    naming: Naming<'_>,
    number: usize,
    sheet: &'s DeliveredSheet,
    labels: Labels,
    names: &[&str],
    found: &mut Found,
) -> Option<Frame<'s>> {
    let mapping = naming.mapping;
    let mut named = BTreeMap::new();
    for name in names {
        let column = labels.columns.iter().position(|column| column.is_named(name))?;
        named.insert((*name).to_owned(), column);
    }
    let keys = keys(naming, sheet);
    let (taken, read, fill) = (Vec::new(), named.values().copied().collect(), Vec::new());
    let mut frame = Frame { number, sheet, labels, named, taken, read, fill, keys };
    letters(naming, &mut frame, found)?;
    frame.fill = naming.read().fill.iter().filter_map(|name| frame.named.get(name).copied()).collect();
    for make in &mapping.makes {
        let taken = takes(naming, make, &frame);
        if taken.is_empty() && !make.take.is_empty() {
            let patterns: Vec<String> = make.take.iter().map(|take| take.value.text.clone()).collect();
            found.error((number, 0, 0), missing(&patterns));
            return None;
        }
        frame.taken.push(taken);
    }
    frame.read.extend(frame.taken.iter().flatten().copied());
    Some(frame)
}

/// The columns that are named by their letters.
fn letters(naming: Naming<'_>, frame: &mut Frame<'_>, found: &mut Found) -> Option<()> {
    let mapping = naming.mapping;
    let looked = mapping.lookups().flat_map(Lookup::columns);
    let wheres = mapping.makes.iter().map(|make| &make.wheres).chain(mapping.skips.iter().map(|skip| &skip.wheres));
    let wheres = wheres.flatten().map(|condition| condition.column.as_str());
    let fill = naming.read().fill.iter().map(String::as_str);
    let taken = mapping.makes.iter().flat_map(|make| &make.take).map(|take| take.value.text.as_str());
    let ignored = naming.read().ignore.iter().map(|ignored| ignored.value.text.as_str());
    let read: BTreeSet<&str> = looked.chain(wheres).chain(fill).chain(taken).filter(|name| is_letter(name)).collect();
    let mut sound = true;
    for name in read.iter().copied().chain(ignored.filter(|name| is_letter(name))) {
        let Some(at) = letter(name) else { continue };
        let column = frame.labels.columns.iter().position(|column| column.at == at);
        if let Some(label) = column.and_then(|column| frame.labels.columns.get(column)?.lowest()) {
            let (row, column) = label.cell;
            let message = format!("`{name}` is a column without a label, and here stands one");
            let wrong = Wrong::new(Code::UnexpectedText, message).hint("name the column by its label");
            found.error((frame.number, row, column), wrong);
            sound = false;
            continue;
        }
        if !read.contains(name) {
            continue;
        }
        let column = column.unwrap_or_else(|| {
            let over = Vec::new();
            frame.labels.columns.push(Labelled { at, part: None, over });
            frame.labels.columns.len() - 1
        });
        frame.named.insert(name.to_owned(), column);
        frame.read.insert(column);
    }
    sound.then_some(())
}

/// The columns from which a make takes cells, from the left.
fn takes(naming: Naming<'_>, make: &Make, frame: &Frame<'_>) -> Vec<usize> {
    let others: BTreeSet<usize> =
        naming.mapping.lookups().flat_map(Lookup::columns).filter_map(|name| frame.named.get(name).copied()).collect();
    let mut columns = BTreeSet::new();
    for take in &make.take {
        if take.value.is_literal() {
            columns.extend(frame.named.get(&take.value.text).copied());
            continue;
        }
        let fits = |(at, column): (usize, &Labelled)| {
            let label = column.lowest()?;
            let fits = take.value.fits(&label.text) || take.value.fits(&label.raw);
            (fits && !others.contains(&at) && !is_ignored_by_name(naming, column)).then_some(at)
        };
        columns.extend(frame.labels.columns.iter().enumerate().filter_map(fits));
    }
    columns.into_iter().collect()
}

fn is_ignored_by_name(naming: Naming<'_>, column: &Labelled) -> bool {
    naming.read().ignore.iter().any(|ignored| ignored.value.is_literal() && column.is_named(&ignored.value.text))
}

/// Whether a column is deliberately unread.
fn is_ignored(naming: Naming<'_>, column: &Labelled) -> bool {
    let Some(label) = column.lowest() else {
        return naming.read().ignore.iter().any(|ignored| letter(&ignored.value.text) == Some(column.at));
    };
    let path = column.path();
    naming.read().ignore.iter().any(|ignored| {
        let pattern = &ignored.value;
        pattern.fits(&label.text) || pattern.fits(&label.raw) || pattern.fits(&path) || column.is_named(&pattern.text)
    })
}

/// Columns that are neither read nor ignored; one without a label only where a row of the table has something in it.
pub(super) fn left_over(naming: Naming<'_>, frame: &Frame<'_>, rows: &[usize]) -> Vec<usize> {
    let is_left = |(at, column): &(usize, &Labelled)| {
        let known = frame.read.contains(at) || is_ignored(naming, column);
        !known && (column.lowest().is_some() || rows.iter().any(|row| !frame.is_blank(*at, *row)))
    };
    frame.labels.columns.iter().enumerate().filter(is_left).map(|(at, _)| at).collect()
}

/// Reports columns that are neither read nor ignored.
pub(super) fn unread(naming: Naming<'_>, frame: &Frame<'_>, rows: &[usize], found: &mut Found) {
    for at in left_over(naming, frame, rows) {
        let label = frame.labels.columns.get(at).and_then(Labelled::lowest);
        let message = match label {
            Some(label) => format!("the column `{}` is neither read nor ignored", label.text),
            None => "a column without a label is neither read nor ignored".to_owned(),
        };
        let hint = match label {
            Some(label) => format!("read it, or add `\"{}\"` to `ignore`", label.text),
            None => "read it by its letter, as `@G`, or add that to `ignore`".to_owned(),
        };
        let (row, cell) = frame.label_cell(at);
        found.error((frame.number, row, cell), Wrong::new(Code::UnreadLabel, message).hint(hint));
    }
}

/// The keys in the distinct cells of the first column.
fn keys(naming: Naming<'_>, sheet: &DeliveredSheet) -> Vec<Vec<String>> {
    let (Some(split), Some(first)) = (&naming.read().split, sheet.columns.first()) else { return Vec::new() };
    let keys = |value: &Value| value.text.split(split.as_str()).map(|key| key.trim().to_owned()).collect();
    first.values.iter().map(keys).collect()
}
