//! The rows of one key as one row: the sum of their numbers, the notes of all, and every cell.

use std::collections::{HashMap, HashSet};

use super::found::{CellAt, Found, Wrong};
use super::remarks::NOTES;
use super::row::{Gathering, Row};
use super::texts::Texts;
use crate::diagnostic::{Code, Severity};
use crate::tables::ingest::delivered::DeliveredSheet;
use crate::value::Qualifier;

/// One row of the parts of a key; none where they cannot be added.
pub(super) fn sum(
    gathering: &Gathering<'_>,
    parts: Vec<Row>,
    repeated: &mut Repeated,
    texts: &mut Texts,
    found: &mut Found,
) -> Option<Row> {
    if parts.len() < 2 {
        return parts.into_iter().next();
    }
    let schema = gathering.schema(parts.first()?.make)?;
    let place = |name: &str| schema.fields.iter().position(|field| field.name == name);
    let value = place(&schema.observations.as_ref()?.value)?;
    let mut adding = Adding {
        gathering,
        value,
        note: place("note"),
        qualifier: place("qualifier"),
        sum: Some(0),
        exact: Qualifier::Exact,
        sound: true,
        notes: Vec::new(),
        cells: Vec::new(),
        entered: HashSet::new(),
        rows: HashMap::new(),
    };
    parts.iter().for_each(|part| adding.part(part, repeated, texts, found));
    adding.done(parts.into_iter().next()?, texts, found)
}

/// A sum as it grows.
struct Adding<'g, 's> {
    gathering: &'g Gathering<'s>,
    value: usize,
    note: Option<usize>,
    qualifier: Option<usize>,
    sum: Option<i64>,
    exact: Qualifier,
    sound: bool,
    notes: Vec<String>,
    cells: Vec<CellAt>,
    entered: HashSet<CellAt>,
    /// The first cell of each row of the file, by its sheet and the first row that is equal to it.
    rows: HashMap<(usize, usize), CellAt>,
}

impl Adding<'_, '_> {
    fn part(&mut self, part: &Row, repeated: &mut Repeated, texts: &Texts, found: &mut Found) {
        let Some(&cell) = part.cells.first() else { return };
        if !self.entered.insert(cell) {
            let wrong = Wrong::new(Code::PrimaryKey, "the same cell would enter one row twice");
            found.error(cell, wrong.hint("let one [[make]] take it"));
            self.sound = false;
            return;
        }
        if self.gathering.mapping.makes.get(part.make).is_some_and(|make| !make.take.is_empty()) {
            self.repeats(cell, repeated, found);
        }
        self.cells.push(cell);
        let text = |at: Option<usize>| at.and_then(|at| part.fields.get(at)).map_or("", |number| texts.text(*number));
        let number = text(Some(self.value));
        if part.state {
            let message = format!("`{number}` cannot be added to the other rows of its key");
            let wrong = Wrong::new(Code::Unaddable, message);
            found.error(cell, wrong.hint("read the rows apart, or leave the cell by [missing]: `skip`"));
            self.sound = false;
            return;
        }
        self.sum = self.sum.zip(number.parse::<i64>().ok()).and_then(|(sum, number)| sum.checked_add(number));
        let own = text(self.qualifier);
        if let Some(both) = self.exact.plus(Qualifier::read(own)) {
            self.exact = both;
        } else {
            let exact = self.exact.code();
            let message = format!("a number that is `{own}` cannot be added to one that is `{exact}`");
            found.error(cell, Wrong::new(Code::Unaddable, message));
            self.sound = false;
        }
        for note in text(self.note).split(NOTES).filter(|note| !note.is_empty()) {
            if !self.notes.iter().any(|known| known == note) {
                self.notes.push(note.to_owned());
            }
        }
    }

    /// Warns of a part whose row equals that of an earlier part.
    fn repeats(&mut self, cell: CellAt, repeated: &mut Repeated, found: &mut Found) {
        let (sheet, row, _) = cell;
        let Some(delivered) = self.gathering.sheets.get(sheet) else { return };
        let first = *self.rows.entry((sheet, repeated.first(sheet, row, delivered))).or_insert(cell);
        if first.1 != row {
            let wrong = Wrong::new(Code::RepeatedRow, "the very same row stands further up; both are added");
            let wrong = wrong.hint("leave it by a [[skip]] if it is there by mistake");
            found.pair(cell, Severity::Warning, wrong, (first, "first here".into()));
        }
    }

    fn done(self, mut row: Row, texts: &mut Texts, found: &mut Found) -> Option<Row> {
        let Some(sum) = self.sum else {
            if let (true, Some(cell)) = (self.sound, self.cells.first()) {
                found.error(*cell, Wrong::new(Code::Unaddable, "the numbers of this key are too large to be added"));
            }
            return None;
        };
        let mut set = |at: Option<usize>, text: &str| {
            if let Some(field) = at.and_then(|at| row.fields.get_mut(at)) {
                *field = texts.number(text);
            }
        };
        set(Some(self.value), &sum.to_string());
        set(self.note, &self.notes.join(NOTES));
        set(self.qualifier, if self.exact == Qualifier::Exact { "" } else { self.exact.code() });
        row.cells = self.cells;
        self.sound.then_some(row)
    }
}

/// Rows of sheets that are equal in all cells.
#[derive(Default)]
pub(super) struct Repeated {
    /// For each sheet, the first row that equals each row.
    same: HashMap<usize, Vec<usize>>,
}

impl Repeated {
    /// The first row of a sheet that equals this one.
    fn first(&mut self, sheet: usize, row: usize, delivered: &DeliveredSheet) -> usize {
        let same = self.same.entry(sheet).or_insert_with(|| first_equal(delivered));
        same.get(row).copied().unwrap_or(row)
    }
}

/// For each row of a sheet the first that is equal in all cells.
fn first_equal(sheet: &DeliveredSheet) -> Vec<usize> {
    let mut same: Vec<usize> = vec![0; sheet.rows];
    for column in &sheet.columns {
        let mut texts: HashMap<&str, usize> = HashMap::new();
        let next = |texts: &HashMap<&str, usize>| texts.len();
        let mut of_code = Vec::new();
        for value in &column.values {
            let number = next(&texts);
            of_code.push(*texts.entry(value.text.as_str()).or_insert(number));
        }
        let mut pairs: HashMap<(usize, usize), usize> = HashMap::new();
        for (row, group) in same.iter_mut().enumerate() {
            let code = of_code.get(column.code(row)).copied().unwrap_or(0);
            *group = *pairs.entry((*group, code)).or_insert(row);
        }
    }
    same
}
