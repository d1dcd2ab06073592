//! A column as a dictionary of its distinct values with a code for each row, or, if values hardly repeat, as hashes.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::dictionary::{Dictionary, Key};
use super::row::Row;

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
    /// A column of these distinct values, and for each row the number of its own.
    #[must_use]
    pub fn of(values: Vec<String>, numbers: &[u32]) -> Self {
        let mut codes = Codes::Narrow(Vec::new());
        codes.append(numbers, values.len());
        Self { values, codes }
    }

    /// A column of these distinct values with these codes.
    pub(super) fn with(values: Vec<String>, codes: Codes) -> Self {
        Self { values, codes }
    }

    /// A column in which every row has the same value.
    #[must_use]
    pub fn filled(value: &str, rows: usize) -> Self {
        Self { values: vec![value.to_owned()], codes: Codes::Narrow(vec![0; rows]) }
    }

    /// Columns one below the other: without a dictionary if one of them has none.
    pub(super) fn below_each_other(parts: &[&Self]) -> Self {
        if !parts.iter().all(|part| part.coded()) {
            let hashes = parts.iter().flat_map(|part| part.hashed());
            return Self { values: Vec::new(), codes: Codes::Hashes(hashes.collect()) };
        }
        let (mut known, mut values): (HashMap<&str, u32>, Vec<String>) = (HashMap::new(), Vec::new());
        let mut codes = Codes::Narrow(Vec::new());
        for part in parts {
            let mut numbers: Vec<u32> = Vec::with_capacity(part.values.len());
            for value in &part.values {
                numbers.push(*known.entry(value.as_str()).or_insert_with(|| {
                    values.push(value.clone());
                    // Four billion distinct values do not fit into memory.
                    u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
                }));
            }
            let of = |code: usize| numbers.get(code).copied().unwrap_or_default();
            let all: Vec<u32> = match &part.codes {
                Codes::Narrow(codes) => codes.iter().map(|code| of(usize::from(*code))).collect(),
                Codes::Middle(codes) => codes.iter().map(|code| of(usize::from(*code))).collect(),
                Codes::Wide(codes) => codes.iter().map(|code| of(*code as usize)).collect(),
                Codes::Hashes(_) => Vec::new(),
            };
            codes.append(&all, values.len());
        }
        Self { values, codes }
    }

    /// The hash of each cell.
    fn hashed(&self) -> Vec<u64> {
        let hash = |value: &String| Key::of(value.as_bytes(), &(0..value.len())).hash();
        let hashes: Vec<u64> = self.values.iter().map(hash).collect();
        let of = |code: usize| hashes.get(code).copied().unwrap_or_default();
        match &self.codes {
            Codes::Narrow(codes) => codes.iter().map(|code| of(usize::from(*code))).collect(),
            Codes::Middle(codes) => codes.iter().map(|code| of(usize::from(*code))).collect(),
            Codes::Wide(codes) => codes.iter().map(|code| of(*code as usize)).collect(),
            Codes::Hashes(hashes) => hashes.clone(),
        }
    }

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

impl Codes {
    /// Adds the codes of further rows, in a wider type if more than `distinct` values no longer fit.
    pub(super) fn append(&mut self, codes: &[u32], distinct: usize) {
        self.widen(distinct);
        // A code is less than the number of distinct values.
        #[allow(clippy::cast_possible_truncation)]
        match self {
            Self::Narrow(all) => all.extend(codes.iter().map(|code| *code as u8)),
            Self::Middle(all) => all.extend(codes.iter().map(|code| *code as u16)),
            Self::Wide(all) => all.extend_from_slice(codes),
            Self::Hashes(_) => {}
        }
    }

    fn widen(&mut self, distinct: usize) {
        match self {
            Self::Narrow(all) if distinct > 1 << 16 => {
                *self = Self::Wide(all.iter().map(|code| u32::from(*code)).collect());
            }
            Self::Narrow(all) if distinct > 1 << 8 => {
                *self = Self::Middle(all.iter().map(|code| u16::from(*code)).collect());
            }
            Self::Middle(all) if distinct > 1 << 16 => {
                *self = Self::Wide(all.iter().map(|code| u32::from(*code)).collect());
            }
            _ => {}
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(codes) => codes.len(),
            Self::Middle(codes) => codes.len(),
            Self::Wide(codes) => codes.len(),
            Self::Hashes(hashes) => hashes.len(),
        }
    }
}

/// The column of one piece of a file, while it is read.
pub(super) struct Builder<'s> {
    dictionary: Dictionary,
    /// How many values it began with, which are those of the first piece.
    given: usize,
    codes: Codes,
    /// The codes of the rows that are being added.
    added: Vec<u32>,
    /// Whether most rows that were added last have the value of the row before.
    steady: bool,
    /// Set by the first piece in which the values of this column hardly ever repeat.
    hardly_repeats: Option<&'s AtomicBool>,
}

/// A column with more distinct values than this may do without a dictionary.
const MANY: usize = 4096;

impl<'s> Builder<'s> {
    /// A column that may do without a dictionary if `hardly_repeats` is shared with the other pieces. It begins with the
    /// values of the `first` piece, so that most codes mean the same in all pieces.
    pub(super) fn new(hardly_repeats: Option<&'s AtomicBool>, first: Option<&Part>) -> Self {
        let known = first.map(|first| &first.dictionary).filter(|known| known.len() <= MANY);
        let dictionary = known.cloned().unwrap_or_default();
        Self {
            given: dictionary.len(),
            dictionary,
            codes: Codes::Narrow(Vec::new()),
            added: Vec::new(),
            steady: false,
            hardly_repeats,
        }
    }

    /// Adds cells whose values are in `file` as they are.
    pub(super) fn extend(&mut self, file: &[u8], cells: impl Iterator<Item = Range<usize>>) {
        self.decide();
        if let Codes::Hashes(hashes) = &mut self.codes {
            hashes.extend(cells.map(|cell| Key::of(file, &cell).hash()));
            return;
        }
        self.added.clear();
        self.dictionary.codes(file, cells, self.steady, &mut self.added);
        let again = self.added.windows(2).filter(|pair| pair[0] == pair[1]).count();
        self.steady = again * 8 > self.added.len() * 7;
        self.codes.append(&self.added, self.dictionary.len());
    }

    /// Adds a cell of a row.
    pub(super) fn push(&mut self, row: &Row<'_>, column: usize) {
        let (bytes, cell) = row.stored(column);
        self.extend(bytes, std::iter::once(cell));
    }

    /// Turns to hashes if the values hardly repeat here, or in another piece read before.
    fn decide(&mut self) {
        let Some(shared) = self.hardly_repeats else { return };
        let rows = self.codes.len();
        if matches!(self.codes, Codes::Hashes(_)) || rows > 0 && !self.has_many(rows) {
            return;
        }
        if rows > 0 {
            shared.store(true, Ordering::Relaxed);
        }
        if shared.load(Ordering::Relaxed) {
            self.codes = Codes::Hashes(hashes(&self.codes, &self.dictionary));
        }
    }

    fn has_many(&self, rows: usize) -> bool {
        let own = self.dictionary.len() - self.given;
        own > MANY && own * 2 > rows
    }

    pub(super) fn finish(self) -> Part {
        Part { dictionary: self.dictionary, given: self.given, codes: self.codes }
    }
}

/// The column of one piece, read.
pub(super) struct Part {
    dictionary: Dictionary,
    /// How many of its values are the first of the first piece.
    given: usize,
    codes: Codes,
}

/// Joins the pieces of one column, in their order.
pub(super) fn join(mut parts: Vec<Part>) -> Column {
    if parts.iter().any(|part| matches!(part.codes, Codes::Hashes(_))) {
        let lengths = parts.iter().map(|part| part.codes.len()).collect();
        let hashes = joined(parts, lengths, |part, all: &mut [u64]| part.write_hashes(all));
        return Column { values: Vec::new(), codes: Codes::Hashes(hashes) };
    }
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return Column { values: only.dictionary.texts(), codes: only.codes };
    }
    let mut all = Dictionary::default();
    let mapped: Vec<(Part, Vec<u32>)> = parts
        .into_iter()
        .map(|part| {
            let map = all.absorb(&part.dictionary, part.given);
            (part, map)
        })
        .collect();
    let distinct = all.len();
    let lengths = mapped.iter().map(|(part, _)| part.codes.len()).collect();
    // A code is less than the number of distinct values.
    #[allow(clippy::cast_possible_truncation)]
    let codes = if distinct <= 1 << 8 {
        Codes::Narrow(joined(mapped, lengths, |(part, map), all| part.write(&map, |code| code as u8, all)))
    } else if distinct <= 1 << 16 {
        Codes::Middle(joined(mapped, lengths, |(part, map), all| part.write(&map, |code| code as u16, all)))
    } else {
        Codes::Wide(joined(mapped, lengths, |(part, map), all| part.write(&map, |code| code, all)))
    };
    Column { values: all.texts(), codes }
}

/// Writes parts one after another, on all cores.
fn joined<P: Send, T: Copy + Default + Send>(
    parts: Vec<P>,
    lengths: Vec<usize>,
    write: impl Fn(P, &mut [T]) + Sync,
) -> Vec<T> {
    let mut all = vec![T::default(); lengths.iter().sum()];
    let mut rest = all.as_mut_slice();
    let mut places = Vec::with_capacity(parts.len());
    for (part, length) in parts.into_iter().zip(lengths) {
        let (place, after) = rest.split_at_mut(length);
        places.push((part, place));
        rest = after;
    }
    places.into_par_iter().for_each(|(part, place)| write(part, place));
    all
}

impl Part {
    /// Writes the codes of the whole column.
    fn write<T>(&self, map: &[u32], cast: impl Fn(u32) -> T, all: &mut [T]) {
        fn each<T, C: Copy>(all: &mut [T], codes: &[C], of: impl Fn(C) -> T) {
            all.iter_mut().zip(codes).for_each(|(place, code)| *place = of(*code));
        }
        // Where nothing but the given values occurs, each code is what it was.
        match (&self.codes, map.is_empty()) {
            (Codes::Narrow(codes), true) => each(all, codes, |code| cast(code.into())),
            (Codes::Middle(codes), true) => each(all, codes, |code| cast(code.into())),
            (Codes::Wide(codes), true) => each(all, codes, &cast),
            (Codes::Narrow(codes), false) => each(all, codes, |code| cast(map[usize::from(code)])),
            (Codes::Middle(codes), false) => each(all, codes, |code| cast(map[usize::from(code)])),
            (Codes::Wide(codes), false) => each(all, codes, |code| cast(map[code as usize])),
            (Codes::Hashes(_), _) => {}
        }
    }

    fn write_hashes(&self, all: &mut [u64]) {
        match &self.codes {
            Codes::Hashes(hashes) => all.copy_from_slice(hashes),
            codes => all.copy_from_slice(&hashes(codes, &self.dictionary)),
        }
    }
}

/// The hash of the value behind each code.
fn hashes(codes: &Codes, dictionary: &Dictionary) -> Vec<u64> {
    let hash = |code: usize| dictionary.hash(code);
    match codes {
        Codes::Narrow(codes) => codes.iter().map(|code| hash(usize::from(*code))).collect(),
        Codes::Middle(codes) => codes.iter().map(|code| hash(usize::from(*code))).collect(),
        Codes::Wide(codes) => codes.iter().map(|code| hash(*code as usize)).collect(),
        Codes::Hashes(hashes) => hashes.clone(),
    }
}
