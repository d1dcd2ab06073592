//! The type of a field, its format, and the marks in its cells.

use std::fmt::Write;

use chrono::format::{Item as Part, StrftimeItems};
use chrono::{NaiveDate, NaiveTime};

use super::kind::Kind;
use super::writing::{Format, Writing};
use super::{fault, instead};
use crate::project::declaration::{Declaration, Located, nearest};

/// The types of the standard that are supported.
const TYPES: [(&str, Kind); 11] = [
    ("string", Kind::Text),
    ("any", Kind::Text),
    ("integer", Kind::Integer),
    ("number", Kind::Number),
    ("boolean", Kind::Boolean),
    ("date", Kind::Date),
    ("datetime", Kind::Datetime),
    ("time", Kind::Time),
    ("year", Kind::Year),
    ("yearmonth", Kind::YearMonth),
    ("list", Kind::List),
];
/// The types of the standard that are not supported.
const OTHERS: [&str; 5] = ["object", "array", "duration", "geopoint", "geojson"];
/// The types that the standard allows for the items of a list.
const ITEMS: [&str; 7] = ["string", "integer", "boolean", "number", "datetime", "date", "time"];

/// The type of a field, with what follows from it.
pub(super) struct Typed {
    pub(super) kind: Kind,
    /// Whether its type is `any`.
    pub(super) any: bool,
    /// Whether its type is unknown and cannot be guessed: then nothing that depends on it is checked.
    pub(super) unknown: bool,
    pub(super) writing: Writing,
}

/// The type of a field with its format and marks.
pub(super) fn read(field: &mut Declaration<'_>) -> Typed {
    let named = field.text("type");
    let any = named.as_ref().is_none_or(|named| named.value == "any");
    let kind = named.as_ref().map(|named| kind(field, named, &TYPES.map(|(name, _)| name)));
    let unknown = matches!(kind, Some(None));
    let kind = kind.flatten().unwrap_or(Kind::Text);
    let mut typed = Typed { kind, any, unknown, writing: Writing::default() };
    typed.writing = Writing { format: format(field, &typed), ..marks(field, &typed) };
    typed
}

impl Typed {
    /// Its name in the standard, for messages.
    pub(super) fn name(&self) -> &'static str {
        if self.any { "any" } else { self.kind.name() }
    }
}

fn kind(field: &mut Declaration<'_>, named: &Located<String>, supported: &[&str]) -> Option<Kind> {
    let found = TYPES.iter().find(|(name, _)| *name == named.value && supported.contains(name));
    if found.is_none() {
        let message = format!("the type `{}` is not supported", named.value);
        let hint = if OTHERS.contains(&named.value.as_str()) {
            format!("the standard has it, but it is not used here; the types are: {}", supported.join(", "))
        } else {
            instead(&named.value, "types", supported.iter().copied())
        };
        field.fault(fault(named.span.clone(), message).hint(hint));
    }
    // A misspelt type is read as the nearest one, so that this is the only fault.
    let near = || nearest(&named.value, supported.iter().copied());
    let meant = || near().and_then(|near| TYPES.iter().find(|(name, _)| *name == near));
    found.or_else(meant).map(|(_, kind)| *kind)
}

/// The properties that only some types have.
fn marks(field: &mut Declaration<'_>, typed: &Typed) -> Writing {
    let (kind, mut writing) = (typed.kind, Writing::default());
    owned(field, typed, &["decimalChar"], &[Kind::Number]);
    owned(field, typed, &["groupChar", "bareNumber"], &[Kind::Integer, Kind::Number]);
    owned(field, typed, &["trueValues", "falseValues"], &[Kind::Boolean]);
    owned(field, typed, &["delimiter", "itemType"], &[Kind::List]);
    writing.decimal = mark(field, "decimalChar").map_or(writing.decimal, |mark| mark.value);
    let group = mark(field, "groupChar");
    if let Some(group) = group.as_ref().filter(|group| kind == Kind::Number && group.value == writing.decimal) {
        let same = fault(group.span.clone(), format!("`{}` is also the decimal mark", group.value));
        field.fault(same.hint("`groupChar` and `decimalChar` must differ"));
    }
    writing.group = group.map_or(writing.group, |group| group.value);
    writing.bare = field.switch("bareNumber").unwrap_or(writing.bare);
    truths(field, &mut writing);
    writing.delimiter = mark(field, "delimiter").map_or(writing.delimiter, |mark| mark.value);
    let item = field.text("itemType");
    writing.item = item.and_then(|named| self::kind(field, &named, &ITEMS)).unwrap_or(writing.item);
    writing
}

/// Reports properties of other types, which would have no effect.
fn owned(field: &mut Declaration<'_>, typed: &Typed, keys: &[&'static str], kinds: &[Kind]) {
    let applies = typed.unknown || kinds.contains(&typed.kind);
    for key in keys.iter().filter(|_| !applies) {
        if let Some(span) = field.key(key) {
            let message = format!("`{key}` does not apply to the type `{}`", typed.name());
            field.fault(fault(span, message).hint("delete it, or correct the `type`"));
        }
    }
    if !applies {
        field.tolerate(keys);
    }
}

/// A mark of at least one character.
fn mark(field: &mut Declaration<'_>, key: &'static str) -> Option<Located<String>> {
    let mark = field.text(key)?;
    if mark.value.is_empty() {
        let empty = fault(mark.span, format!("`{key}` is empty"));
        field.fault(empty.hint("write the character, or delete the property"));
        return None;
    }
    Some(mark)
}

fn truths(field: &mut Declaration<'_>, writing: &mut Writing) {
    let (yes, no) = (field.texts("trueValues"), field.texts("falseValues"));
    for both in no.iter().filter(|no| yes.iter().any(|yes| yes.value == no.value)) {
        let message = format!("`{}` stands for both true and false", both.value);
        field.fault(fault(both.span.clone(), message).hint("delete it from one of the two lists"));
    }
    let words = |words: Vec<Located<String>>| words.into_iter().map(|word| word.value).collect();
    if !yes.is_empty() {
        writing.yes = words(yes);
    }
    if !no.is_empty() {
        writing.no = words(no);
    }
}

fn format(field: &mut Declaration<'_>, typed: &Typed) -> Format {
    let (kind, any) = (typed.kind, typed.any);
    let Some(named) = field.text("format").filter(|_| !typed.unknown) else { return Format::Default };
    let dated = matches!(kind, Kind::Date | Kind::Datetime | Kind::Time);
    let formats: &[(&str, Format)] = match kind {
        Kind::Text if !any => &[
            ("default", Format::Default),
            ("email", Format::Email),
            ("uri", Format::Uri),
            ("binary", Format::Binary),
            ("uuid", Format::Uuid),
        ],
        _ if dated => &[("default", Format::Default), ("any", Format::Any)],
        _ => &[("default", Format::Default)],
    };
    if let Some((_, format)) = formats.iter().find(|(name, _)| *name == named.value) {
        return format.clone();
    }
    if dated && named.value.contains('%') {
        return pattern(field, kind, named);
    }
    let message = format!("`{}` is not a format of the type `{}`", named.value, typed.name());
    let hint = if dated {
        "write `default`, `any`, or a pattern of strptime such as `%d/%m/%Y` or `%H:%M`".to_owned()
    } else {
        instead(&named.value, "formats", formats.iter().map(|(name, _)| *name))
    };
    field.fault(fault(named.span, message).hint(hint));
    Format::Default
}

/// A pattern of strptime, which must describe a complete date or time: it must be able to read what it writes.
fn pattern(field: &mut Declaration<'_>, kind: Kind, named: Located<String>) -> Format {
    let format = Format::Pattern(named.value);
    let Format::Pattern(pattern) = &format else { return format };
    let unknown = StrftimeItems::new(pattern).any(|part| part == Part::Error);
    if unknown {
        let message = format!("`{pattern}` is not a pattern of dates and times");
        let hint = "the parts are `%Y` year, `%m` month, `%d` day, `%H` hour, `%M` minute, `%S` second";
        field.fault(fault(named.span, message).hint(hint));
        return Format::Default;
    }
    if !returns(pattern, kind) {
        let message = format!("`{pattern}` is not a complete {}", kind.name());
        let hint = match kind {
            Kind::Time => "it needs hour and minute, such as `%H:%M`, and no part of a date",
            Kind::Date => "it needs year, month and day, such as `%d/%m/%Y`, and no part of a time",
            _ => "it needs year, month, day, hour and minute, such as `%d/%m/%Y %H:%M`",
        };
        field.fault(fault(named.span, message).hint(hint));
    }
    format
}

/// Whether a cell written by `pattern` can be read by it.
fn returns(pattern: &str, kind: Kind) -> bool {
    let sample = NaiveDate::from_ymd_opt(2007, 10, 25).unwrap_or_default();
    let time = NaiveTime::from_hms_opt(14, 35, 0).unwrap_or_default();
    let mut written = String::new();
    let outcome = match kind {
        Kind::Date => write!(written, "{}", sample.format(pattern)),
        Kind::Time => write!(written, "{}", time.format(pattern)),
        _ => write!(written, "{}", sample.and_time(time).format(pattern)),
    };
    let writing = Writing { format: Format::Pattern(pattern.to_owned()), ..Writing::default() };
    outcome.is_ok() && writing.read(kind, &written).is_some()
}
