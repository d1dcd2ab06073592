//! Published tables of anybody, attacked: which withheld values follow from what is printed beside them.
//!
//! Every column but the value's is a dimension; one that nowhere says `total` separates tables. A combination without a row
//! is unknown, not zero. What is found is told in aggregate; the places only where they are asked for.

mod cells;
mod cliques;
mod dimension;
mod lattice;
mod marks;
mod read;
mod report;
mod solve;

use rayon::prelude::*;

use crate::attack::{Verdict, WORK};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ingest::RawTable;
use read::{Row, Table};
use solve::Answer;

pub use marks::Mark;

/// What is asked of the tables.
#[derive(Debug, Clone)]
pub struct Request {
    /// The column with the values.
    pub value: String,
    /// The marks that stand for withheld values.
    pub marks: Vec<Mark>,
    /// How far apart two possible values must lie.
    pub width: u32,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Audit {
    /// Rows bearing a mark.
    pub withheld: usize,
    /// Of them those that can be one number only.
    pub exact: Vec<String>,
    /// Of them those that are not exact, but narrower than asked.
    pub narrow: Vec<String>,
    /// Of them those of which nothing was proved.
    pub undecided: Vec<String>,
    /// Rows that cannot all be true.
    pub contradictions: Vec<Vec<String>>,
}

impl Audit {
    /// Whether it found nothing that is worked out, and left nothing open.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.exact.is_empty() && self.narrow.is_empty() && self.undecided.is_empty()
    }
}

/// Attacks every withheld value of the tables, which are linked by the dimensions they share.
#[must_use]
pub fn audit(mut files: Vec<RawTable>, request: &Request, diagnostics: &mut Diagnostics) -> Audit {
    for file in files.iter().filter(|file| file.column(&request.value).is_none()) {
        let Some(label) = file.labels.first() else { continue };
        let message = format!("there is no column `{}` for the values", request.value);
        let labels: Vec<&str> = file.labels.iter().map(|label| label.text.as_str()).collect();
        let fault = Diagnostic::error(Code::MissingLabel, label.span.clone(), message);
        diagnostics.push(fault.hint(format!("the columns are: {}", labels.join(", "))));
    }
    let read = read::read(&mut files, request, diagnostics);
    if diagnostics.failed() {
        return Audit::default();
    }
    let width = i128::from(request.width) * read.scale;
    let all: usize = read.tables.iter().map(|table| table.rows.len()).sum();
    let work = |table: &Table| WORK / all.max(1) as u64 * table.rows.len() as u64;
    let solve = |table: &Table| solve::solve(&table.rows, &read.dimensions, width, work(table));
    let answers: Vec<Answer> = read.tables.par_iter().map(solve).collect();
    let lines: Vec<Vec<u32>> = files.iter().map(RawTable::lines).collect();
    let place = |row: &Row| format!("{}:{}", files[row.file].source.path, lines[row.file][row.row]);
    let mut audit = Audit::default();
    for (table, answer) in read.tables.iter().zip(answers) {
        audit.withheld += answer.verdicts.len();
        for (row, verdict) in answer.verdicts {
            let found = match verdict {
                Verdict::Exact => &mut audit.exact,
                Verdict::Narrow => &mut audit.narrow,
                Verdict::Undecided => &mut audit.undecided,
                Verdict::Free => continue,
            };
            found.push(place(&table.rows[row]));
        }
        for clash in answer.clashes {
            contradiction(&files, clash.iter().map(|row| &table.rows[*row]).collect(), diagnostics);
            audit.contradictions.push(clash.iter().map(|row| place(&table.rows[*row])).collect());
        }
    }
    audit
}

/// Says which rows cannot all be true, at the first and the last of them.
fn contradiction(files: &[RawTable], rows: Vec<&Row>, diagnostics: &mut Diagnostics) {
    let span = |row: &Row| files[row.file].spans(&[(row.row, None)]).get(&(row.row, None));
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let Some(at) = span(first) else { return };
    let message = format!("{} rows of the table cannot all be true", rows.len());
    let mut warning = Diagnostic::warning(Code::MarginMismatch, at, message);
    if let Some(other) = span(last).filter(|_| rows.len() > 1) {
        warning = warning.second(other, "the last of them");
    }
    diagnostics.push(warning);
}
