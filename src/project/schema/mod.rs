//! What a table may contain: Frictionless Table Schema, with our extensions under `tipbrief:`.
//!
//! The standard's types `object`, `array`, `duration`, `geopoint` and `geojson` are not read; no table here needs them.
//! An empty cell is always a missing value, whatever `missingValues` says.
//!
//! | under `tipbrief:` | of | says |
//! |---|---|---|
//! | `measure`, `period`, `value` | a table | which fields make a row an observation |
//! | `dimensions`, `subject` | a table | its dimensions, and which of them names whom a row is about |
//! | `stock`, `unit` | a table | the codes of the measure that count a stock; what is counted |
//! | `kind` | a field | `period`, `section`, `age_group`, `country`, `count`, `value` |
//! | `column` | a field | `required`: the column must be there |
//! | `labels` | a field | what a reader sees for some of the codes that a pattern allows |
//! | `expected` | a field | what a well-written cell looks like, for messages |
//! | `within` | a field | the two fields of dates whose stretch holds its period |

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

pub use field::{Bound, Constraints, Field, Printing, StandsFor};
pub use kind::Kind;
pub use logical::Logical;
pub use references::relate;
pub use writing::Format;

/// The code of a margin: not broken down by this dimension.
pub const TOTAL: &str = "total";
/// The code of what is recorded as unknown.
pub const UNKNOWN: &str = "unknown";
/// The code of everybody in a register whose own code is too rare to be named. No table may hold it.
pub const REST: &str = "rest";
/// In a condition: the country whose folder it is.
pub const OWN: &str = "own";

/// One table kind, named after its file.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The file's stem: `cases`.
    pub name: String,
    /// The columns.
    pub fields: Vec<Field>,
    /// How the columns of a file answer to the fields.
    pub fields_match: FieldsMatch,
    /// The fields that together identify a row; empty when nothing does.
    pub primary_key: Vec<String>,
    /// Further fields that together occur once; a row with an empty cell or a missing value among them is left out.
    pub unique_keys: Vec<Vec<String>>,
    /// References to other tables of the same country.
    pub foreign_keys: Vec<ForeignKey>,
    /// How its rows are observations; none for a table that is not counted.
    pub observations: Option<Observations>,
}

/// How the columns of a file answer to the fields of its schema: `fieldsMatch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldsMatch {
    /// Every field has its column, in the order of the fields, and nothing else stands there; the standard's default.
    #[default]
    Exact,
    /// Every field has its column, in any order, and nothing else stands there.
    Equal,
    /// Every field has its column, in any order; other columns may stand there.
    Subset,
    /// Every column is a field's, in any order; fields may lack theirs.
    Superset,
    /// At least one field has its column; others may lack theirs, and other columns may stand there.
    Partial,
}

/// Which columns make a row an observation.
#[derive(Debug, Clone)]
pub struct Observations {
    /// The column whose code names the measure; none when the table has one measure, its value column's name.
    pub measure: Option<String>,
    /// The column with the period.
    pub period: String,
    /// The column with the value.
    pub value: String,
    /// The dimensions, in the order of figure ids.
    pub dimensions: Vec<String>,
    /// The dimension that names whom a row is about (a rated country): several of them are no breakdown.
    pub subject: Option<String>,
    /// The codes that count a stock: never added over time.
    pub stock: Vec<String>,
}

/// A reference to another table, field by field.
#[derive(Debug, Clone)]
pub struct ForeignKey {
    /// The fields that refer.
    pub fields: Vec<String>,
    /// The table referred to; empty for this table itself.
    pub table: String,
    /// Its fields, as many, in the same order.
    pub targets: Vec<String>,
    /// Where the table and its fields are named.
    places: (Span, Vec<Span>),
}

impl Schema {
    /// Reads a schema file; what is wrong is reported. One that cannot be read at all has no fields.
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

    /// Whether an observation cannot do without this column's cell.
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

/// A fault of a schema.
fn fault(span: Span, message: impl Into<Arc<str>>) -> Diagnostic {
    Diagnostic::error(Code::SchemaError, span, message)
}

/// What to do about a word that is none of the `known` ones.
fn instead<'k>(word: &str, what: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    match nearest(word, known.clone()).or_else(|| same_letters(word, known.clone())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the {what} are: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// The word that differs in nothing but capitals.
fn same_letters<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known.into_iter().find(|known| known.eq_ignore_ascii_case(word))
}

/// Reports a name that is none of the table's fields.
fn known_field(file: &mut Declaration<'_>, named: &Located<String>, fields: &[&str]) -> bool {
    // Without fields the fault is theirs.
    let known = fields.is_empty() || fields.contains(&named.value.as_str());
    if !known {
        let message = format!("`{}` is none of the fields", named.value);
        let hint = instead(&named.value, "fields", fields.iter().copied());
        file.fault(fault(named.span.clone(), message).hint(hint));
    }
    known
}
