//! The rows of a publication, parsed for the rules that compare them.

use std::collections::BTreeMap;

use super::ahead::is_ahead;
use super::checked::Checked;
use crate::project::schema::{Field, Kind, Observations, TOTAL};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// Codes by dimension.
pub(super) type Codes<'t> = BTreeMap<&'t str, &'t str>;

/// A row of a publication.
pub(super) struct Stated<'t> {
    pub(super) at: usize,
    pub(super) measure: &'t str,
    pub(super) source: &'t str,
    pub(super) period: Period,
    pub(super) codes: Codes<'t>,
    /// None if the row states a missing value.
    pub(super) value: Option<Value>,
    pub(super) qualifier: Qualifier,
}

impl Stated<'_> {
    /// The number, if it can be compared with a sum: it must be whole and without a qualifier.
    pub(super) fn exact(&self) -> Option<i64> {
        let exact = self.qualifier == Qualifier::Exact;
        self.value.as_ref().and_then(Value::count).filter(|_| exact)
    }
}

/// The rows of a public table of observations; none for any other table.
pub(super) fn rows<'t>(at: &Checked<'t>) -> Vec<Stated<'t>> {
    match &at.schema.observations {
        Some(observations) if !at.table.register => of(at, observations),
        _ => Vec::new(),
    }
}

fn of<'t>(at: &Checked<'t>, observations: &'t Observations) -> Vec<Stated<'t>> {
    let column = |label: &str| at.table.cells(label).map(|(_, column)| column);
    let (Some(period), Some(value), Some(source)) =
        (column(&observations.period), column(&observations.value), column("source"))
    else {
        return Vec::new();
    };
    let measure = observations.measure.as_ref().map(|measure| column(measure));
    let field = at.schema.field(&observations.value);
    let qualifier = column("qualifier");
    let row = |row: usize| {
        let code =
            |dimension: &'t String| (dimension.as_str(), column(dimension).map_or(TOTAL, |column| column.cell(row)));
        Some(Stated {
            at: row,
            measure: match measure {
                None => "",
                Some(column) => column?.cell(row),
            },
            source: source.cell(row),
            // A year that is too late has been reported as such.
            period: Period::parse(period.cell(row)).ok().filter(|period| !is_ahead(at, period))?,
            codes: observations.dimensions.iter().map(code).collect(),
            value: field.and_then(|field| value_of(value.cell(row), field)),
            qualifier: Qualifier::read(qualifier.map_or("", |column| column.cell(row))),
        })
    };
    (0..at.table.rows).filter_map(row).collect()
}

/// The value in a cell without errors; none for a missing one.
fn value_of(written: &str, field: &Field) -> Option<Value> {
    if written.is_empty() || field.missing.contains_key(written) {
        return None;
    }
    Some(match field.kind {
        Kind::Integer | Kind::Number => match field.integer(written) {
            Some(count) => Value::Count(count),
            None => Value::Decimal(field.digits(written).into_owned()),
        },
        _ => Value::Code(written.to_owned()),
    })
}
