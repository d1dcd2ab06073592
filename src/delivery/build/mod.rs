//! Builds every country without errors: outlines, draws, typesets and reads back its documents, and prepares its folder. A
//! failure in one country does not stop the others. Then come the copies of donors, for all countries or for none.

mod changes;
mod copies;
mod document;
mod look;
mod tools;
mod why;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Error, Result};
use rayon::prelude::*;

use crate::delivery::approve::Standings;
use crate::delivery::publish::{self, Kept, Published, Set, Workplace};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::bug::caught;
use crate::disclosure::protect::{Discloses, Release};
use crate::document::bind::Prose;
use crate::document::typeset::{Press, SetDocument};
use crate::project::country::Country;
use crate::project::donor::Donor;
use crate::project::{Document, Project};
use crate::snapshots::correction::Changed;

use document::make;

pub(crate) use changes::changes;
pub(crate) use look::Look;
pub(crate) use tools::Tools;
pub use why::Why;

/// The result of a build.
#[derive(Debug, Default)]
pub struct Built {
    /// The documents, as paths.
    pub paths: Vec<PathBuf>,
    /// The inputs that differ from those of the previous build, as paths.
    pub changed: Vec<String>,
    /// Countries that could not be built because of a machine failure, by reason; their previous output stays.
    pub failed: BTreeMap<String, Vec<String>>,
    /// Why each output was rebuilt or kept, by path below `output/`.
    pub whys: BTreeMap<String, Why>,
    /// Countries that are not published because of errors or because they disclose; their previous output stays, too.
    /// In both lists the copies of donors count as one entry.
    pub faulty: Vec<String>,
    /// The disclosures that keep a country, or the copies, from being published.
    pub discloses: Vec<Discloses>,
}

/// A document, its inputs, and why it was built or kept.
type Made = (SetDocument, Kept, Why);

impl Built {
    /// A build that had nothing to do.
    #[must_use]
    pub(crate) fn nothing(root: &Path, outputs: Vec<String>) -> Self {
        let document = |path: &&String| Path::new(path).extension().is_some_and(|kind| kind == "pdf");
        let paths = outputs.iter().filter(document).map(|path| root.join("output").join(path)).collect();
        Self { paths, whys: outputs.into_iter().map(|path| (path, Why::Same)).collect(), ..Self::default() }
    }

    /// Adds what was published in the end.
    pub(crate) fn published(&mut self, published: Published) {
        published.pages.iter().for_each(|page| self.explain(page, BTreeMap::new()));
        self.paths = published.documents;
    }

    fn explain(&mut self, set: &Set, whys: BTreeMap<String, Why>) {
        let why = |same: &Option<bool>| match same {
            Some(true) => Why::Same,
            Some(false) => Why::Content,
            None => Why::Unknown,
        };
        self.whys.extend(set.files.iter().map(|(path, same)| (path.clone(), why(same))));
        self.whys.extend(whys);
    }
}

/// The inputs of all countries.
#[derive(Clone, Copy)]
pub(crate) struct Making<'m> {
    pub(crate) project: &'m Project,
    pub(crate) release: &'m Release,
    pub(crate) prose: &'m [Prose<'m>],
    pub(crate) changes: &'m BTreeMap<String, Changed>,
    /// Which documents are approved.
    pub(crate) standings: &'m Standings,
    pub(crate) press: Press<'m>,
    pub(crate) place: &'m Workplace,
    pub(crate) tools: &'m Tools,
    /// The one donor whose copies are built; `None` for all donors.
    pub(crate) asked: Option<&'m Donor>,
    /// Receives the name of each document that is being built.
    pub(crate) made: &'m (dyn Fn(&str) + Sync),
}

/// Builds every country that has no error and discloses nothing, and the copies of donors.
pub(crate) fn all(making: Making<'_>, diagnostics: &mut Diagnostics) -> (Vec<Set>, Built) {
    let (mut sets, mut built) = countries(making, diagnostics);
    let copies = copies::copies(making, &sets, &mut built, diagnostics);
    sets.extend(copies);
    (sets, built)
}

fn countries(making: Making<'_>, diagnostics: &mut Diagnostics) -> (Vec<Set>, Built) {
    let sound =
        |country: &&Country| !diagnostics.failed_in(&country.iso3) && making.release.country(&country.iso3).is_some();
    let sound: Vec<&Country> = making.project.countries.iter().filter(sound).collect();
    let made: Vec<_> = sound
        .into_par_iter()
        .map(|country| {
            let mut found = Diagnostics::default();
            let set = caught(|| whole(making, country, &mut found)).map_err(Error::from).flatten();
            (country.iso3.as_str(), set, found)
        })
        .collect();
    let (mut sets, mut built) = (Vec::new(), Built::default());
    let (left_out, public) = making.release.disclosing().unzip();
    let mut left_out: Vec<&str> = left_out.unwrap_or_default();
    built.discloses.extend(public);
    for (country, set, found) in made {
        diagnostics.absorb(found);
        match set {
            Ok(Some((set, whys))) => {
                built.explain(&set, whys);
                sets.push(set);
            }
            Ok(None) => {}
            Err(error) => match error.downcast::<Discloses>() {
                Ok(discloses) => {
                    built.discloses.push(discloses);
                    left_out.push(country);
                }
                Err(error) => built.failed.entry(format!("{error:#}")).or_default().push(country.to_owned()),
            },
        }
    }
    for (country, bug) in diagnostics.stopped() {
        built.failed.entry(bug.to_string()).or_default().push(country.to_owned());
    }
    let faulty =
        |code: &&str| (diagnostics.faulty_in(code) || left_out.contains(code)) && !diagnostics.is_stopped(code);
    let codes = making.project.countries.iter().map(|country| country.iso3.as_str());
    built.faulty = codes.filter(faulty).map(str::to_owned).collect();
    (sets, built)
}

/// One country, prepared; `None` if one of its documents has an error.
fn whole(
    making: Making<'_>,
    country: &Country,
    diagnostics: &mut Diagnostics,
) -> Result<Option<(Set, BTreeMap<String, Why>)>> {
    let documents: Vec<Document<'_>> =
        making.project.documents().filter(|document| document.country.iso3 == country.iso3).collect();
    let made: Vec<(Result<Option<Made>>, Diagnostics)> = documents
        .par_iter()
        .map(|document| {
            let mut found = Diagnostics::default();
            let set = make(making, *document, &mut found);
            let name = format!("{} {} {}", country.iso3, document.text.language, document.kind.id);
            (making.made)(&name);
            (set, found)
        })
        .collect();
    let (mut set, mut failed) = (Vec::new(), None);
    for (one, found) in made {
        diagnostics.absorb(found);
        match one {
            Ok(one) => set.extend(one),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    let released = making.release.country(&country.iso3).filter(|_| set.len() == documents.len());
    let (Some(released), None) = (released, &failed) else { return failed.map_or(Ok(None), Err) };
    let disclosing = publish::disclosing(set.iter().map(|(document, ..)| document), making.release, making.project);
    if !disclosing.is_empty() {
        return Err(Error::from(Discloses::Artefacts(disclosing)));
    }
    let whys = set.iter().map(|(.., why)| why.clone());
    let whys = documents.iter().map(|document| publish::path(*document)).zip(whys).collect();
    let set = set.into_iter().map(|(document, kept, _)| (document, kept)).collect();
    let set = publish::prepare(making.place, country, released, making.project, set)?;
    Ok(Some((set, whys)))
}
