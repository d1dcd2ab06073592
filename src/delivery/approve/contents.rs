//! What every document says now, each under one checksum: what an approval binds.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use rayon::prelude::*;

use crate::delivery::publish::{self, Sums, sum};
use crate::disclosure::protect::{CountryRelease, Release, ReleasedCell};
use crate::document::bind::Prose;
use crate::document::outline::{Outline, outline};
use crate::document::typeset::{NOTE, Templates, VIEW, content};
use crate::project::{Document, Project};
use crate::snapshots::correction::Changed;
use crate::snapshots::record::Record;

/// All that documents are made of.
#[derive(Clone, Copy)]
pub struct Material<'m> {
    /// The declarations.
    pub project: &'m Project,
    /// What may be printed.
    pub release: &'m Release,
    /// The prose.
    pub prose: &'m [Prose<'m>],
    /// What changed since the previous snapshot.
    pub changes: &'m BTreeMap<String, Changed>,
    /// The templates.
    pub templates: &'m Templates,
}

/// What a document says.
pub struct Said {
    /// The checksum of all of it.
    pub content: String,
    /// The checksums of its parts.
    pub parts: Sums,
    /// The figures that it prints.
    pub record: Record,
    /// The document of the country that says all that this copy says; none of a document, or of a copy that says more.
    pub covered_by: Option<String>,
}

/// What documents say, by path below `output/`. Those with errors are not among them.
pub struct Contents(BTreeMap<String, Said>);

/// The part with the templates, and the one with the figures.
const TEMPLATES: &str = "templates";
const FIGURES: &str = "figures";
/// The folder of the charts among the parts.
const CHARTS: &str = "figures/";
/// How the part with a donor's logo begins.
const LOGO: &str = "logo.";

impl Contents {
    /// What these documents say. A copy is compared with its document, which must be among them.
    ///
    /// # Errors
    /// When a chart cannot be drawn.
    pub fn of(material: Material<'_>, documents: &[Document<'_>]) -> Result<Self> {
        let files = material.templates.files().map(|(path, bytes)| format!("{}  {path}\n", sum(bytes)));
        let templates = sum(files.collect::<String>().as_bytes());
        let said = documents.par_iter().map(|document| {
            let said = said(material, *document, &templates)?;
            Ok(said.map(|said| (publish::path(*document), said)))
        });
        let said: Vec<Option<(String, Said)>> = said.collect::<Result<_>>()?;
        let mut all: BTreeMap<String, Said> = said.into_iter().flatten().collect();
        for copy in documents.iter().filter(|document| document.donor.is_some()) {
            let (path, whole) = (publish::path(*copy), publish::path(Document { donor: None, ..*copy }));
            let covered = all.get(&path).zip(all.get(&whole)).is_some_and(|(copy, whole)| copy.is_within(whole));
            if let Some(said) = all.get_mut(&path).filter(|_| covered) {
                said.covered_by = Some(whole);
            }
        }
        Ok(Self(all))
    }

    /// What the document at a path says.
    #[must_use]
    pub fn of_path(&self, path: &str) -> Option<&Said> {
        self.0.get(path)
    }
}

impl Said {
    /// Whether a copy says nothing but what its document says: it has neither note nor logo, and every text, drawing and figure
    /// of it is in the document.
    fn is_within(&self, whole: &Self) -> bool {
        let own = |name: &str| name == VIEW || name == FIGURES;
        let parts = self.parts.iter().filter(|(name, _)| !own(name));
        let figures = &self.record.figures;
        parts.into_iter().all(|(name, sum)| {
            let of_donor = name == NOTE || name.starts_with(LOGO);
            !of_donor && whole.parts.get(name) == Some(sum)
        }) && figures.keys().all(|id| whole.record.figures.contains_key(id))
    }
}

/// What one document says; none if it has an error.
fn said(material: Material<'_>, document: Document<'_>, templates: &str) -> Result<Option<Said>> {
    let Some((plan, released)) = plan(material, document) else { return Ok(None) };
    let said = content(&plan)?;
    let cells = released.all().chain(released.all_late()).chain(said.derived.iter().copied());
    let printed = cells.filter(|cell: &&ReleasedCell| said.printed.contains(&cell.id));
    let record = Record::of_cells(material.project, &document.country.iso3, printed);
    let figures: String = record.figures.values().map(|figure| figure.seen() + "\n").collect();
    let mut parts: Sums = said.parts.iter().map(|(name, bytes)| (name.clone(), sum(bytes))).collect();
    parts.insert(TEMPLATES.to_owned(), templates.to_owned());
    parts.insert(FIGURES.to_owned(), sum(figures.as_bytes()));
    let content = parts.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect::<String>();
    Ok(Some(Said { content: sum(content.as_bytes()), parts, record, covered_by: None }))
}

fn plan<'m>(material: Material<'m>, document: Document<'m>) -> Option<(Outline<'m>, &'m CountryRelease)> {
    let iso3 = &document.country.iso3;
    let released = material.release.country(iso3)?;
    let prose = material.prose.iter().find(|prose| prose.country.iso3 == *iso3)?;
    let changes = material.changes.get(iso3);
    Some((outline(document, released, prose, changes), released))
}

/// What a part of a document is, as its authors call it.
#[must_use]
pub fn part_name(part: &str) -> String {
    let within = |folder: &str, ending: &str| part.strip_prefix(folder)?.strip_suffix(ending);
    match (within(CHARTS, ".svg"), within("narrative/", ".typ")) {
        (Some(chart), _) => format!("the chart `{chart}`"),
        (_, Some(prose)) => format!("the prose `{prose}`"),
        _ if part.starts_with(LOGO) => "the donor's logo".to_owned(),
        _ => match part {
            VIEW => "its words".to_owned(),
            NOTE => "the note to the donor".to_owned(),
            TEMPLATES => "the templates".to_owned(),
            FIGURES => "its figures".to_owned(),
            _ => format!("`{part}`"),
        },
    }
}

/// The parts that differ, as their authors call them. What follows from another difference is left out: charts from their
/// figures, the view from all that says by itself what it is.
#[must_use]
pub fn parts_that_differ(before: &Sums, now: &Sums, figures_differ: bool) -> Vec<String> {
    let names: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let differ: Vec<&str> =
        names.into_iter().filter(|name| before.get(*name) != now.get(*name)).map(String::as_str).collect();
    let follows = |part: &str| part == VIEW || part == FIGURES || figures_differ && part.starts_with(CHARTS);
    let own: Vec<String> = differ.iter().filter(|part| !follows(part)).map(|part| part_name(part)).collect();
    let rest = || differ.iter().map(|part| part_name(part)).collect();
    if own.is_empty() && !figures_differ { rest() } else { own }
}
