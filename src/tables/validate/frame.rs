//! A checked public table: a Polars frame of codes, the words that the codes stand for, and where its rows are.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use polars::prelude::{Column as Series, DataFrame, IntoColumn, UInt32Chunked};

use crate::project::schema::{Field, Kind, Observations, Schema, TOTAL};
use crate::tables::ingest::{Column, MadeRows, RawTable};
use crate::value::{Missing, Value};

/// The columns of an observation that every figure needs, beside its measure, period, value and dimensions.
const BESIDE: [&str; 3] = ["source", "qualifier", "as_reported"];

/// A checked public table of one country.
pub struct Table {
    /// For each field a column of codes (u32).
    frame: DataFrame,
    /// What the codes of each field stand for: the order of the codes is the order of the words.
    words: BTreeMap<String, Vec<String>>,
    /// What each word of the value column gives; empty for a table that is not counted.
    given: Vec<Given>,
    places: Arc<Places>,
}

/// What an observation's value cell gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// The value, or why there is none.
    pub outcome: Result<Value, Missing>,
    /// The number that a withheld value is below, where its source gives one: 5 in `<5`.
    pub below: Option<i64>,
}

/// Where the rows of a table are. Nobody reads it until a number is to be traced.
#[derive(Debug)]
pub struct Places {
    path: String,
    lines: Vec<u32>,
    /// The rows that mappings made, after those of the file.
    made: Vec<MadeRows>,
}

impl Places {
    /// The rows of a file, by the lines on which they start.
    #[must_use]
    pub fn new(path: String, lines: Vec<u32>) -> Self {
        Self { path, lines, made: Vec::new() }
    }

    /// What names a row: `path:line`, or of a row that a mapping made its cell in the delivered file and the mapping's line.
    #[must_use]
    pub fn of(&self, row: usize) -> Vec<String> {
        let made = self.made.partition_point(|made| made.first <= row).checked_sub(1).and_then(|at| self.made.get(at));
        match made {
            Some(made) => made.origins.names(row - made.first),
            None => vec![format!("{}:{}", self.path, self.lines.get(row).copied().unwrap_or_default())],
        }
    }

    /// Whether several of its rows may have a name in common, as those of one mapping have its line.
    #[must_use]
    pub fn share_names(&self) -> bool {
        !self.made.is_empty()
    }
}

impl Table {
    /// The table of one file.
    ///
    /// # Errors
    /// When Polars cannot build the frame.
    pub(super) fn of(table: &RawTable, schema: &Schema) -> Result<Self> {
        let coded = |name: &str| match table.cells(name) {
            Some((_, column)) => coded(column, table.rows),
            None => (vec![0; table.rows], vec![absent(name, schema).to_owned()]),
        };
        let columns = fields(schema).into_iter().map(|name| (name.to_owned(), coded(name))).collect();
        let places = Places { path: table.source.path.clone(), lines: table.lines(), made: table.made.clone() };
        Self::new(columns, schema, places)
    }

    /// A table of coded columns: for each field the code of every row, and the words that the codes stand for.
    ///
    /// # Errors
    /// When the columns are not equally long.
    pub fn new(columns: BTreeMap<String, (Vec<u32>, Vec<String>)>, schema: &Schema, places: Places) -> Result<Self> {
        let (mut series, mut words): (Vec<Series>, BTreeMap<_, _>) = (Vec::new(), BTreeMap::new());
        for (name, (codes, known)) in columns {
            series.push(UInt32Chunked::from_vec(name.as_str().into(), codes).into_column());
            words.insert(name, known);
        }
        let value = schema.observations.as_ref().and_then(|observations| schema.field(&observations.value));
        let values = value.and_then(|field| Some((field, words.get(&field.name)?)));
        let given = values.map(|(field, words)| words.iter().map(|word| Given::read(word, field)).collect());
        let rows = series.first().map_or(0, Series::len);
        let frame = DataFrame::new(rows, series)?;
        Ok(Self { frame, words, given: given.unwrap_or_default(), places: Arc::new(places) })
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// The codes of a field, in the order of the rows.
    ///
    /// # Errors
    /// When it has no such field.
    pub fn codes(&self, field: &str) -> Result<&UInt32Chunked> {
        Ok(self.frame.column(field)?.u32()?)
    }

    /// The distinct words of a field, in their order as text: a code is the number of its word. None without such a field.
    #[must_use]
    pub fn words(&self, field: &str) -> &[String] {
        self.words.get(field).map_or(&[], Vec::as_slice)
    }

    /// The cell of a row; empty where the table has no such field.
    #[must_use]
    pub fn cell(&self, field: &str, row: usize) -> &str {
        let code = self.codes(field).ok().and_then(|codes| codes.get(row));
        code.and_then(|code| self.words(field).get(code as usize)).map_or("", String::as_str)
    }

    /// What each word of the value column gives.
    #[must_use]
    pub fn given(&self) -> &[Given] {
        &self.given
    }

    /// Where its rows are.
    #[must_use]
    pub fn places(&self) -> &Arc<Places> {
        &self.places
    }
}

impl Given {
    /// What a cell without errors gives.
    fn read(written: &str, field: &Field) -> Self {
        let Some(state) = field.missing.get(written).filter(|state| !state.is_empty()) else {
            let count = field.integer(written).filter(|_| field.kind != Kind::Text).map(Value::Count);
            let other = || if field.kind == Kind::Text { Value::Code } else { Value::Decimal };
            return Self { outcome: Ok(count.unwrap_or_else(|| other()(written.to_owned()))), below: None };
        };
        let missing = Missing::read(state);
        let bound = written.strip_prefix('<').filter(|_| missing == Missing::Withheld);
        Self { outcome: Err(missing), below: bound.and_then(|bound| bound.trim().parse().ok()) }
    }
}

/// The fields that are read again: of observations only what figures are made of.
fn fields(schema: &Schema) -> Vec<&str> {
    let Some(observations) = &schema.observations else {
        return schema.fields.iter().map(|field| field.name.as_str()).collect();
    };
    let Observations { measure, period, value, dimensions, .. } = observations;
    let own = measure.iter().chain([period, value]).chain(dimensions).map(String::as_str);
    let mut fields: Vec<&str> = own.chain(BESIDE).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// What a field that the file leaves out is in every row.
pub(super) fn absent(field: &str, schema: &Schema) -> &'static str {
    let dimension = |observations: &Observations| observations.dimensions.iter().any(|name| name == field);
    if schema.observations.as_ref().is_some_and(dimension) { TOTAL } else { "" }
}

/// The codes of a column in the order of their words, and the words. Without a dictionary all cells are empty.
fn coded(column: &Column, rows: usize) -> (Vec<u32>, Vec<String>) {
    if !column.coded() {
        return (vec![0; rows], vec![String::new()]);
    }
    let mut words = column.values().to_vec();
    words.sort_unstable();
    let place = |word: &String| words.binary_search(word).ok().and_then(|at| u32::try_from(at).ok());
    let places: Vec<u32> = column.values().iter().map(|word| place(word).unwrap_or_default()).collect();
    let code = |row: usize| usize::try_from(column.code(row)).ok().and_then(|code| places.get(code)).copied();
    let codes = (0..rows).map(|row| code(row).unwrap_or_default()).collect();
    (codes, words)
}
