//! What a figure is called in every language of the project, as text to be searched.

use std::collections::BTreeMap;

use crate::disclosure::protect::ReleasedCell;
use crate::project::Project;
use crate::project::indicator::Indicator;
use crate::project::text::folded;

/// The names of one country's figures, each folded once.
pub(super) struct Names<'p> {
    project: &'p Project,
    country: &'p str,
    own: String,
    indicators: BTreeMap<String, String>,
    codes: BTreeMap<(String, String, String), String>,
}

impl<'p> Names<'p> {
    pub(super) fn of(project: &'p Project, country: &'p str) -> Self {
        let named = project.languages().flat_map(|(text, project)| {
            let declared = project.countries.iter().find(|known| known.iso3 == country);
            declared.map(|known| known.name.clone()).into_iter().chain([text.country(country).to_owned()])
        });
        let own = folded(&named.collect::<Vec<_>>().join("\n"));
        Self { project, country, own, indicators: BTreeMap::new(), codes: BTreeMap::new() }
    }

    /// All names of a figure: its id, its country, and in every language its title, its short name and its codes.
    pub(super) fn of_figure(&mut self, indicator: &Indicator, cell: &ReleasedCell) -> String {
        let mut all = vec![folded(&cell.id), self.own.clone(), self.of_indicator(indicator)];
        all.extend(cell.codes.iter().map(|(dimension, code)| self.of_code(indicator, dimension, code)));
        all.join("\n")
    }

    fn of_indicator(&mut self, indicator: &Indicator) -> String {
        let known = self.indicators.entry(indicator.id.clone());
        let named = || {
            let names = self.project.languages().filter_map(|(_, project)| project.indicator(&indicator.id));
            let names = names.flat_map(|indicator| [indicator.title.as_str(), &indicator.short]);
            folded(&names.collect::<Vec<_>>().join("\n"))
        };
        known.or_insert_with(named).clone()
    }

    fn of_code(&mut self, indicator: &Indicator, dimension: &str, code: &str) -> String {
        let key = (indicator.id.clone(), dimension.to_owned(), code.to_owned());
        let named = || {
            let names = self.project.languages().flat_map(|(text, project)| {
                let country = project.countries.iter().find(|known| known.iso3 == self.country);
                let province = country.and_then(|country| country.provinces.iter().find(|known| known.code == code));
                let label = project.indicator(&indicator.id).map(|own| project.label(own, dimension, code, text));
                province.map(|province| province.name.clone()).into_iter().chain(label)
            });
            folded(&names.collect::<Vec<_>>().join("\n"))
        };
        self.codes.entry(key).or_insert_with(named).clone()
    }
}
