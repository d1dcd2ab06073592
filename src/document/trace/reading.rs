//! The numerals of each page in reading order, each with what it may be. For those who ask; nothing is judged here.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::Result;
use rayon::prelude::*;

use super::located::{Located, Spot, Word};
use super::pdf::{self, Letter, PlacedPage};
use super::sheet::Edges;
use super::{Expected, plain, plain_with_places, shared};
use crate::document::typeset::{ExpectedText, Kind};
use crate::project::text::is_year;

/// A numeral on a page, or a figure in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeral {
    /// As it is printed.
    pub text: String,
    /// The printed figure that it is in, "about 1,100", if that is known.
    pub whole: Option<String>,
    /// The line that it stands in.
    pub line: String,
    /// The ids of the figures that it is, where `whole` is known; else of those that it may be.
    pub figures: BTreeSet<String>,
    /// What else it may be; empty for a year and for the number of the page.
    pub kinds: BTreeSet<Kind>,
    /// Whether it is a year, which stands for itself.
    pub is_year: bool,
    /// Where it stands, with all of the printed figure that it is in.
    pub spot: Option<Spot>,
}

/// What a page may print.
#[derive(Clone, Copy)]
pub struct Printable<'p> {
    /// The texts that may hold a numeral.
    pub texts: &'p ExpectedText,
    /// The ids of the figures by each form in which they may be printed.
    pub by_form: &'p BTreeMap<String, BTreeSet<String>>,
    /// Where each figure stands, if that could be found out.
    pub located: Option<&'p Located>,
}

/// The numerals of each page of a document.
///
/// # Errors
/// If the bytes are not a readable PDF.
pub fn numerals(pdf: &[u8], printable: Printable<'_>) -> Result<Vec<Vec<Numeral>>> {
    let (expected, pages) = (Expected::of(printable.texts), pdf::placed_pages(pdf)?);
    let mut ids: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (form, own) in printable.by_form {
        ids.entry(plain(form)).or_default().extend(own);
    }
    let read = |(at, page): (usize, &PlacedPage)| {
        let words = printable.located.map(|located| located.on(at + 1, page));
        Reading { expected: &expected, ids: &ids, page, words }.numerals(at + 1, pages.len())
    };
    Ok(pages.par_iter().enumerate().map(read).collect())
}

/// A page that is read.
struct Reading<'r> {
    expected: &'r Expected,
    /// The ids of figures, by their printed forms.
    ids: &'r BTreeMap<String, BTreeSet<&'r String>>,
    page: &'r PlacedPage,
    /// The words of figures on it, if they are known.
    words: Option<Vec<&'r Word>>,
}

/// A stretch of a run that prints a figure, or several at once.
struct Stretch<'r> {
    /// The ids of the figures, parted by spaces.
    ids: &'r str,
    bytes: Range<usize>,
    edges: Edges,
}

impl Reading<'_> {
    fn numerals(&self, number: usize, all: usize) -> Vec<Numeral> {
        let lines: Vec<String> = self.page.text.runs.iter().map(|run| plain(run)).collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let near = |at: Option<usize>| at.and_then(|at| lines.get(at)).map_or("", String::as_str);
            let beside = (near(at.checked_sub(1)), near(Some(at + 1)));
            // The number of the page itself is no number of the document.
            if *line != number.to_string() && *line != format!("{number}/{all}") {
                found.extend(self.line(at, beside));
            }
        }
        found
    }

    /// The numerals of a run, and its figures in words.
    fn line(&self, at: usize, beside: (&str, &str)) -> Vec<Numeral> {
        let run = &self.page.text.runs[at];
        let letters = self.page.text.letters.get(at).map_or(&[][..], Vec::as_slice);
        let (line, places) = plain_with_places(run);
        let stretches = self.stretches(run, letters);
        let mut found: Vec<(usize, Numeral)> = Vec::new();
        for numeral in self.expected.marks.numerals(&line) {
            let from = numeral.as_ptr().addr() - line.as_ptr().addr();
            let place = |at: usize| places.get(at).copied().unwrap_or(run.len());
            let bytes = place(from)..place(from + numeral.len());
            let edges = edges_of(letters, &bytes);
            let own = stretches.iter().find(|stretch| stretch.bytes.contains(&bytes.start));
            let numeral = match own {
                Some(stretch) => stretch.figure(numeral, run),
                None => self.other(numeral, &line, beside),
            };
            let around = own.map_or(edges, |stretch| Some(stretch.edges));
            found.push((bytes.start, self.placed(numeral, &line, around)));
        }
        let numbered: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        for stretch in stretches.iter().filter(|own| !numbered.iter().any(|at| own.bytes.contains(at))) {
            let words = stretch.figure(&plain(stretch.text(run)), run);
            found.push((stretch.bytes.start, self.placed(words, &line, Some(stretch.edges))));
        }
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, numeral)| numeral).collect()
    }

    fn placed(&self, numeral: Numeral, line: &str, edges: Option<Edges>) -> Numeral {
        Numeral { line: line.to_owned(), spot: edges.map(|edges| Spot::on(edges, self.page.edges)), ..numeral }
    }

    /// A numeral that is in no figure whose place is known.
    fn other(&self, numeral: &str, line: &str, beside: (&str, &str)) -> Numeral {
        let is_year = is_year(numeral);
        let kinds = self.expected.kinds(numeral, line, beside);
        // Where the figures of a page are known, what may be something else is no figure.
        let asked = self.words.is_none() || !is_year && kinds.is_empty();
        let forms = if asked { self.expected.forms(numeral, line) } else { Vec::new() };
        let figures = forms.into_iter().filter_map(|form| self.ids.get(form)).flatten();
        let figures: BTreeSet<String> = figures.map(|id| (*id).clone()).collect();
        let is_figure = !figures.is_empty();
        Numeral {
            text: numeral.to_owned(),
            whole: None,
            line: String::new(),
            kinds: if is_figure { BTreeSet::new() } else { kinds },
            is_year: is_year && !is_figure,
            figures,
            spot: None,
        }
    }

    /// The stretches of a run that print figures; words of one figure with nothing but a space between them are one.
    fn stretches(&self, run: &str, letters: &[Letter]) -> Vec<Stretch<'_>> {
        let mut found: Vec<Stretch<'_>> = Vec::new();
        let mut from = 0;
        for letter in letters {
            let bytes = from..from + letter.bytes;
            from = bytes.end;
            let words = self.words.iter().flatten();
            let Some(word) = words.into_iter().find(|word| word.edges.has_middle_of(letter.edges)) else { continue };
            let joined = |last: &&mut Stretch<'_>| {
                last.ids == word.ids && run.get(last.bytes.end..bytes.start).is_some_and(|gap| gap.trim().is_empty())
            };
            match found.last_mut().filter(joined) {
                Some(last) => {
                    last.bytes.end = bytes.end;
                    last.edges = last.edges.with(letter.edges);
                }
                None => found.push(Stretch { ids: &word.ids, bytes, edges: letter.edges }),
            }
        }
        found
    }
}

impl Stretch<'_> {
    fn text<'t>(&self, run: &'t str) -> &'t str {
        run.get(self.bytes.clone()).unwrap_or_default()
    }

    fn figure(&self, text: &str, run: &str) -> Numeral {
        Numeral {
            text: text.to_owned(),
            whole: Some(plain(self.text(run))),
            line: String::new(),
            figures: self.ids.split(' ').map(str::to_owned).collect(),
            kinds: BTreeSet::new(),
            is_year: false,
            spot: None,
        }
    }
}

/// The rectangle around the letters of a stretch of a run.
fn edges_of(letters: &[Letter], bytes: &Range<usize>) -> Option<Edges> {
    let mut from = 0;
    let mut around: Option<Edges> = None;
    for letter in letters {
        let to = from + letter.bytes;
        if from < bytes.end && bytes.start < to {
            around = Some(around.map_or(letter.edges, |around| around.with(letter.edges)));
        }
        from = to;
    }
    around
}

impl Expected {
    /// The figures, as they are printed, that a numeral of a line may belong to: the longest of those that the line holds, else
    /// those that are broken over lines.
    fn forms<'e>(&'e self, numeral: &str, line: &str) -> Vec<&'e str> {
        let all = || self.figures.get(numeral).into_iter().flatten().filter(|form| shared(form, line, numeral));
        let longest = all().filter(|form| line.contains(form.as_str())).map(String::len).max();
        let fits = move |form: &&String| longest.is_none_or(|longest| form.len() == longest);
        all().filter(fits).map(String::as_str).collect()
    }
}
