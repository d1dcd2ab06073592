//! One document: kept, where it would be made of the same, or set as wide as its pages allow, and read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Made, Making, Tools, Why, why};
use crate::bind::Prose;
use crate::diagnostic::Diagnostics;
use crate::diff::Difference;
use crate::draw::draw;
use crate::outline::{Makeup, Outline, outline};
use crate::project::{Edition, Project};
use crate::protect::Release;
use crate::publish::{self, Kept, Sums, Workplace};
use crate::trace::trace;
use crate::typeset::{self, Document, Press, Templates, is_too_long, page_count_holds, pages, prepare};

/// Makes it, or keeps it; none where it has a fault.
pub(super) fn document(
    making: Making<'_>,
    edition: Edition<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Made>> {
    let iso3 = &edition.country.iso3;
    let released = making.release.country(iso3);
    let prose = making.prose.iter().find(|prose| prose.country.iso3 == *iso3);
    let Some((released, prose)) = released.zip(prose) else { return Ok(None) };
    let mut outline = outline(edition, released, prose, making.changes.get(iso3).map(Vec::as_slice));
    let before = making.tools.before().and_then(|stamp| stamp.kept(&publish::path(edition)));
    outline.makeup = before.map(|kept| kept.makeup).unwrap_or_default();
    let mut found = Diagnostics::default();
    let (there, why) = again(making, &outline, before, &mut found)?;
    let made = if there.is_some() { there } else { anew(making, &mut outline, &mut found)? };
    diagnostics.absorb(found);
    Ok(made.and_then(|set| set.conclude(&outline, why, diagnostics)))
}

/// On which pages of a document each figure is printed, where it is set as close as its pages ask.
///
/// # Errors
/// Failures of the world: no place to stage, Typst crashes or hangs.
fn places(mut outline: Outline<'_>, press: Press<'_>) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    loop {
        let found = typeset::places(&outline, draw(&outline)?, press)?;
        let pages = found.values().flatten().max().copied().unwrap_or_default();
        match outline.makeup.closer().filter(|_| is_too_long(&outline, pages)) {
            Some(closer) => outline.makeup = closer,
            None => return Ok(found),
        }
    }
}

/// The pages of each figure in one document; none where Typst cannot tell.
pub(crate) fn printed_pages(
    project: &Project,
    release: &Release,
    (prose, changes): (&[Prose<'_>], &BTreeMap<String, Vec<Difference>>),
    country: &str,
    document: &str,
) -> Option<BTreeMap<String, BTreeSet<usize>>> {
    let mut editions = project.editions().filter(|edition| edition.country.iso3 == country);
    let edition = editions.find(|edition| document == format!("{}/{}.pdf", edition.text.language, edition.kind.id))?;
    let prose = prose.iter().find(|prose| prose.country.iso3 == country)?;
    let outline = outline(edition, release.country(country)?, prose, changes.get(country).map(Vec::as_slice));
    let place = Workplace::take(&project.root, || ()).ok()?;
    let tools = Tools::found(Tools::look(&project.root)).ok()?;
    let templates = Templates::read(&project.root).ok()?;
    let limits = project.report.limits;
    places(outline, Press { typst: &tools.typst, templates: &templates, work: place.folder(), limits }).ok()
}

/// A document that is set, with what it was made of and the checksum of all it may say.
struct Set {
    document: Document,
    pieces: Sums,
    told: String,
}

/// The document that is there, if it would be made of the same; and why it is not kept.
fn again(
    making: Making<'_>,
    outline: &Outline<'_>,
    before: Option<&Kept>,
    diagnostics: &mut Diagnostics,
) -> Result<(Option<Set>, Why)> {
    let known = making.tools.known();
    let mut found = Diagnostics::default();
    let prepared = if before.is_some() { prepare(outline, draw(outline)?, &mut found)? } else { None };
    let Some((prepared, kept)) = prepared.zip(before) else { return Ok((None, why::of(known, None, &Sums::new()))) };
    let pieces = publish::sums(&prepared.pieces(making.press.templates)?);
    let why = why::of(known, before, &pieces);
    if why != Why::Same {
        return Ok((None, why));
    }
    let Some((pdf, cover)) = kept.bytes(making.place, &publish::path(outline.edition)) else {
        return Ok((None, Why::Damaged));
    };
    let told = publish::sum(prepared.told().as_bytes());
    let document = prepared.keep(pdf, cover);
    // It was read back when it was made, and may say what it might say then.
    let document = if kept.told == told {
        Some(Document { literals: kept.literals.clone(), ..document })
    } else {
        trace(document, diagnostics)?
    };
    Ok((document.map(|document| Set { document, pieces, told }), why))
}

/// Sets it, closer and closer until it keeps its number of pages or can be set no closer. Only of the last is anything said.
fn anew(making: Making<'_>, outline: &mut Outline<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Set>> {
    outline.makeup = Makeup::default();
    loop {
        let mut found = Diagnostics::default();
        let set = once(making, outline, &mut found)?;
        let long = set.as_ref().is_some_and(|set| is_too_long(outline, pages(&set.document.pdf)));
        if let Some(closer) = outline.makeup.closer().filter(|_| long) {
            outline.makeup = closer;
            continue;
        }
        diagnostics.absorb(found);
        let Some(set) = set else { return Ok(None) };
        let document = trace(set.document, diagnostics)?;
        return Ok(document.map(|document| Set { document, ..set }));
    }
}

fn once(making: Making<'_>, outline: &Outline<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Set>> {
    let Some(prepared) = prepare(outline, draw(outline)?, diagnostics)? else { return Ok(None) };
    let pieces = publish::sums(&prepared.pieces(making.press.templates)?);
    let told = publish::sum(prepared.told().as_bytes());
    let fingerprint = publish::fingerprint(&pieces, making.press.typst);
    let document = prepared.typeset(making.press, &fingerprint, diagnostics)?;
    Ok(document.map(|document| Set { document, pieces, told }))
}

impl Set {
    /// The document with what a later build must know of it; none where it breaks its number of pages.
    fn conclude(self, outline: &Outline<'_>, why: Why, diagnostics: &mut Diagnostics) -> Option<Made> {
        let Self { document, pieces, told } = self;
        let remarked = !diagnostics.is_empty();
        if !page_count_holds(outline, &document.pdf, diagnostics) {
            return None;
        }
        let (pdf, cover) = (publish::sum(&document.pdf), document.cover.as_deref().map(publish::sum));
        let (literals, quiet) = (document.literals.clone(), diagnostics.is_empty());
        let (makeup, pages) = (outline.makeup, pages(&document.pdf));
        let draft = outline.released.is_draft() || outline.edition.text.draft;
        let kept = Kept { makeup, pieces, pdf, cover, told, literals, remarked, quiet, pages, draft };
        Some((document, kept, why))
    }
}
