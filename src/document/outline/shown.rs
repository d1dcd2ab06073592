//! The series that an indicator shows: one for every code that occurs, the country's own first, up to as many as its chart
//! holds.

use std::collections::BTreeSet;

use super::Outline;
use crate::disclosure::protect::ReleasedCell;
use crate::project::indicator::{ChartKind, Indicator, Measure, Selector};
use crate::project::schema::{REST, UNKNOWN};
use crate::value::period::Period;

/// A chart that no prose places is drawn from this many periods on; for fewer, a sentence or a table is enough.
const CHART_FROM: usize = 3;

impl<'p> Outline<'p> {
    /// Whether the period of any of these figures is inferred rather than stated by its source.
    #[must_use]
    pub fn shows_inferred(&self, figures: &[String]) -> bool {
        figures.iter().any(|figure| self.released.is_inferred(figure))
    }

    /// Whether a chart that no prose places has enough periods to be worth drawing.
    pub(super) fn tells(&self, indicator: &Indicator) -> bool {
        let series = self.shown(indicator);
        let periods = series.iter().flat_map(|(_, series)| series).filter(|cell| cell.value.is_some());
        let periods: BTreeSet<&Period> = periods.map(|cell| &cell.period).collect();
        matches!(indicator.measure, Measure::Events) || periods.len() >= CHART_FROM
    }

    /// The series that an indicator shows, `*` replaced by every code that occurs, in a stable order.
    #[must_use]
    pub fn shown(&self, indicator: &Indicator) -> Vec<(Selector, Vec<&'p ReleasedCell>)> {
        let mut shown = self.series(indicator.shown());
        if let Some(chart) = &indicator.chart
            && let Some(most) = chart.most
        {
            // What is known at all is no question of height.
            let weight = if chart.kind == ChartKind::Matrix { known } else { height };
            fullest(&mut shown, most, weight);
        }
        shown
    }

    /// The series of a chart that is broken down by a dimension: those it collects, or its own for every code.
    #[must_use]
    pub fn broken_down(&self, indicator: &Indicator) -> Vec<(Selector, Vec<&'p ReleasedCell>)> {
        let by = indicator.chart.as_ref().and_then(|chart| chart.by.as_ref()).map(|by| &by.value);
        let Some(by) = by else { return Vec::new() };
        let mut selectors = indicator.shown();
        if !matches!(indicator.measure, Measure::Collection(_)) {
            selectors.iter_mut().for_each(|selector| drop(selector.codes.insert(by.clone(), "*".to_owned())));
        }
        selectors.retain(|selector| selector.codes.contains_key(by));
        self.series(selectors)
    }

    fn series(&self, selectors: Vec<Selector>) -> Vec<(Selector, Vec<&'p ReleasedCell>)> {
        let mut shown = Vec::new();
        for selector in selectors {
            for selector in self.expand(selector) {
                let series = self.released.series(&selector.indicator, &selector.codes);
                if !series.is_empty() {
                    shown.push((selector, series));
                }
            }
        }
        shown
    }

    /// Whether an indicator's chart has too many rows and leaves some out.
    #[must_use]
    pub fn leaves_out(&self, indicator: &Indicator) -> bool {
        let all = || indicator.shown().into_iter().flat_map(|selector| self.expand(selector));
        let known = || all().filter(|s| !self.released.series(&s.indicator, &s.codes).is_empty()).count();
        indicator.chart.as_ref().and_then(|chart| chart.most).is_some_and(|most| known() > most)
    }

    fn expand(&self, selector: Selector) -> Vec<Selector> {
        let Some(dimension) = selector.codes.iter().find(|(_, code)| *code == "*").map(|(d, _)| d.clone()) else {
            return vec![selector];
        };
        let cells = self.released.cells(&selector.indicator);
        let fits = |cell: &&ReleasedCell| {
            cell.codes.len() == selector.codes.len()
                && selector.codes.iter().all(|(d, code)| cell.codes.get(d).is_some_and(|c| code == "*" || c == code))
        };
        let coded = cells.iter().filter(fits).filter_map(|cell| Some((cell.codes.get(&dimension)?, cell.is_zero())));
        // A rest of zero in a register is not worth a row.
        let is_shown = |(code, zero): &(&String, bool)| *code != REST || !zero;
        let codes: BTreeSet<&String> = coded.filter(is_shown).map(|(code, _)| code).collect();
        let mut codes: Vec<&String> = codes.into_iter().collect();
        codes.sort_by_key(|code| (self.country_order(code), is_last(code), (*code).clone()));
        codes
            .into_iter()
            .map(|code| {
                let mut selector = selector.clone();
                selector.codes.insert(dimension.clone(), code.clone());
                selector
            })
            .collect()
    }

    /// The country itself first, its neighbours as it lists them, then the rest.
    fn country_order(&self, code: &str) -> usize {
        let country = self.document.country;
        let all = std::iter::once(&country.iso3).chain(&country.neighbours);
        all.into_iter().position(|known| known == code).unwrap_or(usize::MAX)
    }
}

/// The sort key that puts the rest, and then the unknown, after all other codes.
fn is_last(code: &str) -> usize {
    [REST, UNKNOWN].iter().position(|last| *last == code).map_or(0, |at| at + 1)
}

/// The greatest value of a series.
fn height(series: &[&ReleasedCell]) -> f64 {
    let values = series.iter().filter_map(|cell| cell.value.as_ref()?.number());
    values.fold(0.0, f64::max)
}

/// For how many periods a series has a value, as far as any chart can show.
fn known(series: &[&ReleasedCell]) -> f64 {
    let known = series.iter().filter(|cell| cell.value.is_some()).count();
    u16::try_from(known).map_or(f64::MAX, f64::from)
}

/// Keeps this many series: those of the greatest weight, in their order.
fn fullest(shown: &mut Vec<(Selector, Vec<&ReleasedCell>)>, most: usize, weight: fn(&[&ReleasedCell]) -> f64) {
    let mut weights: Vec<f64> = shown.iter().map(|(_, series)| weight(series)).collect();
    weights.sort_by(|one, other| other.total_cmp(one));
    let Some(least) = weights.get(most.saturating_sub(1)).copied() else { return };
    // Which of several series without a value stays would be chance.
    if least <= 0.0 {
        return shown.retain(|(_, series)| weight(series) > 0.0);
    }
    // Of those that weigh the same as the last, the first are kept.
    let mut equal = most - weights.iter().filter(|weight| **weight > least).count();
    shown.retain(|(_, series)| {
        let (own, left) = (weight(series), equal);
        equal -= usize::from(own.total_cmp(&least).is_eq() && left > 0);
        own > least || own.total_cmp(&least).is_eq() && left > 0
    });
}
