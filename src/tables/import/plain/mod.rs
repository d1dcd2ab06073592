//! A confidential text of which each row is at most one row of ours, and each field a constant or the translation of columns: its
//! columns become ours by translating their distinct cells, without anything made for each row. Rows that are left drop out of the
//! columns; rows with something to report are read once more by the general way, and nothing else is. Where there is anything
//! else to a file, all of it is left to the general way.

mod rows;
#[cfg(test)]
mod tests;

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
use crate::diagnostic::Diagnostic;
use crate::project::imports::{At, Delivered, From, Lookup, Make, Mapping, Sum};
use crate::project::schema::{Field, Schema};
use crate::tables::ingest::delivered::{Columns, open_plain};
use crate::tables::ingest::{Column, MadeColumns, RawTable, is_free_text};
use rows::{Fate, Fates};

/// What a plain file becomes.
pub(super) struct Read {
    /// Its rows, if any is sound.
    pub(super) table: Option<RawTable>,
    /// What is wrong with the others.
    pub(super) found: Vec<Diagnostic>,
}

/// What becomes of a plain file; none where the file is not plain.
pub(super) fn read(mapping: &Mapping, present: &Present, schemas: &[Schema], countries: &[String]) -> Option<Read> {
    of_pieces(mapping, present, schemas, countries, None)
}

/// The same, of pieces of this size in bytes if it is given.
fn of_pieces(
    mapping: &Mapping,
    present: &Present,
    schemas: &[Schema],
    countries: &[String],
    size: Option<usize>,
) -> Option<Read> {
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
    let free = free(make, mapping, schema, &head);
    let coded: Vec<usize> = head.read.iter().filter(|column| !free.contains(column)).map(|at| head.at(*at)).collect();
    let is_coded = |at: usize| coded.contains(&at);
    let columns = match size {
        None => opened.below(head.labels.row, &is_coded)?,
        Some(size) => opened.in_pieces(head.labels.row, &is_coded, size)?,
    };
    let hashed = free.iter().map(|column| head.at(*column));
    let hashed: Vec<usize> = hashed.filter(|at| columns.columns.get(*at).is_some_and(|own| !own.coded())).collect();
    if !columns.are_folded(&hashed) {
        return None;
    }
    let asking = Asking { mapping, confidential: file.confidential, undecoded: false };
    let (source, source_line) = (file.source.value.as_str(), file.source.span.clone());
    let making = Making { asking, mapping, make, number: 0, schema, countries, source, source_line };
    Plain { making, country }.read(&head, columns, found)
}

/// The one make of a mapping that does nothing but translate columns.
fn plain<'m>(mapping: &'m Mapping, file: &Delivered) -> Option<&'m Make> {
    let [make] = mapping.makes.as_slice() else { return None };
    let read = &file.read;
    let whole = read.split.is_none() && read.fill.is_empty() && read.skip.is_empty() && read.label_rows() == 1;
    let whole = whole && read.start.is_none() && read.end.is_none() && read.expect.is_empty();
    // Whether a [[skip]] leaves any row is known once all files are read.
    let every = make.sum == Sum::No && mapping.marks.is_empty();
    let every = every && (mapping.skips.is_empty() || mapping.files.len() == 1);
    let one = make.take.len() < 2 && make.take.iter().all(|take| take.value.is_literal());
    let by_column = mapping.lookups().all(|lookup| matches!(lookup.at, At::Column(_) | At::Columns(_)));
    (file.confidential && !mapping.partial && whole && every && one && by_column).then_some(make)
}

/// The columns, by their numbers among the labelled ones, that are taken as they stand for one field that no rule reads.
fn free(make: &Make, mapping: &Mapping, schema: &Schema, frame: &Frame<'_>) -> Vec<usize> {
    let column = |name: &str| frame.named.get(name).copied();
    let looked = mapping.lookups().flat_map(Lookup::columns);
    let asked = make.wheres.iter().chain(mapping.skips.iter().flat_map(|skip| &skip.wheres));
    let asked = asked.map(|condition| condition.column.as_str());
    let used: Vec<usize> =
        looked.chain(asked).filter_map(column).chain(frame.taken.iter().flatten().copied()).collect();
    let once = |column: &usize| used.iter().filter(|used| *used == column).count() == 1;
    let given = make.fields.iter().filter_map(|given| match &given.from {
        From::Looked(lookup) => Some((given, lookup)),
        From::Constant(_) => None,
    });
    let plain = given.filter_map(|(given, lookup)| {
        let as_it_stands = lookup.codes.is_empty() && lookup.like.is_none() && lookup.dating.is_none();
        let open = schema.field(&given.field.value).is_some_and(|field| is_free_text(field, schema));
        match &lookup.at {
            At::Column(name) if as_it_stands && open => column(name),
            _ => None,
        }
    });
    plain.filter(once).collect()
}

/// A plain file as it becomes a table.
struct Plain<'m> {
    making: Making<'m>,
    country: &'m str,
}

impl Plain<'_> {
    fn read(&self, head: &Frame<'_>, mut read: Columns, mut found: Found) -> Option<Read> {
        let Making { mapping, make, schema, .. } = self.making;
        let (first, count) = (head.labels.row + 1, read.sheet.rows.saturating_sub(head.labels.row + 1));
        // Below a row that is blank in all read columns the table would have ended.
        if rows::any_blank(head, &read.columns) {
            return None;
        }
        let by_row = rows::selects(mapping) || mapping.lookups().any(|lookup| matches!(lookup.at, At::Columns(_)));
        if by_row {
            read.tell_rows();
        }
        let (mut texts, taken) = (Texts::default(), head.taken.first().and_then(|taken| taken.first().copied()));
        let frame = head.over(&read.sheet);
        let body = Body::of(if by_row { (first..first + count).collect() } else { Vec::new() });
        let rows = Rows { frame: &frame, body: &body };
        let fillings = self.making.fillings(rows, taken, &mut texts);
        let cells = taken.map(|taken| self.taken(taken, rows)).unwrap_or_default();
        let mut fates = Fates::of(count);
        fates.select(mapping, rows, &mut found);
        for filling in &fillings {
            fates.judge(filling, &cells, taken, rows, &read.columns)?;
        }
        let grounds = self.making.grounds(rows, taken, &Answer::constant(self.country), &fillings);
        let mut made: Vec<(String, Column)> = Vec::new();
        for (filling, field) in fillings.iter().zip(&schema.fields) {
            let value = schema.observations.as_ref().is_some_and(|observed| observed.value == field.name);
            if field.required_column || value || mapping.sets(make, &field.name) {
                let column = self.column(filling, (&cells, taken), rows, &read.columns, &texts)?;
                made.push((field.name.clone(), fates.keep(column)));
            }
        }
        drop(fillings);
        let (faulty, kept) = (fates.rows(Fate::Faulty), fates.taken());
        if !faulty.is_empty() {
            if !by_row {
                read.tell_rows();
            }
            let frame = head.over(&read.sheet);
            let body = Body::of(faulty.iter().map(|row| first + row).collect());
            let all: Vec<usize> = (0..faulty.len()).collect();
            self.making.blocks(Rows { frame: &frame, body: &body }, &all, &mut texts, &mut found);
        }
        let at = taken.map_or(0, |column| head.at(column));
        let cells = match kept {
            None => Cells::Run { from: first, make: 0, taken: at },
            Some(rows) => Cells::Rows { rows: rows.into_iter().map(|row| first + row).collect(), make: 0, taken: at },
        };
        let ground = Arc::new(Ground::of_one(read.sheet, (0, at), grounds));
        let found = found.diagnostics(&ground.sheets);
        Some(Read { table: self.table(made, ground, cells, fates.count()), found })
    }

    fn table(&self, made: Vec<(String, Column)>, ground: Arc<Ground>, cells: Cells, rows: usize) -> Option<RawTable> {
        let Making { mapping, make, schema, .. } = self.making;
        let fields = Arc::new(schema.fields.iter().map(|field| field.name.clone()).collect());
        let lines = Arc::new(vec![make.span.clone()]);
        let origins = Traced { ground, cells, rows, fields, lines, names: OnceLock::new() };
        let of = (schema.name.clone(), self.country.to_owned(), true);
        let made = MadeColumns { columns: made, rows };
        (rows > 0).then(|| RawTable::made(of, &mapping.source, made, Arc::new(origins)))
    }

    /// What each distinct taken cell is.
    fn taken(&self, number: usize, rows: Rows<'_>) -> Vec<Outcome> {
        let Making { make, asking, schema, .. } = self.making;
        let observed = schema.observations.as_ref().and_then(|observed| schema.field(&observed.value));
        let read = |field: &Field| {
            let values = rows.frame.values(number).into_iter();
            values.map(|value| taken::read(&value, make, asking, field).outcome).collect()
        };
        observed.map(read).unwrap_or_default()
    }

    /// The column of a field.
    fn column(
        &self,
        filling: &Filling,
        (cells, taken): (&[Outcome], Option<usize>),
        rows: Rows<'_>,
        columns: &[Column],
        texts: &Texts,
    ) -> Option<Column> {
        let count = rows.frame.sheet.rows.saturating_sub(rows.frame.labels.row + 1);
        let answer = match filling {
            Filling::Answer(answer) | Filling::Note(Some(answer)) => answer,
            Filling::Text(number) => return Some(Column::filled(texts.text(*number), count)),
            Filling::Folder => return Some(Column::filled(self.country, count)),
            Filling::Taken => return translated(columns.get(rows.frame.at(taken?))?, cells),
            Filling::Note(None) | Filling::Qualifier => return Some(Column::filled("", count)),
        };
        if let Some(numbers) = answer.by_rows() {
            let (values, known) = renumbered(&answer.outcomes)?;
            let number = |number: &usize| known.get(*number).copied().unwrap_or(0);
            return Some(Column::of(values, &numbers.iter().map(number).collect::<Vec<u32>>()));
        }
        let Some(number) = answer.by_column() else {
            return answer.outcomes.first().map(|outcome| Column::filled(text(outcome), count));
        };
        translated(columns.get(rows.frame.at(number))?, &answer.outcomes)
    }
}

/// The text of an outcome; nothing for one whose row is not taken.
fn text(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Is(text) => text,
        _ => "",
    }
}

/// The distinct texts of outcomes, and for each outcome the number of its own.
fn renumbered(outcomes: &[Outcome]) -> Option<(Vec<String>, Vec<u32>)> {
    let (mut values, mut numbers): (Vec<String>, Vec<u32>) = (Vec::new(), Vec::with_capacity(outcomes.len()));
    let mut known: HashMap<&str, u32> = HashMap::new();
    for outcome in outcomes {
        let text = text(outcome);
        let next = u32::try_from(values.len()).ok()?;
        numbers.push(*known.entry(text).or_insert_with(|| {
            values.push(text.to_owned());
            next
        }));
    }
    Some((values, numbers))
}

/// A column in which each distinct cell is what came of it; one without a dictionary stays as it is.
fn translated(column: &Column, outcomes: &[Outcome]) -> Option<Column> {
    if !column.coded() {
        return Some(column.clone());
    }
    let (values, numbers) = renumbered(outcomes)?;
    (numbers.len() == column.values().len()).then(|| column.translated(values, &numbers))
}
