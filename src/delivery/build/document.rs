//! One document: kept if its inputs are the same; otherwise typeset as widely spaced as its pages allow, and read back.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Made, Making, Why, why};
use crate::delivery::publish::{self, Kept, Sums};
use crate::diagnostic::Diagnostics;
use crate::document::draw::draw;
use crate::document::outline::{Outline, Spacing, outline};
use crate::document::trace::trace;
use crate::document::typeset::{
    self, Pictures, Prepared, Press, SetDocument, is_too_long, page_count_holds, pages, prepare,
};
use crate::project::Document;

/// Builds or keeps a document; `None` if it has an error.
pub(super) fn make(making: Making<'_>, document: Document<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Made>> {
    let iso3 = &document.country.iso3;
    let released = making.release.country(iso3);
    let prose = making.prose.iter().find(|prose| prose.country.iso3 == *iso3);
    let Some((released, prose)) = released.zip(prose) else { return Ok(None) };
    let plan = outline(making.standings.judged(document), released, prose, making.changes.get(iso3));
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

/// The pages on which a document prints each figure, with the spacing that its number of pages requires.
///
/// # Errors
/// Failures of the machine: no space for the staging folder, or Typst crashes or hangs.
pub(super) fn places(plan: &Outline<'_>, press: Press<'_>) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let (found, _) = fitting(plan, |outline| {
        let found = typeset::places(outline, draw(outline)?, press)?;
        let pages = found.values().flatten().max().copied().unwrap_or_default();
        Ok((found, pages))
    })?;
    Ok(found)
}

/// Typesets a document widely spaced, then closer and closer, until it keeps to its number of pages or cannot be closer.
/// Returns what `set` makes with the last spacing, and that spacing. `set` also returns the number of pages.
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

/// A document whose charts are drawn but which is not typeset yet, with the checksums of its inputs and of its expected text.
struct Draft<'o> {
    prepared: Prepared<'o>,
    makeup: Spacing,
    pieces: Sums,
    expected: String,
    /// What was found while its charts were drawn; reported when it is typeset.
    found: Diagnostics,
}

/// A typeset document, with the same checksums.
struct Set {
    document: SetDocument,
    pieces: Sums,
    expected: String,
}

/// What to do about a document.
enum Course<'o> {
    /// Keep the existing one; `None` if it prints something that it may not.
    Keep(Option<Box<Set>>),
    /// Build it, from the draft that showed why, if there is one.
    Make(Option<Box<Draft<'o>>>, Why),
}

/// Whether the existing document has the same inputs.
fn course<'o>(
    making: Making<'_>,
    there: &'o Outline<'o>,
    before: Option<&Kept>,
    diagnostics: &mut Diagnostics,
) -> Result<Course<'o>> {
    let known = making.tools.known();
    // What a draft lacks is reported when it is built.
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

/// Typesets it as widely spaced as its pages allow. Only the last spacing reports warnings.
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
    /// Draws its charts; `None` if one does not fit on a page.
    fn of(making: Making<'_>, outline: &'o Outline<'o>, diagnostics: &mut Diagnostics) -> Result<Option<Self>> {
        let mut found = Diagnostics::default();
        let Some(prepared) = prepare(outline, draw(outline)?, &mut found)? else {
            diagnostics.absorb(found);
            return Ok(None);
        };
        let pieces = publish::sums(&prepared.pieces(making.press.templates)?);
        let expected = publish::sum(prepared.expected().joined().as_bytes());
        Ok(Some(Self { prepared, makeup: outline.spacing, pieces, expected, found }))
    }

    fn set(self, making: Making<'_>, diagnostics: &mut Diagnostics) -> Result<Option<Set>> {
        let Self { prepared, pieces, expected, found, .. } = self;
        diagnostics.absorb(found);
        let fingerprint = publish::fingerprint(&pieces, making.press.typst);
        let document = prepared.typeset(making.press, &fingerprint, diagnostics)?;
        Ok(document.map(|document| Set { document, pieces, expected }))
    }

    /// The existing document instead of it.
    fn keep(
        self,
        kept: &Kept,
        (pdf, pictures): (Vec<u8>, Pictures),
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<Set>> {
        let Self { prepared, pieces, expected, .. } = self;
        let document = prepared.keep(pdf, pictures);
        // It was read back when it was built; the same text is still allowed.
        let document = if kept.expected == expected {
            Some(SetDocument { literals: kept.literals.clone(), ..document })
        } else {
            trace(document, diagnostics)?
        };
        Ok(document.map(|document| Set { document, pieces, expected }))
    }
}

impl Set {
    /// The document, with what a later build must know about it; `None` if it has the wrong number of pages.
    fn conclude(self, outline: &Outline<'_>, makeup: Spacing, why: Why, diagnostics: &mut Diagnostics) -> Option<Made> {
        let Self { document, pieces, expected } = self;
        let remarked = !diagnostics.is_empty();
        if !page_count_holds(outline, &document.pdf, diagnostics) {
            return None;
        }
        let pdf = publish::sum(&document.pdf);
        let picture = |(name, bytes): (&&str, &Vec<u8>)| ((*name).to_owned(), publish::sum(bytes));
        let (pictures, summary) = (document.pictures.iter().map(picture).collect(), document.summary.clone());
        let (literals, quiet) = (document.literals.clone(), diagnostics.is_empty());
        let pages = pages(&document.pdf);
        let draft = outline.released.is_draft() || !outline.document.draft_reasons().is_empty();
        let corrected = document.corrected.clone();
        let kept = Kept {
            makeup,
            pieces,
            pdf,
            pictures,
            summary,
            corrected,
            expected,
            literals,
            remarked,
            quiet,
            pages,
            draft,
        };
        Some((document, kept, why))
    }
}
