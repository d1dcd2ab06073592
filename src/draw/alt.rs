//! Alternative text: the figures of a chart in reading order, its gaps named. Written from what was drawn, so that a
//! listener learns no more and no less than a reader.

use super::arrange::{Arranged, dates};
use crate::indicator::{ChartKind, Selector};
use crate::period::Period;
use crate::protect::ReleasedCell;

pub(super) fn text(arranged: &Arranged<'_>, kind: ChartKind) -> String {
    let said: Vec<String> = match kind {
        ChartKind::Milestones => {
            let events = arranged.events().into_iter();
            events.map(|event| format!("{}: {}", dates(arranged.outline, event), event.text)).collect()
        }
        ChartKind::Matrix => {
            arranged.series.iter().map(|(selector, series)| known(arranged, selector, series)).collect()
        }
        _ => arranged.series.iter().map(|(selector, series)| figures(arranged, selector, series)).collect(),
    };
    let text = arranged.outline.edition.text;
    let gaps = match kind {
        ChartKind::Milestones => "",
        _ => text.word("alt_gaps"),
    };
    format!("{} {gaps}", said.join(" ")).trim().to_owned()
}

/// "Arrested, persons: 23 in 2007; 27 in 2023; 95 or 119 in 2024."
fn figures(arranged: &Arranged<'_>, selector: &Selector, series: &[&ReleasedCell]) -> String {
    let (outline, text) = (arranged.outline, arranged.outline.edition.text);
    let runs = runs(arranged, series);
    let items: Vec<String> = runs
        .iter()
        .map(|(value, first, last)| {
            let period = match (first.whole_year(), last.whole_year()) {
                (Some(a), Some(b)) if a != b => {
                    text.phrase("period_range", &[("from", &a.to_string()), ("to", &b.to_string())])
                }
                _ => text.period(first),
            };
            text.phrase("alt_figure", &[("value", value), ("period", &period)])
        })
        .collect();
    let indicator = outline.project.indicator(&selector.indicator).unwrap_or(arranged.indicator);
    let head = outline.name(selector, &indicator.short);
    let unit = text.unit(&indicator.unit, None);
    text.phrase("alt_series", &[("name", &head), ("unit", unit), ("figures", &items.join("; "))])
}

/// Values in the order of their periods; equal ratings of years that follow one another are said once.
fn runs<'c>(arranged: &Arranged<'_>, series: &[&'c ReleasedCell]) -> Vec<(String, &'c Period, &'c Period)> {
    let outline = arranged.outline;
    let mut runs: Vec<(String, &Period, &Period)> = Vec::new();
    for cell in series {
        let said: Vec<String> = cell.readings().into_iter().map(|(value, q)| outline.say(cell, value, q)).collect();
        let said = if said.is_empty() {
            outline.edition.text.word(cell.status.code()).to_owned()
        } else {
            outline.edition.text.list(&said, "or")
        };
        let rated = matches!(cell.value, Some(crate::value::Value::Code(_)));
        match runs.last_mut().filter(|(last, _, end)| rated && *last == said && end.meets(&cell.period)) {
            Some(run) => run.2 = &cell.period,
            None => runs.push((said, &cell.period, &cell.period)),
        }
    }
    runs
}

/// "Persons arrested: 2007, 2023, 2024."
fn known(arranged: &Arranged<'_>, selector: &Selector, series: &[&ReleasedCell]) -> String {
    let (outline, text) = (arranged.outline, arranged.outline.edition.text);
    let indicator = outline.project.indicator(&selector.indicator).unwrap_or(arranged.indicator);
    let periods: Vec<String> = series
        .iter()
        .map(|cell| match cell.value {
            Some(_) => text.short_period(&cell.period),
            None => format!("{} ({})", text.short_period(&cell.period), text.word(cell.status.code())),
        })
        .collect();
    format!("{}: {}.", outline.name(selector, &indicator.title), periods.join(", "))
}
