//! One pass over the rows of a block: what each field of each row is, and what is wrong with it.

use std::collections::HashMap;

use super::answer::{Answer, Rows};
use super::block::{Block, Filling, Making};
use super::found::{CellAt, Found, Wrong};
use super::labels::Labelled;
use super::lookup::Outcome;
use super::remarks::{Exactness, NOTES, Remarks};
use super::taken::{self, Taken};
use super::texts::{EMPTY, Texts};
use super::totals::{Counted, Totals};
use crate::diagnostic::Code;
use crate::project::schema::{Field, TOTAL};

impl Making<'_> {
    /// The rows that this make takes, one block for each column from which it takes cells.
    pub(super) fn blocks(
        &self,
        rows: Rows<'_>,
        selected: &[usize],
        texts: &mut Texts,
        found: &mut Found,
    ) -> Vec<Block> {
        let columns = rows.frame.taken.get(self.number).cloned().unwrap_or_default();
        let mut remarks = Remarks::of(self.mapping, self.make, rows);
        let columns: Vec<Option<usize>> =
            if self.make.take.is_empty() { vec![None] } else { columns.into_iter().map(Some).collect() };
        let one = |taken: Option<usize>| {
            let into = self.into(rows, taken);
            let fillings = self.fillings(rows, taken, texts);
            let grounds = self.grounds(rows, taken, &into, &fillings);
            let mut pass = Pass::new(self, rows, taken, into, fillings);
            selected.iter().for_each(|at| pass.row(*at, &mut remarks, texts, found));
            pass.fed(found);
            Block { grounds, ..pass.block }
        };
        columns.into_iter().map(one).collect()
    }
}

/// One pass over the rows of a block.
struct Pass<'p, 'm> {
    making: &'p Making<'m>,
    rows: Rows<'p>,
    taken: Option<usize>,
    into: Answer,
    fillings: Vec<Filling>,
    /// The distinct taken cells.
    cells: Vec<Taken>,
    label_marks: Vec<usize>,
    block: Block,
    totals: Totals,
    /// The fields in which a total of the rows above may stand.
    total_fields: Vec<usize>,
    /// The fields that make up the key of a total: all but number, remarks and source.
    keyed: Vec<usize>,
    /// The numbers of the texts of outcomes, by field and outcome.
    numbers: HashMap<(usize, usize), u32>,
    /// Which outcomes of `into` rows have.
    fed: Vec<bool>,
}

/// What came of one row.
#[derive(Default)]
struct Outcomes {
    codes: Vec<Option<u32>>,
    faults: Vec<((usize, usize), Wrong)>,
    faulty: bool,
    skipped: bool,
    total: Option<usize>,
    extra: Vec<(String, String)>,
}

impl Outcomes {
    /// What the code of another field says of this one.
    fn extra(&self, field: &str) -> Option<&str> {
        self.extra.iter().find(|(name, _)| name == field).map(|(_, text)| text.as_str())
    }
}

impl<'p, 'm> Pass<'p, 'm> {
    fn new(making: &'p Making<'m>, rows: Rows<'p>, taken: Option<usize>, into: Answer, fillings: Vec<Filling>) -> Self {
        let of_table = |name: &str| making.schema.field(name);
        let observed = making.schema.observations.as_ref().and_then(|observed| of_table(&observed.value));
        let read = |(column, field): (usize, &Field)| {
            let values = rows.frame.values(column);
            values.iter().map(|value| taken::read(value, making.make, making.asking, field)).collect()
        };
        let takes = fillings.iter().any(|filling| matches!(filling, Filling::Taken));
        let cells = taken.zip(observed).filter(|_| takes).map(read).unwrap_or_default();
        let labelled = taken.and_then(|column| rows.frame.labels.columns.get(column));
        let total_fields: Vec<usize> = fillings
            .iter()
            .enumerate()
            .filter(|(_, filling)| match filling {
                Filling::Answer(answer) => answer.outcomes.iter().any(|outcome| matches!(outcome, Outcome::Total)),
                _ => false,
            })
            .map(|(at, _)| at)
            .collect();
        let aside =
            |at: &usize| !matches!(fillings.get(*at), Some(Filling::Taken | Filling::Note(_) | Filling::Qualifier));
        let keyed = (0..fillings.len()).filter(aside).collect();
        let block = Block {
            make: making.number,
            sheet: rows.frame.number,
            taken: taken.map(|column| rows.frame.at(column)),
            fields: vec![Vec::new(); fillings.len()],
            ..Block::default()
        };
        let label_marks = labelled.map(marks_over).unwrap_or_default();
        let (totals, numbers, fed) = (Totals::default(), HashMap::new(), vec![false; into.outcomes.len()]);
        Self {
            making,
            rows,
            taken,
            into,
            fillings,
            cells,
            label_marks,
            block,
            totals,
            total_fields,
            keyed,
            numbers,
            fed,
        }
    }

    fn number(&self) -> usize {
        self.rows.frame.number
    }

    /// Notes the countries to which rows of the block belong, sound or not.
    fn fed(&self, found: &mut Found) {
        let number = self.number();
        let fed = self.into.outcomes.iter().zip(&self.fed).filter_map(|(outcome, fed)| match outcome {
            Outcome::Is(country) if *fed => Some((number, country.clone())),
            _ => None,
        });
        found.fed.extend(fed);
    }

    fn at(&self, (row, column): (usize, usize)) -> CellAt {
        (self.number(), row, column)
    }

    /// The cell that stands for a row: the taken one, or the row's first.
    fn own_cell(&self, at: usize) -> (usize, usize) {
        let row = self.rows.body.rows.get(at).copied().unwrap_or(0);
        (row, self.block.taken.unwrap_or(0))
    }

    /// Reads the `at`-th row.
    fn row(&mut self, at: usize, remarks: &mut Remarks, texts: &mut Texts, found: &mut Found) {
        let index = self.into.index(self.rows, at);
        let country = match self.into.outcomes.get(index).unwrap_or(&Outcome::Reported) {
            Outcome::Is(country) => {
                if let Some(fed) = self.fed.get_mut(index) {
                    *fed = true;
                }
                texts.number(country)
            }
            Outcome::Fault(wrong, part) => {
                let cell = self.into.cell(self.rows, at, *part).unwrap_or_else(|| self.own_cell(at));
                found.error(self.at(cell), wrong.clone());
                return;
            }
            _ => return,
        };
        let mut outcomes = self.outcomes(at, texts);
        let own = self.own_cell(at);
        let cell = self.taken.and_then(|column| self.cells.get(self.rows.code(column, at)).cloned());
        let (mut number, mut state) = (EMPTY, false);
        if let Some(cell) = &cell {
            match &cell.outcome {
                Outcome::Is(text) => (number, state) = (texts.number(text), cell.state),
                Outcome::Skip => outcomes.skipped = true,
                Outcome::Fault(wrong, _) => outcomes.faults.push((own, wrong.clone())),
                _ => outcomes.faulty = true,
            }
        }
        let taken_marks = cell.as_ref().map_or(&[][..], |cell| cell.marks.as_slice());
        let marks = (self.label_marks.as_slice(), taken_marks);
        let (note, exactness) = remarks.row(self.making.mapping, self.rows, at, marks, texts);
        let exact = self.exactness(exactness, own, &mut outcomes, texts);
        self.shown(at, own, &mut outcomes);
        outcomes.faulty |= !outcomes.faults.is_empty();
        let counted = counted(number, state, exact, &outcomes, texts);
        if let (Some(field), false) = (outcomes.total, outcomes.skipped) {
            if outcomes.faulty {
                self.report(outcomes, found);
                return;
            }
            let codes = self.codes(&outcomes);
            let confidential = self.making.asking.confidential;
            let place = self.at(own);
            self.totals.total(self.keyed_place(field), &codes, counted, place, (confidential, found));
            return;
        }
        if !self.total_fields.is_empty() {
            let codes = self.codes(&outcomes);
            let fields: Vec<usize> = self.total_fields.iter().map(|field| self.keyed_place(*field)).collect();
            self.totals.part(&fields, &codes, counted);
        }
        if outcomes.skipped {
            return;
        }
        if outcomes.faulty {
            self.report(outcomes, found);
            return;
        }
        self.push(at, country, outcomes, (number, state, note, exact), texts);
    }

    fn report(&self, outcomes: Outcomes, found: &mut Found) {
        for (cell, wrong) in outcomes.faults {
            found.error(self.at(cell), wrong);
        }
    }

    /// The place of a field among those of a total's key.
    fn keyed_place(&self, field: usize) -> usize {
        self.keyed.iter().position(|keyed| *keyed == field).unwrap_or(0)
    }

    fn codes(&self, outcomes: &Outcomes) -> Vec<Option<u32>> {
        self.keyed.iter().map(|field| outcomes.codes.get(*field).copied().flatten()).collect()
    }

    /// What each field of the `at`-th row is, remarks and the taken cell aside.
    fn outcomes(&mut self, at: usize, texts: &mut Texts) -> Outcomes {
        let mut row = Outcomes { codes: vec![None; self.fillings.len()], ..Outcomes::default() };
        for (field, filling) in self.fillings.iter().enumerate() {
            let answer = match filling {
                Filling::Answer(answer) | Filling::Note(Some(answer)) => answer,
                Filling::Text(number) => {
                    if let Some(code) = row.codes.get_mut(field) {
                        *code = Some(*number);
                    }
                    continue;
                }
                _ => continue,
            };
            let index = answer.index(self.rows, at);
            let outcome = answer.outcomes.get(index).unwrap_or(&Outcome::Reported);
            let number = match outcome {
                Outcome::Is(text) => Some(*self.numbers.entry((field, index)).or_insert_with(|| texts.number(text))),
                Outcome::Several(own, others) => {
                    row.extra.extend(others.iter().cloned());
                    Some(texts.number(own.as_deref().unwrap_or(TOTAL)))
                }
                Outcome::Skip | Outcome::Absent => {
                    row.skipped = true;
                    None
                }
                Outcome::Total => {
                    row.total = Some(field);
                    None
                }
                Outcome::Fault(wrong, part) => {
                    let cell = answer.cell(self.rows, at, *part).unwrap_or_else(|| self.own_cell(at));
                    row.faults.push((cell, wrong.clone()));
                    None
                }
                Outcome::Reported => {
                    row.faulty = true;
                    None
                }
            };
            if let Some(code) = row.codes.get_mut(field) {
                *code = number;
            }
        }
        row
    }

    /// How exact the row's number is, by its marks, unless the make or one of its codes says it.
    fn exactness(&self, exactness: Exactness, own: (usize, usize), outcomes: &mut Outcomes, texts: &mut Texts) -> u32 {
        let by_code = outcomes.extra("qualifier").map(|code| texts.number(code));
        let by_make = self.fillings.iter().zip(&self.making.schema.fields).zip(&outcomes.codes);
        let by_make = by_make
            .filter(|((filling, field), _)| field.name == "qualifier" && matches!(filling, Filling::Answer(_)))
            .map(|(_, code)| *code)
            .next()
            .or(by_code.map(Some));
        match (by_make, exactness) {
            (Some(code), _) => code.unwrap_or(EMPTY),
            (None, Exactness::Is(number)) => number,
            (None, Exactness::Contradictory) => {
                let message = "two marks say differently how exact the number is";
                let wrong = Wrong::new(Code::Unaddable, message);
                outcomes.faults.push((own, wrong.hint("say which holds: `qualifier = \"…\"` in the [[make]]")));
                EMPTY
            }
        }
    }

    /// Faults of cells that the row looked up and that the sheet shows otherwise.
    fn shown(&self, at: usize, own: (usize, usize), outcomes: &mut Outcomes) {
        let shown = &self.rows.frame.sheet.shown;
        if shown.is_empty() {
            return;
        }
        let answers = self.fillings.iter().filter_map(|filling| match filling {
            Filling::Answer(answer) | Filling::Note(Some(answer)) => answer.cell(self.rows, at, None),
            _ => None,
        });
        let cells = answers.chain(self.into.cell(self.rows, at, None)).chain(self.taken.map(|_| own));
        for cell in cells {
            if let Some(shown) = shown.get(&cell) {
                outcomes.faults.retain(|(other, _)| *other != cell);
                let wrong = Wrong::new(shown.code, shown.message.as_str()).hint(shown.hint.as_str());
                outcomes.faults.push((cell, wrong));
            }
        }
    }

    /// Adds a sound row.
    fn push(
        &mut self,
        at: usize,
        country: u32,
        outcomes: Outcomes,
        (number, state, note, exact): (u32, bool, u32, u32),
        texts: &mut Texts,
    ) {
        let row = self.rows.body.rows.get(at).copied().unwrap_or(0);
        self.block.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
        self.block.countries.push(country);
        self.block.states.push(state);
        for (at, (filling, field)) in self.fillings.iter().zip(&self.making.schema.fields).enumerate() {
            let own = outcomes.codes.get(at).copied().flatten();
            let by_code = outcomes.extra(&field.name).map(|text| texts.number(text));
            let value = match filling {
                Filling::Answer(_) => own.unwrap_or(EMPTY),
                Filling::Text(text) => by_code.unwrap_or(*text),
                Filling::Folder => by_code.unwrap_or(country),
                Filling::Taken => number,
                Filling::Note(None) => joined(by_code.unwrap_or(EMPTY), note, texts),
                Filling::Note(Some(_)) => joined(own.unwrap_or(EMPTY), note, texts),
                // A state has no precision.
                Filling::Qualifier => {
                    if state {
                        EMPTY
                    } else {
                        exact
                    }
                }
            };
            if let Some(column) = self.block.fields.get_mut(at) {
                column.push(value);
            }
        }
    }
}

/// The note of the make, and those of marks.
fn joined(own: u32, marks: u32, texts: &mut Texts) -> u32 {
    match (own, marks) {
        (own, EMPTY) => own,
        (EMPTY, marks) => marks,
        (own, marks) => {
            let text = format!("{}{}{}", texts.text(own), NOTES, texts.text(marks));
            texts.number(&text)
        }
    }
}

/// The marks of all labels over a column, the top first.
fn marks_over(labelled: &Labelled) -> Vec<usize> {
    labelled.over.iter().flatten().flat_map(|label| label.marks.iter().copied()).collect()
}

fn counted(number: u32, state: bool, exact: u32, outcomes: &Outcomes, texts: &Texts) -> Counted {
    let open = state || outcomes.skipped || outcomes.faulty || !matches!(texts.text(exact), "" | "exact");
    let number = texts.text(number).parse().ok().filter(|_| !open);
    number.map_or(Counted::Open, Counted::Exactly)
}
