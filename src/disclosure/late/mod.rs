//! Late cases: how many persons a closed year has gained, told in numbers that are rounded together, so that nobody follows.
//!
//! Each finest group of a closed year has a whole number z, and stands in print for base × z late cases. Every late figure is
//! the sum of its groups, so all figures of all releases are sums of one table, which never falls. That table, and the same
//! table with as many persons more in any one group as the threshold says, both agree with all that is printed: see
//! `docs/disclosure.md`, "Late cases". This module reads no disk and no clock.
//!
//! | module | owns |
//! |---|---|
//! | `chance` | numbers that the key decides |
//! | `key` | the custodian's key, and codes made with it |
//! | `year` | what a release finds of a closed year, and what it answers |
//! | `room` | what z may be, group by group and figure by figure |
//! | `sample` | z: one case in so many of those that came |
//! | `search` | exchanges of sampled cases where a figure is out of bounds |
//! | `ladder` | which figures are told, all of one rung or none |
//! | `verify` | the checker of an answer, which did not choose it |
//! | `ledgers` | the checker that sees the printed numbers only |
//! | `linked` | printed late figures as sums of one table |
//! | `fits` | whether whole numbers exist that have given sums |

mod chance;
mod fits;
mod key;
mod ladder;
mod ledgers;
mod linked;
mod room;
mod sample;
mod search;
mod verify;
mod year;

pub use key::Key;
pub use ladder::lay;
pub use ledgers::{
    Fault, PrintedFigure, PrintedLate, PrintedYear, What, check as check_ledgers, faults as faults_of_ledgers,
};
pub use verify::{Broken, verify};
pub use year::{ClosedYear, Figure, Former, Group, Layer, Rung, Terms, Unfit};
