//! The rows of a publication, for the rules that compare them: each with the key that it is grouped by.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::schema::{Field, Kind, Observations, Schema, TOTAL};
use crate::tables::ingest::{Column, RawTable};
use crate::tables::key::{Alike, Key};
use crate::value::period::Period;
use crate::value::{Qualifier, Value};

/// The digit of the source in a key.
pub(super) const SOURCE: usize = 0;
/// The digit of the measure.
const MEASURE: usize = 1;
/// The digit of the period.
pub(super) const PERIOD: usize = 2;
/// The digit of the first dimension; 0 there is `total`.
pub(super) const FIRST: usize = 3;

/// The rows of a publication whose periods are sound.
pub(super) struct Stated<'t> {
    key: Key,
    keys: Vec<Vec<u64>>,
    /// The number of each row in its table.
    pub(super) at: Vec<usize>,
    pub(super) sources: Vec<&'t str>,
    measures: Vec<&'t str>,
    pub(super) periods: Vec<Period>,
    /// The dimensions by name, each with its codes; the first is `total`.
    pub(super) dimensions: Vec<(&'t str, Vec<&'t str>)>,
    cells: Cells<'t>,
}

/// The cells of the columns that are not part of a key.
struct Cells<'t> {
    period: &'t Column,
    value: &'t Column,
    /// What each distinct value is; none for a missing one.
    values: Vec<Option<Value>>,
    qualifier: Option<&'t Column>,
}

/// A digit for each word of a column, and the word of each digit.
struct Digits<'t> {
    of: Vec<u64>,
    words: Vec<&'t str>,
}

impl<'t> Digits<'t> {
    /// The words of a column, after those that are always there. A column without a dictionary has one, which is empty.
    fn of(column: Option<&'t Column>, mut words: Vec<&'t str>) -> Self {
        let mut known: BTreeMap<&str, u64> = words.iter().copied().zip(0..).collect();
        let empty = column.filter(|column| !column.coded()).map(|_| "");
        let values = column.map(Column::values).unwrap_or_default().iter().map(String::as_str).chain(empty);
        let digit = |word| {
            *known.entry(word).or_insert_with(|| {
                words.push(word);
                words.len() as u64 - 1
            })
        };
        Self { of: values.map(digit).collect(), words }
    }

    /// The digit of a row; that of the first word where the file leaves the column out.
    fn digit(&self, column: Option<&Column>, row: usize) -> u64 {
        let code = column.map_or(0, |column| if column.coded() { column.code(row) } else { 0 });
        usize::try_from(code).ok().and_then(|code| self.of.get(code)).copied().unwrap_or(0)
    }
}

impl<'t> Stated<'t> {
    pub(super) fn digit(&self, row: usize, place: usize) -> usize {
        usize::try_from(self.key.digit(&self.keys, place, row)).unwrap_or(0)
    }

    pub(super) fn source(&self, row: usize) -> &'t str {
        self.sources.get(self.digit(row, SOURCE)).copied().unwrap_or_default()
    }

    pub(super) fn measure(&self, row: usize) -> &'t str {
        self.measures.get(self.digit(row, MEASURE)).copied().unwrap_or_default()
    }

    /// The period as the row writes it.
    pub(super) fn period(&self, row: usize) -> Option<Period> {
        Period::parse(self.cells.period.cell(self.at[row])).ok()
    }

    /// The value; none if the row states a missing one.
    pub(super) fn value(&self, row: usize) -> Option<&Value> {
        let code = usize::try_from(self.cells.value.code(self.at[row])).ok()?;
        self.cells.values.get(code)?.as_ref()
    }

    pub(super) fn qualifier(&self, row: usize) -> Qualifier {
        Qualifier::read(self.cells.qualifier.map_or("", |column| column.cell(self.at[row])))
    }

    /// The number, if it can be compared with a sum: it must be whole and without a qualifier.
    pub(super) fn exact(&self, row: usize) -> Option<i64> {
        self.value(row).and_then(Value::count).filter(|_| self.qualifier(row) == Qualifier::Exact)
    }

    /// The dimensions in which a row is a total.
    pub(super) fn totals(&self, row: usize) -> Vec<usize> {
        (0..self.dimensions.len()).filter(|dimension| self.digit(row, FIRST + dimension) == 0).collect()
    }

    /// Whether two rows are totals in the same dimensions.
    pub(super) fn are_totals_alike(&self, one: usize, other: usize) -> bool {
        let is_total = |row: usize, dimension: usize| self.digit(row, FIRST + dimension) == 0;
        (0..self.dimensions.len()).all(|dimension| is_total(one, dimension) == is_total(other, dimension))
    }

    /// The key of a row.
    pub(super) fn key(&self, row: usize) -> Vec<u64> {
        self.keys.iter().map(|column| column[row]).collect()
    }

    /// The key of a row, with the digit at one place 0.
    pub(super) fn key_without(&self, row: usize, place: usize) -> Vec<u64> {
        self.key.without(&self.keys, place, row)
    }

    /// These rows in groups that are alike but for the digit at one place.
    pub(super) fn alike(&self, place: usize, rows: Vec<usize>) -> Alike {
        self.key.alike(&self.keys, place, rows)
    }

    /// Every row.
    pub(super) fn all(&self) -> Vec<usize> {
        (0..self.at.len()).collect()
    }
}

/// The rows of a public table of observations; none for any other table. A period that is too late has been reported as such.
pub(super) fn rows<'t>(
    table: &'t RawTable,
    schema: &'t Schema,
    is_ahead: impl Fn(&Period) -> bool,
) -> Option<Stated<'t>> {
    let observations = schema.observations.as_ref().filter(|_| !table.register)?;
    let sound = |word: &String| Period::parse(word).ok().filter(|period| !is_ahead(period));
    let sound = table.cells(&observations.period)?.1.values().iter().map(sound).collect();
    of(table, schema, observations, sound)
}

fn of<'t>(
    table: &'t RawTable,
    schema: &'t Schema,
    observations: &'t Observations,
    sound: Vec<Option<Period>>,
) -> Option<Stated<'t>> {
    let column = |label: &str| table.cells(label).map(|(_, column)| column);
    let (period, value, source) = (column(&observations.period)?, column(&observations.value)?, column("source")?);
    let measure = observations.measure.as_ref().map(|name| column(name));
    if matches!(measure, Some(None)) {
        return None;
    }
    let measure = measure.flatten();
    let distinct: BTreeSet<&Period> = sound.iter().flatten().collect();
    let periods: BTreeMap<&Period, u64> = distinct.into_iter().zip(0..).collect();
    let period_of = |row: usize| {
        let sound = usize::try_from(period.code(row)).ok().and_then(|code| sound.get(code)?.as_ref())?;
        periods.get(sound).copied()
    };
    let rows: Vec<usize> = (0..table.rows).filter(|row| period.coded() && period_of(*row).is_some()).collect();
    let mut names: Vec<&str> = observations.dimensions.iter().map(String::as_str).collect();
    names.sort_unstable();
    let dimensions = names.into_iter().map(|name| (name, column(name)));
    let dimensions: Vec<_> = dimensions.map(|(name, column)| (name, column, Digits::of(column, vec![TOTAL]))).collect();
    let (of_source, of_measure) = (Digits::of(Some(source), Vec::new()), Digits::of(measure, Vec::new()));
    let sizes = [of_source.words.len(), of_measure.words.len(), periods.len()];
    let key =
        Key::of(&[&sizes[..], &dimensions.iter().map(|(.., digits)| digits.words.len()).collect::<Vec<_>>()].concat());
    let mut keys = key.zeros(rows.len());
    key.set(&mut keys, SOURCE, rows.iter().map(|row| of_source.digit(Some(source), *row)));
    key.set(&mut keys, MEASURE, rows.iter().map(|row| of_measure.digit(measure, *row)));
    key.set(&mut keys, PERIOD, rows.iter().map(|row| period_of(*row).unwrap_or(0)));
    for (place, (_, column, digits)) in dimensions.iter().enumerate() {
        key.set(&mut keys, FIRST + place, rows.iter().map(|row| digits.digit(*column, *row)));
    }
    let field = schema.field(&observations.value);
    let values = value.values().iter().map(|word| field.and_then(|field| value_of(word, field))).collect();
    Some(Stated {
        key,
        keys,
        at: rows,
        sources: of_source.words,
        measures: of_measure.words,
        periods: periods.into_keys().cloned().collect(),
        dimensions: dimensions.into_iter().map(|(name, _, digits)| (name, digits.words)).collect(),
        cells: Cells { period, value, values, qualifier: column("qualifier") },
    })
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
