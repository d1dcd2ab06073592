//! Prose that is still to be written: a file that holds nothing but its guide.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Source, Span};

/// Whether a file of prose holds nothing but a guide in comments.
pub(super) fn is_unwritten(source: &Source) -> bool {
    let text = source.text();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("//"))
}

/// Prose that is still to be written: no document is made without that of its document, but a section may do without.
pub(super) fn unwritten(place: &str, document: bool, source: &Arc<Source>) -> Diagnostic {
    let message = format!("the prose of `{place}` is not written yet");
    let at = Span::start_of(source);
    if document {
        let hint = "write it in the place of its guide: the document is not made without it";
        Diagnostic::error(Code::Unwritten, at, message).hint(hint)
    } else {
        let hint = "write it in the place of its guide, or delete the file to do without";
        Diagnostic::note(Code::Unwritten, at, message).hint(hint)
    }
}
