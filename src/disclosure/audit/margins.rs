//! Names of totals, and which codes of each column are its total.
//!
//! The names of [`NAMES`] are a total everywhere, and so are those of `--margin`. What may be a total or a code of
//! its own (`T`, `Total persons`, an empty cell) is read as the total of a file's column only if the file names no other,
//! and no number printed beside it is greater. Such a reading is listed as an assumption. Reading a code as a total only adds
//! sums, and sums only narrow what a withheld value can be: a wrong reading may warn too often, never too seldom. Two
//! names for the total of one column are one total.

use std::collections::HashSet;

use super::columns::{ABSENT, Column, Columns, fold};
use super::evidence::{Group, weigh};

/// Names of totals: of people of every sex and age, as offices, portals and SDMX write them.
const NAMES: &[&str] = &[
    "total",
    "totals",
    "_t",
    "all",
    "both",
    "both sexes",
    "all sexes",
    "all genders",
    "all ages",
    "all age groups",
    "all persons",
    "everyone",
    "grand total",
    "overall",
    "overall total",
    "sum total",
    "bothsex",
    "allage",
    "btsx",
    "sex_t",
    "sex_btsx",
    "ensemble",
    "total général",
    "insgesamt",
    "gesamt",
    "всего",
    "tổng số",
    "ທັງໝົດ",
    "ລວມ",
    "รวม",
    "សរុប",
];

/// Beside these words `all …` and `total …` name a rest or a part.
const PARTS: [&str; 9] = ["other", "others", "else", "except", "excluding", "of", "male", "female", "not"];

/// The name without the marks around it.
fn bare(name: &str) -> String {
    let folded = fold(name);
    let around = |c: char| matches!(c, ':' | '.' | '*' | '(' | ')' | '[' | ']' | '-' | '–' | '—' | '=' | '"');
    folded.trim_matches(around).trim().to_owned()
}

/// Whether a name always means a total.
pub(super) fn is_total(name: &str, more: &[String]) -> bool {
    let folded = fold(name);
    let bare = bare(name);
    // Of blanks and dashes nothing is left.
    let listed = |name: &str| !name.is_empty() && NAMES.contains(&name);
    listed(&folded) || listed(&bare) || more.iter().any(|more| fold(more) == folded)
}

/// The words of a name, except those for a total.
pub(super) fn words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .filter(|word| !matches!(*word, "total" | "totals" | "all" | "whole" | "subtotal"))
        .map(str::to_owned)
        .collect()
}

/// How likely an uncertain name is a total: greater is likelier.
fn chance(name: &str) -> Option<u8> {
    let bare = bare(name);
    if bare == "t" || bare == "tot" || bare == "sum" {
        return Some(3);
    }
    let words: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let total = |word: &&str| matches!(*word, "total" | "totals" | "all" | "both" | "ensemble" | "insgesamt");
    let ends = words.first().is_some_and(total) || words.last().is_some_and(total);
    if ends && !words.iter().any(|word| PARTS.contains(word)) {
        return Some(2);
    }
    // Nothing, or a dash.
    (!name.contains(char::is_alphanumeric)).then_some(1)
}

/// Finds the total of every column; uncertain ones are added to `assumptions`.
pub(super) fn find(columns: &mut Columns, more: &[String], assumptions: &mut Vec<String>) {
    certain(columns, more);
    for at in columns.live() {
        for file in 0..columns.files {
            likely(columns, at, file, assumptions);
        }
    }
    columns.columns.iter_mut().for_each(Column::spread_margin);
    for at in columns.live() {
        empty_beside_total(columns, at, assumptions);
    }
}

/// Where a file names a total, rows with an empty cell are read as totals, too, if no row beside them is: they are of
/// people who are broken down by something else.
fn empty_beside_total(columns: &mut Columns, at: usize, assumptions: &mut Vec<String>) {
    let column = &columns.columns[at];
    let Some(empty) = column.parts().find(|code| column.name(*code).is_empty()) else { return };
    let is_empty = |row: usize| column.of_row[row] == empty;
    let others: Vec<usize> = columns.live().into_iter().filter(|other| *other != at).collect();
    let rows = |wanted: &dyn Fn(usize) -> bool| {
        let rows = (0..columns.observations.len()).filter(|row| wanted(*row));
        rows.map(|row| columns.key(&others, row)).collect::<HashSet<u64>>()
    };
    let totals = rows(&|row| column.margin == Some(column.of_row[row]));
    let empties = rows(&is_empty);
    let groups = weigh(columns, at, |_| true, is_empty);
    if totals.is_empty()
        || empties.is_empty()
        || !totals.is_disjoint(&empties)
        || groups.iter().any(Group::part_exceeds)
    {
        return;
    }
    assumptions.push(format!("an empty cell is read as the total of `{}`: there is no other total", column.label));
    let column = &mut columns.columns[at];
    column.add_margin(empty);
    column.spread_margin();
}

/// The totals that are so called.
pub(super) fn certain(columns: &mut Columns, more: &[String]) {
    for column in &mut columns.columns {
        let totals: Vec<u32> =
            (0..).zip(&column.names).filter(|(_, name)| is_total(name, more)).map(|(at, _)| at).collect();
        totals.into_iter().for_each(|code| column.add_margin(code));
    }
}

/// What is likely to be the total of a column in one file.
fn likely(columns: &mut Columns, at: usize, file: usize, assumptions: &mut Vec<String>) {
    let column = &columns.columns[at];
    if !column.in_file[file] {
        return;
    }
    let mut met: Vec<u32> = columns.rows_of(file).map(|row| column.of_row[row]).collect();
    met.sort_unstable();
    met.dedup();
    if met.len() < 2 || met.iter().any(|code| column.is_margin(*code)) {
        return;
    }
    let chances: Vec<(u8, u32)> = met
        .iter()
        .filter(|code| **code != ABSENT)
        .filter_map(|code| Some((chance(column.name(*code))?, *code)))
        .collect();
    let Some(best) = chances.iter().map(|(chance, _)| *chance).max() else { return };
    let mut surest = chances.iter().filter(|(chance, _)| *chance == best);
    let (Some((_, code)), None) = (surest.next(), surest.next()) else { return };
    let groups = weigh(columns, at, |row| columns.observations[row].file == file, |row| column.of_row[row] == *code);
    let exceeded = groups.iter().filter(|group| group.part_exceeds()).count();
    let borne_out = groups.iter().any(|group| group.parts > 1 && !group.part_exceeds());
    if exceeded * 4 > groups.len() || (best == 1 && !borne_out) {
        return;
    }
    let name =
        if column.name(*code).is_empty() { "an empty cell".to_owned() } else { format!("`{}`", column.name(*code)) };
    assumptions.push(format!("{name} is read as the total of `{}`: no other number is greater", column.label));
    let code = *code;
    columns.columns[at].add_margin(code);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_known_by_their_names() {
        for name in ["total", " TOTAL ", "_T", "All", "Both sexes", "Totals", "Total:", "(all ages)", "Grand  Total"] {
            assert!(is_total(name, &[]), "{name}");
        }
        for name in ["T", "", "-", "both parents", "all others", "totally", "subtotal", "total women"] {
            assert!(!is_total(name, &[]), "{name}");
        }
        assert!(is_total("Summa ", &["summa".to_owned()]));
    }

    #[test]
    fn some_names_may_be_a_total() {
        assert_eq!(
            ["T", "Total persons", "Victims, total", "All nationalities"].map(chance),
            [Some(3), Some(2), Some(2), Some(2)]
        );
        assert_eq!(["", "-"].map(chance), [Some(1), Some(1)]);
        assert_eq!(["All others", "total of men", "male", "Total female"].map(chance), [None; 4]);
    }
}
