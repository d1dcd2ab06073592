//! The columns of all files together: the code of every row in each, and how the column is read.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::disclosure::attack::Bounds;

/// The code of a row whose file does not have the column.
pub(super) const ABSENT: u32 = u32::MAX;

/// Folds a name for comparison: lower case, trimmed, single spaces.
pub(super) fn fold(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A number or a mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    pub(super) least: i128,
    pub(super) most: Option<i128>,
    pub(super) marked: bool,
    /// The file, the row in it, and the column of the value.
    pub(super) file: usize,
    pub(super) row: usize,
    pub(super) value: usize,
}

impl Observation {
    pub(super) fn bounds(&self) -> Bounds {
        (self.least, self.most)
    }

    /// Whether both can be the same number.
    pub(super) fn agrees(&self, (least, most): Bounds) -> bool {
        self.most.is_none_or(|own| least <= own) && most.is_none_or(|most| self.least <= most)
    }
}

/// A column of any file.
pub(super) struct Column {
    pub(super) label: String,
    /// The codes, as they were first written.
    pub(super) names: Vec<String>,
    numbers: HashMap<String, u32>,
    /// Whether codes differ that are the same in small letters.
    pub(super) cased: bool,
    /// For each observation the code.
    pub(super) of_row: Vec<u32>,
    /// For each file whether it has the column.
    pub(super) in_file: Vec<bool>,
    /// The total.
    pub(super) margin: Option<u32>,
    /// Other codes that are the total, too.
    margins: Vec<u32>,
    /// Whether it is left out of the reading.
    pub(super) ignored: bool,
    /// Whether it is, because it holds numbers.
    pub(super) holds_numbers: bool,
}

impl Column {
    pub(super) fn new(label: String, files: usize, cased: bool) -> Self {
        Self {
            label,
            names: Vec::new(),
            numbers: HashMap::new(),
            cased,
            of_row: Vec::new(),
            in_file: vec![false; files],
            margin: None,
            margins: Vec::new(),
            ignored: false,
            holds_numbers: false,
        }
    }

    /// The number of a code.
    pub(super) fn number(&mut self, name: &str) -> u32 {
        let key = if self.cased { name.trim().to_owned() } else { fold(name) };
        let next = u32::try_from(self.names.len()).unwrap_or(ABSENT - 1);
        *self.numbers.entry(key).or_insert_with(|| {
            self.names.push(name.trim().to_owned());
            next
        })
    }

    /// Whether there is such a code.
    pub(super) fn has(&self, name: &str) -> bool {
        self.numbers.contains_key(&if self.cased { name.trim().to_owned() } else { fold(name) })
    }

    /// How a code was first written.
    pub(super) fn name(&self, code: u32) -> &str {
        self.names.get(code as usize).map_or("", String::as_str)
    }

    pub(super) fn is_margin(&self, code: u32) -> bool {
        self.margin == Some(code) || self.margins.contains(&code)
    }

    /// The codes that are not the total.
    pub(super) fn parts(&self) -> impl Iterator<Item = u32> {
        let all = 0..u32::try_from(self.names.len()).unwrap_or(0);
        all.filter(|code| !self.is_margin(*code))
    }

    /// Reads a code as a total, in addition to the known ones.
    pub(super) fn add_margin(&mut self, code: u32) {
        if self.margin.is_none() {
            self.margin = Some(code);
        } else if !self.is_margin(code) {
            self.margins.push(code);
        }
    }

    /// Writes one code for every total, also where the file leaves the column out.
    pub(super) fn spread_margin(&mut self) {
        let Some(margin) = self.margin else { return };
        let margins = std::mem::take(&mut self.margins);
        for code in self.of_row.iter_mut().filter(|code| **code == ABSENT || margins.contains(code)) {
            *code = margin;
        }
        self.margins = margins;
    }

    /// Makes a total of the rows whose file leaves the column out.
    pub(super) fn absent_is_margin(&mut self) {
        let code = u32::try_from(self.names.len()).unwrap_or(ABSENT - 1);
        self.names.push(String::new());
        self.margin = Some(code);
        self.spread_margin();
    }

    /// The code of a row, where the file leaves the column out the total.
    pub(super) fn code(&self, row: usize) -> u32 {
        match (self.of_row[row], self.margin) {
            (ABSENT, Some(margin)) => margin,
            (code, Some(margin)) if self.margins.contains(&code) => margin,
            (code, _) => code,
        }
    }
}

/// All columns, and what was read of the rows.
pub(super) struct Columns {
    pub(super) columns: Vec<Column>,
    pub(super) observations: Vec<Observation>,
    /// For each file the first of its observations; and the end.
    pub(super) starts: Vec<usize>,
    pub(super) files: usize,
    /// The column that names the value column, if any file has several.
    pub(super) wide: Option<usize>,
}

impl Columns {
    /// The columns that are read.
    pub(super) fn live(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|at| !self.columns[*at].ignored).collect()
    }

    /// The column that names the value column, if any file has several.
    pub(super) fn wide(&self) -> Option<usize> {
        self.wide
    }

    /// The observations of a file.
    pub(super) fn rows_of(&self, file: usize) -> std::ops::Range<usize> {
        self.starts[file]..self.starts[file + 1]
    }

    /// A hash of a row's codes in these columns.
    pub(super) fn key(&self, among: &[usize], row: usize) -> u64 {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        among.iter().for_each(|at| self.columns[*at].code(row).hash(&mut hasher));
        hasher.finish()
    }

    /// The column under that label.
    pub(super) fn find(&self, label: &str) -> Option<usize> {
        let exact = self.columns.iter().position(|column| column.label == label.trim());
        exact.or_else(|| self.columns.iter().position(|column| fold(&column.label) == fold(label)))
    }
}
