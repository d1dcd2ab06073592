//! What is looked at: the documents of one build, with the data from which they were built. Nothing on the disk can be asked for but
//! these documents, and of a register nothing but what `explain` says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::answer;
use super::page::{self, Listed, Shown, View};
use super::response::Response;
use super::shelf::{Page, Shelf};
use crate::delivery::build::{Look, Tools};
use crate::delivery::publish::{self, Built, Inputs, Stamp, built, colours, read_inputs, sum};
use crate::diagnostic::{Diagnostic, Source};
use crate::document::explain::{self, Answer, Printed, Query, fill_rows, wanted_rows, where_printed};
use crate::document::trace::Numeral;
use crate::document::typeset::{Press, Templates, Typst};
use crate::project::Document;
use crate::tables::ingest;

/// The style of the page, but for its colours.
const STYLE: &str = include_str!("preview.css");
/// The script of the page.
const SCRIPT: &str = include_str!("preview.js");
/// What is said where the inputs are newer than the documents.
const CHANGED: &str = "The inputs have changed since this build: run `tipbrief build` to see what they make.";

/// What a build made, and from what.
pub(crate) struct Seen<'d> {
    pub(crate) look: Look<'d>,
    pub(crate) built: Built,
    pub(crate) inputs: Inputs,
    pub(crate) printed: Printed,
    /// The delivered files from which rows were made.
    pub(crate) delivered: Vec<Arc<Source>>,
}

/// The documents of a build, open to be looked at.
pub(crate) struct Desk<'d> {
    seen: Seen<'d>,
    base: String,
    typst: Typst,
    templates: Templates,
    work: TempDir,
    listed: Vec<Listed>,
    shelf: &'d mut Shelf,
}

/// A page that is asked for.
#[derive(Clone, Copy)]
struct Asked<'d> {
    document: Document<'d>,
    page: usize,
}

impl<'d> Desk<'d> {
    /// Lays the documents of a build out; with a warning where the system does not confine Typst in full.
    ///
    /// # Errors
    /// When there is no Typst, or it may not be started here; when a template cannot be read, or there is no room to work in.
    pub(crate) fn open(seen: Seen<'d>, address: &str, shelf: &'d mut Shelf) -> Result<(Self, Option<Diagnostic>)> {
        let project = seen.look.project;
        let tools = Tools::found(Tools::look(&project.root, project.report.limits, Stamp::read(&project.root)))?;
        let templates = Templates::read(&project.root)?;
        let work = TempDir::new().context("there is no room for a temporary folder")?;
        let outputs = &seen.built.outputs;
        let paths = project.documents().chain(project.copies()).map(publish::path);
        let paths = paths.filter(|path| outputs.contains_key(path));
        let listed: Vec<Listed> = paths.map(|path| Listed { path: path.trim_end_matches(".pdf").to_owned() }).collect();
        let sums: BTreeSet<&String> = outputs.values().collect();
        shelf.keep(|sum| sums.contains(&sum.to_owned()));
        let base = base(address);
        Ok((Self { seen, base, typst: tools.typst, templates, work, listed, shelf }, tools.unconfined))
    }

    /// Whether another build has been made since.
    pub(crate) fn is_outdated(&self) -> bool {
        built(&self.seen.look.project.root).is_none_or(|now| now.id != self.seen.built.id)
    }

    /// Answers what was asked.
    ///
    /// # Errors
    /// When Typst fails, or a file cannot be read any more.
    pub(crate) fn answer(&mut self, asked: &str) -> Result<Response> {
        let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["style"] => Ok(style(&colours(&self.seen.look.project.report.theme))),
            ["script"] => Ok(Response::script(SCRIPT)),
            ["state"] => Ok(Response::text(format!("{}\n{}\n", self.seen.built.id, self.note()))),
            [""] => {
                let first = self.listed.first().map(|first| format!("{}/1", first.path)).unwrap_or_default();
                self.page(&first, query)
            }
            ["page", place @ ..] => self.page(&place.join("/"), query),
            ["picture", place @ ..] => match self.asked(&place.join("/")) {
                Some(asked) => Ok(self.picture(asked)?.map_or_else(Response::unknown, Response::picture)),
                None => Ok(Response::unknown()),
            },
            ["numbers", place @ ..] => match self.asked(&place.join("/")) {
                Some(asked) => {
                    let pages = self.numerals(asked)?;
                    let numerals = pages.as_ref().and_then(|pages| pages.get(asked.page - 1));
                    Ok(numerals.map_or_else(Response::unknown, |found| Response::style(page::places(found))))
                }
                None => Ok(Response::unknown()),
            },
            _ => Ok(Response::unknown()),
        }
    }

    /// The page that a path names: one of a document of this build, or none. The path itself leads to no file.
    fn asked(&self, place: &str) -> Option<Asked<'d>> {
        let (path, page) = place.rsplit_once('/')?;
        let page = page.parse().ok().filter(|page| *page > 0)?;
        self.listed.iter().find(|listed| listed.path == path)?;
        let project = self.seen.look.project;
        let named = |document: &Document<'_>| publish::path(*document).trim_end_matches(".pdf") == path;
        Some(Asked { document: project.documents().chain(project.copies()).find(named)?, page })
    }

    fn page(&mut self, place: &str, query: &str) -> Result<Response> {
        let note = self.note();
        let Some(asked) = self.asked(place) else { return Ok(Response::unknown()) };
        let pages = self.numerals(asked)?;
        let Some((numerals, pages)) = pages.as_ref().and_then(|all| Some((all.get(asked.page - 1)?, all.len()))) else {
            return Ok(Response::unknown());
        };
        let number = query.strip_prefix("number=").and_then(|number| number.parse::<usize>().ok());
        let chosen = number.and_then(|number| Some((number, numerals.get(number)?)));
        let chosen = chosen.map(|(number, numeral)| anyhow::Ok((number, self.known(numeral)?))).transpose()?;
        let path = publish::path(asked.document);
        let path = path.trim_end_matches(".pdf");
        let shown = Shown { path, page: asked.page, pages, numerals, chosen };
        let (base, build, documents) = (&self.base, &self.seen.built.id, &self.listed);
        Ok(Response::html(View { base, build, note, documents, shown: Some(shown) }.html()))
    }

    /// What a reader must know of the whole: whether the inputs are newer.
    fn note(&self) -> &'static str {
        if self.is_current() { "" } else { CHANGED }
    }

    fn is_current(&self) -> bool {
        read_inputs(&self.seen.look.project.root).is_ok_and(|now| now == self.seen.inputs)
    }

    /// What `explain` says of a number.
    fn known(&self, numeral: &Numeral) -> Result<String> {
        if numeral.figures.is_empty() {
            return Ok(answer::other(numeral));
        }
        let is_current = self.is_current();
        let answers: Vec<Answer> =
            numeral.figures.iter().map(|id| self.explained(id, is_current)).collect::<Result<_>>()?;
        Ok(answer::figures(numeral, &answers, !is_current))
    }

    fn explained(&self, id: &str, is_current: bool) -> Result<Answer> {
        let Seen { look, printed, delivered, .. } = &self.seen;
        let mut answer = explain::explain(look.project, look.release, look.prose, &Query::read(&[id.to_owned()])?);
        let wanted = wanted_rows(&mut answer);
        let mut texts = BTreeMap::new();
        // The line of a table that has changed may be another row now.
        if is_current {
            texts = ingest::texts(&look.project.root, &look.project.countries, &wanted)?;
            texts.extend(ingest::delivered_texts(delivered, &wanted));
        }
        fill_rows(&mut answer, &texts);
        where_printed(&mut answer, None, printed, |_, _| None, |_, _| BTreeMap::new());
        Ok(answer)
    }

    /// The numerals of each page of a document; none where it is not there as it was built.
    fn numerals(&mut self, asked: Asked<'d>) -> Result<Option<Arc<Vec<Vec<Numeral>>>>> {
        let Some(key) = self.key(asked) else { return Ok(None) };
        if let Some(known) = self.shelf.numerals.get(&key.0) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(pdf) = self.pdf(asked) else { return Ok(None) };
        let look = &self.seen.look;
        let [figures, pages] = ["figures", "pages"].map(|work| self.work.path().join(work));
        // The figures and the picture that is asked for next are made at once.
        let (located, made) = rayon::join(
            || look.located(asked.document, self.press(&figures)),
            || look.picture(asked.document, self.press(&pages), asked.page),
        );
        let Some((picture, texts)) = made? else { return Ok(None) };
        // Where the figures cannot be found, each number says which it may be.
        let found = Arc::new(texts.numerals(&pdf, located.unwrap_or_default().as_ref())?);
        self.shelf.put(key.clone(), picture);
        self.shelf.numerals.insert(key.0, Arc::clone(&found));
        Ok(Some(found))
    }

    /// The picture of a page; none where there is no such page.
    fn picture(&mut self, asked: Asked<'d>) -> Result<Option<Arc<Vec<u8>>>> {
        let Some(key) = self.key(asked) else { return Ok(None) };
        if let Some(known) = self.shelf.picture(&key) {
            return Ok(Some(known));
        }
        let numerals = self.numerals(asked)?;
        if numerals.is_none_or(|pages| pages.len() < asked.page) {
            return Ok(None);
        }
        if let Some(known) = self.shelf.picture(&key) {
            return Ok(Some(known));
        }
        let pages = self.work.path().join("pages");
        let made = self.seen.look.picture(asked.document, self.press(&pages), asked.page)?;
        Ok(made.map(|(picture, _)| self.shelf.put(key, picture)))
    }

    fn key(&self, asked: Asked<'_>) -> Option<Page> {
        Some((self.seen.built.outputs.get(&publish::path(asked.document))?.clone(), asked.page))
    }

    /// The document as it was built.
    fn pdf(&self, asked: Asked<'_>) -> Option<Vec<u8>> {
        let path = publish::path(asked.document);
        let pdf = publish::document(&self.seen.look.project.root, &path)?;
        (self.seen.built.outputs.get(&path) == Some(&sum(&pdf))).then_some(pdf)
    }

    /// What a page is set with, in a folder that no other page works in.
    fn press<'p>(&'p self, work: &'p Path) -> Press<'p> {
        let limits = self.seen.look.project.report.limits;
        Press { typst: &self.typst, templates: &self.templates, work, limits }
    }
}

/// The answer where nothing can be shown, and why.
pub(crate) fn trouble(address: &str, asked: &str, why: &str) -> Response {
    match asked {
        "style" => style(&colours(&crate::project::theme::Theme::default())),
        "script" => Response::script(SCRIPT),
        "state" => Response::text(format!("\n{why}\n")),
        page if page.split(['/', '?']).next().is_none_or(|first| matches!(first, "" | "page")) => {
            let base = base(address);
            Response::html(View { base: &base, build: "", note: why, documents: &[], shown: None }.html())
        }
        _ => Response::unknown(),
    }
}

fn style(colours: &str) -> Response {
    Response::style(format!("{colours}{STYLE}"))
}

/// What the addresses of a preview begin with: the path of its own.
fn base(address: &str) -> String {
    address.splitn(4, '/').last().map_or_else(String::new, |path| format!("/{path}"))
}
