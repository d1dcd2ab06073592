//! Reads keys with several values: lists of strings, lists of tables, mixed lists, and tables with free keys.

use super::asked::Asked;
use super::scalar;
use super::tree::Value;
use super::{Declaration, Item, Located};
use crate::diagnostic::{Code, Diagnostic, Span};

impl Declaration<'_> {
    /// A list of strings; a single string is a list of one.
    pub fn texts(&mut self, key: &'static str) -> Vec<Located<String>> {
        let Some((value, span)) = self.take(key, Asked::Texts) else { return Vec::new() };
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

    /// A table with any keys, each with a string or a list of strings.
    pub fn map(&mut self, key: &'static str) -> Vec<(Located<String>, Vec<Located<String>>)> {
        let Some(table) = self.table(key) else { return Vec::new() };
        let (source, mut pairs) = (table.source.clone(), Vec::new());
        for (name, (name_range, value, range)) in table.entries {
            let span = Span::new(&source, range.clone());
            let values = match value {
                Value::Text(value) => vec![Located { value, span }],
                Value::List(items) => {
                    let mut values = Vec::new();
                    for (item, range) in items {
                        let span = Span::new(&source, range);
                        match item {
                            Value::Text(value) => values.push(Located { value, span }),
                            _ => table.diagnostics.push(odd(&name, span)),
                        }
                    }
                    values
                }
                _ => {
                    table.diagnostics.push(odd(&name, span));
                    continue;
                }
            };
            pairs.push((Located { value: name, span: Span::new(&source, name_range) }, values));
        }
        pairs
    }

    /// Reads every item of a list, with the place of the list; none if the key is missing or is not a list.
    pub fn items<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(Item<'_>) -> Option<T>,
    ) -> Option<Located<Vec<T>>> {
        let (value, span) = self.take(key, Asked::Items)?;
        let Value::List(items) = value else { return self.wrong(key, "a list", span) };
        let keys = self.keys_inside(key);
        let mut value = Vec::new();
        for (item, range) in items {
            let place = Span::new(&self.source, range.clone());
            match item {
                Value::Table(entries) => value.extend(read(Item::Table(self.inner(entries, range, keys)))),
                item => match scalar::read(item) {
                    Ok(item) => value.extend(read(Item::Scalar(Located { value: item, span: place }))),
                    Err(_) => drop(self.wrong::<()>(key, "a list without empty items and without lists", place)),
                },
            }
        }
        Some(Located { value, span })
    }

    /// A list of lists of strings; a single string is a list of one.
    pub fn lists(&mut self, key: &'static str) -> Vec<Vec<Located<String>>> {
        let Some((value, span)) = self.take(key, Asked::Texts) else { return Vec::new() };
        let Value::List(items) = value else {
            return self.wrong(key, "a list of lists of strings", span).unwrap_or_default();
        };
        let (known, mut lists) = (self.known.len(), Vec::new());
        for (item, range) in items {
            self.entries.insert(key.to_owned(), (range.clone(), item, range));
            lists.push(self.texts(key));
            self.known.truncate(known);
        }
        lists
    }

    /// Reads every table of an array of tables with `read`.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(Declaration<'_>) -> T) -> Vec<T> {
        let Some((value, span)) = self.take(key, Asked::Tables) else { return Vec::new() };
        let keys = self.keys_inside(key);
        let Value::List(items) = value else {
            return self.wrong(key, "an array of tables", span).unwrap_or_default();
        };
        let mut read_items = Vec::new();
        for (item, range) in items {
            match item {
                Value::Table(entries) => read_items.push(read(self.inner(entries, range, keys))),
                _ => drop(self.wrong::<()>(key, "an array of tables", span.clone())),
            }
        }
        read_items
    }
}

fn odd(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, span, format!("`{name}` must be a string or a list of strings"))
}
