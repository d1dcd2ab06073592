//! Checks indicators against each other: the names they use must exist, and a ratio must compare counts of one unit.

use super::among::{Among, cell, hinted};
use super::charts;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::country::Country;
use crate::project::declaration::{Located, nearest};
use crate::project::indicator::{Indicator, Measure, Ratio, Selector};
use crate::project::schema::Schema;
use crate::project::text::Text;

/// Reports every wrong reference from one indicator to another.
pub(super) fn relate(indicators: &[Indicator], schemas: &[Schema], diagnostics: &mut Diagnostics) {
    let among = Among { indicators, schemas };
    for (at, indicator) in indicators.iter().enumerate() {
        if indicators[..at].iter().any(|earlier| earlier.id == indicator.id) {
            let message = format!("another section has an indicator `{}` already", indicator.id);
            diagnostics.push(Diagnostic::error(Code::NameMismatch, indicator.span.clone(), message));
        }
        let mut faults: Vec<Diagnostic> = match &indicator.measure {
            Measure::Collection(selectors) => selectors.iter().filter_map(|selector| among.named(selector)).collect(),
            Measure::Ratio(ratio) => ratio_faults(indicator, ratio, among),
            Measure::Observed { .. } | Measure::Events => Vec::new(),
        };
        faults.extend(indicator.of_whom.iter().filter_map(|codes| cell(indicator, codes, among)));
        faults.extend(charts::faults(indicator, among));
        faults.extend(scoreboard_fault(indicator));
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
    }
}

/// Reports units that the default language does not name, used by an indicator or by the nouns of a language: they would be
/// printed as codes.
pub(super) fn units<'t>(
    indicators: &[Indicator],
    default: &'t Text,
    others: impl Iterator<Item = &'t Text>,
    diagnostics: &mut Diagnostics,
) {
    let known: Vec<&str> = default.units().collect();
    let own = indicators.iter().filter(|indicator| !indicator.unit.is_empty());
    let own = own.filter_map(|indicator| Some((indicator.unit.as_str(), indicator.unit_span.clone()?)));
    let nouns = std::iter::once(default).chain(others).flat_map(Text::units_with_nouns);
    let nouns = nouns.map(|unit| (unit.value.as_str(), unit.span.clone()));
    for (unit, span) in own.chain(nouns).filter(|(unit, _)| !known.contains(unit)) {
        let fault = Diagnostic::error(Code::UnknownName, span, format!("there is no unit `{unit}`"));
        let hint = if let Some(near) = nearest(unit, known.iter().copied()) {
            format!("did you mean `{near}`?")
        } else {
            let file = format!("`[units]` of data/text/{}.toml", default.language);
            format!("there are: {}; add a new one under {file}", known.join(", "))
        };
        diagnostics.push(fault.hint(hint));
    }
}

/// Reports breaks, scopes and key figures of a country for indicators that do not exist.
pub(super) fn named_by(country: &Country, indicators: &[Indicator], diagnostics: &mut Diagnostics) {
    let scopes = country.scopes.iter().map(|scope| &scope.indicator);
    let key_figures = country.key_figures.iter().flatten();
    for named in country.breaks.iter().map(|known| &known.indicator).chain(scopes).chain(key_figures) {
        if !indicators.iter().any(|indicator| indicator.id == named.value) {
            let fault = Diagnostic::error(
                Code::UnknownName,
                named.span.clone(),
                format!("there is no indicator `{}`", named.value),
            );
            diagnostics
                .push(hinted(fault, nearest(&named.value, indicators.iter().map(|indicator| indicator.id.as_str()))));
        }
    }
}

/// A scoreboard has a row for each series that it collects.
fn scoreboard_fault(indicator: &Indicator) -> Option<Diagnostic> {
    let fault = || {
        let message = format!("`{}` is a scoreboard and collects nothing", indicator.id);
        Diagnostic::error(Code::InvalidValue, indicator.span.clone(), message)
    };
    let collects = matches!(indicator.measure, Measure::Collection(_));
    (indicator.scoreboard && !collects).then(|| fault().hint("list the series of its rows in `collect`"))
}

/// The faults in the two parts of a ratio.
fn ratio_faults(indicator: &Indicator, ratio: &Ratio, among: Among<'_>) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = [&ratio.of, &ratio.to].into_iter().filter_map(|part| among.named(part)).collect();
    for part in [&ratio.of, &ratio.to] {
        faults.extend(among.find(&part.value.indicator).and_then(|found| not_observed(indicator, found, part)));
    }
    let units = [&ratio.of, &ratio.to].map(|part| among.find(&part.value.indicator).map(|found| found.unit.as_str()));
    if let ([Some(of), Some(to)], true) = (units, faults.is_empty())
        && of != to
    {
        let message =
            format!("`{}` counts {of} and `{}` counts {to}", ratio.of.value.indicator, ratio.to.value.indicator);
        let fault = Diagnostic::error(Code::UnitMismatch, ratio.to.span.clone(), message);
        faults
            .push(fault.hint("both parts of a ratio must have the same unit: persons with persons, cases with cases"));
    }
    faults
}

/// A part of a ratio that is not itself counted: ratios of ratios could form a circle.
fn not_observed(whole: &Indicator, part: &Indicator, named: &Located<Selector>) -> Option<Diagnostic> {
    let message = match &part.measure {
        Measure::Observed { .. } => return None,
        Measure::Ratio(_) if part.id == whole.id => format!("`{}` is a ratio of itself", part.id),
        Measure::Ratio(ratio) if [&ratio.of, &ratio.to].iter().any(|back| back.value.indicator == whole.id) => {
            format!("`{}` is in turn a ratio of `{}`", part.id, whole.id)
        }
        Measure::Ratio(_) => format!("`{}` is itself a ratio", part.id),
        Measure::Collection(_) | Measure::Events => format!("`{}` counts nothing", part.id),
    };
    let fault = Diagnostic::error(Code::InvalidValue, named.span.clone(), message);
    Some(fault.hint("name an indicator that counts rows of a table"))
}
