//! What a cell holds, and when it was counted.
//!
//! * Takes: the words of a cell.
//! * Gives: [`Value`], [`Qualifier`], [`Missing`] and [`Period`](period::Period), which every later wing speaks of.
//!
//! Imports no other wing.

mod cell;
pub(crate) mod period;

pub use cell::{Missing, Qualifier, Value, agree, satisfying};
