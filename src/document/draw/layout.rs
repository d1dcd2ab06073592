//! What a chart shows: released cells chosen, put in order and into words. Pure; nothing is drawn here.

use std::collections::BTreeSet;

use anyhow::Result;

use super::bands::Ground;
use super::chart::{Axis, Bands, Point, Qualifier, Rating, Series, State};
use super::matrix::{Group, Matrix};
use super::milestones::{Milestone, Milestones};
use super::neighbours::{Country, Neighbours};
use super::panels::Panels;
use super::points::{point, silence, years_known};
use super::rows::{Row, Rows};
use super::strip::Strip;
use super::tiers::Tiers;
use super::{FULL, Figure, QUARTER, TEXT, matrix, strip};
use crate::disclosure::protect::{Event, ReleasedCell};
use crate::document::outline::Outline;
use crate::project::indicator::{ChartKind, Indicator, Measure, Selector};
use crate::value::Value;

/// Heights of the tallest column, in millimetres, by chart kind.
const PANEL: f64 = 30.0;
const ROW: f64 = 24.0;
const NARROW_ROW: f64 = 18.0;
/// So many sources are cited under a chart of several countries; of more, the main ones.
const CITED: usize = 8;
/// Up to so many rows of the whole width have their full height.
const FEW_ROWS: usize = 3;

/// The released series that one chart shows.
pub(super) struct Arranged<'o> {
    pub(super) outline: &'o Outline<'o>,
    pub(super) indicator: &'o Indicator,
    pub(super) series: Vec<(Selector, Vec<&'o ReleasedCell>)>,
}

impl<'o> Arranged<'o> {
    pub(super) fn new(outline: &'o Outline<'o>, indicator: &'o Indicator) -> Self {
        let kind = indicator.chart.as_ref().map(|chart| chart.kind);
        let series = match kind {
            Some(ChartKind::Neighbours) => by_country(outline, indicator),
            Some(ChartKind::Stack) => super::parts::series(outline, indicator),
            Some(ChartKind::Flow | ChartKind::Provinces) => {
                indicator.chart.iter().flat_map(|chart| super::breakdown::series(outline, indicator, chart)).collect()
            }
            _ => outline.shown(indicator),
        };
        Self { outline, indicator, series }
    }

    /// The dimension by which it is broken down; empty for a chart of another kind.
    pub(super) fn by(&self) -> &'o str {
        self.indicator.chart.as_ref().and_then(|chart| chart.by.as_ref()).map_or("", |by| by.value.as_str())
    }

    /// Every cell that the chart shows.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'o ReleasedCell> {
        self.series.iter().flat_map(|(_, series)| series.iter().copied())
    }

    /// The dated facts, for a chart of milestones.
    pub(super) fn events(&self) -> Vec<&'o Event> {
        match self.indicator.measure {
            Measure::Events => self.outline.milestones(),
            _ => Vec::new(),
        }
    }

    pub(super) fn marks(&self) -> Vec<usize> {
        if self.partly_cited() {
            return self.outline.numbers(self.outline.main_sources(self.indicator));
        }
        let cells: BTreeSet<usize> = self.cells().flat_map(|cell| self.outline.marks(cell)).collect();
        let events = self.events().into_iter().flat_map(|event| event.sources.iter().map(String::as_str));
        cells.into_iter().chain(self.outline.numbers(events)).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether its many sources are cited in the data table, and only the main ones beside it.
    pub(super) fn partly_cited(&self) -> bool {
        let sources: BTreeSet<usize> = self.cells().flat_map(|cell| self.outline.marks(cell)).collect();
        self.indicator.chart.as_ref().is_some_and(|chart| chart.kind == ChartKind::Neighbours) && sources.len() > CITED
    }

    pub(super) fn axis(&self) -> Axis {
        let first = self.cells().map(|cell| chrono::Datelike::year(&cell.period.start())).min();
        let last = self.cells().map(|cell| chrono::Datelike::year(&cell.period.end())).max();
        let from = self.indicator.chart.as_ref().and_then(|chart| chart.from);
        let counted = self.cells().any(|cell| matches!(cell.value, Some(Value::Count(_))));
        let counts_to = self.outline.counts_to().filter(|_| counted);
        // A chart begins no earlier than it is declared to, nor than anything is known here.
        let (first, last) = (from.max(first).unwrap_or(2000), last.max(counts_to).unwrap_or(2000));
        Axis { first, last: last.max(first) }
    }

    fn is_rating(series: &[&ReleasedCell]) -> bool {
        series.iter().any(|cell| matches!(cell.value, Some(Value::Code(_))))
    }

    fn counted(&self) -> impl Iterator<Item = &(Selector, Vec<&'o ReleasedCell>)> {
        self.series.iter().filter(|(_, series)| !Self::is_rating(series))
    }

    /// A series as points, under its short name.
    fn drawn(&self, selector: &Selector, series: &[&ReleasedCell], axis: Axis) -> Series {
        let indicator = self.outline.project.indicator(&selector.indicator).unwrap_or(self.indicator);
        let text = self.outline.document.text;
        let numbers: BTreeSet<usize> = series.iter().flat_map(|cell| self.outline.marks(cell)).collect();
        let visible = |cell: &&&ReleasedCell| cell.period.decimal().1 > f64::from(axis.first);
        Series {
            head: self.outline.name(selector, &indicator.short),
            unit: text.unit(&indicator.unit, None).to_owned(),
            marks: cite(self.outline, &numbers.into_iter().collect::<Vec<_>>()),
            points: series.iter().filter(visible).map(|cell| point(self.outline, indicator, cell)).collect(),
            breaks: self.outline.breaks(indicator),
            asides: silence(self.outline, series, axis),
        }
    }

    pub(super) fn panels(&self) -> Panels {
        let axis = self.axis();
        let mut groups: Vec<Vec<Series>> = Vec::new();
        for (selector, series) in self.counted() {
            let drawn = self.drawn(selector, series, axis);
            match groups.iter_mut().find(|group| group[0].unit == drawn.unit) {
                Some(group) => group.push(drawn),
                None => groups.push(vec![drawn]),
            }
        }
        let thousands = self.outline.document.text.integer(1000).replace(|c: char| c.is_ascii_digit(), "");
        Panels { groups, axis, columns: 3, width: FULL, tallest: PANEL * self.outline.makeup.height(), thousands }
    }

    /// Whether the chart is as wide as the text only.
    pub(super) fn is_narrow(&self) -> bool {
        self.indicator.chart.as_ref().is_some_and(|chart| chart.narrow)
    }

    pub(super) fn rows(&self) -> Rows {
        let axis = self.axis();
        let mut units: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for (selector, series) in self.counted() {
            let series = self.drawn(selector, series, axis);
            let group = units.iter().position(|unit| *unit == series.unit).unwrap_or(units.len());
            if group == units.len() {
                units.push(series.unit.clone());
            }
            rows.push(Row { series: Series { asides: Vec::new(), ..series }, group });
        }
        let rated = self.series.iter().find(|(_, series)| Self::is_rating(series));
        let tiers = rated.map(|(selector, series)| self.rated(selector, series));
        // Many rows are lower, so that together they are about as high as a few.
        let crowded = rows.len().max(FEW_ROWS) as f64 / FEW_ROWS as f64;
        let (width, tallest) = if self.is_narrow() { (TEXT, NARROW_ROW) } else { (FULL, ROW / crowded) };
        let tallest = tallest * self.outline.makeup.height();
        Rows { rows, axis, width, tallest, tiers }
    }

    pub(super) fn tiers(&self) -> Tiers {
        let empty = Tiers {
            ground: Ground::Sand,
            ..self.rated(&Selector { indicator: String::new(), codes: <_>::default() }, &[])
        };
        let rated = self.series.first().map(|(selector, series)| self.rated(selector, series));
        rated.map_or(empty, |tiers| Tiers { ground: Ground::Sand, ..tiers })
    }

    fn rated(&self, selector: &Selector, series: &[&ReleasedCell]) -> Tiers {
        let codes = self.codes(selector);
        let text = self.outline.document.text;
        let bands = self.bands(selector);
        let ratings = ratings(series, codes);
        let unused = |(at, label): (usize, &String)| {
            let used = ratings.iter().any(|rating| rating.band == at);
            if used { String::new() } else { text.phrase("never_on", &[("band", label)]) }
        };
        let never = bands.labels.iter().enumerate().map(unused).collect();
        Tiers { never, bands, ratings, axis: self.axis(), width: FULL, ground: Ground::Paper }
    }

    pub(super) fn neighbours(&self) -> Neighbours {
        let own = &self.outline.document.country.iso3;
        let text = self.outline.document.text;
        let axis = self.axis();
        let mut countries = Vec::new();
        for (selector, series) in &self.series {
            let Some(code) = selector.codes.values().next() else { continue };
            let last = series.iter().max_by_key(|cell| cell.period.end());
            let current = last.filter(|cell| cell.period.whole_year() == Some(axis.last));
            let now = current.and_then(|cell| cell.value.as_ref().map(|v| self.outline.say(cell, v, cell.qualifier)));
            let missing = || text.phrase("no_rating_in", &[("year", &axis.last.to_string())]);
            countries.push(Country {
                name: text.country(code).to_owned(),
                now: now.unwrap_or_else(missing),
                ratings: ratings(series, self.codes(selector)),
                own: code == own,
            });
        }
        let bands = self.series.first().map(|(selector, _)| self.bands(selector)).unwrap_or_default();
        Neighbours { countries, bands, axis, columns: 2, width: FULL }
    }

    pub(super) fn measured(&self, selector: &Selector) -> &'o Indicator {
        self.outline.project.indicator(&selector.indicator).unwrap_or(self.indicator)
    }

    fn codes(&self, selector: &Selector) -> &'o [String] {
        self.outline.project.scale(self.measured(selector))
    }

    fn bands(&self, selector: &Selector) -> Bands {
        let (project, text) = (self.outline.project, self.outline.document.text);
        let codes = self.codes(selector);
        let labels = codes.iter().map(|code| project.value_label(self.measured(selector), code, text)).collect();
        let short = codes.iter().map(|code| text.word(&format!("band_{code}")).trim_start_matches("band_").to_owned());
        Bands { labels, short: short.collect() }
    }

    pub(super) fn matrix(&self) -> Matrix {
        let axis = self.axis();
        let mut groups: Vec<Group> = Vec::new();
        for (selector, series) in &self.series {
            let Some(indicator) = self.outline.project.indicator(&selector.indicator) else { continue };
            let section = self.outline.project.sections.iter().find(|section| section.id == indicator.section);
            let head = section.map_or_else(String::new, |section| section.title.clone());
            let known = series.iter().filter(|cell| cell.value.is_some()).map(|cell| &cell.period);
            let years = years_known(known, indicator.is_stock());
            let row = matrix::Row {
                label: self.outline.name(selector, &indicator.title),
                points: series.iter().map(|cell| point(self.outline, indicator, cell)).collect(),
                known: self.outline.document.text.integer(i64::try_from(years).unwrap_or_default()),
            };
            match groups.iter_mut().find(|group| group.head == head) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group { head, rows: vec![row] }),
            }
        }
        Matrix { groups, axis, known: self.outline.document.text.word("known").to_owned(), width: FULL }
    }

    pub(super) fn milestones(&self) -> Milestones {
        let outline = self.outline;
        let events = self.events();
        let section = |id: &str| outline.project.sections.iter().find(|s| s.id == id).map_or("", |s| s.title.as_str());
        let years: Vec<i32> = events.iter().map(|event| chrono::Datelike::year(&event.dates[0].start())).collect();
        let axis = Axis {
            first: years.iter().copied().min().unwrap_or(2000),
            last: years.iter().copied().max().unwrap_or(2001),
        };
        let events = events.into_iter().map(|event| {
            let (at, to) = event.dates[0].decimal();
            Milestone {
                at,
                to: (to - at > 1.01).then_some(to),
                date: dates(outline, event),
                label: outline.fact(event).to_owned(),
                section: section(&event.section).to_owned(),
            }
        });
        Milestones { events: events.collect(), axis, width: FULL }
    }

    /// The states that occur, in the order of a legend.
    pub(super) fn legend(&self, kind: ChartKind) -> Vec<&'static str> {
        if matches!(kind, ChartKind::Tiers | ChartKind::Neighbours | ChartKind::Milestones) {
            return Vec::new();
        }
        let of = |cell: &ReleasedCell| self.outline.project.indicator(&cell.indicator).unwrap_or(self.indicator);
        let points: Vec<Point> = self.cells().map(|cell| point(self.outline, of(cell), cell)).collect();
        let any = |test: &dyn Fn(&Point) -> bool| points.iter().any(test);
        let qualified = |q: Qualifier| any(&|point| point.readings.iter().any(|reading| reading.qualifier == q));
        let absent = (kind == ChartKind::Provinces && !super::breakdown::missing(self).is_empty())
            .then(|| super::breakdown::state_without(self));
        let occurs = |state: State| absent == Some(state) || any(&|point| point.state == state);
        let gaps = match kind {
            ChartKind::Flow => false,
            ChartKind::Provinces => occurs(State::NotReported),
            _ => true,
        };
        // Elsewhere words say of a number that it is a bound.
        let ringed = matches!(kind, ChartKind::Panels | ChartKind::Rows);
        let bounded = |q: Qualifier| {
            let drawn = |point: &Point| !point.stock && !point.several_years();
            ringed && any(&|point| drawn(point) && point.readings.iter().any(|r| r.qualifier == q && r.value > 0.0))
        };
        // Elsewhere a dotted line with words stands at the break.
        let later = |point: &Point| kind == ChartKind::Matrix && point.is_lighter();
        let plain = |point: &Point| point.state == State::Value && !point.contested() && !later(point);
        let states = [
            ("value", kind != ChartKind::Stack && any(&plain)),
            ("after_break", any(&later)),
            ("zero", occurs(State::Zero)),
            ("not_reported", gaps),
            ("not_applicable", any(&|point| point.state == State::NotApplicable)),
            ("withheld", occurs(State::Withheld)),
            ("contested", kind != ChartKind::Matrix && any(&Point::contested)),
            ("contested_cell", kind == ChartKind::Matrix && any(&Point::contested)),
            ("total", kind != ChartKind::Stack && any(&Point::several_years)),
            ("stock", kind != ChartKind::Matrix && any(&|point| point.stock)),
            ("approximate", kind == ChartKind::Matrix && qualified(Qualifier::Approximate)),
            ("at_least", bounded(Qualifier::AtLeast)),
            ("at_most", bounded(Qualifier::AtMost)),
        ];
        states.into_iter().filter(|(_, occurs)| *occurs).map(|(name, _)| name).collect()
    }
}

/// The strip of a key figure.
pub(super) fn strip(outline: &Outline<'_>, indicator: &Indicator, selector: &Selector) -> Result<Figure> {
    let series = outline.released.series(&selector.indicator, &selector.codes);
    let arranged = Arranged { outline, indicator, series: vec![(selector.clone(), series)] };
    let axis = Axis { first: strips_begin(outline), ..arranged.axis() };
    let (selector, cells) = &arranged.series[0];
    let drawn = Series { asides: Vec::new(), ..arranged.drawn(selector, cells, axis) };
    let svg = strip::strip(&Strip { series: drawn, axis, width: QUARTER })?;
    Ok(Figure {
        id: format!("{}-strip", indicator.id),
        width: QUARTER,
        height: super::fit::height(&svg),
        unlettered: super::unlettered(&svg),
        svg,
        alt: super::alt::strip(&arranged),
        legend: arranged.legend(ChartKind::Rows),
        marks: arranged.marks(),
        partly_cited: false,
        figures: cells.iter().map(|cell| cell.id.clone()).collect(),
        data: super::series_text::said(&arranged),
    })
}

/// The first year of all strips: that of the panels, but none before anything is known of a key figure.
fn strips_begin(outline: &Outline<'_>) -> i32 {
    let panels = |other: &&Indicator| Some(other.chart.as_ref().filter(|c| c.kind == ChartKind::Panels)?.from);
    let declared = outline.charts.iter().find_map(panels).flatten();
    let series = outline
        .key_figures
        .iter()
        .flat_map(|(_, selector)| outline.released.series(&selector.indicator, &selector.codes));
    let known = series.map(|cell| chrono::Datelike::year(&cell.period.start())).min();
    declared.max(known).unwrap_or(2000)
}

fn by_country<'o>(outline: &'o Outline<'o>, indicator: &Indicator) -> Vec<(Selector, Vec<&'o ReleasedCell>)> {
    let Some(subject) = indicator.dimensions.first() else { return Vec::new() };
    let country = outline.document.country;
    let codes = std::iter::once(&country.iso3).chain(&country.neighbours);
    let series = codes.map(|code| {
        let codes = [(subject.clone(), code.clone())].into();
        let series = outline.released.series(&indicator.id, &codes);
        (Selector { indicator: indicator.id.clone(), codes }, series)
    });
    series.filter(|(_, series)| !series.is_empty()).collect()
}

fn ratings(series: &[&ReleasedCell], codes: &[String]) -> Vec<Rating> {
    let rating = |cell: &&ReleasedCell| {
        let Some(Value::Code(code)) = &cell.value else { return None };
        let band = codes.iter().position(|known| known == code)?;
        Some(Rating { year: cell.period.whole_year()?, band, aside: None })
    };
    series.iter().filter_map(rating).collect()
}

/// "source 2" or "sources 2, 13".
fn cite(outline: &Outline<'_>, numbers: &[usize]) -> String {
    let list: Vec<String> = numbers.iter().map(usize::to_string).collect();
    let key = if numbers.len() == 1 { "chart_source" } else { "chart_sources" };
    outline.document.text.phrase(key, &[("numbers", &list.join(", "))])
}

/// The date of an event, with the other dates that sources give.
pub(super) fn dates(outline: &Outline<'_>, event: &Event) -> String {
    let text = outline.document.text;
    let dates: Vec<String> = event.dates.iter().map(|date| text.period(date)).collect();
    text.any_of(&dates)
}
