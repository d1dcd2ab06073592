//! What texts of a file probably are as codes of a field: by the schema's own codes and their labels, by ages and by ISO 3166-1.

use super::column::Column;
use crate::project::imports::OPEN;
use crate::project::iso3166;
use crate::project::schema::{Field, StandsFor, TOTAL, UNKNOWN};

/// The tables of countries that every mapping has, the plainest first.
pub(super) const COUNTRIES: [&str; 3] = ["iso3166-alpha3", "iso3166-alpha2", "iso3166-names"];

/// A line of `[codes.*]` or the like: a text, what it stands for in TOML, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) right: String,
    pub(super) remark: String,
}

/// A text as words: small letters, without marks, and every word in the singular.
pub(super) fn words(text: &str) -> String {
    let small = text.to_lowercase();
    let words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    };
    words.map(singular).collect::<Vec<_>>().join(" ")
}

/// The code of a field that a text probably is; `initials` where a column holds first letters only.
pub(super) fn code_of(field: &Field, text: &str, initials: bool) -> Option<String> {
    if text.is_empty() || field.stands_for == Some(StandsFor::Country) && text.len() < 4 {
        return None;
    }
    let wanted = words(text);
    let alike = |code: &&String| words(code) == wanted || words(field.label(code)) == wanted;
    let listed = field.constraints.allowed.iter().find(alike).cloned();
    let labelled = || field.labels.keys().find(alike).cloned();
    let by_letter = || initials.then(|| initial(field, text)).flatten();
    let found = listed.or_else(labelled).or_else(by_letter).or_else(|| age(field, text));
    found.filter(|code| field.holds(code))
}

/// Whether a column holds the first letters of a field's codes, two of them or more.
fn has_initials(field: &Field, column: &Column) -> bool {
    column.texts().filter(|text| initial(field, text).is_some()).count() > 1
}

/// The one code that begins with a letter, where there are few.
fn initial(field: &Field, text: &str) -> Option<String> {
    let text = text.trim_start_matches('_');
    let mut letters = text.chars();
    let letter = letters.next().filter(|c| c.is_ascii_uppercase() && letters.next().is_none())?;
    let allowed = &field.constraints.allowed;
    let mut meant = allowed.iter().filter(|code| code.starts_with(letter.to_ascii_lowercase()));
    meant.next().filter(|_| allowed.len() <= 6 && meant.next().is_none()).cloned()
}

/// An age group as ours are written.
fn age(field: &Field, text: &str) -> Option<String> {
    if field.stands_for != Some(StandsFor::AgeGroup) {
        return None;
    }
    let number = |text: &str| -> Option<(String, String)> {
        let text = text.trim_start();
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, rest) = text.split_at_checked(end)?;
        (1..=3).contains(&digits.len()).then(|| (digits.to_owned(), rest.trim_start().to_owned()))
    };
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (first, rest) = number(text.get(start..)?)?;
    let one = !rest.contains(|c: char| c.is_ascii_digit());
    let said = |words: &[&str]| one && words.iter().any(|word| rest.contains(word));
    if rest.starts_with('+') && one || said(&["or over", "and over", "or older", "and older"]) {
        return Some(format!("{first}+"));
    }
    if said(&["or under", "and under", "or younger", "and younger"]) {
        return Some(format!("0-{first}"));
    }
    let rest = ["-", "–", "to "].iter().find_map(|mark| rest.strip_prefix(mark))?;
    let (last, rest) = number(rest)?;
    (!rest.contains(|c: char| c.is_ascii_digit())).then(|| format!("{first}-{last}"))
}

/// How much of a column a field knows, from 0 to 3: its values first, then its label.
pub(super) fn likeness(field: &Field, column: &Column) -> usize {
    let texts: Vec<String> = column.texts().collect();
    let initials = has_initials(field, column);
    let known = |text: &&String| code_of(field, text, initials).is_some_and(|code| code != TOTAL && code != UNKNOWN);
    let known = texts.iter().filter(known).count();
    let by_label = labels_of(&column.label, &field.name);
    let countries = field.stands_for == Some(StandsFor::Country) && countries(column).is_some();
    if countries {
        return if by_label { 3 } else { 0 };
    }
    match (known > 0 && known * 2 >= texts.len(), by_label) {
        (true, true) => 3,
        (true, false) => 2,
        (false, true) => usize::from(field.stands_for != Some(StandsFor::Country)),
        (false, false) => 0,
    }
}

/// Whether a label names a field: it has all its words, or begins it.
pub(super) fn labels_of(label: &str, field: &str) -> bool {
    let (label, field) = (words(label), words(field));
    let has = |word: &str| label.split(' ').any(|own| own == word);
    !label.is_empty()
        && (field.split(' ').all(has) || field.strip_prefix(&label).is_some_and(|rest| rest.starts_with(' ')))
}

/// The table in which a column's texts are countries, and how good that fits, in percent.
pub(super) fn countries(column: &Column) -> Option<(&'static str, usize)> {
    let texts: Vec<String> = column.texts().collect();
    let known = |table: &str| texts.iter().filter(|text| country(table, text).is_some()).count();
    let fit = |table: &'static str| (known(table) * 100 / texts.len().max(1), table);
    let best = COUNTRIES.iter().rev().map(|table| fit(table)).max_by_key(|(fit, _)| *fit);
    best.filter(|(fit, _)| *fit >= 50).map(|(fit, table)| (table, fit))
}

/// The country that a text is in one of the tables.
pub(super) fn country(table: &str, text: &str) -> Option<&'static str> {
    match table {
        "iso3166-alpha3" => iso3166::countries().find(|code| *code == text),
        "iso3166-alpha2" => iso3166::of_alpha2(text),
        _ => iso3166::of_name(text),
    }
}

/// The lines of a column for a field, the most frequent text first.
pub(super) fn lines(field: Option<&Field>, column: &Column) -> Vec<Line> {
    let mut lines: Vec<(Line, usize)> = Vec::new();
    for (value, rows) in &column.cells {
        let text = column.counted(&value.text);
        if let Some((_, known)) = lines.iter_mut().find(|(line, _)| line.text == text) {
            *known += rows;
            continue;
        }
        let initials = field.is_some_and(|field| has_initials(field, column));
        let right = field.and_then(|field| code_of(field, &text, initials)).unwrap_or_else(|| OPEN.to_owned());
        lines.push((Line { text, right: super::written::string(&right), remark: String::new() }, *rows));
    }
    lines.into_iter().map(|(line, rows)| Line { remark: counted(rows), ..line }).collect()
}

/// So many rows.
pub(super) fn counted(rows: usize) -> String {
    crate::diagnostic::several(rows, "row", "rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_in_the_singular() {
        assert_eq!(words("Sexual  Exploitation (victims)"), "sexual exploitation victim");
        assert_eq!([words("AGE_GROUP"), words("ss")], ["age group", "ss"]);
        assert!(labels_of("Sex of the victim", "sex") && labels_of("Age", "age_group"));
        assert!(!labels_of("Sexual", "sex") && !labels_of("", "sex"));
    }
}
