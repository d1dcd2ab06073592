//! One file of declarations, TOML or JSON, read key by key, so that every fault in it is reported at its place.

mod asked;
mod free;
mod from_json;
mod from_toml;
pub mod keys;
mod leaves;
mod lists;
mod name;
mod near;
mod scalar;
mod tree;
mod unknown;

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use asked::Asked;
use keys::Keys;
use tree::{Entries, Value};

#[cfg(test)]
pub use asked::unasked;
pub use free::Shape;
pub use leaves::Leaf;
pub use name::{is_no_name, is_only_a_number, unnamed};
pub use near::nearest;
pub use scalar::Scalar;

/// A value and its place in a file.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

/// One item of a list.
pub enum Item<'d> {
    /// A string, a number or a boolean.
    Scalar(Located<Scalar>),
    /// A table, whose keys are still to be read.
    Table(Declaration<'d>),
}

/// The notation of a file, which decides the code and the wording of its faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    Toml,
    Json,
}

impl Notation {
    /// Faults in JSON files all have one code, since only schemas are written in JSON.
    fn code(self, code: Code) -> Code {
        if self == Self::Json { Code::SchemaError } else { code }
    }

    fn key(self) -> &'static str {
        if self == Self::Json { "property" } else { "key" }
    }

    fn table(self) -> &'static str {
        if self == Self::Json { "an object" } else { "a table" }
    }
}

/// A table whose keys are read one by one; [`Declaration::finish`] reports the keys that were not read.
pub struct Declaration<'d> {
    notation: Notation,
    source: Arc<Source>,
    span: Range<usize>,
    entries: Entries,
    known: Vec<&'static str>,
    /// What its keys hold, where that is described: of TOML always.
    keys: Option<&'static Keys>,
    /// Whether the whole file could be read: if not, a key that seems missing may be in the unread part.
    whole: bool,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> Declaration<'d> {
    /// Reads a file of TOML with these keys; reports syntax errors and reads the rest.
    pub fn parse(keys: &'static Keys, source: &Arc<Source>, diagnostics: &'d mut Diagnostics) -> Self {
        let (entries, whole) = from_toml::read(source, diagnostics);
        let (source, known, keys) = (source.clone(), Vec::new(), Some(keys));
        Self { notation: Notation::Toml, source, span: 0..0, entries, known, keys, whole, diagnostics }
    }

    /// Reads a file of JSON; reports a syntax error and then reads nothing.
    pub fn json(source: &Arc<Source>, diagnostics: &'d mut Diagnostics) -> Option<Self> {
        let (entries, span) = from_json::read(source, diagnostics)?;
        let (source, known, keys) = (source.clone(), Vec::new(), None);
        Some(Self { notation: Notation::Json, source, span, entries, known, keys, whole: true, diagnostics })
    }

    /// The place of the table itself.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(&self.source, self.span.clone())
    }

    /// Reports a fault.
    pub fn fault(&mut self, diagnostic: Diagnostic) {
        if self.whole || diagnostic.code != Code::MissingField {
            self.diagnostics.push(diagnostic);
        }
    }

    /// An optional string.
    pub fn text(&mut self, key: &'static str) -> Option<Located<String>> {
        let (value, span) = self.take(key, Asked::Text)?;
        match value {
            Value::Text(value) => Some(Located { value, span }),
            _ => self.wrong(key, "a string", span),
        }
    }

    /// A required string; reports it if it is missing.
    pub fn required_text(&mut self, key: &'static str) -> Located<String> {
        let found = self.entries.contains_key(key);
        let text = self.text(key);
        // A file that is missing or empty is reported already.
        if !found && self.whole && !self.source.bytes.is_empty() {
            let fault = Diagnostic::error(Code::MissingField, self.span(), format!("the key `{key}` is missing"));
            self.diagnostics.push(fault.hint(format!("add a line `{key} = \"…\"`")));
        }
        text.unwrap_or_else(|| Located { value: String::new(), span: self.span() })
    }

    /// An optional integer.
    pub fn integer(&mut self, key: &'static str) -> Option<Located<i64>> {
        let (value, span) = self.take(key, Asked::Integer)?;
        match value {
            Value::Integer(value) => Some(Located { value, span }),
            _ => self.wrong(key, "an integer", span),
        }
    }

    /// A switch, which is off by default.
    pub fn boolean(&mut self, key: &'static str) -> bool {
        self.switch(key).unwrap_or(false)
    }

    /// A switch; none if it is not written.
    pub fn switch(&mut self, key: &'static str) -> Option<bool> {
        match self.take(key, Asked::Switch)? {
            (Value::Boolean(value), _) => Some(value),
            (_, span) => self.wrong(key, "`true` or `false`", span),
        }
    }

    /// A string, a number or a boolean.
    pub fn scalar(&mut self, key: &'static str) -> Option<Located<Scalar>> {
        let (value, span) = self.take(key, Asked::Scalar)?;
        match scalar::read(value) {
            Ok(value) => Some(Located { value, span }),
            Err(_) => self.wrong(key, "a string, a number or a boolean", span),
        }
    }

    /// Whether the key is written and was not read yet.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether the file is empty, or has an unknown key that is probably a misspelling of one of `wanted`: either is a fault
    /// of its own.
    #[must_use]
    pub fn is_explained(&self, wanted: &[&'static str], known: &[&str]) -> bool {
        let mut others = self.entries.keys().filter(|key| !known.contains(&key.as_str()));
        self.source.bytes.is_empty() || others.any(|key| nearest(key, wanted.iter().copied()).is_some())
    }

    /// Whether an empty string is written under a key that was not read yet.
    #[must_use]
    pub fn is_empty(&self, key: &str) -> bool {
        matches!(self.entries.get(key), Some((_, Value::Text(text), _)) if text.is_empty())
    }

    /// The place of an empty list under a key that was not read yet.
    #[must_use]
    pub fn empty_list(&self, key: &str) -> Option<Span> {
        let (_, value, range) = self.entries.get(key)?;
        let empty = matches!(value, Value::List(items) if items.is_empty());
        empty.then(|| Span::new(&self.source, range.clone()))
    }

    /// The place of a key that was not read yet.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<Span> {
        self.entries.get(key).map(|(range, ..)| Span::new(&self.source, range.clone()))
    }

    /// Accepts keys that are valid but not used here.
    pub fn tolerate(&mut self, keys: &[&'static str]) {
        for key in keys {
            self.known.push(key);
            self.entries.remove(*key);
        }
    }

    /// Reports a key that still has its old name, and reads its value under the new one.
    pub fn renamed(&mut self, old: &'static str, new: &'static str) {
        let Some(entry) = self.entries.remove(old) else { return };
        let key = self.notation.key();
        let message = format!("the {key} `{old}` is now called `{new}`");
        let fault = Diagnostic::error(
            self.notation.code(Code::UnknownField),
            Span::new(&self.source, entry.0.clone()),
            message,
        );
        let hint =
            if self.has(new) { format!("delete it; `{new}` is given as well") } else { format!("write `{new}`") };
        self.diagnostics.push(fault.hint(hint));
        self.entries.entry(new.to_owned()).or_insert(entry);
    }

    /// A table inside this one, whose keys are still to be read.
    pub fn table(&mut self, key: &'static str) -> Option<Declaration<'_>> {
        asked::hold(self.keys, key, Asked::Table);
        self.known.push(key);
        let (_, value, range) = self.entries.remove(key)?;
        if let Value::Table(entries) = value {
            let keys = self.keys_inside(key);
            Some(self.inner(entries, range, keys))
        } else {
            let span = Span::new(&self.source, range);
            self.wrong(key, self.notation.table(), span)
        }
    }

    /// What the keys of a table under a key hold.
    fn keys_inside(&self, key: &str) -> Option<&'static Keys> {
        self.keys?.key(key)?.holds.tables().first().copied()
    }

    fn inner(&mut self, entries: Entries, span: Range<usize>, keys: Option<&'static Keys>) -> Declaration<'_> {
        let (notation, source, known, whole) = (self.notation, self.source.clone(), Vec::new(), self.whole);
        Declaration { notation, source, span, entries, known, keys, whole, diagnostics: self.diagnostics }
    }

    fn take(&mut self, key: &'static str, how: Asked) -> Option<(Value, Span)> {
        asked::hold(self.keys, key, how);
        self.known.push(key);
        let (_, value, range) = self.entries.remove(key)?;
        Some((value, Span::new(&self.source, range)))
    }

    fn wrong<T>(&mut self, key: &str, wanted: &str, span: Span) -> Option<T> {
        let code = self.notation.code(Code::InvalidValue);
        self.diagnostics.push(Diagnostic::error(code, span, format!("`{key}` must be {wanted}")));
        None
    }
}
