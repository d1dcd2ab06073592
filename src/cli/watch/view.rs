//! The document in view: set by a Typst that stays alive and put beside the outputs before everything else is built. It is never
//! listed, never sent, and nothing is made from it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::cli::end::guarded;
use crate::cli::stages::release;
use crate::delivery::approve::{Material, stand};
use crate::delivery::build::changes;
use crate::delivery::publish;
use crate::diagnostic::Diagnostics;
use crate::document::bind::bind;
use crate::document::draw::draw;
use crate::document::outline::outline;
use crate::document::typeset::{Living, Prepared, Press, Templates, Typst, prepare};
use crate::project::Project;

/// A document as a reader names it: `LAO/en/brief`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    country: String,
    language: String,
    document: String,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
        let [country, language, document] =
            parts.try_into().map_err(|_| "country, language and document are expected, parted by `/`".to_owned())?;
        Ok(Self { country: country.to_owned(), language: language.to_owned(), document: document.to_owned() })
    }
}

impl Wanted {
    fn file(&self) -> String {
        format!("{}-{}-{}.pdf", self.country, self.language, self.document)
    }
}

/// What is in view.
pub(super) struct View {
    root: PathBuf,
    /// The document that was asked for; none for that of the country saved.
    asked: Option<Wanted>,
    /// The country saved last.
    country: Option<String>,
    typst: Option<Typst>,
    living: Option<(Wanted, Living)>,
}

impl View {
    pub(super) fn of(root: &Path, asked: Option<Wanted>) -> Self {
        Self { root: root.to_owned(), asked, country: None, typst: None, living: None }
    }

    /// Shows the document after these paths were saved, and names its file. Where it cannot be shown, the build that follows says
    /// why.
    pub(super) fn show(&mut self, saved: &BTreeSet<PathBuf>) {
        let start = Instant::now();
        self.country = saved.iter().find_map(|path| country(path)).or_else(|| self.country.take());
        let shown = guarded(|| self.shown());
        match shown {
            Ok(Some(path)) => {
                // If nobody listens any more, the document is still there.
                let _ = writeln!(std::io::stdout(), "{}", path.display());
                let _ = writeln!(std::io::stderr(), "{} in view in {} ms", path.display(), start.elapsed().as_millis());
            }
            Ok(None) => {}
            // Whatever it is, the next document is shown by a new one.
            Err(_) => self.living = None,
        }
    }

    fn shown(&mut self) -> Result<Option<PathBuf>> {
        let mut found = Diagnostics::default();
        let mut project = Project::load(&self.root, &mut found)?;
        let Some(wanted) = self.wanted(&project) else { return Ok(None) };
        project.keep_country(&wanted.country);
        let release = release(&project, &|_| (), &mut found)?;
        let all_prose = bind(&project, &release, &mut found);
        let changes = changes(&project, &release, &mut found)?;
        if found.failed() || release.disclosing().is_some() {
            return Ok(None);
        }
        let document = project
            .documents()
            .find(|document| (&document.text.language, &document.kind.id) == (&wanted.language, &wanted.document));
        let parts = document.zip(release.country(&wanted.country)).zip(all_prose.first());
        let Some(((document, released), prose)) = parts else { return Ok(None) };
        let templates = Templates::read(&self.root)?;
        let material = Material {
            project: &project,
            release: &release,
            prose: &all_prose,
            changes: &changes,
            templates: &templates,
        };
        let document = stand(material, &[document], &mut found)?.judged(document);
        let plan = outline(document, released, prose, changes.get(&wanted.country));
        let Some(mut prepared) = prepare(&plan, draw(&plan)?, &mut found)? else { return Ok(None) };
        let limits = project.report.limits;
        let typst = match &self.typst {
            Some(typst) => typst.clone(),
            None => self.typst.insert(Typst::find(&self.root, limits, &mut |_| None)?).clone(),
        };
        let fingerprint = publish::fingerprint(&publish::sums(&prepared.pieces(&templates)?), &typst);
        let work = publish::place_of_view(&self.root);
        let press = Press { typst: &typst, templates: &templates, work: &work, limits };
        if let Ok(pdf) = self.again(&wanted, &mut prepared, press, &fingerprint) {
            return self.put(&wanted, pdf.as_deref());
        }
        let Some(mut prepared) = prepare(&plan, draw(&plan)?, &mut found)? else { return Ok(None) };
        let (living, pdf) = Living::start(&mut prepared, press, &fingerprint)?;
        self.living = Some((wanted.clone(), living));
        self.put(&wanted, pdf.as_deref())
    }

    /// What the one that is alive makes of the document.
    ///
    /// # Errors
    /// When there is none, or it died, hangs or outgrew its memory.
    fn again(
        &mut self,
        wanted: &Wanted,
        prepared: &mut Prepared<'_>,
        press: Press<'_>,
        fingerprint: &str,
    ) -> Result<Option<Vec<u8>>> {
        let alive = self.living.take().filter(|(known, _)| known == wanted);
        let (known, mut living) = alive.context("none is alive")?;
        let pdf = living.show(prepared, press.templates, fingerprint)?;
        self.living = Some((known, living));
        Ok(pdf)
    }

    fn put(&self, wanted: &Wanted, pdf: Option<&[u8]>) -> Result<Option<PathBuf>> {
        pdf.map(|pdf| publish::put_in_view(&self.root, &wanted.file(), pdf)).transpose()
    }

    /// The document to show: the one asked for, else the first of the country saved, in the default language.
    fn wanted(&self, project: &Project) -> Option<Wanted> {
        if let Some(asked) = &self.asked {
            return Some(asked.clone());
        }
        let known = |code: &&String| project.countries.iter().any(|country| country.iso3 == **code);
        let country = self.country.as_ref().filter(known).or(project.countries.first().map(|country| &country.iso3))?;
        Some(Wanted {
            country: country.clone(),
            language: project.texts.first()?.language.clone(),
            document: project.report.documents.first()?.id.clone(),
        })
    }
}

/// The country that a path below `data/countries/` belongs to.
fn country(path: &Path) -> Option<String> {
    let inside = path.strip_prefix("data/countries").ok()?;
    Some(inside.components().next()?.as_os_str().to_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_country_language_and_kind() {
        let wanted = "LAO/en/brief".parse::<Wanted>();
        assert_eq!(wanted.map(|wanted| wanted.file()).as_deref(), Ok("LAO-en-brief.pdf"));
        assert!("LAO/brief".parse::<Wanted>().is_err() && "".parse::<Wanted>().is_err());
        assert_eq!(country(Path::new("data/countries/LAO/arrests.csv")).as_deref(), Some("LAO"));
        assert_eq!(country(Path::new("data/report.toml")), None);
    }
}
