//! Findings stored in a file, for a later run that has nothing new to read and reports them again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Cell, Code, Diagnostic, Diagnostics, Severity, Source, Span};

/// More findings are not stored: reading them would take as long as finding them.
const MOST: usize = 10_000;

/// Findings, and the files that they point into, without the content of these.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    files: Vec<File>,
    findings: Vec<Finding>,
}

/// A file that findings point into.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct File {
    path: String,
    country: Option<String>,
    /// Whether the finding is about a file that does not exist, or is not read.
    empty: bool,
}

/// The number of a file, and the bytes in it.
type Place = (usize, usize, usize);

/// The number of a row, and of a column with its label.
type InTable = (u32, Option<(u32, String)>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Finding {
    severity: String,
    code: String,
    place: Place,
    message: String,
    hint: Option<String>,
    second: Option<(Place, String)>,
    cell: Option<InTable>,
}

/// The numbers of the files, in the order in which they are first named.
struct Files<'f> {
    known: BTreeMap<File, usize>,
    is_on_disk: &'f dyn Fn(&Source) -> bool,
}

impl Files<'_> {
    /// The place of a span; `None` if its file cannot be read again as it was.
    fn place(&mut self, span: &Span) -> Option<Place> {
        let source = span.source();
        let empty = source.bytes.is_empty();
        if source.confidential || source.sheet.is_some() || !(empty || (self.is_on_disk)(source)) {
            return None;
        }
        let next = self.known.len();
        let file = File { path: source.path.clone(), country: source.country.clone(), empty };
        let number = *self.known.entry(file).or_insert(next);
        let range = span.range();
        Some((number, range.start, range.end))
    }
}

impl Diagnostics {
    /// The findings to store; `None` if a country was stopped, if they are too many, or if one is in a register, in a
    /// workbook, or in a file that `is_on_disk` does not find as it was read. That Typst is not confined is left out: a run
    /// that does not start Typst does not report it.
    #[must_use]
    pub fn remembered(&self, is_on_disk: &dyn Fn(&Source) -> bool) -> Option<Remembered> {
        if !self.stopped.is_empty() || self.list.len() > MOST {
            return None;
        }
        // One file may hold many findings, and is compared once.
        let judged: RefCell<BTreeMap<*const Source, bool>> = RefCell::default();
        let once = |source: &Source| {
            *judged.borrow_mut().entry(std::ptr::from_ref(source)).or_insert_with(|| is_on_disk(source))
        };
        let mut files = Files { known: BTreeMap::new(), is_on_disk: &once };
        let about_files = self.list.iter().filter(|found| found.code != Code::UnconfinedTypst);
        let findings = about_files.map(|found| finding(found, &mut files)).collect::<Option<Vec<_>>>()?;
        let mut numbered: Vec<(usize, File)> = files.known.into_iter().map(|(file, number)| (number, file)).collect();
        numbered.sort();
        Some(Remembered { files: numbered.into_iter().map(|(_, file)| file).collect(), findings })
    }
}

fn finding(found: &Diagnostic, files: &mut Files<'_>) -> Option<Finding> {
    let second = match &found.second {
        Some((span, message)) => Some((files.place(span)?, message.to_string())),
        None => None,
    };
    let field = |(number, label): &(u32, Arc<str>)| (*number, label.to_string());
    Some(Finding {
        severity: found.severity.word().to_owned(),
        code: found.code.name().to_owned(),
        place: files.place(&found.span)?,
        message: found.message.to_string(),
        hint: found.hint.as_deref().map(str::to_owned),
        second,
        cell: found.cell.as_ref().map(|cell| (cell.row, cell.field.as_ref().map(field))),
    })
}

impl Remembered {
    /// The findings as they were; `None` if `read` cannot read one of their files, or if what was stored is not valid.
    #[must_use]
    pub fn recalled(&self, read: &dyn Fn(&str) -> Option<Vec<u8>>) -> Option<Diagnostics> {
        let source = |file: &File| {
            let bytes = if file.empty { Vec::new() } else { read(&file.path)? };
            Some(Arc::new(Source::new(&file.path, bytes).of_country(file.country.as_deref())))
        };
        let sources = self.files.iter().map(source).collect::<Option<Vec<_>>>()?;
        let list = self.findings.iter().map(|finding| finding.diagnostic(&sources)).collect::<Option<Vec<_>>>()?;
        let mut found = Diagnostics::default();
        list.into_iter().for_each(|finding| found.push(finding));
        Some(found)
    }
}

impl Finding {
    fn diagnostic(&self, sources: &[Arc<Source>]) -> Option<Diagnostic> {
        let span = |(file, start, end): Place| Some(Span::new(sources.get(file)?, start..end));
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let cell = |(row, field): &InTable| Cell {
            row: *row,
            field: field.as_ref().map(|(number, label)| (*number, label.as_str().into())),
        };
        Some(Diagnostic {
            severity: severities.into_iter().find(|severity| severity.word() == self.severity)?,
            code: Code::ALL.iter().copied().find(|code| code.name() == self.code)?,
            span: span(self.place)?,
            message: self.message.as_str().into(),
            hint: self.hint.as_deref().map(Into::into),
            second: match &self.second {
                Some((place, message)) => Some((span(*place)?, message.as_str().into())),
                None => None,
            },
            cell: self.cell.as_ref().map(cell),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Format;

    const FORMATS: [Format; 6] =
        [Format::Human, Format::Short, Format::Json, Format::Github, Format::Sarif, Format::Junit];

    fn some(source: Source) -> Diagnostics {
        let source = Arc::new(source);
        let span = |at: usize| Span::new(&source, at..at + 3);
        let mut found = Diagnostics::default();
        let note = Diagnostic::note(Code::ContestedCell, span(4), "two numbers").second(span(0), "the other");
        let field = Some((2, "count".into()));
        found.push(Diagnostic { cell: Some(Cell { row: 2, field }), ..note });
        found.push(Diagnostic::warning(Code::StaleProse, span(8), "old").hint("write it anew"));
        let missing = Arc::new(Source::new("data/none.toml", Vec::new()));
        found.push(Diagnostic::warning(Code::Untranslated, Span::start_of(&missing), "not there"));
        found
    }

    #[test]
    fn what_is_stored_is_reported_again_in_every_format() {
        let text = b"abc\nde,fg\nhij\n".to_vec();
        let found = some(Source::new("data/t.csv", text.clone()).of_country(Some("XXA")));
        let kept = found.remembered(&|source| source.path == "data/t.csv").expect("all of it can be kept");
        let json = serde_json::to_vec(&kept).expect("JSON");
        let kept: Remembered = serde_json::from_slice(&json).expect("the same");
        let again = kept.recalled(&|path| (path == "data/t.csv").then(|| text.clone())).expect("all of it");
        for format in FORMATS {
            assert_eq!(again.render(format), found.render(format));
        }
        assert!(again.warned() && !again.failed());
        assert!(kept.recalled(&|_| None).is_none(), "without its file nothing is reported");
    }

    #[test]
    fn what_cannot_be_read_again_is_not_stored() {
        let text = || Source::new("data/t.csv", b"abc\nde,fg\nhij\n".to_vec());
        assert!(some(text()).remembered(&|_| true).is_some());
        assert!(some(text()).remembered(&|_| false).is_none(), "the file has changed");
        assert!(some(text().confidential(true)).remembered(&|_| true).is_none(), "no word of a register");
    }

    #[test]
    fn that_typst_is_not_confined_is_not_stored() {
        let mut found = some(Source::new("data/t.csv", b"abc\nde,fg\nhij\n".to_vec()));
        let before = found.remembered(&|_| true);
        let report = Arc::new(Source::new("data/report.toml", Vec::new()));
        found.push(Diagnostic::warning(Code::UnconfinedTypst, Span::start_of(&report), "not confined"));
        assert!(before.is_some() && before == found.remembered(&|_| true));
    }
}
