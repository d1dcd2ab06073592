//! Rows of all sheets in their order: those of one key added up where a make says so, keys checked, and every row with the
//! cells that it is made of.

use std::collections::HashMap;

use super::block::Block;
use super::found::{Found, Wrong};
use super::row::{Gathering, Row};
use super::sum::{Repeated, sum};
use super::texts::{EMPTY, Texts};
use crate::diagnostic::{Code, Severity};
use crate::project::imports::Sum;
use crate::project::schema::{Kind, Schema};
use crate::value::period::Period;

impl Gathering<'_> {
    fn confidential(&self, sheet: usize) -> bool {
        self.sheets.get(sheet).is_some_and(|sheet| sheet.source.confidential)
    }

    /// All rows, in the order of file, sheet, row, make and taken column.
    pub(super) fn rows(&self, blocks: Vec<Block>, texts: &mut Texts, found: &mut Found) -> Vec<Row> {
        let mut order: Vec<(usize, u32, usize, usize, usize, usize)> = Vec::new();
        for (number, block) in blocks.iter().enumerate() {
            let taken = block.taken.unwrap_or(0);
            let of_row = |(at, row): (usize, &u32)| (block.sheet, *row, block.make, taken, number, at);
            order.extend(block.rows.iter().enumerate().map(of_row));
        }
        order.sort_unstable();
        let row = |(sheet, row, make, taken, number, at): (usize, u32, usize, usize, usize, usize)| {
            let block = blocks.get(number)?;
            Some(Row {
                make,
                sheet,
                country: *block.countries.get(at)?,
                fields: block.fields.iter().filter_map(|column| column.get(at).copied()).collect(),
                state: *block.states.get(at)?,
                cells: vec![(sheet, row as usize, taken)],
            })
        };
        let rows = order.into_iter().filter_map(row).collect();
        let mut keys = Keys::default();
        let rows = self.summed(rows, &mut keys, texts, found);
        self.unique(rows, &mut keys, texts, found)
    }

    /// Adds up the rows of one key, where their makes say so.
    fn summed(&self, rows: Vec<Row>, keys: &mut Keys, texts: &mut Texts, found: &mut Found) -> Vec<Row> {
        let sums = |row: &Row| self.mapping.makes.get(row.make).map_or(Sum::No, |make| make.sum);
        let mut groups: HashMap<(u32, usize, Vec<u32>), usize> = HashMap::new();
        let mut parts: Vec<Vec<Row>> = Vec::new();
        for row in rows {
            let sum = sums(&row);
            let schema = self.schema(row.make);
            let (Some(schema), true) = (schema, sum != Sum::No) else {
                parts.push(vec![row]);
                continue;
            };
            let file = if sum == Sum::Files { usize::MAX } else { self.files.get(row.sheet).copied().unwrap_or(0) };
            let mut key = keys.of(schema, &row, texts);
            key.push(self.table_number(row.make));
            let next = parts.len();
            let at = *groups.entry((row.country, file, key)).or_insert(next);
            match parts.get_mut(at) {
                Some(group) => group.push(row),
                None => parts.push(vec![row]),
            }
        }
        let mut repeated = Repeated::default();
        parts.into_iter().filter_map(|parts| sum(self, parts, &mut repeated, texts, found)).collect()
    }

    fn table_number(&self, make: usize) -> u32 {
        let table = self.mapping.makes.get(make).map(|make| &make.table);
        let at = self.schemas.iter().position(|schema| Some(&schema.name) == table);
        u32::try_from(at.unwrap_or(0)).unwrap_or(0)
    }

    /// Rows whose key no other has; of two with one key neither is kept.
    fn unique(&self, rows: Vec<Row>, keys: &mut Keys, texts: &mut Texts, found: &mut Found) -> Vec<Row> {
        let mut first: HashMap<(u32, u32, bool, Vec<u32>), usize> = HashMap::new();
        let mut doubled = vec![false; rows.len()];
        for (at, row) in rows.iter().enumerate() {
            let Some(schema) = self.schema(row.make) else { continue };
            let register = self.confidential(row.sheet);
            let key = if register { of_case(schema, row) } else { Some(keys.of(schema, row, texts)) };
            let Some(key) = key.filter(|key| !key.is_empty()) else { continue };
            let known = *first.entry((row.country, self.table_number(row.make), register, key)).or_insert(at);
            if known == at {
                continue;
            }
            let Some(earlier) = rows.get(known) else { continue };
            let (Some(&own), Some(&other)) = (row.cells.first(), earlier.cells.first()) else { continue };
            let wrong = self.twice(schema, row, earlier, texts);
            found.pair(own, Severity::Error, wrong, (other, "first here".into()));
            for at in [known, at] {
                if let Some(doubled) = doubled.get_mut(at) {
                    *doubled = true;
                }
            }
        }
        rows.into_iter().zip(doubled).filter(|(_, doubled)| !doubled).map(|(row, _)| row).collect()
    }

    fn twice(&self, schema: &Schema, row: &Row, earlier: &Row, texts: &Texts) -> Wrong {
        let hint = "neither is read; correct the mapping if they are of different keys, or leave one by a [[skip]]";
        if self.confidential(row.sheet) {
            let message = "an earlier row has this case id in the same stage or status";
            return Wrong::new(Code::PrimaryKey, message).hint("delete one of the two rows, or correct its case id");
        }
        let value = schema
            .observations
            .as_ref()
            .and_then(|observed| schema.fields.iter().position(|field| field.name == observed.value));
        let number =
            |row: &Row| value.and_then(|at| row.fields.get(at)).map_or("", |number| texts.text(*number)).to_owned();
        let (there, here) = (number(earlier), number(row));
        let message = format!("a row further up has the same key ({there} there, {here} here)");
        Wrong::new(Code::PrimaryKey, message).hint(hint)
    }
}

/// Keys of rows, in which periods are equal if their days are.
#[derive(Default)]
struct Keys {
    periods: HashMap<u32, u32>,
    bounds: HashMap<(chrono::NaiveDate, chrono::NaiveDate), u32>,
}

impl Keys {
    fn of(&mut self, schema: &Schema, row: &Row, texts: &Texts) -> Vec<u32> {
        let mut key = Vec::with_capacity(schema.primary_key.len() + 1);
        for name in &schema.primary_key {
            let Some(at) = schema.fields.iter().position(|field| field.name == *name) else { continue };
            let number = row.fields.get(at).copied().unwrap_or(EMPTY);
            let dated = schema.fields.get(at).is_some_and(|field| field.kind == Kind::Period);
            key.push(if dated { self.period(number, texts) } else { number });
        }
        key
    }

    fn period(&mut self, number: u32, texts: &Texts) -> u32 {
        if let Some(known) = self.periods.get(&number) {
            return *known;
        }
        let same = match Period::parse(texts.text(number)) {
            Ok(period) => *self.bounds.entry((period.start(), period.end())).or_insert(number),
            Err(_) => number,
        };
        self.periods.insert(number, same);
        same
    }
}

/// The case with its stage or status; none for a row without a case.
fn of_case(schema: &Schema, row: &Row) -> Option<Vec<u32>> {
    let field = |name: &str| {
        let at = schema.fields.iter().position(|field| field.name == name)?;
        row.fields.get(at).copied()
    };
    let case = field("case_id").filter(|case| *case != EMPTY)?;
    let measure = schema.observations.as_ref().and_then(|observed| observed.measure.as_ref());
    Some(vec![case, measure.and_then(|name| field(name)).unwrap_or(EMPTY)])
}
