//! The copies of donors: each is a separate document, built and read back like those of the country. All of them are
//! published, or none.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Error, Result};
use rayon::prelude::*;

use super::document::make;
use super::{Built, Making, Why};
use crate::delivery::publish::{self, Kept, Set, Standing, Sums};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::{Stage, caught, point};
use crate::disclosure::protect::Discloses;
use crate::project::Document;

/// The name of the copies in the list of countries that were not published.
const COPIES: &str = "donors";

/// A prepared copy: its path below `output/`, how it was built, and why.
type Laid = (String, Kept, Why);

/// Builds the copies of all donors, or those of the one asked for; none of them if one fails, or if the country of one is not
/// built.
pub(super) fn copies(
    making: Making<'_>,
    countries: &[Set],
    built: &mut Built,
    diagnostics: &mut Diagnostics,
) -> Vec<Set> {
    let standing = match making.asked {
        Some(_) => publish::standing(making.place, &making.project.report.donors),
        None => Standing::new(),
    };
    let wanted: Vec<Document<'_>> =
        making.project.copies().filter(|copy| is_wanted(making, &standing, *copy)).collect();
    let made = |copy: &Document<'_>| countries.iter().any(|set| set.part == copy.country.iso3);
    if !wanted.iter().all(made) {
        // Why the country is not built has been reported.
        built.faulty.push(COPIES.to_owned());
        return Vec::new();
    }
    let Some(laid) = all(making, &wanted, built, diagnostics) else { return Vec::new() };
    let whys: BTreeMap<String, Why> = laid.iter().map(|(path, _, why)| (path.clone(), why.clone())).collect();
    let asked = |id: &str| making.asked.is_some_and(|asked| asked.id.value == id);
    let standing: Vec<Sums> = standing.into_iter().filter(|(id, _)| !asked(id)).filter_map(|(_, sums)| sums).collect();
    let unasked: Vec<String> = standing.iter().flat_map(Sums::keys).cloned().collect();
    let laid = laid.into_iter().map(|(path, kept, _)| (path, kept)).collect();
    match caught(|| publish::copies(making.place, laid, standing)).map_err(Error::from).flatten() {
        Ok(sets) => {
            sets.iter().for_each(|set| built.explain(set, BTreeMap::new()));
            built.whys.extend(whys);
            built.whys.extend(unasked.into_iter().map(|path| (path, Why::Unasked)));
            sets
        }
        Err(error) => {
            failed(built, &error);
            Vec::new()
        }
    }
}

/// Whether a copy must be built: its donor is asked for, or its file differs from what was published.
fn is_wanted(making: Making<'_>, standing: &Standing, copy: Document<'_>) -> bool {
    let (Some(asked), Some(donor)) = (making.asked, copy.donor) else { return true };
    asked.id.value == donor.id.value || standing.get(&donor.id.value).is_some_and(Option::is_none)
}

/// Every copy, laid ready; none if one has an error, discloses, or the machine fails on it, which is reported.
fn all(
    making: Making<'_>,
    wanted: &[Document<'_>],
    built: &mut Built,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Laid>> {
    // If the machine fails on one, the others are dropped; the errors of all are reported.
    let stopped = AtomicBool::new(false);
    let known = &*diagnostics;
    let made: Vec<(Result<Option<Laid>>, Diagnostics)> = wanted
        .par_iter()
        .map(|document| {
            let mut found = Diagnostics::default();
            if stopped.load(Ordering::Relaxed) {
                return (Ok(None), found);
            }
            let laid = caught(|| one(making, *document, known, &mut found)).map_err(Error::from).flatten();
            stopped.fetch_or(laid.is_err(), Ordering::Relaxed);
            (making.made)(&publish::path(*document));
            (laid, found)
        })
        .collect();
    let (mut laid, mut disclosing, mut failure) = (Vec::new(), Vec::new(), None);
    for (copy, found) in made {
        diagnostics.absorb(found);
        match copy.map_err(Error::downcast::<Discloses>) {
            Ok(copy) => laid.extend(copy),
            Err(Ok(discloses)) => disclosing.push(discloses),
            Err(Err(error)) => failure = failure.or(Some(error)),
        }
    }
    let discloses = !disclosing.is_empty();
    built.discloses.extend(disclosing);
    match failure {
        Some(error) => failed(built, &error),
        None if laid.len() == wanted.len() && !discloses => return Some(laid),
        None => built.faulty.push(COPIES.to_owned()),
    }
    None
}

/// One copy, laid ready if it was rebuilt; none if it has an error.
fn one(
    making: Making<'_>,
    document: Document<'_>,
    known: &Diagnostics,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Laid>> {
    point(Stage::Copy, &document.country.iso3);
    let mut found = Diagnostics::default();
    let made = make(making, document, &mut found);
    // Warnings of the country's own document are shown whenever that is built; here only what is new.
    let new = found.beyond(known);
    let again = new.is_empty();
    diagnostics.absorb(new);
    let Some((set, mut kept, why)) = made? else { return Ok(None) };
    let disclosing = publish::disclosing(std::iter::once(&set), making.release, making.project);
    if !disclosing.is_empty() {
        return Err(Discloses::Artefacts(disclosing).into());
    }
    (kept.remarked, kept.quiet) = (kept.remarked && !again, kept.quiet || again);
    if why != Why::Same {
        publish::lay(making.place, document, &set.pdf)?;
    }
    Ok(Some((publish::path(document), kept, why)))
}

fn failed(built: &mut Built, error: &Error) {
    built.failed.entry(format!("{error:#}")).or_default().push(COPIES.to_owned());
}
