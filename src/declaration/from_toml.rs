//! TOML to a located tree: **toml** lives here.

use std::borrow::Cow;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entries, Value};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// Reads a file; a syntax error is reported, and what stands before it is read.
pub(super) fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Entries {
    let text = source.text();
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in errors {
        let span = Span::new(source, error.span().unwrap_or(0..0));
        let said = error.message().lines().next().unwrap_or_default();
        let too_deep = said.contains("recursion");
        let message = if too_deep { "tables and lists stand in one another too deep" } else { said };
        diagnostics.push(Diagnostic::error(Code::SyntaxError, span, message));
    }
    entries(table.get_ref())
}

fn entries(table: &DeTable<'_>) -> Entries {
    let entry = |(key, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        (key.get_ref().to_string(), (key.span(), own(value.get_ref()), value.span()))
    };
    table.iter().map(entry).collect()
}

fn own(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix())
            .map_or(Value::Other, Value::Integer),
        DeValue::Float(float) => Value::Number(float.as_str().replace('_', "")),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Array(items) => Value::List(items.iter().map(|item| (own(item.get_ref()), item.span())).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
        DeValue::Datetime(_) => Value::Other,
    }
}
