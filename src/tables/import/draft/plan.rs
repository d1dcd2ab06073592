//! What each column of a file probably is: the folder, the period, the numbers, a field, a condition, or nothing.

use std::collections::BTreeSet;

use super::codes::{self, Line, countries, likeness, lines, words};
use super::column::Column;
use super::period;
use super::shape::is_year;
use super::written::string;
use crate::project::schema::{Field, Kind, Observations, Schema, StandsFor};

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Open,
    Into,
    Period,
    Taken,
    Field,
    Where,
    /// Left, for a reason.
    Left(&'static str),
}

/// A line of a `[[make]]` or of the head: a key, its value in TOML, and what is to be known of it.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) remark: String,
}

/// The plan of a draft.
pub(super) struct Plan<'p> {
    pub(super) schemas: &'p [Schema],
    /// The columns, and what stands in rows of one cell.
    pub(super) columns: Vec<Column>,
    pub(super) roles: Vec<Role>,
    pub(super) table: Option<&'p Schema>,
    pub(super) into: Option<Given>,
    pub(super) fields: Vec<Given>,
    pub(super) codes: Vec<(String, Vec<Line>)>,
}

/// Words of labels over the values of a long table.
const VALUES: [&str; 9] =
    ["value", "obs value", "txtvalue", "count", "number", "n", "actual count", "figure", "amount"];
/// Words of labels over countries.
const COUNTRIES: [&str; 8] = ["country", "geo", "area", "iso3", "iso", "nation", "state", "territory"];
/// Words of labels over numbers that count nothing.
const NUMBERS: [&str; 5] = ["id", "code", "m49", "row", "no"];

impl<'p> Plan<'p> {
    pub(super) fn new(schemas: &'p [Schema], columns: Vec<Column>) -> Self {
        let role = |column: &Column| match (column.is_empty(), &column.name, column.number) {
            (true, ..) => Role::Left("empty"),
            (_, None, Some(_)) => Role::Left("its label stands over several columns"),
            _ => Role::Open,
        };
        let roles = columns.iter().map(role).collect();
        let (into, table) = (None, None);
        Self { schemas, columns, roles, table, into, fields: Vec::new(), codes: Vec::new() }
    }

    /// The columns with a role, by their places.
    pub(super) fn with(&self, role: &Role) -> Vec<usize> {
        (0..self.columns.len()).filter(|at| self.roles.get(*at) == Some(role)).collect()
    }

    pub(super) fn column(&self, at: usize) -> Option<&Column> {
        self.columns.get(at)
    }

    pub(super) fn set(&mut self, at: usize, role: Role) {
        if let Some(own) = self.roles.get_mut(at) {
            *own = role;
        }
    }

    /// The best column that is still open.
    pub(super) fn best(&self, likeness: impl Fn(&Column) -> usize) -> Option<usize> {
        let scored = self.with(&Role::Open).into_iter().filter_map(|at| Some((at, likeness(self.column(at)?))));
        let best = scored.filter(|(_, score)| *score > 0).max_by_key(|(at, score)| (*score, std::cmp::Reverse(*at)));
        best.map(|(at, _)| at)
    }

    /// Finds the columns of the numbers, and those of folder and period.
    pub(super) fn frame(&mut self, folder: Option<&str>) {
        for at in self.with(&Role::Open) {
            if self.column(at).is_some_and(|column| column.number.is_some() && is_year(&column.label)) {
                self.set(at, Role::Taken);
            }
        }
        if let Some(at) = self.best(period::likeness) {
            self.set(at, Role::Period);
        }
        self.countries(folder);
        if self.with(&Role::Taken).is_empty() {
            self.numbers();
        }
    }

    /// Whose folder rows belong to.
    fn countries(&mut self, folder: Option<&str>) {
        let hint = |column: &Column| has_word(&column.label, &COUNTRIES);
        let score = |column: &Column| {
            let (table, fit) = countries(column)?;
            let plain = codes::COUNTRIES.iter().rev().position(|known| *known == table).unwrap_or(0);
            Some(fit + plain * 10 + if hint(column) { 50 } else { 0 })
        };
        let several = |column: &Column| column.texts().count() > 2 || hint(column);
        let at = self.best(|column| score(column).filter(|_| several(column)).unwrap_or(0));
        let at = at.or_else(|| self.best(|column| usize::from(has_word(&column.label, &["country", "geo"]))));
        let Some(at) = at.filter(|_| folder.is_none()) else { return };
        let Some(column) = self.column(at).cloned() else { return };
        let table = countries(&column).map_or("iso3166-names", |(table, _)| table);
        let value = self.country_codes(&column, table, "regions");
        self.into = Some(Given { key: "into".to_owned(), value, remark: String::new() });
        self.set(at, Role::Into);
        let alike = |other: &Column| countries(other).is_some() || hint(other);
        for other in self.with(&Role::Open) {
            let same = self
                .column(other)
                .is_some_and(|other| other.follows(&column) && (alike(other) || column.follows(other)));
            let same = same && column.cells.len() > 1;
            if same {
                self.set(other, Role::Left("it follows from the column of `into`"));
            }
        }
    }

    /// A column of countries as a field: those that no table knows get lines of their own.
    fn country_codes(&mut self, column: &Column, table: &str, own: &str) -> String {
        let mut others = lines(None, column);
        others.retain(|line| codes::country(table, &line.text).is_none());
        let name = self.code_table(own, others);
        let tables: Vec<String> = std::iter::once(table.to_owned()).chain(name).collect();
        place(column, &[format!("codes = {}", super::written::one_or_list(&tables))])
    }

    /// Adds a table of codes, if it has lines, and returns its name.
    pub(super) fn code_table(&mut self, wanted: &str, lines: Vec<Line>) -> Option<String> {
        if lines.is_empty() {
            return None;
        }
        let taken = |name: &str| self.codes.iter().any(|(known, _)| known == name);
        let numbered = || (2..).map(|number| format!("{wanted}_{number}")).find(|name| !taken(name));
        let name = if taken(wanted) { numbered()? } else { wanted.to_owned() };
        self.codes.push((name.clone(), lines));
        Some(name)
    }

    /// The columns of numbers, where no year is their label.
    fn numbers(&mut self) {
        let is_number = |column: &Column| {
            let label = words(&column.label);
            let codes = label.split(' ').any(|word| NUMBERS.contains(&word));
            column.number.is_some() && column.is_of_numbers() && !codes
        };
        let open = self.with(&Role::Open);
        let numbers: Vec<usize> = open.into_iter().filter(|at| self.column(*at).is_some_and(is_number)).collect();
        let named = |at: &usize| {
            let label = self.column(*at).map(|column| words(&column.label)).unwrap_or_default();
            VALUES.contains(&label.as_str())
        };
        let by_name: Vec<usize> = numbers.iter().copied().filter(named).collect();
        let taken = if let [one] = by_name.as_slice() { vec![*one] } else { numbers.clone() };
        for at in numbers {
            let role = if taken.contains(&at) { Role::Taken } else { Role::Left("another column holds the value") };
            self.set(at, role);
        }
    }

    /// Chooses the table whose fields know most of the columns.
    pub(super) fn choose_table(&mut self, said: &str, fractions: bool) {
        let counts = self.with(&Role::Taken).is_empty();
        let heard: BTreeSet<String> = words(said).split(' ').map(str::to_owned).collect();
        let score = |schema: &&Schema| -> Option<usize> {
            let observed = schema.observations.as_ref()?;
            let kind = schema.field(&observed.value)?.kind;
            let fits = kind == Kind::Number && !counts || kind == Kind::Integer && !fractions;
            let fields = dimensions(schema, observed);
            let best = |field: &&Field| {
                self.with(&Role::Open).into_iter().filter_map(|at| Some(likeness(field, self.column(at)?))).max()
            };
            let known: usize = fields.iter().filter_map(best).sum();
            let value = self.with(&Role::Taken).into_iter().filter_map(|at| self.column(at));
            let named = value.into_iter().any(|column| has_word(&column.label, &[observed.value.as_str()]));
            fits.then(|| known + vocabulary(schema, observed, &heard) + if named { 2 } else { 0 })
        };
        let scored = self.schemas.iter().filter_map(|schema| Some((score(&schema)?, schema)));
        let plain = |schema: &Schema| {
            let value = schema.observations.as_ref().and_then(|observed| schema.field(&observed.value));
            value.is_some_and(|field| field.kind == Kind::Number)
        };
        // Where nothing speaks for one, it is that of any numbers.
        let best = scored.max_by_key(|(score, schema)| (*score, plain(schema)));
        self.table = best.map(|(_, schema)| schema);
    }

    /// Gives each open column to the field that knows it best.
    pub(super) fn match_fields(&mut self) {
        let Some((schema, observed)) = self.observed() else { return };
        for field in dimensions(schema, observed) {
            if self.is_given(&field.name) {
                continue;
            }
            let Some(at) = self.best(|column| likeness(field, column)) else { continue };
            let other = dimensions(schema, observed).into_iter().filter(|other| !self.is_given(&other.name));
            let own = self.column(at).map_or(0, |column| likeness(field, column));
            let better = |other: &Field| self.column(at).is_some_and(|column| likeness(other, column) > own);
            if other.into_iter().any(better) {
                continue;
            }
            self.give(field, at);
        }
    }

    /// The table with its observations.
    pub(super) fn observed(&self) -> Option<(&'p Schema, &'p Observations)> {
        let schema = self.table?;
        Some((schema, schema.observations.as_ref()?))
    }

    pub(super) fn is_given(&self, field: &str) -> bool {
        self.fields.iter().any(|given| given.key == field)
    }

    /// Gives a field to a column.
    pub(super) fn give(&mut self, field: &Field, at: usize) {
        let Some(column) = self.column(at).cloned() else { return };
        let by_country = (field.stands_for == Some(StandsFor::Country)).then(|| countries(&column)).flatten();
        let value = if let Some((table, _)) = by_country {
            self.country_codes(&column, table, &field.name)
        } else {
            let table = self.code_table(&table_name(&column), lines(Some(field), &column));
            place(&column, &table.map(|name| format!("codes = {}", string(&name))).into_iter().collect::<Vec<_>>())
        };
        self.fields.push(Given { key: field.name.clone(), value, remark: String::new() });
        self.set(at, Role::Field);
    }

    /// Fields that the labels over the taken cells fill: periods and codes.
    pub(super) fn labels(&mut self) {
        let Some((schema, observed)) = self.observed() else { return };
        let taken: Vec<Column> = self.with(&Role::Taken).iter().filter_map(|at| self.column(*at)).cloned().collect();
        let depth = taken.iter().map(|column| column.upper.len()).max().unwrap_or(0);
        for level in (0..=depth).rev() {
            let lowest = level == depth;
            let text = |column: &Column| {
                if lowest { column.label.clone() } else { column.upper.get(level).cloned().unwrap_or_default() }
            };
            let level_column = of_labels(&taken.iter().map(text).collect::<Vec<_>>());
            let at = if lowest { "label = true".to_owned() } else { format!("label = {}", level + 1) };
            let years = level_column.is_of_years();
            if years && !self.is_given(&observed.period) && self.with(&Role::Period).is_empty() {
                let keys = period::reads(&level_column).unwrap_or_default();
                let value = format!("{{ {at}, {keys} }}");
                self.fields.push(Given { key: observed.period.clone(), value, remark: String::new() });
            } else if level_column.cells.len() > 1 && !years {
                let free = |field: &&Field| !self.is_given(&field.name);
                let known = dimensions(schema, observed).into_iter().filter(free);
                let best = known.enumerate().max_by_key(|(at, field)| {
                    (
                        likeness(field, &level_column),
                        field.stands_for != Some(StandsFor::Country),
                        std::cmp::Reverse(*at),
                    )
                });
                let Some((_, field)) = best else { return };
                let name = if lowest { "label".to_owned() } else { format!("label_{}", level + 1) };
                let table = self.code_table(&name, lines(Some(field), &level_column)).unwrap_or_default();
                let value = format!("{{ {at}, codes = {} }}", string(&table));
                self.fields.push(Given { key: field.name.clone(), value, remark: String::new() });
            }
        }
    }
}

/// The labels of taken columns as a column.
fn of_labels(labels: &[String]) -> Column {
    use crate::tables::ingest::delivered::{CellKind, Value};
    let mut cells: Vec<(Value, usize)> = Vec::new();
    for label in labels {
        match cells.iter_mut().find(|(value, _)| value.text == *label) {
            Some((_, columns)) => *columns += 1,
            None => cells.push((Value { text: label.clone(), kind: CellKind::Text }, 1)),
        }
    }
    let (number, name, label, upper) = (None, None, String::new(), Vec::new());
    Column { number, name, label, upper, cells, codes: Vec::new(), like: None }
}

/// Whether a label has one of these words.
pub(super) fn has_word(label: &str, wanted: &[&str]) -> bool {
    words(label).split(' ').any(|word| wanted.contains(&word))
}

/// The measure and the dimensions.
pub(super) fn dimensions<'s>(schema: &'s Schema, observed: &Observations) -> Vec<&'s Field> {
    observed.measure.iter().chain(&observed.dimensions).filter_map(|name| schema.field(name)).collect()
}

/// How many words of a table are heard in a file: its name counts most.
fn vocabulary(schema: &Schema, observed: &Observations, heard: &BTreeSet<String>) -> usize {
    let name = words(&schema.name).split(' ').all(|word| heard.contains(word));
    let measure = observed.measure.as_ref().and_then(|name| schema.field(name));
    let codes = measure.iter().flat_map(|field| &field.constraints.allowed);
    let told = codes.filter(|code| words(code).split(' ').all(|word| word.len() > 4 && heard.contains(word))).count();
    usize::from(name) * 4 + told.min(3)
}

/// The name of a column's table of codes.
fn table_name(column: &Column) -> String {
    let name = words(&column.label).replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    if name.is_empty() { "codes".to_owned() } else { name }
}

/// Where a column's text stands, with further keys.
pub(super) fn place(column: &Column, keys: &[String]) -> String {
    let at = match (&column.name, column.number) {
        (_, None) => "section = true".to_owned(),
        (name, _) => format!("column = {}", string(name.as_deref().unwrap_or(&column.label))),
    };
    let like = column.like.map(|like| format!("like = {}", string(like)));
    let keys: Vec<&str> =
        std::iter::once(at.as_str()).chain(like.as_deref()).chain(keys.iter().map(String::as_str)).collect();
    format!("{{ {} }}", keys.join(", "))
}
