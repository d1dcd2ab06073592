//! The page of a preview: a picture of a page of a document, over it a link for each number, and beside it what is known of the
//! number that was chosen. It works without its script.

use quick_xml::escape::escape;

use crate::document::explain::what;
use crate::document::trace::Numeral;

/// A document that may be looked at.
pub(super) struct Listed {
    /// Its path below `output/`, without its ending.
    pub(super) path: String,
}

/// What the page is written from.
pub(super) struct View<'v> {
    /// What every address begins with.
    pub(super) base: &'v str,
    /// Which build is shown; empty if none can be.
    pub(super) build: &'v str,
    /// What a reader must know of the whole; empty if nothing.
    pub(super) note: &'v str,
    pub(super) documents: &'v [Listed],
    /// The page that is shown, if one can be.
    pub(super) shown: Option<Shown<'v>>,
}

/// A page of a document.
pub(super) struct Shown<'v> {
    pub(super) path: &'v str,
    pub(super) page: usize,
    pub(super) pages: usize,
    pub(super) numerals: &'v [Numeral],
    /// Which of them was chosen, and what is known of it, as HTML.
    pub(super) chosen: Option<(usize, String)>,
}

impl View<'_> {
    pub(super) fn html(&self) -> String {
        let base = self.base;
        let title = self.shown.as_ref().map_or_else(
            || "Preview".to_owned(),
            |shown| format!("{}, page {} of {}", escape(shown.path), shown.page, shown.pages),
        );
        let hidden = if self.note.is_empty() { " hidden" } else { "" };
        let numbers = self.shown.as_ref().map_or_else(String::new, |shown| {
            let address = format!("{base}numbers/{}/{}", shown.path, shown.page);
            format!("<link rel=\"stylesheet\" href=\"{}\">\n", escape(&address))
        });
        let main = self.shown.as_ref().map_or_else(String::new, |shown| self.main(shown));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
             <link rel=\"stylesheet\" href=\"{base}style\">\n{numbers}\
             <script src=\"{base}script\" defer></script>\n</head>\n\
             <body data-state=\"{base}state\" data-build=\"{}\">\n<header>\n<a class=\"skip\" href=\"#answer\">To the answer</a>\n\
             <h1>{title}</h1>\n{}</header>\n<p class=\"note\" id=\"note\" role=\"status\"{hidden}>{}</p>\n\
             <main>\n{main}</main>\n</body>\n</html>\n",
            self.build,
            self.navigation(),
            escape(self.note),
        )
    }

    /// The pages of the document, all documents, and a way to see what a new build has made.
    fn navigation(&self) -> String {
        let link = |address: &str, words: &str, current: bool| {
            let current = if current { " aria-current=\"page\"" } else { "" };
            format!("<li><a href=\"{}{}\"{current}>{}</a></li>\n", self.base, escape(address), escape(words))
        };
        let (path, page) = self.shown.as_ref().map_or(("", 0), |shown| (shown.path, shown.page));
        let pages = 1..=self.shown.as_ref().map_or(0, |shown| shown.pages);
        let pages = pages.map(|number| link(&format!("page/{path}/{number}"), &number.to_string(), number == page));
        let pages: String = pages.collect();
        let here = if path.is_empty() { String::new() } else { format!("page/{path}/{page}") };
        let reload = link(&here, "Reload", false);
        let documents = self.documents.iter();
        let documents: String =
            documents.map(|one| link(&format!("page/{}/1", one.path), &one.path, one.path == path)).collect();
        let documents = if documents.is_empty() {
            documents
        } else {
            format!(
                "<details>\n<summary>Documents</summary>\n<nav aria-label=\"Documents\">\n<ul>\n{documents}</ul>\n</nav>\n</details>\n"
            )
        };
        format!("<nav aria-label=\"Pages\">\n<ul>\n{pages}{reload}</ul>\n</nav>\n{documents}")
    }

    fn main(&self, shown: &Shown<'_>) -> String {
        let chosen = shown.chosen.as_ref().map(|(number, _)| *number);
        let place = format!("{}/{}", escape(shown.path), shown.page);
        let current = |at: usize| if chosen == Some(at) { " aria-current=\"true\"" } else { "" };
        let linked =
            |at: usize| format!("href=\"{}page/{place}?number={at}\" data-number=\"{at}\"{}", self.base, current(at));
        let words = |numeral: &Numeral| {
            let words = numeral.whole.as_ref().unwrap_or(&numeral.text);
            escape(words).into_owned()
        };
        let kind = |numeral: &Numeral| if numeral.figures.is_empty() { "" } else { " class=\"figure\"" };
        let placed = shown.numerals.iter().enumerate().filter(|(_, numeral)| numeral.spot.is_some());
        let over: String = placed
            .map(|(at, one)| format!("<a id=\"n{at}\" {}{}>{}</a>\n", linked(at), kind(one), words(one)))
            .collect();
        let listed: String = shown
            .numerals
            .iter()
            .enumerate()
            .map(|(at, one)| {
                let what = if one.figures.is_empty() { format!(" ({})", escape(what(one))) } else { String::new() };
                let line = escape(&one.line);
                format!("<li><a {}>{}</a>{what} <span class=\"line\">in “{line}”</span></li>\n", linked(at), words(one))
            })
            .collect();
        let answer = shown.chosen.as_ref().map_or_else(
            || {
                "<h2>No number is chosen</h2>\n<p>Choose a number on the page to see where it comes from.</p>\n"
                    .to_owned()
            },
            |(_, answer)| answer.clone(),
        );
        format!(
            "<section class=\"sheet\" aria-label=\"The page\">\n<img src=\"{base}picture/{place}\" alt=\"Picture of page {page}; its \
             numbers are links over it and a list below\" width=\"595\" height=\"842\">\n{over}</section>\n\
             <section id=\"answer\" aria-live=\"polite\" aria-label=\"Where the number comes from\" tabindex=\"-1\">\n{answer}</section>\n\
             <section class=\"list\" aria-label=\"All numbers of the page\">\n<details>\n<summary>All numbers of this page, in reading \
             order</summary>\n<ol class=\"numbers\">\n{listed}</ol>\n</details>\n</section>\n",
            base = self.base,
            page = shown.page,
        )
    }
}

/// Where the links over a picture stand, as a style sheet.
pub(super) fn places(numerals: &[Numeral]) -> String {
    let spots = numerals.iter().enumerate().filter_map(|(at, numeral)| Some((at, numeral.spot?)));
    let percent = |share: f64| format!("{:.3}%", share * 100.0);
    spots
        .map(|(at, spot)| {
            let [left, top] = [spot.left, spot.top].map(percent);
            let [width, height] = [spot.width, spot.height].map(percent);
            format!("#n{at} {{ left: {left}; top: {top}; width: {width}; height: {height}; }}\n")
        })
        .collect()
}
