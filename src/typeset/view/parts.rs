//! Which rows are printed as parts of the total above them: those whose every number is given by a source that gives that
//! total, too. Any other stands in a row of its own (3.2.3).

use super::tables::cell_at;
use crate::indicator::Selector;
use crate::outline::Outline;
use crate::period::Period;
use crate::protect::{ReleasedCell, Status};

/// Whether a row of a table is one of parts: the table holds the total, and each cell fits under it.
pub(super) fn is_of_the_total(
    outline: &Outline<'_>,
    shown: &[(Selector, Vec<&ReleasedCell>)],
    selector: &Selector,
    columns: &[Period],
    cells: &[Option<&ReleasedCell>],
) -> bool {
    let is_total = |other: &Selector| other.indicator == selector.indicator && other.codes.is_empty();
    let Some((total, _)) = shown.iter().find(|(other, _)| is_total(other)) else { return false };
    let fits = |(period, cell): (&Period, &Option<&ReleasedCell>)| {
        cell.is_none_or(|cell| fits(cell, cell_at(outline, total, period)))
    };
    !selector.codes.is_empty() && columns.iter().zip(cells).all(fits)
}

/// Whether what is printed of a part stands within what is printed of the total: of the same period, its first reading by a
/// source of the total's first, each other reading by a source that gives some total.
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
