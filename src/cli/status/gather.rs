//! Finds out what stands: of the prose by its files, of a document by the checksums of what it was made of, of figures by the
//! last `figures.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use chrono::Datelike;
use rayon::prelude::*;

use super::{ApprovalStatus, CountryStatus, DocumentStatus, LanguageStatus, OvertakenStatus, Standing};
use crate::cli::progress::Progress;
use crate::cli::stages::release;
use crate::delivery::approve::{self, Material, Since, Standings, stand_all};
use crate::delivery::build::{Look, Tools, Why, changes};
use crate::delivery::publish::{Stamp, path};
use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::{CountryRelease, Relation};
use crate::document::bind::{bind, cited};
use crate::document::typeset::Templates;
use crate::project::country::{Country, Narrative};
use crate::project::text::Text;
use crate::project::{Document, Project};
use crate::snapshots::record::{self, Record};

/// Every country of the project. Errors in tables and prose stay in `diagnostics`.
///
/// # Errors
/// When declarations or files cannot be read.
pub(super) fn gather(root: &Path, progress: Progress<'_>, diagnostics: &mut Diagnostics) -> Result<Vec<CountryStatus>> {
    let project = Project::load(root, diagnostics)?;
    let looking = Tools::look(root, project.report.limits, Stamp::read(root));
    let release = release(&project, progress, diagnostics)?;
    let prose = bind(&project, &release, diagnostics);
    let changes = changes(&project, &release, diagnostics)?;
    progress("looking at the documents".into());
    let templates = Templates::read(root)?;
    let material =
        Material { project: &project, release: &release, prose: &prose, changes: &changes, templates: &templates };
    let standings = &stand_all(material, diagnostics)?;
    let look = Look { project: &project, release: &release, prose: &prose, changes: &changes, standings };
    // Without a Typst the documents are held against what any Typst made.
    let tools = Tools::found(looking).ok();
    let stamp = tools.as_ref().and_then(|tools| tools.before().cloned()).unwrap_or_else(|| Stamp::read(root));
    let known = tools.as_ref().is_none_or(Tools::known);
    let documents: Vec<Document<'_>> = project.documents().map(|document| standings.judged(document)).collect();
    let faulty = |country: &str| diagnostics.faulty_in(country) || release.country(country).is_none();
    let whys: BTreeMap<String, Option<Why>> = documents
        .par_iter()
        .filter(|document| !faulty(&document.country.iso3))
        .map(|document| (path(*document), look.why(*document, &templates, &stamp, known)))
        .collect();
    let standing = |document: &Document<'_>| standing(root, &path(*document), whys.get(&path(*document)));
    let before = record::published(&root.join("output")).unwrap_or_default();
    let (named, mut all) = (cited(&prose), Vec::new());
    for country in &project.countries {
        let own: Vec<&Document<'_>> = documents.iter().filter(|one| one.country.iso3 == country.iso3).collect();
        let released = release.country(&country.iso3);
        all.push(CountryStatus {
            iso3: country.iso3.clone(),
            name: country.name.clone(),
            faulty: faulty(&country.iso3),
            languages: project
                .texts
                .iter()
                .map(|text| language(&project, text, (&own, standings), released, &standing))
                .collect(),
            new: released.map(|released| new(released, &before, &named)).unwrap_or_default(),
            unreleased: released.map(unreleased).unwrap_or_default(),
        });
    }
    Ok(all)
}

/// What the reason of a build says of a document.
fn standing(root: &Path, path: &str, why: Option<&Option<Why>>) -> Standing {
    let Some(Some(why)) = why else { return Standing::Faulty };
    if !root.join("output").join(path).is_file() {
        return Standing::NotBuilt;
    }
    match why {
        // Its warnings are shown again, and it stays the same.
        Why::Same | Why::Remarks => Standing::Current,
        other => Standing::Stale(other.to_string().trim_start_matches("built: ").to_owned()),
    }
}

fn language(
    project: &Project,
    text: &Text,
    (documents, standings): (&[&Document<'_>], &Standings),
    released: Option<&CountryRelease>,
    standing: &dyn Fn(&Document<'_>) -> Standing,
) -> LanguageStatus {
    let own = documents.iter().filter(|document| document.text.language == text.language);
    let country = documents.first().map(|document| document.country);
    let unwritten = country.into_iter().flat_map(|country| &country.unwritten);
    let unwritten = unwritten.filter(|(language, _)| *language == text.language);
    LanguageStatus {
        language: text.language.clone(),
        name: text.name.clone(),
        missing: country.map(|country| missing(project, country, &text.language)).unwrap_or_default(),
        unwritten: unwritten.map(|(_, place)| place.clone()).collect(),
        documents: own
            .map(|document| DocumentStatus {
                id: document.kind.id.clone(),
                path: path(**document),
                standing: standing(document),
                draft: draft(document, released),
                approval: standings.of_path(&path(**document)).map(approval),
            })
            .collect(),
    }
}

/// The prose that a language lacks: of a document its own text, and whatever the default language has.
fn missing(project: &Project, country: &Country, language: &str) -> Vec<String> {
    let default = project.texts.first().map_or("", |text| text.language.as_str());
    let has = |language: &str, place: &str| {
        let written = |narrative: &Narrative| narrative.language == language && narrative.place == place;
        country.narratives.iter().any(written)
            || country.unwritten.iter().any(|(of, guide)| of == language && guide == place)
    };
    let documents = project.report.documents.iter().map(|kind| (kind.id.as_str(), !kind.record));
    let sections = project.sections.iter().map(|section| (section.id.as_str(), false));
    let lacking = |(place, needed): &(&str, bool)| {
        let expected = if language == default { *needed } else { *needed || has(default, place) };
        expected && !has(language, place)
    };
    documents.chain(sections).filter(lacking).map(|(place, _)| place.to_owned()).collect()
}

/// Why a document is a draft.
fn draft(document: &Document<'_>, released: Option<&CountryRelease>) -> Vec<&'static str> {
    let reasons = [
        (released.is_some_and(CountryRelease::is_draft), "numbers of a register are not released"),
        (document.text.draft, "nobody has confirmed the translation"),
        (document.text.stood_in, "the font of its language is not at hand"),
        (document.is_unwritten(), "some of its prose is not written yet"),
        (!document.approved, "it is not approved"),
    ];
    reasons.into_iter().filter(|(holds, _)| *holds).map(|(_, why)| why).collect()
}

/// Who approved a document, who has still to, and what is overtaken. No value of a figure is named.
fn approval(standing: &approve::Standing) -> ApprovalStatus {
    let overtaken = standing.overtaken.iter().map(|before| OvertakenStatus {
        by: before.given.by.clone(),
        time: before.given.time.clone(),
        figures: before.since.iter().flat_map(Since::ids).map(str::to_owned).collect(),
        parts: before.since.as_ref().map(|since| since.parts.clone()).unwrap_or_default(),
    });
    let uncounted = standing.uncounted.iter();
    ApprovalStatus {
        needed: standing.needed,
        given: standing.given.iter().map(|given| (given.by.clone(), given.time.clone())).collect(),
        missing: standing.missing.clone(),
        overtaken: overtaken.collect(),
        uncounted: uncounted
            .map(|(given, why)| format!("the approval by {} on {} {why}", given.by, given.day()))
            .collect(),
        words: standing.words(),
    }
}

/// The figures with a number that the last build did not publish and no prose names; none if it published nothing.
fn new(released: &CountryRelease, before: &[Record], named: &BTreeSet<String>) -> Vec<String> {
    let Some(before) = before.iter().find(|record| record.country == released.iso3()) else { return Vec::new() };
    let known = |id: &str| before.figures.get(id).is_some_and(|figure| figure.value.is_some());
    let own = released.all().filter(|cell| cell.relation == Relation::Own && cell.value.is_some());
    own.filter(|cell| !known(&cell.id) && !named.contains(&cell.id)).map(|cell| cell.id.clone()).collect()
}

/// The years with numbers of a register that are in no release.
fn unreleased(released: &CountryRelease) -> BTreeSet<String> {
    let cells = released.all().chain(released.all_late()).filter(|cell| cell.unreleased);
    cells.map(|cell| cell.period.end().year().to_string()).collect()
}
