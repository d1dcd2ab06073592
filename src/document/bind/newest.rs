//! Prose held against the newest figures: where a document stops at an older year than its tables, somebody has entered a
//! new one and left the sentence as it was.

use std::collections::BTreeSet;

use super::literals::call;
use super::{Bindings, FigureCall};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::disclosure::protect::{CountryRelease, ReleasedCell};
use crate::project::country::Narrative;
use crate::project::{DocumentKind, Project};
use crate::value::period::Period;

/// A figure is compared with those of periods up to so many times as long as its own.
const PART: i64 = 3;

/// Warns once for each indicator and document whose prose does not reach the newest figure of what it speaks of.
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
                // Prose of the default language stands in every language that lacks it.
                if warned.insert((warning.span.path().to_owned(), warning.span.start())) {
                    diagnostics.push(warning);
                }
            }
        }
    }
}

/// The calls of one document in its order; prose that its language lacks is that of the default language.
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
    // Of several the one that speaks of the latest year, and of these the first.
    let latest = stale.iter().map(|(call, _)| call.until.end()).max()?;
    let (told, newest) = stale.iter().find(|(call, _)| call.until.end() == latest)?;
    let message = format!(
        "the prose speaks of `{indicator}` up to {}; its newest figure is of {}",
        told.until.text(),
        newest.period.text()
    );
    let warning = Diagnostic::warning(Code::StaleProse, told.span.clone(), message);
    Some(warning.hint(format!("say the newest, too: `{}`, with its source", call(newest))))
}

/// The newest figure of what a call speaks of, where it begins after that ends: of the same group, of one that holds it, or of
/// a part of it.
fn later<'r>(call: &FigureCall, released: &'r CountryRelease) -> Option<&'r ReleasedCell> {
    let nested = |cell: &&ReleasedCell| {
        let within =
            |one: &Codes, other: &Codes| one.iter().all(|(dimension, code)| other.get(dimension) == Some(code));
        within(&call.codes, &cell.codes) || within(&cell.codes, &call.codes)
    };
    let known = released.cells(&call.indicator).iter().filter(|cell| cell.value.is_some()).filter(nested);
    // What was counted in a month says nothing of how its year goes; in half a year it does.
    let days = |period: &Period| (period.end() - period.start()).num_days() + 1;
    let comparable = |period: &Period| PART * days(period) >= days(&call.until);
    let newer = known.filter(|cell| cell.period.start() > call.until.end() && comparable(&cell.period));
    // Of the same period the figure with the fewest codes.
    newer.max_by_key(|cell| (cell.period.end(), std::cmp::Reverse(cell.codes.len())))
}

type Codes = std::collections::BTreeMap<String, String>;
