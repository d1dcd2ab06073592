//! Checks every numeral of a typeset document: it must belong to a figure, or to a literal of a known kind. The PDF itself is
//! read, so that no earlier step has to be trusted.

mod budget;
mod fonts;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod located;
mod pdf;
mod reading;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;

use crate::diagnostic::bug::{Stage, point};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span, several};
use crate::document::typeset::{ExpectedText, Kind, SetDocument};
use crate::project::text::{Marks, is_year};

pub use located::{Located, Spot, located};
pub use reading::{Numeral, Printable, numerals};

/// The result for a document: the numerals of literals, without years and page numbers, and the stray numerals.
struct Trace {
    literals: BTreeSet<(Kind, String)>,
    strays: Vec<Stray>,
}

/// A numeral that belongs to no figure and no literal, with its page and the text around it.
struct Stray {
    numeral: String,
    page: usize,
    run: String,
}

/// Traces every numeral of a document and stores those of literals in it. A stray numeral is an error, and the document is not
/// published.
///
/// # Errors
/// If its PDF cannot be read.
pub fn trace(mut document: SetDocument, diagnostics: &mut Diagnostics) -> Result<Option<SetDocument>> {
    point(Stage::Trace, &document.country);
    let expected = Expected::of(&document.expected);
    let mut trace = Trace { literals: BTreeSet::new(), strays: Vec::new() };
    let mut whole = true;
    let pages = pdf::pages(&document.pdf)?;
    let all = pages.len();
    for (at, page) in pages.into_iter().enumerate() {
        let cut = page.cut.iter().filter_map(|run| page.runs.get(*run));
        for fault in off_page(&document, at + 1, cut) {
            diagnostics.push(fault);
            whole = false;
        }
        let runs = page.runs;
        for (line, run) in runs.iter().enumerate() {
            let near = |line: Option<usize>| line.and_then(|line| runs.get(line)).map_or("", String::as_str);
            expected.read(run, (near(line.checked_sub(1)), near(Some(line + 1))), (at + 1, all), &mut trace);
        }
    }
    trace.strays.iter().for_each(|stray| diagnostics.push(fault(&document, stray)));
    document.literals = trace.literals;
    Ok((whole && trace.strays.is_empty()).then_some(document))
}

/// The template of a document.
fn template(document: &SetDocument) -> Span {
    let source = Source::new(format!("templates/{}.typ", document.kind), Vec::new());
    Span::start_of(&Arc::new(source.of_country(Some(&document.country))))
}

/// A stray numeral is reported at the template: neither tables nor prose can have put it on the page.
fn fault(document: &SetDocument, stray: &Stray) -> Diagnostic {
    let message = format!("page {} prints `{}`, which belongs to no figure and no literal", stray.page, stray.numeral);
    Diagnostic::error(Code::UnboundNumber, template(document), message)
        .hint(format!("it is in “{}”; a template must print only the strings it receives", stray.run))
}

/// Reports text that is cut off at an edge of the page: one error for each place it comes from. The place is the prose that
/// contains its longest word, or else the template.
fn off_page<'r>(document: &SetDocument, page: usize, cut: impl Iterator<Item = &'r String>) -> Vec<Diagnostic> {
    let mut places: BTreeMap<String, (Span, String, usize)> = BTreeMap::new();
    for run in cut {
        let shown = plain(run);
        let (word, span) = in_prose(document, &shown).unwrap_or_else(|| (String::new(), template(document)));
        places.entry(word).or_insert((span, shown, 0)).2 += 1;
    }
    let path = format!("{}/{}/{}.pdf", document.country, document.language, document.kind);
    let fault = |(span, shown, count): (Span, String, usize)| {
        let more =
            if count > 1 { format!(" and {}", several(count - 1, "more text", "more texts")) } else { String::new() };
        let message = format!("page {page} of {path} cuts off “{}”{more}", beginning(&shown));
        let hint = "it runs over an edge: let it break into lines, shorten it, or make more room";
        Diagnostic::error(Code::OffPage, span, message).hint(hint)
    };
    places.into_values().map(fault).collect()
}

/// The longest word of a text, and its place in the prose, if the prose contains it.
fn in_prose(document: &SetDocument, text: &str) -> Option<(String, Span)> {
    let word = text.split(' ').max_by_key(|word| word.chars().count())?;
    let place = |source: &Arc<Source>| {
        let at = source.text().find(word)?;
        Some((word.to_owned(), Span::new(source, at..at + word.len())))
    };
    document.prose.iter().filter(|_| word.chars().count() >= LEAST).find_map(place)
}

/// The beginning of a text, for a message.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A message shows at most this many letters of a text.
const SHOWN: usize = 60;

/// The strings that may be printed in a document, by the numerals in them.
struct Expected {
    marks: Marks,
    figures: BTreeMap<String, Vec<String>>,
    strings: BTreeMap<String, Vec<(Kind, String)>>,
}

impl Expected {
    fn of(texts: &ExpectedText) -> Self {
        let marks = texts.marks.clone();
        let mut expected = Self { marks: marks.clone(), figures: BTreeMap::new(), strings: BTreeMap::new() };
        for figure in &texts.figures {
            let figure = plain(figure);
            for numeral in marks.numerals(&figure) {
                expected.figures.entry(numeral.to_owned()).or_default().push(figure.clone());
            }
        }
        for (kind, string) in &texts.strings {
            let string = plain(string);
            for numeral in marks.numerals(&string).map(str::to_owned).collect::<BTreeSet<_>>() {
                expected.strings.entry(numeral).or_default().push((*kind, string.clone()));
            }
        }
        expected
    }

    /// Checks a run of text. A name or a date may begin in the run before it or continue in the next.
    fn read(&self, run: &str, (before, next): (&str, &str), (page, pages): (usize, usize), trace: &mut Trace) {
        let text = plain(run);
        let is_page = text == page.to_string() || text == format!("{page}/{pages}");
        let beside = (plain(before), plain(next));
        for numeral in self.marks.numerals(&text) {
            if is_page || is_year(numeral) || self.is_figure(numeral, &text) {
                continue;
            }
            let mut kinds = self.kinds(numeral, &text, (&beside.0, &beside.1));
            if kinds.is_empty() && text.ends_with(numeral) && self.is_day(numeral, &plain(&format!("{text} {next}"))) {
                kinds.insert(Kind::Date);
            }
            if kinds.is_empty() {
                trace.strays.push(Stray { numeral: numeral.to_owned(), page, run: run.to_owned() });
            }
            trace.literals.extend(kinds.into_iter().map(|kind| (kind, numeral.to_owned())));
        }
    }

    /// Whether a printed figure is in the text, whole or broken over lines.
    fn is_figure(&self, numeral: &str, text: &str) -> bool {
        self.figures.get(numeral).is_some_and(|figures| figures.iter().any(|figure| shared(figure, text, numeral)))
    }

    /// Whether a date that begins with the numeral is in two runs together.
    fn is_day(&self, numeral: &str, both: &str) -> bool {
        let strings = self.strings.get(numeral).into_iter().flatten();
        let mut dates = strings.filter(|(kind, string)| *kind == Kind::Date && string.starts_with(numeral));
        dates.any(|(_, string)| both.contains(string))
    }

    /// The kinds that a numeral may have: those of the expected strings that contain it and match the text. A row of bare numerals
    /// can be source numbers, the labels of an axis, or a number by itself.
    fn kinds(&self, numeral: &str, text: &str, beside: (&str, &str)) -> BTreeSet<Kind> {
        let bare = is_bare(text);
        // A bare numeral is part of a name or a sentence only if this continues before or after it.
        let holds = |string: &str| if bare { goes_on(string, text, beside) } else { string.contains(text) };
        let fits = |kind: Kind, string: &str| match kind {
            Kind::Mark if bare || is_lettered(text) => true,
            _ if is_bare(string) && kind != Kind::Literal => bare && string == numeral,
            _ if bare && !is_bare(string) => goes_on(string, text, beside),
            _ => shared(string, text, numeral),
        };
        let strings = self.strings.get(numeral).into_iter().flatten();
        let mut kinds: BTreeSet<Kind> =
            strings.filter(|(kind, string)| fits(*kind, string)).map(|(kind, _)| *kind).collect();
        if kinds.is_empty() && self.strings.values().flatten().any(|(_, string)| holds(string)) {
            kinds.insert(Kind::Literal);
        }
        kinds
    }
}

/// The runs of text on each page of a PDF, in the order of the file. A run is text in one line without a gap.
///
/// # Errors
/// If the bytes are not a readable PDF.
pub fn pages(pdf: &[u8]) -> Result<Vec<Vec<String>>> {
    Ok(pdf::pages(pdf)?.into_iter().map(|page| page.runs).collect())
}

/// Whether a text consists of numerals only.
fn is_bare(text: &str) -> bool {
    text.chars().all(|c| c.is_numeric() || matches!(c, ',' | '.' | ' ' | NARROW))
}

/// Whether a text consists of source numbers followed directly by letters of notes: `71r`, `2, 7a,b`.
fn is_lettered(text: &str) -> bool {
    let Some((numbers, letters)) = text.rsplit_once(char::is_numeric) else { return false };
    // After `z` comes `aa`; other pairs of letters are not notes, such as the `th` of `7th`.
    let letter =
        |l: &str| l.chars().all(|c| c.is_ascii_lowercase()) && (l.len() == 1 || l.len() == 2 && l.starts_with('a'));
    let letters = letters.trim_start_matches([JOINER, ' ']);
    is_bare(numbers) && letters.split(',').all(|letters| letter(letters.trim_start_matches(NARROW)))
}

/// The word joiner that prevents a line break between the numbers and letters of a citation.
const JOINER: char = '\u{2060}';

/// Whether a line contains a string or a part of it: the string may begin before the line or continue after it.
fn shared(string: &str, line: &str, numeral: &str) -> bool {
    if line.contains(string) || string.contains(line) {
        return true;
    }
    let begins = |part: &str| part.len() >= LEAST && line.ends_with(part) && part.contains(numeral);
    let ends = |part: &str| part.len() >= LEAST && line.starts_with(part) && part.contains(numeral);
    let mut cuts = string.char_indices().skip(1).filter_map(|(at, _)| string.split_at_checked(at));
    cuts.any(|(before, after)| begins(before) || ends(after))
}

/// Whether a bare numeral is part of a string: the text before it must end with the word that precedes it in the string, or the
/// text after it begin with the word that follows.
fn goes_on(string: &str, numerals: &str, (before, after): (&str, &str)) -> bool {
    string.match_indices(numerals).any(|(at, _)| {
        let (left, rest) = string.split_at(at);
        let right = rest.strip_prefix(numerals).unwrap_or_default();
        let parted = !left.ends_with(char::is_numeric) && !right.starts_with(char::is_numeric);
        let last = left.split_whitespace().next_back();
        let first = right.split_whitespace().next();
        parted
            && (last.is_some_and(|last| before.trim_end().ends_with(last))
                || first.is_some_and(|first| after.trim_start().starts_with(first)))
    })
}

/// A part of a broken string must have at least this many bytes; a shorter match may be chance.
const LEAST: usize = 4;

/// A space that may be inside a number.
const NARROW: char = '\u{202f}';

fn space(letter: char) -> char {
    match letter {
        '\u{a0}' | NARROW => NARROW,
        other if other.is_whitespace() => ' ',
        other => other,
    }
}

/// Text without invisible break marks, and with all spaces reduced to two kinds.
fn plain(text: &str) -> String {
    plain_with_places(text).0
}

/// The same, with where in the text each of its bytes comes from.
fn plain_with_places(text: &str) -> (String, Vec<usize>) {
    let (mut shown, mut places) = (String::new(), Vec::new());
    let mut gap = None;
    for (at, letter) in text.char_indices().filter(|(_, c)| !matches!(c, '\u{200b}' | '\u{ad}')) {
        let letter = space(letter);
        if letter == ' ' {
            gap = gap.or(Some(at)).filter(|_| !shown.is_empty());
            continue;
        }
        if let Some(gap) = gap.take() {
            shown.push(' ');
            places.push(gap);
        }
        shown.push(letter);
        places.resize(shown.len(), at);
    }
    (shown, places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::project::text::anything::{anything, hold};

    #[test]
    fn a_date_may_break_after_its_day() {
        let strings = BTreeMap::from([("15".to_owned(), vec![(Kind::Date, "15 January 2025".to_owned())])]);
        let expected = Expected { marks: Marks::default(), figures: BTreeMap::new(), strings };
        let strays = |run: &str, next: &str| {
            let mut trace = Trace { literals: BTreeSet::new(), strays: Vec::new() };
            expected.read(run, ("", next), (1, 9), &mut trace);
            trace.strays.len()
        };
        assert_eq!(strays("A title, 15 ", "January 2025. example.org"), 0);
        for (run, next) in [("A title, 15 ", "February 2025."), ("A title, 15", ""), ("15 of them", "January 2025")] {
            assert_eq!(strays(run, next), 1, "{run} {next}");
        }
    }

    #[test]
    fn a_name_allows_its_numeral_only_where_the_name_is_printed() {
        let printed = [("7", "P7"), ("12", "Province of Lake 12"), ("134", "134")];
        let strings =
            printed.map(|(numeral, name)| (numeral.to_owned(), vec![(Kind::Literal, name.to_owned())])).into();
        let expected = Expected { marks: Marks::default(), figures: BTreeMap::new(), strings };
        let strays = |before: &str, run: &str, next: &str| {
            let mut trace = Trace { literals: BTreeSet::new(), strays: Vec::new() };
            expected.read(run, (before, next), (5, 9), &mut trace);
            trace.strays.len()
        };
        for (before, run, next) in [("", "P7", ""), ("Province of Lake", "12", ""), ("P", "7", ""), ("", "134", "")] {
            assert_eq!(strays(before, run, next), 0, "{before}|{run}|{next}");
        }
        for (before, run, next) in
            [("", "7", ""), ("P7", "7", "P7"), ("Lake", "7", ""), ("P", "12", ""), ("", "77", "")]
        {
            assert_eq!(strays(before, run, next), 1, "{before}|{run}|{next}");
        }
    }

    #[test]
    fn letters_of_notes_may_follow_source_numbers() {
        for cited in ["71r", "2, 7a,b", "71\u{2060}aa"] {
            assert!(is_lettered(cited), "{cited}");
        }
        for cited in ["৭১r", "㉑, ½a", "²a,b", "Ⅳaa"] {
            assert!(is_lettered(cited), "{cited}");
        }
        for other in ["71th", "71 a year", "r", "a71", "7.1%", "", "6 m²", "²é", "৭১র"] {
            assert!(!is_lettered(other), "{other}");
        }
    }

    #[test]
    fn any_expected_text_leaves_no_stray() {
        hold(2000, (anything(), anything(), anything()), |(printed, before, after)| {
            let printed = plain(&printed);
            let (marks, figures) = (Marks::default(), BTreeMap::new());
            let of = |numeral: &str| (numeral.to_owned(), vec![(Kind::Literal, printed.clone())]);
            let expected = Expected { strings: marks.numerals(&printed).map(of).collect(), marks, figures };
            let mut trace = Trace { literals: BTreeSet::new(), strays: Vec::new() };
            expected.read(&printed, (&before, &after), (1, 9), &mut trace);
            prop_assert!(trace.strays.is_empty(), "{printed:?}");
            // Other text must not make it panic.
            expected.read(&format!("{before}{printed}{after}"), (&after, &before), (1, 9), &mut trace);
            expected.read(&before, (&after, &printed), (1, 9), &mut trace);
            let strays = trace.strays.iter().map(|stray| stray.numeral.as_str());
            prop_assert!(strays.clone().all(|numeral| numeral.contains(char::is_numeric)));
            let _ = is_lettered(&before);
            Ok(())
        });
    }

    #[test]
    fn what_is_no_pdf_is_refused() {
        hold(200, anything(), |text| {
            let read = [pages(text.as_bytes()), pages(format!("%PDF-1.7\n{text}\n%%EOF").as_bytes())];
            prop_assert!(read.iter().all(|read| read.as_ref().is_err() || read.as_ref().is_ok_and(Vec::is_empty)));
            Ok(())
        });
    }
}
