//! Codes that are longer codes of others in one column: `LA-VT-01` of `LA-VT`, `AT11` of `AT1`.
//!
//! The codes alone do not show whether they are nested. So a column with them is read both ways, and the worse verdict on each
//! withheld value counts; a reading that printed numbers contradict is dropped.

use std::collections::{HashMap, HashSet};

use super::columns::Columns;
use super::dimension::{Dimension, is_band};
use super::evidence::{Group, weigh};

/// What may separate a code from its extension.
const BETWEEN: [char; 6] = ['-', '.', '_', ':', '/', '|'];
/// How much longer a code may be without a separator.
const LONGER: usize = 3;

/// The codes of a column as lying within one another.
pub(super) struct Prefixes {
    pub(super) dimension: Dimension,
    /// For each code the longest that it is a longer code of.
    parents: Vec<Option<usize>>,
}

impl Prefixes {
    /// Whether a row can be compared with one of a longer code, so that the reading matters.
    pub(super) fn compares(&self, columns: &Columns, at: usize) -> bool {
        let column = &columns.columns[at];
        let others: Vec<usize> = columns.live().into_iter().filter(|other| *other != at).collect();
        let rows = 0..columns.observations.len();
        let shorter: HashSet<usize> = self.parents.iter().flatten().copied().collect();
        let held = |row: &usize| shorter.contains(&(column.of_row[*row] as usize));
        let above: HashSet<(u64, usize)> =
            rows.clone().filter(held).map(|row| (columns.key(&others, row), column.of_row[row] as usize)).collect();
        let parent = |row: usize| self.parents.get(column.of_row[row] as usize).copied().flatten();
        rows.into_iter()
            .any(|row| parent(row).is_some_and(|parent| above.contains(&(columns.key(&others, row), parent))))
    }

    /// Whether the shorter codes add up to the total by themselves, while longer ones exist that somebody has or
    /// that are withheld: then only one reading is left.
    pub(super) fn certain(&self, columns: &Columns, at: usize) -> bool {
        let column = &columns.columns[at];
        let longer = |row: usize| self.parents.get(column.of_row[row] as usize).is_some_and(Option::is_some);
        let whole = |row: usize| column.margin == Some(column.of_row[row]);
        let tops = weigh(columns, at, |row| !longer(row), whole);
        let all = weigh(columns, at, |_| true, whole);
        let of_row: HashMap<u64, &Group> = all.iter().map(|group| (group.key, group)).collect();
        let beside =
            |group: &Group| of_row.get(&group.key).is_some_and(|all| all.parts > group.parts && !all.is_whole());
        tops.iter().any(|group| group.is_whole() && beside(group)) && !tops.iter().any(Group::never_whole)
    }
}

/// The codes as a dimension in which they lie within one another; nothing where none do.
pub(super) fn nested(codes: &[String], is_margin: impl Fn(u32) -> bool) -> Option<Prefixes> {
    let is_margin = |code: usize| u32::try_from(code).is_ok_and(&is_margin);
    let parents = parents(codes, is_margin)?;
    let mut groups: Vec<Vec<u32>> = vec![Vec::new(); codes.len()];
    let mut size = 0_u32;
    for code in (0..codes.len()).filter(|code| !is_margin(*code) && !parents.contains(&Some(*code))) {
        let mut above = Some(code);
        while let Some(at) = above {
            groups[at].push(size);
            above = parents[at];
        }
        size += 1;
    }
    for (_, groups) in groups.iter_mut().enumerate().filter(|(code, _)| is_margin(*code)) {
        *groups = (0..size).collect();
    }
    Some(Prefixes { dimension: Dimension::with(groups, size.max(1)), parents })
}

/// For each code the longest that it is a longer code of, if one has several such.
fn parents(codes: &[String], is_margin: impl Fn(usize) -> bool) -> Option<Vec<Option<usize>>> {
    let usable = |code: usize| !is_margin(code) && !is_band(&codes[code]);
    let mut sorted: Vec<usize> = (0..codes.len()).filter(|code| usable(*code)).collect();
    sorted.sort_by(|one, other| codes[*one].cmp(&codes[*other]));
    let mut parents = vec![None; codes.len()];
    let mut open: Vec<usize> = Vec::new();
    for code in sorted {
        // In this order a code follows all of its prefixes.
        while open.last().is_some_and(|last| !codes[code].starts_with(&codes[*last])) {
            open.pop();
        }
        parents[code] = open.iter().rev().find(|shorter| lengthens(&codes[code], &codes[**shorter])).copied();
        open.push(code);
    }
    let kids = |code: usize| parents.iter().filter(|parent| **parent == Some(code)).count();
    parents.iter().flatten().any(|parent| kids(*parent) > 1).then_some(parents)
}

/// Whether a code is another, made longer.
fn lengthens(code: &str, shorter: &str) -> bool {
    let Some(rest) = code.strip_prefix(shorter) else { return false };
    if shorter.is_empty() || rest.is_empty() {
        return false;
    }
    if let Some(rest) = rest.strip_prefix(BETWEEN) {
        return rest.starts_with(char::is_alphanumeric);
    }
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let lettered = shorter.len() > 1 && shorter.starts_with(|c: char| c.is_ascii_uppercase());
    lettered && rest.len() <= LONGER && plain(shorter) && plain(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(codes: &[&str]) -> Option<Vec<usize>> {
        let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        let dimension = nested(&codes, |code| code == 0)?.dimension;
        Some((0..codes.len()).map(|code| dimension.groups(code).len()).collect())
    }

    #[test]
    fn longer_codes_lie_within_shorter_ones() {
        assert_eq!(groups(&["total", "LA-VT", "LA-VT-01", "LA-VT-02", "LA-XE"]), Some(vec![3, 2, 1, 1, 1]));
        assert_eq!(groups(&["total", "AT", "AT1", "AT11", "AT12", "AT2"]), Some(vec![3, 3, 2, 1, 1, 1]));
        assert_eq!(groups(&["total", "female", "female-head", "male"]), None, "one alone is no division");
    }

    #[test]
    fn other_codes_do_not() {
        assert_eq!(groups(&["total", "1", "11", "12"]), None);
        assert_eq!(groups(&["total", "South", "South East Asia", "South Asia"]), None);
        assert_eq!(groups(&["total", "0-17", "0-17-x", "0-8"]), None);
    }
}
