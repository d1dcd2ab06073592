//! Where a field comes from: a constant, or a place in the file and what is made of the text there.

use super::form::{Dating, Form, Upto};
use super::pattern::{Pattern, folded};
use crate::diagnostic::{Code, Diagnostic, Span, cell_of};
use crate::project::declaration::{Declaration, Item, Located, Scalar, Shape};

/// Where a field comes from.
#[derive(Debug, Clone)]
pub enum From {
    /// A value that is the same in every row.
    Constant(Located<String>),
    /// A text of the file.
    Looked(Lookup),
}

/// What a draft writes where somebody has to decide.
pub const OPEN: &str = "?";

impl From {
    /// Whether somebody still has to decide what it is.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Constant(constant) => constant.value == OPEN,
            Self::Looked(lookup) => lookup.open,
        }
    }
}

/// A text of the file, and what is made of it.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// Where it stands.
    pub at: At,
    /// What it must look like, and which part of it counts.
    pub like: Option<Pattern>,
    /// The tables in which it is looked up, in this order.
    pub codes: Vec<Located<String>>,
    /// How a period is written.
    pub dating: Option<Dating>,
    /// Whether somebody still has to decide how its periods are written.
    pub open: bool,
    /// Its place in the mapping.
    pub span: Span,
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// In the row, in this column.
    Column(String),
    /// In the row, in several columns, joined by ` | `.
    Columns(Vec<Part>),
    /// Over the taken cell: the row of labels, from 1, or the lowest label.
    Label(Option<usize>),
    /// In the row of one cell above.
    Section,
    /// In one cell of the sheet: row and column, from 0.
    Cell(usize, usize),
    /// In the name of the sheet.
    Sheet,
    /// In the taken cell.
    Value,
}

/// One of several columns, which may have codes of its own.
#[derive(Debug, Clone)]
pub struct Part {
    /// The column's name.
    pub column: String,
    /// Its codes.
    pub codes: Vec<Located<String>>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.column == other.column
    }
}

impl Eq for Part {}

impl Lookup {
    /// The columns that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let (one, several) = match &self.at {
            At::Column(column) => (Some(column.as_str()), &[][..]),
            At::Columns(parts) => (None, parts.as_slice()),
            _ => (None, &[][..]),
        };
        one.into_iter().chain(several.iter().map(|part| part.column.as_str()))
    }

    /// Every table of codes that it names.
    pub fn tables(&self) -> impl Iterator<Item = &Located<String>> {
        let parts = match &self.at {
            At::Columns(parts) => parts.as_slice(),
            _ => &[],
        };
        self.codes.iter().chain(parts.iter().flat_map(|part| &part.codes))
    }
}

/// Reads whose folder a row belongs to.
pub(super) fn into(table: &mut Declaration<'_>, any_digits: bool) -> Option<From> {
    let (place, empty) = (table.key("into"), table.empty_list("into").is_some());
    let read = table.shape("into", |shape| match shape {
        // Items that are no values are reported already.
        Shape::List(items) if items.is_empty() && !empty => Ok(None),
        Shape::List(_) => Err(()),
        shape => Ok(read(shape, any_digits)),
    });
    match (read, place) {
        (Some(Ok(from)), _) => from,
        (Some(Err(())), Some(place)) => {
            let message = "`into` is a country, or a table that says where it stands in the file";
            table.fault(Diagnostic::error(Code::InvalidValue, place, message));
            None
        }
        _ => None,
    }
}

/// Reads where a field comes from; `any_digits` holds for its periods.
pub(super) fn read(shape: Shape<'_>, any_digits: bool) -> Option<From> {
    match shape {
        Shape::Scalar(Located { value, span }) => {
            Some(From::Constant(Located { value: folded(&value.written()), span }))
        }
        Shape::Table(table) => lookup(table, any_digits).map(From::Looked),
        Shape::List(_) => None,
    }
}

fn lookup(mut table: Declaration<'_>, any_digits: bool) -> Option<Lookup> {
    let span = table.span();
    let at = at(&mut table);
    let like = table.text("like").map(|like| Pattern::read(&like.value));
    let codes = codes(&mut table);
    let (dating, open) = dating(&mut table, any_digits);
    table.finish();
    Some(Lookup { at: at?, like, codes, dating, open, span })
}

fn codes(table: &mut Declaration<'_>) -> Vec<Located<String>> {
    table.texts("codes")
}

/// The keys that say where a text stands.
const PLACES: [&str; 7] = ["column", "columns", "label", "section", "cell", "sheet", "value"];

/// The one place that is named.
fn at(table: &mut Declaration<'_>) -> Option<At> {
    let written = PLACES.iter().filter(|key| table.has(key)).count();
    let column = table.text("column").map(|column| At::Column(folded(&column.value)));
    let columns = columns(table);
    let label = table.has("label").then(|| table.scalar("label")).flatten();
    let label = label.and_then(|label| labelled(table, label));
    let mut switched = None;
    for (key, at) in [("section", At::Section), ("sheet", At::Sheet), ("value", At::Value)] {
        switched = table.switch(key).unwrap_or(false).then_some(at).or(switched);
    }
    let cell = table.text("cell").and_then(|cell| {
        let place = cell_of(&cell.value);
        if place.is_none() {
            let message = format!("`{}` is not a cell", cell.value);
            let fault = Diagnostic::error(Code::InvalidValue, cell.span, message);
            table.fault(fault.hint("write its letters and its row, such as `C6`"));
        }
        place.map(|(row, column)| At::Cell(row, column))
    });
    if written == 1 {
        return column.or(columns).or(label).or(switched).or(cell);
    }
    let fault = Diagnostic::error(Code::InvalidValue, table.span(), "it must say where its text stands, once");
    table.fault(fault.hint("name one of `column`, `columns`, `label`, `section`, `cell`, `sheet`, `value`"));
    None
}

fn columns(table: &mut Declaration<'_>) -> Option<At> {
    if !table.has("columns") {
        return None;
    }
    let parts = table.items("columns", |item| match item {
        Item::Scalar(scalar) => Some(Part { column: folded(&scalar.value.written()), codes: Vec::new() }),
        Item::Table(mut part) => {
            let column = folded(&part.required_text("column").value);
            let codes = codes(&mut part);
            part.finish();
            Some(Part { column, codes })
        }
    })?;
    Some(At::Columns(parts.value))
}

fn labelled(table: &mut Declaration<'_>, label: Located<Scalar>) -> Option<At> {
    let number = match &label.value {
        Scalar::Boolean(true) => return Some(At::Label(None)),
        Scalar::Number(number) => number.parse::<usize>().ok().filter(|number| *number > 0),
        _ => None,
    };
    if number.is_none() {
        let message = format!("`label` is `{}`, not a row of labels", label.value.written());
        let fault = Diagnostic::error(Code::InvalidValue, label.span, message);
        table.fault(fault.hint("write `true` for the lowest label, or its number from the top"));
    }
    number.map(|number| At::Label(Some(number)))
}

/// How a period is written, and whether that is still to be decided.
fn dating(table: &mut Declaration<'_>, any_digits: bool) -> (Option<Dating>, bool) {
    let (named, era, upto) = (table.text("as"), table.text("era"), table.text("upto"));
    let open = named.as_ref().is_some_and(|named| named.value == OPEN);
    if let Some(named) = named.as_ref().filter(|_| open) {
        let words = format!("the values are: {FORMS}");
        table.fault(Diagnostic::error(Code::UndecidedCode, named.span.clone(), UNDECIDED).hint(words));
    }
    let mut wrong = |value: &Located<String>, key: &str, words: &str| {
        let fault = Diagnostic::error(
            Code::InvalidValue,
            value.span.clone(),
            format!("`{}` is not a value of `{key}`", value.value),
        );
        table.fault(fault.hint(format!("the values are: {words}")));
    };
    let buddhist = era.as_ref().is_some_and(|era| era.value == "buddhist");
    if let Some(era) = era.as_ref().filter(|_| !buddhist) {
        wrong(era, "era", "`buddhist`");
    }
    let coarse = upto.as_ref().and_then(|upto| match upto.value.as_str() {
        "month" => Some(Upto::Month),
        "quarter" => Some(Upto::Quarter),
        "year" => Some(Upto::Year),
        _ => None,
    });
    if let (Some(upto), None) = (&upto, coarse) {
        wrong(upto, "upto", "`month`, `quarter`, `year`");
    }
    let form = named.as_ref().and_then(|named| Form::named(&named.value));
    if let (Some(named), None, false) = (&named, form, open) {
        wrong(named, "as", FORMS);
    }
    (form.map(|form| Dating { form, buddhist, upto: coarse, any_digits }), open)
}

/// The values of `as`.
const FORMS: &str =
    "`year`, `month`, `quarter`, `day`, `d/m/y`, `m/d/y`, `years`, `fiscal-04`, `ends-09` (with any month)";

/// What is said at each `?`.
pub(super) const UNDECIDED: &str = "nobody has decided what this stands for";
