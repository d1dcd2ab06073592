//! The prose of a country held against its release: every number in it is bound to a figure, or is a fault at its place.
//! **typst-syntax** lives here.

mod broken;
mod call;
mod declared;
pub(crate) mod direction;
mod figures;
mod functions;
mod literals;
mod newest;
mod phrases;
mod placed;
mod ranges;
mod resolve;
mod twins;
mod walk;
mod words;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::bug::{Stage, point};
use crate::diagnostic::{Diagnostics, Span};
use crate::disclosure::protect::{CountryRelease, Release, ReleasedCell, Status};
use crate::project::Project;
use crate::project::country::{Country, Narrative};
use crate::value::period::Period;

use resolve::Resolver;

use direction::Direction;

/// The table of a catalogue that tells what happened, by country and event.
pub(crate) const EVENTS: &str = "events";

/// The prose of one country, with what it binds.
pub struct Prose<'p> {
    /// Its country.
    pub(crate) country: &'p Country,
    /// Its files, each with its bindings.
    pub(crate) narratives: Vec<(&'p Narrative, Bindings<'p>)>,
}

/// What one narrative asks for.
#[derive(Default, Clone)]
pub(crate) struct Bindings<'r> {
    /// Figures by the key that the templates look them up with.
    pub figures: BTreeMap<String, BoundFigure<'r>>,
    /// What is said of two figures together, by the key that the templates look it up with.
    pub phrases: BTreeMap<String, BoundPhrase<'r>>,
    /// Texts marked as no figures: articles of law, years.
    pub literals: BTreeSet<String>,
    /// Whether the table of what changed is placed.
    pub changes: bool,
    /// Ids of events whose date is printed.
    pub dates: BTreeSet<String>,
    /// Periods printed in words, by their text.
    pub periods: BTreeMap<String, Period>,
    /// Charts placed, by indicator.
    pub charts: BTreeSet<String>,
    /// Released tables placed, by indicator.
    pub tables: BTreeSet<String>,
    /// Sections whose chronology is placed.
    pub chronologies: BTreeSet<String>,
    /// Sources cited by name.
    pub sources: BTreeSet<String>,
    /// Headlines and titles, in their order: what each is, the id that its call names, and where it is written.
    pub titles: Vec<Title>,
    /// The calls of figures, in their order.
    calls: Vec<FigureCall>,
}

/// A call that prints a figure or leans on one.
#[derive(Clone)]
struct FigureCall {
    function: &'static str,
    indicator: String,
    codes: BTreeMap<String, String>,
    /// The last period that it asks for.
    until: Period,
    prints: bool,
    /// The released figures that it prints, in whatever form.
    figures: Vec<String>,
    span: Span,
}

impl FigureCall {
    /// What is asked for, as a fault names it.
    fn what(&self) -> String {
        let codes: String = self.codes.values().map(|code| format!(", {code}")).collect();
        format!("`{}`, {}{codes}", self.indicator, self.until.text())
    }
}

/// A headline or a title of prose.
#[derive(Clone)]
pub(crate) struct Title {
    /// The function that it is given to; `headline` for a heading of the first level.
    pub what: &'static str,
    /// The id that the call names.
    pub id: String,
    /// Where it is written.
    pub span: Span,
}

impl Bindings<'_> {
    /// Adds what another narrative of the same document asks for.
    pub fn extend(&mut self, other: &Self) {
        self.figures.extend(other.figures.iter().map(|(key, bound)| (key.clone(), bound.clone())));
        self.phrases.extend(other.phrases.iter().map(|(key, bound)| (key.clone(), bound.clone())));
        self.changes |= other.changes;
        self.literals.extend(other.literals.iter().cloned());
        self.dates.extend(other.dates.iter().cloned());
        self.periods.extend(other.periods.iter().map(|(text, period)| (text.clone(), period.clone())));
        self.charts.extend(other.charts.iter().cloned());
        self.tables.extend(other.tables.iter().cloned());
        self.chronologies.extend(other.chronologies.iter().cloned());
        self.sources.extend(other.sources.iter().cloned());
        self.titles.extend(other.titles.iter().cloned());
    }
}

/// A figure that prose prints.
#[derive(Clone)]
pub(crate) struct BoundFigure<'r> {
    /// The indicator's id.
    pub indicator: String,
    /// The released cell; none when no figure was found.
    pub cell: Option<&'r ReleasedCell>,
}

/// How prose says something of two figures together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// The change since an earlier period.
    Change,
    /// The share of a part in its whole.
    Share,
    /// The least and the greatest of some years.
    Range,
    /// "rose from … to …".
    Trend,
}

/// What prose says of two figures together.
#[derive(Clone)]
pub(crate) struct BoundPhrase<'r> {
    /// How.
    pub form: Form,
    /// The released cells it rests on: before and now, part and whole, least and greatest.
    pub parts: Vec<&'r ReleasedCell>,
    /// What a share is a share of.
    pub whole: Option<ReleasedCell>,
    /// The figure computed from them, with an id of its own; none for a range and a trend, which print the two.
    pub derived: Option<ReleasedCell>,
    /// Which way it went.
    pub direction: Option<Direction>,
    /// The state that is printed where one of them has no value.
    pub missing: Option<Status>,
    /// The years of a range that have no number, each with its state: they are printed beside it.
    pub left_out: Vec<(i32, Status)>,
}

/// Reads the narratives of every country and binds them; faults go to `diagnostics`. Where a country's tables have faults,
/// its prose is still read, and only what needs the figures themselves is left open.
pub fn bind<'p>(project: &'p Project, release: &'p Release, diagnostics: &mut Diagnostics) -> Vec<Prose<'p>> {
    let one = |country: &'p Country| {
        let released = release.country(&country.iso3);
        diagnostics.guard(&country.iso3, |diagnostics| prose(project, country, released, diagnostics))
    };
    project.countries.iter().filter_map(one).collect()
}

/// The ids of the figures that findings cite: what prose prints, and what its shares and changes rest on.
#[must_use]
pub(crate) fn cited(prose: &[Prose<'_>]) -> BTreeSet<String> {
    let bindings = || prose.iter().flat_map(|prose| &prose.narratives).map(|(_, bindings)| bindings);
    let figures = bindings().flat_map(|bindings| bindings.figures.values()).filter_map(|figure| figure.cell);
    let phrases = bindings().flat_map(|bindings| bindings.phrases.values());
    let behind = phrases.flat_map(|phrase| phrase.parts.iter().copied().chain(&phrase.whole));
    figures.chain(behind).map(|cell| cell.id.clone()).collect()
}

fn prose<'p>(
    project: &'p Project,
    country: &'p Country,
    released: Option<&'p CountryRelease>,
    diagnostics: &mut Diagnostics,
) -> Prose<'p> {
    point(Stage::Bind, &country.iso3);
    if let Some(released) = released {
        declared::milestones(country, released, diagnostics);
        declared::same(project, country, released, diagnostics);
        declared::events(project, country, released, diagnostics);
    }
    let mut narratives = Vec::new();
    for narrative in &country.narratives {
        let text = project.texts.iter().find(|text| text.language == narrative.language);
        let mut resolver = Resolver::new(project, country, released, &narrative.source, diagnostics);
        walk::narrative(&narrative.source, text, &mut resolver);
        narratives.push((narrative, resolver.finish()));
    }
    if let Some(released) = released {
        newest::stale(project, released, &narratives, diagnostics);
        twins::findings(project, &narratives, diagnostics);
    }
    Prose { country, narratives }
}
