//! Turns a release and its charts into a PDF by running the Typst command; **process** lives here.
//!
//! Typst reads one staging folder: the templates, the charts, the view and the prose of this document, and none of the tables.

mod chart_faults;
pub(crate) mod child;
mod compile;
mod complaint;
mod confine;
mod confinement;
mod content;
mod expected;
mod limits;
mod living;
mod looked_at;
mod page_count;
mod prose;
mod qr;
mod run;
mod stage;
mod summary;
mod tool;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::diagnostic::bug::{Stage, point};
use crate::diagnostic::{Diagnostics, Source, Span};
use crate::disclosure::protect::ReleasedCell;
use crate::document::draw::{Figure, draw};
use crate::document::outline::Outline;
use crate::project::policy::Limits;
use crate::snapshots::record as published;

use compile::Form;
use view::{View, Viewed};

pub use confine::held;
pub use confinement::decide;
pub use content::{Content, NOTE, VIEW, content};
pub use expected::{ExpectedText, Kind};
pub use living::Living;
pub use page_count::{is_too_long, page_count_holds, pages};
pub use stage::{Templates, is_font};
pub use summary::{Summary, SummedChart, SummedCorrection, SummedFigure, SummedRequest};
pub use tool::{NAMED, Typst};

/// PNG pictures by their file names.
pub type Pictures = BTreeMap<&'static str, Vec<u8>>;

/// The picture of a first page.
pub const COVER: &str = "cover.png";
/// The picture of the chart on it, with its title and sources, ready to be put into a text of others.
pub const CHART: &str = "chart.png";

/// A typeset document.
pub struct SetDocument {
    /// Its country.
    pub country: String,
    /// Its language.
    pub language: String,
    /// The id of its kind.
    pub kind: String,
    /// The PDF's bytes.
    pub pdf: Vec<u8>,
    /// Its pictures by file name, of the document that has some: its first page, and the chart on it.
    pub pictures: Pictures,
    /// What it says first, of the document that comes first.
    pub summary: Option<Summary>,
    /// The corrections that it tells.
    pub corrected: Vec<SummedCorrection>,
    /// The charts drawn for it.
    pub figures: Vec<Figure>,
    /// The ids of the figures printed in it.
    pub printed: BTreeSet<String>,
    /// Figures that only its prose computes: changes and shares.
    pub derived: Vec<ReleasedCell>,
    /// The texts that may hold the numerals it prints.
    pub expected: ExpectedText,
    /// The prose that it prints.
    pub prose: Vec<Arc<Source>>,
    /// Its numerals that are not figures, as `trace` found them.
    pub literals: BTreeSet<(Kind, String)>,
}

/// What every document is typeset with.
#[derive(Clone, Copy)]
pub struct Press<'p> {
    /// The Typst command.
    pub typst: &'p Typst,
    /// The templates.
    pub templates: &'p Templates,
    /// Where they are staged.
    pub work: &'p Path,
    /// What one run may take.
    pub limits: Limits,
}

/// A document ready to be typeset: all that Typst will read except the templates.
pub struct Prepared<'o> {
    outline: &'o Outline<'o>,
    figures: Vec<Figure>,
    view: View,
    printed: BTreeSet<String>,
    expected: ExpectedText,
    summary: Option<Summary>,
}

/// Prepares one document; none where one of its charts cannot be printed.
///
/// # Errors
/// When the view cannot be written as JSON.
pub fn prepare<'o>(
    outline: &'o Outline<'o>,
    figures: Vec<Figure>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Prepared<'o>>> {
    let faults = chart_faults::faults(outline, &figures);
    if !faults.is_empty() {
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        return Ok(None);
    }
    chart_faults::titles(outline, &figures).into_iter().for_each(|warning| diagnostics.push(warning));
    let Viewed { view, printed, expected, summary } = view::view(outline, &figures)?;
    Ok(Some(Prepared { outline, figures, view, printed, expected, summary }))
}

impl Prepared<'_> {
    /// Typesets it. What Typst complains of goes to `diagnostics`; there is no document where one of these is an error.
    ///
    /// # Errors
    /// When there is no room to stage, or Typst crashes or hangs.
    pub fn typeset(
        mut self,
        press: Press<'_>,
        fingerprint: &str,
        diagnostics: &mut Diagnostics,
    ) -> Result<Option<SetDocument>> {
        self.view.carry(fingerprint);
        let (document, date) = (&self.outline.document, self.outline.project.report.issue.end());
        let folder = press.work.join(self.name());
        stage::stage(self.outline, &self.figures, &self.view, press.templates, &folder)?;
        let run = |form| {
            point(Stage::Typeset, &document.country.iso3);
            compile::compile(press.typst, &folder, &document.kind.id, form, date, press.limits)
        };
        // All run at the same time, so the pictures cost hardly any.
        let cover = || has_cover(self.outline).then(|| run(cover_form(self.outline)));
        let chart = || self.has_chart(press.templates).then(|| run(Form::Chart));
        let (pdf, (cover, chart)) = rayon::join(|| run(Form::Pdf), || rayon::join(cover, chart));
        // If this fails, the folder goes when the whole work folder is cleared.
        let _ = std::fs::remove_dir_all(&folder);
        let (pdf, complaints) = pdf?;
        for complaint in complaints {
            let found = limits::too_long(self.outline, &complaint.message);
            let found = found.unwrap_or_else(|| vec![complaint::locate(self.outline, press.templates, complaint)]);
            found.into_iter().for_each(|finding| diagnostics.push(finding));
        }
        let Some(pdf) = pdf else { return Ok(None) };
        let mut pictures = Pictures::new();
        for (name, run) in [(COVER, cover), (CHART, chart)] {
            if let Some((picture, _)) = run.transpose()? {
                pictures.insert(name, picture.with_context(|| format!("Typst made no `{name}`"))?);
            }
        }
        Ok(Some(self.keep(pdf, pictures)))
    }

    /// Whether a picture of the chart of its first page is published.
    fn has_chart(&self, templates: &Templates) -> bool {
        self.view.has_picture() && !templates.get(Form::CHART).is_empty()
    }

    /// All that Typst reads of it, by name.
    ///
    /// # Errors
    /// When the view cannot be written as JSON.
    pub fn pieces<'p>(&'p self, templates: &'p Templates) -> Result<Vec<(String, Cow<'p, [u8]>)>> {
        let mut pieces = stage::files(self.outline, &self.figures, &self.view, templates)?;
        pieces.push(("edition".to_owned(), Cow::Borrowed(self.outline.document.kind.id.as_bytes())));
        if has_cover(self.outline) {
            pieces.push(("cover".to_owned(), Cow::Borrowed(b"")));
        }
        if self.has_chart(templates) {
            pieces.push(("chart".to_owned(), Cow::Borrowed(b"")));
        }
        Ok(pieces)
    }

    /// The ids of the figures that it prints.
    #[must_use]
    pub fn printed(&self) -> &BTreeSet<String> {
        &self.printed
    }

    /// The ids of the figures that it prints, by each form in which it may print them.
    #[must_use]
    pub fn by_form(&self) -> BTreeMap<String, BTreeSet<String>> {
        view::by_form(self.outline, &self.printed)
    }

    /// The texts that may hold the numerals it prints.
    #[must_use]
    pub fn expected(&self) -> &ExpectedText {
        &self.expected
    }

    /// The document with a PDF that is at hand: new, or kept from an earlier build.
    #[must_use]
    pub fn keep(self, pdf: Vec<u8>, pictures: Pictures) -> SetDocument {
        let document = &self.outline.document;
        let phrases = self.outline.bindings.phrases.values();
        SetDocument {
            country: document.country.iso3.clone(),
            language: document.text.language.clone(),
            kind: document.kind.id.clone(),
            pdf,
            pictures,
            summary: self.summary,
            corrected: view::summed(&self.view),
            figures: self.figures,
            printed: self.printed,
            derived: phrases.filter_map(|bound| bound.derived.clone()).collect(),
            expected: self.expected,
            prose: prose::narratives(self.outline).map(|narrative| Arc::clone(&narrative.source)).collect(),
            literals: BTreeSet::new(),
        }
    }

    /// Name of its staging folder, which no other document has.
    fn name(&self) -> String {
        let document = &self.outline.document;
        let name = format!("{}-{}-{}", document.country.iso3, document.text.language, document.kind.id);
        document.donor.map_or(name.clone(), |donor| format!("donors/{}/{name}", donor.id.value))
    }
}

/// Whether a picture of its first page is published: only of the first declared kind, and of no donor's copy.
fn has_cover(outline: &Outline<'_>) -> bool {
    let first = outline.project.report.documents.first();
    first.is_some_and(|document| document.id == outline.document.kind.id) && outline.document.donor.is_none()
}

/// How the picture of its first page is made: from that page alone, unless a section later on writes the deck of the cover.
fn cover_form(outline: &Outline<'_>) -> Form {
    let own = |span: &Span| outline.front.is_some_and(|front| span.path() == front.source.path);
    let mut decks = outline.bindings.titles.iter().filter(|title| title.what == "deck");
    if decks.all(|deck| own(&deck.span)) { Form::CoverAlone } else { Form::Cover }
}

/// The ids of the figures that a document prints, without typesetting it; none where one of its charts cannot be printed.
///
/// # Errors
/// When a chart cannot be drawn, or the view cannot be written as JSON.
pub fn printed_in(outline: &Outline<'_>) -> Result<BTreeSet<String>> {
    let prepared = prepare(outline, draw(outline)?, &mut Diagnostics::default())?;
    Ok(prepared.map(|prepared| prepared.printed).unwrap_or_default())
}

/// A figure in a line of the document's language, as it was printed, if that may be printed again, and as it is now.
#[must_use]
pub fn change_line(outline: &Outline<'_>, before: Option<&published::Figure>, now: &published::Figure) -> String {
    view::change_line(outline, before, now)
}

/// Asks Typst on which pages of a document each figure is printed; the document itself is not written.
///
/// # Errors
/// When there is no room to stage, or Typst crashes or hangs.
pub fn places(
    outline: &Outline<'_>,
    figures: Vec<Figure>,
    press: Press<'_>,
) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let prepared = prepare(outline, figures, &mut Diagnostics::default())?.context("a chart does not fit on a page")?;
    let folder = press.work.join(prepared.name());
    stage::stage(outline, &prepared.figures, &prepared.view.noting_places(), press.templates, &folder)?;
    let asked = "query(<printed>).map(it => (it.value, it.location().page()))";
    let json = compile::evaluate(press.typst, &folder, &outline.document.kind.id, asked, press.limits)?;
    let found: Vec<(String, usize)> = serde_json::from_slice(&json).context("Typst did not answer with pages")?;
    let mut places: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (id, page) in found {
        places.entry(id).or_default().insert(page);
    }
    Ok(places)
}
