//! Release and figures to a PDF through the Typst command: **process** lives here.
//!
//! Typst sees a staging folder only: templates, figures, the view and this document's prose. No table is in it.

mod compile;
mod confine;
mod judge;
mod limits;
mod run;
mod stage;
mod tool;
mod view;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use memchr::memmem;
use serde::{Deserialize, Serialize};

use crate::diagnostic::bug::{Stage, point};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::disclosure::protect::ReleasedCell;
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::project::policy::Limits;
use crate::project::text::Marks;

use compile::Form;
use view::View;

pub use stage::Templates;
pub use tool::Typst;

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
    /// A PNG of its first page, of the document that has one.
    pub cover: Option<Vec<u8>>,
    /// The charts drawn for it.
    pub figures: Vec<Figure>,
    /// The ids of the figures printed in it.
    pub printed: BTreeSet<String>,
    /// Figures that only its prose computes: changes and shares.
    pub derived: Vec<ReleasedCell>,
    /// All that it may say.
    pub told: Told,
    /// The prose that it prints.
    pub prose: Vec<Arc<Source>>,
    /// The numerals in it that are no figures; `trace` finds them.
    pub literals: BTreeSet<(Kind, String)>,
}

/// What a numeral is that is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An article of law, a title, an address, a definition.
    Literal,
    /// A day or a period.
    Date,
    /// The number of a source.
    Mark,
    /// A number at a grid line.
    Axis,
    /// A number of a chart or a table, or how many of something there are.
    Number,
}

impl Kind {
    /// Its name in `figures.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Date => "date",
            Self::Mark => "mark",
            Self::Axis => "axis",
            Self::Number => "number",
        }
    }
}

/// Everything that a document may say, so that what it does say can be held against it.
pub struct Told {
    /// Strings that may hold numerals, by kind.
    pub strings: Vec<(Kind, String)>,
    /// Figures as they are printed.
    pub figures: Vec<String>,
    /// What groups their digits and sets decimals apart.
    pub marks: Marks,
}

/// What documents are made with.
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

/// A document before it is set: all that Typst will read of it but the templates.
pub struct Prepared<'o> {
    outline: &'o Outline<'o>,
    figures: Vec<Figure>,
    view: View,
    printed: BTreeSet<String>,
    told: Told,
}

/// Prepares one document; none where a chart of it fits no page.
///
/// # Errors
/// When the view cannot be written as JSON.
pub fn prepare<'o>(
    outline: &'o Outline<'o>,
    figures: Vec<Figure>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Prepared<'o>>> {
    let faults = judge::faults(outline, &figures);
    if !faults.is_empty() {
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        return Ok(None);
    }
    let (view, printed, told) = view::view(outline, &figures)?;
    Ok(Some(Prepared { outline, figures, view, printed, told }))
}

impl Prepared<'_> {
    /// Sets it. What Typst says of the data or the prose goes to `diagnostics`, and no document comes out.
    ///
    /// # Errors
    /// Failures of the world: no place to stage, Typst crashes or hangs.
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
        // The picture is made beside the document, so that it costs hardly any time.
        let cover = || has_cover(self.outline).then(|| run(cover_form(self.outline)));
        let (pdf, cover) = rayon::join(|| run(Form::Pdf), cover);
        // It has served; whoever clears the place of work clears it, too.
        let _ = std::fs::remove_dir_all(&folder);
        let (pdf, complaints) = pdf?;
        for complaint in complaints {
            let found = limits::too_long(self.outline, &complaint.message);
            let found = found.unwrap_or_else(|| vec![stage::locate(self.outline, press.templates, complaint)]);
            found.into_iter().for_each(|finding| diagnostics.push(finding));
        }
        let Some(pdf) = pdf else { return Ok(None) };
        let cover = cover.transpose()?.map(|(cover, _)| cover.context("Typst made no picture of the first page"));
        Ok(Some(self.keep(pdf, cover.transpose()?)))
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
        Ok(pieces)
    }

    /// The ids of the figures that it prints.
    #[must_use]
    pub fn printed(&self) -> &BTreeSet<String> {
        &self.printed
    }

    /// All that it may say, as one text.
    #[must_use]
    pub fn told(&self) -> String {
        let strings = self.told.strings.iter().map(|(kind, text)| format!("{} {text}\0", kind.name()));
        strings.chain(self.told.figures.iter().map(|text| format!("{text}\0"))).collect()
    }

    /// The document, set as it is.
    #[must_use]
    pub fn keep(self, pdf: Vec<u8>, cover: Option<Vec<u8>>) -> SetDocument {
        let document = &self.outline.document;
        let phrases = self.outline.bindings.phrases.values();
        SetDocument {
            country: document.country.iso3.clone(),
            language: document.text.language.clone(),
            kind: document.kind.id.clone(),
            pdf,
            cover,
            figures: self.figures,
            printed: self.printed,
            derived: phrases.filter_map(|bound| bound.derived.clone()).collect(),
            told: self.told,
            prose: stage::narratives(self.outline).map(|narrative| Arc::clone(&narrative.source)).collect(),
            literals: BTreeSet::new(),
        }
    }

    /// Names its staging folder, which is no other document's.
    fn name(&self) -> String {
        let document = &self.outline.document;
        let name = format!("{}-{}-{}", document.country.iso3, document.text.language, document.kind.id);
        document.donor.map_or(name.clone(), |donor| format!("donors/{}/{name}", donor.id.value))
    }
}

/// Whether a document has more pages than it promises.
#[must_use]
pub fn is_too_long(outline: &Outline<'_>, pages: usize) -> bool {
    outline.document.kind.pages.is_some_and(|wanted| i64::try_from(pages).is_ok_and(|pages| pages > wanted))
}

/// Whether it is the document whose first page is pictured: the first with sections, as it is published.
fn has_cover(outline: &Outline<'_>) -> bool {
    let whole = outline.project.report.documents.iter().find(|document| document.sections);
    whole.is_some_and(|document| document.id == outline.document.kind.id) && outline.document.donor.is_none()
}

/// How its first page is pictured: alone, unless a section after it calls the deck of its cover.
fn cover_form(outline: &Outline<'_>) -> Form {
    let own = |span: &Span| outline.front.is_some_and(|front| span.path() == front.source.path);
    let mut decks = outline.bindings.titles.iter().filter(|title| title.what == "deck");
    if decks.all(|deck| own(&deck.span)) { Form::CoverAlone } else { Form::Cover }
}

/// On which pages of a document each figure is printed, asked of Typst; the document itself is not made.
///
/// # Errors
/// Failures of the world: no place to stage, Typst crashes or hangs.
pub fn places(
    outline: &Outline<'_>,
    figures: Vec<Figure>,
    press: Press<'_>,
) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let prepared = prepare(outline, figures, &mut Diagnostics::default())?.context("a chart fits no page")?;
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

/// Whether a document that promises a number of pages keeps it; the fault stands at the prose that is too long or too short.
#[must_use]
pub fn page_count_holds(outline: &Outline<'_>, pdf: &[u8], diagnostics: &mut Diagnostics) -> bool {
    let Some(wanted) = outline.document.kind.pages else { return true };
    let pages = pages(pdf);
    if i64::try_from(pages) == Ok(wanted) {
        return true;
    }
    let noun = if pages == 1 { "page" } else { "pages" };
    let message = format!("`{}` comes to {pages} {noun}; {wanted} are promised", outline.document.kind.title);
    let Some(front) = outline.front else {
        // A new country has no prose yet: its documents are made all the same.
        let missing = stage::missing_prose(outline);
        diagnostics.push(Diagnostic::warning(Code::TypstError, missing, message).hint("write this file"));
        return true;
    };
    let hint = if i64::try_from(pages).is_ok_and(|pages| pages > wanted) { "shorten the prose" } else { "say more" };
    diagnostics.push(Diagnostic::error(Code::TypstError, Span::start_of(&front.source), message).hint(hint));
    false
}

/// The pages of a PDF, from the count that the root of its page tree states; bookmarks have counts of their own.
#[must_use]
pub fn pages(pdf: &[u8]) -> usize {
    let nodes = memmem::find_iter(pdf, b"/Type /Pages").chain(memmem::find_iter(pdf, b"/Type/Pages"));
    nodes.filter_map(|at| count(object(pdf, at))).max().unwrap_or(0)
}

/// The object around a place: from the end of the one before to its own end.
fn object(pdf: &[u8], at: usize) -> &[u8] {
    let start = memmem::rfind(&pdf[..at], b"endobj").unwrap_or(0);
    let end = memmem::find(&pdf[at..], b"endobj").map_or(pdf.len(), |length| at + length);
    &pdf[start..end]
}

fn count(object: &[u8]) -> Option<usize> {
    let key = b"/Count";
    let after = &object[memmem::find(object, key)? + key.len()..];
    let digits = after.iter().map(|byte| *byte as char).skip_while(|c| c.is_whitespace());
    digits.take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}
