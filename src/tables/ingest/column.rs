//! A column as a dictionary of its distinct values with a code for each row, or, if values hardly repeat, as hashes.

use std::sync::atomic::{AtomicBool, Ordering};

use super::dictionary::{Dictionary, Key};
use super::scan::Row;

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    values: Vec<String>,
    codes: Codes,
}

/// One code for each row, in the narrowest type that fits, or one hash.
#[derive(Debug, Clone)]
pub enum Codes {
    /// At most 256 distinct values.
    Narrow(Vec<u8>),
    /// At most 65 536.
    Middle(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
    /// No dictionary: a hash of each cell, which is 0 only if the cell is empty.
    Hashes(Vec<u64>),
}

impl Column {
    /// The distinct values, in the order of their first occurrence; none for a column without a dictionary.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// The distinct values and the codes.
    pub(super) fn into_parts(self) -> (Vec<String>, Codes) {
        (self.values, self.codes)
    }

    /// The code or hash of each row.
    #[must_use]
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Whether there is a dictionary; without one [`Column::cell`] is always empty.
    #[must_use]
    pub fn coded(&self) -> bool {
        !matches!(self.codes, Codes::Hashes(_))
    }

    /// The index of a row's value in [`Column::values`]; for a column without a dictionary its hash.
    #[must_use]
    pub fn code(&self, row: usize) -> u64 {
        match &self.codes {
            Codes::Narrow(codes) => codes[row].into(),
            Codes::Middle(codes) => codes[row].into(),
            Codes::Wide(codes) => codes[row].into(),
            Codes::Hashes(hashes) => hashes[row],
        }
    }

    /// The cell of `row`; empty in a column without a dictionary.
    #[must_use]
    pub fn cell(&self, row: usize) -> &str {
        let code = usize::try_from(self.code(row)).unwrap_or(usize::MAX);
        self.values.get(code).map_or("", String::as_str)
    }

    /// The code that stands for an empty cell, if there is one.
    #[must_use]
    pub fn empty_code(&self) -> Option<u64> {
        if !self.coded() {
            return Some(0);
        }
        (0..).zip(&self.values).find(|(_, value)| value.is_empty()).map(|(code, _)| code)
    }

    /// The rows whose code is `wanted`, in order.
    #[must_use]
    pub fn rows_with(&self, wanted: impl Fn(u64) -> bool + Sync) -> Vec<usize> {
        use rayon::prelude::*;
        fn find<T: Copy + Into<u64> + Sync>(codes: &[T], wanted: &(impl Fn(u64) -> bool + Sync)) -> Vec<usize> {
            let rows = codes.par_iter().enumerate().with_min_len(1 << 16);
            rows.filter(|(_, code)| wanted((**code).into())).map(|(row, _)| row).collect()
        }
        match &self.codes {
            Codes::Narrow(codes) => find(codes, &wanted),
            Codes::Middle(codes) => find(codes, &wanted),
            Codes::Wide(codes) => find(codes, &wanted),
            Codes::Hashes(hashes) => find(hashes, &wanted),
        }
    }
}

/// The column of one piece of a file, while it is read.
pub(super) struct Builder<'s> {
    dictionary: Dictionary,
    codes: Vec<u32>,
    hashes: Vec<u64>,
    /// Set by the first piece in which the values of this column hardly ever repeat.
    hardly_repeats: Option<&'s AtomicBool>,
}

/// A column with more distinct values than this may do without a dictionary.
const MANY: usize = 4096;

impl<'s> Builder<'s> {
    /// A column that may do without a dictionary if `hardly_repeats` is shared with the other pieces.
    pub(super) fn new(hardly_repeats: Option<&'s AtomicBool>) -> Self {
        Self { dictionary: Dictionary::default(), codes: Vec::new(), hashes: Vec::new(), hardly_repeats }
    }

    /// Adds the next cell.
    #[inline]
    pub(super) fn push(&mut self, row: &Row<'_>, column: usize) {
        let key = Key::of(row, column);
        if self.hardly_repeats.is_some() && (!self.hashes.is_empty() || self.gives_up()) {
            self.hashes.push(key.hash());
        } else {
            let code = self.dictionary.code(&key, row.value(column));
            self.codes.push(code);
        }
    }

    /// Adds an empty cell for a row that is too short.
    pub(super) fn push_missing(&mut self) {
        let row = Row::EMPTY;
        self.push(&row, 0);
    }

    #[cold]
    fn give_up(&mut self) -> bool {
        let hash = |code: &u32| self.dictionary.hash(*code as usize);
        self.hashes.extend(self.codes.iter().map(hash));
        true
    }

    #[inline]
    fn gives_up(&mut self) -> bool {
        let Some(shared) = self.hardly_repeats else { return false };
        let rows = self.codes.len();
        if rows == 0 {
            return shared.load(Ordering::Relaxed);
        }
        let many = self.dictionary.len() > MANY && self.dictionary.len() * 2 > rows;
        if !many {
            return false;
        }
        shared.store(true, Ordering::Relaxed);
        self.give_up()
    }

    pub(super) fn finish(self) -> Part {
        let codes =
            if self.hashes.is_empty() { narrow(self.codes, self.dictionary.len()) } else { Codes::Hashes(self.hashes) };
        Part { dictionary: self.dictionary, codes }
    }
}

pub(super) fn narrow(codes: Vec<u32>, distinct: usize) -> Codes {
    // A code is less than the number of distinct values.
    #[allow(clippy::cast_possible_truncation)]
    if distinct <= 1 << 8 {
        Codes::Narrow(codes.iter().map(|code| *code as u8).collect())
    } else if distinct <= 1 << 16 {
        Codes::Middle(codes.iter().map(|code| *code as u16).collect())
    } else {
        Codes::Wide(codes)
    }
}

/// The column of one piece, read.
pub(super) struct Part {
    dictionary: Dictionary,
    codes: Codes,
}

/// Joins the pieces of one column, in their order.
pub(super) fn join(parts: &[Part]) -> Column {
    if parts.iter().any(|part| matches!(part.codes, Codes::Hashes(_))) {
        return Column { values: Vec::new(), codes: Codes::Hashes(parts.iter().flat_map(Part::hashes).collect()) };
    }
    let mut all = Dictionary::default();
    let maps: Vec<Vec<u32>> = parts.iter().map(|part| all.absorb(&part.dictionary)).collect();
    let distinct = all.len();
    let paired = || parts.iter().zip(&maps);
    // A code is less than the number of distinct values.
    #[allow(clippy::cast_possible_truncation)]
    let codes = if distinct <= 1 << 8 {
        Codes::Narrow(paired().flat_map(|(part, map)| part.mapped(map, |code| code as u8)).collect())
    } else if distinct <= 1 << 16 {
        Codes::Middle(paired().flat_map(|(part, map)| part.mapped(map, |code| code as u16)).collect())
    } else {
        Codes::Wide(paired().flat_map(|(part, map)| part.mapped(map, |code| code)).collect())
    };
    Column { values: all.texts(), codes }
}

impl Part {
    fn mapped<T>(&self, map: &[u32], cast: impl Fn(u32) -> T) -> Vec<T> {
        match &self.codes {
            Codes::Narrow(codes) => codes.iter().map(|code| cast(map[usize::from(*code)])).collect(),
            Codes::Middle(codes) => codes.iter().map(|code| cast(map[usize::from(*code)])).collect(),
            Codes::Wide(codes) => codes.iter().map(|code| cast(map[*code as usize])).collect(),
            Codes::Hashes(_) => Vec::new(),
        }
    }

    fn hashes(&self) -> Vec<u64> {
        let hash = |code: usize| self.dictionary.hash(code);
        match &self.codes {
            Codes::Narrow(codes) => codes.iter().map(|code| hash(usize::from(*code))).collect(),
            Codes::Middle(codes) => codes.iter().map(|code| hash(usize::from(*code))).collect(),
            Codes::Wide(codes) => codes.iter().map(|code| hash(*code as usize)).collect(),
            Codes::Hashes(hashes) => hashes.clone(),
        }
    }
}
