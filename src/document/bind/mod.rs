//! Binds every number in a country's prose to a released figure; a number that cannot be bound is an error at its place.
//! **typst-syntax** lives here.

mod agreed;
mod broken;
mod call;
mod declared;
pub(crate) mod direction;
mod figures;
mod frame;
mod functions;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzed;
mod leaves;
mod literals;
mod newest;
mod numbers;
mod phrases;
mod placed;
mod ranges;
mod resolve;
pub(crate) mod sentences;
pub(crate) mod spoken;
mod twins;
mod walk;
mod words;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::bug::{Stage, point};
use crate::diagnostic::{Diagnostics, Span};
use crate::disclosure::protect::{CountryRelease, Release, ReleasedCell, Status};
use crate::project::Project;
use crate::project::country::{Country, Narrative};
use crate::value::period::Period;

use numbers::Numbers;
use resolve::Resolver;

use direction::Direction;

/// The table of a catalogue with the texts of events, by country and event.
pub(crate) const EVENTS: &str = "events";

/// The prose of one country, with the figures bound in it.
pub struct Prose<'p> {
    /// The country.
    pub(crate) country: &'p Country,
    /// Its narratives, each with its bindings.
    pub(crate) narratives: Vec<(&'p Narrative, Bindings<'p>)>,
}

/// What one narrative prints or places.
#[derive(Default, Clone)]
pub(crate) struct Bindings<'r> {
    /// Figures, by the key under which the templates look them up.
    pub figures: BTreeMap<String, BoundFigure<'r>>,
    /// Changes, shares, ranges and trends, by the key under which the templates look them up.
    pub phrases: BTreeMap<String, BoundPhrase<'r>>,
    /// Texts marked as literals: articles of law, years.
    pub literals: BTreeSet<String>,
    /// Whether the table of changes is placed.
    pub changes: bool,
    /// Ids of events whose date is printed.
    pub dates: BTreeSet<String>,
    /// Periods printed in words, by their text.
    pub periods: BTreeMap<String, Period>,
    /// Charts placed, by indicator.
    pub charts: BTreeSet<String>,
    /// Released tables placed, by indicator.
    pub tables: BTreeSet<String>,
    /// The blocks of the frame that have something to show, by indicator; their charts or tables are placed, too.
    pub questions: BTreeSet<String>,
    /// Where the blocks stand of which nothing is known: no document has them.
    pub left_out: Vec<Range<usize>>,
    /// Whether a block of dated facts is placed.
    pub dated: bool,
    /// Whether the text is made of blocks, which the templates lay into the frame.
    pub framed: bool,
    /// Sections whose chronology is placed.
    pub chronologies: BTreeSet<String>,
    /// Sources cited by name.
    pub sources: BTreeSet<String>,
    /// What it names, in order: ids of figures, sources, dated facts, charts and tables.
    pub mentions: Vec<String>,
    /// Headlines and titles, in order.
    pub titles: Vec<Title>,
    /// Calls that name a figure, in order.
    calls: Vec<FigureCall>,
}

/// A call that prints a figure, or prints how certain it is.
#[derive(Clone)]
struct FigureCall {
    function: &'static str,
    indicator: String,
    codes: BTreeMap<String, String>,
    /// The last period that it asks for.
    until: Period,
    prints: bool,
    /// The ids of the figures that it prints, in whatever form.
    figures: Vec<String>,
    span: Span,
}

impl FigureCall {
    /// The figure asked for, in the words of a message.
    fn what(&self) -> String {
        let codes: String = self.codes.values().map(|code| format!(", {code}")).collect();
        format!("`{}`, {}{codes}", self.indicator, self.until.text())
    }
}

/// A headline or a title of prose.
#[derive(Clone)]
pub(crate) struct Title {
    /// The function whose title it is; `headline` for a first-level heading.
    pub what: &'static str,
    /// The id that the call names.
    pub id: String,
    /// Where it is written.
    pub span: Span,
}

impl Bindings<'_> {
    /// Adds the bindings of another narrative of the same document.
    pub fn extend(&mut self, other: &Self) {
        self.figures.extend(other.figures.iter().map(|(key, bound)| (key.clone(), bound.clone())));
        self.phrases.extend(other.phrases.iter().map(|(key, bound)| (key.clone(), bound.clone())));
        self.changes |= other.changes;
        self.literals.extend(other.literals.iter().cloned());
        self.dates.extend(other.dates.iter().cloned());
        self.periods.extend(other.periods.iter().map(|(text, period)| (text.clone(), period.clone())));
        self.charts.extend(other.charts.iter().cloned());
        self.tables.extend(other.tables.iter().cloned());
        self.questions.extend(other.questions.iter().cloned());
        self.left_out.extend(other.left_out.iter().cloned());
        self.dated |= other.dated;
        self.framed |= other.framed;
        self.chronologies.extend(other.chronologies.iter().cloned());
        self.sources.extend(other.sources.iter().cloned());
        self.mentions.extend(other.mentions.iter().cloned());
        self.titles.extend(other.titles.iter().cloned());
        self.calls.extend(other.calls.iter().cloned());
    }

    /// The ids of the figures that a title prints, each with the place of its call.
    pub fn printed_in<'b>(&'b self, title: &'b Title) -> impl Iterator<Item = (&'b str, &'b Span)> {
        let within = |span: &Span| {
            span.path() == title.span.path() && title.span.start() <= span.start() && span.end() <= title.span.end()
        };
        let calls = self.calls.iter().filter(move |call| call.prints && within(&call.span));
        calls.flat_map(|call| call.figures.iter().map(|id| (id.as_str(), &call.span)))
    }
}

/// A figure that prose prints.
#[derive(Clone)]
pub(crate) struct BoundFigure<'r> {
    /// The indicator's id.
    pub indicator: String,
    /// The released cell; none if no figure was found.
    pub cell: Option<&'r ReleasedCell>,
}

/// The ways in which prose combines figures.
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

/// A phrase that combines two figures.
#[derive(Clone)]
pub(crate) struct BoundPhrase<'r> {
    /// Which combination it is.
    pub form: Form,
    /// The released cells behind it: before and now, part and whole, least and greatest.
    pub parts: Vec<&'r ReleasedCell>,
    /// The whole of a share.
    pub whole: Option<ReleasedCell>,
    /// The figure computed from them, with its own id; none for a range or a trend, which print both figures.
    pub derived: Option<ReleasedCell>,
    /// The direction that a trend names.
    pub direction: Option<Direction>,
    /// The state that is printed if one of them has no value.
    pub missing: Option<Status>,
    /// The years of a range that have no number, each with its state; they are printed after the range.
    pub left_out: Vec<(i32, Status)>,
}

/// Reads and binds the narratives of every country; errors go to `diagnostics`. If a country's tables have errors, its prose is
/// still checked, apart from the checks that need released figures.
pub fn bind<'p>(project: &'p Project, release: &'p Release, diagnostics: &mut Diagnostics) -> Vec<Prose<'p>> {
    let one = |country: &'p Country| {
        let released = release.country(&country.iso3);
        diagnostics.guard(&country.iso3, |diagnostics| prose(project, country, released, diagnostics))
    };
    let prose: Vec<Prose<'p>> = project.countries.iter().filter_map(one).collect();
    newest::elsewhere(release, &prose, diagnostics);
    prose
}

/// The ids of all figures that prose prints, and of those behind its shares and changes.
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
    let (mut narratives, numbers) = (Vec::new(), Numbers::of(released));
    for narrative in &country.narratives {
        let text = project.texts.iter().find(|text| text.language == narrative.language);
        let mut resolver = Resolver::new(project, country, (released, &numbers), &narrative.source, diagnostics);
        resolver.of_document = project.report.documents.iter().any(|document| document.id == narrative.place);
        walk::narrative(&narrative.source, text, &mut resolver);
        narratives.push((narrative, resolver.finish()));
    }
    if let Some(released) = released {
        newest::stale(project, released, &narratives, diagnostics);
        twins::findings(project, &narratives, diagnostics);
    }
    agreed::words(project, &narratives, diagnostics);
    Prose { country, narratives }
}
