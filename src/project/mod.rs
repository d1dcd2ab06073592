//! All declarations: report, tables, countries, indicators, languages, donors, fonts, and earlier register releases.
//!
//! * Takes: the folders `data/` and `templates/`. The folders are the registry; no list repeats them. What a project lacks of
//!   templates, schemas and texts is read from the program.
//! * Gives: a [`Project`] whose declarations were checked one by one and against each other, or every fault found in them.
//!
//! No code names a country, a language, a section or an indicator; only the list of all country codes does.
//!
//! | module | owns |
//! |---|---|
//! | [`declaration`] | reading a file of TOML or JSON key by key (**toml**, **jsonc-parser**) |
//! | [`iso3166`] | the country codes, and suggestions for a wrong one |
//! | [`face`] | the fonts of the documents (**dejavu**, **ttf-parser**, **typst-assets**) |
//! | [`schema`] | the columns of each table and what their cells may hold |
//! | [`engine`] | where a register is counted that is kept in a database |
//! | [`country`], [`policy`], [`late`], [`donor`] | the countries, the disclosure policy, when years close, the donors |
//! | [`correction`] | the figures that were printed wrongly, and why |
//! | [`letter`] | the letters that go to donors with their documents |
//! | [`approval`] | who must approve a document before it is published |
//! | [`publisher`], [`theme`] | who signs the documents; the colours of pages and charts |
//! | [`ledger`], [`custody`](mod@custody) | the earlier releases; what the custodian keeps of the years that they closed |
//! | [`imports`] | which cells of delivered files become which rows |
//! | [`visits`] | what was found at the addresses of sources |
//! | [`text`], [`indicator`] | the texts of each language; what each indicator measures and how it is drawn |
//! | [`format`](mod@format) | the format of a project |
//! | [`carried`], [`packaged`] | the files that the program carries (**`include_dir`**), and those of its package |
//! | [`reference`](mod@reference) | what may be written in each file, as schemas for editors and as a page |
//! | `load` | finding and reading all of them, and checking them against each other |

pub(crate) mod approval;
pub mod carried;
pub(crate) mod correction;
pub(crate) mod country;
pub mod custody;
pub(crate) mod declaration;
pub(crate) mod donor;
pub(crate) mod engine;
pub(crate) mod face;
pub mod format;
pub(crate) mod imports;
pub(crate) mod indicator;
pub mod iso3166;
pub mod late;
pub mod ledger;
pub(crate) mod letter;
pub(crate) mod load;
pub mod packaged;
pub mod policy;
pub(crate) mod publisher;
pub mod reference;
pub(crate) mod schema;
pub mod text;
pub(crate) mod theme;
pub mod visits;

pub use load::{CORRECTIONS, Chosen, LETTERS, Letters, path_of_correction, reason_place};
pub use load::{Document, DocumentKind, DraftReason, Project, Report, SNAPSHOTS, Section};
pub use load::{Imports, Mapped, custody};
pub use load::{
    face_in, filled, follow, format as format_of, holds_old_snapshots, own_or_carried, report as report_of, templates,
    unsafe_path,
};
