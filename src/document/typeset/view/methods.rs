//! The methods annex: for every indicator of which a figure is printed what is counted, how its figures came about, what to
//! beware of, and whose they are. All of it follows from the definitions and the release.

use std::collections::BTreeSet;

use super::marks;
use super::model::Method;
use crate::disclosure::protect::ReleasedCell;
use crate::document::outline::Outline;
use crate::project::indicator::{Indicator, Measure};

/// The rule of a figure that stands as its source has it.
const STATED: &str = "stated";

/// One entry for each indicator, in the order of the document; none where the document leaves sections out.
pub(super) fn methods(outline: &Outline<'_>, printed: &BTreeSet<String>) -> Vec<Method> {
    if !outline.document.kind.sections || outline.document.kind.record {
        return Vec::new();
    }
    let of = |indicator: &&Indicator| {
        let cells: Vec<&ReleasedCell> =
            outline.released.cells(&indicator.id).iter().filter(|cell| printed.contains(&cell.id)).collect();
        (!cells.is_empty()).then(|| method(outline, indicator, &cells))
    };
    outline.project.indicators.iter().filter_map(|indicator| of(&indicator)).collect()
}

/// The indicator whose entry a chart or a table points to: its own, or the first that it shows and the annex explains.
pub(super) fn of_host(outline: &Outline<'_>, host: &Indicator) -> String {
    let shown = outline.shown(host).into_iter().map(|(selector, _)| selector.indicator);
    shown.into_iter().next().unwrap_or_default()
}

/// The definition of an indicator and what to beware of, without what holds for all and is said once.
pub(super) fn words_of(outline: &Outline<'_>, indicator: &Indicator, cells: &[&ReleasedCell]) -> String {
    let unlike = cells.iter().any(|cell| cell.value.is_some() && cell.rule != STATED);
    let mut sentences = vec![indicator.definition(outline.document.country)];
    sentences.extend(rules(outline, cells).filter(|_| unlike));
    sentences.extend(breaks(outline, indicator));
    sentences.extend(indicator.is_stock().then(|| outline.document.text.word("method_stock").to_owned()));
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.join(" ")
}

fn method(outline: &Outline<'_>, indicator: &Indicator, cells: &[&ReleasedCell]) -> Method {
    let text = outline.document.text;
    let unit = text.unit(&indicator.unit, None);
    let mut sentences = vec![indicator.definition(outline.document.country)];
    if !unit.is_empty() {
        sentences.push(text.phrase("method_unit", &[("unit", unit)]));
    }
    sentences.extend(rules(outline, cells));
    sentences.extend(caveats(outline, indicator, cells));
    sentences.retain(|sentence| !sentence.is_empty());
    let numbers: BTreeSet<usize> = cells.iter().flat_map(|cell| outline.marks(cell)).collect();
    let cited = if numbers.len() == 1 { "source" } else { "sources" };
    Method {
        id: indicator.id.clone(),
        title: indicator.title.clone(),
        text: sentences.join(" "),
        cited: text.word(cited).to_owned(),
        marks: marks(&numbers.into_iter().collect::<Vec<_>>()),
    }
}

/// How the printed figures came about, each way once.
fn rules(outline: &Outline<'_>, cells: &[&ReleasedCell]) -> Option<String> {
    let text = outline.document.text;
    let rules: BTreeSet<&str> = cells.iter().filter(|cell| cell.value.is_some()).map(|cell| cell.rule).collect();
    let words: Vec<String> = rules.iter().map(|rule| text.word(&rule_key(rule)).to_owned()).collect();
    (!words.is_empty()).then(|| text.phrase("method_rule", &[("rules", &text.any_of(&words))]))
}

/// The key of a rule in the language's words: `rule_derived_from_parts`.
fn rule_key(rule: &str) -> String {
    format!("rule_{}", rule.replace(' ', "_"))
}

fn breaks(outline: &Outline<'_>, indicator: &Indicator) -> Vec<String> {
    let text = outline.document.text;
    let sentence = |(at, why): &(f64, String)| {
        text.phrase("method_break", &[("year", &format!("{:.0}", at.floor())), ("why", why)])
    };
    outline.breaks(indicator).iter().map(sentence).collect()
}

fn caveats(outline: &Outline<'_>, indicator: &Indicator, cells: &[&ReleasedCell]) -> Vec<String> {
    let text = outline.document.text;
    let when = |wanted: bool, key: &str| wanted.then(|| text.word(key).to_owned());
    let mut caveats: Vec<String> = breaks(outline, indicator);
    caveats.extend(when(indicator.is_stock(), "method_stock"));
    caveats.extend(when(cells.iter().any(|cell| cell.contested), "method_contested"));
    if outline.leaves_sources_out(cells.iter().copied()) {
        caveats.push(text.phrase("further_sources", &[("table", &indicator.title)]));
    }
    caveats.extend(when(cells.iter().any(|cell| cell.period.inferred()), "method_inferred"));
    caveats.extend(when(matches!(indicator.measure, Measure::Ratio(_)), "method_ratio"));
    caveats
}
