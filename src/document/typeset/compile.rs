//! A document out of its staging folder, and what Typst says of it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;

use super::{Typst, run};
use crate::project::policy::Limits;

/// Something that Typst says of a file.
pub(super) struct Complaint {
    /// The file, from the staging folder's root.
    pub(super) path: String,
    /// Line and column from 1; columns in characters.
    pub(super) position: (usize, usize),
    /// Whether it is an error.
    pub(super) error: bool,
    /// What it says.
    pub(super) message: String,
}

/// The resolution of a cover: A4 becomes 1,200 pixels wide.
const COVER: &str = "145";

/// What a document becomes.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// All of it, accessible and archivable.
    Pdf,
    /// A picture of its first page.
    Cover,
    /// The same, where that page needs no other: `templates/theme.typ` sets no further one.
    CoverAlone,
}

impl Form {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["--format", "pdf", "--pdf-standard", "a-2a,ua-1"],
            Self::Cover => &["--format", "png", "--pages", "1", "--ppi", COVER],
            Self::CoverAlone => &["--format", "png", "--pages", "1", "--ppi", COVER, "--input", "picture=first-page"],
        }
    }

    /// Its name, how it begins, and how it ends.
    fn marks(self) -> (&'static str, &'static [u8], &'static [u8]) {
        match self {
            Self::Pdf => ("PDF", b"%PDF-", b"%%EOF"),
            Self::Cover | Self::CoverAlone => ("PNG", b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
        }
    }
}

/// Compiles `<document>.typ` of a staging folder; nothing comes out where Typst complains of an error.
///
/// What comes out comes through a pipe: what a run writes that nobody waits for any more lands nowhere.
pub(super) fn compile(
    typst: &Typst,
    folder: &Path,
    document: &str,
    form: Form,
    date: NaiveDate,
    limits: Limits,
) -> Result<(Option<Vec<u8>>, Vec<Complaint>)> {
    let stamp = date.and_hms_opt(0, 0, 0).map_or(0, |time| time.and_utc().timestamp());
    let mut command = run::command(typst, "compile", folder);
    command.args(form.arguments()).arg("--creation-timestamp").arg(stamp.to_string());
    command.arg(folder.join(format!("{document}.typ"))).arg("-");
    let said = run::run(&mut command, limits)?;
    let mut complaints: Vec<Complaint> = said.err.lines().filter_map(|line| complaint(line, folder)).collect();
    // Of each letter that no face has Typst complains by itself; one at a place is enough.
    complaints.dedup_by(|next, kept| (&next.path, next.position) == (&kept.path, kept.position));
    if complaints.iter().any(|complaint| complaint.error) {
        return Ok((None, complaints));
    }
    if !said.status.success() {
        return Err(run::failure(&said, limits));
    }
    let (name, begin, end) = form.marks();
    ensure!(said.out.starts_with(begin), "what Typst wrote is no {name}");
    ensure!(said.out.trim_ascii_end().ends_with(end), "Typst wrote only a part of a {name}");
    Ok((Some(said.out), complaints))
}

/// Evaluates an expression in a document of a staging folder; what it gives is JSON.
pub(super) fn evaluate(
    typst: &Typst,
    folder: &Path,
    document: &str,
    expression: &str,
    limits: Limits,
) -> Result<Vec<u8>> {
    let mut command = run::command(typst, "eval", folder);
    command.arg("--in").arg(folder.join(format!("{document}.typ"))).arg(expression);
    let said = run::run(&mut command, limits).context("Typst was asked for pages")?;
    ensure!(said.status.success(), "Typst ended with {}", said.status);
    Ok(said.out)
}

/// Reads `path:line:column: error: message`, the short format.
fn complaint(line: &str, folder: &Path) -> Option<Complaint> {
    let words = [(": error: ", true), (": warning: ", false)];
    let parts = words.into_iter().filter_map(|(word, error)| Some((line.split_once(word)?, error)));
    let Some(((place, message), error)) = parts.min_by_key(|((place, _), _)| place.len()) else {
        let bare = |(word, error): (&'static str, bool)| Some((line.strip_prefix(word)?.to_owned(), error));
        let (message, error) = [("error: ", true), ("warning: ", false)].into_iter().find_map(bare)?;
        return Some(Complaint { path: String::new(), position: (1, 1), error, message });
    };
    let (message, mut place) = (message.to_owned(), place.rsplitn(3, ':'));
    // Typst counts columns from 0 here, and lines from 1.
    let column = place.next().and_then(|column| column.parse::<usize>().ok()).map_or(1, |column| column + 1);
    let row = place.next().and_then(|row| row.parse().ok()).unwrap_or(1);
    let path = place.next().unwrap_or_default().replace('\\', "/");
    let root = folder.to_string_lossy().replace('\\', "/");
    let name = folder.file_name().map_or_else(String::new, |name| format!("{}/", name.to_string_lossy()));
    // Typst prints paths from where it was started: whatever leads to the staging folder is cut.
    let path = match path.strip_prefix(&root) {
        Some(inside) => inside.trim_start_matches('/').to_owned(),
        None => path.rsplit_once(&name).map_or(path.clone(), |(_, inside)| inside.to_owned()),
    };
    Some(Complaint { path, position: (row, column), error, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_complaint_is_read_with_its_place() {
        let said = |line: &str| {
            let Complaint { path, position, error, message } = complaint(line, Path::new("/w/staged"))?;
            Some((path, position, error, message))
        };
        let at = |path: &str, place, error, message: &str| Some((path.to_owned(), place, error, message.to_owned()));
        assert_eq!(said("../staged/brief.typ:3:4: error: a: b"), at("brief.typ", (3, 5), true, "a: b"));
        assert_eq!(said("/w/staged/a.typ:3:4: warning: ½ error: b"), at("a.typ", (3, 5), false, "½ error: b"));
        assert_eq!(said("error: no place"), at("", (1, 1), true, "no place"));
        assert_eq!(said("a line of no complaint"), None);
    }

    #[test]
    fn any_line_may_be_a_complaint() {
        use crate::project::text::anything::{anything, hold};
        hold(1000, (anything(), anything()), |(before, after)| {
            for line in
                [format!("{before}: error: {after}"), format!("{before}:1:2: warning: {after}: error: x"), before]
            {
                let _ = complaint(&line, Path::new("/w/staged"));
            }
            Ok(())
        });
    }
}
