//! Looks at documents without building them: on which pages of one, as Typst reports, and in which copies of it figures are
//! printed, and whether the next build would make it anew.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::delivery::publish::{self, Stamp, Sums, Workplace};
use crate::diagnostic::Diagnostics;
use crate::disclosure::protect::Release;
use crate::document::bind::Prose;
use crate::document::draw::draw;
use crate::document::outline::{Outline, outline};
use crate::document::trace::{Numeral, numerals_on};
use crate::document::typeset::{Press, Templates, prepare};
use crate::project::{Document, Project};
use crate::snapshots::correction::Changed;

use super::{Tools, Why, document::places, why};

/// The inputs of documents, to look up pages in them.
pub(crate) struct Look<'l> {
    pub(crate) project: &'l Project,
    pub(crate) release: &'l Release,
    pub(crate) prose: &'l [Prose<'l>],
    pub(crate) changes: &'l BTreeMap<String, Changed>,
}

impl Look<'_> {
    /// The pages of each figure in one document; `None` if Typst cannot report them.
    pub(crate) fn pages(&self, country: &str, document: &str) -> Option<BTreeMap<String, BTreeSet<usize>>> {
        let document = self.project.documents().find(|one| is(*one, country, document))?;
        let outline = self.outline(document)?;
        let place = Workplace::take(&self.project.root, || ()).ok()?;
        let limits = self.project.report.limits;
        let stamp = Stamp::read(&self.project.root);
        let tools = Tools::found(Tools::look(&self.project.root, limits, stamp)).ok()?;
        let templates = Templates::read(&self.project.root).ok()?;
        place.begin().ok()?;
        let press = Press { typst: &tools.typst, templates: &templates, work: place.folder(), limits };
        places(&outline, press).ok()
    }

    /// The numerals on a page of a document in `output/`, in reading order, and how many pages it has; none where it is not
    /// there. Where Typst can be asked, it says which of several figures stand on the page.
    ///
    /// # Errors
    /// When the PDF cannot be read.
    pub(crate) fn numerals(&self, document: Document<'_>, page: usize) -> Result<Option<(Vec<Numeral>, usize)>> {
        let path = publish::path(document);
        let stamp = Stamp::read(&self.project.root);
        let plan = self.outline(document);
        let plan = plan.map(|plan| plan.set_as(stamp.kept(&path).map(|kept| kept.makeup).unwrap_or_default()));
        let Some((plan, pdf)) = plan.zip(publish::document(&self.project.root, &path)) else { return Ok(None) };
        let Some(prepared) = prepare(&plan, draw(&plan)?, &mut Diagnostics::default())? else { return Ok(None) };
        let (mut numerals, pages) = numerals_on(page, &pdf, prepared.expected(), &prepared.by_form())?;
        let name = path.split_once('/').map_or("", |(_, name)| name);
        let placed = self.pages(&document.country.iso3, name).unwrap_or_default();
        let here = |id: &String| placed.get(id).is_some_and(|pages| pages.contains(&page));
        for numeral in numerals.iter_mut().filter(|numeral| numeral.figures.iter().any(here)) {
            numeral.figures.retain(|id| here(id));
        }
        Ok(Some((numerals, pages)))
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
        Some(outline(document, self.release.country(iso3)?, prose, self.changes.get(iso3)))
    }
}

/// Whether it is that document, or a copy of it.
fn is(one: Document<'_>, country: &str, document: &str) -> bool {
    let published = Document { donor: None, ..one };
    publish::path(published) == format!("{country}/{document}")
}
