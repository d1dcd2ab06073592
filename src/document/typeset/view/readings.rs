//! Looks up the cell that a place in the document prints, writes its readings in words, and says whether it may be printed
//! below a total.

use crate::disclosure::protect::{Lookup, ReleasedCell, Status};
use crate::document::outline::Outline;
use crate::project::indicator::Selector;
use crate::value::period::Period;

/// The value of a cell as it is printed, every reading of a contested one.
pub(super) fn reading(outline: &Outline<'_>, cell: &ReleasedCell) -> String {
    outline.document.text.any_of(&readings(outline, cell))
}

/// Each reading of a cell as it is printed; its state in words when there is none.
pub(super) fn readings(outline: &Outline<'_>, cell: &ReleasedCell) -> Vec<String> {
    let readings: Vec<String> = cell.readings().into_iter().map(|(value, q)| outline.say(cell, value, q)).collect();
    if readings.is_empty() { vec![outline.document.text.word(cell.status.code()).to_owned()] } else { readings }
}

/// The cell of a series in a column of a table; a figure of one day stands in the column of its year.
pub(super) fn cell_at<'o>(outline: &'o Outline<'_>, selector: &Selector, period: &Period) -> Option<&'o ReleasedCell> {
    match outline.released.lookup(&selector.indicator, period, &selector.codes) {
        Lookup::Found(cell) if !cell.period.is_day() || period.whole_year().is_some() => Some(cell),
        _ => None,
    }
}

/// Whether a part may be printed below a total: both are of the same period, a source of the total's first reading gives the
/// part's first, and each other reading of the part comes from a source that gives some total.
pub(super) fn fits(part: &ReleasedCell, total: Option<&ReleasedCell>) -> bool {
    if matches!(part.status, Status::NotReported | Status::NotApplicable) {
        return true;
    }
    let Some(total) = total.filter(|total| total.period == part.period) else { return false };
    let shared = |own: &[String], others: &[String]| own.iter().any(|source| others.contains(source));
    let given = |sources: &[String]| {
        shared(sources, &total.sources) || total.alternatives.iter().any(|other| shared(sources, &other.sources))
    };
    let others = part.alternatives.iter().filter(|_| part.contested);
    shared(&part.sources, &total.sources) && others.into_iter().all(|other| given(&other.sources))
}
