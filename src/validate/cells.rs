//! What one cell may say: its type and the constraints of its field. Judged once for each distinct value.

use chrono::NaiveDate;

use crate::declaration::nearest;
use crate::diagnostic::Code;
use crate::period::Period;
use crate::schema::{Field, Kind};

/// What is wrong with a cell, and what to do.
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Judges `value` as a cell of `field`; `required` also where its schema does not say so.
pub(super) fn judge(value: &str, field: &Field, required: bool) -> Option<Wrong> {
    if value.is_empty() {
        return (required || field.constraints.required).then(|| Wrong {
            code: Code::ConstraintError,
            message: format!("the cell is empty, but `{}` must be given", field.name),
            hint: empty_hint(field),
        });
    }
    if field.missing.contains_key(value) {
        return None;
    }
    typed(value, field).or_else(|| constrained(value, field))
}

fn empty_hint(field: &Field) -> Option<String> {
    if !field.missing.is_empty() {
        let states: Vec<_> = field.missing.iter().map(|(cell, state)| format!("`{cell}` ({})", words(state))).collect();
        return Some(format!("a missing value is declared: {}", states.join(", ")));
    }
    let has = |code: &str| field.constraints.allowed.iter().any(|allowed| allowed == code);
    (has("total") || field.labels.contains_key("total"))
        .then(|| "write `total` if it is not broken down by this, `unknown` if it is recorded as unknown".into())
}

fn words(code: &str) -> String {
    code.replace('_', " ")
}

fn typed(value: &str, field: &Field) -> Option<Wrong> {
    let expected = match field.kind {
        Kind::Text => return None,
        Kind::Period => {
            let message = Period::parse(value).err()?;
            let hint = Some("a period is `2007`, `2007-10`, `2007-10-05` or an interval `2007-04/2008-03`".into());
            return Some(Wrong { code: Code::PeriodError, message, hint });
        }
        Kind::Integer => value.parse::<i64>().is_err().then_some("an integer")?,
        Kind::Number => value.parse::<f64>().map_or(true, |n| !n.is_finite()).then_some("a number")?,
        Kind::Boolean => (!matches!(value, "true" | "false")).then_some("`true` or `false`")?,
        Kind::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d").is_err().then_some("a day such as `2007-10-05`")?,
        Kind::Year => (value.len() != 4 || value.parse::<u16>().is_err()).then_some("a year")?,
    };
    let hint = match field.kind {
        Kind::Integer if !field.missing.is_empty() => {
            empty_hint(field).map(|states| format!("write digits only, without spaces or separators; {states}"))
        }
        Kind::Integer | Kind::Number => Some("write digits only, without spaces or separators".into()),
        _ => None,
    };
    Some(Wrong { code: Code::TypeError, message: format!("`{value}` is not {expected}"), hint })
}

fn constrained(value: &str, field: &Field) -> Option<Wrong> {
    let limits = &field.constraints;
    let number = value.parse::<f64>().ok().filter(|_| matches!(field.kind, Kind::Integer | Kind::Number | Kind::Year));
    let below = number.zip(limits.minimum).filter(|(number, least)| number < least);
    let above = number.zip(limits.maximum).filter(|(number, most)| number > most);
    let length = value.chars().count();
    let message = if !limits.allowed.is_empty() && !limits.allowed.iter().any(|allowed| allowed == value) {
        return Some(unlisted(value, field));
    } else if let Some((_, least)) = below {
        format!("{value} is less than {least}, the least that `{}` allows", field.name)
    } else if let Some((_, most)) = above {
        format!("{value} is more than {most}, the most that `{}` allows", field.name)
    } else if limits.min_length.is_some_and(|least| length < least)
        || limits.max_length.is_some_and(|most| length > most)
    {
        format!("`{value}` has {length} characters, which `{}` does not allow", field.name)
    } else if limits.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(value)) {
        format!("`{value}` is not written as `{}` must be", field.name)
    } else {
        return None;
    };
    Some(Wrong { code: Code::ConstraintError, message, hint: None })
}

fn unlisted(value: &str, field: &Field) -> Wrong {
    let allowed = &field.constraints.allowed;
    let hint = match nearest(value, allowed.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the codes are: {}", allowed.join(", ")),
    };
    let message = format!("`{value}` is no code of `{}`", field.name);
    Wrong { code: Code::ConstraintError, message, hint: Some(hint) }
}
