//! How the taken cells write numbers, and what else stands in them: marks behind numbers, and texts in place of numbers.

use std::collections::BTreeMap;

use super::super::lookup::is_error;
use super::super::marks::strip;
use super::super::number;
use super::codes::{Line, counted};
use super::written::string;
use crate::project::imports::{Mark, Number, OPEN, western};
use crate::project::schema::Field;
use crate::tables::ingest::delivered::{CellKind, Value};

/// What `[number]`, `[missing]` and `[marks]` probably are.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) number: Vec<String>,
    pub(super) missing: Vec<Line>,
    pub(super) marks: Vec<Line>,
    /// Whether some number is not whole.
    pub(super) fractions: bool,
}

/// Looks at the distinct taken cells, each with its number of rows.
pub(super) fn look(cells: &[(Value, usize)], any_digits: bool) -> (Taken, Number) {
    let texts = || cells.iter().filter(|(value, _)| value.kind == CellKind::Text).map(|(value, _)| value.text.as_str());
    let (thousands, decimal) = separators(&texts().map(western).collect::<Vec<_>>());
    let number = Number { thousands, decimal, any_digits };
    let mut taken = Taken::default();
    for (key, mark) in [("thousands", thousands), ("decimal", decimal)] {
        taken.number.extend(mark.map(|mark| format!("{key} = {}", string(&mark.to_string()))));
    }
    if any_digits {
        taken.number.push("digits = \"any\"".to_owned());
    }
    let read = |value: &Value, text: &str| number::read(text, value.kind, &number).filter(|_| !is_error(value));
    let numbers = || cells.iter().filter_map(|(value, _)| read(value, &value.text));
    taken.fractions = numbers().any(|number| !number::is_whole(&number));
    let (mut marks, mut missing): (BTreeMap<String, usize>, Vec<(&Value, usize)>) = (BTreeMap::new(), Vec::new());
    for (value, rows) in cells.iter().filter(|(value, _)| read(value, &value.text).is_none()) {
        match behind(value, &number) {
            Some(mark) => split(&mark).into_iter().for_each(|mark| *marks.entry(mark).or_default() += rows),
            None => missing.push((value, *rows)),
        }
    }
    // A state may have a mark, too.
    let states: Vec<&str> = missing.iter().map(|(value, _)| value.text.as_str()).collect();
    for text in &states {
        let marked = text.split_once(' ').filter(|(state, _)| states.contains(state) && !state.is_empty());
        for mark in marked.into_iter().flat_map(|(_, mark)| split(mark)) {
            marks.entry(mark).or_insert(0);
        }
    }
    let known: Vec<Mark> = marks.keys().map(|text| mark(text)).collect();
    let bare = |text: &str| strip(text, &known, true);
    missing.retain(|(value, _)| {
        let stripped = bare(&value.text);
        stripped.marks.is_empty() || !states.contains(&stripped.text.as_str())
    });
    let right = |text: &str| if text == "%" { "{}".to_owned() } else { format!("{{ note = {} }}", string(OPEN)) };
    let of_rows = |rows: usize| if rows == 0 { "behind texts".to_owned() } else { counted(rows) };
    taken.marks =
        marks.into_iter().map(|(text, rows)| Line { right: right(&text), text, remark: of_rows(rows) }).collect();
    let line =
        |(value, rows): (&Value, usize)| Line { text: value.text.clone(), right: string(OPEN), remark: counted(rows) };
    taken.missing = missing.into_iter().map(line).collect();
    (taken, number)
}

impl Taken {
    /// Gives texts that are states of a field themselves as these.
    pub(super) fn known_to(&mut self, field: &Field) {
        let states: Vec<&str> = field.missing.keys().map(String::as_str).collect();
        let states = if states.is_empty() { String::new() } else { format!("{}, ", states.join(", ")) };
        for line in &mut self.missing {
            if field.missing.contains_key(&line.text) {
                line.right = string(&line.text);
            } else {
                line.remark.push_str(&format!("; write {states}a number, or skip"));
            }
        }
    }
}

fn mark(text: &str) -> Mark {
    Mark { text: text.to_owned(), note: None, qualifier: None, taken_only: text.starts_with(char::is_alphanumeric) }
}

/// Whether some of these numbers are not whole.
pub(super) fn has_fractions(cells: &[(Value, usize)]) -> bool {
    look(cells, true).0.fractions
}

/// What stands behind a number.
fn behind(value: &Value, read: &Number) -> Option<String> {
    let text = value.text.as_str();
    let digit = text.char_indices().rev().find(|(_, c)| c.is_numeric() && c.to_digit(10).is_some())?;
    let ends = std::iter::once(digit).chain(text.char_indices().filter(|(_, c)| c.is_ascii_digit()).rev());
    for (at, letter) in ends {
        let (number, mark) = text.split_at_checked(at + letter.len_utf8())?;
        let mark = mark.trim();
        if !mark.is_empty() && number::read(number.trim(), value.kind, read).is_some() && is_mark(mark) {
            return Some(mark.to_owned());
        }
    }
    None
}

/// Whether a text may be marks: no number, and short, or in brackets.
fn is_mark(text: &str) -> bool {
    let short = text.chars().count() <= 4 && !text.contains(|c: char| c.is_ascii_digit());
    let bracketed = text.starts_with(['(', '[']) && text.ends_with([')', ']']) && text.chars().count() <= 20;
    let between = text.starts_with(['-', '–', '/', '.', ',', '+', '<', '>']);
    (short || bracketed) && !between
}

/// Letters are marks each by itself, anything else is one.
fn split(mark: &str) -> Vec<String> {
    if mark.chars().all(char::is_alphabetic) {
        return mark.chars().map(String::from).collect();
    }
    vec![mark.to_owned()]
}

/// The marks between the digits of groups and before a fraction, where the texts show them.
fn separators(texts: &[String]) -> (Option<char>, Option<char>) {
    let numeric = |text: &&str| {
        text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            && text.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | ' ' | '\''))
    };
    let bare = |text: &'_ str| {
        text.trim_end_matches(|c: char| !c.is_ascii_digit()).trim_start_matches(['<', '>', '~']).trim().to_owned()
    };
    let bare: Vec<String> = texts.iter().map(|text| bare(text)).collect();
    let texts: Vec<&str> = bare.iter().map(String::as_str).filter(numeric).collect();
    let with = |mark: char| texts.iter().filter(move |text| text.contains(mark));
    let grouped = |mark: char| {
        let sound = |text: &&&str| {
            let read = Number { thousands: Some(mark), decimal: other(mark), any_digits: false };
            number::read(text, CellKind::Text, &read).is_some()
        };
        with(mark).count() > 0 && with(mark).all(|text| sound(&text))
    };
    let spaced = [' ', '\''].into_iter().find(|mark| grouped(*mark));
    let both = texts.iter().find(|text| text.contains(',') && text.contains('.'));
    if let Some(both) = both {
        let comma_first = both.find(',') < both.find('.');
        return if comma_first { (Some(','), Some('.')) } else { (Some('.'), Some(',')) };
    }
    let commas = with(',').count() > 0;
    let points = with('.').count() > 0;
    let repeated = with('.').any(|text| text.matches('.').count() > 1);
    let thousands = spaced.or_else(|| (commas && grouped(',')).then_some(','));
    let thousands = thousands.or_else(|| (repeated && grouped('.')).then_some('.'));
    let decimal = match (commas && thousands != Some(','), points && thousands != Some('.')) {
        (_, true) => Some('.'),
        (true, false) => Some(','),
        (false, false) => None,
    };
    (thousands, decimal)
}

/// The mark of fractions beside a mark of groups.
fn other(mark: char) -> Option<char> {
    match mark {
        ',' => Some('.'),
        '.' => Some(','),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked(texts: &[&str]) -> (String, String, String) {
        let cells: Vec<(Value, usize)> =
            texts.iter().map(|text| (Value { text: (*text).to_owned(), kind: CellKind::Text }, 1)).collect();
        let (taken, _) = look(&cells, false);
        let texts = |lines: &[Line]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join(" ");
        (taken.number.join(" "), texts(&taken.missing), texts(&taken.marks))
    }

    #[test]
    fn numbers_show_their_marks() {
        let number = |texts: &[&str]| looked(texts).0;
        assert_eq!(number(&["12", "7"]), "");
        assert_eq!(number(&["1,204", "12"]), "thousands = \",\"");
        assert_eq!(number(&["1.204,50", "12"]), "thousands = \".\" decimal = \",\"");
        assert_eq!(number(&["0,75", "12"]), "decimal = \",\"");
        assert_eq!(number(&["1.55"]), "decimal = \".\"");
        assert_eq!(number(&["1 204", "2 000 000"]), "thousands = \" \"");
    }

    #[test]
    fn what_is_no_number_is_a_mark_or_a_state() {
        assert_eq!(looked(&["41", "38 b", ":", ": u", "71 be"]), (String::new(), ":".into(), "b e u".into()));
        assert_eq!(looked(&["12", "<5", "..", "5 (p)", "7*"]), (String::new(), "<5 ..".into(), "(p) *".into()));
        assert_eq!(looked(&["12", "#REF!", "10-19"]).1, "#REF! 10-19");
    }
}
