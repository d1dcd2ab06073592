//! The rows that one make takes from one column of one sheet: every field of every row, or what is wrong with it.

use super::answer::{Answer, Rows, of_rows, of_taken};
use super::lookup::{Asking, For};
use super::standing::FieldAt;
use super::texts::{EMPTY, Texts};
use crate::diagnostic::Span;
use crate::project::imports::{From, Make, Mapping};
use crate::project::schema::{Field, Schema, TOTAL};

/// The rows of a block, column by column.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The make, by its number.
    pub(super) make: usize,
    /// The sheet, by its number among all.
    pub(super) sheet: usize,
    /// The column of the sheet from which cells are taken.
    pub(super) taken: Option<usize>,
    /// For each row its number in the sheet.
    pub(super) rows: Vec<u32>,
    /// For each row the number of its country's text.
    pub(super) countries: Vec<u32>,
    /// For each field of the table the number of each row's text.
    pub(super) fields: Vec<Vec<u32>>,
    /// Whether each row has a state in place of a number.
    pub(super) states: Vec<bool>,
    /// For each field of the table where it stands.
    pub(super) grounds: Vec<FieldAt>,
}

/// What all blocks of one make need.
pub(super) struct Making<'m> {
    pub(super) asking: Asking<'m>,
    pub(super) mapping: &'m Mapping,
    pub(super) make: &'m Make,
    pub(super) number: usize,
    pub(super) schema: &'m Schema,
    pub(super) countries: &'m [String],
    /// The source of the file.
    pub(super) source: &'m str,
    /// Where the mapping names it.
    pub(super) source_line: Span,
}

/// One field of a row: what answers it, or what it is without an answer.
pub(super) enum Filling {
    Answer(Answer),
    /// The number of a text.
    Text(u32),
    /// The country in whose folder the row is.
    Folder,
    /// The number or the text of the taken cell.
    Taken,
    Note(Option<Answer>),
    Qualifier,
}

impl Making<'_> {
    /// Whose folder each row belongs to.
    pub(super) fn into(&self, rows: Rows<'_>, taken: Option<usize>) -> Answer {
        let wanted = For::Into(self.countries);
        match self.mapping.folder_of(self.make) {
            Some(From::Constant(code)) if !self.countries.contains(&code.value) => Answer::reported(),
            Some(from) => self.answer(rows, taken, from, wanted),
            None => Answer::constant(self.mapping.country.as_deref().unwrap_or_default()),
        }
    }

    fn answer(&self, rows: Rows<'_>, taken: Option<usize>, from: &From, wanted: For<'_>) -> Answer {
        let own = of_rows(self.asking, rows, from, wanted);
        own.unwrap_or_else(|| {
            if let (From::Looked(lookup), Some(taken)) = (from, taken) {
                return of_taken(self.asking, rows, lookup, taken, wanted);
            }
            Answer::reported()
        })
    }

    /// What each field of the table is filled with.
    pub(super) fn fillings(&self, rows: Rows<'_>, taken: Option<usize>, texts: &mut Texts) -> Vec<Filling> {
        let observed = self.schema.observations.as_ref();
        let value = observed.map(|observed| observed.value.as_str());
        let dimension = |name: &String| observed.is_some_and(|observed| observed.dimensions.contains(name));
        let set = |name: &str| {
            let same = self.mapping.makes.iter().filter(|make| make.table == self.make.table);
            same.clone().any(|make| self.mapping.sets(make, name))
        };
        let filling = |field: &Field| {
            let name = field.name.as_str();
            let answer = self.make.given(name).map(|given| self.answer(rows, taken, &given.from, For::Field(field)));
            match (name, answer) {
                ("note", answer) => Filling::Note(answer),
                (_, Some(answer)) => Filling::Answer(answer),
                ("qualifier", None) => Filling::Qualifier,
                ("source", None) => Filling::Text(texts.number(self.source)),
                ("country", None) => Filling::Folder,
                (name, None) if Some(name) == value && taken.is_some() => Filling::Taken,
                (name, None) if dimension(&field.name) && set(name) && field.holds(TOTAL) => {
                    Filling::Text(texts.number(TOTAL))
                }
                (_, None) => Filling::Text(EMPTY),
            }
        };
        self.schema.fields.iter().map(filling).collect()
    }
}
