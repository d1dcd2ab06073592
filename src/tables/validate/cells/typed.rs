//! Whether a cell has its field's type, and if not, what was probably meant.

use super::{Wrong, days, letters, missing_hint, numbers, suggestion};
use crate::diagnostic::Code;
use crate::project::schema::{Field, Format, Kind};
use crate::value::period::Period;

/// The type error of a cell that is not empty, if it has one.
pub(super) fn judge(value: &str, field: &Field, advise: bool) -> Option<Wrong> {
    if is_sound(value, field) {
        return None;
    }
    let code = if field.kind == Kind::Period { Code::PeriodError } else { Code::TypeError };
    let message = match field.kind {
        _ if field.accepts(value) && is_dated(field.kind) => {
            let direction = if days::is_far_ahead(value) { "future" } else { "past" };
            format!("`{value}` is far in the {direction}")
        }
        Kind::Period => period(value),
        _ => format!("`{}` is not {}", letters::shown(value), expected(field)),
    };
    Some(Wrong { code, message, hint: advise.then(|| hint(value, field)).flatten() })
}

/// Whether a cell has its field's type. The number of an observation may have no exponent, since it is printed as written;
/// and no table is about a year centuries away.
pub(super) fn is_sound(value: &str, field: &Field) -> bool {
    field.accepts(value)
        && !(field.observed && field.kind == Kind::Number && value.contains(['e', 'E']))
        && !(is_dated(field.kind) && days::is_far(value))
}

fn period(value: &str) -> String {
    let interval = value.split_once('/').is_some_and(|(first, _)| first.len() >= 4);
    match Period::parse(value) {
        // The message names the end of the interval that is wrong.
        Err(message) if interval && !letters::is_disguised(value) => message,
        Err(message) if message.ends_with("in the calendar") => message,
        _ => {
            let shown = letters::shown(value);
            format!("`{shown}` is not a year, a month or a day such as `2007`, `2007-10` or `2007-10-05`")
        }
    }
}

fn expected(field: &Field) -> String {
    let writing = &field.writing;
    let kind = match (field.kind, &writing.format) {
        (Kind::Text, Format::Email) => "an email address such as `name@example.org`",
        (Kind::Text, Format::Uri) => "a web address such as `https://example.org/`",
        (Kind::Text, Format::Binary) => "Base64",
        (Kind::Text, Format::Uuid) => "a UUID such as `123e4567-e89b-12d3-a456-426614174000`",
        (Kind::Date | Kind::Datetime | Kind::Time, Format::Pattern(pattern)) => {
            return format!("written as `{pattern}`");
        }
        (Kind::Text, _) => "text",
        (Kind::Period, _) => "a period",
        (Kind::Integer, _) => "an integer",
        (Kind::Number, _) => "a number",
        (Kind::Date, _) => "a day such as `2007-10-05`",
        (Kind::Datetime, _) => "a date and time such as `2007-10-05T14:30:00`",
        (Kind::Time, _) => "a time such as `14:30:00`",
        (Kind::Year, _) => "a year",
        (Kind::YearMonth, _) => "a month such as `2007-10`",
        (Kind::Boolean, _) => return format!("`{}` or `{}`", writing.yes.join("`, `"), writing.no.join("`, `")),
        (Kind::List, _) => {
            return format!("a list of the type {}, separated by `{}`", writing.item.name(), writing.delimiter);
        }
    };
    kind.to_owned()
}

fn hint(value: &str, field: &Field) -> Option<String> {
    if let Some(missing) = suggestion::missing(value, field) {
        return Some(format!("did you mean `{missing}`?"));
    }
    if let Some(hint) = suggestion::nothing(field).filter(|_| suggestion::is_nothing(value)) {
        return Some(hint);
    }
    let slip = match field.kind {
        Kind::Integer | Kind::Number => numbers::slip(value, field),
        kind if is_dated(kind) => days::slip(value, field),
        _ => suggestion::code(value, field).map(|code| format!("did you mean `{code}`?")),
    };
    slip.or_else(|| general(field))
}

/// The hint where the slip itself was not recognised.
fn general(field: &Field) -> Option<String> {
    match field.kind {
        Kind::Integer | Kind::Number => {
            let digits = "write digits only, without spaces or separators";
            Some(missing_hint(field).map_or(digits.to_owned(), |states| format!("{digits}; {states}")))
        }
        Kind::Period => Some(
            "write a period as `2007`, `2007-10`, `2007-10-05` or an interval such as `2007-04/2008-03`".to_owned(),
        ),
        _ => field.expected.as_ref().map(|expected| format!("`{}` must be {expected}", field.name)),
    }
}

/// Whether the cells of a type are days, months, years or periods.
fn is_dated(kind: Kind) -> bool {
    matches!(kind, Kind::Period | Kind::Date | Kind::Datetime | Kind::Year | Kind::YearMonth)
}
