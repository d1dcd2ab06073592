//! Information on withheld values that the attack does not cover: shares printed beside them, and rows labelled as part of
//! other rows of the same column. A reader may calculate with both, so each is reported.

use std::collections::BTreeSet;

use super::columns::{Columns, fold};
use super::margins::is_total;
use super::notes::is_share;
use super::value::values;
use super::{Mark, Request};
use crate::tables::ingest::RawTable;

/// Words before the name of a row that is part of the row above, or a sum of some rows.
const OPENINGS: &[&str] = &[
    "of which",
    "of whom",
    "of these",
    "of them",
    "thereof",
    "including",
    "incl.",
    "incl",
    "among them",
    "dont",
    "davon",
    "darunter",
    "sub-total",
    "subtotal",
    "sub total",
    "в том числе",
    "trong đó",
];
/// Separates the name of a row from the part that another row counts. Not a comma, which occurs in names of countries.
const BETWEEN: [&str; 6] = [":", " - ", " – ", " — ", " / ", " > "];

/// The place of a cell: file, row and column.
pub(super) type Place = (usize, usize, usize);

/// For each column of shares the first that is printed beside a withheld value, unless the column is to be ignored.
pub(super) fn shares(files: &[RawTable], columns: &Columns, request: &Request) -> Vec<Place> {
    let mut found = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let withheld = withheld(columns, number);
        let held = values(file, request);
        let asked = |label: &str| request.ignored.iter().any(|ignored| fold(ignored) == fold(label));
        let shares = (0..file.labels.len()).filter(|at| !held.contains(at));
        for at in shares.filter(|at| is_share(&file.labels[*at].text) && !asked(&file.labels[*at].text)) {
            let printed = |row: &usize| says_number(file.columns[at].cell(*row), &request.marks);
            found.extend(withheld.iter().copied().find(printed).map(|row| (number, row, at)));
        }
    }
    found
}

/// A number other than a mark.
fn says_number(text: &str, marks: &[Mark]) -> bool {
    let text = text.trim();
    text.contains(char::is_numeric) && !marks.iter().any(|mark| mark.text == text)
}

/// The rows of a file with a withheld value.
fn withheld(columns: &Columns, file: usize) -> BTreeSet<usize> {
    columns.rows_of(file).map(|at| columns.observations[at]).filter(|seen| seen.marked).map(|seen| seen.row).collect()
}

/// For each dimension the first row whose name says that it is part of another row, or a sum of rows, in files with withheld
/// values.
pub(super) fn rows(files: &[RawTable], columns: &Columns, request: &Request) -> Vec<Place> {
    let mut found = Vec::new();
    for (number, file) in files.iter().enumerate().filter(|(number, _)| !withheld(columns, *number).is_empty()) {
        for at in (0..file.labels.len()).filter(|at| is_plain(&file.labels[*at].text, columns, request)) {
            let column = &file.columns[at];
            let parts = Parts::of(column.values().iter().filter(|name| !is_total(name, &request.margins)));
            let within: BTreeSet<&str> =
                column.values().iter().map(String::as_str).filter(|name| parts.has_within(name)).collect();
            if within.is_empty() {
                continue;
            }
            let within = |row: &usize| within.contains(column.cell(*row));
            found.extend((0..file.rows).find(within).map(|row| (number, row, at)));
        }
    }
    found
}

/// A column that is read as a dimension, and not declared to lie within another.
fn is_plain(label: &str, columns: &Columns, request: &Request) -> bool {
    let nested = request.nested.iter().any(|nested| fold(&nested.child) == fold(label));
    !nested && columns.find(label).is_some_and(|at| !columns.columns[at].ignored)
}

/// The names of a column, except those of totals.
struct Parts {
    folded: BTreeSet<String>,
    numbers: BTreeSet<String>,
    /// Whether a name is not set in.
    flush: bool,
}

impl Parts {
    fn of<'n>(names: impl Iterator<Item = &'n String> + Clone) -> Self {
        Self {
            folded: names.clone().map(|name| fold(name)).collect(),
            numbers: names.clone().filter_map(|name| numbering(name)).map(str::to_owned).collect(),
            flush: names.clone().any(|name| !name.trim().is_empty() && !is_set_in(name)),
        }
    }

    /// Whether a name marks its row as part of another row, or as a sum of some.
    fn has_within(&self, name: &str) -> bool {
        self.folded.contains(&fold(name))
            && (opens(name) || (is_set_in(name) && self.flush) || self.has_above(name) || self.has_number_above(name))
    }

    /// Whether a name is that of another row with more behind it, such as `Labour: fishing` beside `Labour`.
    fn has_above(&self, name: &str) -> bool {
        let folded = fold(name);
        let mut split = BETWEEN.iter().filter_map(|between| folded.split_once(between));
        split.any(|(first, rest)| {
            !first.trim().is_empty() && !rest.trim().is_empty() && self.folded.contains(first.trim())
        })
    }

    /// Whether a name has a number below that of another row, such as `1.2 Fishing` beside `1 Labour`.
    fn has_number_above(&self, name: &str) -> bool {
        let above = numbering(name).and_then(|number| number.rsplit_once('.'));
        above.is_some_and(|(above, _)| self.numbers.contains(above))
    }
}

/// Whether a name opens with words that say so.
fn opens(name: &str) -> bool {
    let folded = fold(name.trim_start_matches(|c: char| !c.is_alphanumeric()));
    OPENINGS
        .iter()
        .any(|opening| folded.strip_prefix(opening).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// Whether a name is set in by blanks, or by a dash and a blank. One blank may be a slip.
fn is_set_in(name: &str) -> bool {
    let bare = name.trim_start();
    let blanks = name.strip_suffix(bare).unwrap_or_default();
    let dashed =
        |dash: &str| bare.strip_prefix(dash).is_some_and(|rest| rest.trim_start().contains(char::is_alphanumeric));
    let set_in = blanks.chars().count() > 1 || blanks.contains(|c| c != ' ');
    !bare.is_empty() && (set_in || ["- ", "– ", "— ", "• ", "· ", "> "].iter().any(|dash| dashed(dash)))
}

/// The number before a name: `1.2` of `1.2 Fishing`.
fn numbering(name: &str) -> Option<&str> {
    let (number, _) = name.trim().split_once(' ')?;
    let number = number.trim_end_matches(['.', ')']);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    number.split('.').all(digits).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(names: &[&str], name: &str) -> bool {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        Parts::of(names.iter()).has_within(name)
    }

    #[test]
    fn rows_that_are_part_of_others_say_so() {
        let names = ["Labour", "of which: fishing", "  Mines", "- Farms", "Labour: homes", "Sub-total North", "Other"];
        for name in ["of which: fishing", "  Mines", "- Farms", "Labour: homes", "Sub-total North"] {
            assert!(within(&names, name), "{name}");
        }
        assert!(within(&["1 Labour", "1.1 Fishing"], "1.1 Fishing"));
        assert!(within(&["North", "North – City"], "North – City"));
    }

    #[test]
    fn other_rows_do_not() {
        let names = ["Labour", " Sex", "Other", "Guinea", "Guinea-Bissau", "China", "China, Macao", "Dontown", "-", ""];
        for name in names {
            assert!(!within(&names, name), "{name}");
        }
        // Where every name is set in, none is below another.
        assert!(!within(&["  A", "  B"], "  A"));
        assert!(!within(&["18", "18-24", "0-17", "25+"], "18-24"));
        assert!(!within(&["1.1 Fishing", "1.2 Farms"], "1.2 Farms"));
    }
}
