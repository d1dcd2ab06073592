//! Checks charts against their indicators, which must have the figures and the breakdowns that the chart shows.

use super::among::{Among, cell, hinted};
use crate::diagnostic::{Code, Diagnostic, several};
use crate::project::declaration::{Located, nearest};
use crate::project::indicator::{Chart, ChartKind, Indicator, Measure, Split};

/// The faults in the chart of an indicator.
pub(super) fn faults(indicator: &Indicator, among: Among<'_>) -> Vec<Diagnostic> {
    let Some(chart) = &indicator.chart else { return Vec::new() };
    let mut faults: Vec<Diagnostic> = unfit(indicator, chart, among).into_iter().collect();
    faults.extend(breakdown(indicator, chart, among));
    for split in &chart.splits {
        faults.extend(split_faults(indicator, split, among));
    }
    faults
}

fn split_faults(indicator: &Indicator, split: &Split, among: Among<'_>) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = split.cells.iter().filter_map(|codes| cell(indicator, codes, among)).collect();
    let (cells, labels) = (split.cells.len(), split.labels.len());
    if let Some(first) = split.cells.first().filter(|_| cells != labels) {
        let message =
            format!("the split has {} but {}", several(cells, "cell", "cells"), several(labels, "label", "labels"));
        let fault = Diagnostic::error(Code::InvalidValue, first.span.clone(), message);
        faults.push(fault.hint("give each cell of a split a label of its own, in the same order"));
    }
    faults
}

/// A kind of chart that needs figures its indicator does not have.
fn unfit(indicator: &Indicator, chart: &Chart, among: Among<'_>) -> Option<Diagnostic> {
    let events = matches!(indicator.measure, Measure::Events);
    let own = !matches!(indicator.measure, Measure::Collection(_) | Measure::Events);
    let (holds, needs) = match chart.kind {
        ChartKind::Milestones => (events, "an indicator of dated events"),
        ChartKind::Tiers => (own && among.is_rated(indicator), "an indicator whose values are codes of a scale"),
        ChartKind::Neighbours => {
            let rated = own && among.is_rated(indicator) && !indicator.dimensions.is_empty();
            (rated, "an indicator whose values are codes of a scale, by country")
        }
        ChartKind::Stack => {
            (own && !chart.splits.is_empty(), "figures of its own indicator and at least one of `[[chart.splits]]`")
        }
        ChartKind::Panels
        | ChartKind::Rows
        | ChartKind::Matrix
        | ChartKind::Flow
        | ChartKind::Provinces
        | ChartKind::Dumbbell
        | ChartKind::Bars => (!events, "figures, not dated events"),
    };
    let fault =
        || Diagnostic::error(Code::InvalidValue, chart.span.clone(), format!("a chart of this kind needs {needs}"));
    (!holds).then(|| fault().hint("choose another kind, or declare the chart with another indicator"))
}

/// The dimension of a flow or a chart of provinces: it must be named, and every indicator in the chart must have it.
fn breakdown(indicator: &Indicator, chart: &Chart, among: Among<'_>) -> Vec<Diagnostic> {
    let broken_down = chart.kind.is_broken_down();
    let Some(by) = &chart.by else {
        let fault = Diagnostic::error(Code::MissingField, chart.span.clone(), "the key `by` is missing");
        return if broken_down {
            vec![fault.hint("name the dimension by which the chart is broken down")]
        } else {
            Vec::new()
        };
    };
    if !broken_down {
        let fault = Diagnostic::error(Code::InvalidValue, by.span.clone(), "a chart of this kind has no breakdown");
        let kinds = ChartKind::ALL.iter().filter(|kind| kind.is_broken_down()).map(|kind| kind.name());
        return vec![fault.hint(format!("leave `by` out; it belongs to: {}", kinds.collect::<Vec<_>>().join(", ")))];
    }
    let shown: Vec<&Indicator> = match &indicator.measure {
        Measure::Collection(selectors) => selectors.iter().filter_map(|s| among.find(&s.value.indicator)).collect(),
        _ => vec![indicator],
    };
    let lacks = |shown: &&&Indicator| !shown.dimensions.contains(&by.value);
    shown.iter().find(lacks).map(|shown| lacking(shown, by)).into_iter().collect()
}

fn lacking(indicator: &Indicator, by: &Located<String>) -> Diagnostic {
    let message = format!("`{}` is not broken down by `{}`", indicator.id, by.value);
    let fault = Diagnostic::error(Code::UnknownName, by.span.clone(), message);
    let near = nearest(&by.value, indicator.dimensions.iter().map(String::as_str));
    if near.is_some() || indicator.dimensions.is_empty() {
        return hinted(fault, near);
    }
    fault.hint(format!("it is broken down by: {}", indicator.dimensions.join(", ")))
}
