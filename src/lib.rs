//! `tipbrief` compiles tables about trafficking in persons into printable country briefs: CSV in, PDF out, and every
//! number on paper traced, checked and safe to publish. The wings, in the order of the way; each imports only earlier ones.
//!
//! ```text
//! project ─▶ tables ─▶ figures ─▶ disclosure ─▶ snapshots ─▶ document ─▶ delivery      (cli calls, value and diagnostic serve)
//! Project    Dataset   Summaries  Release       Record       Document    output/
//! ```
//!
//! These rules hold everywhere; the rules of one wing are at the head of its `mod.rs`:
//!
//! * Every error is reported at its cell, all errors of a run at once. A panic stops one country, and is reported by its place alone.
//! * Positions end with `tables`, languages begin with `document`, and nothing after `disclosure` reaches an unprotected number.
//! * Only the ends touch the disk (`project`, `tables`, `snapshots`, the staging of `typeset`, `delivery`, `new`, `init`); the stages
//!   between are pure. Only `delivery::send` and `delivery::links` reach a network; `delivery::preview` listens, at this machine alone.

pub mod cli;
pub mod delivery;
pub mod diagnostic;
pub mod disclosure;
pub mod document;
pub mod figures;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod project;
pub mod snapshots;
pub mod tables;
pub mod value;

pub use cli::progress::{Progress, Step};
pub use cli::{
    approve::{approve, withdraw},
    audit::audit,
    build::build,
    check::check,
    count::count_register,
    diff::diff,
    explain::explain,
    init::init,
    keep::keep,
    new::new,
};
pub use cli::{release::correct_register, release::release_register, send::send, sql::sql, verify::verify};
pub use delivery::build::Built;
