//! What a document weighs, and how it comes out of a printer.

use crate::article;
use crate::pdf;
use crate::project::files;

/// What a page may cost, in bytes: many readers pay for each megabyte.
const PAGE: usize = 170_000;

#[test]
fn a_page_costs_at_most_170_kilobytes() {
    let project = article::series();
    let documents: Vec<String> = files(&project.path("output"))
        .into_iter()
        .filter(|path| path.ends_with(".pdf") && !path.starts_with('.'))
        .collect();
    assert!(documents.len() > 20, "{documents:?}");
    let weigh = |path: &String| {
        let bytes = std::fs::metadata(project.path("output").join(path)).expect("a document").len();
        let pages = pdf::open(project, path).get_pages().len();
        (usize::try_from(bytes).expect("a size") / pages, path.clone())
    };
    let heaviest = documents.iter().map(weigh).max().expect("a document");
    assert!(heaviest.0 <= PAGE, "{} costs {} bytes a page", heaviest.1, heaviest.0);
}

#[test]
fn fonts_are_cut_down_to_the_letters_that_are_used() {
    let document = pdf::open(article::series(), "LAO/lo/brief.pdf");
    let fonts = pdf::fonts(&document);
    let is_subset = |name: &String| {
        name.len() > 7 && name.as_bytes()[6] == b'+' && name.bytes().take(6).all(|b| b.is_ascii_uppercase())
    };
    assert!(fonts.len() > 3 && fonts.iter().all(is_subset), "{fonts:?}");
}
