//! Rows and columns that a file writes once and repeats.

use super::super::sheet::Hidden;
use super::attributes::Attributes;

/// The most rows and columns of a sheet.
const MOST: u32 = 1 << 24;

/// How often an element is repeated.
pub(super) fn repeated(attributes: &Attributes, name: &str) -> u32 {
    attributes.number(name).unwrap_or(1).clamp(1, MOST)
}

/// The columns declared before the cells: their styles, each with the first column after them.
#[derive(Default)]
pub(super) struct Columns {
    styles: Vec<(u32, Option<String>)>,
    next: u32,
}

impl Columns {
    /// Adds columns, and returns which of them are hidden.
    pub(super) fn push(&mut self, attributes: &Attributes, hidden: bool) -> Option<Hidden> {
        let first = self.next;
        self.next = first.saturating_add(repeated(attributes, "table:number-columns-repeated"));
        self.styles.push((self.next, attributes.owned("table:default-cell-style-name")));
        (hidden || is_hidden(attributes)).then(|| Hidden::Columns { first, last: self.next - 1 })
    }

    pub(super) fn style(&self, column: u32) -> Option<&str> {
        let at = self.styles.partition_point(|(end, _)| *end <= column);
        self.styles.get(at)?.1.as_deref()
    }
}

/// Whether rows or columns are hidden.
pub(super) fn is_hidden(attributes: &Attributes) -> bool {
    attributes.get("table:visibility").is_some_and(|shown| shown != "visible")
}

/// Adds hidden rows or columns, joined with those just before them.
pub(super) fn hide(all: &mut Vec<Hidden>, next: Hidden) {
    match (all.last_mut(), next) {
        (Some(Hidden::Rows { last, filtered, .. }), Hidden::Rows { first, last: end, filtered: by_filter })
            if *last + 1 == first && *filtered == by_filter =>
        {
            *last = end;
        }
        (Some(Hidden::Columns { last, .. }), Hidden::Columns { first, last: end }) if *last + 1 == first => *last = end,
        _ => all.push(next),
    }
}
