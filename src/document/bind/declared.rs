//! Checks what a country declares about its figures and events against its release.

use std::collections::BTreeSet;

use super::EVENTS;
use super::call::suggestion;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::protect::CountryRelease;
use crate::project::Project;
use crate::project::country::Country;
use crate::project::indicator::{Measure, Selector};

/// The events that a country lists for its milestone chart must exist.
pub(super) fn milestones(country: &Country, released: &CountryRelease, diagnostics: &mut Diagnostics) {
    for milestone in country.milestones.iter().flatten() {
        if !released.has_event(&milestone.value) {
            let hint = suggestion(&milestone.value, released.events().iter().map(|event| event.id.as_str()));
            let message = format!("there is no event `{}`", milestone.value);
            diagnostics.push(Diagnostic::error(Code::UnknownName, milestone.span.clone(), message).hint(hint));
        }
    }
}

/// Every other language must translate every event, and no event that does not exist.
pub(super) fn events(project: &Project, country: &Country, released: &CountryRelease, diagnostics: &mut Diagnostics) {
    let Some((default, others)) = project.texts.split_first() else { return };
    let key = |id: &str| [EVENTS, &country.iso3, id].map(str::to_owned).to_vec();
    let expected: Vec<_> = released.events().iter().map(|event| (key(&event.id), event.text.clone())).collect();
    for text in others {
        let found = text.checked(default, &expected, &|key| key[0] == EVENTS && key[1] == country.iso3);
        found.into_iter().for_each(|found| diagnostics.push(found));
    }
}

/// Figures that a country declares to count the same group must exist, and no ratio may compare two of them.
pub(super) fn same(project: &Project, country: &Country, released: &CountryRelease, diagnostics: &mut Diagnostics) {
    if country.same.is_empty() {
        return;
    }
    let known: BTreeSet<&str> = released.all().map(|cell| cell.id.as_str()).collect();
    for figure in country.same.iter().flat_map(|same| &same.figures) {
        if !known.contains(figure.value.as_str()) {
            let hint = suggestion(&figure.value, released.all().map(|cell| cell.id.as_str()));
            let message = format!("there is no figure `{}`", figure.value);
            diagnostics.push(Diagnostic::error(Code::UnknownFigure, figure.span.clone(), message).hint(hint));
        }
    }
    let ratios = project.indicators.iter().filter_map(|indicator| match &indicator.measure {
        Measure::Ratio(ratio) => Some((indicator, ratio)),
        _ => None,
    });
    for (indicator, ratio) in ratios {
        let ids = |part: &Selector| released.series(&part.indicator, &part.codes).into_iter().map(|cell| &cell.id);
        for same in &country.same {
            let named =
                |part: &Selector| ids(part).find_map(|id| same.figures.iter().find(|figure| &figure.value == id));
            if let (Some(_), Some(figure)) = (named(&ratio.of.value), named(&ratio.to.value)) {
                let message = format!("the ratio `{}` compares a group with itself", indicator.id);
                diagnostics.push(Diagnostic::error(Code::DoubleCount, figure.span.clone(), message));
            }
        }
    }
}
