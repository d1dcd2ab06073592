//! What a table may contain: Frictionless Table Schema, with our extensions under `tipbrief:`.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::Regex;
use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The code of a margin: not broken down by this dimension.
pub const TOTAL: &str = "total";
/// The code of what is recorded as unknown.
pub const UNKNOWN: &str = "unknown";
/// In a condition: the country whose folder it is.
pub const OWN: &str = "own";

/// One table kind, named after its file.
#[derive(Debug)]
pub struct Schema {
    /// The file's stem: `cases`.
    pub name: String,
    /// The columns.
    pub fields: Vec<Field>,
    /// The fields that together identify a row; empty when nothing does.
    pub primary_key: Vec<String>,
    /// References to other tables of the same country.
    pub foreign_keys: Vec<ForeignKey>,
    /// How its rows are observations; none for a table that is not counted.
    pub observations: Option<Observations>,
}

/// Which columns make a row an observation.
#[derive(Debug)]
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

/// One column.
#[derive(Debug)]
pub struct Field {
    /// Its label.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// What its cells must satisfy.
    pub constraints: Constraints,
    /// Codes and what a reader sees for them.
    pub labels: BTreeMap<String, String>,
    /// Cells that declare a missing value, with the state each declares.
    pub missing: BTreeMap<String, String>,
    /// Whether the column must be there.
    pub required_column: bool,
    /// Whether its cells name sections of the brief, which the folders of indicators declare.
    pub section: bool,
}

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number, kept as it was written.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A day, `2007-10-05`.
    Date,
    /// A calendar year.
    Year,
    /// A period in the sense of [`crate::period::Period`].
    Period,
}

/// Table Schema constraints, tested on each distinct cell.
#[derive(Debug, Default)]
pub struct Constraints {
    /// The cell may not be empty.
    pub required: bool,
    /// No cell occurs twice.
    pub unique: bool,
    /// The only values allowed.
    pub allowed: Vec<String>,
    /// The least number.
    pub minimum: Option<f64>,
    /// The greatest number.
    pub maximum: Option<f64>,
    /// The least count of characters.
    pub min_length: Option<usize>,
    /// The greatest count of characters.
    pub max_length: Option<usize>,
    /// A regular expression that the whole cell matches.
    pub pattern: Option<Regex>,
}

/// A reference to another table.
#[derive(Debug)]
pub struct ForeignKey {
    /// The field that refers.
    pub field: String,
    /// The table referred to.
    pub table: String,
    /// Its field.
    pub target: String,
}

impl Schema {
    /// Reads a schema file; what is wrong is reported, and the schema then missing.
    pub fn parse(name: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        // An empty file was reported as that.
        if source.bytes.is_empty() {
            return None;
        }
        let parsed: Result<Descriptor, _> = serde_json::from_slice(&source.bytes);
        let descriptor = match parsed {
            Ok(descriptor) => descriptor,
            Err(error) => {
                let span = at(source, error.line(), error.column());
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or_default().to_owned();
                diagnostics.push(Diagnostic::error(Code::SchemaError, span, message));
                return None;
            }
        };
        let mut fault = |message: String| {
            diagnostics.push(Diagnostic::error(Code::SchemaError, Span::start_of(source), message));
        };
        let observations = descriptor.observations();
        let fields: Vec<Field> = descriptor.fields.into_iter().filter_map(|raw| field(raw, &mut fault)).collect();
        let named = |field: &String| fields.iter().any(|f| &f.name == field);
        let referred = observations.iter().flat_map(Observations::columns).chain(descriptor.primary_key.iter());
        for missing in referred.filter(|field| !named(field)) {
            fault(format!("the schema refers to `{missing}`, which is none of its fields"));
        }
        Some(Self {
            name: name.to_owned(),
            primary_key: descriptor.primary_key,
            foreign_keys: descriptor.foreign_keys.into_iter().filter_map(RawForeignKey::read).collect(),
            observations,
            fields,
        })
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
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

impl Field {
    /// What a reader sees for `code`: its declared label, or the code itself.
    #[must_use]
    pub fn label<'l>(&'l self, code: &'l str) -> &'l str {
        self.labels.get(code).map_or(code, String::as_str)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    fields: Vec<RawField>,
    #[serde(default)]
    primary_key: Vec<String>,
    #[serde(default)]
    foreign_keys: Vec<RawForeignKey>,
    #[serde(rename = "tipbrief:measure")]
    measure: Option<String>,
    #[serde(rename = "tipbrief:period")]
    period: Option<String>,
    #[serde(rename = "tipbrief:value")]
    value: Option<String>,
    #[serde(default, rename = "tipbrief:dimensions")]
    dimensions: Vec<String>,
    #[serde(rename = "tipbrief:subject")]
    subject: Option<String>,
    #[serde(default, rename = "tipbrief:stock")]
    stock: Vec<String>,
}

impl Descriptor {
    fn observations(&self) -> Option<Observations> {
        if self.measure.is_none() && self.value.is_none() {
            return None;
        }
        Some(Observations {
            measure: self.measure.clone(),
            period: self.period.clone().unwrap_or_else(|| "period".into()),
            value: self.value.clone().unwrap_or_else(|| "count".into()),
            dimensions: self.dimensions.clone(),
            subject: self.subject.clone(),
            stock: self.stock.clone(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    name: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    constraints: RawConstraints,
    #[serde(default)]
    categories: Vec<Labelled>,
    #[serde(default)]
    missing_values: Vec<Labelled>,
    #[serde(rename = "tipbrief:kind")]
    ours: Option<String>,
    #[serde(rename = "tipbrief:column")]
    column: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Labelled {
    Bare(String),
    With { value: String, label: Option<String> },
}

impl Labelled {
    fn pair(self) -> (String, String) {
        match self {
            Self::Bare(value) => (value.clone(), value),
            Self::With { value, label } => (value.clone(), label.unwrap_or(value)),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct RawConstraints {
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default, rename = "enum")]
    allowed: Vec<serde_json::Value>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<String>,
}

#[derive(Deserialize)]
struct RawForeignKey {
    fields: OneOrMany,
    reference: RawReference,
}

#[derive(Deserialize)]
struct RawReference {
    #[serde(default)]
    resource: String,
    fields: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn first(self) -> Option<String> {
        match self {
            Self::One(field) => Some(field),
            Self::Many(fields) => fields.into_iter().next(),
        }
    }
}

impl RawForeignKey {
    fn read(self) -> Option<ForeignKey> {
        let table = self.reference.resource;
        Some(ForeignKey { field: self.fields.first()?, table, target: self.reference.fields.first()? })
    }
}

fn field(raw: RawField, fault: &mut impl FnMut(String)) -> Option<Field> {
    let kind = match (raw.ours.as_deref(), raw.kind.as_deref()) {
        (Some("period"), _) => Kind::Period,
        (_, None | Some("string" | "any")) => Kind::Text,
        (_, Some("integer")) => Kind::Integer,
        (_, Some("number")) => Kind::Number,
        (_, Some("boolean")) => Kind::Boolean,
        (_, Some("date")) => Kind::Date,
        (_, Some("year")) => Kind::Year,
        (_, Some(other)) => {
            fault(format!("the field `{}` has the type `{other}`, which is not supported", raw.name));
            return None;
        }
    };
    let limits = raw.constraints;
    let pattern = limits.pattern.and_then(|pattern| {
        if let Ok(pattern) = Regex::new(&format!("^(?:{pattern})$")) {
            Some(pattern)
        } else {
            fault(format!("the pattern `{pattern}` of `{}` is not a regular expression", raw.name));
            None
        }
    });
    let allowed = limits.allowed.into_iter().map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
    let constraints = Constraints {
        required: limits.required,
        unique: limits.unique,
        allowed: allowed.collect(),
        minimum: limits.minimum,
        maximum: limits.maximum,
        min_length: limits.min_length,
        max_length: limits.max_length,
        pattern,
    };
    Some(Field {
        name: raw.name,
        kind,
        constraints,
        labels: raw.categories.into_iter().map(Labelled::pair).collect(),
        missing: raw.missing_values.into_iter().map(Labelled::pair).filter(|(value, _)| !value.is_empty()).collect(),
        required_column: raw.column.as_deref() == Some("required"),
        section: raw.ours.as_deref() == Some("section"),
    })
}

/// The span of one character at a line and column as `serde_json` counts them.
fn at(source: &Arc<Source>, line: usize, column: usize) -> Span {
    let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', &source.bytes).map(|at| at + 1));
    let start = starts.into_iter().nth(line.saturating_sub(1)).unwrap_or(0) + column.saturating_sub(1);
    Span::new(source, start..start + 1)
}
