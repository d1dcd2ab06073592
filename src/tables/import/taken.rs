//! The cells that a make takes: a number, a state, or nothing; and what their marks say.

use super::found::Wrong;
use super::lookup::{Asking, Outcome, error_cell, is_error, judged};
use super::marks::strip;
use super::number;
use crate::diagnostic::Code;
use crate::project::imports::{Make, Mapping, State};
use crate::project::schema::{Field, Kind};
use crate::tables::ingest::delivered::Value;

/// A taken cell: what it is, and its marks.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) outcome: Outcome,
    /// Whether it is a state in place of a number.
    pub(super) state: bool,
    pub(super) marks: Vec<usize>,
}

/// What a taken cell is.
pub(super) fn read(value: &Value, make: &Make, asking: Asking<'_>, field: &Field) -> Taken {
    let mapping = asking.mapping;
    let plain = |outcome| Taken { outcome, state: false, marks: Vec::new() };
    if asking.undecoded && value.text.contains('\u{fffd}') {
        return plain(Outcome::Reported);
    }
    let missing = |text: &str| make.missing.get(text).or_else(|| mapping.missing.get(text)).map(|state| &state.value);
    let empty_formula = value.text.is_empty() && is_error(value);
    if let Some(state) = missing(&value.text).filter(|_| !empty_formula) {
        return stated(state, field, Vec::new());
    }
    if is_error(value) {
        return plain(Outcome::Fault(error_cell(&value.text, value.kind), None));
    }
    let stripped = strip(&value.text, &mapping.marks, true);
    if !stripped.marks.is_empty()
        && let Some(state) = missing(&stripped.text)
    {
        return stated(state, field, stripped.marks);
    }
    let outcome = match field.kind {
        Kind::Integer | Kind::Number => numbered(&stripped.text, value, mapping, field),
        _ => match judged(field, &stripped.text) {
            None => Outcome::Is(stripped.text),
            Some(code) => {
                Outcome::Fault(Wrong::new(code, format!("`{}` can be no `{}`", value.text, field.name)), None)
            }
        },
    };
    Taken { outcome, state: false, marks: stripped.marks }
}

fn stated(state: &State, field: &Field, marks: Vec<usize>) -> Taken {
    let outcome = match state {
        State::Skip => Outcome::Skip,
        State::Is(text) if field.holds(text) => Outcome::Is(text.clone()),
        // What the field cannot hold is reported at its line.
        State::Undecided | State::Is(_) => Outcome::Reported,
    };
    let is_state = matches!(state, State::Is(text) if field.missing.contains_key(text));
    Taken { outcome, state: is_state, marks }
}

fn numbered(text: &str, value: &Value, mapping: &Mapping, field: &Field) -> Outcome {
    if text.is_empty() {
        let wrong = Wrong::new(Code::MissingCell, "the cell is empty, and [missing] says nothing of it");
        return Outcome::Fault(
            wrong.hint("say what an empty cell stands for: `\"\" = \"..\"`, or `\"\" = \"skip\"`"),
            None,
        );
    }
    let Some(number) = number::read(text, value.kind, &mapping.number) else {
        let wrong = Wrong::new(Code::TypeError, format!("`{}` is no number as [number] has it", value.text));
        let hint = "say what it stands for under [missing], which mark it ends with under [marks], or how numbers are \
                    written under [number]";
        return Outcome::Fault(wrong.hint(hint), None);
    };
    if field.kind == Kind::Integer && !number::is_whole(&number) {
        return Outcome::Fault(Wrong::new(Code::TypeError, format!("`{}` is not a whole number", value.text)), None);
    }
    match judged(field, &number) {
        None => Outcome::Is(number),
        Some(code) => Outcome::Fault(Wrong::new(code, format!("`{}` can be no `{}`", value.text, field.name)), None),
    }
}
