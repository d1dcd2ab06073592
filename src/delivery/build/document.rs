//! One document: kept, where it would be made of the same, or set as wide as its pages allow, and read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Made, Making, Why, why};
use crate::delivery::publish::{self, Kept, Sums};
use crate::diagnostic::Diagnostics;
use crate::document::draw::draw;
use crate::document::outline::{Outline, Spacing, outline};
use crate::document::trace::trace;
use crate::document::typeset::{self, Prepared, Press, SetDocument, is_too_long, page_count_holds, pages, prepare};
use crate::project::Document;

/// Makes it, or keeps it; none where it has a fault.
pub(super) fn make(making: Making<'_>, document: Document<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Made>> {
    let iso3 = &document.country.iso3;
    let released = making.release.country(iso3);
    let prose = making.prose.iter().find(|prose| prose.country.iso3 == *iso3);
    let Some((released, prose)) = released.zip(prose) else { return Ok(None) };
    let plan = outline(document, released, prose, making.changes.get(iso3).map(Vec::as_slice));
    let before = making.tools.before().and_then(|stamp| stamp.kept(&publish::path(document)));
    let mut found = Diagnostics::default();
    let there = plan.set_as(before.map(|kept| kept.makeup).unwrap_or_default());
    let (set, makeup, why) = match course(making, &there, before, &mut found)? {
        Course::Keep(set) => (set.map(|set| *set), there.spacing, Why::Same),
        Course::Make(draft, why) => {
            let (set, makeup) = anew(making, &plan, draft, &mut found)?;
            (set, makeup, why)
        }
    };
    diagnostics.absorb(found);
    Ok(set.and_then(|set| set.conclude(&plan, makeup, why, diagnostics)))
}

/// On which pages of a document each figure is printed, where it is set as close as its pages ask.
///
/// # Errors
/// Failures of the world: no place to stage, Typst crashes or hangs.
pub(super) fn places(plan: &Outline<'_>, press: Press<'_>) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let (found, _) = fitting(plan, |outline| {
        let found = typeset::places(outline, draw(outline)?, press)?;
        let pages = found.values().flatten().max().copied().unwrap_or_default();
        Ok((found, pages))
    })?;
    Ok(found)
}

/// Sets a document wide, then closer and closer until it keeps its number of pages or can be set no closer: what `set` makes
/// of the last makeup, and that makeup. `set` says how many pages it came to.
fn fitting<T>(plan: &Outline<'_>, mut set: impl FnMut(&Outline<'_>) -> Result<(T, usize)>) -> Result<(T, Spacing)> {
    let mut outline = plan.set_as(Spacing::default());
    loop {
        let (made, pages) = set(&outline)?;
        match outline.spacing.closer().filter(|_| is_too_long(&outline, pages)) {
            Some(closer) => outline = plan.set_as(closer),
            None => return Ok((made, outline.spacing)),
        }
    }
}

/// A document that is drawn and not set yet, with what it is made of and the checksum of all it may say.
struct Draft<'o> {
    prepared: Prepared<'o>,
    makeup: Spacing,
    pieces: Sums,
    told: String,
}

/// A document that is set, with the same.
struct Set {
    document: SetDocument,
    pieces: Sums,
    told: String,
}

/// What is to be done about a document.
enum Course<'o> {
    /// The one that is there is kept; none where it says what it may not.
    Keep(Option<Box<Set>>),
    /// It is made, with the draft that showed why, if there is one.
    Make(Option<Box<Draft<'o>>>, Why),
}

/// Whether the document that is there would be made of the same.
fn course<'o>(
    making: Making<'_>,
    there: &'o Outline<'o>,
    before: Option<&Kept>,
    diagnostics: &mut Diagnostics,
) -> Result<Course<'o>> {
    let known = making.tools.known();
    // What a draft lacks is told when it is made.
    let draft = before.map(|_| Draft::of(making, there, &mut Diagnostics::default())).transpose()?.flatten();
    let Some((draft, kept)) = draft.zip(before) else {
        return Ok(Course::Make(None, why::of(known, None, &Sums::new())));
    };
    let why = why::of(known, before, &draft.pieces);
    if why != Why::Same {
        return Ok(Course::Make(Some(Box::new(draft)), why));
    }
    match kept.bytes(making.place, &publish::path(there.document)) {
        Some(bytes) => Ok(Course::Keep(draft.keep(kept, bytes, diagnostics)?.map(Box::new))),
        None => Ok(Course::Make(Some(Box::new(draft)), Why::Damaged)),
    }
}

/// Sets it as wide as its pages allow. Only of the last makeup is anything said.
fn anew(
    making: Making<'_>,
    plan: &Outline<'_>,
    mut there: Option<Box<Draft<'_>>>,
    diagnostics: &mut Diagnostics,
) -> Result<(Option<Set>, Spacing)> {
    let ((set, found), makeup) = fitting(plan, |outline| {
        let mut found = Diagnostics::default();
        let draft = match there.take().filter(|draft| draft.makeup == outline.spacing) {
            Some(draft) => Some(*draft),
            None => Draft::of(making, outline, &mut found)?,
        };
        let set = draft.map(|draft| draft.set(making, &mut found)).transpose()?.flatten();
        let pages = set.as_ref().map_or(0, |set| pages(&set.document.pdf));
        Ok(((set, found), pages))
    })?;
    diagnostics.absorb(found);
    let Some(set) = set else { return Ok((None, makeup)) };
    let document = trace(set.document, diagnostics)?;
    Ok((document.map(|document| Set { document, ..set }), makeup))
}

impl<'o> Draft<'o> {
    /// Draws it; none where a chart of it fits no page.
    fn of(making: Making<'_>, outline: &'o Outline<'o>, diagnostics: &mut Diagnostics) -> Result<Option<Self>> {
        let Some(prepared) = prepare(outline, draw(outline)?, diagnostics)? else { return Ok(None) };
        let pieces = publish::sums(&prepared.pieces(making.press.templates)?);
        let told = publish::sum(prepared.expected().joined().as_bytes());
        Ok(Some(Self { prepared, makeup: outline.spacing, pieces, told }))
    }

    fn set(self, making: Making<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Set>> {
        let Self { prepared, pieces, told, .. } = self;
        let fingerprint = publish::fingerprint(&pieces, making.press.typst);
        let document = prepared.typeset(making.press, &fingerprint, diagnostics)?;
        Ok(document.map(|document| Set { document, pieces, told }))
    }

    /// The document that is there in its place.
    fn keep(
        self,
        kept: &Kept,
        (pdf, cover): (Vec<u8>, Option<Vec<u8>>),
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Set>> {
        let Self { prepared, pieces, told, .. } = self;
        let document = prepared.keep(pdf, cover);
        // It was read back when it was made, and may say what it might say then.
        let document = if kept.told == told {
            Some(SetDocument { literals: kept.literals.clone(), ..document })
        } else {
            trace(document, diagnostics)?
        };
        Ok(document.map(|document| Set { document, pieces, told }))
    }
}

impl Set {
    /// The document with what a later build must know of it; none where it breaks its number of pages.
    fn conclude(self, outline: &Outline<'_>, makeup: Spacing, why: Why, diagnostics: &mut Diagnostics) -> Option<Made> {
        let Self { document, pieces, told } = self;
        let remarked = !diagnostics.is_empty();
        if !page_count_holds(outline, &document.pdf, diagnostics) {
            return None;
        }
        let (pdf, cover) = (publish::sum(&document.pdf), document.cover.as_deref().map(publish::sum));
        let (literals, quiet) = (document.literals.clone(), diagnostics.is_empty());
        let pages = pages(&document.pdf);
        let draft = outline.released.is_draft() || outline.document.text.draft;
        let kept = Kept { makeup, pieces, pdf, cover, told, literals, remarked, quiet, pages, draft };
        Some((document, kept, why))
    }
}
