//! What marks say of a row: notes, from left to right, each once, and how exact its number is.

use std::collections::HashMap;

use super::answer::Rows;
use super::marks::strip;
use super::texts::{EMPTY, Texts};
use crate::project::imports::{From, Make, Mapping};

/// The marks of the rows of a make.
pub(super) struct Remarks {
    /// Those of the row headers, from the left: a column, and the marks of its distinct cells.
    headers: Vec<(usize, Vec<Vec<usize>>)>,
    /// Those of each section, the first for rows above all.
    sections: Vec<Vec<usize>>,
    known: HashMap<Vec<usize>, (u32, Exactness)>,
}

/// What marks say of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exactness {
    /// The number of a qualifier's text; that of the empty one for none.
    Is(u32),
    /// Two different qualifiers.
    Contradictory,
}

impl Remarks {
    pub(super) fn of(mapping: &Mapping, make: &Make, rows: Rows<'_>) -> Self {
        let marks = &mapping.marks;
        let own = make.fields.iter().map(|given| &given.from).chain(mapping.folder_of(make));
        let looked = own.filter_map(|from| match from {
            From::Looked(lookup) => Some(lookup.columns()),
            From::Constant(_) => None,
        });
        let wheres = make.wheres.iter().map(|condition| condition.column.as_str());
        let named = looked.flatten().chain(wheres).filter_map(|name| rows.frame.named.get(name).copied());
        let mut columns: Vec<usize> = named.chain(rows.frame.fill.iter().copied()).collect();
        columns.sort_unstable_by_key(|column| (rows.frame.at(*column), *column));
        columns.dedup();
        let header = |column: usize| {
            let found: Vec<Vec<usize>> =
                rows.frame.values(column).iter().map(|value| strip(&value.text, marks, false).marks).collect();
            found.iter().any(|marks| !marks.is_empty()).then_some((column, found))
        };
        let headers = if marks.is_empty() { Vec::new() } else { columns.into_iter().filter_map(header).collect() };
        let section = |(row, column): &(usize, usize)| strip(rows.frame.sheet.text(*row, *column), marks, false).marks;
        let sections = std::iter::once(Vec::new()).chain(rows.body.sections.iter().map(section)).collect();
        Self { headers, sections, known: HashMap::new() }
    }

    /// The note and the exactness of the `at`-th row, with the marks of its label and its taken cell.
    pub(super) fn row(
        &mut self,
        mapping: &Mapping,
        rows: Rows<'_>,
        at: usize,
        (label, taken): (&[usize], &[usize]),
        texts: &mut Texts,
    ) -> (u32, Exactness) {
        let section = rows.body.section.get(at).and_then(|section| self.sections.get(*section));
        let plain = self.headers.is_empty() && label.is_empty() && taken.is_empty();
        if plain && section.is_none_or(Vec::is_empty) {
            return (EMPTY, Exactness::Is(EMPTY));
        }
        let mut all = label.to_vec();
        all.extend(section.into_iter().flatten());
        for (column, marks) in &self.headers {
            all.extend(marks.get(rows.code(*column, at)).into_iter().flatten());
        }
        all.extend(taken);
        *self.known.entry(all).or_insert_with_key(|all| noted(mapping, all, texts))
    }
}

/// What marks say together.
fn noted(mapping: &Mapping, marks: &[usize], texts: &mut Texts) -> (u32, Exactness) {
    let (mut notes, mut qualifiers): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for mark in marks.iter().filter_map(|at| mapping.marks.get(*at)) {
        notes.extend(mark.note.as_deref().filter(|note| !notes.contains(note)));
        qualifiers.extend(mark.qualifier.as_deref().filter(|qualifier| !qualifiers.contains(qualifier)));
    }
    let exactness = match qualifiers.as_slice() {
        [] => Exactness::Is(EMPTY),
        [one] => Exactness::Is(texts.number(one)),
        _ => Exactness::Contradictory,
    };
    (texts.number(&notes.join(NOTES)), exactness)
}

/// What stands between two notes.
pub(super) const NOTES: &str = "; ";
