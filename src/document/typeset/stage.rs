//! The staging folder of one document: every file that Typst may read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::prose::{self, narratives};
use super::qr;
use super::run::FONTS;
use super::view::{View, publisher};
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::project::country::Narrative;
use crate::project::face::Family;
use crate::project::{filled, templates};

/// Put before every narrative, so that it can call the documented functions.
const PRELUDE: &str = "#import \"/prose.typ\": *";

/// The files of `templates/`, by path from there, as they were when a run began.
pub struct Templates(BTreeMap<String, Vec<u8>>);

impl Templates {
    /// Reads them without hidden files, and the carried ones in place of those that the project lacks; refuses a link that leads
    /// anywhere but to a template.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let folder = root.join("templates");
        let (paths, refused) = templates(root).context("cannot read `templates/`")?;
        // Loading the project reports these; this one was added since.
        if let Some((path, why)) = refused.first() {
            bail!("`{path}` is not read: {why}");
        }
        let read = |path: String| {
            let bytes = fs::read(folder.join(&path)).with_context(|| format!("cannot read `templates/{path}`"))?;
            Ok((path, bytes))
        };
        let mut files: BTreeMap<String, Vec<u8>> = paths.into_iter().map(read).collect::<Result<_>>()?;
        let inside = |path: &'static str| path.strip_prefix("templates/").map(str::to_owned);
        let carried = filled(root).into_iter().filter_map(|(path, bytes)| Some((inside(path)?, bytes.to_vec())));
        files.extend(carried);
        Ok(Self(files))
    }

    /// All of them, by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// None at all.
    pub(super) fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// The bytes of one of them; none where there is no such file.
    pub(super) fn get(&self, path: &str) -> &[u8] {
        self.0.get(path).map_or(&[], Vec::as_slice)
    }
}

/// Writes everything that Typst may read.
pub(super) fn stage(
    outline: &Outline<'_>,
    figures: &[Figure],
    view: &View,
    templates: &Templates,
    folder: &Path,
) -> Result<()> {
    let refused = || format!("cannot stage in `{}`", folder.display());
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).with_context(refused),
        _ => fs::create_dir_all(folder.join(FONTS)).with_context(refused)?,
    }
    // Of two files of one name the later one counts: no template stands in for what this program writes.
    let files: BTreeMap<String, Cow<'_, [u8]>> = files(outline, figures, view, templates)?.into_iter().collect();
    for (path, bytes) in files {
        write(&folder.join(path), &bytes).with_context(refused)?;
    }
    Ok(())
}

/// Writes a file that is not there yet, so never through a link.
pub(super) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::File::create_new(path)?.write_all(bytes)
}

/// Whether a staged file is a font.
#[must_use]
pub fn is_font(path: &str) -> bool {
    path.strip_prefix(FONTS).is_some_and(|rest| rest.starts_with('/'))
}

/// Everything that Typst may read, by path in the staging folder.
pub(super) fn files<'o>(
    outline: &'o Outline<'o>,
    figures: &'o [Figure],
    view: &View,
    templates: &'o Templates,
) -> Result<Vec<(String, Cow<'o, [u8]>)>> {
    let mut files: Vec<(String, Cow<'o, [u8]>)> = Vec::new();
    files.extend(templates.0.iter().map(|(path, bytes)| (path.clone(), Cow::Borrowed(bytes.as_slice()))));
    for figure in figures {
        let drawing = figure.apart().0;
        files.push((format!("figures/{}.svg", figure.id), Cow::Owned(drawing.into_bytes())));
    }
    for narrative in narratives(outline) {
        files.push((prose::staged(narrative), Cow::Owned(prelude(outline, narrative).into_bytes())));
    }
    for (at, face) in outline.document.text.face.iter().flat_map(Family::files).enumerate() {
        files.push((format!("{FONTS}/{at}.ttf"), Cow::Owned(face.to_vec())));
    }
    if let Some(picture) = outline.document.donor.and_then(|donor| donor.picture.as_ref()) {
        files.push((picture.file.to_owned(), Cow::Borrowed(&picture.bytes)));
    }
    if let Some(picture) = outline.project.report.publisher.as_ref().and_then(|publisher| publisher.picture.as_ref()) {
        files.push((format!("{}{}", publisher::LOGO, picture.file), Cow::Borrowed(&picture.bytes)));
    }
    if let Some(code) = publisher::address(outline).as_deref().and_then(qr::code) {
        files.push((qr::FILE.to_owned(), Cow::Owned(code.into_bytes())));
    }
    files.push(("view.json".to_owned(), Cow::Owned(serde_json::to_vec(view)?)));
    Ok(files)
}

/// A narrative after a line that imports the functions of prose and, where it is not in the document's language, sets its own.
fn prelude(outline: &Outline<'_>, narrative: &Narrative) -> String {
    let (text, default) = (outline.document.text, outline.document.default);
    let other = || format!("; #set text(lang: \"{}\", region: \"{}\")", default.language, default.region);
    let tag = if narrative.language == text.language { String::new() } else { other() };
    format!("{PRELUDE}{tag}\n{}", text.breakable(&without_blocks(outline, narrative)))
}

/// The text of a narrative without the blocks of which nothing is known, whose figures and sources the view does not have.
fn without_blocks(outline: &Outline<'_>, narrative: &Narrative) -> String {
    let whole = narrative.source.text();
    let own = outline.front.is_some_and(|front| front.source.path == narrative.source.path);
    let (mut kept, mut from) = (String::new(), 0);
    for block in outline.bindings.left_out.iter().filter(|_| own) {
        // The call begins after its `#`; what follows keeps its place.
        let start = block.start.saturating_sub(1);
        kept.push_str(whole.get(from..start).unwrap_or_default());
        let blank = |c: char| if c == '\n' { c } else { ' ' };
        kept.extend(whole.get(start..block.end).unwrap_or_default().chars().map(blank));
        from = block.end;
    }
    kept.push_str(whole.get(from..).unwrap_or_default());
    kept
}
