//! A confidential text of which each row is one row of ours, and each field a constant or the translation of one column: its
//! columns become ours without a look at each row. Where there is anything else to it, or anything to report, it is left to the
//! general way.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::Present;
use super::answer::{Answer, Rows};
use super::block::{Filling, Making};
use super::body::Body;
use super::found::Found;
use super::frame::{Frame, frame, unread};
use super::ground::{Cells, Ground, Traced};
use super::labels::Naming;
use super::lookup::{Asking, Outcome};
use super::taken;
use super::texts::Texts;
use crate::project::imports::{At, Delivered, From, Lookup, Make, Mapping, Sum};
use crate::project::schema::{Field, Schema};
use crate::tables::ingest::delivered::{Columns, open_plain};
use crate::tables::ingest::{Column, MadeColumns, RawTable, is_free_text};

/// The table of a plain file; none where the file is not plain.
pub(super) fn table(
    mapping: &Mapping,
    present: &Present,
    schemas: &[Schema],
    countries: &[String],
) -> Option<RawTable> {
    let file = mapping.files.get(present.file)?;
    let make = plain(mapping, file)?;
    let schema = schemas.iter().find(|schema| schema.name == make.table)?;
    let country = match mapping.folder_of(make) {
        Some(From::Constant(country)) => &country.value,
        Some(From::Looked(_)) => return None,
        None => mapping.country.as_ref()?,
    };
    let opened = open_plain(&present.path, &present.bytes, file, mapping.country.as_deref())?;
    let (naming, mut found) = (Naming { mapping, file }, Found::default());
    let head = frame(naming, 0, &opened.head, &mut found)?;
    unread(naming, &head, &[], &mut found);
    let labelled = head.labels.columns.iter().all(|column| column.lowest().is_some());
    if !found.is_empty() || !labelled || !countries.contains(country) {
        return None;
    }
    let free = free(make, schema, &head);
    let coded: Vec<usize> = head.read.iter().filter(|column| !free.contains(column)).map(|at| head.at(*at)).collect();
    let row = head.labels.row;
    let columns = opened.below(row, &|at| coded.contains(&at))?;
    let folded = free.iter().all(|column| {
        let at = head.at(*column);
        columns.columns.get(at).is_some_and(Column::coded) || columns.is_folded(at)
    });
    let asking = Asking { mapping, confidential: file.confidential, undecoded: false };
    let (source, source_line) = (file.source.value.as_str(), file.source.span.clone());
    let making = Making { asking, mapping, make, number: 0, schema, countries, source, source_line };
    folded.then(|| Plain { making, country, free: &free }.table(&head, columns)).flatten()
}

/// The one make of a mapping that does nothing but translate columns.
fn plain<'m>(mapping: &'m Mapping, file: &Delivered) -> Option<&'m Make> {
    let [make] = mapping.makes.as_slice() else { return None };
    let read = &file.read;
    let whole = read.split.is_none() && read.fill.is_empty() && read.skip.is_empty() && read.label_rows() == 1;
    let whole = whole && read.start.is_none() && read.end.is_none() && read.expect.is_empty();
    let every = make.wheres.is_empty() && make.sum == Sum::No && mapping.skips.is_empty() && mapping.marks.is_empty();
    let one = make.take.len() < 2 && make.take.iter().all(|take| take.value.is_literal());
    let by_column = mapping.lookups().all(|lookup| matches!(lookup.at, At::Column(_)));
    (file.confidential && !mapping.partial && whole && every && one && by_column).then_some(make)
}

/// The columns, by their numbers among the labelled ones, that are taken as they stand for one field that no rule reads.
fn free(make: &Make, schema: &Schema, frame: &Frame<'_>) -> Vec<usize> {
    let lookups = || {
        make.fields.iter().filter_map(|given| match &given.from {
            From::Looked(lookup) => Some((given, lookup)),
            From::Constant(_) => None,
        })
    };
    let once = |column: usize| {
        let taken = frame.taken.iter().flatten().filter(|taken| **taken == column).count();
        taken + lookups().filter(|(_, lookup)| column_of(lookup, frame) == Some(column)).count() == 1
    };
    let plain = lookups().filter(|(given, lookup)| {
        let as_it_stands = lookup.codes.is_empty() && lookup.like.is_none() && lookup.dating.is_none();
        as_it_stands && schema.field(&given.field.value).is_some_and(|field| is_free_text(field, schema))
    });
    plain.filter_map(|(_, lookup)| column_of(lookup, frame)).filter(|column| once(*column)).collect()
}

fn column_of(lookup: &Lookup, frame: &Frame<'_>) -> Option<usize> {
    lookup.columns().next().and_then(|name| frame.named.get(name).copied())
}

/// A plain file as it becomes a table.
struct Plain<'m> {
    making: Making<'m>,
    country: &'m str,
    free: &'m [usize],
}

impl Plain<'_> {
    fn table(&self, head: &Frame<'_>, read: Columns) -> Option<RawTable> {
        let Making { mapping, make, schema, .. } = self.making;
        let Columns { sheet, columns } = read;
        let frame = head.over(&sheet);
        let body = Body { rows: Vec::new(), section: Vec::new(), sections: Vec::new(), filled: Vec::new() };
        let rows = Rows { frame: &frame, body: &body };
        // Below a row that is blank in all read columns the table would have ended.
        let filled = |column: &usize| {
            let values = frame.values(*column);
            !values.is_empty() && values.iter().all(|value| !value.is_blank())
        };
        if !frame.read.iter().any(filled) {
            return None;
        }
        let (mut texts, taken) = (Texts::default(), frame.taken.first().and_then(|taken| taken.first().copied()));
        let fillings = self.making.fillings(rows, taken, &mut texts);
        let grounds = self.making.grounds(rows, taken, &Answer::constant(self.country), &fillings);
        let (from, count) = (head.labels.row + 1, sheet.rows.saturating_sub(head.labels.row + 1));
        let mut made: Vec<(String, Column)> = Vec::new();
        for (filling, field) in fillings.iter().zip(&schema.fields) {
            let column = match filling {
                Filling::Answer(answer) | Filling::Note(Some(answer)) => {
                    self.answered(answer, rows, &columns, count)?
                }
                Filling::Text(number) => Column::filled(texts.text(*number), count),
                Filling::Folder => Column::filled(self.country, count),
                Filling::Taken => self.taken(taken?, rows, &columns, field)?,
                Filling::Note(None) | Filling::Qualifier => Column::filled("", count),
            };
            let value = schema.observations.as_ref().is_some_and(|observed| observed.value == field.name);
            if field.required_column || value || mapping.sets(make, &field.name) {
                made.push((field.name.clone(), column));
            }
        }
        let at = taken.map_or(0, |column| frame.at(column));
        let fields = Arc::new(schema.fields.iter().map(|field| field.name.clone()).collect());
        let ground = Arc::new(Ground::of_one(sheet, (0, at), grounds));
        let (cells, lines) = (Cells::Run { from, make: 0, taken: at }, Arc::new(vec![make.span.clone()]));
        let origins = Traced { ground, cells, rows: count, fields, lines, names: OnceLock::new() };
        let of = (schema.name.clone(), self.country.to_owned(), true);
        let made = MadeColumns { columns: made, rows: count };
        Some(RawTable::made(of, &mapping.source, made, Arc::new(origins)))
    }

    /// The column of an answer; none where it has a fault, or leaves rows.
    fn answered(&self, answer: &Answer, rows: Rows<'_>, columns: &[Column], count: usize) -> Option<Column> {
        let Some(number) = answer.by_column() else {
            return Some(Column::filled(is(answer.outcomes.first()?)?, count));
        };
        let column = columns.get(rows.frame.at(number))?;
        if self.free.contains(&number) && !column.coded() {
            return Some(column.clone());
        }
        translated(column, answer.outcomes.iter())
    }

    /// The column of the taken cells.
    fn taken(&self, number: usize, rows: Rows<'_>, columns: &[Column], field: &Field) -> Option<Column> {
        let Making { make, asking, .. } = self.making;
        let read = rows.frame.values(number);
        let read: Vec<Outcome> = read.iter().map(|value| taken::read(value, make, asking, field).outcome).collect();
        translated(columns.get(rows.frame.at(number))?, read.iter())
    }
}

fn is(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Is(text) => Some(text),
        _ => None,
    }
}

/// A column in which each distinct cell is what came of it.
fn translated<'o>(column: &Column, outcomes: impl Iterator<Item = &'o Outcome>) -> Option<Column> {
    let (mut values, mut numbers): (Vec<String>, Vec<u32>) = (Vec::new(), Vec::new());
    let mut known: HashMap<&str, u32> = HashMap::new();
    for outcome in outcomes {
        let text = is(outcome)?;
        let next = u32::try_from(values.len()).ok()?;
        numbers.push(*known.entry(text).or_insert_with(|| {
            values.push(text.to_owned());
            next
        }));
    }
    (numbers.len() == column.values().len()).then(|| column.translated(values, &numbers))
}
