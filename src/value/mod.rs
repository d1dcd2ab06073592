//! The content of a cell, and the period it is about.
//!
//! * Takes: the text of a cell.
//! * Gives: [`Value`], [`Qualifier`], [`Missing`] and [`Period`](period::Period), which all later wings use.
//!
//! Imports no other wing.

mod cell;
pub mod period;

pub use cell::{Missing, Qualifier, Value, agree, satisfying};
