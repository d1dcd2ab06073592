//! Delivered files through their mappings: for each file, sheet, table and country the rows of ours, each with the cells that
//! it is made of, or every fault at its original cell.
//!
//! * Takes: a [`Mapping`], the bytes of its files, the schemas and the countries of the project.
//! * Gives: an [`Imported`], of which nothing but the rows and their cells is kept.
//!
//! Each distinct text is translated once; rows hold numbers of texts. Places are looked up only for what is reported or shown.
//!
//! | module | owns |
//! |---|---|
//! | `labels`, `frame` | where the labels stand, and which columns are read |
//! | `body`, `select` | which rows the table has, and what takes them |
//! | `marks`, `number`, `taken`, `lookup`, `answer` | what a cell is, as a value of a field |
//! | `remarks`, `totals`, `block`, `pass` | the rows that one make takes from one column |
//! | `gather`, `sum` | sums, keys, and the order of rows |
//! | `made`, `standing`, `ground`, `fed` | the rows as tables, where each of their cells stands, and whom they feed |
//! | `stage` | all mappings of a project |
//! | `kept` | rows that stand in for a file that is not there |
//! | `draft` | a first mapping of a file, and what a mapping lacks for one |

mod answer;
mod block;
mod body;
pub mod draft;
mod fed;
mod files;
mod found;
mod frame;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod gather;
mod ground;
mod kept;
mod labels;
mod lookup;
mod made;
mod marks;
mod number;
mod pass;
mod remarks;
mod row;
mod select;
mod sheets;
mod sources;
mod stage;
mod standing;
mod sum;
mod taken;
mod texts;
mod totals;

use std::sync::Arc;

use crate::diagnostic::{Bytes, Diagnostics};
use crate::project::imports::Mapping;
use crate::project::schema::Schema;
use crate::tables::ingest::delivered::DeliveredSheet;
use fed::Fed;
use found::Found;
use ground::Ground;
use row::Gathering;

pub use files::present;
pub use kept::{imported, lines as kept_lines};
pub use made::{BETWEEN, Imported, Made};
pub use sources::known;
pub use stage::tables;

/// A file of a mapping, as far as it is there.
pub struct Present {
    /// Which of the mapping's files it is.
    pub file: usize,
    /// Its path from the root.
    pub path: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// Makes rows of the files of a mapping, for these countries. What is wrong with the files is reported in `diagnostics`; rows
/// that are sound are there all the same.
#[must_use]
pub fn import(
    mapping: &Mapping,
    present: Vec<Present>,
    schemas: &[Schema],
    countries: &[String],
    diagnostics: &mut Diagnostics,
) -> Imported {
    let mut found = Found::of(mapping.partial);
    let read = sheets::read(mapping, present, schemas, countries, &mut found);
    let sheets::Read { sheets, files, mut blocks, mut texts } = read;
    let gathering = Gathering { mapping, schemas, sheets: &sheets, files: &files };
    let ground = Ground::of(&mut blocks, &sheets);
    let rows = gathering.rows(blocks, &mut texts, &mut found);
    let fed = Fed::of(mapping, &files, &found);
    let imported = made::made(mapping, schemas, rows, texts, (ground, fed), &files);
    report(found, imported.sheets(), diagnostics);
    imported
}

fn report(found: Found, sheets: &[Arc<DeliveredSheet>], diagnostics: &mut Diagnostics) {
    found.diagnostics(sheets).into_iter().for_each(|fault| diagnostics.push(fault));
}
