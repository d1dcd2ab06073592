//! One worksheet: everything but the values of its cells.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::sheet::{Area, Conditional, Hidden, Mark, Place};
use super::super::{MOST_CELLS, Unreadable, too_large};
use super::book::Book;
use super::colours::Theme;
use super::conditional;
use super::formula::reads_elsewhere;
use super::part::{Part, attribute, damaged, is_true, number, truth};
use super::plain::passed;
use super::reference::{area, place};
use super::strings::{self, Marked};
use super::styles::Styles;
use super::sum::added_up;

/// The details of a worksheet beside the values of its cells.
#[derive(Debug, Default, PartialEq)]
pub(in super::super) struct Details {
    pub(in super::super) marks: Vec<(Area, Mark)>,
    pub(in super::super) merged: Vec<Area>,
    pub(in super::super) hidden: Vec<Hidden>,
    pub(in super::super) conditional: Vec<Conditional>,
    pub(in super::super) totals: Vec<Area>,
    pub(in super::super) zeros_hidden: bool,
    /// The ranges in which rows are filtered.
    pub(super) filtered: Vec<Area>,
}

/// What is needed from the workbook to read a worksheet.
pub(super) struct Known<'k> {
    pub(super) book: &'k Book,
    pub(super) theme: &'k Theme,
    pub(super) strings: &'k Marked,
    pub(super) styles: &'k Styles,
}

/// A worksheet being read.
struct Reading<'r, 'p, 'b> {
    part: Part<'p, 'b>,
    known: &'r Known<'r>,
    details: Details,
    /// The place of the next cell if it does not state its own.
    next: Place,
    cells: usize,
    /// Whether plain cells are skipped.
    passes: bool,
    /// Which shared formulas read other workbooks.
    shared: HashMap<String, bool>,
}

/// A row lower than this, in points, cannot be seen; nor can a column narrower than this, in characters.
const LEAST: (f64, f64) = (2.0, 0.3);

pub(super) fn read(part: Part<'_, '_>, name: &str, known: &Known<'_>) -> Result<Details, Unreadable> {
    read_with(part, name, known, true)
}

/// Reads a worksheet. Skipping plain cells (`passes`) is only faster; the result is the same.
pub(super) fn read_with(
    part: Part<'_, '_>,
    name: &str,
    known: &Known<'_>,
    passes: bool,
) -> Result<Details, Unreadable> {
    let (details, shared) = (Details::default(), HashMap::new());
    let mut reading = Reading { part, known, details, next: (0, 0), cells: 0, passes, shared };
    while reading.step()? {
        if reading.cells > MOST_CELLS {
            return Err(too_large(name, "too many"));
        }
    }
    Ok(reading.details)
}

impl Reading<'_, '_, '_> {
    /// Reads the next element; false at the end.
    fn step(&mut self) -> Result<bool, Unreadable> {
        match self.part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "c" => {
                    let cell = Cell::of(&element, &mut self.next);
                    self.cell(cell)?;
                    self.pass()?;
                }
                "row" => row(&element, &mut self.next, &mut self.details),
                "col" => column(&element, &mut self.details),
                "sheetView" => {
                    self.details.zeros_hidden |= attribute(&element, "showZeros").is_some_and(|shown| !is_true(&shown));
                }
                "mergeCell" => {
                    let merged = attribute(&element, "ref").and_then(|name| area(&name));
                    self.details.merged.extend(merged.filter(|area| area.first != area.last));
                }
                "autoFilter" => {
                    let range = attribute(&element, "ref").and_then(|name| area(&name));
                    self.filter(range)?;
                }
                "conditionalFormatting" => {
                    let ranges = attribute(&element, "sqref").map(Into::into);
                    let known = self.known;
                    let read = conditional::read(&mut self.part, ranges, &known.styles.effects, known.theme)?;
                    self.details.conditional.extend(read);
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "row" => {
                self.next = (self.next.0.saturating_add(1), 0);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    /// Skips the plain cells after the end of a cell.
    fn pass(&mut self) -> Result<(), Unreadable> {
        if self.passes {
            let strings = self.known.strings;
            let passed = self.part.pass(|bytes| {
                let passed = passed(bytes, strings);
                (passed.length, passed)
            })?;
            self.cells += passed.cells;
            self.next = passed.next.unwrap_or(self.next);
        }
        Ok(())
    }

    /// A filter that shows everything has no columns.
    fn filter(&mut self, range: Option<Area>) -> Result<(), Unreadable> {
        loop {
            match self.part.next()? {
                Event::Start(element) if element.local_name().as_ref() == "filterColumn" => {
                    self.details.filtered.extend(range);
                }
                Event::End(element) if element.local_name().as_ref() == "autoFilter" => return Ok(()),
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
    }

    /// Reads the marks of the cell that has begun.
    fn cell(&mut self, cell: Cell) -> Result<(), Unreadable> {
        self.cells += 1;
        let (mut formula, mut valued) = (None, false);
        loop {
            match self.part.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "v" if cell.kind == ValueKind::Shared && !self.known.strings.is_empty() => {
                        valued = true;
                        let number = self.part.text()?.trim().parse::<usize>().ok();
                        let marks = number.and_then(|number| self.known.strings.get(&number)).into_iter().flatten();
                        self.details.marks.extend(marks.map(|mark| (Area::of(cell.place), mark.clone())));
                    }
                    "is" => {
                        let marks = strings::text(&mut self.part, self.known.theme)?;
                        self.details.marks.extend(marks.into_iter().map(|mark| (Area::of(cell.place), mark)));
                    }
                    "f" => formula = Some(Formula::of(&element)),
                    "v" if cell.kind == ValueKind::Text => valued = true,
                    _ => {}
                },
                Event::Text(text) => match &mut formula {
                    Some(formula) if !formula.ended => formula.text.push_str(&text),
                    _ => valued |= !text.trim().is_empty(),
                },
                Event::GeneralRef(name) => {
                    if let Some(formula) = formula.as_mut().filter(|formula| !formula.ended) {
                        formula.text.push_str(if &*name == "quot" { "\"" } else { " " });
                    }
                }
                Event::End(element) => match element.local_name().as_ref() {
                    "c" => break,
                    "f" => formula.iter_mut().for_each(|formula| formula.ended = true),
                    _ => {}
                },
                Event::Eof => return Err(damaged()),
                _ => {}
            }
        }
        self.next = (cell.place.0, cell.place.1.saturating_add(1));
        if let Some(formula) = formula {
            self.formula(&cell, &formula, valued);
        }
        Ok(())
    }

    fn formula(&mut self, cell: &Cell, formula: &Formula, valued: bool) {
        let mut foreign = reads_elsewhere(&formula.text, &self.known.book.foreign);
        if let Some(shared) = &formula.shared {
            // A shared formula is stored in the first of its cells.
            if formula.text.is_empty() {
                foreign = self.shared.get(shared).copied().unwrap_or(false);
            } else {
                self.shared.insert(shared.clone(), foreign);
            }
        }
        let own = Area::of(cell.place);
        let alone = formula.shared.is_none() && formula.area.is_none();
        let addends = || alone.then(|| added_up(&formula.text)).flatten();
        let stale = self.known.book.stale;
        let mark = match (valued, foreign) {
            (false, _) => Mark::Uncomputed,
            (_, true) => Mark::Foreign,
            _ => match addends() {
                Some(addends) => Mark::Adds { addends, stale },
                None if stale => Mark::Stale,
                None => return,
            },
        };
        let area = formula.area.filter(|area| area.holds(cell.place) && mark != Mark::Uncomputed);
        self.details.marks.push((area.unwrap_or(own), mark));
    }
}

/// How a cell stores its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    /// As the number of a shared text.
    Shared,
    /// As the text that a formula gave, which may be an empty one.
    Text,
    Other,
}

/// A cell that has begun.
struct Cell {
    place: Place,
    kind: ValueKind,
}

impl Cell {
    fn of(element: &BytesStart<'_>, next: &mut Place) -> Self {
        let (mut named, mut kind) = (None, ValueKind::Other);
        for attribute in element.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => named = place(&attribute.value),
                "t" if &*attribute.value == "s" => kind = ValueKind::Shared,
                "t" if &*attribute.value == "str" => kind = ValueKind::Text,
                _ => {}
            }
        }
        Self { place: named.unwrap_or(*next), kind }
    }
}

/// A formula being read.
struct Formula {
    text: String,
    ended: bool,
    /// Its number, if several cells share it.
    shared: Option<String>,
    /// The other cells that it fills.
    area: Option<Area>,
}

impl Formula {
    fn of(element: &BytesStart<'_>) -> Self {
        let kind = attribute(element, "t").unwrap_or_default();
        let shared = attribute(element, "si").filter(|_| kind == "shared").map(Into::into);
        let fills = matches!(kind.as_ref(), "array" | "dataTable");
        let area = attribute(element, "ref").filter(|_| fills).and_then(|name| area(&name));
        Self { text: String::new(), ended: false, shared, area }
    }
}

fn row(element: &BytesStart<'_>, next: &mut Place, details: &mut Details) {
    let at = number::<u32>(element, "r").map_or(next.0, |row| row.saturating_sub(1));
    *next = (at, 0);
    let flat = number::<f64>(element, "ht").is_some_and(|height| height < LEAST.0);
    if !flat && !truth(element, "hidden") {
        return;
    }
    match details.hidden.last_mut() {
        Some(Hidden::Rows { last, .. }) if last.saturating_add(1) == at => *last = at,
        _ => details.hidden.push(Hidden::Rows { first: at, last: at, filtered: false }),
    }
}

fn column(element: &BytesStart<'_>, details: &mut Details) {
    let narrow = number::<f64>(element, "width").is_some_and(|width| width < LEAST.1);
    let (first, last) = (number::<u32>(element, "min"), number::<u32>(element, "max"));
    if let (Some(first), Some(last), true) = (first, last, narrow || truth(element, "hidden")) {
        let (first, last) = (first.saturating_sub(1), last.saturating_sub(1));
        details.hidden.push(Hidden::Columns { first, last });
    }
}
