//! The columns of each table and what their cells may hold: Frictionless Table Schema, with our extensions under `tipbrief:`.
//!
//! The standard's types `object`, `array`, `duration`, `geopoint` and `geojson` are not read; no table here needs them.
//! An empty cell is always a missing value, even if `missingValues` does not list it.
//!
//! | under `tipbrief:` | of | meaning |
//! |---|---|---|
//! | `measure`, `period`, `value` | a table | the fields that make a row an observation |
//! | `dimensions`, `subject` | a table | its dimensions, and the one that names the subject of a row |
//! | `stock`, `unit` | a table | the codes of the measure that count a stock; the unit counted |
//! | `kind` | a field | `period`, `section`, `age_group`, `country`, `count`, `value` |
//! | `column` | a field | `required`: the column must be there |
//! | `labels` | a field | the printed labels of some of the codes that a pattern allows |
//! | `expected` | a field | a description of a correct cell, for messages |
//! | `within` | a field | the two date fields between which its period must lie |

mod broken;
mod codes;
mod descriptor;
mod field;
mod fields;
mod kind;
mod limits;
mod logical;
mod observed;
mod references;
mod typed;
mod writing;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::{Declaration, Located, nearest};

pub use broken::Broken;
pub use field::{Bound, Field, Printing, StandsFor};
pub use kind::Kind;
pub use references::relate;
pub use writing::Format;

/// The code of a total: not broken down by this dimension.
pub const TOTAL: &str = "total";
/// The code for "recorded as unknown".
pub const UNKNOWN: &str = "unknown";
/// The code that replaces the codes of a register that are too rare to be named. No table may contain it.
pub const REST: &str = "rest";
/// In a condition: the country whose data it is.
pub const OWN: &str = "own";

/// One table kind, named after its file.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The file's stem: `cases`.
    pub name: String,
    /// The unit of what it counts, if it counts one.
    pub unit: Option<String>,
    /// The columns.
    pub fields: Vec<Field>,
    /// How the columns of a file must match the fields.
    pub fields_match: FieldsMatch,
    /// The fields that together identify a row; empty if there is no such key.
    pub primary_key: Vec<String>,
    /// Further sets of fields whose values occur only once; rows with a missing value among them are not compared.
    pub unique_keys: Vec<Vec<String>>,
    /// References to other tables of the same country.
    pub foreign_keys: Vec<ForeignKey>,
    /// The columns that make its rows observations; none for a table that is not counted.
    pub observations: Option<Observations>,
}

/// How the columns of a file must match the fields of its schema: `fieldsMatch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldsMatch {
    /// Every field has its column, in the order of the fields, and there are no others; the standard's default.
    #[default]
    Exact,
    /// Every field has its column, in any order, and there are no others.
    Equal,
    /// Every field has its column, in any order; other columns are allowed.
    Subset,
    /// Every column belongs to a field, in any order; fields may have no column.
    Superset,
    /// At least one field has its column; others may have none, and other columns are allowed.
    Partial,
}

/// The columns that make a row an observation.
#[derive(Debug, Clone)]
pub struct Observations {
    /// The column whose code names the measure; none if the table has a single measure, named like its value column.
    pub measure: Option<String>,
    /// The column with the period.
    pub period: String,
    /// The column with the value.
    pub value: String,
    /// The dimensions, in the order of figure ids.
    pub dimensions: Vec<String>,
    /// The dimension that names the subject of a row (a rated country): several subjects are not a breakdown.
    pub subject: Option<String>,
    /// The codes that count a stock, which is never added over time.
    pub stock: Vec<String>,
}

/// A reference to another table, field by field.
#[derive(Debug, Clone)]
pub struct ForeignKey {
    /// The fields that refer.
    pub fields: Vec<String>,
    /// The table referred to; empty for this table itself.
    pub table: String,
    /// The fields it refers to, as many and in the same order.
    pub targets: Vec<String>,
    /// The places where the table and its fields are named.
    places: (Span, Vec<Span>),
}

impl Schema {
    /// Reads a schema file and reports its faults. A file that cannot be read at all gives a schema without fields.
    pub fn parse(name: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Self {
        match Declaration::json(source, diagnostics) {
            Some(file) => descriptor::read(name, file),
            None => Self { name: name.to_owned(), ..Self::default() },
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl FieldsMatch {
    /// Each by its name in the standard.
    const NAMES: [(&'static str, Self); 5] = [
        ("exact", Self::Exact),
        ("equal", Self::Equal),
        ("subset", Self::Subset),
        ("superset", Self::Superset),
        ("partial", Self::Partial),
    ];
}

impl Observations {
    fn columns(&self) -> impl Iterator<Item = &String> {
        self.measure.iter().chain([&self.period, &self.value]).chain(&self.dimensions)
    }

    /// Whether every observation needs a cell in this column.
    #[must_use]
    pub fn requires(&self, field: &str) -> bool {
        self.columns().any(|column| column == field)
    }

    /// Whether `code` counts a stock.
    #[must_use]
    pub fn is_stock(&self, code: &str) -> bool {
        self.stock.iter().any(|stock| stock == code)
    }
}

/// A fault in a schema.
fn fault(span: Span, message: impl Into<Arc<str>>) -> Diagnostic {
    Diagnostic::error(Code::SchemaError, span, message)
}

/// The hint for a word that is not among the `known` ones.
fn instead<'k>(word: &str, what: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    match nearest(word, known.clone()).or_else(|| same_letters(word, known.clone())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the {what} are: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// The word that differs only in capitals.
fn same_letters<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known.into_iter().find(|known| known.eq_ignore_ascii_case(word))
}

/// Reports a name that is not a field of the table.
fn known_field(file: &mut Declaration<'_>, named: &Located<String>, fields: &[&str]) -> bool {
    // A schema without fields is a fault already.
    let known = fields.is_empty() || fields.contains(&named.value.as_str());
    if !known {
        let message = format!("`{}` is not one of the fields", named.value);
        let hint = instead(&named.value, "fields", fields.iter().copied());
        file.fault(fault(named.span.clone(), message).hint(hint));
    }
    known
}
