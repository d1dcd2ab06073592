//! One TOML file read key by key, so that every fault of it is named at its place: **toml** lives here.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// A value and the place it stands at.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<(Value, Range<usize>)>),
    Table(Entries),
    Other,
}

type Entries = BTreeMap<String, (Range<usize>, Value, Range<usize>)>;

/// A TOML table whose keys are taken one by one; [`Declaration::finish`] reports those that nobody took.
pub struct Declaration<'d> {
    source: Arc<Source>,
    span: Range<usize>,
    entries: Entries,
    known: Vec<&'static str>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Declaration<'d> {
    /// Reads a file; a syntax error is reported, and what stands before it is read.
    pub fn parse(source: &Arc<Source>, diagnostics: &'d mut Diagnostics) -> Self {
        let text = source.text();
        let (table, errors) = DeTable::parse_recoverable(&text);
        for error in errors {
            let span = Span::new(source, error.span().unwrap_or(0..0));
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            diagnostics.push(Diagnostic::error(Code::SyntaxError, span, message));
        }
        let entries = entries(table.get_ref());
        Self { source: source.clone(), span: 0..0, entries, known: Vec::new(), diagnostics }
    }

    /// The place of the table itself.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(&self.source, self.span.clone())
    }

    /// Reports a fault.
    pub fn fault(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// An optional string.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let (value, span) = self.take(key)?;
        match value {
            Value::Text(value) => Some(Located { value, span }),
            _ => self.wrong(key, "a string", span),
        }
    }

    /// A string that must be there; its absence is reported.
    pub fn required_text(&mut self, key: &'static str) -> Located<String> {
        let found = self.entries.contains_key(key);
        let text = self.text(key);
        // A file that is missing or empty was reported as that already.
        if !found && !self.source.bytes.is_empty() {
            let fault = Diagnostic::error(Code::MissingField, self.span(), format!("the key `{key}` is missing"));
            self.diagnostics.push(fault.hint(format!("add a line `{key} = \"…\"`")));
        }
        text.unwrap_or_else(|| Located { value: String::new(), span: self.span() })
    }

    /// An optional integer.
    pub fn integer(&mut self, key: &'static str) -> Option<Located<i64>> {
        let (value, span) = self.take(key)?;
        match value {
            Value::Integer(value) => Some(Located { value, span }),
            _ => self.wrong(key, "an integer", span),
        }
    }

    /// A switch, off when it is not written.
    pub fn boolean(&mut self, key: &'static str) -> bool {
        match self.take(key) {
            Some((Value::Boolean(value), _)) => value,
            Some((_, span)) => self.wrong::<bool>(key, "`true` or `false`", span).unwrap_or(false),
            None => false,
        }
    }

    /// A list of strings; a single string counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some((value, span)) = self.take(key) else { return Vec::new() };
        let items = match value {
            Value::Text(value) => return vec![Located { value, span }],
            Value::List(items) => items,
            _ => return self.wrong(key, "a list of strings", span).unwrap_or_default(),
        };
        let mut texts = Vec::new();
        for (item, range) in items {
            let span = Span::new(&self.source, range);
            match item {
                Value::Text(value) => texts.push(Located { value, span }),
                _ => drop(self.wrong::<()>(key, "a list of strings", span)),
            }
        }
        texts
    }

    /// A table of free keys, each with one string or a list of them.
    pub fn map(&mut self, key: &'static str) -> Vec<(Located<String>, Vec<Located<String>>)> {
        let Some(table) = self.table(key) else { return Vec::new() };
        let (source, mut pairs) = (table.source.clone(), Vec::new());
        for (name, (name_range, value, range)) in table.entries {
            let span = Span::new(&source, range.clone());
            let values = match value {
                Value::Text(value) => vec![Located { value, span }],
                Value::List(items) => items
                    .into_iter()
                    .filter_map(|(item, range)| match item {
                        Value::Text(value) => Some(Located { value, span: Span::new(&source, range) }),
                        _ => None,
                    })
                    .collect(),
                _ => {
                    let message = format!("`{name}` must be a string or a list of strings");
                    table.diagnostics.push(Diagnostic::error(Code::InvalidValue, span, message));
                    continue;
                }
            };
            pairs.push((Located { value: name, span: Span::new(&source, name_range) }, values));
        }
        pairs
    }

    /// A table inside this one, to be read in turn.
    pub fn table(&mut self, key: &'static str) -> Option<Declaration<'_>> {
        self.known.push(key);
        let (_, value, range) = self.entries.remove(key)?;
        if let Value::Table(entries) = value {
            Some(self.inner(entries, range))
        } else {
            let span = Span::new(&self.source, range);
            self.wrong(key, "a table", span)
        }
    }

    /// Reads every table of an array of tables with `read`.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(Declaration<'_>) -> T) -> Vec<T> {
        let Some((value, span)) = self.take(key) else { return Vec::new() };
        let Value::List(items) = value else {
            return self.wrong(key, "an array of tables", span).unwrap_or_default();
        };
        let mut read_items = Vec::new();
        for (item, range) in items {
            match item {
                Value::Table(entries) => read_items.push(read(self.inner(entries, range))),
                _ => drop(self.wrong::<()>(key, "an array of tables", span.clone())),
            }
        }
        read_items
    }

    /// Reports the keys that nobody took, with the nearest that exists.
    pub fn finish(self) {
        for (key, (range, ..)) in &self.entries {
            let message = format!("the key `{key}` is not known here");
            let fault = Diagnostic::error(Code::UnknownField, Span::new(&self.source, range.clone()), message);
            let hint = match nearest(key, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys are: {}", self.known.join(", ")),
            };
            self.diagnostics.push(fault.hint(hint));
        }
    }

    fn inner(&mut self, entries: Entries, span: Range<usize>) -> Declaration<'_> {
        let source = self.source.clone();
        Declaration { source, span, entries, known: Vec::new(), diagnostics: self.diagnostics }
    }

    fn take(&mut self, key: &'static str) -> Option<(Value, Span)> {
        self.known.push(key);
        let (_, value, range) = self.entries.remove(key)?;
        Some((value, Span::new(&self.source, range)))
    }

    fn wrong<T>(&mut self, key: &str, wanted: &str, span: Span) -> Option<T> {
        self.diagnostics.push(Diagnostic::error(Code::InvalidValue, span, format!("`{key}` must be {wanted}")));
        None
    }
}

/// The candidate that a typing slip most likely meant: at most a third of the letters away.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let allowed = word.chars().count().max(3) / 3;
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// The edit distance in which two neighbours that changed places are one slip (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            let swapped = if swapped { before[j - 2] + 1 } else { usize::MAX };
            row.push(replaced.min(swapped).min(above[j] + 1).min(row[j - 1] + 1));
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

fn entries(table: &DeTable<'_>) -> Entries {
    let entry = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        (key.get_ref().to_string(), (key.span(), own(value.get_ref()), value.span()))
    };
    table.iter().map(entry).collect()
}

fn own(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix())
            .map_or(Value::Other, Value::Integer),
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Array(items) => Value::List(items.iter().map(|item| (own(item.get_ref()), item.span())).collect()),
        DeValue::Table(table) => Value::Table(entries(table)),
        _ => Value::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(nearest("mesure", ["measure", "unit"]), Some("measure"));
        assert_eq!(nearest("2Wl", ["1", "2", "2WL", "3"]), Some("2WL"));
        assert_eq!(nearest("titel", ["title", "unit"]), Some("title"));
        assert_eq!(nearest("colour", ["measure", "unit"]), None);
    }
}
