//! What becomes of each row of a plain file: it is taken, left, or has something to report.

use super::super::answer::Rows;
use super::super::block::Filling;
use super::super::found::Found;
use super::super::frame::Frame;
use super::super::lookup::Outcome;
use super::super::select::select;
use super::super::sheets::idle;
use crate::project::imports::Mapping;
use crate::tables::ingest::Column;

/// What becomes of a row; where several hold, the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Taken,
    Faulty,
    Left,
}

/// What becomes of every row.
pub(super) struct Fates {
    count: usize,
    /// None while every row is taken.
    fates: Option<Vec<Fate>>,
}

impl Fates {
    pub(super) fn of(count: usize) -> Self {
        Self { count, fates: None }
    }

    fn note(&mut self, row: usize, fate: Fate) {
        let count = self.count;
        let own = self.fates.get_or_insert_with(|| vec![Fate::Taken; count]).get_mut(row);
        if let Some(own) = own {
            *own = fate.max(*own);
        }
    }

    /// Leaves the rows that the make does not take. Those that nobody takes are reported, and a `[[skip]]` that leaves none.
    pub(super) fn select(&mut self, mapping: &Mapping, rows: Rows<'_>, found: &mut Found) {
        if !selects(mapping) {
            return;
        }
        let selected = select(mapping, rows, found);
        idle(mapping, &selected.hit, true, found);
        let mut taken = selected.makes.into_iter().next().unwrap_or_default().into_iter().peekable();
        for row in 0..self.count {
            if taken.next_if_eq(&row).is_none() {
                self.note(row, Fate::Left);
            }
        }
    }

    /// Sorts the rows by what a field is in them; none for what concerns other rows or other fields, too.
    pub(super) fn judge(
        &mut self,
        filling: &Filling,
        cells: &[Outcome],
        taken: Option<usize>,
        rows: Rows<'_>,
        columns: &[Column],
    ) -> Option<()> {
        let (outcomes, column, numbers) = match filling {
            Filling::Answer(answer) | Filling::Note(Some(answer)) => {
                (answer.outcomes.as_slice(), answer.by_column(), answer.by_rows())
            }
            Filling::Taken => (cells, taken, None),
            Filling::Text(_) | Filling::Folder | Filling::Note(None) | Filling::Qualifier => return Some(()),
        };
        let fates: Vec<Fate> = outcomes.iter().map(fate).collect::<Option<_>>()?;
        if fates.iter().all(|fate| *fate == Fate::Taken) {
            return Some(());
        }
        if let Some(numbers) = numbers {
            let own = numbers.iter().map(|number| fates.get(*number).copied().unwrap_or(Fate::Taken));
            own.enumerate().filter(|(_, fate)| *fate != Fate::Taken).for_each(|(row, fate)| self.note(row, fate));
            return Some(());
        }
        // A constant that no row can have is reported in the mapping.
        let column = columns.get(rows.frame.at(column?))?;
        let of = |code: u64| usize::try_from(code).ok().and_then(|code| fates.get(code)).copied();
        for row in column.rows_with(|code| of(code).is_some_and(|fate| fate != Fate::Taken)) {
            self.note(row, of(column.code(row)).unwrap_or(Fate::Taken));
        }
        Some(())
    }

    /// The rows that have this fate, in order.
    pub(super) fn rows(&self, wanted: Fate) -> Vec<usize> {
        let fates = self.fates.iter().flatten().enumerate();
        fates.filter(|(_, fate)| **fate == wanted).map(|(row, _)| row).collect()
    }

    /// The rows that are taken; none where all are.
    pub(super) fn taken(&self) -> Option<Vec<usize>> {
        self.fates.as_ref().map(|_| self.rows(Fate::Taken))
    }

    /// How many are taken.
    pub(super) fn count(&self) -> usize {
        self.fates.as_ref().map_or(self.count, |fates| fates.iter().filter(|fate| **fate == Fate::Taken).count())
    }

    /// A column of the rows that are taken.
    pub(super) fn keep(&self, column: Column) -> Column {
        match &self.fates {
            None => column,
            Some(fates) => column.kept(&fates.iter().map(|fate| *fate == Fate::Taken).collect::<Vec<bool>>()),
        }
    }
}

fn fate(outcome: &Outcome) -> Option<Fate> {
    match outcome {
        Outcome::Is(_) => Some(Fate::Taken),
        Outcome::Skip | Outcome::Absent => Some(Fate::Left),
        Outcome::Fault(..) | Outcome::Reported => Some(Fate::Faulty),
        Outcome::Several(..) | Outcome::Total => None,
    }
}

/// Whether a mapping may leave a row for what some column says.
pub(super) fn selects(mapping: &Mapping) -> bool {
    !mapping.skips.is_empty() || mapping.makes.iter().any(|make| !make.wheres.is_empty())
}

/// Whether a row is blank in all read columns.
pub(super) fn any_blank(head: &Frame<'_>, columns: &[Column]) -> bool {
    let read: Option<Vec<&Column>> = head.read.iter().map(|column| columns.get(head.at(*column))).collect();
    let Some(read) = read else { return true };
    let blank = |column: &Column| -> Option<Vec<bool>> {
        column.coded().then(|| column.values().iter().map(|value| is_blank(value)).collect())
    };
    let blanks: Vec<Option<Vec<bool>>> = read.iter().map(|column| blank(column)).collect();
    let is = |at: usize, code: u64| match blanks.get(at) {
        Some(Some(known)) => usize::try_from(code).is_ok_and(|code| known.get(code) == Some(&true)),
        _ => code == 0,
    };
    // Most files have a column without a blank: it is sought before any row is looked at.
    if blanks.iter().flatten().any(|known| !known.contains(&true)) {
        return false;
    }
    let Some(first) = read.first() else { return true };
    let rows = first.rows_with(|code| is(0, code));
    rows.into_iter().any(|row| read.iter().enumerate().all(|(at, column)| is(at, column.code(row))))
}

fn is_blank(text: &str) -> bool {
    crate::project::imports::folded(text).is_empty()
}
