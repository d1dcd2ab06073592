//! Every country without a fault made whole: its documents outlined, drawn, set and read back, its folder laid ready. What
//! fails in one country stops no other.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Error, Result};
use rayon::prelude::*;

use crate::bind::Prose;
use crate::country::Country;
use crate::diagnostic::Diagnostics;
use crate::diff::Difference;
use crate::draw::draw;
use crate::outline::outline;
use crate::project::{Edition, Project};
use crate::protect::{Discloses, Release};
use crate::publish::{self, Set, Workplace};
use crate::trace::trace;
use crate::typeset::{Document, Press, prepare};

/// What a build left behind.
#[derive(Debug, Default)]
pub struct Built {
    /// The documents, as paths.
    pub paths: Vec<PathBuf>,
    /// The countries that the machine failed, by what it did to them; they keep what they had.
    pub failed: BTreeMap<String, Vec<String>>,
    /// The countries whose faults keep them from being made anew; they keep what they had, too.
    pub faulty: Vec<String>,
}

/// What all countries are made from.
#[derive(Clone, Copy)]
pub(crate) struct Making<'m> {
    pub(crate) project: &'m Project,
    pub(crate) release: &'m Release,
    pub(crate) prose: &'m [Prose<'m>],
    pub(crate) changes: &'m BTreeMap<String, Vec<Difference>>,
    pub(crate) press: Press<'m>,
    pub(crate) place: &'m Workplace,
    /// Takes the name of each document that is made.
    pub(crate) made: &'m (dyn Fn(&str) + Sync),
}

/// Makes every country without a fault.
///
/// # Errors
/// When an artefact discloses: then nothing may be published.
pub(crate) fn countries(making: Making<'_>, diagnostics: &mut Diagnostics) -> Result<(Vec<Set>, Built)> {
    let sound = |country: &&Country| !diagnostics.failed_in(&country.iso3);
    let sound: Vec<&Country> = making.project.countries.iter().filter(sound).collect();
    let made: Vec<(&str, Result<Option<Set>>, Diagnostics)> = sound
        .into_par_iter()
        .map(|country| {
            let mut found = Diagnostics::default();
            let set = whole(making, country, &mut found);
            (country.iso3.as_str(), set, found)
        })
        .collect();
    let (mut sets, mut built, mut disclosing) = (Vec::new(), Built::default(), BTreeSet::new());
    for (country, set, found) in made {
        diagnostics.absorb(found);
        match set {
            Ok(set) => sets.extend(set),
            Err(error) => match error.downcast::<Discloses>() {
                Ok(Discloses::Artefacts(names)) => disclosing.extend(names),
                Ok(other) => return Err(other.into()),
                Err(error) => built.failed.entry(format!("{error:#}")).or_default().push(country.to_owned()),
            },
        }
    }
    if !disclosing.is_empty() {
        return Err(Discloses::Artefacts(disclosing).into());
    }
    let faulty = making.project.countries.iter().filter(|country| diagnostics.failed_in(&country.iso3));
    built.faulty = faulty.map(|country| country.iso3.clone()).collect();
    Ok((sets, built))
}

/// One country, laid ready; none where a document of it has a fault.
fn whole(making: Making<'_>, country: &Country, diagnostics: &mut Diagnostics) -> Result<Option<Set>> {
    let editions: Vec<Edition<'_>> =
        making.project.editions().filter(|edition| edition.country.iso3 == country.iso3).collect();
    let made: Vec<(Result<Option<Document>>, Diagnostics)> = editions
        .par_iter()
        .map(|edition| {
            let mut found = Diagnostics::default();
            let document = document(making, *edition, &mut found);
            let told = format!("{} {} {}", country.iso3, edition.text.language, edition.kind.id);
            (making.made)(&told);
            (document, found)
        })
        .collect();
    let (mut documents, mut failed) = (Vec::new(), None);
    for (document, found) in made {
        diagnostics.absorb(found);
        match document {
            Ok(document) => documents.extend(document),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let released = making.release.country(&country.iso3).filter(|_| documents.len() == editions.len());
    let (Some(released), None) = (released, &failed) else { return failed.map_or(Ok(None), Err) };
    let disclosing = publish::disclosing(&documents, making.release, making.project);
    if !disclosing.is_empty() {
        return Err(Error::from(Discloses::Artefacts(disclosing)));
    }
    publish::prepare(making.place, country, released, making.project, &documents).map(Some)
}

fn document(making: Making<'_>, edition: Edition<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Document>> {
    let iso3 = &edition.country.iso3;
    let released = making.release.country(iso3);
    let prose = making.prose.iter().find(|prose| prose.country.iso3 == *iso3);
    let Some((released, prose)) = released.zip(prose) else { return Ok(None) };
    let changes = making.changes.get(iso3).map(Vec::as_slice);
    let outline = outline(making.project, edition, released, prose, changes);
    let prepared = prepare(&outline, draw(&outline)?)?;
    let fingerprint = publish::fingerprint(&prepared.pieces(making.press.templates)?, making.press.typst);
    let document = prepared.typeset(making.press, &fingerprint, diagnostics)?;
    document.map_or(Ok(None), |document| trace(document, diagnostics))
}
