//! A place in a file. A span carries its source, so it can name its line and column and show them by itself.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

/// A file's path and bytes, as they were read.
#[derive(Debug)]
pub struct Source {
    /// Path from the project's root, with `/`.
    pub path: String,
    /// The bytes on disk; encoding is judged by `ingest`.
    pub bytes: Vec<u8>,
    /// The ISO 3166-1 alpha-3 code of the country whose file this is; none for a shared declaration.
    pub country: Option<String>,
    /// Whether the file is a confidential register: then only the offending cell is ever shown.
    pub confidential: bool,
}

impl Source {
    /// The text; invalid sequences, which `ingest` reports, are replaced.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}

/// A stretch of bytes in a source.
#[derive(Debug, Clone)]
pub struct Span {
    source: Arc<Source>,
    range: Range<usize>,
}

impl Span {
    /// The bytes `range` of `source`; a range that leaves the file is cut to it.
    #[must_use]
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let end = range.end.min(source.bytes.len());
        Self { source: source.clone(), range: range.start.min(end)..end }
    }

    /// The very start of a file.
    #[must_use]
    pub fn start_of(source: &Arc<Source>) -> Self {
        Self::new(source, 0..0)
    }

    /// The file's path from the root.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.source.path
    }

    /// The country whose file it is.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.source.country.as_deref()
    }

    /// The first byte.
    #[must_use]
    pub fn start(&self) -> usize {
        self.range.start
    }

    /// Whether both name the same bytes of the same file.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.range == other.range && self.source.path == other.source.path
    }

    /// Line and column of the first character, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        let before = &self.source.bytes[..self.range.start];
        let line = memchr_iter(b'\n', before).count() + 1;
        let line_start = self.line_start();
        let prefix = String::from_utf8_lossy(&before[line_start..]);
        let bom = usize::from(line_start == 0 && prefix.starts_with('\u{feff}'));
        (line, prefix.chars().count() - bom + 1)
    }

    /// The source line and how many characters of it are pointed at, or only the cell of a register.
    pub(super) fn excerpt(&self) -> Excerpt {
        let cell = String::from_utf8_lossy(&self.source.bytes[self.range.clone()]).into_owned();
        let first_line = cell.lines().next().unwrap_or_default().to_owned();
        let width = first_line.chars().count().max(1);
        if self.source.confidential {
            return Excerpt { line: first_line, indent: 0, width };
        }
        let start = self.line_start();
        let rest = &self.source.bytes[start..];
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let line = String::from_utf8_lossy(&rest[..end]);
        let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}').replace('\t', " ");
        Excerpt { line, indent: self.position().1 - 1, width }
    }

    fn line_start(&self) -> usize {
        memrchr(b'\n', &self.source.bytes[..self.range.start]).map_or(0, |at| at + 1)
    }
}

/// What is shown of the source below a message.
pub(super) struct Excerpt {
    pub(super) line: String,
    pub(super) indent: usize,
    pub(super) width: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(text: &str, needle: &str) -> (usize, usize) {
        let source = Arc::new(Source {
            path: "t.csv".into(),
            bytes: text.as_bytes().to_vec(),
            country: None,
            confidential: false,
        });
        let at = text.find(needle).expect("the needle is in the text");
        Span::new(&source, at..at + needle.len()).position()
    }

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(position("a,b\nລາວ,x\n", "x"), (2, 5));
        assert_eq!(position("\u{feff}a,b\n", "a"), (1, 1));
        assert_eq!(position("a\r\nb,c\r\n", "c"), (2, 3));
    }
}
