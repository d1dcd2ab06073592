//! Release and figures to a PDF through the Typst command: **process** lives here.
//!
//! Typst sees a staging folder only: templates, figures, the view and this document's prose. No table is in it.

mod compile;
mod judge;
mod limits;
mod stage;
mod tool;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use memchr::memmem;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span};
use crate::draw::Figure;
use crate::outline::Outline;
use crate::protect::ReleasedCell;

use compile::Form;

pub use tool::Typst;

/// A typeset document.
pub struct Document {
    /// Its country.
    pub country: String,
    /// Its language.
    pub language: String,
    /// Its edition's id.
    pub edition: String,
    /// The PDF's bytes.
    pub pdf: Vec<u8>,
    /// A PNG of its first page, of the edition that has one.
    pub cover: Option<Vec<u8>>,
    /// The charts drawn for it.
    pub figures: Vec<Figure>,
    /// The ids of the figures printed in it.
    pub printed: BTreeSet<String>,
    /// Figures that only its prose computes: changes and shares.
    pub derived: Vec<ReleasedCell>,
    /// All that it may say.
    pub told: Told,
    /// The numerals in it that are no figures; `trace` finds them.
    pub literals: BTreeSet<(Kind, String)>,
}

/// What a numeral is that is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
}

/// Sets one document. What Typst says of the data or the prose goes to `diagnostics`, and no document comes out.
///
/// # Errors
/// Failures of the world: no place to stage, Typst crashes or hangs.
pub fn typeset(
    outline: &Outline<'_>,
    figures: Vec<Figure>,
    typst: &Typst,
    work: &Path,
    fingerprint: &str,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Document>> {
    let edition = &outline.edition;
    let name = format!("{}-{}-{}", edition.country.iso3, edition.text.language, edition.kind.id);
    let folder = work.join(&name);
    let faults = judge::faults(outline, &figures);
    if !faults.is_empty() {
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
        return Ok(None);
    }
    let (view, printed, told) = view::view(outline, &figures, fingerprint)?;
    stage::stage(outline, &figures, &view, &folder)?;
    let (output, picture) = (work.join(format!("{name}.pdf")), work.join(format!("{name}.png")));
    let date = outline.project.report.issue.end();
    let run = |form: (Form, &Path)| compile::compile(typst, &folder, &edition.kind.id, form, date);
    // The picture is made beside the document, so that it costs hardly any time.
    let cover = || has_cover(outline).then(|| run((Form::Cover, &picture)));
    let (complaints, pictured) = rayon::join(|| run((Form::Pdf, &output)), cover);
    let complaints = complaints?;
    let failed = complaints.iter().any(|complaint| complaint.error);
    for complaint in complaints {
        let found = limits::too_long(outline, &complaint.message);
        found.unwrap_or_else(|| vec![stage::locate(outline, complaint)]).into_iter().for_each(|f| diagnostics.push(f));
    }
    if failed {
        return Ok(None);
    }
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read what Typst wrote, `{}`", path.display()))
    };
    let pdf = read(&output)?;
    let cover = pictured.map(|complaints| complaints.and_then(|_| read(&picture))).transpose()?;
    if !page_count_holds(outline, &pdf, diagnostics) {
        return Ok(None);
    }
    Ok(Some(Document {
        country: edition.country.iso3.clone(),
        language: edition.text.language.clone(),
        edition: edition.kind.id.clone(),
        pdf,
        cover,
        figures,
        printed,
        derived: outline.bindings.phrases.values().filter_map(|bound| bound.derived.clone()).collect(),
        told,
        literals: BTreeSet::new(),
    }))
}

/// Whether it is the edition whose first page is pictured: the first with sections.
fn has_cover(outline: &Outline<'_>) -> bool {
    let whole = outline.project.report.editions.iter().find(|edition| edition.sections);
    whole.is_some_and(|edition| edition.id == outline.edition.kind.id)
}

/// On which pages of a document each figure is printed, asked of Typst; the document itself is not made.
///
/// # Errors
/// Failures of the world: no place to stage, Typst crashes or hangs.
pub fn places(
    outline: &Outline<'_>,
    figures: &[Figure],
    typst: &Typst,
    work: &Path,
) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let edition = &outline.edition;
    let folder = work.join(format!("{}-{}-{}-places", edition.country.iso3, edition.text.language, edition.kind.id));
    let (view, ..) = view::view(outline, figures, "")?;
    stage::stage(outline, figures, &view.noting_places(), &folder)?;
    let asked = "query(<printed>).map(it => (it.value, it.location().page()))";
    let json = compile::evaluate(typst, &folder, &edition.kind.id, asked)?;
    let found: Vec<(String, usize)> = serde_json::from_slice(&json).context("Typst did not answer with pages")?;
    let mut places: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (id, page) in found {
        places.entry(id).or_default().insert(page);
    }
    std::fs::remove_dir_all(work).with_context(|| format!("cannot clear `{}`", work.display()))?;
    Ok(places)
}

/// An edition that promises a number of pages keeps it; the fault stands at the prose that is too long or too short.
fn page_count_holds(outline: &Outline<'_>, pdf: &[u8], diagnostics: &mut Diagnostics) -> bool {
    let Some(wanted) = outline.edition.kind.pages else { return true };
    let pages = pages(pdf);
    if i64::try_from(pages) == Ok(wanted) {
        return true;
    }
    let noun = if pages == 1 { "page" } else { "pages" };
    let message = format!("`{}` comes to {pages} {noun}; {wanted} are promised", outline.edition.kind.title);
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
fn pages(pdf: &[u8]) -> usize {
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

/// Where documents are staged during a build; never part of a set.
#[must_use]
pub fn work_folder(root: &Path) -> PathBuf {
    root.join("output").join(".work")
}
