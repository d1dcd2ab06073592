//! Whether one cell has the type, and keeps the constraints, of its field. Each distinct value is judged once.

mod constrained;
mod days;
mod letters;
mod numbers;
mod suggestion;
mod typed;

pub(super) use days::is_far;

use crate::diagnostic::Code;
use crate::project::schema::{Field, StandsFor, TOTAL, UNKNOWN};

/// What a spreadsheet writes when a formula fails (ECMA-376, part 1, 18.17.3).
const ERRORS: [&str; 6] = ["#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];

/// The error of a cell, with a hint.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Judges `value` as a cell of `field`, which may be `required` here even if its schema does not say so. A suggestion
/// takes longer to find than the error, so it is only looked for if `advise` is set.
///
/// A missing value that stands for a state, such as "not reported", passes; any other is treated as an empty cell.
pub(super) fn judge(value: &str, field: &Field, required: bool, advise: bool) -> Option<Wrong> {
    let missing = field.missing.contains_key(value);
    if missing && field.observed {
        return None;
    }
    if value.is_empty() || missing {
        let due = required || field.constraints.required;
        return due.then(|| absent(value, field));
    }
    if ERRORS.contains(&value) {
        let message = format!("`{value}` is a spreadsheet error, not a value");
        return Some(Wrong {
            code: Code::TypeError,
            message,
            hint: Some("correct the formula, then save the file again".into()),
        });
    }
    if field.stands_for == Some(StandsFor::AgeGroup) && crate::tables::parts::ends_before_it_begins(value) {
        let message = format!("`{value}` ends before it begins");
        return Some(Wrong { code: Code::ConstraintError, message, hint: Some("write the younger age first".into()) });
    }
    typed::judge(value, field, advise).or_else(|| constrained::judge(value, field, advise))
}

fn absent(value: &str, field: &Field) -> Wrong {
    let what = if value.is_empty() { "the cell is empty".to_owned() } else { format!("`{value}` is a missing value") };
    let message = format!("{what}, but `{}` is required", field.name);
    let hint = missing_hint(field).or_else(|| choices(field)).or_else(|| expected(field));
    Wrong { code: Code::ConstraintError, message, hint }
}

/// How a cell of `field` states that there is no value.
fn missing_hint(field: &Field) -> Option<String> {
    if field.observed && !field.missing.is_empty() {
        let one_of = if field.missing.len() == 1 { "" } else { "one of: " };
        return Some(format!("for a missing value write {one_of}{}", states(field)));
    }
    let has = |code: &str| field.constraints.allowed.iter().any(|allowed| allowed == code);
    let dimension = has(TOTAL) || field.labels.contains_key(TOTAL);
    dimension.then(|| {
        format!("write `{TOTAL}` if the row is not broken down by this, `{UNKNOWN}` if it is recorded as unknown")
    })
}

/// The codes of `field`, where they are few enough to read.
fn choices(field: &Field) -> Option<String> {
    let codes = &field.constraints.allowed;
    let listed = || format!("the codes are: {}", codes.join(", "));
    (!codes.is_empty()).then(listed)
}

fn expected(field: &Field) -> Option<String> {
    field.expected.as_ref().map(|expected| format!("`{}` must be {expected}", field.name))
}

fn states(field: &Field) -> String {
    let state = |(cell, state): (&String, &String)| format!("`{cell}` ({})", state.replace('_', " "));
    field.missing.iter().map(state).collect::<Vec<_>>().join(", ")
}

/// Whether `value` would pass as a cell of `field`.
pub(super) fn passes(value: &str, field: &Field) -> bool {
    !value.is_empty() && typed::is_sound(value, field) && field.broken(value).is_none()
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod any_text {
    use super::*;
    use crate::project::text::anything::{anything, hold};

    #[test]
    fn any_text_is_judged_by_every_type() {
        let fields = tests::of_every_type();
        hold(1500, anything(), |text| {
            for field in &fields {
                let wrong = judge(&text, field, true, true);
                proptest::prop_assert!(wrong.is_none_or(|wrong| !wrong.message.is_empty()));
            }
            Ok(())
        });
    }
}
