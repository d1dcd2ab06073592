//! Rows of a file that are not data: how each kind is recognised, and its error.
//!
//! A row is judged by its text alone. A wrong guess hides nothing, since each kind is an error and nothing is published.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Cell, Code, Diagnostic, Source, Span};

/// A kind of row that is not data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StrayKind {
    /// `sep=;`, which Excel reads and nothing else does.
    Separator,
    /// A title, a date, an empty row: anything above the labels.
    Above,
    /// `#date`, `#adm1+name`: the tags of the Humanitarian Exchange Language.
    Tags,
    /// The units of the columns: `persons`, `%`.
    Units,
    /// The labels again, as in a file that was pasted together.
    Labels,
    /// A source, a footnote or a remark, mostly below the table.
    Notes,
    /// A row that adds up the others.
    Sum,
}

/// Consecutive rows that are not data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stray {
    pub(super) kind: StrayKind,
    /// All their bytes, line breaks included.
    pub(super) bytes: Range<usize>,
    /// The first of them that is not blank.
    pub(super) shown: Range<usize>,
    /// Where the last one starts.
    pub(super) last: usize,
    /// How many there are.
    pub(super) rows: usize,
}

impl Stray {
    /// One error for all of them. `labels` is where the labels are.
    pub(super) fn fault(&self, source: &Arc<Source>, labels: usize) -> Diagnostic {
        let row = if source.sheet.is_some() { "row" } else { "line" };
        let range = |first: usize, last: usize| match last - first {
            0 => format!("{row} {first}"),
            1 => format!("{row}s {first} and {last}"),
            _ => format!("{row}s {first} to {last}"),
        };
        let [first, shown, last] = [self.bytes.start, self.shown.start, self.last].map(|at| source.row(at));
        let delete = format!("delete {}", range(first, last.max(first)));
        // The message leaves out the blank rows before a note or a sum.
        let start = if matches!(self.kind, StrayKind::Notes | StrayKind::Sum) { shown } else { first };
        let these = range(start, last.max(start));
        let one = last <= start;
        let (message, hint) = match self.kind {
            StrayKind::Separator => (format!("{these} names a separator, which only Excel reads"), delete),
            StrayKind::Above => {
                let are = if one { "is" } else { "are" };
                let at = source.row(labels);
                (
                    format!("{these} {are} above the labels, which are in {row} {at}"),
                    format!("{delete}: the labels must be the first row"),
                )
            }
            StrayKind::Tags => (
                format!("{these} contains HXL tags, which are not data"),
                format!("{delete}: the labels say what each column contains"),
            ),
            StrayKind::Units => (
                format!("{these} contains units, which are not data"),
                format!("{delete}: the indicators say what is counted"),
            ),
            StrayKind::Labels => {
                (format!("{these} repeats the labels"), format!("{delete}: the labels belong in the first row only"))
            }
            StrayKind::Notes => {
                let what = if one { "is a note, not a row of the table" } else { "are notes, not rows of the table" };
                let hint = format!(
                    "{delete}; put a remark in the column `note` of its row, and a source in the table of sources"
                );
                (format!("{these} {what}"), hint)
            }
            StrayKind::Sum => {
                let hint = format!(
                    "{delete}; a total that a source states is a row like the others, with its period and source"
                );
                (format!("{these} adds up other rows, and is not data"), hint)
            }
        };
        let cell = Cell { row: u32::try_from(shown).unwrap_or(u32::MAX), field: None };
        let fault = Diagnostic::error(Code::StrayRow, Span::new(source, self.shown.clone()), message).hint(hint);
        Diagnostic { cell: Some(cell), ..fault }
    }
}

/// The separator that a line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    /// One that is supported.
    Known(u8),
    /// Another one, or none.
    Unknown,
}

impl Separator {
    /// One that is supported.
    pub(super) fn known(self) -> Option<u8> {
        match self {
            Self::Known(separator) => Some(separator),
            Self::Unknown => None,
        }
    }
}

/// The separator that a line such as `sep=;` names; it may be quoted, and followed by separators that a spreadsheet added.
pub(super) fn separator(line: &[u8]) -> Option<Separator> {
    let line = std::str::from_utf8(line).ok()?.trim_matches(['"', ' ', '\u{feff}']);
    let (_, rest) = line.split_at_checked(4).filter(|(start, _)| start.eq_ignore_ascii_case("sep="))?;
    let mut letters = rest.chars();
    let named = letters.next();
    let ends = letters.all(|letter| matches!(letter, ',' | ';' | '\t' | '|' | '"' | ' '));
    let known = named.and_then(|named| u8::try_from(named).ok()).filter(|named| b",;\t|".contains(named));
    ends.then_some(known.map_or(Separator::Unknown, Separator::Known))
}

/// The core tags of the standard. A row with a single `#word` counts as tags only if the word is one of these.
const TAGS: [&str; 45] = [
    "access",
    "activity",
    "adm1",
    "adm2",
    "adm3",
    "adm4",
    "adm5",
    "affected",
    "beneficiary",
    "capacity",
    "cause",
    "channel",
    "contact",
    "country",
    "crisis",
    "currency",
    "date",
    "delivery",
    "description",
    "event",
    "frequency",
    "geo",
    "group",
    "impact",
    "indicator",
    "inneed",
    "item",
    "loc",
    "meta",
    "modality",
    "need",
    "operations",
    "org",
    "output",
    "reached",
    "region",
    "respondee",
    "sector",
    "service",
    "severity",
    "status",
    "subsector",
    "targeted",
    "value",
    "need_unmet",
];

/// Whether every cell that is not empty is an HXL tag.
pub(super) fn is_tags(cells: &[String]) -> bool {
    let mut written = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).peekable();
    let first = written.peek().copied().unwrap_or_default();
    let several = cells.iter().filter(|cell| !cell.trim().is_empty()).count() > 1;
    let name = first.trim_start_matches('#').split(['+', ' ']).next().unwrap_or_default().to_lowercase();
    written.peek().is_some() && written.all(is_tag) && (several || first.contains('+') || TAGS.contains(&name.as_str()))
}

/// `#adm1`, `#adm1+name`, `#affected +f +children`.
fn is_tag(cell: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    cell.strip_prefix('#').is_some_and(|tag| tag.split('+').all(|part| word(part.trim())))
}

/// Words in a row of units.
const UNITS: [&str; 24] = [
    "%",
    "per cent",
    "percent",
    "percentage",
    "persons",
    "person",
    "people",
    "number",
    "number of persons",
    "no.",
    "nr",
    "n",
    "#",
    "count",
    "cases",
    "number of cases",
    "year",
    "yyyy",
    "code",
    "text",
    "units",
    "unit",
    "in thousands",
    "thousands",
];

/// Whether every cell that is not empty names a unit.
pub(super) fn is_units(cells: &[String]) -> bool {
    let mut written = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).peekable();
    let bare = |cell: &str| cell.trim_matches(['(', ')', '[', ']']).trim().to_lowercase();
    written.peek().is_some() && written.all(|cell| UNITS.contains(&bare(cell).as_str()))
}

/// The beginnings of notes, before a colon or a space.
const NOTES: [&str; 18] = [
    "source",
    "sources",
    "data source",
    "note",
    "notes",
    "n.b.",
    "nb",
    "remark",
    "remarks",
    "footnote",
    "footnotes",
    "compiled by",
    "prepared by",
    "extracted",
    "downloaded",
    "last updated",
    "last update",
    "as of",
];

/// Whether a text begins like a note.
pub(super) fn announces_note(text: &str) -> bool {
    let text = text.trim();
    let marked = text.starts_with(['*', '†', '‡', '§', '¹', '²', '³', '©', 'ª', 'º']);
    let lower = text.to_lowercase();
    let announced = |start: &str| {
        lower.strip_prefix(start).is_some_and(|rest| {
            let spaced = start.contains(' ') && rest.starts_with(' ');
            rest.is_empty() || spaced || rest.trim_start().starts_with([':', '：'])
        })
    };
    marked && text.chars().any(char::is_alphabetic) || NOTES.iter().any(|start| announced(start))
}

/// Whether a text is a sentence rather than a code.
pub(super) fn is_wordy(text: &str) -> bool {
    text.trim().contains(char::is_whitespace) && text.chars().any(char::is_alphabetic)
}

/// Whether a text is the heading of a sum.
pub(super) fn announces_sum(text: &str) -> bool {
    let bare = text.trim().trim_end_matches(':').trim().to_lowercase();
    ["total", "totals", "grand total", "sum", "subtotal", "sub-total", "overall", "total general"]
        .contains(&bare.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &str) -> Vec<String> {
        cells.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn a_line_that_names_a_separator_is_known_in_every_form() {
        for (line, named) in [
            ("sep=;", Some(b';')),
            ("SEP=,", Some(b',')),
            ("\"sep=;\"", Some(b';')),
            ("sep=\t", Some(b'\t')),
            ("sep=;;;;;", Some(b';')),
            ("sep=|,,,", Some(b'|')),
            ("sep=^", None),
            ("sep=", None),
        ] {
            assert_eq!(separator(line.as_bytes()).map(Separator::known), Some(named), "{line}");
        }
        for line in ["", "period,stage", "separator=;", "sep", "sep=;period;stage", "sep=semicolon", "é="] {
            assert_eq!(separator(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn tags_are_known_and_remarks_are_not() {
        for tags in
            ["#date,#value", "#adm1+name,,#affected +f +children,", "#meta+source", ",#date,", "#adm1 + code,#x"]
        {
            assert!(is_tags(&row(tags)), "{tags}");
        }
        for other in
            ["", ",,", "#date,2023", "# exported,", "#exported by me", "#comment", "#REF!,#N/A", "#1,#2", "a,b"]
        {
            assert!(!is_tags(&row(other)), "{other}");
        }
    }

    #[test]
    fn units_are_known() {
        assert!(is_units(&row(",,,persons,,")) && is_units(&row("year,code,(%)")));
        assert!(!is_units(&row("2023,,persons")) && !is_units(&row(",,")));
    }

    #[test]
    fn notes_announce_themselves() {
        for note in ["Source: Police", "Note", "* provisional", "¹ Revised", "Notes:", "Compiled by the Ministry"] {
            assert!(announces_note(note), "{note}");
        }
        for other in ["source_2024", "notepad", "2023", "total", "*", "police_2024", ""] {
            assert!(!announces_note(other), "{other}");
        }
        assert!(announces_sum("Total:") && announces_sum("GRAND TOTAL") && !announces_sum("total_2024"));
    }
}
