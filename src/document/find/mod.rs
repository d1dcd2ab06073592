//! Finds figures by words in any language of the project, each with the call that prints it in prose. It sees released cells only.

mod json;
mod names;
mod words;

use std::collections::BTreeSet;

use crate::disclosure::protect::{CountryRelease, Relation, Release, ReleasedCell};
use crate::document::explain::Nothing;
use crate::document::outline::printed_value;
use crate::project::Project;
use crate::project::declaration::nearest;
use crate::project::indicator::Indicator;
use crate::project::text::{Text, folded};

use names::Names;

pub use json::json;
pub use words::words;

/// Which figures are listed, and in which language.
pub struct Wanted<'w> {
    /// All of these must be found in a figure's id or names; with none, every figure is listed.
    pub words: &'w [String],
    /// The one country asked for; none for all.
    pub country: Option<&'w str>,
    /// The language in which they are shown.
    pub text: &'w Text,
    /// The declarations in that language.
    pub project: &'w Project,
}

/// A figure of the list.
pub struct FoundFigure<'r> {
    /// Its id.
    pub id: &'r str,
    /// The call that prints it: `#n("repatriated", year: 2017, from_country: "THA")`.
    pub call: String,
    /// What it counts, with its codes.
    pub title: String,
    /// When, in words.
    pub period: String,
    /// The number as it is printed with its unit; its state if there is no number, or none that is released.
    pub shown: String,
    /// Whether `shown` has the number.
    pub is_number: bool,
    /// How many sources what is printed has.
    pub sources: usize,
}

/// The figures that are wanted, in the order of countries, indicators and periods.
///
/// # Errors
/// [`Nothing`], with the nearest word, if there is none.
pub fn find<'r>(project: &Project, release: &'r Release, wanted: &Wanted<'_>) -> Result<Vec<FoundFigure<'r>>, Nothing> {
    let asked = folded(&wanted.words.join(" "));
    let asked: Vec<&str> = asked.split(' ').filter(|word| !word.is_empty()).collect();
    let mut all = Vec::new();
    let countries = project.countries.iter().filter(|country| wanted.country.is_none_or(|asked| asked == country.iso3));
    for released in countries.filter_map(|country| release.country(&country.iso3)) {
        let mut names = Names::of(project, released.iso3());
        for indicator in &project.indicators {
            let own = released.cells(&indicator.id).iter().filter(|cell| cell.relation == Relation::Own);
            all.extend(own.map(|cell| (names.of_figure(indicator, cell), released, cell)));
        }
    }
    let matching = all.iter().filter(|(text, ..)| asked.iter().all(|word| text.contains(word)));
    let found: Vec<_> = matching.filter_map(|(_, released, cell)| figure(wanted, released, cell)).collect();
    let known = || all.iter().flat_map(|(text, ..)| text.split([' ', '\n', ',', ':', '/', '=', '_'])).collect();
    if found.is_empty() { Err(nothing(wanted, &asked, &known())) } else { Ok(found) }
}

fn nothing(wanted: &Wanted<'_>, asked: &[&str], known: &BTreeSet<&str>) -> Nothing {
    if asked.is_empty() {
        return Nothing::new("there is no figure\n  = hint: `tipbrief check` says what the tables lack");
    }
    let words = wanted.words.join(" ");
    let strange = asked.iter().find(|word| !known.iter().any(|known| known.contains(*word)));
    let near = strange.and_then(|word| nearest(word, known.iter().copied()));
    let hint = match (near, strange) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(strange)) => {
            format!("`{strange}` is in no id, no title and no name of a place, in any language; leave it out")
        }
        (None, None) => "each word is found, but never all in one figure; leave one out".to_owned(),
    };
    Nothing::new(format!("no figure for `{words}`\n  = hint: {hint}"))
}

fn figure<'r>(wanted: &Wanted<'_>, released: &CountryRelease, cell: &'r ReleasedCell) -> Option<FoundFigure<'r>> {
    let (text, project) = (wanted.text, wanted.project);
    let indicator = project.indicator(&cell.indicator)?;
    let country = project.countries.iter().find(|country| country.iso3 == released.iso3())?;
    let label = |(dimension, code): (&String, &String)| {
        let province = country.provinces.iter().find(|province| province.code == *code);
        province.map_or_else(|| project.label(indicator, dimension, code, text), |province| province.name.clone())
    };
    let title = std::iter::once(indicator.title.clone()).chain(cell.codes.iter().map(label));
    Some(FoundFigure {
        id: &cell.id,
        call: call(cell),
        title: title.collect::<Vec<_>>().join(", "),
        period: text.dated(&cell.period),
        shown: shown(project, text, indicator, cell),
        is_number: cell.value.is_some() && !cell.unreleased,
        sources: cell.cited().into_iter().collect::<BTreeSet<_>>().len(),
    })
}

/// The number with its unit, or why there is none. The number of a register that no release has made public is not shown.
fn shown(project: &Project, text: &Text, indicator: &Indicator, cell: &ReleasedCell) -> String {
    if cell.unreleased {
        return UNRELEASED.to_owned();
    }
    let Some(value) = &cell.value else {
        return cell.below.map_or_else(|| text.word(cell.status.code()).to_owned(), |bound| text.fewer_than(bound));
    };
    let printed = printed_value(project, text, cell, value, cell.qualifier);
    let unit = text.unit(&indicator.unit, value.count());
    if unit.is_empty() { printed } else { format!("{printed} {unit}") }
}

/// What stands in place of a number that is in no release.
const UNRELEASED: &str = "not released yet";

/// The call that prints a figure in the prose of its country.
pub(crate) fn call(cell: &ReleasedCell) -> String {
    let period = cell.period.text();
    let is_year = period.len() == 4 && period.bytes().all(|byte| byte.is_ascii_digit());
    let period = if is_year { format!("year: {period}") } else { format!("period: \"{period}\"") };
    let codes: String = cell.codes.iter().map(|(dimension, code)| format!(", {dimension}: \"{code}\"")).collect();
    // Without it, a call whose figure has no number is an error.
    let state = if cell.value.is_none() && cell.below.is_none() { ", or_state: true" } else { "" };
    format!("#n(\"{}\", {period}{codes}{state})", cell.indicator)
}
