//! Prints a place without allocating a string.

use std::fmt::{Display, Formatter, Result};

use super::{Span, Visible};

/// `path:line:column`, or `path!sheet!cell` in a workbook.
pub(super) struct Place<'s>(pub(super) &'s Span);

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let path = Visible(self.0.path());
        if let Some(cell) = self.0.cell_name() {
            return write!(f, "{path}!{}", Visible(&cell));
        }
        let (line, column) = self.0.position();
        write!(f, "{path}:{line}:{column}")
    }
}
