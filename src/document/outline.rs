//! The plan of one document, before anything is drawn or typeset: its sections, charts, tables and bound figures. Its sources
//! are numbered here, once, so that charts, tables and prose cite them by the same numbers.

mod asked;
mod changes;
mod chosen;
mod corrected;
mod identified;
mod latest;
mod printed;
mod scoreboard;
mod shown;
mod sources;
mod space;
mod spacing;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::disclosure::protect::{CountryRelease, Event, ReleasedCell, SourceRecord};
use crate::document::bind::{Bindings, Prose};
use crate::project::country::Narrative;
use crate::project::indicator::{ChartKind, Indicator, Measure, Role, Selector};
use crate::project::{Document, Project, Section};
use crate::snapshots::correction::{Changed, Corrected};
use crate::snapshots::record::Figure;
use crate::value::{Qualifier, Value};

pub use asked::asked;
pub use changes::Changes;
pub use identified::unidentified;
pub use latest::{latest, newest};
pub use printed::{late_line, printed_value};
pub use scoreboard::ScoreRow;
pub use space::Space;
pub use spacing::Spacing;

/// The plan of one document.
#[derive(Clone)]
pub struct Outline<'p> {
    /// Everything declared.
    pub project: &'p Project,
    /// Which document it is.
    pub document: Document<'p>,
    /// How tightly it is spaced.
    pub spacing: Spacing,
    /// Whether each printed figure carries its id, for a look at where it stands.
    identifies: bool,
    /// What may be printed.
    pub released: &'p CountryRelease,
    /// The prose of its first page.
    pub front: Option<&'p Narrative>,
    /// Its sections, in print order.
    pub sections: Vec<Part<'p>>,
    /// What changed since the previous snapshot, if one is declared and contains the country.
    pub changes: Option<Changes<'p>>,
    /// What corrections say of the figures that its reader reads, the latest first.
    pub corrected: Vec<&'p Corrected>,
    /// The figures, charts and sources that its prose asks for.
    pub(crate) bindings: Bindings<'p>,
    /// Indicators whose chart is drawn.
    pub charts: Vec<&'p Indicator>,
    /// Indicators whose released table is printed.
    pub tables: Vec<&'p Indicator>,
    /// The key figures: an indicator, and the codes of the series that stands for it.
    pub key_figures: Vec<(&'p Indicator, Selector)>,
    /// The rows of its scoreboard.
    pub scoreboard: Vec<ScoreRow<'p>>,
    sources: Vec<&'p SourceRecord>,
    /// The few sources that it cites where the record names the others.
    chosen: BTreeSet<&'p str>,
    /// The number of each source, by its id.
    numbers: BTreeMap<&'p str, usize>,
    counts_to: Option<NaiveDate>,
}

/// A section of the document, as it is printed.
#[derive(Clone)]
pub struct Part<'p> {
    /// The declared section.
    pub section: &'p Section,
    /// Its prose.
    pub narrative: Option<&'p Narrative>,
    /// Charts that the prose does not place.
    pub charts: Vec<&'p Indicator>,
    /// Released tables that the prose does not place.
    pub tables: Vec<&'p Indicator>,
    /// Its dated facts.
    pub events: Vec<&'p Event>,
    /// Whether the prose leaves the chronology to the template.
    pub chronology: bool,
}

/// Plans one document.
#[must_use]
pub fn outline<'p>(
    document: Document<'p>,
    released: &'p CountryRelease,
    prose: &Prose<'p>,
    changed: Option<&'p Changed>,
) -> Outline<'p> {
    let project = document.project;
    // Prose missing in this language is printed in the default language.
    let languages = [&document.text.language, &document.default.language];
    let find = |place: &str| {
        let of = |language: &String| {
            prose.narratives.iter().find(|(narrative, _)| narrative.place == place && narrative.language == *language)
        };
        languages.iter().find_map(|language| of(language))
    };
    let mut bindings = Bindings::default();
    let front = find(&document.kind.id).map(|(narrative, bound)| {
        bindings.extend(bound);
        *narrative
    });
    let mut outline = Outline {
        project,
        document,
        spacing: Spacing::default(),
        identifies: false,
        released,
        front,
        sections: Vec::new(),
        changes: changed.and_then(|changed| Changes::since(document, changed)),
        corrected: corrected::told(document, changed),
        bindings,
        charts: Vec::new(),
        tables: Vec::new(),
        key_figures: Vec::new(),
        scoreboard: Vec::new(),
        sources: Vec::new(),
        chosen: BTreeSet::new(),
        numbers: BTreeMap::new(),
        counts_to: counts_to(project, released),
    };
    // A copy for a donor holds the sections that the donor reads.
    let reads = |section: &&Section| document.donor.is_none_or(|donor| donor.reads(&section.id));
    for section in project.sections.iter().filter(|section| document.kind.sections && reads(section)) {
        let found = find(&section.id);
        found.iter().for_each(|(_, bound)| outline.bindings.extend(bound));
        let part = outline.part(section, found.map(|(narrative, _)| *narrative));
        outline.sections.extend(part);
    }
    if !document.kind.record {
        outline.key_figures = outline.pick_key_figures();
    }
    outline.scoreboard = outline.score_rows();
    outline.charts = outline.drawn();
    let placed = |indicator: &&Indicator| outline.bindings.tables.contains(&indicator.id);
    let unplaced = outline.sections.iter().flat_map(|part| part.tables.iter().copied());
    outline.tables = project.indicators.iter().filter(placed).chain(unplaced).collect();
    outline.number_sources();
    outline
}

impl<'p> Outline<'p> {
    /// The same plan with another spacing.
    #[must_use]
    pub fn set_as(&self, spacing: Spacing) -> Self {
        Self { spacing, ..self.clone() }
    }

    /// The same plan, in which each printed figure carries its id. It is set to look at, and never published.
    #[must_use]
    pub fn identifying(&self) -> Self {
        Self { identifies: true, ..self.clone() }
    }

    /// Chooses what is cited, and numbers it.
    fn number_sources(&mut self) {
        self.chosen = self.choose_sources();
        self.sources = self.cite();
        self.numbers = self.sources.iter().enumerate().rev().map(|(at, source)| (source.id.as_str(), at + 1)).collect();
    }

    /// A section as it is printed; none if it has nothing to print.
    fn part(&self, section: &'p Section, narrative: Option<&'p Narrative>) -> Option<Part<'p>> {
        let here = |indicator: &&Indicator| indicator.section == section.id;
        let indicators = || self.project.indicators.iter().filter(here);
        let placed = |i: &&Indicator| self.bindings.charts.contains(&i.id);
        let chart = |i: &&Indicator| i.chart.is_some() && !placed(i) && self.known(i) && self.tells(i);
        // The record leaves charts and tables to the documents before it.
        let record = self.document.kind.record;
        let charts: Vec<_> = indicators().filter(|i| !record && !i.on_request).filter(chart).collect();
        let table = |i: &&Indicator| i.table && !self.bindings.tables.contains(&i.id) && self.known(i);
        let tables: Vec<_> = indicators().filter(|_| !record).filter(table).collect();
        let events: Vec<_> = self.released.events().iter().filter(|event| event.section == section.id).collect();
        // A chronology is printed at the end of its section unless the prose places it or dates every event itself.
        let undated = events.iter().any(|event| !self.bindings.dates.contains(&event.id));
        let chronology = undated && !self.bindings.chronologies.contains(&section.id);
        let empty = narrative.is_none() && charts.is_empty() && tables.is_empty() && events.is_empty();
        (!empty).then_some(Part { section, narrative, charts, tables, events, chronology })
    }

    /// Whether the country has any data for an indicator.
    fn known(&self, indicator: &Indicator) -> bool {
        match indicator.measure {
            Measure::Events => !self.milestones().is_empty(),
            Measure::Observed { .. } | Measure::Ratio(_) => !self.released.cells(&indicator.id).is_empty(),
            Measure::Collection(_) => !self.shown(indicator).is_empty(),
        }
    }

    /// The dated facts on the milestone chart.
    #[must_use]
    pub fn milestones(&self) -> Vec<&'p Event> {
        let events = self.released.events().iter();
        let Some(chosen) = &self.document.country.milestones else { return events.collect() };
        let chosen: BTreeSet<&str> = chosen.iter().map(|id| id.value.as_str()).collect();
        events.filter(|event| chosen.contains(event.id.as_str())).collect()
    }

    /// The years in which an indicator starts to count something else, everywhere or in this country, with a short reason.
    #[must_use]
    pub fn breaks(&self, indicator: &Indicator) -> Vec<(f64, String)> {
        let here = self.document.country.breaks.iter().filter(|known| known.indicator.value == indicator.id);
        let mut breaks = indicator.breaks.clone();
        breaks.extend(here.map(|known| (known.at, known.label.clone())));
        breaks.sort_by(|one, other| one.0.total_cmp(&other.0));
        breaks
    }

    /// The first four key figures that have data, of the country's own order or of the one that holds everywhere, where the
    /// latest comes first. If no source gives a total, the code with the most figures stands in.
    fn pick_key_figures(&self) -> Vec<(&'p Indicator, Selector)> {
        let own = self.document.country.key_figures.as_ref();
        let mut key: Vec<&Indicator> = self.project.indicators.iter().filter(|i| i.key_figure.is_some()).collect();
        key.sort_by_key(|indicator| indicator.key_figure);
        if let Some(own) = own {
            key = own.iter().filter_map(|id| self.project.indicator(&id.value)).collect();
        }
        let pick = |indicator: &'p Indicator| {
            let margin = Selector { indicator: indicator.id.clone(), codes: BTreeMap::new() };
            if !self.released.series(&indicator.id, &margin.codes).is_empty() {
                return Some((indicator, margin));
            }
            let mut counts: BTreeMap<&BTreeMap<String, String>, usize> = BTreeMap::new();
            for cell in self.released.cells(&indicator.id).iter().filter(|cell| cell.codes.len() == 1) {
                *counts.entry(&cell.codes).or_default() += 1;
            }
            let fullest = counts.into_iter().rev().max_by_key(|(_, count)| *count)?.0.clone();
            Some((indicator, Selector { codes: fullest, ..margin }))
        };
        let end = |(indicator, selector): &(&'p Indicator, Selector)| {
            let series = self.released.series(&indicator.id, &selector.codes);
            newest(&series).map(|(now, _)| now.period.end())
        };
        let mut picked: Vec<_> = key.into_iter().filter_map(pick).take(4).collect();
        if own.is_none() {
            picked.sort_by_key(|key| std::cmp::Reverse(end(key)));
        }
        picked
    }

    /// The charts that are drawn: those that prose places, those that the template places, and the scale on the cover.
    fn drawn(&self) -> Vec<&'p Indicator> {
        let left: Vec<&str> = self.sections.iter().flat_map(|part| &part.charts).map(|i| i.id.as_str()).collect();
        let scale = self.scale().filter(|_| !self.document.kind.record).map(|indicator| indicator.id.as_str());
        let wanted = |i: &&Indicator| {
            self.bindings.charts.contains(&i.id) || left.contains(&i.id.as_str()) || Some(i.id.as_str()) == scale
        };
        self.project.indicators.iter().filter(wanted).filter(|indicator| self.known(indicator)).collect()
    }

    /// The indicator drawn as the scale on the cover: the rating.
    #[must_use]
    pub fn scale(&self) -> Option<&'p Indicator> {
        let tiers = |i: &&Indicator| i.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Tiers);
        self.project.indicators.iter().find(tiers).filter(|indicator| self.known(indicator))
    }

    /// The cells that the charts of these indicators draw.
    fn in_figures(&self, indicators: &[&'p Indicator]) -> Vec<&'p ReleasedCell> {
        let mut cells: Vec<&'p ReleasedCell> = Vec::new();
        for indicator in indicators {
            let series = self.shown(indicator).into_iter().chain(self.broken_down(indicator));
            cells.extend(series.flat_map(|(_, series)| series));
            let parts = indicator.chart.iter().flat_map(|chart| &chart.splits).flat_map(|split| &split.cells);
            for part in parts.filter_map(|codes| Selector::parse(&format!("{}:{}", indicator.id, codes.value))) {
                cells.extend(self.released.series(&part.indicator, &part.codes));
            }
        }
        cells
    }

    /// The cells of the key figures' series.
    fn in_key_figures(&self) -> Vec<&'p ReleasedCell> {
        let series =
            |(indicator, selector): &(&'p Indicator, Selector)| self.released.series(&indicator.id, &selector.codes);
        self.key_figures.iter().flat_map(series).collect()
    }

    /// A value of a cell as it is printed: see [`printed_value`].
    #[must_use]
    pub fn say(&self, cell: &ReleasedCell, value: &Value, qualifier: Qualifier) -> String {
        self.known_as(cell, printed_value(self.project, self.document.text, cell, value, qualifier))
    }

    /// A text that prints a cell; it carries the cell's id where the plan asks for that.
    #[must_use]
    pub fn known_as(&self, cell: &ReleasedCell, printed: String) -> String {
        if self.identifies { identified::identified(&cell.id, &printed) } else { printed }
    }

    /// A text that prints a further cell, too.
    #[must_use]
    pub fn also_known_as(&self, cell: &ReleasedCell, printed: &str) -> String {
        identified::also_identified(&cell.id, printed)
    }

    /// The name of a series, from a title of its indicator and its codes: "Returned, from Thailand".
    #[must_use]
    pub fn name(&self, selector: &Selector, title: &str) -> String {
        let Some(indicator) = self.project.indicator(&selector.indicator) else { return title.to_owned() };
        let text = self.document.text;
        let label = |(dimension, code): (&String, &String)| {
            let label = self.label(indicator, dimension, code);
            let key = format!("of_{dimension}");
            let phrase = text.phrase(&key, &[("code", &label)]);
            if phrase == key { label } else { phrase }
        };
        let labels: Vec<String> = selector.codes.iter().map(label).collect();
        if labels.is_empty() { title.to_owned() } else { format!("{title}, {}", labels.join(", ")) }
    }

    /// The printed name of a code. The country's own name for a province comes first.
    #[must_use]
    pub fn label(&self, indicator: &Indicator, dimension: &str, code: &str) -> String {
        let province = self.document.country.provinces.iter().find(|province| province.code == code);
        let other = || self.project.label(indicator, dimension, code, self.document.text);
        province.map_or_else(other, |province| province.name.clone())
    }

    /// The text of an event: in the language of the document if it is translated, else as the table has it.
    #[must_use]
    pub fn fact<'e>(&'e self, event: &'e Event) -> &'e str {
        self.document
            .text
            .get(&[crate::document::bind::EVENTS, &self.document.country.iso3, &event.id])
            .unwrap_or(&event.text)
    }

    /// The last calendar year, up to the issue, for which anything is counted.
    #[must_use]
    pub fn counts_to(&self) -> Option<i32> {
        self.counts_to.map(|end| chrono::Datelike::year(&end))
    }

    /// The last day, up to the issue, for which anything is counted.
    #[must_use]
    pub fn counted_until(&self) -> Option<NaiveDate> {
        self.counts_to
    }

    /// The released cell of a figure.
    #[must_use]
    pub fn cell(&self, figure: &Figure) -> Option<&'p ReleasedCell> {
        self.released.series(&figure.indicator, &figure.codes).into_iter().find(|cell| cell.id == figure.id)
    }
}

/// The last day, up to the issue, for which a country counts anything.
fn counts_to(project: &Project, released: &CountryRelease) -> Option<NaiveDate> {
    let indicators = project.indicators.iter().filter(|indicator| indicator.role == Role::Count);
    let cells = indicators.flat_map(|indicator| released.cells(&indicator.id));
    let counted = cells.filter(|cell| matches!(cell.value, Some(Value::Count(_))));
    let issue = project.report.issue.end();
    counted.map(|cell| cell.period.end()).filter(|end| *end <= issue).max()
}
