//! How the tables are read, from their columns to an attack: declared first, then what is inferred, step by step.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::arrange::{Table, separators, tables};
use super::columns::Columns;
use super::hierarchy::{Axis, axes};
use super::nesting::{Nest, contradiction, infer};
use super::read::Read;
use super::{Request, breakdowns, echoes, margins, notes, prefixes, shared, solve, worse};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::attack::{Verdict, WORK};
use crate::tables::ingest::RawTable;

/// The columns of the tables, and what each is read as.
pub(super) struct Reading {
    pub(super) columns: Columns,
    pub(super) axes: Vec<Axis>,
    pub(super) assumptions: Vec<String>,
    pub(super) rounded: usize,
    scale: i128,
    declared: Vec<Nest>,
    /// The dimensions of another reading, of which the worse answer counts.
    second: Option<Vec<Axis>>,
}

/// What an attack found, by the numbers of the observations.
#[derive(Default)]
pub(super) struct Answers {
    pub(super) verdicts: BTreeMap<usize, Verdict>,
    pub(super) clashes: Vec<Vec<usize>>,
    pub(super) unlinked: Vec<usize>,
    /// For each a combination without a row.
    pub(super) open: Vec<(usize, String)>,
}

impl Reading {
    /// Reads the columns.
    pub(super) fn of(read: Read, request: &Request) -> Self {
        let Read { mut columns, scale, flagged, rounded } = read;
        let mut assumptions = Vec::new();
        if flagged {
            assumptions.push("an empty value that is flagged as confidential is read as withheld".to_owned());
        }
        for mark in request.marks.iter().filter(|mark| mark.read) {
            let most = mark.most.unwrap_or_default();
            assumptions.push(format!("`{}` is read as {} to {most}", mark.text, mark.least));
        }
        assumptions.extend(request.base.map(|base| format!("every value is rounded {base}")));
        let ignored: Vec<usize> = request.ignored.iter().filter_map(|label| columns.find(label)).collect();
        for column in ignored {
            columns.columns[column].ignored = true;
        }
        let known = |label: &str, columns: &Columns| columns.find(label);
        let declared: Vec<Nest> = request
            .nested
            .iter()
            .filter_map(|nested| {
                Some(Nest { child: known(&nested.child, &columns)?, parent: known(&nested.parent, &columns)? })
            })
            .collect();
        let sure: Vec<usize> = declared.iter().flat_map(|nest| [nest.child, nest.parent]).collect();
        for name in request.margins.iter().filter(|name| !occurs(&columns, name)) {
            assumptions.push(format!("no cell contains `{name}`, the total that `--margin` names"));
        }
        join_wide(&mut columns, &mut assumptions);
        let marks: Vec<&str> = request.marks.iter().map(|mark| mark.text.as_str()).collect();
        notes::leave_out(&mut columns, &marks, &request.margins, &sure, &mut assumptions);
        margins::find(&mut columns, &request.margins, &mut assumptions);
        echoes::find(&mut columns, &sure, &mut assumptions);
        breakdowns::tell_apart(&mut columns, &sure, scale, &mut assumptions);
        notes::leave_out_repeated(&mut columns, &sure, &mut assumptions);
        shared::read_absent(&mut columns, &sure, scale, &mut assumptions);
        let nests = infer(&columns, &declared, scale, &mut assumptions);
        let mut axes = axes(&columns, &nests);
        let second = second(&columns, &mut axes, &nests, &mut assumptions);
        Self { columns, axes, assumptions, rounded, scale, declared, second }
    }

    /// Reports the rows that contradict a declared nesting.
    pub(super) fn contradicted(&self, files: &[RawTable], diagnostics: &mut Diagnostics) -> bool {
        for found in self.declared.iter().filter_map(|nest| contradiction(&self.columns, *nest)) {
            let [child, parent] = [found.nest.child, found.nest.parent].map(|at| &self.columns.columns[at]);
            let place = |row: usize| {
                let observation = &self.columns.observations[row];
                let file = &files[observation.file];
                let column =
                    file.labels.iter().position(|label| self.columns.find(&label.text) == Some(found.nest.child));
                file.spans(&[(observation.row, column)]).get(&(observation.row, column))
            };
            let (Some(span), Some(earlier)) = (place(found.row), place(found.earlier)) else { continue };
            let name = child.name(child.of_row[found.row]);
            let [one, other] = [found.row, found.earlier].map(|row| parent.name(parent.of_row[row]));
            let message = format!("`{name}` occurs with `{one}` here, but with `{other}` in an earlier row");
            let fault = Diagnostic::error(Code::ConstraintError, span, message).second(earlier, "the first such row");
            let hint = format!(
                "`--nested '{}<{}'` says that each `{}` lies within one `{}`; leave it out if that is not so",
                child.label, parent.label, child.label, parent.label
            );
            diagnostics.push(fault.hint(hint));
        }
        diagnostics.failed()
    }

    /// The columns that separate tables.
    pub(super) fn separators(&self) -> Vec<usize> {
        separators(&self.columns, &self.axes)
    }

    /// Attacks every withheld value, in both readings where there are two.
    pub(super) fn attack(&mut self, width: i128) -> Answers {
        let width = width * self.scale;
        let first = attack(&self.columns, &self.axes, width);
        let Some(second) = &self.second else { return first };
        let other = attack(&self.columns, second, width);
        match (first.clashes.is_empty(), other.clashes.is_empty()) {
            (true, false) => first,
            (false, true) => {
                self.axes = self.second.take().unwrap_or_default();
                other
            }
            _ => first.or_worse(other),
        }
    }

    /// A way to name a value: its file's line, and its column where the file has several.
    pub(super) fn value_is_alone(&self, row: usize) -> bool {
        let observation = &self.columns.observations[row];
        let own = self.columns.rows_of(observation.file).start;
        self.columns.observations[own].value == observation.value
            && self
                .columns
                .rows_of(observation.file)
                .last()
                .is_none_or(|last| self.columns.observations[last].value == observation.value)
    }
}

impl Answers {
    /// Of each value the worse answer.
    fn or_worse(mut self, other: Self) -> Self {
        for (row, verdict) in other.verdicts {
            self.verdicts.entry(row).and_modify(|own| *own = worse(*own, verdict)).or_insert(verdict);
        }
        self.unlinked.retain(|row| other.unlinked.binary_search(row).is_ok());
        self
    }
}

fn occurs(columns: &Columns, name: &str) -> bool {
    let name = super::columns::fold(name);
    columns.columns.iter().any(|column| column.names.iter().any(|code| super::columns::fold(code) == name))
}

/// Columns of values named like the codes of another file's column stand for these codes.
fn join_wide(columns: &mut Columns, assumptions: &mut Vec<String>) {
    let Some(wide) = columns.wide() else { return };
    let names = columns.columns[wide].names.clone();
    let own = columns.columns[wide].in_file.clone();
    let holds = |at: &usize| {
        let column = &columns.columns[*at];
        let apart = column.in_file.iter().zip(&own).all(|(has, own)| !(*has && *own));
        apart && names.iter().filter(|name| column.has(name)).count() > 1
    };
    let Some(at) = columns.live().into_iter().filter(|at| *at != wide).find(holds) else { return };
    let codes: Vec<u32> = names.iter().map(|name| columns.columns[at].number(name)).collect();
    for row in 0..columns.observations.len() {
        if let Some(code) = codes.get(columns.columns[wide].of_row[row] as usize) {
            columns.columns[at].of_row[row] = *code;
        }
    }
    own.iter().enumerate().filter(|(_, own)| **own).for_each(|(file, _)| columns.columns[at].in_file[file] = true);
    columns.columns[wide].ignored = true;
    assumptions.push(format!(
        "the columns {} are read as codes of `{}`",
        columns.columns[wide].label, columns.columns[at].label
    ));
}

/// The reading in which longer codes lie within shorter ones.
fn second(columns: &Columns, first: &mut [Axis], nests: &[Nest], assumptions: &mut Vec<String>) -> Option<Vec<Axis>> {
    let mut second = axes(columns, nests);
    let mut changed = false;
    for at in columns.live() {
        let column = &columns.columns[at];
        let known = second.iter().position(|axis| axis.columns.contains(&at));
        if known.is_some_and(|axis| second[axis].columns.len() > 1) {
            continue;
        }
        let found = prefixes::nested(&column.names, |code| column.is_margin(code));
        let Some(found) = found.filter(|found| found.compares(columns, at)) else { continue };
        let certain = found.certain(columns, at);
        let how = if certain {
            "they are parts of these, because these alone add up to the total"
        } else {
            "they were attacked both as parts of these and as separate codes"
        };
        assumptions.push(format!("some codes of `{}` begin with a shorter code of it: {how}", column.label));
        let dimension = found.dimension;
        if let Some(axis) = first.iter_mut().find(|axis| certain && axis.columns == [at]) {
            axis.dimension = dimension.clone();
        }
        changed |= !certain;
        match known {
            Some(axis) => second[axis].dimension = dimension,
            None => second.push(Axis {
                columns: vec![at],
                dimension,
                of_row: column.of_row.clone(),
                outer: Vec::new(),
                total: None,
                names: column.names.clone(),
            }),
        }
    }
    changed.then_some(second)
}

/// Attacks all tables of one reading.
fn attack(columns: &Columns, axes: &[Axis], width: i128) -> Answers {
    let tables = tables(columns, axes);
    let all: usize = columns.observations.len();
    let work = |table: &Table| WORK / all.max(1) as u64 * table.rows.len() as u64;
    let solve = |table: &Table| solve::solve(&table.rows, &table.dimensions, width, work(table));
    let found: Vec<solve::Answer> = tables.par_iter().map(solve).collect();
    let mut answers = Answers::default();
    for (table, found) in tables.iter().zip(found) {
        let number = |row: usize| table.rows[row].observation;
        answers.verdicts.extend(found.verdicts.into_iter().map(|(row, verdict)| (number(row), verdict)));
        answers.unlinked.extend(found.unlinked.into_iter().map(number));
        answers
            .clashes
            .extend(found.clashes.into_iter().map(|clash| clash.into_iter().map(number).collect::<Vec<_>>()));
        answers
            .open
            .extend(found.open.into_iter().map(|(row, codes)| (number(row), combination(columns, axes, &codes))));
    }
    answers.unlinked.sort_unstable();
    answers.open.sort();
    answers
}

/// A combination in words: `year=2020, sex=unknown`.
fn combination(columns: &Columns, axes: &[Axis], codes: &[usize]) -> String {
    let word = |(axis, code): (&Axis, &usize)| {
        let whole = axis.total.is_some_and(|total| total as usize == *code);
        let label = axis.columns.first().map_or("", |at| &columns.columns[*at].label);
        (!whole).then(|| format!("{label}={}", axis.names.get(*code).map_or("", String::as_str)))
    };
    axes.iter().zip(codes).filter_map(word).collect::<Vec<_>>().join(", ")
}
