//! The table of what the charts show: every series that a chart of the document draws, once, all its figures in words.

use super::{DataRow, marks};
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::project::indicator::ChartKind;

/// One row for each series, in the order of the document; none where the edition leaves sections out.
pub(super) fn rows(outline: &Outline<'_>, figures: &[Figure]) -> Vec<DataRow> {
    let mut rows: Vec<DataRow> = Vec::new();
    if !outline.edition.kind.sections {
        return rows;
    }
    // A matrix tells for which years there are figures, not the figures.
    let drawn = figures.iter().filter(|figure| kind(outline, figure) != Some(ChartKind::Matrix));
    for said in drawn.flat_map(|figure| &figure.data) {
        let text = said.cells.join(outline.edition.text.word("semicolon"));
        let row = DataRow { label: said.label.clone(), text, marks: marks(&said.marks) };
        // A chart of the latest figures holds less of a series than others do.
        match rows.iter_mut().find(|other| other.label == row.label) {
            Some(other) if other.text.len() < row.text.len() => *other = row,
            Some(_) => {}
            None => rows.push(row),
        }
    }
    rows
}

fn kind(outline: &Outline<'_>, figure: &Figure) -> Option<ChartKind> {
    Some(outline.project.indicator(&figure.id)?.chart.as_ref()?.kind)
}
