//! The table of what the charts show: every series that a chart of the document draws, once, all its figures in words.

use std::collections::BTreeSet;

use super::marks;
use super::model::{DataRow, View};
use crate::document::draw::{Figure, SeriesFigure, SeriesText};
use crate::document::outline::Outline;
use crate::project::indicator::ChartKind;

/// One row for each series, in the order of the document; none where the document leaves sections out.
pub(super) fn rows(outline: &Outline<'_>, figures: &[Figure]) -> Vec<DataRow> {
    if !outline.document.kind.sections {
        return Vec::new();
    }
    // A matrix shows for which years there are figures, not the figures.
    let drawn = figures.iter().filter(|figure| kind(outline, figure) != Some(ChartKind::Matrix));
    let mut series: Vec<(&SeriesText, Vec<&SeriesFigure>, BTreeSet<usize>)> = Vec::new();
    for text in drawn.flat_map(|figure| &figure.data) {
        // One chart may draw figures of a series that another leaves out.
        match series.iter_mut().find(|(other, ..)| other.label == text.label) {
            Some((_, runs, numbers)) => {
                runs.extend(&text.listed);
                numbers.extend(&text.marks);
            }
            None => series.push((text, text.listed.iter().collect(), text.marks.iter().copied().collect())),
        }
    }
    series.into_iter().map(|(text, runs, numbers)| row(outline, text, runs, numbers)).collect()
}

fn row(outline: &Outline<'_>, series: &SeriesText, mut runs: Vec<&SeriesFigure>, numbers: BTreeSet<usize>) -> DataRow {
    let text = outline.document.text;
    let all = runs.clone();
    let lies_in = |run: &SeriesFigure, longer: &SeriesFigure| {
        longer != run && longer.first != longer.last && longer.first <= run.first && run.last <= longer.last
    };
    runs.retain(|run| !all.iter().any(|longer| lies_in(run, longer)));
    runs.sort_by(|one, other| (&one.first, &one.last).cmp(&(&other.first, &other.last)));
    runs.dedup();
    let figures = runs.iter().map(|run| run.worded.text.as_str()).collect::<Vec<_>>().join(text.word("semicolon"));
    let further = series.sources_in.as_ref().map(|table| text.phrase("further_sources", &[("table", table)]));
    let sentences: Vec<String> = std::iter::once(figures).chain(further).collect();
    DataRow { label: series.label.clone(), text: sentences.join(". "), marks: marks(&Vec::from_iter(numbers)) }
}

/// Adds a remark to each chart with inferred periods, and to the table of chart data.
pub(super) fn remark_inferred(outline: &Outline<'_>, figures: &[Figure], view: &mut View) {
    let text = outline.document.text;
    let marked: Vec<&Figure> = figures.iter().filter(|figure| outline.shows_inferred(&figure.figures)).collect();
    for figure in &marked {
        if let Some(chart) = view.figures.get_mut(&figure.id) {
            chart.sources = format!("{} {}", chart.sources, text.word("method_inferred"));
        }
    }
    if let Some(note) = view.words.get_mut("chart_data_note").filter(|_| !marked.is_empty()) {
        *note = format!("{} {}", text.word("chart_data_note"), text.word("inferred_mark")).into();
    }
}

fn kind(outline: &Outline<'_>, figure: &Figure) -> Option<ChartKind> {
    Some(outline.project.indicator(&figure.id)?.chart.as_ref()?.kind)
}
