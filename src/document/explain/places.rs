//! Completes an answer from files: the texts of its rows, and where its figures are printed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, Literal, Place, TableRow};

/// Where each figure and each other numeral is printed, for all countries.
#[derive(Default)]
pub struct Printed {
    /// Documents, as paths below the country's folder, by figure id.
    pub figures: BTreeMap<String, Vec<String>>,
    /// By numeral: its kind, the country, and the documents.
    pub literals: BTreeMap<String, Vec<(String, String, Vec<String>)>>,
}

/// The pages of each figure, by country and document.
pub type Pages = BTreeMap<(String, String), BTreeMap<String, BTreeSet<usize>>>;

fn rows(answer: &mut Answer) -> impl Iterator<Item = &mut TableRow> {
    answer.figures.iter_mut().flat_map(|figure| {
        let others = figure.alternatives.iter_mut().flat_map(|other| &mut other.rows);
        figure.rows.iter_mut().chain(&mut figure.agreeing).chain(others)
    })
}

/// The places of the rows whose texts are needed.
pub fn wanted_rows(answer: &mut Answer) -> BTreeSet<String> {
    rows(answer).map(|row| row.place.clone()).collect()
}

/// Fills in the texts of rows.
pub fn fill_rows(answer: &mut Answer, texts: &BTreeMap<String, String>) {
    rows(answer).for_each(|row| row.text = texts.get(&row.place).cloned().unwrap_or_default());
}

/// Fills in where figures and other numerals are printed. `pages` gives the pages of a country's document, and `copies` its
/// copies for donors with the figures in each.
pub fn where_printed(
    answer: &mut Answer,
    numeral: Option<&str>,
    printed: &Printed,
    mut pages: impl FnMut(&str, &str) -> Option<BTreeMap<String, BTreeSet<usize>>>,
    mut copies: impl FnMut(&str, &str) -> BTreeMap<String, BTreeSet<String>>,
) {
    let (mut asked, mut copied) = (Pages::new(), BTreeMap::new());
    for figure in &mut answer.figures {
        let country = figure.id.split('/').next().unwrap_or_default();
        for document in printed.figures.get(&figure.id).into_iter().flatten() {
            let key = (country.to_owned(), document.clone());
            let found = copied.entry(key.clone()).or_insert_with(|| copies(country, document));
            let printing = found.iter().filter(|(_, figures)| figures.contains(&figure.id));
            figure.copies.extend(printing.map(|(path, _)| format!("output/{path}")));
            let found = asked.entry(key).or_insert_with(|| pages(country, document).unwrap_or_default());
            let pages = found.get(&figure.id).into_iter().flatten().copied().collect();
            figure.printed.push(Place { document: format!("output/{country}/{document}"), pages });
        }
    }
    let literals = numeral.and_then(|numeral| printed.literals.get(numeral)).into_iter().flatten();
    for (kind, country, documents) in literals {
        let what = format!("is printed as {}", meaning(kind));
        let place =
            documents.iter().map(|document| format!("output/{country}/{document}")).collect::<Vec<_>>().join(", ");
        answer.literals.push(Literal { what, place });
    }
}

/// The words for a kind of literal.
pub(super) fn meaning(kind: &str) -> &'static str {
    match kind {
        "date" => "a part of a date or a period",
        "mark" => "the number of a source",
        "axis" => "a number at a grid line",
        "number" => "the number of a chart or a table, or how many of something there are",
        _ => "a literal: a title, an address, a definition, an article of law",
    }
}
