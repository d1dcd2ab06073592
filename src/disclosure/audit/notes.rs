//! Columns that are not a dimension: notes, sources, flags, units, shares, and what another column already says.
//!
//! A column without a total separates tables, and so would a column of notes. It is left out if its label or its content shows
//! that it is not a dimension, and if the other columns still distinguish the rows; this is listed as an assumption.
//! Leaving a column out only adds sums: a wrong guess may warn too often, never too seldom.

use std::collections::{BTreeSet, HashMap};

use super::columns::{ABSENT, Columns, fold};
use super::margins::is_total;
use crate::tables::ingest::RawTable;

/// A column with one of these words in its label is not a dimension.
const WORDS: &[&str] = &[
    "note",
    "notes",
    "footnote",
    "footnotes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "source",
    "sources",
    "flag",
    "flags",
    "percent",
    "percentage",
    "percentages",
    "pct",
    "%",
    "url",
    "link",
    "share",
    "rate",
];
/// The words among these that mark columns of shares, from which a value may be worked out.
const SHARES: [&str; 7] = ["percent", "percentage", "percentages", "pct", "%", "share", "rate"];
/// Nor is one of these labels.
const LABELS: &[&str] = &[
    "obs status",
    "observation status",
    "conf status",
    "confidentiality status",
    "obs conf",
    "unit",
    "units",
    "unit measure",
    "unit of measure",
    "unit of measurement",
    "unit mult",
    "unit multiplier",
    "multiplier",
    "decimals",
    "decimal",
    "base per",
    "base period",
    "currency",
    "power code",
    "powercode",
    "last update",
    "last updated",
];
/// Labels of columns that flag values.
const FLAGS: [&str; 11] = [
    "flag",
    "flags",
    "obs flag",
    "obs status",
    "observation status",
    "flag codes",
    "flag code",
    "conf status",
    "confidentiality status",
    "obs conf",
    "status",
];
/// Flags of a withheld value.
const SECRET: [&str; 7] = ["c", "(c)", "confidential", "confidential data", "suppressed", "withheld", "secret"];
/// A column whose cells are on average longer is free text.
const LONG: usize = 40;

fn plain(label: &str) -> String {
    fold(&label.replace(['_', '-', '.', ':'], " "))
}

/// Whether a column flags values, by its label.
pub(super) fn is_flag(label: &str) -> bool {
    FLAGS.contains(&plain(label).as_str())
}

/// Whether a flag says that the value is withheld.
pub(super) fn is_secret(flag: &str) -> bool {
    SECRET.contains(&fold(flag).as_str())
}

fn is_note(label: &str) -> bool {
    let plain = plain(label);
    LABELS.contains(&plain.as_str()) || plain.split(' ').any(|word| WORDS.contains(&word))
}

/// Whether a column holds shares or rates, by its label.
pub(super) fn is_share(label: &str) -> bool {
    let plain = plain(label);
    plain.split(' ').any(|word| SHARES.contains(&word) || word == "shares" || word == "rates")
}

/// Leaves out columns that are not dimensions, and lists them.
pub(super) fn leave_out(
    columns: &mut Columns,
    marks: &[&str],
    more: &[String],
    sure: &[usize],
    assumptions: &mut Vec<String>,
) {
    let mut candidates: Vec<(usize, &str)> = columns
        .live()
        .into_iter()
        .filter(|at| !sure.contains(at) && Some(*at) != columns.wide())
        .filter(|at| !columns.columns[*at].names.iter().any(|name| is_total(name, more)))
        .filter_map(|at| Some((at, reason(columns, at, marks)?)))
        .collect();
    candidates.sort_by_key(|(_, why)| *why != BY_LABEL);
    for (at, why) in candidates {
        let strict = why != BY_LABEL;
        columns.columns[at].ignored = true;
        if !tells_apart(columns, strict) {
            columns.columns[at].ignored = false;
            continue;
        }
        columns.columns[at].holds_numbers = why == BY_NUMBERS;
        // A column with the same content everywhere changes nothing.
        if columns.columns[at].of_row.windows(2).any(|pair| pair[0] != pair[1]) {
            let label = &columns.columns[at].label;
            assumptions.push(format!("`{label}` is left out because {why}; the other columns distinguish the rows"));
        }
    }
}

const BY_LABEL: &str = "its label is not that of a dimension";
const BY_NUMBERS: &str = "it contains numbers";

/// Why a column may be no dimension.
fn reason(columns: &Columns, at: usize, marks: &[&str]) -> Option<&'static str> {
    let column = &columns.columns[at];
    let held: Vec<&str> = column.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    if is_note(&column.label) {
        return Some(BY_LABEL);
    }
    if held.is_empty() {
        return Some("it is empty");
    }
    if held.iter().map(|name| name.chars().count()).sum::<usize>() > LONG * held.len() {
        return Some("it contains sentences");
    }
    if held.iter().all(|name| is_number(name) || marks.contains(name)) && !held.iter().all(|name| is_year(name)) {
        return Some(BY_NUMBERS);
    }
    flags_marks(columns, at).then_some("it flags the withheld values")
}

fn is_number(text: &str) -> bool {
    let text = text.trim_end_matches('%').trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let others = text.chars().filter(|c| !c.is_ascii_digit()).all(|c| matches!(c, '.' | '-' | '+' | ','));
    // Numbers with a nought before them are codes.
    digits > 0 && others && (!text.starts_with('0') || text.len() == 1 || text.contains(['.', ',']))
}

fn is_year(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|year| (1800..2200).contains(&year))
}

/// Whether withheld values bear codes of their own, and all others none or the usual letters.
fn flags_marks(columns: &Columns, at: usize) -> bool {
    let column = &columns.columns[at];
    let (mut marked, mut open) = (BTreeSet::new(), BTreeSet::new());
    for (observation, code) in columns.observations.iter().zip(&column.of_row).filter(|(_, code)| **code != ABSENT) {
        if observation.marked {
            marked.insert(*code)
        } else {
            open.insert(*code)
        };
    }
    let usual = |code: &u32| column.name(*code).is_empty() || is_secret(column.name(*code));
    let apart = marked.is_disjoint(&open) && !marked.is_empty() && !open.is_empty();
    apart && (open.iter().all(usual) || marked.iter().all(usual))
}

/// Whether no two rows that are alike in all columns have different numbers; with `strict`, whether no two are alike.
pub(super) fn tells_apart(columns: &Columns, strict: bool) -> bool {
    let live = columns.live();
    let mut met: HashMap<u64, usize> = HashMap::with_capacity(columns.observations.len());
    (0..columns.observations.len()).all(|row| match met.entry(columns.key(&live, row)) {
        std::collections::hash_map::Entry::Vacant(free) => {
            free.insert(row);
            true
        }
        std::collections::hash_map::Entry::Occupied(other) => {
            let (one, other) = (columns.observations[row], columns.observations[*other.get()]);
            // Two files may print the same cell.
            let alike = strict && one.file == other.file;
            !alike && one.agrees(other.bounds())
        }
    })
}

/// Leaves out columns that only repeat another one, such as the name next to a code.
pub(super) fn leave_out_repeated(columns: &mut Columns, sure: &[usize], assumptions: &mut Vec<String>) {
    for at in columns.live().into_iter().filter(|at| !sure.contains(at)) {
        let other = columns.live().into_iter().find(|other| *other != at && repeats(columns, at, *other));
        if let Some(other) = other {
            columns.columns[at].ignored = true;
            let [own, other] = [at, other].map(|at| &columns.columns[at].label);
            assumptions
                .push(format!("`{own}` is left out: each code of `{other}` occurs with only one code of `{own}`"));
        }
    }
}

/// Whether `other`, which has a total, says all that the column `at` does, in every file, and both agree on the total.
fn repeats(columns: &Columns, at: usize, other: usize) -> bool {
    let (own, other) = (&columns.columns[at], &columns.columns[other]);
    let Some(total) = other.margin else { return false };
    if own.in_file.iter().zip(&other.in_file).any(|(own, other)| *own && !other) {
        return false;
    }
    let mut of_other: HashMap<u32, u32> = HashMap::new();
    for file in (0..columns.files).filter(|file| own.in_file[*file]) {
        for row in columns.rows_of(file) {
            if *of_other.entry(other.of_row[row]).or_insert(own.of_row[row]) != own.of_row[row] {
                return false;
            }
        }
    }
    let Some(at_total) = of_other.get(&total).copied() else { return false };
    own.margin.is_none_or(|margin| margin == at_total)
        && of_other.len() > 1
        && of_other.iter().all(|(code, own)| (*code == total) == (*own == at_total))
}

/// Columns of numbers that were left out, though they bear marks or are the total of those attacked; each with its file.
pub(super) fn numbers_beside(
    files: &[RawTable],
    columns: &Columns,
    marks: &[&str],
    more: &[String],
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (number, file) in files.iter().enumerate() {
        for (at, label) in file.labels.iter().enumerate() {
            let left_out = columns.find(&label.text).is_some_and(|column| columns.columns[column].holds_numbers);
            let marked =
                || file.columns[at].values().iter().any(|cell| !cell.is_empty() && marks.contains(&cell.trim()));
            if left_out && (is_total(&label.text, more) || marked()) {
                found.push((number, at));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_are_no_dimension_are_known() {
        for label in ["note", "OBS_STATUS", "Unit of measurement", "data source", "share_percent", "Footnotes"] {
            assert!(is_note(label), "{label}");
        }
        for label in ["sex", "resource", "legal status", "unity", "denoted", "community"] {
            assert!(!is_note(label), "{label}");
        }
    }

    #[test]
    fn numbers_and_codes_are_distinguished() {
        assert!(["12", "3.5", "12.5%", "0", "0.5", "-3"].iter().all(|text| is_number(text)));
        assert!(["012", "a1", "", "12 p"].iter().all(|text| !is_number(text)));
        assert!(is_year("2021") && !is_year("21"));
    }
}
