//! How many pages a document has, and whether its kind allows that many.

use memchr::memmem;

use super::prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::document::outline::Outline;

/// Whether a document has more pages than its kind allows.
#[must_use]
pub fn is_too_long(outline: &Outline<'_>, pages: usize) -> bool {
    outline.document.kind.pages.is_some_and(|wanted| i64::try_from(pages).is_ok_and(|pages| pages > wanted))
}

/// Whether a document has the number of pages that its kind states; if not, the error is shown at its prose.
#[must_use]
pub fn page_count_holds(outline: &Outline<'_>, pdf: &[u8], diagnostics: &mut Diagnostics) -> bool {
    let Some(wanted) = outline.document.kind.pages else { return true };
    let pages = pages(pdf);
    let pages_count = i64::try_from(pages).unwrap_or(i64::MAX);
    // Blocks of which a country knows nothing are left out, and pages with them.
    if pages_count == wanted || outline.bindings.framed && pages_count < wanted {
        return true;
    }
    // That there is only a guide is said already.
    if outline.front.is_none() && outline.document.is_unwritten() {
        return true;
    }
    let noun = if pages == 1 { "page" } else { "pages" };
    let message = format!("`{}` has {pages} {noun}, but must have {wanted}", outline.document.kind.title);
    let Some(front) = outline.front else {
        // A new country has no prose yet; its documents are built all the same.
        let missing = prose::missing_prose(outline);
        diagnostics.push(Diagnostic::warning(Code::TypstError, missing, message).hint("write this file"));
        return true;
    };
    let hint = if pages_count > wanted { "shorten the prose" } else { "lengthen the prose" };
    diagnostics.push(Diagnostic::error(Code::TypstError, Span::start_of(&front.source), message).hint(hint));
    false
}

/// The pages of a PDF, from the count that the root of its page tree states; bookmarks have counts of their own.
#[must_use]
pub fn pages(pdf: &[u8]) -> usize {
    let nodes = memmem::find_iter(pdf, b"/Type /Pages").chain(memmem::find_iter(pdf, b"/Type/Pages"));
    nodes.filter_map(|at| count(object(pdf, at))).max().unwrap_or(0)
}

/// The object around a place: from the end of the one before to its own end.
fn object(pdf: &[u8], at: usize) -> &[u8] {
    let start = memmem::rfind(&pdf[..at], b"endobj").unwrap_or(0);
    let end = memmem::find(&pdf[at..], b"endobj").map_or(pdf.len(), |length| at + length);
    &pdf[start..end]
}

fn count(object: &[u8]) -> Option<usize> {
    let key = b"/Count";
    let after = &object[memmem::find(object, key)? + key.len()..];
    let digits = after.iter().map(|byte| *byte as char).skip_while(|c| c.is_whitespace());
    digits.take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
