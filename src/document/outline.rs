//! What one document holds, before it is drawn or set: its sections, charts, tables, bound figures, and its sources,
//! numbered once so that charts, tables and prose all cite them alike.

mod asked;
mod changes;
mod makeup;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use crate::disclosure::protect::{CountryRelease, Event, Relation, ReleasedCell, SourceRecord};
use crate::document::bind::{Bindings, Prose};
use crate::project::country::Narrative;
use crate::project::indicator::{ChartKind, Indicator, Measure, Selector};
use crate::project::text::Text;
use crate::project::{Document, Project, Section};
use crate::snapshots::diff::Difference;
use crate::snapshots::record::Figure;
use crate::value::{Qualifier, Value};

pub use asked::asked;
pub use changes::Changes;
pub use makeup::Makeup;

/// How many agreeing sources stand behind a figure in print; the data files name them all.
const SOURCES_PRINTED: usize = 2;

/// From so many ratings on, a source is cited beside a chart of several countries.
const MAIN_SOURCE: usize = 5;

/// The plan of one document.
#[derive(Clone)]
pub struct Outline<'p> {
    /// Everything declared.
    pub project: &'p Project,
    /// Which document it is.
    pub document: Document<'p>,
    /// How close it is set.
    pub makeup: Makeup,
    /// What may be printed.
    pub released: &'p CountryRelease,
    /// The prose that opens it.
    pub front: Option<&'p Narrative>,
    /// Its sections, in print order.
    pub sections: Vec<Part<'p>>,
    /// What changed since the previous snapshot, if one is declared and held the country.
    pub changes: Option<Changes<'p>>,
    /// What its prose binds.
    pub bindings: Bindings<'p>,
    /// Indicators whose chart is drawn.
    pub charts: Vec<&'p Indicator>,
    /// Indicators whose released table is printed.
    pub tables: Vec<&'p Indicator>,
    /// The key figures: an indicator, and the codes of the series that stands for it.
    pub key_figures: Vec<(&'p Indicator, Selector)>,
    sources: Vec<&'p SourceRecord>,
}

/// A section of the document.
#[derive(Clone)]
pub struct Part<'p> {
    /// Which.
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
    differences: Option<&'p [Difference]>,
) -> Outline<'p> {
    let project = document.project;
    // Prose that the language lacks is that of the default language.
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
        makeup: Makeup::default(),
        released,
        front,
        sections: Vec::new(),
        changes: differences.filter(|_| document.kind.sections).map(|found| Changes::of(project, found)),
        bindings,
        charts: Vec::new(),
        tables: Vec::new(),
        key_figures: Vec::new(),
        sources: Vec::new(),
    };
    if document.kind.sections {
        // A copy for a donor holds the sections that the donor reads.
        let read = |section: &&Section| document.donor.is_none_or(|donor| donor.reads(&section.id));
        for section in project.sections.iter().filter(read) {
            let found = find(&section.id);
            found.iter().for_each(|(_, bound)| outline.bindings.extend(bound));
            let part = outline.part(section, found.map(|(narrative, _)| *narrative));
            outline.sections.extend(part);
        }
    }
    outline.key_figures = outline.pick_key_figures();
    outline.charts = outline.drawn();
    let placed = |indicator: &&Indicator| outline.bindings.tables.contains(&indicator.id);
    let unplaced = outline.sections.iter().flat_map(|part| part.tables.iter().copied());
    outline.tables = project.indicators.iter().filter(placed).chain(unplaced).collect();
    outline.sources = outline.cite();
    outline
}

impl<'p> Outline<'p> {
    /// The same plan, to be set as close as this.
    #[must_use]
    pub fn set_as(&self, makeup: Makeup) -> Self {
        Self { makeup, ..self.clone() }
    }

    /// A section with something to print.
    fn part(&self, section: &'p Section, narrative: Option<&'p Narrative>) -> Option<Part<'p>> {
        let here = |indicator: &&Indicator| indicator.section == section.id;
        let indicators = || self.project.indicators.iter().filter(here);
        let placed = |i: &&Indicator| self.bindings.charts.contains(&i.id);
        let chart = |i: &&Indicator| i.chart.is_some() && !placed(i) && self.known(i) && self.tells(i);
        let charts: Vec<_> = indicators().filter(|i| !i.on_request).filter(chart).collect();
        let table = |i: &&Indicator| i.table && !self.bindings.tables.contains(&i.id) && self.known(i);
        let tables: Vec<_> = indicators().filter(table).collect();
        let events: Vec<_> = self.released.events().iter().filter(|event| event.section == section.id).collect();
        // A chronology that prose neither places nor tells in full stands at the end of its section.
        let untold = events.iter().any(|event| !self.bindings.dates.contains(&event.id));
        let chronology = untold && !self.bindings.chronologies.contains(&section.id);
        let empty = narrative.is_none() && charts.is_empty() && tables.is_empty() && events.is_empty();
        (!empty).then_some(Part { section, narrative, charts, tables, events, chronology })
    }

    /// Whether anything is known of what an indicator shows.
    fn known(&self, indicator: &Indicator) -> bool {
        match indicator.measure {
            Measure::Events => !self.milestones().is_empty(),
            Measure::Observed { .. } | Measure::Ratio(_) => !self.released.cells(&indicator.id).is_empty(),
            Measure::Collection(_) => !self.shown(indicator).is_empty(),
        }
    }

    /// The dated facts that stand on the milestone chart.
    #[must_use]
    pub fn milestones(&self) -> Vec<&'p Event> {
        let chosen = &self.document.country.milestones;
        let chosen = |event: &&Event| chosen.as_ref().is_none_or(|chosen| chosen.iter().any(|id| id.value == event.id));
        self.released.events().iter().filter(chosen).collect()
    }

    /// The years in which what an indicator counts changes, everywhere or in this country, with two words on why.
    #[must_use]
    pub fn breaks(&self, indicator: &Indicator) -> Vec<(f64, String)> {
        let here = self.document.country.breaks.iter().filter(|known| known.indicator.value == indicator.id);
        let mut breaks = indicator.breaks.clone();
        breaks.extend(here.map(|known| (known.at, known.label.clone())));
        breaks.sort_by(|one, other| one.0.total_cmp(&other.0));
        breaks
    }

    /// The first four key figures of which anything is known; a margin that nobody states is replaced by its fullest part.
    fn pick_key_figures(&self) -> Vec<(&'p Indicator, Selector)> {
        let mut key: Vec<&Indicator> = self.project.indicators.iter().filter(|i| i.key_figure.is_some()).collect();
        key.sort_by_key(|indicator| indicator.key_figure);
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
        key.into_iter().filter_map(pick).take(4).collect()
    }

    /// The charts drawn: those placed by prose, those left to the template, and the scale of the cover.
    fn drawn(&self) -> Vec<&'p Indicator> {
        let left: Vec<&str> = self.sections.iter().flat_map(|part| &part.charts).map(|i| i.id.as_str()).collect();
        let scale = self.scale().map(|indicator| indicator.id.as_str());
        let wanted = |i: &&Indicator| {
            self.bindings.charts.contains(&i.id) || left.contains(&i.id.as_str()) || Some(i.id.as_str()) == scale
        };
        self.project.indicators.iter().filter(wanted).filter(|indicator| self.known(indicator)).collect()
    }

    /// The indicator whose chart is the scale of the cover: the rating.
    #[must_use]
    pub fn scale(&self) -> Option<&'p Indicator> {
        let tiers = |i: &&Indicator| i.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Tiers);
        self.project.indicators.iter().find(tiers).filter(|indicator| self.known(indicator))
    }

    /// The sources behind everything in the document, by publisher, date and title.
    fn cite(&self) -> Vec<&'p SourceRecord> {
        let mut ids: BTreeSet<&str> = self.bindings.sources.iter().map(String::as_str).collect();
        let mut cells: Vec<&'p ReleasedCell> = Vec::new();
        cells.extend(self.in_figures(&self.charts));
        cells.extend(self.in_figures(&self.tables));
        for indicator in self.charts.iter().chain(&self.tables) {
            if indicator.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Neighbours) {
                ids.extend(self.main_sources(indicator));
            }
        }
        cells.extend(self.in_key_figures());
        cells.extend(self.bindings.figures.values().filter_map(|bound| bound.cell));
        cells.extend(self.bindings.phrases.values().flat_map(|bound| bound.parts.iter().copied()));
        // A share may rest on a source that no figure by itself is cited from.
        let derived = self.bindings.phrases.values().filter_map(|bound| bound.derived.as_ref());
        ids.extend(derived.flat_map(cited));
        cells.extend(self.changes.iter().flat_map(Changes::printed).filter_map(|figure| self.cell(figure)));
        ids.extend(self.changes.iter().flat_map(Changes::earlier_sources));
        ids.extend(cells.into_iter().flat_map(|cell| cited(cell)));
        let dated = |event: &&Event| {
            self.bindings.dates.contains(&event.id) || self.sections.iter().any(|part| part.section.id == event.section)
        };
        ids.extend(self.released.events().iter().filter(dated).flat_map(|e| e.sources.iter().map(String::as_str)));
        let mut sources: Vec<_> = self.released.sources().iter().filter(|s| ids.contains(s.id.as_str())).collect();
        sources.sort_by_key(|source| (&source.publisher, &source.published, &source.title, &source.id));
        sources
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

    /// The cells of the series that key figures stand for.
    fn in_key_figures(&self) -> Vec<&'p ReleasedCell> {
        let series =
            |(indicator, selector): &(&'p Indicator, Selector)| self.released.series(&indicator.id, &selector.codes);
        self.key_figures.iter().flat_map(series).collect()
    }

    /// What is printed for a value of a cell: see [`said`].
    #[must_use]
    pub fn say(&self, cell: &ReleasedCell, value: &Value, qualifier: Qualifier) -> String {
        said(self.project, self.document.text, cell, value, qualifier)
    }

    /// The name of a series in a row or panel, under its indicator's short or full title: "Returned, from Thailand".
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

    /// What a reader sees for a code: a province's name, where the country gives it one.
    #[must_use]
    pub fn label(&self, indicator: &Indicator, dimension: &str, code: &str) -> String {
        let province = self.document.country.provinces.iter().find(|province| province.code == code);
        let other = || self.project.label(indicator, dimension, code, self.document.text);
        province.map_or_else(other, |province| province.name.clone())
    }

    /// What happened, in the language of the document as far as it has it.
    #[must_use]
    pub fn fact<'e>(&'e self, event: &'e Event) -> &'e str {
        self.document
            .text
            .get(&[crate::document::bind::EVENTS, &self.document.country.iso3, &event.id])
            .unwrap_or(&event.text)
    }

    /// The last calendar year that any counted figure touches.
    #[must_use]
    pub fn counts_to(&self) -> Option<i32> {
        let counted = self.released.all().filter(|cell| matches!(cell.value, Some(Value::Count(_))));
        let issue = self.project.report.issue.end();
        counted.map(|cell| cell.period.end()).filter(|end| *end <= issue).max().map(|end| chrono::Datelike::year(&end))
    }

    /// The sources behind most of the many ratings of several countries; single years are cited in the data table.
    #[must_use]
    pub fn main_sources(&self, indicator: &Indicator) -> Vec<&'p str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for cell in self.released.cells(&indicator.id) {
            for source in cited(cell) {
                *counts.entry(source).or_default() += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| *count >= MAIN_SOURCE).map(|(source, _)| source).collect()
    }

    /// The released cell of a figure.
    #[must_use]
    pub fn cell(&self, figure: &Figure) -> Option<&'p ReleasedCell> {
        self.released.cells(&figure.indicator).iter().find(|cell| cell.id == figure.id)
    }

    /// The sources of the document in the order of their numbers.
    #[must_use]
    pub fn sources(&self) -> &[&'p SourceRecord] {
        &self.sources
    }

    /// The number of a source, if the document cites it.
    #[must_use]
    pub fn number(&self, source: &str) -> Option<usize> {
        self.sources.iter().position(|known| known.id == source).map(|at| at + 1)
    }

    /// The numbers of a cell's sources, ascending.
    #[must_use]
    pub fn marks(&self, cell: &ReleasedCell) -> Vec<usize> {
        self.numbers(cited(cell))
    }

    /// Whether a source of these cells has no number in the document: the data table names it.
    #[must_use]
    pub fn leaves_sources_out<'c>(&self, cells: impl IntoIterator<Item = &'c ReleasedCell>) -> bool {
        cells.into_iter().flat_map(cited).any(|source| self.number(source).is_none())
    }

    /// Whether one of these figures is of a period that is inferred, not stated by its source.
    #[must_use]
    pub fn shows_inferred(&self, figures: &[String]) -> bool {
        self.released.all().any(|cell| cell.period.inferred() && figures.contains(&cell.id))
    }

    /// The numbers of these sources, ascending, each once.
    #[must_use]
    pub fn numbers<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> Vec<usize> {
        let numbers: BTreeSet<usize> = ids.into_iter().filter_map(|id| self.number(id)).collect();
        numbers.into_iter().collect()
    }
}

/// What is printed for a value of a cell: its number, the label of its code, how many more or fewer, or its share; with a
/// mark where that rests on few.
#[must_use]
pub fn said(project: &Project, text: &Text, cell: &ReleasedCell, value: &Value, qualifier: Qualifier) -> String {
    let printed = match (value, cell.relation) {
        (Value::Code(code), _) => {
            let label = |indicator| project.value_label(indicator, code, text);
            project.indicator(&cell.indicator).map_or_else(|| code.clone(), label)
        }
        (value, Relation::Own) => text.value(value, qualifier),
        (value, Relation::Share) => text.phrase("share_value", &[("value", &text.value(value, qualifier))]),
        (value, Relation::Change) => text.change(value, qualifier),
    };
    if cell.small_base { text.phrase("small_base", &[("value", &printed)]) } else { printed }
}

/// The sources printed beside a cell: the first that agree, and the first of each that does not. A rating cites one.
fn cited(cell: &ReleasedCell) -> Vec<&str> {
    let most = match cell.value {
        Some(Value::Code(_)) => 1,
        // What registers count together needs every one of them.
        _ if cell.register => cell.sources.len(),
        _ => SOURCES_PRINTED,
    };
    let agreeing = cell.sources.iter().take(most);
    let others = cell.alternatives.iter().filter(|_| cell.contested).filter_map(|other| other.sources.first());
    agreeing.chain(others).map(String::as_str).collect()
}
