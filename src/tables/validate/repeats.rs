//! Finds equal rows among many millions: their keys are hashed, split into parts by hash, and compared part by part.
//!
//! Two rows may share a 64-bit hash by chance, so their cells are compared before they count as equal.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use rayon::prelude::*;

use crate::tables::ingest::{Codes, Column, Place, RawTable};

/// The key of a row that is left out: it never equals another.
const NONE: u64 = 0;
/// The keys of one part fit a processor's cache.
const DEAL: usize = 1 << 14;
/// Rows hashed at a time.
const CHUNK: usize = 1 << 18;

/// Pairs of rows that are equal in these columns: the first, and each later one. Only rows for which `counts` is true.
///
/// `same` maps a column's code to the first code with the same meaning; columns without a dictionary have no such map.
pub(super) fn repeats(
    table: &RawTable,
    columns: &[usize],
    same: &[Option<Vec<u64>>],
    counts: impl Fn(usize) -> bool + Sync,
) -> Vec<(usize, usize)> {
    let used: Vec<(&Column, Option<&[u64]>)> =
        columns.iter().zip(same).map(|(at, same)| (&table.columns[*at], same.as_deref())).collect();
    let keys = keys(table.rows, &used, &counts);
    let twice = twice(&keys);
    if twice.is_empty() {
        return Vec::new();
    }
    let rows = (0..table.rows).into_par_iter().with_min_len(CHUNK).filter(|row| twice.contains(&keys[*row]));
    let candidates: Vec<usize> = rows.collect();
    let hashed: Vec<usize> = columns.iter().copied().filter(|at| !table.columns[*at].coded()).collect();
    let places: Vec<Place> =
        candidates.iter().flat_map(|row| hashed.iter().map(|column| (*row, Some(*column)))).collect();
    let written = if places.is_empty() { HashMap::new() } else { table.written(&places) };
    let cells = |row: usize| -> (Vec<u64>, Vec<&str>) {
        let coded = used.iter().filter(|(column, _)| column.coded());
        let text = |at: &usize| written.get(&(row, Some(*at))).map_or("", String::as_str);
        (coded.map(|(column, same)| meaning(column.code(row), *same)).collect(), hashed.iter().map(text).collect())
    };
    let mut first = HashMap::new();
    let pairs = candidates.iter().map(|row| (*first.entry(cells(*row)).or_insert(*row), *row));
    pairs.filter(|(first, row)| first != row).collect()
}

fn meaning(code: u64, same: Option<&[u64]>) -> u64 {
    let known = same.and_then(|same| same.get(usize::try_from(code).ok()?));
    known.copied().unwrap_or(code)
}

/// One key for each row.
fn keys(rows: usize, columns: &[(&Column, Option<&[u64]>)], counts: &(impl Fn(usize) -> bool + Sync)) -> Vec<u64> {
    let mut keys = vec![1_u64; rows];
    keys.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, keys)| {
        let first = chunk * CHUNK;
        for (column, same) in columns {
            match column.codes() {
                Codes::Narrow(codes) => mix(keys, &codes[first..], *same),
                Codes::Middle(codes) => mix(keys, &codes[first..], *same),
                Codes::Wide(codes) => mix(keys, &codes[first..], *same),
                Codes::Hashes(hashes) => mix(keys, &hashes[first..], None),
            }
        }
        for (row, key) in keys.iter_mut().enumerate() {
            *key = if counts(first + row) { (*key).max(1) } else { NONE };
        }
    });
    keys
}

fn mix<T: Copy + Into<u64>>(keys: &mut [u64], codes: &[T], same: Option<&[u64]>) {
    for (key, code) in keys.iter_mut().zip(codes) {
        let code = meaning((*code).into(), same);
        // Multiplying by an odd number (from the golden ratio) loses no bits; the shift mixes the high ones into the low.
        *key = (key.rotate_left(23) ^ code).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        *key ^= *key >> 29;
    }
}

type Known = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// Keys are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// The keys that occur more than once.
fn twice(keys: &[u64]) -> Known {
    let deals = (keys.len() / DEAL).next_power_of_two().max(1);
    let bits = deals.trailing_zeros();
    let dealt: Vec<Dealt> = keys.par_chunks(CHUNK).map(|chunk| deal(chunk, bits)).collect();
    let found = (0..deals).into_par_iter().map(|number| repeated(&dealt, number)).collect::<Vec<Vec<u64>>>();
    found.into_iter().flatten().collect()
}

/// Keys sorted by their first bits.
struct Dealt {
    keys: Vec<u64>,
    /// Where each deal begins, and the end.
    starts: Vec<usize>,
}

fn number(key: u64, bits: u32) -> usize {
    if bits == 0 { 0 } else { usize::try_from(key >> (64 - bits)).unwrap_or(0) }
}

fn deal(keys: &[u64], bits: u32) -> Dealt {
    let mut starts = vec![0; (1 << bits) + 1];
    for key in keys {
        starts[number(*key, bits) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut dealt = vec![NONE; keys.len()];
    for key in keys {
        let place = &mut next[number(*key, bits)];
        dealt[*place] = *key;
        *place += 1;
    }
    Dealt { keys: dealt, starts }
}

/// The keys of one deal that occur more than once.
fn repeated(dealt: &[Dealt], number: usize) -> Vec<u64> {
    let parts = || dealt.iter().map(|dealt| &dealt.keys[dealt.starts[number]..dealt.starts[number + 1]]);
    let size = (parts().map(<[u64]>::len).sum::<usize>() * 2).next_power_of_two();
    let mut slots = vec![NONE; size];
    let mut found = Vec::new();
    for key in parts().flatten().copied().filter(|key| *key != NONE) {
        let mut slot = usize::try_from(key & (size as u64 - 1)).unwrap_or(0);
        while slots[slot] != NONE && slots[slot] != key {
            slot = (slot + 1) & (size - 1);
        }
        if slots[slot] == key {
            found.push(key);
        }
        slots[slot] = key;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_occurs_twice_is_found() {
        let keys: Vec<u64> = (1..=100_000_u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
        assert!(twice(&keys).is_empty());
        let again = [&keys[..], &keys[7..9], &[NONE, NONE]].concat();
        let mut found: Vec<u64> = twice(&again).into_iter().collect();
        found.sort_unstable_by_key(|key| keys.iter().position(|known| known == key));
        assert_eq!(found, keys[7..9]);
    }
}
