//! Where the rows that a mapping made come from: for each field the cell that it was looked up in, or the line of the mapping
//! that says what it is.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::answer::{Answer, Rows};
use super::block::{Block, Filling, Making};
use super::found::{CellAt, places};
use super::lookup::Outcome;
use super::standing::FieldAt;
use crate::diagnostic::{Cell, Source, Span, cell_name};
use crate::project::imports::From;
use crate::tables::ingest::delivered::DeliveredSheet;
use crate::tables::ingest::{Origin, Origins};

impl Making<'_> {
    /// Where each field of the table stands, in the rows that are taken from one column.
    pub(super) fn grounds(
        &self,
        rows: Rows<'_>,
        taken: Option<usize>,
        into: &Answer,
        fillings: &[Filling],
    ) -> Vec<FieldAt> {
        let own_line = || FieldAt::line(&self.make.span);
        let of_taken = || taken.map_or_else(own_line, |column| FieldAt::taken(rows.frame.at(column)));
        let constant = |name: &str| match self.make.given(name).map(|given| &given.from) {
            Some(From::Constant(constant)) => FieldAt::line(&constant.span),
            _ => own_line(),
        };
        // The line of codes that sets this field, too, stands for another one's cell.
        let beside = |name: &str| {
            fillings.iter().find_map(|filling| match filling {
                Filling::Answer(answer) if sets(answer, name) => FieldAt::of(answer, rows),
                _ => None,
            })
        };
        let of = |(filling, name): (&Filling, &str)| match filling {
            Filling::Answer(answer) | Filling::Note(Some(answer)) => {
                FieldAt::of(answer, rows).unwrap_or_else(|| constant(name))
            }
            Filling::Text(_) if name == "source" => FieldAt::line(&self.source_line),
            Filling::Text(_) => beside(name).unwrap_or_else(own_line),
            Filling::Folder => FieldAt::of(into, rows).unwrap_or_else(own_line),
            Filling::Taken | Filling::Note(None) | Filling::Qualifier => of_taken(),
        };
        fillings.iter().zip(self.schema.fields.iter().map(|field| field.name.as_str())).map(of).collect()
    }
}

/// Whether a line of codes that an answer uses sets another field.
fn sets(answer: &Answer, name: &str) -> bool {
    answer.outcomes.iter().any(|outcome| match outcome {
        Outcome::Several(_, others) => others.iter().any(|(other, _)| other == name),
        _ => false,
    })
}

/// What the places of all rows of a mapping are found with.
#[derive(Debug, Default)]
pub(super) struct Ground {
    pub(super) sheets: Vec<Arc<DeliveredSheet>>,
    /// For each sheet, make and taken column, the fields of the table with their places.
    blocks: HashMap<CellAt, Vec<FieldAt>>,
    /// For kept rows, by the cell that names them, the cells that they were made of.
    pub(super) kept: HashMap<CellAt, Vec<String>>,
}

impl Ground {
    /// The places of the fields of one block in one sheet, which stands alone.
    pub(super) fn of_one(sheet: DeliveredSheet, (make, taken): (usize, usize), grounds: Vec<FieldAt>) -> Self {
        let blocks = HashMap::from([((0, make, taken), grounds)]);
        Self { sheets: vec![Arc::new(sheet)], blocks, kept: HashMap::new() }
    }

    /// Takes over the places of blocks.
    pub(super) fn of(blocks: &mut [Block], sheets: &[Arc<DeliveredSheet>]) -> Self {
        let own = blocks.iter_mut().map(|block| {
            let grounds = std::mem::take(&mut block.grounds);
            ((block.sheet, block.make, block.taken.unwrap_or(0)), grounds)
        });
        Self { blocks: own.collect(), sheets: sheets.to_vec(), kept: HashMap::new() }
    }

    /// The places of kept rows: `blocks` says for each make in which columns of the kept file its fields stand.
    pub(super) fn of_kept(
        sheet: Arc<DeliveredSheet>,
        blocks: HashMap<CellAt, Vec<FieldAt>>,
        kept: HashMap<CellAt, Vec<String>>,
    ) -> Self {
        Self { sheets: vec![sheet], blocks, kept }
    }
}

/// The cells that rows are made of, and by what.
#[derive(Debug)]
pub(super) enum Cells {
    /// Each row by itself.
    Listed(Listed),
    /// Each row of one sheet is one of ours, from a row on: by this make, from a column.
    Run { from: usize, make: usize, taken: usize },
    /// Each of these rows of one sheet is one of ours: by this make, from a column.
    Rows { rows: Vec<usize>, make: usize, taken: usize },
}

/// The cells of each row.
#[derive(Debug, Default)]
pub(super) struct Listed {
    /// For each row, where its cells begin in `cells`.
    starts: Vec<usize>,
    cells: Vec<CellAt>,
    makes: Vec<usize>,
}

impl Listed {
    pub(super) fn push(&mut self, make: usize, cells: Vec<CellAt>) {
        self.starts.push(self.cells.len());
        self.cells.extend(cells);
        self.makes.push(make);
    }

    pub(super) fn of(&self, row: usize) -> &[CellAt] {
        let from = self.starts.get(row).copied().unwrap_or(0);
        let to = self.starts.get(row + 1).copied().unwrap_or(self.cells.len());
        self.cells.get(from..to).unwrap_or_default()
    }

    pub(super) fn all(&self) -> &[CellAt] {
        &self.cells
    }

    pub(super) fn make(&self, row: usize) -> usize {
        self.makes.get(row).copied().unwrap_or(0)
    }
}

impl Cells {
    fn make(&self, row: usize) -> usize {
        match self {
            Self::Listed(listed) => listed.make(row),
            Self::Run { make, .. } | Self::Rows { make, .. } => *make,
        }
    }

    /// The first and the last cell of a row.
    fn ends(&self, row: usize) -> Option<[CellAt; 2]> {
        match self {
            Self::Listed(listed) => {
                let cells = listed.of(row);
                Some([*cells.first()?, *cells.last()?])
            }
            Self::Run { from, taken, .. } => Some([(0, from + row, *taken); 2]),
            Self::Rows { rows, taken, .. } => Some([(0, *rows.get(row)?, *taken); 2]),
        }
    }

    /// How many cells a row is made of.
    fn count(&self, row: usize) -> usize {
        match self {
            Self::Listed(listed) => listed.of(row).len(),
            Self::Run { .. } | Self::Rows { .. } => 1,
        }
    }
}

/// A cell or a line of the mapping, and whether the cell is the first of several.
type Found = (Result<CellAt, Span>, bool);

/// The rows of one table and country that come from one sheet, traced.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) ground: Arc<Ground>,
    pub(super) cells: Cells,
    /// How many rows there are.
    pub(super) rows: usize,
    /// The names of the table's fields, in their order.
    pub(super) fields: Arc<Vec<String>>,
    /// The line of each make of the mapping.
    pub(super) lines: Arc<Vec<Span>>,
    /// The places of the first and the last cell of each row, once they are asked for.
    pub(super) names: OnceLock<Vec<[String; 2]>>,
}

impl Traced {
    fn line_of(&self, row: usize) -> Option<&Span> {
        self.lines.get(self.cells.make(row))
    }

    /// Where a field of a row stands, or the row itself: a cell of a sheet, or a line of the mapping.
    fn at(&self, row: usize, field: Option<&str>) -> Option<Found> {
        let [(sheet, own, taken), _] = self.cells.ends(row)?;
        let Some(field) = field else { return Some((Ok((sheet, own, taken)), false)) };
        let line = || self.line_of(row).cloned();
        let number = self.fields.iter().position(|name| name == field);
        let block = self.ground.blocks.get(&(sheet, self.cells.make(row), taken));
        let Some(ground) = number.zip(block).and_then(|(number, block)| block.get(number)) else {
            return Some((Err(line()?), false));
        };
        match ground.cell(own) {
            Some((row, column)) => Some((Ok((sheet, row, column)), ground.several)),
            None => Some((Err(ground.of_mapping().cloned().or_else(line)?), false)),
        }
    }

    fn named(&self) -> Vec<[String; 2]> {
        let ends: Vec<[CellAt; 2]> = (0..self.rows).filter_map(|row| self.cells.ends(row)).collect();
        let texts = ends.iter().flatten().filter(|cell| self.name_in_sheet(**cell).is_none()).copied();
        let places = places(&self.ground.sheets, &texts.collect::<Vec<_>>());
        let name = |cell: CellAt| {
            let found = || places.get(&cell).map(Span::place).unwrap_or_default();
            self.name_in_sheet(cell).unwrap_or_else(found)
        };
        ends.into_iter().map(|ends| ends.map(name)).collect()
    }

    /// The place of a cell of a workbook, which needs no look at the file.
    fn name_in_sheet(&self, (sheet, row, column): CellAt) -> Option<String> {
        let sheet = self.ground.sheets.get(sheet)?;
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let cell = cell_name(number(row), number(column));
        Some(format!("{}!{}!{cell}", sheet.source.path, sheet.name.as_ref()?))
    }
}

impl Origins for Traced {
    fn places(&self, cells: &[(usize, Option<&str>)]) -> Vec<Origin> {
        let asked: Vec<_> = cells.iter().map(|(row, field)| self.at(*row, *field)).collect();
        let wanted: Vec<CellAt> = asked.iter().flatten().filter_map(|(at, _)| at.as_ref().ok().copied()).collect();
        let places = places(&self.ground.sheets, &wanted);
        let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
        let origin = |(at, (_, field)): (Option<Found>, &(usize, Option<&str>))| {
            let (at, several) = at?;
            Some(match at {
                Err(span) => Origin { span, cell: None, several },
                Ok(cell) => {
                    let confidential = self.ground.sheets.get(cell.0).is_some_and(|sheet| sheet.source.confidential);
                    let span = places.get(&cell)?.clone();
                    let span = if confidential && (several || field.is_none()) { span.point() } else { span };
                    let cell = Cell { row: number(cell.1), field: Some((number(cell.2), "".into())) };
                    Origin { span, cell: Some(cell), several }
                }
            })
        };
        let unknown = || Origin { span: self.line(), cell: None, several: false };
        asked.into_iter().zip(cells).map(|asked| origin(asked).unwrap_or_else(unknown)).collect()
    }

    fn names(&self, row: usize) -> Vec<String> {
        let ends = self.names.get_or_init(|| self.named()).get(row).cloned().unwrap_or_default();
        let line = self.line_of(row).map(|span| format!("{}:{}", span.path(), span.position().0)).unwrap_or_default();
        let ([first, last], mut cells) = (ends, self.cells.count(row));
        let kept = self.cells.ends(row).and_then(|[cell, _]| self.ground.kept.get(&cell));
        let (first, last) = match kept.map(Vec::as_slice) {
            None => (first, last),
            Some(own) => {
                cells = own.len();
                let text = |cell: Option<&String>| cell.cloned().unwrap_or_default();
                (text(own.first()), text(own.last()))
            }
        };
        match cells {
            0 | 1 => vec![first, line],
            cells => vec![first, format!("{last} ({cells} cells)"), line],
        }
    }

    fn line(&self) -> Span {
        let first = self.line_of(0).or_else(|| self.lines.first());
        first.cloned().unwrap_or_else(|| Span::start_of(&Arc::new(Source::new("", Vec::new()))))
    }

    fn sources(&self) -> Vec<Arc<Source>> {
        self.ground.sheets.iter().map(|sheet| sheet.source.clone()).collect()
    }
}
