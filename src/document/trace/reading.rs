//! The numerals of one page in reading order, each with what it may be. For those who ask; nothing is judged here.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Expected, pdf, plain, shared};
use crate::document::typeset::{ExpectedText, Kind};
use crate::project::text::is_year;

/// A numeral on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numeral {
    /// As it is printed.
    pub text: String,
    /// The line that it stands in.
    pub line: String,
    /// The ids of the figures that it may be.
    pub figures: BTreeSet<String>,
    /// What else it may be; empty for a year and for the number of the page.
    pub kinds: BTreeSet<Kind>,
    /// Whether it is a year, which stands for itself.
    pub is_year: bool,
}

/// The numerals of a page of a document, and how many pages it has; nothing if it has no such page. `by_form` has the ids of the
/// figures by each form in which they may be printed.
///
/// # Errors
/// If the bytes are not a readable PDF.
pub fn numerals_on(
    page: usize,
    pdf: &[u8],
    texts: &ExpectedText,
    by_form: &BTreeMap<String, BTreeSet<String>>,
) -> Result<(Vec<Numeral>, usize)> {
    let (expected, pages) = (Expected::of(texts), pdf::pages(pdf)?);
    let all = pages.len();
    let Some(read) = page.checked_sub(1).and_then(|at| pages.get(at)) else { return Ok((Vec::new(), all)) };
    let mut ids: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (form, own) in by_form {
        ids.entry(plain(form)).or_default().extend(own);
    }
    let lines: Vec<String> = read.runs.iter().map(|run| plain(run)).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let near = |at: Option<usize>| at.and_then(|at| lines.get(at)).map_or("", String::as_str);
        let beside = (near(at.checked_sub(1)), near(Some(at + 1)));
        // The number of the page itself is no number of the document.
        if *line == page.to_string() || *line == format!("{page}/{all}") {
            continue;
        }
        for numeral in expected.marks.numerals(line) {
            let figures = expected.forms(numeral, line).into_iter().filter_map(|form| ids.get(form)).flatten();
            let figures: BTreeSet<String> = figures.map(|id| (*id).clone()).collect();
            let is_figure = !figures.is_empty();
            let kinds = if is_figure { BTreeSet::new() } else { expected.kinds(numeral, line, beside) };
            let is_year = !is_figure && is_year(numeral);
            found.push(Numeral { text: numeral.to_owned(), line: line.clone(), figures, kinds, is_year });
        }
    }
    Ok((found, all))
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
