//! The staging folder of one document, and the way back from it to the user's own files.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::compile::Complaint;
use super::view::View;
use crate::diagnostic::{Code, Diagnostic, Severity, Source, Span};
use crate::document::draw::Figure;
use crate::document::outline::Outline;
use crate::project::country::Narrative;
use crate::project::face::Family;
use crate::project::templates;

/// Put before every narrative, so that it can call the documented functions.
const PRELUDE: &str = "#import \"/prose.typ\": *";
/// What Typst says of a letter without a face.
const NO_LETTER: &str = "could not be displayed with font";
/// What sets a donor's logo: of what it reads, the logo alone can be at fault.
const PREPARED_FOR: &str = "components/prepared-for.typ";
/// Where a document's further faces are staged.
pub(super) const FONTS: &str = "fonts";

/// The files of `templates/`, by path from there, as they were when a run began.
pub struct Templates(BTreeMap<String, Vec<u8>>);

impl Templates {
    /// Reads them; a hidden file is none, and a link that brings anything else among them is refused.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let folder = root.join("templates");
        let (paths, refused) = templates(root).context("cannot read `templates/`")?;
        // Loading the project tells of it; this is what came there since.
        if let Some((path, why)) = refused.first() {
            bail!("`{path}` is not read: {why}");
        }
        let read = |path: String| {
            let bytes = fs::read(folder.join(&path)).with_context(|| format!("cannot read `templates/{path}`"))?;
            Ok((path, bytes))
        };
        Ok(Self(paths.into_iter().map(read).collect::<Result<_>>()?))
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
    fs::create_dir_all(folder.join(FONTS)).with_context(|| format!("cannot stage in `{}`", folder.display()))?;
    for (path, bytes) in files(outline, figures, view, templates)? {
        write(&folder.join(path), &bytes).with_context(|| format!("cannot stage in `{}`", folder.display()))?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
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
        files.push((staged(narrative), Cow::Owned(prose(outline, narrative).into_bytes())));
    }
    for (at, face) in outline.document.text.face.iter().flat_map(Family::files).enumerate() {
        files.push((format!("{FONTS}/{at}.ttf"), Cow::Owned(face.to_vec())));
    }
    if let Some(picture) = outline.document.donor.and_then(|donor| donor.picture.as_ref()) {
        files.push((picture.file.to_owned(), Cow::Borrowed(&picture.bytes)));
    }
    files.push(("view.json".to_owned(), Cow::Owned(serde_json::to_vec(view)?)));
    Ok(files)
}

/// A narrative with one line before it; in the default language, where that is not the document's, it says so.
fn prose(outline: &Outline<'_>, narrative: &Narrative) -> String {
    let (text, default) = (outline.document.text, outline.document.default);
    let other = || format!("; #set text(lang: \"{}\", region: \"{}\")", default.language, default.region);
    let tag = if narrative.language == text.language { String::new() } else { other() };
    format!("{PRELUDE}{tag}\n{}", text.breakable(&narrative.source.text()))
}

/// Where a narrative stands in the staging folder.
pub(super) fn staged(narrative: &Narrative) -> String {
    format!("narrative/{}.typ", narrative.place)
}

/// The narratives of this document.
pub(super) fn narratives<'o>(outline: &'o Outline<'_>) -> impl Iterator<Item = &'o Narrative> {
    outline.front.into_iter().chain(outline.sections.iter().filter_map(|part| part.narrative))
}

/// A complaint of Typst at its place in the user's own files.
pub(super) fn locate(outline: &Outline<'_>, templates: &Templates, complaint: Complaint) -> Diagnostic {
    let (line, column) = complaint.position;
    let narrative = narratives(outline).find(|narrative| staged(narrative) == complaint.path);
    let logo = outline.document.donor.and_then(|donor| donor.logo.as_ref()).filter(|_| complaint.path == PREPARED_FOR);
    // What Typst says of no place stands at the document's own template.
    let path = if complaint.path.is_empty() { format!("{}.typ", outline.document.kind.id) } else { complaint.path };
    let span = match (narrative, logo) {
        (Some(narrative), _) => at(&narrative.source, line.saturating_sub(1), column),
        (None, Some(logo)) => logo.span.clone(),
        (None, None) => template(outline, templates, &path, line, column),
    };
    let severity = if complaint.error { Severity::Error } else { Severity::Warning };
    if complaint.message.contains(NO_LETTER) {
        let hint = format!(
            "say it in other letters, or name a face that has them in `data/text/{}.toml`",
            outline.document.text.language
        );
        return Diagnostic::error(Code::MissingFace, span, complaint.message).hint(hint);
    }
    Diagnostic { severity, ..Diagnostic::error(Code::TypstError, span, complaint.message) }
}

/// Where the prose of this document would stand.
pub(super) fn missing_prose(outline: &Outline<'_>) -> Span {
    let (country, language) = (&outline.document.country.iso3, &outline.document.text.language);
    let path = format!("data/countries/{country}/narrative/{language}/{}.typ", outline.document.kind.id);
    Span::start_of(&Arc::new(Source::new(path, Vec::new()).of_country(Some(country))))
}

/// A template belongs to no country in the folders, but its complaint stops only the document it was made for.
fn template(outline: &Outline<'_>, templates: &Templates, path: &str, line: usize, column: usize) -> Span {
    // Only what was staged is shown: a complaint may name any path.
    let bytes = templates.0.get(path).cloned().unwrap_or_default();
    let source = Source::new(format!("templates/{path}"), bytes).of_country(Some(&outline.document.country.iso3));
    at(&Arc::new(source), line, column)
}

/// The span of one character at a line and column.
fn at(source: &Arc<Source>, line: usize, column: usize) -> Span {
    let text = source.text();
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let offset: usize =
        text.get(start..).unwrap_or_default().chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Span::new(source, start + offset..start + offset + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn any_place_of_any_text_is_inside_it() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, (anything(), 0_usize..9, 0_usize..99), |(text, line, column)| {
            let source = Arc::new(Source::new("t.typ", text.into_bytes()));
            let span = at(&source, line, column);
            proptest::prop_assert!(span.start() <= source.bytes.len() && span.position() >= (1, 1));
            Ok(())
        });
    }
}
