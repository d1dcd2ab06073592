//! Which rows each make takes, which are left with a reason, and which nobody takes.

use super::answer::Rows;
use super::found::{Found, Wrong};
use super::marks::strip;
use crate::diagnostic::Code;
use crate::project::imports::{Mapping, Where};

/// The rows that each make takes, by their places among the rows of the table.
pub(super) struct Selected {
    pub(super) makes: Vec<Vec<usize>>,
    /// Whether each `[[skip]]` leaves a row.
    pub(super) hit: Vec<bool>,
}

/// Deals the rows of a table out to the makes.
pub(super) fn select(mapping: &Mapping, rows: Rows<'_>, found: &mut Found) -> Selected {
    let count = rows.body.rows.len();
    let left: Vec<Vec<bool>> = mapping.skips.iter().map(|skip| fits(mapping, rows, &skip.wheres)).collect();
    let taken: Vec<Vec<bool>> = mapping.makes.iter().map(|make| fits(mapping, rows, &make.wheres)).collect();
    let hit = left.iter().map(|rows| rows.contains(&true)).collect();
    let is = |lists: &[Vec<bool>], at: usize| lists.iter().any(|rows| rows.get(at) == Some(&true));
    let kept: Vec<usize> = (0..count).filter(|at| !is(&left, *at)).collect();
    for at in kept.iter().copied().filter(|at| !is(&taken, *at)) {
        let wrong = Wrong::new(Code::UnreadRow, "no [[make]] takes this row, and no [[skip]] leaves it");
        let hint = "add what it is to the `where` of a [[make]], or leave it by a [[skip]] with the reason";
        let row = rows.body.rows.get(at).copied().unwrap_or(0);
        found.error((rows.frame.number, row, rows.frame.leftmost()), wrong.hint(hint));
    }
    let makes = taken.iter().map(|fits| kept.iter().copied().filter(|at| fits.get(*at) == Some(&true)).collect());
    Selected { makes: makes.collect(), hit }
}

/// For each row whether it fits all conditions.
fn fits(mapping: &Mapping, rows: Rows<'_>, wheres: &[Where]) -> Vec<bool> {
    let mut fits = vec![true; rows.body.rows.len()];
    for condition in wheres {
        let Some(column) = rows.frame.named.get(&condition.column).copied() else { continue };
        let is_wanted = |text: &str| condition.texts.iter().any(|wanted| wanted == text);
        let wanted: Vec<bool> = rows
            .frame
            .values(column)
            .iter()
            .map(|value| is_wanted(&value.text) || is_wanted(&strip(&value.text, &mapping.marks, false).text))
            .collect();
        for (at, fits) in fits.iter_mut().enumerate() {
            *fits = *fits && wanted.get(rows.code(column, at)) == Some(&true);
        }
    }
    fits
}
