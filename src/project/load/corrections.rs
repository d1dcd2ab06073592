//! Reads `data/corrections.toml`, and checks what it names: countries, figures, languages, and what a page may print of a reason. Its
//! faults concern the country whose figure is corrected.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::Project;
use super::among::hinted;
use super::entry::Root;
use super::faces::unprintable;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::project::correction::{Correction, Wrong};
use crate::project::declaration::{Located, nearest};
use crate::project::text::{is_year, numerals};
use crate::value::period::Period;

/// The file. A project without corrections has none.
pub const CORRECTIONS: &str = "data/corrections.toml";

/// The corrections of a project; none where it has no such file.
pub(super) fn read(root: &Path, diagnostics: &mut Diagnostics) -> Result<Vec<Correction>> {
    if fs::symlink_metadata(root.join(CORRECTIONS)).is_err() {
        return Ok(Vec::new());
    }
    let source =
        Root::of(root, crate::project::format::Format::PRESENT).read_or_missing(CORRECTIONS, None, diagnostics)?;
    Ok(Correction::parse(&source, diagnostics))
}

/// Reports every fault in what corrections name.
pub(super) fn relate(project: &Project, diagnostics: &mut Diagnostics) {
    for correction in &project.corrections {
        let mut found: Vec<Diagnostic> =
            correction.figures.iter().filter_map(|wrong| unknown(project, wrong)).collect();
        found.extend(correction.figures.iter().filter_map(|wrong| derived(&wrong.id)));
        found.extend(strange_languages(project, correction));
        found.extend(correction.reasons.iter().filter_map(|(_, reason)| unbacked(reason)));
        found.extend(unprinted(project, correction));
        found.extend(untold(project, correction));
        let country = correction.figures.first().map(Wrong::country).filter(|iso3| is_country(project, iso3));
        for finding in found {
            let own = country.map_or_else(|| finding.span.clone(), |iso3| finding.span.for_country(iso3));
            diagnostics.push(Diagnostic { span: own, ..finding });
        }
    }
    twice(project).into_iter().for_each(|fault| diagnostics.push(fault));
}

fn is_country(project: &Project, iso3: &str) -> bool {
    project.countries.iter().any(|country| country.iso3 == iso3)
}

/// A figure of a country or an indicator that is not there, or no id at all.
fn unknown(project: &Project, wrong: &Wrong) -> Option<Diagnostic> {
    let (id, place) = (&wrong.id.value, wrong.id.span.clone());
    let hint = "a figure is named as `tipbrief explain` names it: `COUNTRY/INDICATOR:PERIOD`";
    let no_id = || Diagnostic::error(Code::InvalidValue, place.clone(), format!("`{id}` is not a figure")).hint(hint);
    let Some((iso3, figure)) = id.split_once('/') else { return Some(no_id()) };
    let fault = |message: String| Diagnostic::error(Code::UnknownName, place.clone(), message);
    if !is_country(project, iso3) {
        let known = project.countries.iter().map(|country| country.iso3.as_str());
        return Some(hinted(fault(format!("there is no country `{iso3}`")), nearest(iso3, known)));
    }
    let mut parts = figure.split(':');
    let indicator = parts.next().unwrap_or_default();
    if project.indicator(indicator).is_none() {
        let known = project.indicators.iter().map(|known| known.id.as_str());
        return Some(hinted(fault(format!("there is no indicator `{indicator}`")), nearest(indicator, known)));
    }
    parts.next().is_none_or(|period| Period::parse(period).is_err()).then(no_id)
}

/// A change, a share or a number with late cases, which follow from another figure.
fn derived(id: &Located<String>) -> Option<Diagnostic> {
    let mark = [":change=", ":share=", ":late="].into_iter().find(|mark| id.value.contains(mark))?;
    let from = id.value.split(mark).next().unwrap_or_default();
    let message = format!("`{}` is computed from another figure", id.value);
    let fault = Diagnostic::error(Code::InvalidValue, id.span.clone(), message);
    Some(fault.hint(format!("name `{from}`: what is computed from it is told with it")))
}

fn strange_languages(project: &Project, correction: &Correction) -> Vec<Diagnostic> {
    let known = || project.report.languages.iter().map(|language| language.value.as_str());
    let strange = correction.reasons.iter().filter(|(language, _)| !known().any(|known| known == language.value));
    let fault = |(language, _): &(Located<String>, Located<String>)| {
        let message = format!("there is no language `{}`", language.value);
        let fault = Diagnostic::error(Code::UnknownName, language.span.clone(), message);
        fault.hint(format!("there are: {}", known().collect::<Vec<_>>().join(", ")))
    };
    strange.map(fault).collect()
}

/// A number in a reason, which no table supports.
fn unbacked(reason: &Located<String>) -> Option<Diagnostic> {
    if reason.value.trim().is_empty() {
        return Some(Diagnostic::error(Code::InvalidValue, reason.span.clone(), "the reason is empty"));
    }
    let number = numerals(&reason.value).find(|numeral| !is_year(numeral))?;
    let fault = Diagnostic::error(Code::UnboundNumber, reason.span.clone(), format!("`{number}` is not a figure"));
    Some(fault.hint("write the reason without it: the numbers before and now are printed beside it"))
}

/// Letters in a reason that no font of its language can print, and line breaks.
fn unprinted(project: &Project, correction: &Correction) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (language, reason) in &correction.reasons {
        let text = project.texts.iter().find(|text| text.language == language.value);
        found.extend(text.and_then(|text| unprintable(&reason.value, &reason.span, text)));
        if reason.value.chars().any(char::is_control) {
            let message = "a reason must be one line without control characters";
            found.push(Diagnostic::error(Code::InvalidValue, reason.span.clone(), message));
        }
    }
    found
}

/// The default language without a reason: nothing stands in for it.
fn untold(project: &Project, correction: &Correction) -> Option<Diagnostic> {
    let default = project.report.languages.first()?.value.as_str();
    let lacking = !correction.reasons.is_empty() && correction.reason(default).is_none();
    let message = format!("the reason is not given in `{default}`");
    let fault = || Diagnostic::error(Code::MissingField, reason_place(correction), message);
    lacking.then(|| fault().hint(format!("add `{default} = \"…\"` to `reason`")))
}

/// Where the reasons of a correction are written.
#[must_use]
pub fn reason_place(correction: &Correction) -> Span {
    correction.reasons.first().map_or_else(|| correction.span.clone(), |(language, _)| language.span.clone())
}

/// A figure that is corrected twice on one day, which would leave open what came first.
fn twice(project: &Project) -> Vec<Diagnostic> {
    let all: Vec<(&Correction, &Wrong)> =
        project.corrections.iter().flat_map(|one| one.figures.iter().map(move |wrong| (one, wrong))).collect();
    let mut found = Vec::new();
    for (at, (correction, wrong)) in all.iter().enumerate() {
        let same = |(other, known): &&(&Correction, &Wrong)| {
            other.day() == correction.day() && known.id.value == wrong.id.value
        };
        if let Some((_, earlier)) = all[..at].iter().find(same) {
            let message = format!("`{}` is corrected on this day already", wrong.id.value);
            let fault = Diagnostic::error(Code::NameMismatch, wrong.id.span.for_country(wrong.country()), message);
            found.push(fault.second(earlier.id.span.clone(), "here"));
        }
    }
    found
}
