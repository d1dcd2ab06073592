//! What Typst complains of: read from its output, then traced from the staging folder to the user's own file.

use std::path::Path;
use std::sync::Arc;

use super::prose;
use super::stage::Templates;
use crate::diagnostic::{Code, Diagnostic, Severity, Source, Span};
use crate::document::outline::Outline;

/// Part of Typst's warning about a letter that no face has.
const NO_LETTER: &str = "could not be displayed with font";
/// The template that sets a donor's logo; when Typst complains of it, the logo is at fault.
const PREPARED_FOR: &str = "components/prepared-for.typ";

/// An error or a warning of Typst.
pub(super) struct Complaint {
    /// The file, from the staging folder's root; empty where Typst names none.
    pub(super) path: String,
    /// Line and column from 1; columns in characters.
    pub(super) position: (usize, usize),
    /// Whether it is an error.
    pub(super) error: bool,
    /// Its words.
    pub(super) message: String,
}

/// A line of Typst's short format, `path:line:column: error: message`; none if it is not a complaint.
pub(super) fn parse(line: &str, folder: &Path) -> Option<Complaint> {
    let words = [(": error: ", true), (": warning: ", false)];
    let parts = words.into_iter().filter_map(|(word, error)| Some((line.split_once(word)?, error)));
    let Some(((place, message), error)) = parts.min_by_key(|((place, _), _)| place.len()) else {
        let bare = |(word, error): (&'static str, bool)| Some((line.strip_prefix(word)?.to_owned(), error));
        let (message, error) = [("error: ", true), ("warning: ", false)].into_iter().find_map(bare)?;
        return Some(Complaint { path: String::new(), position: (1, 1), error, message });
    };
    let (message, mut place) = (message.to_owned(), place.rsplitn(3, ':'));
    // Typst counts columns from 0 here, and lines from 1.
    let column = place.next().and_then(|column| column.parse::<usize>().ok()).map_or(1, |column| column + 1);
    let row = place.next().and_then(|row| row.parse().ok()).unwrap_or(1);
    let path = place.next().unwrap_or_default().replace('\\', "/");
    let root = folder.to_string_lossy().replace('\\', "/");
    let name = folder.file_name().map_or_else(String::new, |name| format!("{}/", name.to_string_lossy()));
    // Typst prints paths from where it was started: whatever leads to the staging folder is cut.
    let path = match path.strip_prefix(&root) {
        Some(inside) => inside.trim_start_matches('/').to_owned(),
        None => path.rsplit_once(&name).map_or(path.clone(), |(_, inside)| inside.to_owned()),
    };
    Some(Complaint { path, position: (row, column), error, message })
}

/// The finding for a complaint, at its place in the user's own files.
pub(super) fn locate(outline: &Outline<'_>, templates: &Templates, complaint: Complaint) -> Diagnostic {
    let (line, column) = complaint.position;
    let narrative = prose::narratives(outline).find(|narrative| prose::staged(narrative) == complaint.path);
    let logo = outline.document.donor.and_then(|donor| donor.logo.as_ref()).filter(|_| complaint.path == PREPARED_FOR);
    // A complaint without a place is shown at the document's own template.
    let path = if complaint.path.is_empty() { format!("{}.typ", outline.document.kind.id) } else { complaint.path };
    let span = match (narrative, logo) {
        (Some(narrative), _) => at(&narrative.source, line.saturating_sub(1), column),
        (None, Some(logo)) => logo.span.clone(),
        (None, None) => template(outline, templates, &path, line, column),
    };
    let severity = if complaint.error { Severity::Error } else { Severity::Warning };
    if complaint.message.contains(NO_LETTER) {
        let hint = format!(
            "write it in other letters, or name a face that has them in `data/text/{}.toml`",
            outline.document.text.language
        );
        return Diagnostic::error(Code::MissingFace, span, complaint.message).hint(hint);
    }
    Diagnostic { severity, ..Diagnostic::error(Code::TypstError, span, complaint.message) }
}

/// A template belongs to no country in the folders, but its complaint stops only the document it was made for.
fn template(outline: &Outline<'_>, templates: &Templates, path: &str, line: usize, column: usize) -> Span {
    // Only what was staged is shown: a complaint may name any path.
    let bytes = templates.get(path).to_vec();
    let source = Source::new(format!("templates/{path}"), bytes).of_country(Some(&outline.document.country.iso3));
    at(&Arc::new(source), line, column)
}

/// The span of one character at a line and column.
fn at(source: &Arc<Source>, line: usize, column: usize) -> Span {
    let text = source.text();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let offset: usize =
        text.get(start..).unwrap_or_default().chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Span::new(source, start + offset..start + offset + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_complaint_is_read_with_its_place() {
        let read = |line: &str| {
            let Complaint { path, position, error, message } = parse(line, Path::new("/w/staged"))?;
            Some((path, position, error, message))
        };
        let at = |path: &str, place, error, message: &str| Some((path.to_owned(), place, error, message.to_owned()));
        assert_eq!(read("../staged/brief.typ:3:4: error: a: b"), at("brief.typ", (3, 5), true, "a: b"));
        assert_eq!(read("/w/staged/a.typ:3:4: warning: ½ error: b"), at("a.typ", (3, 5), false, "½ error: b"));
        assert_eq!(read("error: no place"), at("", (1, 1), true, "no place"));
        assert_eq!(read("a line of no complaint"), None);
    }

    #[test]
    fn any_line_may_be_a_complaint() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, (anything(), anything()), |(before, after)| {
            for line in
                [format!("{before}: error: {after}"), format!("{before}:1:2: warning: {after}: error: x"), before]
            {
                let _ = parse(&line, Path::new("/w/staged"));
            }
            Ok(())
        });
    }

    #[test]
    fn any_place_of_any_text_is_inside_it() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, (anything(), 0_usize..9, 0_usize..99), |(text, line, column)| {
            let source = Arc::new(Source::new("t.typ", text.into_bytes()));
            let span = at(&source, line, column);
            proptest::prop_assert!(span.start() <= source.bytes.len() && span.position() >= (1, 1));
            Ok(())
        });
    }
}
