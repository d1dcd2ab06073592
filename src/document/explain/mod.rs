//! Where a number comes from: its definition, rule, rows and sources, the values of other sources, and where it is printed.
//! For a figure of a register it gives the rule and the filter, never the rows.

mod answer;
mod json;
mod page;
mod places;
mod printed_so;
mod query;
mod words;

use crate::disclosure::protect::{CountryRelease, Lookup, Release, ReleasedCell};
use crate::document::bind::Prose;
use crate::project::Project;
use crate::project::indicator::Indicator;

pub use answer::{Answer, ExplainedFigure, Literal, Place, Source, TableRow};
pub use json::json;
pub use page::{PageAnswer, what};
pub use places::{Pages, Printed, fill_rows, wanted_rows, where_printed};
pub use query::{Nothing, Query};
pub use words::words;

/// A figure that may answer the query, with the project, country and indicator it belongs to.
#[derive(Clone, Copy)]
struct Candidate<'r> {
    project: &'r Project,
    released: &'r CountryRelease,
    indicator: &'r Indicator,
    cell: &'r ReleasedCell,
}

/// Answers a query from the release and the bound prose. The texts of rows and the printed places are filled in later, by the
/// caller that can read files.
#[must_use]
pub fn explain(project: &Project, release: &Release, prose: &[Prose<'_>], query: &Query) -> Answer {
    let one = match query.lookup(release) {
        Some(Lookup::Found(cell)) => Some(&cell.id),
        _ => None,
    };
    let read = query.is_by_print().then(|| printed_so::Read::new(query.text()));
    let is_printed_so = |cell: &ReleasedCell| read.as_ref().is_some_and(|read| read.is_of(project, cell));
    let is_asked_for = |cell: &ReleasedCell| one == Some(&cell.id) || query.is_of(cell) || is_printed_so(cell);
    let figures = all(project, release, prose, &is_asked_for);
    let figures = figures.map(|candidate| answer::explained(&candidate)).collect();
    let literals = query.numeral().map(|numeral| answer::literals(project, release, numeral)).unwrap_or_default();
    Answer { query: query.text().to_owned(), figures, literals }
}

/// The answer, unless it is empty; a year may have no answer but itself.
///
/// # Errors
/// [`Nothing`], with the nearest names, if the query has no answer.
pub fn or_nothing(answer: Answer, release: &Release, query: &Query) -> Result<Answer, Nothing> {
    if answer.figures.is_empty() && answer.literals.is_empty() && !query.is_year() {
        return Err(query.nothing(release));
    }
    Ok(answer)
}

/// Every figure that is asked for: of the released ones, and of the shares and changes that prose computes.
fn all<'r>(
    project: &'r Project,
    release: &'r Release,
    prose: &'r [Prose<'_>],
    is_asked_for: &'r dyn Fn(&ReleasedCell) -> bool,
) -> impl Iterator<Item = Candidate<'r>> {
    project.countries.iter().filter_map(|country| release.country(&country.iso3)).flat_map(move |released| {
        let own = prose.iter().filter(move |prose| prose.country.iso3 == released.iso3());
        let bound = own.flat_map(|prose| &prose.narratives).flat_map(|(_, bindings)| bindings.phrases.values());
        let derived = bound.filter_map(|bound| bound.derived.as_ref());
        let candidate = move |cell: &'r ReleasedCell| {
            let indicator = project.indicator(&cell.indicator)?;
            Some(Candidate { project, released, indicator, cell })
        };
        released.all().chain(released.all_late()).chain(derived).filter(|cell| is_asked_for(cell)).filter_map(candidate)
    })
}
