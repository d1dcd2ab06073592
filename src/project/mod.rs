//! Everything that is declared: report, tables, countries, indicators, languages, donors, fonts, and what was released before.
//!
//! * Takes: the folders `data/` and `templates/`. The folders are the registry; no list repeats them.
//! * Gives: a [`Project`] whose declarations are checked each by itself and against each other, or every fault of them.
//!
//! Nothing in the program names a country (but for the list of all codes), a language, a section or an indicator.
//!
//! | module | owns |
//! |---|---|
//! | [`declaration`] | one file of TOML or JSON read key by key (**toml**, **jsonc-parser**) |
//! | [`iso3166`] | the codes of countries, and the nearest to a wrong one |
//! | [`face`] | the faces that text is set in (**dejavu**, **ttf-parser**, **typst-assets**) |
//! | [`schema`] | what a table may contain |
//! | [`country`], [`policy`], [`donor`], [`ledger`] | who publishes, what protects, who receives, what was released |
//! | [`text`], [`indicator`] | what a language says; what is measured and how it is drawn |
//! | `load` | all of them, discovered and related |

pub(crate) mod country;
pub(crate) mod declaration;
pub(crate) mod donor;
pub(crate) mod face;
pub(crate) mod indicator;
pub mod iso3166;
pub mod ledger;
mod load;
pub mod policy;
pub(crate) mod schema;
pub mod text;

pub use load::{Document, DocumentKind, Project, Report, SNAPSHOTS, Section, holds_old_snapshots, templates};
