//! Drawings and alternative texts that show figures of a register: every numeral in them is a figure's, a date's, a declared
//! word's, or a grid line's. The text of the PDF is held against the same figures by `trace`.

use std::collections::BTreeSet;

use crate::draw::Figure;
use crate::project::Project;
use crate::protect::Release;
use crate::text::{is_year, numerals};
use crate::typeset::{Document, Kind};

/// A grid line stands at one of these times a power of ten.
const GRID: [&str; 4] = ["1", "2", "4", "5"];

/// The artefacts that hold a numeral which nothing released backs; the numeral itself is not told.
#[must_use]
pub fn disclosing(documents: &[Document], release: &Release, project: &Project) -> BTreeSet<String> {
    let words = declared(project);
    let mut disclosing = BTreeSet::new();
    for document in documents {
        let Some(released) = release.country(&document.country).filter(|r| r.all().any(|cell| cell.register)) else {
            continue;
        };
        let mut backed = backed(document);
        let codes = released.all().flat_map(|cell| cell.codes.values());
        backed.extend(codes.flat_map(|code| numerals(code)).map(str::to_owned));
        let stray = |text: &str, drawn: bool| {
            numerals(text).any(|numeral| {
                let known = backed.contains(numeral) || words.contains(numeral) || is_year(numeral);
                let known = known || drawn && is_grid_line(numeral);
                !known
            })
        };
        let registered: BTreeSet<&str> =
            released.all().filter(|cell| cell.register).map(|cell| cell.id.as_str()).collect();
        let shows = |figure: &&Figure| figure.figures.iter().any(|id| registered.contains(id.as_str()));
        for figure in document.figures.iter().filter(shows) {
            let place = format!("{}/{}: `{}`", document.country, document.language, figure.id);
            if figure.words().iter().any(|text| stray(text, true)) {
                disclosing.insert(format!("the drawing {place}"));
            }
            if stray(&figure.alt, false) {
                disclosing.insert(format!("the alternative text of {place}"));
            }
        }
    }
    disclosing
}

/// The numerals of figures as they are printed, of dates, and of source numbers.
fn backed(document: &Document) -> BTreeSet<String> {
    let told = document.told.strings.iter().filter(|(kind, _)| matches!(kind, Kind::Date | Kind::Mark));
    let texts = document.told.figures.iter().chain(told.map(|(_, text)| text));
    texts.flat_map(|text| numerals(text)).map(str::to_owned).collect()
}

/// The numerals of names: of indicators, of codes and of the words of languages.
fn declared(project: &Project) -> BTreeSet<String> {
    let labels = project.schemas.iter().flat_map(|schema| &schema.fields).flat_map(|field| &field.labels);
    let labels = labels.flat_map(|(code, label)| [code, label]);
    let titles = project.indicators.iter().flat_map(|indicator| [&indicator.title, &indicator.short]);
    let breaks = project.indicators.iter().flat_map(|indicator| &indicator.breaks).map(|(_, label)| label);
    let words = project.texts.iter().flat_map(|text| text.words().values());
    let here = project.countries.iter().flat_map(|country| &country.breaks).map(|known| &known.label);
    let all = labels.chain(titles).chain(breaks).chain(here).chain(words);
    all.flat_map(|text| numerals(text)).map(str::to_owned).collect()
}

fn is_grid_line(numeral: &str) -> bool {
    let digits: String = numeral.chars().filter(char::is_ascii_digit).collect();
    GRID.contains(&digits.trim_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_are_round() {
        assert!(["1", "20", "1,000", "0.5"].iter().all(|numeral| is_grid_line(numeral)));
        assert!(["7", "15", "1,001"].iter().all(|numeral| !is_grid_line(numeral)));
    }
}
