//! Tables of tables of texts, as deep as they go: what a catalogue holds.

use super::tree::{Entries, Value};
use super::{Declaration, Located};
use crate::diagnostic::{Code, Diagnostic, Span};

/// One text of a table of tables.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// Where its own key stands.
    pub key: Span,
    /// The text.
    pub text: Located<String>,
}

impl Declaration<'_> {
    /// Every text below the keys that nobody took; what is neither a text nor a table is reported.
    pub fn leaves(&mut self) -> Vec<Leaf> {
        let entries = std::mem::take(&mut self.entries);
        let mut leaves = Vec::new();
        self.gather(entries, &mut Vec::new(), &mut leaves);
        leaves
    }

    /// The tables among the keys that nobody took, each with the place of its key.
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
