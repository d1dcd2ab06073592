//! Which rows each make takes, which are left with a reason, and which nobody takes.

use std::collections::{BTreeSet, HashSet};

use super::answer::Rows;
use super::found::{Found, Wrong};
use super::marks::strip;
use crate::diagnostic::Code;
use crate::project::imports::{Mapping, Where};
use crate::tables::ingest::delivered::Value;

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
    let unread: Vec<usize> = kept.iter().copied().filter(|at| !is(&taken, *at)).collect();
    let columns = if unread.is_empty() { Vec::new() } else { deciding(mapping, rows) };
    for at in unread {
        let wrong = Wrong::new(
            Code::UnreadRow,
            format!("no [[make]] takes {}, and no [[skip]] leaves it", row_by(&columns, rows, at)),
        );
        let hint = "add what it is to the `where` of a [[make]], or leave it by a [[skip]] with the reason";
        let row = rows.body.rows.get(at).copied().unwrap_or(0);
        found.error((rows.frame.number, row, rows.frame.leftmost()), wrong.hint(hint));
    }
    let makes = taken.iter().map(|fits| kept.iter().copied().filter(|at| fits.get(*at) == Some(&true)).collect());
    Selected { makes: makes.collect(), hit }
}

/// The columns that decide which make takes a row, with their distinct cells, as far as these may be shown.
fn deciding(mapping: &Mapping, rows: Rows<'_>) -> Vec<(String, usize, Vec<Value>)> {
    if rows.frame.sheet.source.confidential {
        return Vec::new();
    }
    let conditions = mapping.makes.iter().flat_map(|make| &make.wheres);
    let columns: BTreeSet<&String> = conditions.map(|condition| &condition.column).collect();
    let read = |name: &String| {
        let column = rows.frame.named.get(name).copied()?;
        Some((name.clone(), column, rows.frame.values(column)))
    };
    columns.into_iter().filter_map(read).collect()
}

/// A row by its texts in some columns.
fn row_by(columns: &[(String, usize, Vec<Value>)], rows: Rows<'_>, at: usize) -> String {
    let text = |(name, column, values): &(String, usize, Vec<Value>)| {
        let value = values.get(rows.code(*column, at))?;
        Some(format!("`{name}` is `{}`", value.text))
    };
    let texts: Vec<String> = columns.iter().filter_map(text).collect();
    if texts.is_empty() { "this row".to_owned() } else { format!("this row, where {}", texts.join(" and ")) }
}

/// For each row whether it fits all conditions.
fn fits(mapping: &Mapping, rows: Rows<'_>, wheres: &[Where]) -> Vec<bool> {
    let mut fits = vec![true; rows.body.rows.len()];
    for condition in wheres {
        let Some(column) = rows.frame.named.get(&condition.column).copied() else { continue };
        let texts: HashSet<&str> = condition.texts.iter().map(String::as_str).collect();
        let is_wanted = |text: &str| texts.contains(text);
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
