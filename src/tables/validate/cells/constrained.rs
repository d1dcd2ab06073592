//! Whether a cell of the right type keeps the constraints of its field. They are tested on its value, not on its text.

use super::{Wrong, days, letters, suggestion};
use crate::diagnostic::Code;
use crate::project::declaration::nearest;
use crate::project::schema::{Bound, Broken, Field, StandsFor};

/// The error of a cell of the right type that breaks a constraint.
pub(super) fn judge(value: &str, field: &Field, advise: bool) -> Option<Wrong> {
    let broken = field.broken(value)?;
    let hint = advise.then(|| hint(value, field, &broken)).flatten();
    Some(Wrong { code: Code::ConstraintError, message: message(value, field, &broken), hint })
}

fn hint(value: &str, field: &Field, broken: &Broken<'_>) -> Option<String> {
    let hint = match broken {
        Broken::Unlisted => Some(listed(value, field)),
        Broken::Pattern => suggestion::code(value, field)
            .map(|code| format!("did you mean `{code}`?"))
            .or_else(|| days::made_of(value, field))
            .or_else(|| of_country(value, field)),
        Broken::Country => of_country(value, field)
            .or_else(|| Some("write the country's three-letter code of ISO 3166-1, in capitals".to_owned())),
        Broken::Above(_) => field.expected.as_ref().map(|expected| format!("`{}` must be {expected}", field.name)),
        _ => None,
    };
    // No count is negative, but some people write `-99` for a missing one.
    let none = suggestion::is_nothing(value) || field.observed && matches!(broken, Broken::Below(_));
    hint.or_else(|| none.then(|| suggestion::nothing(field)).flatten())
}

/// The country that was meant.
fn of_country(value: &str, field: &Field) -> Option<String> {
    let of_countries = field.stands_for == Some(StandsFor::Country) && !suggestion::is_nothing(value);
    of_countries.then(|| field.countries.advice(value)).flatten()
}

fn message(value: &str, field: &Field, broken: &Broken<'_>) -> String {
    let (name, shown) = (&field.name, letters::shown(value));
    match broken {
        Broken::Unlisted => format!("`{}` is not a code of `{name}`", letters::spaced(value)),
        Broken::Below(Bound { written, exclusive: true, .. }) => {
            format!("{value} is too small: `{name}` must be more than {written}")
        }
        Broken::Below(bound) => format!("{value} is less than {}, the minimum of `{name}`", bound.written),
        Broken::Above(Bound { written, exclusive: true, .. }) => {
            format!("{value} is too large: `{name}` must be less than {written}")
        }
        Broken::Above(bound) => format!("{value} is more than {}, the maximum of `{name}`", bound.written),
        Broken::Short(length, unit) => {
            let least = field.constraints.min_length.unwrap_or_default();
            format!("`{shown}` has {length} {unit}; `{name}` must have at least {least}")
        }
        Broken::Long(length, unit) => {
            let most = field.constraints.max_length.unwrap_or_default();
            format!("`{shown}` has {length} {unit}; `{name}` may have at most {most}")
        }
        Broken::Pattern => match field.expected.as_deref() {
            Some(example) if example.starts_with("such as ") => format!("`{shown}` is not a valid `{name}`, {example}"),
            Some(expected) => format!("`{shown}` is not a valid `{name}`, which must be {expected}"),
            None => format!("`{shown}` is not a valid `{name}`"),
        },
        Broken::Country => format!("`{shown}` is not a country code of ISO 3166-1"),
    }
}

/// A hint with the code that was probably meant, or with all codes.
fn listed(value: &str, field: &Field) -> String {
    if let Some(hint) = suggestion::nothing(field).filter(|_| suggestion::is_nothing(value)) {
        return hint;
    }
    let allowed = &field.constraints.allowed;
    let near = || nearest(value, allowed.iter().map(String::as_str)).map(str::to_owned);
    match suggestion::code(value, field).or_else(near) {
        Some(code) => format!("did you mean `{code}`?"),
        None => format!("the codes are: {}", allowed.join(", ")),
    }
}
