//! What is made of the rows, `[[make]]`, and which rows are left, `[[skip]]`.

use std::collections::BTreeMap;

use super::codes::{self, State};
use super::origin::{self, From};
use super::pattern::{Pattern, folded};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::{Declaration, Located, Scalar, Shape, nearest};
use crate::project::schema::Schema;

/// Rows of one table that are made of some rows of the file.
#[derive(Debug, Clone)]
pub struct Make {
    /// Its place in the mapping.
    pub span: Span,
    /// The table.
    pub table: String,
    /// Whose folder its rows belong to, if not that of the mapping.
    pub into: Option<From>,
    /// Which rows it takes.
    pub wheres: Vec<Where>,
    /// The columns from which it takes cells; none for one row of ours for each row of the file.
    pub take: Vec<Located<Pattern>>,
    /// Whether rows of one key are added up.
    pub sum: Sum,
    /// What its cells without a number stand for, asked before those of the mapping.
    pub missing: BTreeMap<String, Located<State>>,
    /// The fields that it sets.
    pub fields: Vec<Given>,
}

/// A field and where it comes from.
#[derive(Debug, Clone)]
pub struct Given {
    /// The field.
    pub field: Located<String>,
    /// Where it comes from.
    pub from: From,
}

/// A column and the texts of which a row must hold one.
#[derive(Debug, Clone)]
pub struct Where {
    /// The column.
    pub column: String,
    /// The texts.
    pub texts: Vec<String>,
}

/// Whether rows of one key are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// They are not.
    No,
    /// Those of one file.
    File,
    /// Those of every file of one source.
    Files,
}

/// Rows that are left, with the reason.
#[derive(Debug, Clone)]
pub struct Left {
    /// Its place in the mapping.
    pub span: Span,
    /// Which rows.
    pub wheres: Vec<Where>,
    /// Why.
    pub why: String,
}

impl Make {
    /// Where a field comes from, if this sets it.
    #[must_use]
    pub fn given(&self, field: &str) -> Option<&Given> {
        self.fields.iter().find(|given| given.field.value == field)
    }
}

/// Reads every `[[make]]`.
/// Tells, too, whether somebody still has to decide the table of one.
pub(super) fn read(file: &mut Declaration<'_>, schemas: &[Schema], any_digits: bool) -> (Vec<Make>, bool) {
    let mut open = false;
    let makes = file.tables("make", |table| one(table, schemas, any_digits, &mut open));
    (makes.into_iter().flatten().collect(), open)
}

fn one(mut table: Declaration<'_>, schemas: &[Schema], any_digits: bool, open: &mut bool) -> Option<Make> {
    let span = table.span();
    let given = table.has("table");
    let name = table.required_text("table");
    let decided = codes::decided(&name, &mut table);
    *open |= !decided;
    let into = origin::into(&mut table, any_digits);
    let wheres = wheres(&mut table);
    let pattern = |text: Located<String>| Located { value: Pattern::read(&text.value), span: text.span };
    let take = table.texts("take").into_iter().map(pattern).collect();
    let sum = sum(&mut table);
    let missing = codes::missing(&mut table);
    let Some(schema) = decided.then(|| schema_of(&name, schemas, &mut table)).flatten().filter(|_| given) else {
        table.each(|_, _| ());
        return None;
    };
    let known = |key: &str| key != "source" && schema.field(key).is_some();
    let (mut fields, mut faults) = (Vec::new(), Vec::new());
    table.matching(known, |field, shape| match shape {
        Shape::List(_) => {
            let message = format!("`{}` is a constant, or a table that says where it comes from", field.value);
            faults.push(Diagnostic::error(Code::InvalidValue, field.span, message));
        }
        shape => fields.extend(origin::read(shape, any_digits).map(|from| Given { field, from })),
    });
    faults.into_iter().for_each(|fault| table.fault(fault));
    table.finish();
    Some(Make { span, table: name.value, into, wheres, take, sum, missing, fields })
}

/// The schema of a table that may be made.
fn schema_of<'s>(name: &Located<String>, schemas: &'s [Schema], table: &mut Declaration<'_>) -> Option<&'s Schema> {
    let found = schemas.iter().find(|schema| schema.name == name.value && schema.name != "sources");
    if found.is_none() && !name.value.is_empty() {
        let tables = || schemas.iter().map(|schema| schema.name.as_str()).filter(|table| *table != "sources");
        let hint = match nearest(&name.value, tables()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the tables are: {}", tables().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("there is no table `{}` that a mapping can make", name.value);
        table.fault(Diagnostic::error(Code::UnknownName, name.span.clone(), message).hint(hint));
    }
    found
}

fn sum(table: &mut Declaration<'_>) -> Sum {
    let (place, empty) = (table.key("sum"), table.empty_list("sum").is_some());
    let read = table.shape("sum", |shape| match shape {
        Shape::Scalar(sum) => match &sum.value {
            Scalar::Boolean(true) => Ok(Sum::File),
            Scalar::Boolean(false) => Ok(Sum::No),
            Scalar::Text(files) if files == "files" => Ok(Sum::Files),
            _ => Err(Some(sum.span)),
        },
        // Items that are no values are reported already.
        Shape::List(items) if items.is_empty() && !empty => Ok(Sum::No),
        _ => Err(None),
    });
    match read.unwrap_or(Ok(Sum::No)) {
        Ok(sum) => sum,
        Err(span) => {
            let message = "`sum` is `true`, or `\"files\"` to add across files";
            let fault = |span| Diagnostic::error(Code::InvalidValue, span, message);
            span.or(place).into_iter().for_each(|span| table.fault(fault(span)));
            Sum::No
        }
    }
}

/// Reads `where`.
fn wheres(table: &mut Declaration<'_>) -> Vec<Where> {
    let Some(mut conditions) = table.table("where") else { return Vec::new() };
    let mut wheres = Vec::new();
    conditions.each(|column, shape| {
        let texts = match shape {
            Shape::Scalar(text) => vec![folded(&text.value.written())],
            Shape::List(texts) => texts.iter().map(|text| folded(&text.value.written())).collect(),
            Shape::Table(mut other) => {
                let message = format!("`{}` must be a text, or a list of texts", column.value);
                let fault = Diagnostic::error(Code::InvalidValue, other.span(), message);
                other.fault(fault);
                return;
            }
        };
        wheres.push(Where { column: folded(&column.value), texts });
    });
    wheres
}

/// Reads every `[[skip]]`.
pub(super) fn left(file: &mut Declaration<'_>) -> Vec<Left> {
    file.tables("skip", |mut table| {
        let span = table.span();
        if !table.has("where") {
            let fault = Diagnostic::error(Code::MissingField, span.clone(), "the key `where` is missing");
            table.fault(fault.hint("say which rows are left: `where = { … }`"));
        }
        let wheres = wheres(&mut table);
        let why = table.required_text("why");
        codes::decided(&why, &mut table);
        let why = why.value;
        table.finish();
        Left { span, wheres, why }
    })
}
