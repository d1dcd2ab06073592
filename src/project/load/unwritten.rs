//! Prose that is not written yet: a file that contains only its guide.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity, Source, Span};

/// Whether a file of prose contains only the guide, which is in comments.
pub(super) fn is_unwritten(source: &Source) -> bool {
    let text = source.text();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("//"))
}

/// Reports prose that is not written yet. Without its own prose a document is a draft or, in a project of the oldest format,
/// is not built; a section can do without.
pub(super) fn unwritten(place: &str, document: bool, drafts: bool, source: &Arc<Source>) -> Diagnostic {
    let message = format!("the prose of `{place}` is not written yet");
    let at = Span::start_of(source);
    let (severity, hint) = match (document, drafts) {
        (true, true) => (Severity::Warning, "replace the guide with it: until then the document is a draft without it"),
        (true, false) => (Severity::Error, "replace the guide with it: the document is not built without it"),
        (false, true) => {
            let hint = "replace the guide with it, or delete the file to leave this prose out; until then the document is a draft";
            (Severity::Note, hint)
        }
        (false, false) => (Severity::Note, "replace the guide with it, or delete the file to leave this prose out"),
    };
    Diagnostic { severity, ..Diagnostic::note(Code::Unwritten, at, message).hint(hint) }
}
