//! Tables as a build releases them, which say themselves what each column is: nothing of them is guessed.
//!
//! Each file counts one thing, and each source speaks for itself: a number that another source gives of the same cell stands
//! in a row of its own, and is no part of the first one's sums. What stands in no sum of its source is free. The parts of a
//! whole come to it where no other part can be, as female and male, or age bands that leave no age out.

use std::collections::{BTreeMap, BTreeSet};

use super::arrange::Row;
use super::columns::fold;
use super::dimension::Dimension;
use super::read::{Cell, scale};
use super::{Audit, Request, worse};
use crate::attack::{Bounds, Verdict, WORK};
use crate::ingest::RawTable;
use crate::parts::groups;

/// What stands beside the dimensions.
const COLUMNS: [&str; 6] = ["period", "value", "unit", "qualifier", "status", "sources"];
/// They tell contested values apart, each with its sources, and inferred periods.
const FURTHER: [&str; 2] = ["rank", "period_bounds"];

/// Whether a file is such a table, and nothing else was said of its columns.
pub(super) fn is_released(file: &RawTable, request: &Request) -> bool {
    let has = |label: &str| file.labels.iter().any(|own| own.text == label);
    let of_values = request.values.iter().any(|value| fold(value) == "value");
    let told = request.nested.is_empty() && file.irregular.is_empty();
    COLUMNS.iter().all(|label| has(label)) && of_values && told
}

/// A row of one source: its codes, and what it says.
struct Said<'f> {
    row: usize,
    codes: Vec<&'f str>,
    bounds: Bounds,
    marked: bool,
}

/// Attacks every withheld value of a file, whose cells have their dictionaries.
pub(super) fn attack(file: &RawTable, request: &Request) -> Audit {
    let mut tables: BTreeMap<[&str; 3], Vec<Said<'_>>> = BTreeMap::new();
    let scale = scale(std::slice::from_ref(file), request);
    let at = |label: &str| file.labels.iter().position(|own| own.text == label).unwrap_or(0);
    let [period, value, unit, qualifier, status, sources] = COLUMNS.map(at);
    let cell = |column: usize, row: usize| file.columns[column].cell(row);
    let dimensions = dimensions(file, request);
    for row in 0..file.rows {
        let read = Cell::read(cell(value, row), &request.marks, scale);
        let Some((bounds, marked)) = said(read, cell(status, row), cell(qualifier, row)) else { continue };
        for source in cell(sources, row).split(';') {
            let codes: Vec<&str> = dimensions.iter().map(|at| cell(*at, row)).collect();
            let of_source = tables.entry([cell(period, row), cell(unit, row), source]).or_default();
            // Where a source is named again, it stands behind another reading of its own.
            if !of_source.iter().any(|said| said.codes == codes) {
                of_source.push(Said { row, codes, bounds, marked });
            }
        }
    }
    let own = country(&file.source.path);
    let mut found = Found::default();
    for said in tables.values().filter(|said| said.iter().any(|said| said.marked)) {
        found.attack(said, dimensions.len(), own, i128::from(request.width) * scale);
    }
    found.told(file)
}

/// The columns that are dimensions.
fn dimensions(file: &RawTable, request: &Request) -> Vec<usize> {
    let ignored = |label: &str| request.ignored.iter().any(|ignored| fold(ignored) == fold(label));
    let other = |label: &str| !COLUMNS.contains(&label) && !FURTHER.contains(&label) && !ignored(label);
    (0..file.labels.len()).filter(|at| other(&file.labels[*at].text)).collect()
}

/// What a row says of its count; nothing where there is none, and of a code of a scale.
fn said(read: Cell, status: &str, qualifier: &str) -> Option<(Bounds, bool)> {
    match (status, read, qualifier) {
        ("not_reported" | "not_applicable", ..) => None,
        (_, Cell::Marked(least, most), _) => Some(((least, most), true)),
        ("withheld", ..) => Some(((0, None), true)),
        (_, Cell::Number(number), "at_least") => Some(((number, None), false)),
        (_, Cell::Number(number), "at_most") => Some(((0, Some(number)), false)),
        (_, Cell::Number(_), "approximate") => Some(((0, None), false)),
        (_, Cell::Number(number), _) => Some(((number, Some(number)), false)),
        (_, Cell::Empty | Cell::Unread, _) => None,
    }
}

/// The country in whose folder a table lies, `LAO/tables/…`, which is not foreign there.
fn country(path: &str) -> &str {
    let folder = path.rsplit('/').nth(2).unwrap_or_default();
    if folder.len() == 3 && folder.bytes().all(|byte| byte.is_ascii_uppercase()) { folder } else { "" }
}

/// What was found, by rows.
#[derive(Default)]
struct Found {
    verdicts: BTreeMap<usize, Verdict>,
    clashes: BTreeSet<Vec<usize>>,
    open: BTreeSet<usize>,
}

impl Found {
    /// Attacks what one source says of one period.
    fn attack(&mut self, said: &[Said<'_>], dimensions: usize, own: &str, width: i128) {
        let mut made: Vec<(Dimension, Vec<&str>)> = Vec::new();
        for at in 0..dimensions {
            let codes: Vec<&str> =
                said.iter().map(|said| said.codes[at]).collect::<BTreeSet<_>>().into_iter().collect();
            let (held, size) = groups(&codes, false, own);
            made.push((Dimension::with(held, size), codes));
        }
        let row = |said: &Said<'_>| Row {
            codes: said
                .codes
                .iter()
                .zip(&made)
                .map(|(code, (_, codes))| codes.binary_search(code).unwrap_or(0))
                .collect(),
            least: said.bounds.0,
            most: said.bounds.1,
            marked: said.marked,
            observation: said.row,
        };
        let rows: Vec<Row> = said.iter().map(row).collect();
        let dimensions: Vec<&Dimension> = made.iter().map(|(dimension, _)| dimension).collect();
        let answer = super::solve::solve(&rows, &dimensions, width, WORK);
        for (at, verdict) in answer.verdicts {
            self.verdicts.entry(said[at].row).and_modify(|own| *own = worse(*own, verdict)).or_insert(verdict);
        }
        self.clashes.extend(answer.clashes.iter().map(|clash| clash.iter().map(|at| said[*at].row).collect()));
        self.open.extend(answer.open.iter().map(|(at, _)| said[*at].row));
    }

    fn told(&self, file: &RawTable) -> Audit {
        let lines = file.lines();
        let place = |row: &usize| format!("{}:{}", file.source.path, lines[*row]);
        let with = |wanted: Verdict| {
            self.verdicts.iter().filter(|(_, own)| **own == wanted).map(|(row, _)| place(row)).collect::<Vec<String>>()
        };
        Audit {
            withheld: self.verdicts.len(),
            exact: with(Verdict::Exact),
            narrow: with(Verdict::Narrow),
            undecided: with(Verdict::Undecided),
            open: self.open.iter().map(place).collect(),
            contradictions: self.clashes.iter().map(|rows| rows.iter().map(place).collect()).collect(),
            ..Audit::default()
        }
    }
}
