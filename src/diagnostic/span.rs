//! A place in a file. A span carries its source, so it can name its line and column and show them by itself.

use std::ops::Range;
use std::sync::Arc;

use super::source::Source;

/// A range of bytes in a source.
#[derive(Debug, Clone)]
pub struct Span {
    source: Arc<Source>,
    range: Range<usize>,
}

/// The most characters of a code, a day or a number.
const MODEST: usize = 40;

/// How many characters of a long line are shown on either side of a place.
const AROUND: usize = 120;

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

    /// The first character of a line, or of a sheet's row; from 1.
    #[must_use]
    pub fn of_row(source: &Arc<Source>, row: usize) -> Option<Self> {
        source.start_of_row(row).map(|at| Self::new(source, at..at))
    }

    /// The place that is named by what follows the path of the source: `:line`, `:line:column`, or `!sheet!cell`.
    #[must_use]
    pub fn named(source: &Arc<Source>, rest: &str) -> Option<Self> {
        if let Some(cell) = rest.strip_prefix('!') {
            let name = &source.sheet.as_ref()?.name;
            return Some(Self::new(source, source.cell(cell.strip_prefix(name.as_str())?.strip_prefix('!')?)?));
        }
        let (line, column) = match rest.strip_prefix(':')?.split_once(':') {
            Some((line, column)) => (line.parse().ok()?, column.parse().ok()?),
            None => return Self::of_row(source, rest.strip_prefix(':')?.parse().ok()?),
        };
        let at = source.byte_of(line, column)?;
        Some(Self::new(source, at..at))
    }

    /// The whole row or line it is in, as it is written.
    #[must_use]
    pub fn row(&self) -> String {
        String::from_utf8_lossy(&self.source.bytes[self.source.row_at(self.range.start)]).into_owned()
    }

    /// The file it is in.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
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

    /// The same place in a shared file, for a finding that concerns only this country.
    #[must_use]
    pub fn for_country(&self, country: &str) -> Self {
        let source = Source::new(self.path(), self.source.bytes.clone()).of_country(Some(country));
        Self { source: Arc::new(source), range: self.range.clone() }
    }

    /// The bytes.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The first byte.
    #[must_use]
    pub fn start(&self) -> usize {
        self.range.start
    }

    /// The byte after the last one.
    #[must_use]
    pub fn end(&self) -> usize {
        self.range.end
    }

    /// Whether both name the same bytes of the same file.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.range == other.range && self.source.path == other.source.path && self.sheet() == other.sheet()
    }

    /// The name of the sheet that it is in, if it is in one.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.source.sheet.as_ref().map(|sheet| sheet.name.as_str())
    }

    /// The same place without the text that stands there.
    #[must_use]
    pub fn point(self) -> Self {
        Self { range: self.range.start..self.range.start, ..self }
    }

    /// The very start of the file that it is in.
    #[must_use]
    pub fn of_file(&self) -> Self {
        Self::start_of(&self.source)
    }

    /// Every place within it where this is written.
    #[must_use]
    pub fn each(&self, written: &str) -> Vec<Self> {
        let (bytes, wanted) = (&self.source.bytes[self.range.clone()], written.as_bytes());
        let at = |at: usize| self.range.start + at..self.range.start + at + wanted.len();
        memchr::memmem::find_iter(bytes, wanted).map(|found| Self::new(&self.source, at(found))).collect()
    }

    /// Line and column of the first character, both from 1; columns count characters.
    #[must_use]
    pub fn position(&self) -> (usize, usize) {
        self.source.position(self.range.start)
    }

    /// Line and column just after the last character, both from 1.
    #[must_use]
    pub fn end_position(&self) -> (usize, usize) {
        self.source.position(self.range.end)
    }

    /// The name of the workbook's cell it is in, with its sheet, if it is in one.
    #[must_use]
    pub fn cell_name(&self) -> Option<String> {
        self.source.cell_name(self.range.start)
    }

    /// The place as it is printed: `path:line:column`, or `path!sheet!cell` in a workbook.
    #[must_use]
    pub fn place(&self) -> String {
        if let Some(cell) = self.cell_name() {
            return format!("{}!{cell}", self.path());
        }
        let (line, column) = self.position();
        format!("{}:{line}:{column}", self.path())
    }

    /// Whether the text there is certainly no more than one cell: short, and without any separator.
    #[must_use]
    pub fn is_modest(&self) -> bool {
        let written = self.written();
        written.chars().count() <= MODEST && !written.contains(['\t', ';', '|', ',', '\n', '\r'])
    }

    /// The text there, as it is written in the file.
    #[must_use]
    pub fn written(&self) -> String {
        String::from_utf8_lossy(&self.source.bytes[self.range.clone()]).into_owned()
    }

    /// The line to show below a message, or, in a register, only the cell.
    pub(super) fn excerpt(&self) -> Excerpt {
        let line = if self.source.confidential { self.range.clone() } else { self.source.line(self.range.start) };
        let window = |at: usize| &self.source.bytes[at.max(line.start).min(self.range.start)..self.range.start];
        let before = String::from_utf8_lossy(window(self.range.start.saturating_sub(4 * AROUND)));
        let before = before.trim_start_matches('\u{feff}');
        let end = line.end.min(self.range.start + 4 * AROUND + 4).max(self.range.start);
        let after = String::from_utf8_lossy(&self.source.bytes[self.range.start..end]);
        let skipped = before.chars().count().saturating_sub(AROUND);
        let mut head: String = before.chars().skip(skipped).collect();
        if skipped > 0 {
            head.insert(0, '…');
        }
        let after = after.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        let mut tail: String = after.chars().take(AROUND).collect();
        if tail.len() < after.len() {
            tail.push('…');
        }
        let pointed = String::from_utf8_lossy(&self.source.bytes[self.range.start..self.range.end.min(end)]);
        let width =
            pointed.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().chars().count().clamp(1, AROUND);
        let indent = head.chars().count();
        Excerpt { line: format!("{head}{tail}").replace('\t', " "), indent, width }
    }
}

/// The line shown below a message, and which characters of it are marked.
pub(super) struct Excerpt {
    pub(super) line: String,
    pub(super) indent: usize,
    pub(super) width: usize,
}
