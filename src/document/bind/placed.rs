//! Charts and tables that prose places: they must exist and have data to show.

use super::call::Call;
use super::resolve::Resolver;
use crate::diagnostic::Code;
use crate::disclosure::protect::CountryRelease;
use crate::project::indicator::{Indicator, Measure, Selector};

impl Resolver<'_, '_> {
    pub(super) fn chart(&mut self, call: &Call) {
        let known: Vec<&str> = self.ids(|indicator| indicator.chart.is_some());
        self.named(call, "chart", &known, |bindings| &mut bindings.charts);
        self.shown(call, "draw");
    }

    pub(super) fn table(&mut self, call: &Call) {
        let known: Vec<&str> = self.ids(|indicator| indicator.table);
        self.named(call, "released table", &known, |bindings| &mut bindings.tables);
        self.shown(call, "print");
    }

    /// Reports a chart or table of an indicator for which the country has no data.
    fn shown(&mut self, call: &Call, done: &str) {
        let (Some((id, range)), Some(released)) = (call.positional.first(), self.released) else { return };
        let Some(indicator) = self.project.indicator(id).filter(|indicator| !self.knows(indicator, released)) else {
            return;
        };
        let message = format!("this country has no data for `{}`: there is nothing to {done}", indicator.id);
        let hint = "enter its figures in the tables, or delete this call".to_owned();
        self.fault(Code::UnknownFigure, range.clone(), message, Some(hint));
    }

    pub(super) fn knows(&self, indicator: &Indicator, released: &CountryRelease) -> bool {
        match &indicator.measure {
            Measure::Collection(selectors) => selectors.iter().any(|selector| holds(released, &selector.value)),
            Measure::Events => released.events().iter().any(|event| {
                let chosen = self.country.milestones.as_ref();
                chosen.is_none_or(|chosen| chosen.iter().any(|id| id.value == event.id))
            }),
            Measure::Observed { .. } | Measure::Ratio(_) => !released.cells(&indicator.id).is_empty(),
        }
    }
}

/// Whether the release has a cell for a selector; `*` stands for every code.
fn holds(released: &CountryRelease, selector: &Selector) -> bool {
    released.cells(&selector.indicator).iter().any(|cell| {
        let fits = |(dimension, code): (&String, &String)| {
            cell.codes.get(dimension).is_some_and(|known| code == "*" || known == code)
        };
        cell.codes.len() == selector.codes.len() && selector.codes.iter().all(fits)
    })
}
