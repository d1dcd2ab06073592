//! Reads tables of texts, nested to any depth, such as those of a catalogue.

use super::asked;
use super::tree::{Entries, Value};
use super::{Declaration, Located};
use crate::diagnostic::{Code, Diagnostic, Span};

/// One text of a nested table.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The path of keys that leads to it.
    pub path: Vec<String>,
    /// The place of its own key.
    pub key: Span,
    /// The text.
    pub text: Located<String>,
}

impl Declaration<'_> {
    /// Every text below the keys that were not read yet; reports values that are neither a text nor a table.
    pub fn leaves(&mut self) -> Vec<Leaf> {
        asked::hold_nested(self.keys);
        let entries = std::mem::take(&mut self.entries);
        let mut leaves = Vec::new();
        self.gather(entries, &mut Vec::new(), &mut leaves);
        leaves
    }

    /// The tables among the keys that were not read yet, each with the place of its key.
    #[must_use]
    pub fn heads(&self) -> Vec<Located<String>> {
        let tables = self.entries.iter().filter(|(_, (_, value, _))| matches!(value, Value::Table(_)));
        let located = tables
            .map(|(key, (range, ..))| Located { value: key.clone(), span: Span::new(&self.source, range.clone()) });
        located.collect()
    }

    fn gather(&mut self, entries: Entries, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
        for (key, (place, value, range)) in entries {
            path.push(key);
            let span = Span::new(&self.source, range);
            match value {
                Value::Text(value) => leaves.push(Leaf {
                    path: path.clone(),
                    key: Span::new(&self.source, place),
                    text: Located { value, span },
                }),
                Value::Table(entries) => self.gather(entries, path, leaves),
                _ => {
                    let message = format!("`{}` must be a string, or a table of them", path.join("."));
                    self.diagnostics.push(Diagnostic::error(Code::InvalidValue, span, message));
                }
            }
            path.pop();
        }
    }
}
