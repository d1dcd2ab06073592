//! Where a number comes from: its definition, its rule, its rows, its sources, what else was said, and where it is printed.
//! Of a register's figure it gives rule and filter, never rows.

mod answer;
mod json;
mod places;
mod query;
mod words;

use crate::disclosure::protect::{CountryRelease, Lookup, Release, ReleasedCell};
use crate::document::bind::Prose;
use crate::project::Project;
use crate::project::indicator::Indicator;

pub use answer::{Answer, Literal, Place, Row, Source, Told};
pub use json::json;
pub use places::{Pages, Printed, fill_rows, wanted_rows, where_printed};
pub use query::{Nothing, Query};
pub use words::words;

/// A figure that was asked for, with what is needed to tell of it.
#[derive(Clone, Copy)]
struct Asked<'r> {
    project: &'r Project,
    released: &'r CountryRelease,
    indicator: &'r Indicator,
    cell: &'r ReleasedCell,
}

/// Answers a query from what is released and bound; rows' texts and places of print are looked up by whoever can read
/// files.
#[must_use]
pub fn explain(project: &Project, release: &Release, prose: &[Prose<'_>], query: &Query) -> Answer {
    let one = match query.lookup(release) {
        Some(Lookup::Found(cell)) => Some(&cell.id),
        _ => None,
    };
    let is_asked = |asked: &Asked<'_>| one == Some(&asked.cell.id) || query.is_of(asked.cell);
    let figures = all(project, release, prose).filter(is_asked);
    let figures = figures.map(|asked| answer::told(&asked)).collect();
    let literals = query.numeral().map(|numeral| answer::literals(project, release, numeral)).unwrap_or_default();
    Answer { query: query.text().to_owned(), figures, literals }
}

/// The answer, if it says anything; a year stands for itself.
///
/// # Errors
/// [`Nothing`], with the nearest names, when nothing answers the query.
pub fn or_nothing(answer: Answer, release: &Release, query: &Query) -> Result<Answer, Nothing> {
    if answer.figures.is_empty() && answer.literals.is_empty() && !query.is_year() {
        return Err(query.nothing(release));
    }
    Ok(answer)
}

/// Every figure: those released, and those that only prose computes.
fn all<'r>(project: &'r Project, release: &'r Release, prose: &'r [Prose<'_>]) -> impl Iterator<Item = Asked<'r>> {
    project.countries.iter().filter_map(|country| release.country(&country.iso3)).flat_map(move |released| {
        let own = prose.iter().filter(move |prose| prose.country.iso3 == released.iso3());
        let bound = own.flat_map(|prose| &prose.narratives).flat_map(|(_, bindings)| bindings.phrases.values());
        let derived = bound.filter_map(|bound| bound.derived.as_ref());
        let asked = move |cell: &'r ReleasedCell| {
            let indicator = project.indicator(&cell.indicator)?;
            Some(Asked { project, released, indicator, cell })
        };
        released.all().chain(derived).filter_map(asked)
    })
}
