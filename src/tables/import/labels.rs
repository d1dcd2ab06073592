//! The labels of a sheet: the rows they stand in, how far each reaches, and which column a name means.

use std::collections::{BTreeMap, HashSet};

use super::marks::{Stripped, strip};
use crate::project::imports::{Delivered, Mapping, Reading};
use crate::tables::ingest::delivered::DeliveredSheet;

/// What joins the labels of a path.
const PATH: &str = " > ";

/// A label as it stands over a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// Its text, as the mapping calls it.
    pub(super) text: String,
    /// Its text as the file has it.
    pub(super) raw: String,
    /// The numbers of its marks.
    pub(super) marks: Vec<usize>,
    /// The cell in which it stands, which may be further left.
    pub(super) cell: (usize, usize),
}

/// A column and what stands over it.
#[derive(Debug, Clone)]
pub(super) struct Labelled {
    /// The column of the sheet.
    pub(super) at: usize,
    /// Which of the keys in it, where the first column holds several.
    pub(super) part: Option<usize>,
    /// The labels over it, for each label row from the top; none where nothing stands or reaches.
    pub(super) over: Vec<Option<Standing>>,
}

impl Labelled {
    /// The lowest label.
    pub(super) fn lowest(&self) -> Option<&Standing> {
        self.over.iter().rev().flatten().next()
    }

    /// Whether a name means this column: its lowest label, or a path that ends with it.
    pub(super) fn is_named(&self, name: &str) -> bool {
        let Some(lowest) = self.lowest() else { return false };
        if lowest.text == name || lowest.raw == name {
            return true;
        }
        if !name.contains(PATH) {
            return false;
        }
        let wanted: Vec<&str> = name.split(PATH).collect();
        let standing: Vec<&Standing> = self.over.iter().flatten().collect();
        let Some(from) = standing.len().checked_sub(wanted.len()) else { return false };
        standing.iter().skip(from).zip(wanted).all(|(label, wanted)| label.text == wanted || label.raw == wanted)
    }

    /// The whole path of labels.
    pub(super) fn path(&self) -> String {
        self.over.iter().flatten().map(|label| label.text.as_str()).collect::<Vec<_>>().join(PATH)
    }
}

/// The labels of a sheet in some rows.
#[derive(Debug, Clone)]
pub(super) struct Labels {
    /// The lowest of their rows.
    pub(super) row: usize,
    /// The columns, from the left.
    pub(super) columns: Vec<Labelled>,
}

/// How the labels of one file are read.
#[derive(Clone, Copy)]
pub(super) struct Naming<'m> {
    pub(super) mapping: &'m Mapping,
    pub(super) file: &'m Delivered,
}

impl<'m> Naming<'m> {
    pub(super) fn read(self) -> &'m Reading {
        &self.file.read
    }

    /// A label as the mapping calls it.
    fn standing(self, text: &str, cell: (usize, usize)) -> Option<Standing> {
        let raw = text.to_owned();
        let Stripped { text, marks } = strip(text, &self.mapping.marks, false);
        if raw.is_empty() {
            return None;
        }
        let ours = |own: &str| self.file.labels.get(own).cloned();
        let text = ours(&raw).or_else(|| ours(&text)).unwrap_or(text);
        Some(Standing { text, raw, marks, cell })
    }

    /// The labels if `row` is the lowest of their rows.
    pub(super) fn at(self, sheet: &DeliveredSheet, row: usize) -> Labels {
        let top = (row + 1).saturating_sub(self.read().label_rows());
        let width = sheet.columns.len();
        let stands = |row: usize, column: usize| !sheet.is_blank(row, column);
        let empty = |column: usize| (top..=row).all(|row| !stands(row, column));
        let mut over: Vec<Vec<Option<Standing>>> = Vec::new();
        for line in top..=row {
            let (mut found, mut reaching): (Vec<Option<Standing>>, Option<Standing>) = (Vec::new(), None);
            for column in 0..width {
                if stands(line, column) {
                    reaching = self.standing(sheet.text(line, column), (line, column));
                } else if line == row || (top..line).any(|above| stands(above, column)) || empty(column) {
                    // The lowest labels do not reach, and no upper one past a label above it or an empty column.
                    reaching = None;
                }
                found.push(reaching.clone());
            }
            over.push(found);
        }
        let of_column = |column: usize| over.iter().map(|line| line.get(column).cloned().flatten()).collect::<Vec<_>>();
        let columns = (0..width).flat_map(|column| self.split(column, of_column(column), (row, column)));
        Labels { row, columns: columns.collect() }
    }

    /// The columns that one column of the sheet is: several where the first holds several keys.
    fn split(self, column: usize, over: Vec<Option<Standing>>, cell: (usize, usize)) -> Vec<Labelled> {
        let lowest = over.iter().rev().flatten().next();
        let (Some(split), Some(lowest), 0) = (&self.read().split, lowest, column) else {
            return vec![Labelled { at: column, part: None, over }];
        };
        // The file's own name for its other columns follows the keys.
        let keys = lowest.raw.split('\\').next().unwrap_or_default();
        let key = |(part, key): (usize, &str)| {
            let mut over = over.clone();
            if let Some(last) = over.last_mut() {
                *last = self.standing(key.trim(), cell);
            }
            Labelled { at: column, part: Some(part), over }
        };
        keys.split(split.as_str()).enumerate().map(key).collect()
    }
}

/// The first rows of a sheet in which the labels are sought.
const SOUGHT: usize = 200;

/// Where the labels stand, or the names that stand in no row together with the others.
pub(super) fn find(
    naming: Naming<'_>,
    sheet: &DeliveredSheet,
    names: &[&str],
    from: usize,
) -> Result<Labels, Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let lacking = |labels: &Labels| -> Vec<String> {
        let stands = |name: &&&str| !labels.columns.iter().any(|column| column.is_named(name));
        names.iter().filter(stands).map(|name| (*name).to_owned()).collect()
    };
    // Rows in which no name stands need not be taken apart.
    let words: HashSet<&str> =
        names.iter().filter_map(|name| name.rsplit(PATH).next()).chain(names.iter().copied()).collect();
    let known = |text: &str| {
        let standing = naming.standing(text, (0, 0));
        standing.is_some_and(|label| words.contains(label.text.as_str()) || words.contains(label.raw.as_str()))
    };
    let width = sheet.columns.len();
    let split = naming.read().split.is_some();
    let held =
        |row: usize| split || (0..width).any(|column| !sheet.is_blank(row, column) && known(sheet.text(row, column)));
    for row in from..sheet.rows.min(from + SOUGHT) {
        let top = (row + 1).saturating_sub(naming.read().label_rows());
        if !(top..=row).any(held) {
            continue;
        }
        let labels = naming.at(sheet, row);
        let lacks = lacking(&labels);
        if !lacks.is_empty() {
            if best.as_ref().is_none_or(|best| lacks.len() < best.len()) {
                best = Some(lacks);
            }
            continue;
        }
        let mut labels = labels;
        while labels.row + 1 < sheet.rows && filled(sheet, labels.row + 1) > 1 {
            let next = naming.at(sheet, labels.row + 1);
            if !lacking(&next).is_empty() {
                break;
            }
            labels = next;
        }
        return Ok(labels);
    }
    Err(best.unwrap_or_else(|| names.iter().map(|name| (*name).to_owned()).collect()))
}

/// How many cells of a row hold something, counted up to two.
pub(super) fn filled(sheet: &DeliveredSheet, row: usize) -> usize {
    (0..sheet.columns.len()).filter(|column| !sheet.is_blank(row, *column)).take(2).count()
}

/// The first cell of a row that holds something.
pub(super) fn first_filled(sheet: &DeliveredSheet, row: usize) -> Option<usize> {
    (0..sheet.columns.len()).find(|column| !sheet.is_blank(row, *column))
}

/// The columns that more than one name means, by name: the second of them.
pub(super) fn doubled<'l>(labels: &'l Labels, names: &[&str]) -> BTreeMap<String, (&'l Labelled, &'l Labelled)> {
    let twice = |name: &&str| {
        let mut meant = labels.columns.iter().filter(|column| column.is_named(name));
        Some(((*name).to_owned(), (meant.next()?, meant.next()?)))
    };
    names.iter().filter_map(twice).collect()
}
