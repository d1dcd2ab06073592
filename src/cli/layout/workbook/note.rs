//! The note at the label of a column: what it holds, of which type and unit, whether it may be empty, and an example.

use super::offers::{Reference, codes_of, is_register_code};
use crate::delivery::publish::codes_sheet;
use crate::project::schema::{Field, Kind, Schema, TOTAL};
use crate::project::text::Text;

/// What is known of a column beside its schema.
pub(super) struct Beside<'b> {
    /// The words of the default language; none where there is none.
    pub(super) text: Option<&'b Text>,
    /// The table that it refers to.
    pub(super) reference: Option<&'b Reference>,
    /// How many codes are listed for it.
    pub(super) listed: usize,
}

/// The note of a column that the schema knows.
pub(super) fn note(schema: &Schema, field: &Field, beside: &Beside<'_>) -> String {
    let title = if field.about.title.is_empty() { &field.name } else { &field.about.title };
    let description = Some(&field.about.description).filter(|description| !description.is_empty());
    let mut lines: Vec<String> = std::iter::once(title).chain(description).cloned().collect();
    lines.push(String::new());
    lines.push(format!("Type: {}", kind(schema, field, beside)));
    if let Some(words) = states(field) {
        lines.push(format!("Where there is no number: {words}"));
    }
    lines.extend(unit(schema, field, beside.text).map(|unit| format!("Unit: {unit}")));
    let required = if is_required(schema, field) { "yes" } else { "no" };
    lines.push(format!("Required: {required}"));
    lines.extend(example(field, beside.reference).map(|example| format!("Example: {example}")));
    lines.join("\n")
}

/// The note of a column that the schema does not know.
pub(super) fn unknown(schema: &Schema, label: &str) -> String {
    format!("`{label}` is no column of the table `{}`: delete it, or correct its label.", schema.name)
}

/// Whether each row needs a cell there.
pub(super) fn is_required(schema: &Schema, field: &Field) -> bool {
    field.constraints.required || schema.observations.as_ref().is_some_and(|counted| counted.requires(&field.name))
}

fn kind(schema: &Schema, field: &Field, beside: &Beside<'_>) -> String {
    let sheet = codes_sheet(&schema.name);
    if let Some(reference) = beside.reference {
        return format!("`{}` of a row in the table `{}`", reference.target, reference.table);
    }
    if !field.is_open() {
        return format!("one of {} codes; the sheet `{sheet}` says what they mean", beside.listed);
    }
    let words = match field.kind {
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Boolean => "yes or no, in the words listed",
        Kind::Date => "a day, such as 2024-03-31",
        Kind::Datetime => "a day and a time",
        Kind::Time => "a time of day",
        Kind::Year => "a year",
        Kind::YearMonth => "a month, such as 2024-03",
        Kind::List => return format!("several values, with `{}` between them", field.writing.delimiter),
        Kind::Period => "a period: a year, a month, a day, or from one to another",
        Kind::Text if beside.listed > 0 => return format!("a code; the sheet `{sheet}` lists those that are known"),
        Kind::Text => "text",
    };
    words.to_owned()
}

/// The cells that say why there is no number.
fn states(field: &Field) -> Option<String> {
    let words = field.missing.iter().map(|(cell, state)| format!("{cell} ({})", state.replace('_', " ")));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The unit of the column with the numbers.
fn unit(schema: &Schema, field: &Field, text: Option<&Text>) -> Option<String> {
    let counted = schema.observations.as_ref().is_some_and(|counted| counted.value == field.name);
    let unit = schema.unit.as_deref().filter(|_| counted)?;
    Some(text.map_or(unit, |text| text.unit(unit, None)).to_owned())
}

/// A correct cell: the schema's own example, else one that follows from what the schema says.
fn example(field: &Field, reference: Option<&Reference>) -> Option<String> {
    let own = field.about.example.clone();
    let referred = || reference?.rows.first().map(|(value, _)| value.clone());
    let code = || codes_of(field).find(|code| *code != TOTAL && !is_register_code(code)).cloned();
    let expected = || field.expected.as_ref()?.split('`').nth(1).map(str::to_owned);
    let usual = || match field.kind {
        Kind::Integer => Some("12"),
        Kind::Number => Some("6.5"),
        Kind::Date => Some("2024-03-31"),
        Kind::Year => Some("2024"),
        Kind::YearMonth | Kind::Period => Some("2024-03"),
        _ => None,
    };
    own.or_else(referred).or_else(expected).or_else(code).or_else(|| usual().map(str::to_owned))
}
