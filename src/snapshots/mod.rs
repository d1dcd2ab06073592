//! An earlier state of the figures, and what has changed since.
//!
//! * Takes: a release; or the outputs of an earlier build; or a revision of `data/` in Git.
//! * Gives: [`Record`](record::Record)s, and the differences between two of them with their causes.
//!
//! A build reads no history: the snapshot before this one is a copy under `data/`, hashed like every input.
//!
//! | module | owns |
//! |---|---|
//! | [`record`] | figures as they were printed or may be |
//! | [`diff`] | what differs between two, and why; pure |
//! | [`correction`] | what declared corrections say, and which earlier numbers they may repeat |
//! | [`revision`] | a revision of `data/`, and registers kept out of it (**git**) |

pub mod correction;
pub mod diff;
pub mod record;
pub(crate) mod revision;
