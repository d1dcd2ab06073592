//! Reads tables whose keys are not known beforehand, and values that may have several shapes.

use super::asked::{self, Asked};
use super::scalar;
use super::tree::Value;
use super::{Declaration, Located, Scalar};
use crate::diagnostic::{Code, Diagnostic, Span};

/// A value of any shape.
pub enum Shape<'d> {
    /// A string, a number or a boolean.
    Scalar(Located<Scalar>),
    /// A list of such values.
    List(Vec<Located<Scalar>>),
    /// A table, whose keys are still to be read.
    Table(Declaration<'d>),
}

impl Declaration<'_> {
    /// Visits a key, whatever its value is; nothing if it is not written.
    pub fn shape<T>(&mut self, key: &'static str, visit: impl FnOnce(Shape<'_>) -> T) -> Option<T> {
        let (value, span) = self.take(key, Asked::Shape)?;
        self.visited(key, value, span, visit)
    }

    /// The value under a key, or the first of a list of them; what is neither is passed over.
    pub fn first_of(&mut self, key: &'static str) -> Option<String> {
        let first = match self.take(key, Asked::Shape)?.0 {
            Value::List(items) => items.into_iter().next()?.0,
            value => value,
        };
        scalar::read(first).ok().map(|first| first.written())
    }

    /// Visits every key that was not read yet, in the order in which they are written.
    pub fn each(&mut self, mut visit: impl FnMut(Located<String>, Shape<'_>)) {
        let mut entries: Vec<_> = std::mem::take(&mut self.entries).into_iter().collect();
        entries.sort_by_key(|(_, (range, ..))| range.start);
        for (key, (range, value, place)) in entries {
            let span = Span::new(&self.source, place);
            asked::hold(self.keys, &key, Asked::Shape);
            let located = Located { value: key.clone(), span: Span::new(&self.source, range) };
            self.visited(&key, value, span, |shape| visit(located, shape));
        }
    }

    /// A day, written as TOML writes one or as a string.
    pub fn day(&mut self, key: &'static str) -> Option<Located<String>> {
        let (value, span) = self.take(key, Asked::Day)?;
        match value {
            Value::Text(value) | Value::Moment(value) => Some(Located { value, span }),
            _ => self.wrong(key, "a day such as 2025-04-20", span),
        }
    }

    /// Takes the keys that were not read yet and for which `wanted` holds, and visits each.
    pub fn matching(&mut self, wanted: impl Fn(&str) -> bool, mut visit: impl FnMut(Located<String>, Shape<'_>)) {
        let (mut taken, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.entries).into_iter().partition(|(key, _)| wanted(key));
        self.entries = left.into_iter().collect();
        taken.sort_by_key(|(_, (range, ..))| range.start);
        for (key, (range, value, place)) in taken {
            let span = Span::new(&self.source, place);
            asked::hold(self.keys, &key, Asked::Shape);
            let located = Located { value: key.clone(), span: Span::new(&self.source, range) };
            self.visited(&key, value, span, |shape| visit(located, shape));
        }
    }

    fn visited<T>(&mut self, key: &str, value: Value, span: Span, visit: impl FnOnce(Shape<'_>) -> T) -> Option<T> {
        let range = span.start()..span.end();
        match value {
            Value::Table(entries) => {
                let keys = self.keys_inside(key);
                Some(visit(Shape::Table(self.inner(entries, range, keys))))
            }
            Value::List(items) => {
                let mut scalars = Vec::new();
                for (item, range) in items {
                    let place = Span::new(&self.source, range);
                    match scalar::read(item) {
                        Ok(value) => scalars.push(Located { value, span: place }),
                        Err(_) => self.diagnostics.push(odd(place)),
                    }
                }
                Some(visit(Shape::List(scalars)))
            }
            value => {
                let Ok(value) = scalar::read(value) else {
                    self.diagnostics.push(odd(span));
                    return None;
                };
                Some(visit(Shape::Scalar(Located { value, span })))
            }
        }
    }
}

fn odd(span: Span) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, span, "a string, a number or a table is expected here")
}
