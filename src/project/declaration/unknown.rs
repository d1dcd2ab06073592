//! Reports unknown keys: those that were not read.

use std::ops::Range;

use super::{Declaration, nearest};
use crate::diagnostic::{Code, Diagnostic, Span};

impl Declaration<'_> {
    /// Reports the keys that were not read, each with the nearest known key.
    pub fn finish(self) {
        for (key, (range, ..)) in &self.entries {
            let hint = match nearest(key, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the {} are: {}", plural(self.notation.key()), self.known.join(", ")),
            };
            self.diagnostics.push(self.unknown(key, range.clone()).hint(hint));
        }
    }

    /// Reports keys that were not read, if they look like a misspelling of a known one or begin with `prefix`. Other keys
    /// belong to other programs.
    pub fn finish_open(self, prefix: &str) {
        for (key, (range, ..)) in &self.entries {
            let own = key.strip_prefix(prefix);
            let ours = || self.known.iter().filter_map(|known| known.strip_prefix(prefix));
            let near = match own {
                Some(own) => nearest(own, ours()).map(|near| format!("{prefix}{near}")),
                None => nearest(key, self.known.iter().copied()).map(str::to_owned),
            };
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if own.is_some() => {
                    format!(
                        "the keys that begin with `{prefix}` are, without it: {}",
                        ours().collect::<Vec<_>>().join(", ")
                    )
                }
                None => continue,
            };
            self.diagnostics.push(self.unknown(key, range.clone()).hint(hint));
        }
    }

    fn unknown(&self, key: &str, range: Range<usize>) -> Diagnostic {
        let message = format!("the {} `{key}` is not known here", self.notation.key());
        Diagnostic::error(self.notation.code(Code::UnknownField), Span::new(&self.source, range), message)
    }
}

fn plural(word: &str) -> &'static str {
    if word == "property" { "properties" } else { "keys" }
}
