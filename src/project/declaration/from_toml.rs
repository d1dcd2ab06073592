//! Reads TOML into a tree with places: **toml** lives here.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Entries, Value};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The most syntax errors that are reported in one file.
const MOST: usize = 20;

/// Reads a file, and returns whether it has no syntax error. One mistake gives one error: the entry or table with the mistake
/// is skipped, and the rest is read as if it were not there.
pub(super) fn read(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> (Entries, bool) {
    let mut text = source.text().into_owned();
    for _ in 0..MOST {
        let (table, errors) = DeTable::parse_recoverable(&text);
        let Some(error) = errors.into_iter().min_by_key(|error| error.span().map_or(0, |span| span.start)) else {
            return (entries(table.get_ref()), text == source.text());
        };
        let reason = error.message().lines().next().unwrap_or_default();
        let place = error.span().unwrap_or(0..0);
        let aside = around(&text, place.start);
        let too_deep = reason.contains("recursion");
        let message = if too_deep { "tables and lists are nested too deeply" } else { reason };
        let fault = match opened(text.get(aside.clone()).unwrap_or_default()).filter(|_| !too_deep) {
            Some((at, open)) => {
                let (at, close) = (aside.start + at, if open == '[' { ']' } else { '}' });
                let message = format!("`{open}` is never closed");
                let fault = Diagnostic::error(Code::SyntaxError, Span::new(source, at..at + 1), message);
                fault.hint(format!("write the `{close}` that closes it"))
            }
            None if reason.contains("string, expected") => {
                let fault = Diagnostic::error(
                    Code::SyntaxError,
                    Span::new(source, place),
                    "the text in quotes is never closed",
                );
                fault.hint("write the quote that closes it")
            }
            None => Diagnostic::error(Code::SyntaxError, Span::new(source, place), message),
        };
        diagnostics.push(fault);
        let left = blank(&text, &aside);
        if left == text || too_deep {
            return (entries(table.get_ref()), false);
        }
        text = left;
    }
    (Entries::new(), false)
}

/// The entry that contains a byte, or the whole table if the byte is in its head.
fn around(text: &str, at: usize) -> Range<usize> {
    let mut starts: Vec<(usize, bool)> = Vec::new();
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_start();
        let head = written.starts_with('[') && !written.trim_end().ends_with(',');
        let key = written.split_once('=').is_some_and(|(key, _)| {
            !key.trim().is_empty() && key.chars().all(|c| c.is_alphanumeric() || " _-.\"'\t".contains(c))
        });
        if head || key {
            starts.push((place, head));
        }
        place += line.len();
    }
    let before = starts.iter().rposition(|(start, _)| *start < at);
    let exact = starts.iter().position(|(start, _)| *start == at);
    // If a list is not closed before the next entry, the mistake is in the entry with the list.
    let between = |before: usize, exact: usize| text.get(starts[before].0..starts[exact].0).unwrap_or_default();
    let runs_on = before.zip(exact).is_some_and(|(before, exact)| opened(between(before, exact)).is_some());
    let own = if runs_on { before } else { exact.or(before) };
    let Some(own) = own else { return 0..text.len() };
    let (start, head) = starts[own];
    let next = starts[own + 1..].iter().find(|(_, other)| *other || !head).map_or(text.len(), |(next, _)| *next);
    start..next
}

/// The bracket that an entry opens and does not close, outside quotes and comments.
fn opened(entry: &str) -> Option<(usize, char)> {
    let (mut open, mut quote) = (Vec::new(), None);
    let mut letters = entry.char_indices();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some('"'), '\\') => drop(letters.next()),
            (Some(own), letter) if own == letter => quote = None,
            (Some(_), '\n') => return None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '#') => drop(letters.find(|(_, letter)| *letter == '\n')),
            (None, '[' | '{') => open.push((at, letter)),
            (None, ']' | '}') => drop(open.pop()),
            _ => {}
        }
    }
    open.first().copied()
}

/// The text with a range of bytes replaced by spaces, but not its line breaks.
fn blank(text: &str, range: &Range<usize>) -> String {
    let kept =
        |(at, byte): (usize, u8)| if range.contains(&at) && !matches!(byte, b'\n' | b'\r') { b' ' } else { byte };
    String::from_utf8_lossy(&text.bytes().enumerate().map(kept).collect::<Vec<u8>>()).into_owned()
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
        DeValue::Datetime(moment) => Value::Moment(moment.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_keys(text: &str) -> (Vec<(usize, usize)>, Vec<String>) {
        let (source, mut diagnostics) =
            (Arc::new(Source::new("t.toml", text.as_bytes().to_vec())), Diagnostics::default());
        let (entries, whole) = read(&source, &mut diagnostics);
        let places: Vec<_> = diagnostics.sorted().iter().map(|fault| fault.span.position()).collect();
        assert_eq!(whole, places.is_empty(), "{text}");
        (places, entries.keys().cloned().collect())
    }

    #[test]
    fn one_slip_is_one_error_and_the_rest_is_read() {
        for (text, place, keys) in [
            ("a = [\"x\", \"y\"\nb = 1\nc = 2\n", (1, 5), &["b", "c"][..]),
            ("a = 1\nb = \"x\nc = 2\n", (2, 7), &["a", "c"]),
            ("a = 1\n[b\nx = 1\n[c]\ny = 2\n", (2, 1), &["a", "c"]),
            ("a = x\nb = 1\n", (1, 5), &["b"]),
            ("a = 1\na = 2\nb = 3\n", (2, 1), &["a", "b"]),
            ("a = 1\nb = { x = 1\nc = 2\n", (2, 5), &["a", "c"]),
        ] {
            assert_eq!(read_keys(text), (vec![place], keys.iter().map(|key| (*key).to_owned()).collect()), "{text}");
        }
        assert_eq!(read_keys("a = x\nb = 1\nc = [1\nd = 2\n").0, [(1, 5), (3, 5)]);
        assert_eq!(read_keys("a = [\n  \"x\",\n]\n[b]\nc = 1\n").0, []);
    }
}
