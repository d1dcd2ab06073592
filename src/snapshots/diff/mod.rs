//! The differences between two records of figures, figure by figure, with their causes. Pure: two records in, differences out.
//!
//! # Withdrawn values are not shown again
//!
//! An earlier value was public, and stays so in the snapshot that printed it. But a number that is withheld now was usually
//! withdrawn because it revealed too much, and printing it beside the note that it is withheld would undo that. So no answer
//! in any format shows the earlier value of a newly withheld figure, nor any earlier value from which it could be calculated:
//! one of the same country and table for an overlapping period (a margin or another part of it), or one from the same row (a
//! change, a share). `withdrawn` decides which, and they are removed before anything is rendered. Differences between two
//! values are never computed.

mod causes;
mod change;
mod comparison;
mod differences;
mod json;
mod markdown;
mod moves;
mod pair;
mod text;
mod withdrawn;
mod words;

pub use causes::{Because, CAUSES, Cause, RowChange};
pub use change::CellChange;
pub use comparison::{Comparison, Side, compare, left_out};
pub use differences::{Change, Difference, differences};
pub use json::json;
pub use markdown::markdown;
pub use pair::Pair;
pub use text::{figure_lines, text};
pub use words::reading;
