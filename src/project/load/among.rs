//! Looks up the names that an indicator uses among all indicators and the schemas of their tables.

use crate::diagnostic::{Code, Diagnostic};
use crate::project::declaration::{Located, nearest};
use crate::project::indicator::{Indicator, Measure, Selector};
use crate::project::schema::{Field, Schema};

/// All indicators, and the schemas of their tables.
#[derive(Clone, Copy)]
pub(super) struct Among<'p> {
    pub(super) indicators: &'p [Indicator],
    pub(super) schemas: &'p [Schema],
}

impl<'p> Among<'p> {
    pub(super) fn find(self, id: &str) -> Option<&'p Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The first fault in a selector: its indicator, then its dimensions and codes.
    pub(super) fn named(self, selector: &Located<Selector>) -> Option<Diagnostic> {
        let named = &selector.value.indicator;
        // A selector that could not be read is a fault already.
        if named.is_empty() {
            return None;
        }
        let fault = |message| Diagnostic::error(Code::UnknownName, selector.span.clone(), message);
        let Some(indicator) = self.find(named) else {
            let ids = self.indicators.iter().map(|other| other.id.as_str());
            return Some(hinted(fault(format!("there is no indicator `{named}`")), nearest(named, ids)));
        };
        let dimensions = || indicator.dimensions.iter().map(String::as_str);
        if let Some(dimension) = selector.value.codes.keys().find(|dimension| !dimensions().any(|d| d == *dimension)) {
            let message = format!("`{named}` is not broken down by `{dimension}`");
            return Some(hinted(fault(message), nearest(dimension, dimensions())));
        }
        let wrong = selector.value.codes.iter().find(|(dimension, code)| !self.is_code(indicator, dimension, code));
        wrong.map(|(dimension, code)| {
            let codes = self.codes(indicator, dimension).iter().map(String::as_str);
            let fault = fault(format!("`{code}` is not a code of `{dimension}`"));
            let field = self.field(indicator, dimension);
            let country = || field.filter(|field| field.names_no_country(code))?.countries.advice(code);
            match (nearest(code, codes), country()) {
                (None, Some(advice)) => fault.hint(advice),
                (near, _) => hinted(fault, near),
            }
        })
    }

    /// Whether a dimension can have a code; `*` stands for all of them.
    fn is_code(self, indicator: &Indicator, dimension: &str, code: &str) -> bool {
        let codes = self.codes(indicator, dimension);
        let nowhere = self.field(indicator, dimension).is_some_and(|field| field.names_no_country(code));
        code == "*" || !nowhere && (codes.is_empty() || codes.iter().any(|known| known == code))
    }

    fn codes(self, indicator: &Indicator, dimension: &str) -> &'p [String] {
        self.field(indicator, dimension).map_or(&[], |field| field.constraints.allowed.as_slice())
    }

    fn field(self, indicator: &Indicator, dimension: &str) -> Option<&'p Field> {
        let Measure::Observed { table, .. } = &indicator.measure else { return None };
        self.schemas.iter().find(|schema| &schema.name == table)?.field(dimension)
    }

    /// Whether its values are codes of a scale. An unknown table is a fault of its own, so it counts as one here.
    pub(super) fn is_rated(self, indicator: &Indicator) -> bool {
        let Measure::Observed { table, .. } = &indicator.measure else { return false };
        let schema =
            self.schemas.iter().find(|schema| &schema.name == table).filter(|schema| !schema.fields.is_empty());
        let Some(schema) = schema else { return true };
        let value = schema.observations.as_ref().and_then(|observed| schema.field(&observed.value));
        value.is_some_and(|field| !field.constraints.allowed.is_empty())
    }
}

/// The fault in a cell of the indicator's own breakdowns that a split or `of_whom` names.
pub(super) fn cell(indicator: &Indicator, codes: &Located<String>, among: Among<'_>) -> Option<Diagnostic> {
    if let Some(value) = Selector::parse(&format!("{}:{}", indicator.id, codes.value)) {
        return among.named(&Located { value, span: codes.span.clone() });
    }
    let message = format!("`{}` is not a cell of a breakdown", codes.value);
    let fault = Diagnostic::error(Code::InvalidValue, codes.span.clone(), message);
    Some(fault.hint("write `dimension=code`, and join several by commas"))
}

/// Adds the nearest known name to a fault as its hint, if there is one.
pub(super) fn hinted(fault: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault,
    }
}
