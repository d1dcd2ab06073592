//! The fields that make a row an observation: our extensions of the table.

use super::fields::{Column, names};
use super::{Kind, Observations, fault, instead, known_field};
use crate::diagnostic::Span;
use crate::project::declaration::{Declaration, Located};

/// The properties of observations, as written in the schema.
pub(super) struct Observed {
    measure: Option<Located<String>>,
    period: Option<Located<String>>,
    value: Option<Located<String>>,
    dimensions: Vec<Located<String>>,
    subject: Option<Located<String>>,
    stock: Vec<Located<String>>,
    place: Span,
}

impl Observed {
    /// Takes our extensions of the table.
    pub(super) fn take(file: &mut Declaration<'_>) -> Self {
        let place = file.key("tipbrief:measure").or_else(|| file.key("tipbrief:value"));
        Self {
            place: place.unwrap_or_else(|| file.span()),
            measure: file.text("tipbrief:measure"),
            period: file.text("tipbrief:period"),
            value: file.text("tipbrief:value"),
            dimensions: file.texts("tipbrief:dimensions"),
            subject: file.text("tipbrief:subject"),
            stock: file.texts("tipbrief:stock"),
        }
    }

    /// The field with the value; none when no row is an observation.
    pub(super) fn value_name(&self) -> Option<String> {
        let counted = self.measure.is_some() || self.value.is_some();
        counted.then(|| self.value.as_ref().map_or_else(|| "count".to_owned(), |value| value.value.clone()))
    }

    /// Checks that every name is a field, and that its type suits its use.
    pub(super) fn check(self, file: &mut Declaration<'_>, columns: &mut [Column]) -> Option<Observations> {
        let fields = names(columns);
        let named = [&self.measure, &self.period, &self.value, &self.subject].into_iter().flatten();
        for named in named.chain(&self.dimensions) {
            known_field(file, named, &fields);
        }
        let value = self.value_name()?;
        let period = self.period.as_ref().map_or_else(|| "period".to_owned(), |period| period.value.clone());
        for (name, named, key) in [(&period, &self.period, "period"), (&value, &self.value, "value")] {
            if named.is_none() && !fields.is_empty() && !fields.contains(&name.as_str()) {
                let message = format!("the rows are observations, but there is no field `{name}`");
                let hint = format!("add the field, or name another by `\"tipbrief:{key}\"`");
                file.fault(fault(self.place.clone(), message).hint(hint));
            }
        }
        self.subject_is_dimension(file);
        self.stock_is_coded(file, columns);
        typed(file, columns, &period, "period", PERIODS, "give it `\"tipbrief:kind\": \"period\"`, or the type `year`");
        typed(file, columns, &value, "value", VALUES, "its type is `integer`, `number`, or `string` for codes");
        Some(Observations {
            measure: self.measure.map(|measure| measure.value),
            period,
            value,
            dimensions: self.dimensions.into_iter().map(|dimension| dimension.value).collect(),
            subject: self.subject.map(|subject| subject.value),
            stock: self.stock.into_iter().map(|stock| stock.value).collect(),
        })
    }

    fn subject_is_dimension(&self, file: &mut Declaration<'_>) {
        let Some(subject) = &self.subject else { return };
        if !self.dimensions.iter().any(|dimension| dimension.value == subject.value) {
            let message = format!("the subject `{}` is not one of the dimensions", subject.value);
            file.fault(fault(subject.span.clone(), message).hint("add it to `tipbrief:dimensions`"));
        }
    }

    /// Checks that the codes of stocks are codes of the measure.
    fn stock_is_coded(&self, file: &mut Declaration<'_>, columns: &[Column]) {
        let measure = self.measure.as_ref().map(|measure| measure.value.as_str());
        let Some(column) = columns.iter().find(|column| Some(column.field.name.as_str()) == measure) else { return };
        for stock in self.stock.iter().filter(|stock| !column.field.allows(&stock.value)) {
            let message = format!("`{}` is not a code of `{}`", stock.value, column.field.name);
            let codes: Vec<&str> = column.field.constraints.allowed.iter().map(String::as_str).collect();
            file.fault(fault(stock.span.clone(), message).hint(instead(&stock.value, "codes", codes)));
        }
    }
}

/// The types that a period can have.
const PERIODS: &[Kind] = &[Kind::Period, Kind::Year, Kind::YearMonth, Kind::Date];
/// The types that the value of an observation can have.
const VALUES: &[Kind] = &[Kind::Integer, Kind::Number, Kind::Text];

/// Reports a field whose type does not suit its use.
fn typed(file: &mut Declaration<'_>, columns: &[Column], name: &str, used: &str, kinds: &[Kind], hint: &str) {
    let Some(column) = columns.iter().find(|column| column.field.name == name) else { return };
    if !kinds.contains(&column.field.kind) && !column.unknown {
        let message = format!("`{name}` is of the type `{}`, which cannot be a {used}", column.field.kind.name());
        file.fault(fault(column.place.clone(), message).hint(hint));
    }
}
