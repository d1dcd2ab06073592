//! What texts of the file stand for: codes, states of missing numbers, and marks.

use std::collections::{BTreeMap, HashMap};

use super::form::western_digit;
use super::origin::{OPEN, UNDECIDED};
use super::pattern::folded;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::{Declaration, Located, Scalar, Shape};
use crate::value::Qualifier;

/// One table of codes.
#[derive(Debug, Clone, Default)]
pub struct CodeTable {
    rows: HashMap<String, Located<Right>>,
    order: Vec<String>,
}

/// What a text stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// A code of ours.
    Code(String),
    /// Nothing: its row is left, for this reason.
    Skip(String),
    /// The total of the rows above.
    TotalAbove,
    /// Codes of several fields.
    Fields(Vec<(String, String)>),
    /// Nobody has decided yet.
    Undecided,
}

/// What a cell stands for that holds no number as it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// A state, or a number.
    Is(String),
    /// Nothing: its row is left.
    Skip,
    /// Nobody has decided yet.
    Undecided,
}

/// A mark behind a number or a label.
#[derive(Debug, Clone)]
pub struct Mark {
    /// The mark.
    pub text: String,
    /// What it notes.
    pub note: Option<String>,
    /// What it says of the number.
    pub qualifier: Option<String>,
    /// Whether it is stripped from taken cells only.
    pub taken_only: bool,
}

impl CodeTable {
    /// What a text stands for, and where that is written.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<&Located<Right>> {
        self.rows.get(text)
    }

    /// Every line, in the order in which they are written.
    pub fn lines(&self) -> impl Iterator<Item = (&str, &Located<Right>)> {
        self.order.iter().filter_map(|text| Some((text.as_str(), self.rows.get(text)?)))
    }

    /// The fields that its lines name.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.lines()
            .flat_map(|(_, right)| match &right.value {
                Right::Fields(fields) => fields.as_slice(),
                _ => &[],
            })
            .map(|(field, _)| field.as_str())
    }

    fn add(&mut self, text: String, right: Located<Right>) {
        if self.rows.insert(text.clone(), right).is_none() {
            self.order.push(text);
        }
    }
}

/// A finding that the file itself gets, since a table of it is being read.
type Faults = Vec<Diagnostic>;

/// Reads `[codes.*]`.
pub(super) fn tables(file: &mut Declaration<'_>) -> BTreeMap<String, CodeTable> {
    let Some(mut all) = file.table("codes") else { return BTreeMap::new() };
    let (mut tables, mut faults) = (BTreeMap::new(), Faults::new());
    all.each(|name, shape| match shape {
        Shape::Table(table) => drop(tables.insert(name.value, table_of(table, &mut faults))),
        _ => faults.push(odd(&name.span, "a table of codes is expected here: `[codes.sex]`")),
    });
    faults.into_iter().for_each(|fault| file.fault(fault));
    tables
}

fn table_of(mut table: Declaration<'_>, faults: &mut Faults) -> CodeTable {
    let mut read = CodeTable::default();
    table.each(|text, shape| {
        let right = match shape {
            Shape::Scalar(Located { value, span }) => Some(Located { value: plain(&value, &span, faults), span }),
            Shape::Table(right) => {
                let span = right.span();
                braced(right, faults).map(|value| Located { value, span })
            }
            Shape::List(_) => {
                faults.push(odd(&text.span, "a code is expected here, or `{ skip = \"…\" }`"));
                None
            }
        };
        if let Some(right) = right {
            read.add(folded(&text.value), right);
        }
    });
    read
}

fn odd(span: &Span, message: &str) -> Diagnostic {
    Diagnostic::error(Code::InvalidValue, span.clone(), message)
}

fn plain(value: &Scalar, span: &Span, faults: &mut Faults) -> Right {
    let code = folded(&value.written());
    if code == OPEN {
        faults.push(undecided(span));
        return Right::Undecided;
    }
    Right::Code(code)
}

fn undecided(span: &Span) -> Diagnostic {
    let fault = Diagnostic::error(Code::UndecidedCode, span.clone(), UNDECIDED);
    fault.hint("write a code, or `{ skip = \"…\" }` with the reason")
}

/// Whether somebody has decided what a text is; reports it if not.
pub(super) fn decided(written: &Located<String>, table: &mut Declaration<'_>) -> bool {
    let open = written.value == OPEN;
    if open {
        table.fault(Diagnostic::error(Code::UndecidedCode, written.span.clone(), UNDECIDED).hint("write what it is"));
    }
    !open
}

/// `{ skip = "…" }`, `{ total = "above" }`, or codes of several fields.
fn braced(mut table: Declaration<'_>, faults: &mut Faults) -> Option<Right> {
    let span = table.span();
    if let Some(why) = table.text("skip") {
        decided(&why, &mut table);
        table.finish();
        return Some(Right::Skip(why.value));
    }
    if let Some(total) = table.text("total") {
        if total.value != "above" {
            let fault = odd(&total.span, "`total` is `above`, or nothing");
            faults.push(fault.hint("write `{ total = \"above\" }`, or the code `\"total\"`"));
        }
        table.finish();
        return Some(Right::TotalAbove);
    }
    let mut fields = Vec::new();
    table.each(|field, shape| match shape {
        Shape::Scalar(Located { value, span }) => {
            if let Right::Code(code) = plain(&value, &span, faults) {
                fields.push((field.value, code));
            }
        }
        _ => faults.push(odd(&field.span, "a code is expected here")),
    });
    if fields.is_empty() {
        faults.push(odd(&span, "it says neither a code nor why its rows are left"));
        return None;
    }
    Some(Right::Fields(fields))
}

/// Reads `[missing]`, of the mapping or of a make.
pub(super) fn missing(file: &mut Declaration<'_>) -> BTreeMap<String, Located<State>> {
    let Some(mut table) = file.table("missing") else { return BTreeMap::new() };
    let (mut states, mut faults) = (BTreeMap::new(), Faults::new());
    table.each(|text, shape| match shape {
        Shape::Scalar(Located { value, span }) => {
            let value = match folded(&value.written()).as_str() {
                "skip" => State::Skip,
                OPEN => {
                    faults.push(undecided(&span));
                    State::Undecided
                }
                state => State::Is(state.to_owned()),
            };
            states.insert(folded(&text.value), Located { value, span });
        }
        _ => faults.push(odd(&text.span, "a state is expected here, a number, or `skip`")),
    });
    faults.into_iter().for_each(|fault| file.fault(fault));
    states
}

/// Reads `[marks]`, the longest first.
pub(super) fn marks(file: &mut Declaration<'_>) -> Vec<Mark> {
    let Some(mut table) = file.table("marks") else { return Vec::new() };
    let (mut marks, mut faults) = (Vec::new(), Faults::new());
    table.each(|text, shape| {
        let Shape::Table(mut mark) = shape else {
            faults.push(odd(&text.span, "a mark is a table: `{ note = \"…\" }`, or `{}`"));
            return;
        };
        let (note, qualifier) = (mark.text("note"), mark.text("qualifier"));
        let [note, qualifier] = [note, qualifier].map(|written| written.filter(|text| decided(text, &mut mark)));
        mark.finish();
        if let Some(wrong) =
            qualifier.as_ref().filter(|written| Qualifier::read(&written.value).code() != written.value)
        {
            let message = format!("`{}` is no qualifier", wrong.value);
            let fault = Diagnostic::error(Code::ConstraintError, wrong.span.clone(), message);
            faults.push(fault.hint("the qualifiers are: exact, approximate, at_least, at_most"));
        }
        let text = folded(&text.value);
        let taken_only = text.starts_with(|c: char| c.is_alphabetic() || western_digit(c).is_ascii_digit());
        let note = note.map(|note| folded(&note.value));
        marks.push(Mark { text, note, qualifier: qualifier.map(|qualifier| qualifier.value), taken_only });
    });
    faults.into_iter().for_each(|fault| file.fault(fault));
    marks.retain(|mark| !mark.text.is_empty());
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.text.chars().count()));
    marks
}
