//! Prose that is not written yet: a file that contains only its guide.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Source, Span};

/// Whether a file of prose contains only the guide, which is in comments.
pub(super) fn is_unwritten(source: &Source) -> bool {
    let text = source.text();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("//"))
}

/// Reports prose that is not written yet. A document is not built without its own prose, but a section can be.
pub(super) fn unwritten(place: &str, document: bool, source: &Arc<Source>) -> Diagnostic {
    let message = format!("the prose of `{place}` is not written yet");
    let at = Span::start_of(source);
    if document {
        let hint = "replace the guide with it: the document is not built without it";
        Diagnostic::error(Code::Unwritten, at, message).hint(hint)
    } else {
        let hint = "replace the guide with it, or delete the file to leave this prose out";
        Diagnostic::note(Code::Unwritten, at, message).hint(hint)
    }
}
