//! Finds outdated prose: if a document stops at an older year than its tables, somebody has entered a new figure and not updated
//! the sentence.

use std::collections::BTreeSet;

use super::{Bindings, FigureCall};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::protect::{CountryRelease, ReleasedCell};
use crate::project::country::Narrative;
use crate::project::{DocumentKind, Project};
use crate::value::period::Period;

/// A newer figure counts if its period is at least one part in this many as long as the period in the prose.
const PART: i64 = 3;

/// Warns once for each indicator and document whose prose does not reach the newest figure of the series it mentions.
pub(super) fn stale(
    project: &Project,
    released: &CountryRelease,
    narratives: &[(&Narrative, Bindings<'_>)],
    diagnostics: &mut Diagnostics,
) {
    let mut warned = BTreeSet::new();
    for kind in &project.report.documents {
        for text in &project.texts {
            let default = &project.texts[0].language;
            let calls = calls(project, kind, [&text.language, default], narratives);
            let indicators: BTreeSet<&str> = calls.iter().map(|call| call.indicator.as_str()).collect();
            for warning in indicators.into_iter().filter_map(|indicator| of_indicator(&calls, indicator, released)) {
                // Prose of the default language is also printed where a translation is missing, but is warned of once.
                if warned.insert((warning.span.path().to_owned(), warning.span.start())) {
                    diagnostics.push(warning);
                }
            }
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

fn of_indicator(calls: &[&FigureCall], indicator: &str, released: &CountryRelease) -> Option<Diagnostic> {
    let own = || calls.iter().filter(|call| call.indicator == indicator);
    let reached = |newest: &ReleasedCell| own().any(|call| call.until.end() >= newest.period.start());
    let stale = own().filter(|call| call.prints).filter_map(|call| Some((call, later(call, released)?)));
    let stale: Vec<_> = stale.filter(|(_, newest)| !reached(newest)).collect();
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

/// The newest figure after the period of a call: for the same group, for a larger group around it, or for a part of it.
fn later<'r>(call: &FigureCall, released: &'r CountryRelease) -> Option<&'r ReleasedCell> {
    let nested = |cell: &&ReleasedCell| {
        let within =
            |one: &Codes, other: &Codes| one.iter().all(|(dimension, code)| other.get(dimension) == Some(code));
        within(&call.codes, &cell.codes) || within(&cell.codes, &call.codes)
    };
    let known = released.cells(&call.indicator).iter().filter(|cell| cell.value.is_some()).filter(nested);
    // A single month does not show how a year is going; half a year does.
    let days = |period: &Period| (period.end() - period.start()).num_days() + 1;
    let comparable = |period: &Period| PART * days(period) >= days(&call.until);
    let newer = known.filter(|cell| cell.period.start() > call.until.end() && comparable(&cell.period));
    // For the same period, the figure with the fewest codes.
    newer.max_by_key(|cell| (cell.period.end(), std::cmp::Reverse(cell.codes.len())))
}

type Codes = std::collections::BTreeMap<String, String>;
