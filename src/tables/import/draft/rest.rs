//! The columns that no field knows: conditions, columns that are left, and texts that somebody must decide together.

use std::collections::HashMap;

use super::codes::{self, Line, labels_of, words};
use super::column::{Column, MOST_CODES};
use super::plan::{Given, Plan, Role, dimensions, has_word};
use super::written::{list, string};
use crate::project::imports::OPEN;
use crate::project::schema::{Field, StandsFor};

/// Words of labels over what is measured.
const MEASURES: [&str; 8] = ["indicator", "measure", "variable", "statu", "stage", "series", "subject", "legal"];

/// Whether it is what stands in rows of one cell.
pub(super) fn is_section(column: &Column) -> bool {
    column.number.is_none()
}

impl Plan<'_> {
    /// Columns with the same text in every row are conditions, and those with too many texts are left.
    pub(super) fn settle(&mut self) {
        for at in self.with(&Role::Open) {
            let Some(column) = self.column(at) else { continue };
            let role = if column.is_constant() && column.number.is_some() {
                Role::Where
            } else if column.cells.len() > MOST_CODES {
                Role::Left("it holds more than 200 texts")
            } else {
                let twin = self.with(&Role::Open).into_iter().filter(|other| *other < at).any(|other| {
                    self.column(other).is_some_and(|other| {
                        let shares = words(&other.label)
                            .split(' ')
                            .any(|word| words(&column.label).split(' ').any(|own| own == word));
                        shares && column.follows(other) && other.follows(column)
                    })
                });
                if twin { Role::Left("it follows from another column") } else { continue }
            };
            self.set(at, role);
        }
    }

    /// What no field knows: one column is the measure, the others together the first dimension that nothing fills.
    pub(super) fn rest(&mut self) {
        let Some((schema, observed)) = self.observed() else { return };
        let measure = observed.measure.as_ref().and_then(|name| schema.field(name));
        if let Some(measure) = measure.filter(|measure| !self.is_given(&measure.name)) {
            let named = |column: &Column| labels_of(&column.label, &measure.name) || has_word(&column.label, &MEASURES);
            if let Some(at) = self.best(|column| usize::from(named(column))) {
                self.give(measure, at);
            }
        }
        let open = |field: &&Field| !matches!(field.stands_for, Some(StandsFor::Country | StandsFor::Province));
        let of_measure = |field: &&Field| observed.dimensions.contains(&field.name);
        let dimension = dimensions(schema, observed).into_iter().find(|field| open(field) && of_measure(field));
        let free =
            |field: &&Field| !self.is_given(&field.name) && open(field) && (dimension.is_none() || of_measure(field));
        let section = self.with(&Role::Open).into_iter().find(|at| self.column(*at).is_some_and(is_section));
        if let (Some(at), Some(field)) = (section, dimensions(schema, observed).into_iter().find(free)) {
            self.give(field, at);
        }
        let free =
            |field: &&Field| !self.is_given(&field.name) && open(field) && (dimension.is_none() || of_measure(field));
        let Some(field) = dimensions(schema, observed).into_iter().find(free) else { return };
        match self.with(&Role::Open).as_slice() {
            [] => {}
            [one] => self.give(field, *one),
            several => self.give_together(field, &several.to_vec()),
        }
        if let Some(given) = self.fields.iter_mut().find(|given| given.key == field.name) {
            given.remark = "a guess; a line may also fill other fields: { field = \"code\" }".to_owned();
        }
    }

    /// Gives a field to several columns, whose texts are joined.
    fn give_together(&mut self, field: &Field, columns: &[usize]) {
        let all: Vec<Column> = columns.iter().filter_map(|at| self.column(*at)).cloned().collect();
        let Some(first) = all.first() else { return };
        let names: Vec<String> = all.iter().filter_map(|column| column.name.clone()).collect();
        let joined = |row: usize| -> String {
            let cell = |column: &'_ Column| -> String {
                let cell = column.codes.get(row).and_then(|code| column.cells.get(*code));
                cell.map_or_else(String::new, |(value, _)| value.text.clone())
            };
            all.iter().map(cell).collect::<Vec<_>>().join(" | ")
        };
        let mut rows: Vec<(String, usize)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for row in 0..first.codes.len() {
            let text = joined(row);
            let at = *places.entry(text.clone()).or_insert_with(|| {
                rows.push((text, 0));
                rows.len() - 1
            });
            rows.iter_mut().skip(at).take(1).for_each(|(_, count)| *count += 1);
        }
        if rows.len() > MOST_CODES || names.len() < all.len() {
            columns.iter().for_each(|at| self.set(*at, Role::Left("no field is like it")));
            return;
        }
        rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let line = |(text, rows): (String, usize)| Line { text, right: string(OPEN), remark: codes::counted(rows) };
        let table = self.code_table("combined", rows.into_iter().map(line).collect()).unwrap_or_default();
        let value = format!("{{ columns = {}, codes = {} }}", list(&names), string(&table));
        self.fields.push(Given { key: field.name.clone(), value, remark: String::new() });
        columns.iter().for_each(|at| self.set(*at, Role::Field));
    }
}
