//! Finds outdated prose: if a document stops at an older year than its tables, somebody has entered a new figure and not updated
//! the sentence.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::{Bindings, FigureCall, Prose};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::protect::{CountryRelease, Release, ReleasedCell};
use crate::project::country::Narrative;
use crate::project::{DocumentKind, Project};
use crate::value::period::Period;

/// The dimension of an index that names the country it is about.
const PLACE: &str = "country";
/// A newer figure counts if its period is at least one part in this many as long as the period in the prose.
const PART: i64 = 3;

/// Warns once for each indicator and document whose prose does not reach the newest figure of the series it mentions.
pub(super) fn stale(
    project: &Project,
    released: &CountryRelease,
    narratives: &[(&Narrative, Bindings<'_>)],
    diagnostics: &mut Diagnostics,
) {
    let (mut warned, mut newest) = (BTreeSet::new(), BTreeMap::new());
    for kind in &project.report.documents {
        for text in &project.texts {
            let default = &project.texts[0].language;
            let mut of: BTreeMap<&str, Vec<&FigureCall>> = BTreeMap::new();
            for call in calls(project, kind, [&text.language, default], narratives) {
                of.entry(&call.indicator).or_default().push(call);
            }
            for (indicator, calls) in of {
                let newest = newest.entry(indicator).or_insert_with(|| Newest::of(released, indicator));
                let Some(warning) = of_indicator(&calls, indicator, newest) else { continue };
                // Prose of the default language is also printed where a translation is missing, but is warned of once.
                if warned.insert((warning.span.path().to_owned(), warning.span.start())) {
                    diagnostics.push(warning);
                }
            }
        }
    }
}

/// Warns of an index whose later edition stands in the tables of another country: of a place that both know, such as a neighbour.
pub(super) fn elsewhere(release: &Release, prose: &[Prose<'_>], diagnostics: &mut Diagnostics) {
    let countries: Vec<&str> = prose.iter().map(|prose| prose.country.iso3.as_str()).collect();
    for one in prose {
        let mut reached: BTreeMap<(&str, &str), &FigureCall> = BTreeMap::new();
        for call in one.narratives.iter().flat_map(|(_, bindings)| &bindings.calls) {
            let Some(place) = call.codes.get(PLACE).filter(|_| call.codes.len() == 1) else { continue };
            let latest = reached.entry((&call.indicator, place)).or_insert(call);
            if latest.until.end() < call.until.end() {
                *latest = call;
            }
        }
        for ((indicator, place), call) in reached {
            let others = countries.iter().filter(|iso3| **iso3 != one.country.iso3);
            let later = others.filter_map(|iso3| {
                let series = release.country(iso3)?.series(indicator, &call.codes);
                let last =
                    series.into_iter().rfind(|cell| cell.value.is_some() && cell.period.whole_year().is_some())?;
                (last.period.start() > call.until.end()).then_some((last, iso3))
            });
            let Some((last, iso3)) = later.max_by_key(|(last, _)| last.period.end()) else { continue };
            let message = format!(
                "the prose gives `{indicator}` of {place} up to {}; the tables of {iso3} have it for {}",
                call.until.text(),
                last.period.text()
            );
            let warning = Diagnostic::warning(Code::StaleProse, call.span.clone(), message);
            diagnostics.push(warning.hint(format!("add the later edition to the tables of {}, too", one.country.iso3)));
        }
    }
}

/// The calls of one document in order; where a translation is missing, those of the default language.
fn calls<'b>(
    project: &Project,
    kind: &DocumentKind,
    languages: [&String; 2],
    narratives: &'b [(&Narrative, Bindings<'_>)],
) -> Vec<&'b FigureCall> {
    let sections = project.sections.iter().filter(|_| kind.sections).map(|section| section.id.as_str());
    let places = std::iter::once(kind.id.as_str()).chain(sections);
    let find = |place: &str| {
        let of = |language: &String| {
            narratives.iter().find(|(narrative, _)| narrative.place == place && narrative.language == *language)
        };
        languages.into_iter().find_map(of)
    };
    places.filter_map(find).flat_map(|(_, bindings)| &bindings.calls).collect()
}

fn of_indicator(calls: &[&FigureCall], indicator: &str, newest: &Newest<'_>) -> Option<Diagnostic> {
    let reached = calls.iter().map(|call| call.until.end()).max()?;
    let stale = calls.iter().filter(|call| call.prints).filter_map(|call| Some((call, newest.after(call)?)));
    let stale: Vec<_> = stale.filter(|(_, newest)| reached < newest.period.start()).collect();
    // Of several, the call with the latest period; of these, the first.
    let latest = stale.iter().map(|(call, _)| call.until.end()).max()?;
    let (call, newest) = stale.iter().find(|(call, _)| call.until.end() == latest)?;
    let message = format!(
        "the prose gives `{indicator}` up to {}; its newest figure is for {}",
        call.until.text(),
        newest.period.text()
    );
    let warning = Diagnostic::warning(Code::StaleProse, call.span.clone(), message);
    Some(warning.hint(format!("add the newest figure: `{}`, with its source", super::literals::call(newest))))
}

type Codes = BTreeMap<String, String>;

/// The figures of one indicator with a number, the newest first.
struct Newest<'r> {
    /// By their codes.
    exactly: HashMap<&'r Codes, Vec<Ranked<'r>>>,
    /// By codes that they have, perhaps among others.
    having: HashMap<Codes, Vec<Ranked<'r>>>,
}

/// A figure's rank, and the figure: the newest is the greatest; for the same period, that with the fewest codes.
type Ranked<'r> = ((NaiveDate, Reverse<usize>, usize), &'r ReleasedCell);

impl<'r> Newest<'r> {
    fn of(released: &'r CountryRelease, indicator: &str) -> Self {
        let known = released.cells(indicator).iter().enumerate().filter(|(_, cell)| cell.value.is_some());
        let mut ranked: Vec<Ranked<'r>> =
            known.map(|(at, cell)| ((cell.period.end(), Reverse(cell.codes.len()), at), cell)).collect();
        ranked.sort_by_key(|(rank, _)| Reverse(*rank));
        let mut newest = Self { exactly: HashMap::new(), having: HashMap::new() };
        for one in ranked {
            newest.exactly.entry(&one.1.codes).or_default().push(one);
        }
        for (codes, cells) in &newest.exactly {
            for some in parts(codes) {
                newest.having.entry(some).or_default().extend(cells);
            }
        }
        newest.having.values_mut().for_each(|cells| cells.sort_unstable_by_key(|(rank, _)| Reverse(*rank)));
        newest
    }

    /// The newest figure after the period of a call: for the same group, for a larger group around it, or for a part of it.
    fn after(&self, call: &FigureCall) -> Option<&'r ReleasedCell> {
        let within = self.having.get(&call.codes);
        let around = parts(&call.codes);
        let around = around.iter().filter_map(|codes| self.exactly.get(codes));
        let found = around.chain(within).filter_map(|cells| first_after(cells, call));
        found.max_by_key(|(rank, _)| *rank).map(|(_, cell)| cell)
    }
}

/// The first of these figures, newest first, that is after the period of a call.
fn first_after<'r>(cells: &[Ranked<'r>], call: &FigureCall) -> Option<Ranked<'r>> {
    // A single month does not show how a year is going; half a year does.
    let days = |period: &Period| (period.end() - period.start()).num_days() + 1;
    let comparable = |period: &Period| PART * days(period) >= days(&call.until);
    let later = cells.iter().take_while(|((end, ..), _)| *end > call.until.end());
    later.filter(|(_, cell)| cell.period.start() > call.until.end()).find(|(_, cell)| comparable(&cell.period)).copied()
}

/// Every choice of some of these codes, none and all of them included; a figure has few.
fn parts(codes: &Codes) -> Vec<Codes> {
    codes.iter().fold(vec![Codes::new()], |chosen, (dimension, code)| {
        let with = |some: &Codes| {
            let mut some = some.clone();
            some.insert(dimension.clone(), code.clone());
            some
        };
        let more: Vec<Codes> = chosen.iter().map(with).collect();
        chosen.into_iter().chain(more).collect()
    })
}
