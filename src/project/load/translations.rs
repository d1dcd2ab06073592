//! Translates the declarations into each further language, and reports what a language has not translated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Project;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::{Country, Narrative};
use crate::project::indicator::Indicator;
use crate::project::iso3166;
use crate::project::ledger::Ledger;
use crate::project::schema::{Schema, TOTAL};
use crate::project::text::{Expected, Key, Text};

/// The table of translated events. The events are in the tables of a country, which are read later.
const EVENTS: &str = "events";

/// The table of texts that one country declares.
const COUNTRY: &str = "country";

/// Whether a code is that of a country without a folder in this project.
fn is_absent(project: &Project, code: &str) -> bool {
    iso3166::is_country(code) && !project.countries.iter().any(|country| country.iso3 == code)
}

/// Checks every catalogue against the declarations, fills gaps with texts of the default language, and keeps the
/// declarations translated into each further language.
/// A carried catalogue translates what is declared as in the carried series.
pub(super) fn translate(project: &mut Project, carried: Option<&Project>, diagnostics: &mut Diagnostics) {
    let mut texts = std::mem::take(&mut project.texts);
    if let Some((default, others)) = texts.split_first_mut() {
        default.faults().into_iter().for_each(|fault| diagnostics.push(fault));
        super::relate::units(&project.indicators, default, others.iter(), diagnostics);
        let expected = expected(project, default);
        for text in others {
            if let Some(carried) = carried.filter(|_| text.carried) {
                text.retain(&of_the_same(&expected, carried));
            }
            // Texts for a country without a folder here are left for the time when it has one.
            let absent = |key: &[String]| key[0] == COUNTRY && key.get(1).is_some_and(|code| is_absent(project, code));
            let found = text.checked(default, &expected, &|key| key[0] != EVENTS && !absent(key));
            found.into_iter().for_each(|found| diagnostics.push(found));
            unknown_countries(project, text).into_iter().for_each(|fault| diagnostics.push(fault));
            project.countries.iter().for_each(|country| counterparts(country, default, text, diagnostics));
            text.fall_back(default, &expected);
            let translated = translated(project, default, text);
            project.translations.push(translated);
        }
    }
    project.texts = texts;
}

/// The keys of texts that are those of the carried series, word for word. Of any other the carried translation says something else.
fn of_the_same(expected: &[Expected], carried: &Project) -> BTreeSet<Key> {
    let theirs: BTreeMap<Key, String> = carried.to_translate().into_iter().collect();
    expected.iter().filter(|(key, text)| theirs.get(key) == Some(text)).map(|(key, _)| key.clone()).collect()
}

/// Reports translated events of countries that do not exist.
fn unknown_countries(project: &Project, text: &Text) -> Vec<Diagnostic> {
    let known = || project.countries.iter().map(|country| country.iso3.as_str());
    let strange =
        text.under(EVENTS).filter(|(iso3, _)| !known().any(|code| code == *iso3) && !is_absent(project, iso3));
    let fault = |(iso3, span): (&str, &Span)| {
        let fault = Diagnostic::error(Code::UnknownName, span.clone(), format!("there is no country `{iso3}`"));
        fault.hint(format!("there are: {}", known().collect::<Vec<_>>().join(", ")))
    };
    strange.map(fault).collect()
}

impl Project {
    /// The texts that a further language has to translate, beside the events in the tables of countries: each key with the
    /// text of the default language.
    #[must_use]
    pub fn to_translate(&self) -> Vec<Expected> {
        self.texts.first().map(|default| expected(self, default)).unwrap_or_default()
    }
}

/// The texts of the default catalogue and of the declarations, by the keys of a catalogue.
fn expected(project: &Project, default: &Text) -> Vec<Expected> {
    let mut expected: BTreeMap<Vec<String>, String> = default.expected().into_iter().collect();
    visit(&mut copy(project), default, &mut |key, text| {
        let key = key.iter().map(|part| (*part).to_owned()).collect();
        expected.entry(key).or_insert_with(|| text.clone());
    });
    expected.into_iter().collect()
}

/// The declarations translated into a language.
fn translated(project: &Project, default: &Text, text: &Text) -> Project {
    let mut translated = copy(project);
    visit(&mut translated, default, &mut |key, own| {
        if let Some(translation) = text.get(key) {
            translation.clone_into(own);
        }
    });
    places(&mut translated, text);
    translated
}

/// Points titles and names to their translation, so that one that is too long is reported there.
fn places(translated: &mut Project, text: &Text) {
    for indicator in &mut translated.indicators {
        if let Some(place) = text.place(&["indicators", &indicator.id, "title"]) {
            indicator.title_span = place.clone();
        }
        let place = text.place(&["indicators", &indicator.id, "chart", "title"]);
        if let (Some(place), Some(chart)) = (place, &mut indicator.chart) {
            chart.title_span = Some(place.clone());
        }
    }
    for country in &mut translated.countries {
        let name =
            text.place(&["countries", &country.iso3]).or_else(|| text.place(&["country", &country.iso3, "name"]));
        let official = text.place(&["country", &country.iso3, "official"]);
        for (written, place) in country.written.iter_mut().zip([name, official]) {
            if let Some(place) = place {
                *written = Some(place.for_country(&country.iso3));
            }
        }
    }
}

/// A copy of the declarations, without those that no document needs.
fn copy(project: &Project) -> Project {
    Project {
        root: project.root.clone(),
        report: project.report.clone(),
        schemas: project.schemas.clone(),
        sections: project.sections.clone(),
        indicators: project.indicators.clone(),
        countries: project.countries.clone(),
        texts: Vec::new(),
        translations: Vec::new(),
        ledger: Ledger::default(),
        mappings: Vec::new(),
        visits: Arc::clone(&project.visits),
        corrections: project.corrections.clone(),
    }
}

/// What to do with a text and its key.
type Visit<'v> = &'v mut dyn FnMut(&[&str], &mut String);

/// Visits every text of the declarations that is not empty.
fn visit(project: &mut Project, default: &Text, act: Visit<'_>) {
    let act: Visit<'_> = &mut |key, text| {
        if !text.is_empty() {
            act(key, text);
        }
    };
    act(&["report", "title"], &mut project.report.title);
    for document in &mut project.report.documents {
        act(&["editions", &document.id], &mut document.title);
    }
    for section in &mut project.sections {
        act(&["sections", &section.id], &mut section.title);
    }
    project.indicators.iter_mut().for_each(|indicator| of_indicator(indicator, act));
    codes(&mut project.schemas, act);
    project.countries.iter_mut().for_each(|country| of_country(country, default, act));
}

fn of_indicator(indicator: &mut Indicator, act: Visit<'_>) {
    let id = indicator.id.clone();
    let key = |name: &'static str| ["indicators", id.as_str(), name];
    // Without a short form, the title stands for it.
    let titled = indicator.short == indicator.title;
    act(&key("title"), &mut indicator.title);
    if titled {
        indicator.short.clone_from(&indicator.title);
    } else {
        act(&key("short"), &mut indicator.short);
    }
    act(&key("description"), &mut indicator.description);
    for (at, label) in &mut indicator.breaks {
        act(&["indicators", &id, "breaks", &year(*at)], label);
    }
    let Some(chart) = &mut indicator.chart else { return };
    act(&["indicators", &id, "chart", "title"], &mut chart.title);
    act(&["indicators", &id, "chart", "subtitle"], &mut chart.subtitle);
    for split in &mut chart.splits {
        for (cell, label) in split.cells.iter().zip(&mut split.labels) {
            act(&["indicators", &id, "labels", &cell.value], &mut label.value);
        }
    }
}

/// The labels of codes that are printed: those of dimensions, and those of values that are codes. Tables with the same
/// label for a code share one key.
fn codes(schemas: &mut [Schema], act: Visit<'_>) {
    let mut shared: BTreeMap<(String, String), String> = BTreeMap::new();
    for schema in schemas {
        let Some(observed) = &schema.observations else { continue };
        let printed: Vec<String> = observed.dimensions.iter().chain([&observed.value]).cloned().collect();
        for field in schema.fields.iter_mut().filter(|field| printed.contains(&field.name)) {
            for (code, label) in field.labels.iter_mut().filter(|(code, _)| *code != TOTAL) {
                let first = shared.entry((field.name.clone(), code.clone())).or_insert_with(|| label.clone());
                let name = if first == label { field.name.clone() } else { format!("{}.{}", schema.name, field.name) };
                act(&["codes", &name, code], label);
            }
        }
    }
}

fn of_country(country: &mut Country, default: &Text, act: Visit<'_>) {
    let iso3 = country.iso3.clone();
    if default.country(&iso3) == country.name {
        act(&["countries", &iso3], &mut country.name);
    } else {
        act(&["country", &iso3, "name"], &mut country.name);
    }
    act(&["country", &iso3, "official"], &mut country.official);
    // Breaks of one indicator with the same label share one key.
    let mut shared: BTreeMap<String, String> = BTreeMap::new();
    for known in &mut country.breaks {
        let indicator = known.indicator.value.clone();
        let first = shared.entry(indicator.clone()).or_insert_with(|| known.label.clone());
        let name = if *first == known.label { indicator } else { format!("{indicator}.{}", year(known.at)) };
        act(&["country", &iso3, "breaks", &name], &mut known.label);
    }
    for scope in &mut country.scopes {
        act(&["country", &iso3, "scope", &scope.indicator.value], &mut scope.text);
    }
    for same in &mut country.same {
        let first = same.figures.first().map_or("", |figure| figure.value.as_str());
        act(&["country", &iso3, "same", first], &mut same.reason);
    }
    for province in &mut country.provinces {
        act(&["country", &iso3, "provinces", &province.code], &mut province.name);
    }
}

/// The year of a place on the time axis.
fn year(at: f64) -> String {
    format!("{:.0}", at.floor())
}

/// Prose that exists in only one of two languages: one warning for all the prose that a country lacks, and one for each
/// file without a counterpart in the default language.
fn counterparts(country: &Country, default: &Text, text: &Text, diagnostics: &mut Diagnostics) {
    let of = |language: &str| -> Vec<&Narrative> {
        country.narratives.iter().filter(|narrative| narrative.language == language).collect()
    };
    let (first, own) = (of(&default.language), of(&text.language));
    // Of what is still a guide it is said that it is not written yet.
    let guides = |place: &str| country.unwritten.iter().any(|(language, of)| *language == text.language && of == place);
    let lacks =
        |narrative: &&&Narrative| !own.iter().any(|other| other.place == narrative.place) && !guides(&narrative.place);
    let places: Vec<&str> = first.iter().filter(lacks).map(|narrative| narrative.place.as_str()).collect();
    if let Some(place) = places.first() {
        let path = format!("data/countries/{}/narrative/{}/{place}.typ", country.iso3, text.language);
        let source = Source::new(path, Vec::new()).of_country(Some(&country.iso3));
        let message = format!("`{}` has no prose for: {}", text.language, places.join(", "));
        let warning = Diagnostic::warning(Code::Untranslated, Span::start_of(&Arc::new(source)), message);
        let hint =
            format!("write it; until then that in `{}` is printed, in documents that are drafts", default.language);
        diagnostics.push(warning.hint(hint));
    }
    for narrative in own.iter().filter(|own| !first.iter().any(|other| other.place == own.place)) {
        let message = format!("this prose has no counterpart in `{}`", default.language);
        let warning = Diagnostic::warning(Code::Untranslated, Span::start_of(&narrative.source), message);
        diagnostics.push(warning.hint("write it there too, or delete it; the other languages print nothing here"));
    }
}
