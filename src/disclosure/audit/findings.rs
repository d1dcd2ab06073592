//! From the results of an attack to findings: counts, places, and warnings about values that nothing links.

use std::collections::BTreeSet;

use super::apart::{apart, by_file};
use super::columns::Columns;
use super::reading::{Answers, Reading};
use super::{Audit, Request, notes, within};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::disclosure::attack::Verdict;
use crate::tables::ingest::RawTable;

/// The answer to a request, from what was found of each observation.
pub(super) fn findings(
    files: &[RawTable],
    mut reading: Reading,
    answers: Answers,
    request: &Request,
    diagnostics: &mut Diagnostics,
) -> Audit {
    let lines: Vec<Vec<u32>> = files.iter().map(RawTable::lines).collect();
    let separators = reading.separators();
    let kept_apart = apart(&mut reading.columns, &separators);
    let columns = &reading.columns;
    let place = |row: usize| {
        let observation = &columns.observations[row];
        let file = &files[observation.file];
        let line = format!("{}:{}", file.source.path, lines[observation.file][observation.row]);
        if reading.value_is_alone(row) { line } else { format!("{line} ({})", file.labels[observation.value].text) }
    };
    let reporter = Reporter { files, columns };
    let mut audit = Audit { withheld: answers.verdicts.len(), rounded: reading.rounded, ..Audit::default() };
    for (row, verdict) in &answers.verdicts {
        let found = match verdict {
            Verdict::Exact => &mut audit.exact,
            Verdict::Narrow => &mut audit.narrow,
            Verdict::Undecided => &mut audit.undecided,
            Verdict::Free => continue,
        };
        found.push(place(*row));
    }
    for clash in &answers.clashes {
        reporter.contradiction(clash, diagnostics);
        audit.contradictions.push(clash.iter().map(|row| place(*row)).collect());
    }
    audit.unlinked = answers.unlinked.iter().map(|row| place(*row)).collect();
    audit.open = answers.open.iter().map(|(row, _)| place(*row)).collect();
    kept_apart.iter().for_each(|apart| reporter.apart(apart, diagnostics));
    let warned: BTreeSet<usize> = kept_apart.iter().flat_map(|apart| apart.rows.iter().copied()).collect();
    let left: Vec<usize> = answers.unlinked.iter().copied().filter(|row| !warned.contains(row)).collect();
    reporter.unlinked(&left, diagnostics);
    reporter.open(&answers.open, diagnostics);
    let marks: Vec<&str> = request.marks.iter().map(|mark| mark.text.as_str()).collect();
    for (file, column) in notes::numbers_beside(files, columns, &marks, &request.margins) {
        let label = &files[file].labels[column];
        let message = format!("the column `{}` contains values that were not attacked", label.text);
        let hint = format!(
            "attack it, too, with `--value '{0}'`; or leave it out with `--ignore '{0}'` if it counts something else",
            label.text
        );
        diagnostics.push(Diagnostic::warning(Code::MarginMismatch, label.span.clone(), message).hint(hint));
        audit.beside.push(label.text.clone());
    }
    for cell in within::shares(files, columns, request) {
        audit.beside.push(reporter.share(cell, diagnostics));
    }
    for cell in within::rows(files, columns, request) {
        audit.within.push(format!("{}:{}", files[cell.0].source.path, lines[cell.0][cell.1]));
        reporter.part(cell, diagnostics);
    }
    audit.assumptions = reading.assumptions;
    audit
}

/// Writes warnings at the rows concerned.
struct Reporter<'f> {
    files: &'f [RawTable],
    columns: &'f Columns,
}

impl Reporter<'_> {
    /// A row, or the cell of its value.
    fn span(&self, row: usize, cell: bool) -> Option<Span> {
        let observation = &self.columns.observations[row];
        let place = (observation.row, cell.then_some(observation.value));
        self.files[observation.file].spans(&[place]).get(&place)
    }

    /// Which rows cannot all be true, at the first and the last of them.
    fn contradiction(&self, rows: &[usize], diagnostics: &mut Diagnostics) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let Some(at) = self.span(*first, false) else { return };
        let message = match rows.len() {
            1 => "this row cannot be true beside what is printed of it".to_owned(),
            more => format!("{more} rows of the table cannot all be true"),
        };
        let mut warning = Diagnostic::warning(Code::MarginMismatch, at, message);
        if let Some(other) = self.span(*last, false).filter(|_| rows.len() > 1) {
            warning = warning.second(other, "the last of them");
        }
        diagnostics.push(warning);
    }

    /// A warning at the first of these rows of each file.
    fn warn(&self, rows: &[usize], message: impl Fn(usize) -> String, hint: &str, diagnostics: &mut Diagnostics) {
        for rows in by_file(self.columns, rows).values() {
            let Some(span) = rows.first().and_then(|row| self.span(*row, true)) else { continue };
            let warning = Diagnostic::warning(Code::MarginMismatch, span, message(rows.len()));
            diagnostics.push(warning.hint(hint));
        }
    }

    /// A share beside a withheld value; the label of its column.
    fn share(&self, (file, row, column): within::Place, diagnostics: &mut Diagnostics) -> String {
        let (file, place) = (&self.files[file], (row, Some(column)));
        let label = &file.labels[column].text;
        if let Some(span) = file.spans(&[place]).get(&place) {
            let message = format!("`{label}` is printed beside a withheld value, which may be worked out from it");
            let hint = format!(
                "withhold it, too; or leave it out with `--ignore '{label}'` if it reveals nothing about the value"
            );
            diagnostics.push(Diagnostic::warning(Code::MarginMismatch, span, message).hint(hint));
        }
        label.clone()
    }

    /// A row that says that it is part of another.
    fn part(&self, (file, row, column): within::Place, diagnostics: &mut Diagnostics) {
        let (file, place) = (&self.files[file], (row, Some(column)));
        if let Some(span) = file.spans(&[place]).get(&place) {
            let label = &file.labels[column].text;
            let message = format!(
                "this row of `{label}` is a part or a sum of other rows; what follows from that was not worked out"
            );
            let hint = format!("give such rows a column of their own, and add `--nested 'COLUMN<{label}'`");
            diagnostics.push(Diagnostic::warning(Code::MarginMismatch, span, message).hint(hint));
        }
    }

    fn apart(&self, apart: &super::apart::Apart, diagnostics: &mut Diagnostics) {
        let label = &self.columns.columns[apart.column].label;
        if let Some(file) = apart.file {
            let path = &self.files[file].source.path;
            let message = |rows| {
                format!("{} not linked with other files: `{path}` has no column `{label}`", values(rows, "is", "are"))
            };
            let hint = format!("add the column, or leave it out with `--ignore '{label}'` if all files count the same");
            self.warn(&apart.rows, message, &hint, diagnostics);
        } else {
            let message = |rows| {
                format!(
                    "{} separated from its sum by the column `{label}`, which has no total",
                    values(rows, "is", "are")
                )
            };
            let hint = format!(
                "leave it out with `--ignore '{label}'` if it is not a dimension, or name its total with `--margin`"
            );
            self.warn(&apart.rows, message, &hint, diagnostics);
        }
    }

    fn unlinked(&self, rows: &[usize], diagnostics: &mut Diagnostics) {
        let totals: Vec<String> = self
            .columns
            .live()
            .into_iter()
            .filter(|at| self.columns.columns[*at].margin.is_none())
            .map(|at| format!("`{}`", self.columns.columns[at].label))
            .collect();
        let hint = if totals.is_empty() {
            "no row gives a total that includes it".to_owned()
        } else {
            format!(
                "no row gives a total over {}: name one with `--margin NAME`, or leave out a column that is not a dimension with `--ignore`",
                totals.join(" or ")
            )
        };
        let message = |rows| format!("{} in no sum, so nothing was worked out", values(rows, "stands", "stand"));
        self.warn(rows, message, &hint, diagnostics);
    }

    fn open(&self, found: &[(usize, String)], diagnostics: &mut Diagnostics) {
        let rows: Vec<usize> = found.iter().map(|(row, _)| *row).collect();
        let missing = |row: usize| found.iter().find(|(other, _)| *other == row).map_or("", |(_, missing)| missing);
        for rows in by_file(self.columns, &rows).values() {
            let Some(first) = rows.first() else { continue };
            let example = missing(*first);
            let message = |rows| {
                format!(
                    "{} follow if the combinations without a row were 0, such as {example}",
                    values(rows, "would", "would")
                )
            };
            self.warn(
                rows,
                message,
                "a combination without a row is read as unknown; write 0 where there is nobody",
                diagnostics,
            );
        }
    }
}

/// The number of withheld values, and the verb that goes with it.
fn values(rows: usize, one: &str, several: &str) -> String {
    if rows == 1 { format!("a withheld value {one}") } else { format!("{rows} withheld values {several}") }
}
