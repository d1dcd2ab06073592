//! One text of the file and what it is as a value of a field: codes, periods, countries.

use super::found::Wrong;
use super::marks::strip;
use crate::diagnostic::Code;
use crate::project::declaration::Located;
use crate::project::imports::{BUILT_IN, Dated, Lookup, Mapping, Right};
use crate::project::iso3166;
use crate::project::schema::{Field, Kind};
use crate::tables::ingest::delivered::{CellKind, Value};
use crate::value::period::Period;

/// What a text is.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// A value of the field.
    Is(String),
    /// A value of the field, and of others.
    Several(Option<String>, Vec<(String, String)>),
    /// Its row is left.
    Skip,
    /// The total of the rows above.
    Total,
    /// A country that the project lacks.
    Absent,
    /// A fault; of several columns, in the one with this number among them.
    Fault(Wrong, Option<usize>),
    /// A fault that was reported already, at another place.
    Reported,
}

/// What a lookup is for.
#[derive(Clone, Copy)]
pub(super) enum For<'f> {
    /// A field of a table.
    Field(&'f Field),
    /// Whose folder a row belongs to: one of these countries.
    Into(&'f [String]),
}

/// What lookups are asked with.
#[derive(Clone, Copy)]
pub(super) struct Asking<'m> {
    pub(super) mapping: &'m Mapping,
    /// Whether messages may show the text of a cell.
    pub(super) confidential: bool,
    /// Whether cells that lost a letter in decoding are reported.
    pub(super) undecoded: bool,
}

impl Asking<'_> {
    /// What one cell is.
    pub(super) fn one(self, lookup: &Lookup, value: &Value, taken: bool, wanted: For<'_>) -> Outcome {
        if self.undecoded && value.text.contains('\u{fffd}') {
            return Outcome::Reported;
        }
        let stripped = strip(&value.text, &self.mapping.marks, taken).text;
        let texts = [stripped.as_str(), value.text.as_str()];
        if lookup.codes.is_empty() && is_error(value) {
            return Outcome::Fault(error_cell(&value.text, value.kind), None);
        }
        self.looked(lookup, &texts, value.kind, wanted)
    }

    /// What one of several equal texts is: the first that is known.
    fn looked(self, lookup: &Lookup, texts: &[&str], kind: CellKind, wanted: For<'_>) -> Outcome {
        let shown = texts.last().copied().unwrap_or_default();
        let captured: Vec<String> = match &lookup.like {
            None => texts.iter().map(|text| (*text).to_owned()).collect(),
            Some(like) => texts.iter().filter_map(|text| like.captured(text)).collect(),
        };
        if let (Some(like), true) = (&lookup.like, captured.is_empty()) {
            let wrong = Wrong::new(Code::UnknownCode, format!("`{shown}` does not look like `{}`", like.text));
            return Outcome::Fault(wrong, None);
        }
        let Some(first) = captured.first() else { return Outcome::Reported };
        if lookup.codes.is_empty() {
            return self.valued(lookup, first, shown, kind, wanted);
        }
        let right = captured.iter().find_map(|text| self.right(lookup.codes.iter().map(|table| &table.value), text));
        match right {
            // What a table of the mapping's own may not say is reported at its line.
            Some(Right::Code(code)) => match self.valued(lookup, &code, shown, CellKind::Text, wanted) {
                Outcome::Fault(..) if self.is_own(lookup, &captured) => Outcome::Reported,
                outcome => outcome,
            },
            Some(Right::Skip(_)) => Outcome::Skip,
            Some(Right::TotalAbove) => Outcome::Total,
            Some(Right::Undecided) => Outcome::Reported,
            Some(Right::Fields(fields)) => of_fields(fields, wanted),
            None if matches!(kind, CellKind::Error | CellKind::Uncomputed) => {
                Outcome::Fault(error_cell(shown, kind), None)
            }
            // So is a table that there is not.
            None if !lookup.codes.iter().all(|table| self.is_table(&table.value)) => Outcome::Reported,
            None => Outcome::Fault(unknown(lookup, shown), None),
        }
    }

    fn is_table(self, name: &str) -> bool {
        self.mapping.codes.contains_key(name) || BUILT_IN.contains(&name)
    }

    /// Whether the table that knows a text is one of the mapping's own.
    fn is_own(self, lookup: &Lookup, texts: &[String]) -> bool {
        let knows = |table: &String, text: &String| self.right(std::iter::once(table), text).is_some();
        let table =
            lookup.codes.iter().map(|table| &table.value).find(|table| texts.iter().any(|text| knows(table, text)));
        table.is_some_and(|table| self.mapping.codes.contains_key(table))
    }

    /// What a text stands for in some tables, which are asked in turn.
    pub(super) fn right<'t>(self, tables: impl Iterator<Item = &'t String>, text: &str) -> Option<Right> {
        for table in tables {
            let found = match self.mapping.codes.get(table) {
                Some(own) => own.get(text).map(|right| right.value.clone()),
                None => built_in(table, text).map(|code| Right::Code(code.to_owned())),
            };
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A value, judged as what it is for.
    fn valued(self, lookup: &Lookup, text: &str, shown: &str, kind: CellKind, wanted: For<'_>) -> Outcome {
        let field = match wanted {
            For::Into(countries) => return country(text, shown, countries),
            For::Field(field) => field,
        };
        let text = match &lookup.dating {
            None => text.to_owned(),
            Some(dating) => {
                let Some(period) = dating.read(text, dated(kind)) else {
                    let message = if self.confidential && shown.contains(" | ") {
                        "the text of these cells is not a period in this form".to_owned()
                    } else {
                        format!("`{shown}` is not a period in this form")
                    };
                    return Outcome::Fault(Wrong::new(Code::PeriodError, message), None);
                };
                period
            }
        };
        match judged(field, &text) {
            None => Outcome::Is(text),
            Some(code) => Outcome::Fault(unfit(field, &text, code), None),
        }
    }

    /// What several columns, joined, are.
    pub(super) fn several(self, lookup: &Lookup, parts: &[(&Value, &[Located<String>])], wanted: For<'_>) -> Outcome {
        let mut joined: [Vec<String>; 2] = [Vec::new(), Vec::new()];
        for (at, (value, codes)) in parts.iter().enumerate() {
            if is_error(value) {
                return Outcome::Fault(error_cell(&value.text, value.kind), Some(at));
            }
            let stripped = strip(&value.text, &self.mapping.marks, false).text;
            if codes.is_empty() {
                joined[0].push(stripped);
                joined[1].push(value.text.clone());
                continue;
            }
            let tables = || codes.iter().map(|table| &table.value);
            match self.right(tables(), &stripped).or_else(|| self.right(tables(), &value.text)) {
                Some(Right::Code(code)) => joined.iter_mut().for_each(|texts| texts.push(code.clone())),
                Some(Right::Skip(_)) => return Outcome::Skip,
                Some(_) => return Outcome::Reported,
                None => {
                    let names: Vec<&str> = tables().map(String::as_str).collect();
                    let message = if self.confidential {
                        format!("the text of this cell is no code of {}", names.join(", "))
                    } else {
                        format!("`{}` is no code of {}", value.text, names.join(", "))
                    };
                    return Outcome::Fault(Wrong::new(Code::UnknownCode, message), Some(at));
                }
            }
        }
        let [stripped, raw] = joined.map(|texts| texts.join(" | "));
        let outcome = self.looked(lookup, &[&stripped, &raw], CellKind::Text, wanted);
        match outcome {
            Outcome::Fault(wrong, at) if self.confidential => {
                let message = "the texts of these cells are no value together".into();
                let wrong = Wrong { message, quiet: true, ..wrong };
                Outcome::Fault(wrong, at)
            }
            outcome => outcome,
        }
    }
}

/// How a period of a cell may be written.
fn dated(kind: CellKind) -> Dated {
    match kind {
        CellKind::Day => Dated::Day,
        CellKind::Number => Dated::Number,
        _ => Dated::No,
    }
}

/// A code that fills several fields at once, for the one that is wanted.
fn of_fields(fields: Vec<(String, String)>, wanted: For<'_>) -> Outcome {
    let For::Field(field) = wanted else { return Outcome::Reported };
    let own = fields.iter().find(|(name, _)| *name == field.name).map(|(_, code)| code.clone());
    Outcome::Several(own, fields.into_iter().filter(|(name, _)| *name != field.name).collect())
}

/// The code of the fault of a text that can be no cell of a field.
pub(super) fn judged(field: &Field, text: &str) -> Option<Code> {
    if field.kind == Kind::Period && !text.is_empty() {
        return Period::parse(text).is_err().then_some(Code::PeriodError);
    }
    if field.holds(text) {
        return None;
    }
    let typed = text.is_empty() || field.accepts(text);
    Some(match (field.kind, typed) {
        (Kind::Period, _) | (Kind::Year | Kind::Date | Kind::YearMonth, false) => Code::PeriodError,
        (_, true) => Code::ConstraintError,
        (_, false) => Code::TypeError,
    })
}

fn unfit(field: &Field, text: &str, code: Code) -> Wrong {
    let wrong = Wrong::new(code, format!("`{text}` can be no `{}`", field.name));
    match &field.expected {
        Some(expected) => wrong.hint(format!("`{}` must be {expected}; translate it by `codes`", field.name)),
        None if field.is_open() => wrong,
        None => wrong.hint(format!("translate it by `codes`; ours are: {}", field.constraints.allowed.join(", "))),
    }
}

fn country(text: &str, shown: &str, countries: &[String]) -> Outcome {
    if !iso3166::is_country(text) {
        let wrong = Wrong::new(Code::ConstraintError, format!("`{shown}` is no country of ISO 3166-1"));
        return Outcome::Fault(wrong.hint("translate it: `into = { column = \"…\", codes = … }`"), None);
    }
    if countries.iter().any(|known| known == text) { Outcome::Is(text.to_owned()) } else { Outcome::Absent }
}

fn unknown(lookup: &Lookup, text: &str) -> Wrong {
    let tables: Vec<&str> = lookup.codes.iter().map(|table| table.value.as_str()).collect();
    let table = tables.iter().find(|table| !BUILT_IN.contains(table));
    let shown = if text.is_empty() { "an empty cell".to_owned() } else { format!("`{text}`") };
    let wrong = Wrong::new(Code::UnknownCode, format!("{shown} is no code of {}", tables.join(", ")));
    match table {
        Some(table) => wrong.hint(format!("add it to [codes.{table}]: what it stands for, or `{{ skip = \"…\" }}`")),
        None => wrong.hint("add a table of your own after it in `codes`, with what it stands for"),
    }
}

/// The code of a country in one of the tables that every mapping has.
fn built_in(table: &str, text: &str) -> Option<&'static str> {
    match table {
        "iso3166-alpha3" => iso3166::countries().find(|code| *code == text),
        "iso3166-alpha2" => iso3166::of_alpha2(text),
        "iso3166-names" => iso3166::of_name(text),
        _ => None,
    }
}

/// What a spreadsheet shows where a formula fails.
const ERRORS: [&str; 9] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"];

/// Whether a cell holds an error in place of a value.
pub(super) fn is_error(value: &Value) -> bool {
    matches!(value.kind, CellKind::Error | CellKind::Uncomputed) || ERRORS.contains(&value.text.as_str())
}

pub(super) fn error_cell(text: &str, kind: CellKind) -> Wrong {
    if kind == CellKind::Uncomputed {
        let wrong = Wrong::new(Code::ErrorCell, "no spreadsheet has computed this formula: the cell has no value");
        return wrong.hint("ask the source for a file with its values");
    }
    let wrong = Wrong::new(Code::ErrorCell, format!("`{text}` is a spreadsheet's error, not a value"));
    wrong.hint("say under [missing] what it stands for, if it stands for anything")
}
