//! Drawings and alternative texts that show figures of a register: every numeral in them is a figure's, a date's, a declared
//! word's, or a grid line's. `trace` compares the text of the PDF with the same figures.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::names::Names;
use crate::disclosure::protect::Release;
use crate::document::draw::Figure;
use crate::document::typeset::{Kind, SetDocument};
use crate::project::Project;
use crate::project::text::is_year;

/// A grid line is at one of these numbers times a power of ten.
const GRID: [&str; 4] = ["1", "2", "4", "5"];

/// The artefacts that contain a numeral which no released number backs; the numeral itself is not printed.
#[must_use]
pub fn disclosing<'d>(
    documents: impl Iterator<Item = &'d SetDocument>,
    release: &Release,
    project: &Project,
) -> BTreeSet<String> {
    let (mut disclosing, declared) = (BTreeSet::new(), OnceCell::new());
    for document in documents {
        let Some(released) = release.country(&document.country).filter(|r| r.all().any(|cell| cell.register)) else {
            continue;
        };
        let (backed, mut codes) = (backed(document), Names::default());
        codes.add(released.all().flat_map(|cell| cell.codes.values()).map(String::as_str));
        let stray = |texts: &[&str], drawn: bool| {
            let names = [declared.get_or_init(|| Names::of(project)), &codes];
            let numerals = Names::apart_from(names, texts, &document.expected.marks);
            let accounted = |numeral: &str| backed.contains(numeral) || is_year(numeral);
            numerals.iter().any(|numeral| !(accounted(numeral) || drawn && is_grid_line(numeral)))
        };
        let registered: BTreeSet<&str> =
            released.all().filter(|cell| cell.register).map(|cell| cell.id.as_str()).collect();
        let shows = |figure: &&Figure| figure.figures.iter().any(|id| registered.contains(id.as_str()));
        for figure in document.figures.iter().filter(shows) {
            let place = format!("{}/{}: `{}`", document.country, document.language, figure.id);
            if stray(&figure.words().collect::<Vec<_>>(), true) {
                disclosing.insert(format!("the drawing {place}"));
            }
            if stray(&[&figure.alt], false) {
                disclosing.insert(format!("the alternative text of {place}"));
            }
        }
    }
    disclosing
}

/// The numerals of figures as they are printed, of dates, and of source numbers.
fn backed(document: &SetDocument) -> BTreeSet<String> {
    let stamped = document.expected.strings.iter().filter(|(kind, _)| matches!(kind, Kind::Date | Kind::Mark));
    let texts = document.expected.figures.iter().chain(stamped.map(|(_, text)| text));
    texts.flat_map(|text| document.expected.marks.numerals(text)).map(str::to_owned).collect()
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
