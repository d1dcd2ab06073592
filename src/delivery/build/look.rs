//! Looks at documents without building them: on which pages of one, as Typst reports, and in which copies of it figures are
//! printed, what its pages look like and where on them each figure stands, and whether the next build would make it anew.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::delivery::approve::Standings;
use crate::delivery::publish::{self, Stamp, Sums, Workplace};
use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::Release;
use crate::document::bind::Prose;
use crate::document::draw::draw;
use crate::document::outline::{Outline, outline};
use crate::document::trace::{Located, Numeral, Printable, located, numerals};
use crate::document::typeset::{ExpectedText, Prepared, Press, Templates, prepare};
use crate::project::{Document, Project};
use crate::snapshots::correction::Changed;

use super::{Tools, Why, document::places, why};

/// The inputs of documents, to look up pages in them.
pub(crate) struct Look<'l> {
    pub(crate) project: &'l Project,
    pub(crate) release: &'l Release,
    pub(crate) prose: &'l [Prose<'l>],
    pub(crate) changes: &'l BTreeMap<String, Changed>,
    /// Which documents are approved; where only places are looked up, it does not matter.
    pub(crate) standings: &'l Standings,
}

impl Look<'_> {
    /// The pages of each figure in one document; `None` if Typst cannot report them.
    pub(crate) fn pages(&self, country: &str, document: &str) -> Option<BTreeMap<String, BTreeSet<usize>>> {
        let document = self.project.documents().find(|one| is(*one, country, document))?;
        let outline = self.outline(document)?;
        self.asking_typst(|press| places(&outline, press))
    }

    /// What Typst answers; none where it cannot be asked.
    fn asking_typst<T>(&self, ask: impl FnOnce(Press<'_>) -> Result<T>) -> Option<T> {
        let place = Workplace::take(&self.project.root, || ()).ok()?;
        let limits = self.project.report.limits;
        let stamp = Stamp::read(&self.project.root);
        let tools = Tools::found(Tools::look(&self.project.root, limits, stamp)).ok()?;
        let templates = Templates::read(&self.project.root).ok()?;
        place.begin().ok()?;
        ask(Press { typst: &tools.typst, templates: &templates, work: place.folder(), limits }).ok()
    }

    /// The numerals on each page of a document in `output/`, in reading order; none where it is not there. Where Typst can be
    /// asked, it says which figure each one is.
    ///
    /// # Errors
    /// When the PDF cannot be read.
    pub(crate) fn numerals(&self, document: Document<'_>) -> Result<Option<Vec<Vec<Numeral>>>> {
        let Some(pdf) = publish::document(&self.project.root, &publish::path(document)) else { return Ok(None) };
        let located = self.asking_typst(|press| self.located(document, press)).flatten();
        let texts = self.prepared(document, false, |prepared| Ok(Texts::of(&prepared)))?;
        texts.map(|texts| texts.numerals(&pdf, located.as_ref())).transpose()
    }

    /// Where the figures of a document stand; none where it cannot be planned.
    ///
    /// # Errors
    /// When Typst fails.
    pub(crate) fn located(&self, document: Document<'_>, press: Press<'_>) -> Result<Option<Located>> {
        self.prepared(document, true, |prepared| located(&prepared.located(press)?))
    }

    /// A page of a document as an SVG, and the texts of the document; none where it cannot be planned.
    ///
    /// # Errors
    /// When Typst fails.
    pub(crate) fn picture(
        &self,
        document: Document<'_>,
        press: Press<'_>,
        page: usize,
    ) -> Result<Option<(Vec<u8>, Texts)>> {
        self.prepared(document, false, |prepared| Ok((prepared.picture(press, page)?, Texts::of(&prepared))))
    }

    /// Prepares a document as it was spaced when it was built, its figures with their ids if these are asked for.
    fn prepared<T>(
        &self,
        document: Document<'_>,
        identifying: bool,
        ask: impl FnOnce(Prepared<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        let stamp = Stamp::read(&self.project.root);
        let spacing = stamp.kept(&publish::path(document)).map(|kept| kept.makeup).unwrap_or_default();
        let Some(plan) = self.outline(document) else { return Ok(None) };
        let plan = plan.set_as(spacing);
        let plan = if identifying { plan.identifying() } else { plan };
        prepare(&plan, draw(&plan)?, &mut Diagnostics::default())?.map(ask).transpose()
    }

    /// The existing copies of one document, by path below `output/`, and the figures that each prints.
    pub(crate) fn copies(&self, country: &str, document: &str) -> BTreeMap<String, BTreeSet<String>> {
        // Copies of the same sections print the same figures.
        let mut known: BTreeMap<Vec<&str>, BTreeSet<String>> = BTreeMap::new();
        let mut found = BTreeMap::new();
        for copy in self.project.copies().filter(|copy| is(*copy, country, document)) {
            let path = publish::path(copy);
            let Some(donor) = copy.donor.filter(|_| self.project.root.join("output").join(&path).is_file()) else {
                continue;
            };
            let sections = self.project.sections.iter().map(|section| section.id.as_str());
            let read = sections.filter(|section| donor.reads(section)).collect();
            let printed = known.entry(read).or_insert_with(|| self.printed(copy).unwrap_or_default());
            found.insert(path, printed.clone());
        }
        found
    }

    /// Why the next build would make a document anew, or that it would keep it: the checksums of all that Typst reads are
    /// compared with those in the stamp. None where the document has an error. `known` is whether the programs are the same.
    pub(crate) fn why(&self, document: Document<'_>, templates: &Templates, stamp: &Stamp, known: bool) -> Option<Why> {
        let path = publish::path(document);
        let Some(before) = stamp.kept(&path) else { return Some(why::of(known, None, &Sums::new())) };
        let plan = self.outline(document)?.set_as(before.makeup);
        let prepared = prepare(&plan, draw(&plan).ok()?, &mut Diagnostics::default()).ok()??;
        let pieces = publish::sums(&prepared.pieces(templates).ok()?);
        let why = why::of(known, Some(before), &pieces);
        let damaged = matches!(why, Why::Same | Why::Remarks) && !before.is_in_place(&self.project.root, &path);
        Some(if damaged { Why::Damaged } else { why })
    }

    /// The figures that a document prints.
    fn printed(&self, document: Document<'_>) -> Option<BTreeSet<String>> {
        let outline = self.outline(document)?;
        let prepared = prepare(&outline, draw(&outline).ok()?, &mut Diagnostics::default()).ok()??;
        Some(prepared.printed().clone())
    }

    fn outline<'e>(&'e self, document: Document<'e>) -> Option<Outline<'e>> {
        let iso3 = &document.country.iso3;
        let prose = self.prose.iter().find(|prose| prose.country.iso3 == *iso3)?;
        let document = self.standings.judged(document);
        Some(outline(document, self.release.country(iso3)?, prose, self.changes.get(iso3)))
    }
}

/// The texts that a document may print.
pub(crate) struct Texts {
    expected: ExpectedText,
    by_form: BTreeMap<String, BTreeSet<String>>,
}

impl Texts {
    fn of(prepared: &Prepared<'_>) -> Self {
        Self { expected: prepared.expected().clone(), by_form: prepared.by_form() }
    }

    /// The numerals on each page of the document, in reading order.
    ///
    /// # Errors
    /// When the PDF cannot be read.
    pub(crate) fn numerals(&self, pdf: &[u8], located: Option<&Located>) -> Result<Vec<Vec<Numeral>>> {
        numerals(pdf, Printable { texts: &self.expected, by_form: &self.by_form, located })
    }
}

/// Whether it is that document, or a copy of it.
fn is(one: Document<'_>, country: &str, document: &str) -> bool {
    let published = Document { donor: None, ..one };
    publish::path(published) == format!("{country}/{document}")
}
