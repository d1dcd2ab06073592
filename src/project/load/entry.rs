//! Reads the folders and files of a project (**walkdir**), and reports links that leave it, misplaced files, empty files and files that are not UTF-8.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::links::{followed, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// The folder with `data/` and `templates/`, whose files are read by their paths from it.
#[derive(Clone, Copy)]
pub(super) struct Root<'r> {
    pub(super) path: &'r Path,
}

/// A file or folder inside a folder.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
}

/// The paths of what is directly inside a folder, by name.
pub(super) fn inside(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name().into_iter();
    let refused = |error: walkdir::Error| error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
    entries.map(|entry| entry.map(walkdir::DirEntry::into_path).map_err(refused)).collect()
}

impl Root<'_> {
    /// The entries of a folder by name, without hidden files and without the lock files of open spreadsheets.
    pub(super) fn list(&self, path: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let folder = self.path.join(path);
        if let Some(why) = followed(self.path, path).err().filter(|_| folder.exists()) {
            unsafe_path(self.path, path, why, diagnostics);
            return Ok(entries);
        }
        if !folder.is_dir() {
            let fault =
                Diagnostic::error(Code::MissingTable, Span::start_of(&empty(path, None)), "the folder is missing");
            diagnostics.push(fault);
            return Ok(entries);
        }
        for inside in inside(&folder).with_context(|| format!("cannot read the folder `{path}`"))? {
            let name = inside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let inside = format!("{path}/{name}");
            match followed(self.path, &inside) {
                Ok(is_folder) => entries.push(Entry { name, is_folder }),
                Err(why) => unsafe_path(self.path, &inside, why, diagnostics),
            }
        }
        Ok(entries)
    }

    /// Reads a declaration; reports a file that is empty or not UTF-8.
    pub(super) fn read(&self, path: &str, country: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Arc<Source>> {
        let source = self.text(path, country, diagnostics)?;
        if source.bytes.is_empty() {
            diagnostics.push(Diagnostic::error(Code::SourceError, Span::start_of(&source), "the file is empty"));
        }
        Ok(source)
    }

    /// Reads text, which may be empty; reports a file that is not UTF-8.
    pub(super) fn text(&self, path: &str, country: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Arc<Source>> {
        let bytes = fs::read(self.path.join(path)).with_context(|| format!("cannot read `{path}`"))?;
        let source = Arc::new(Source::new(path, bytes).of_country(country));
        if let Err(error) = std::str::from_utf8(&source.bytes) {
            let at = error.valid_up_to();
            let fault =
                Diagnostic::error(Code::EncodingError, Span::new(&source, at..at + 1), "this is not UTF-8 text");
            diagnostics.push(fault.hint("save the file as UTF-8"));
        }
        Ok(source)
    }

    pub(super) fn read_or_missing(
        &self,
        path: &str,
        country: Option<&str>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Arc<Source>> {
        let there = self.path.join(path).exists();
        if let Some(why) = followed(self.path, path).err().filter(|_| there) {
            unsafe_path(self.path, path, why, diagnostics);
            return Ok(empty(path, country));
        }
        let source = if there { self.text(path, country, diagnostics)? } else { empty(path, country) };
        if !source.bytes.is_empty() {
            return Ok(source);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let message = format!("`{name}` is missing or empty");
        let fault = Diagnostic::error(Code::MissingTable, Span::start_of(&source), message);
        diagnostics.push(fault.hint(format!("create `{path}`; every folder of this kind needs one")));
        Ok(source)
    }
}

pub(super) fn misplaced(path: &str, country: Option<&str>, wanted: &str, diagnostics: &mut Diagnostics) {
    let message = format!("`{}` is not {wanted}", path.rsplit('/').next().unwrap_or(path));
    diagnostics.push(Diagnostic::error(Code::NameMismatch, Span::start_of(&empty(path, country)), message));
}

pub(super) fn empty(path: &str, country: Option<&str>) -> Arc<Source> {
    Arc::new(Source::new(path, Vec::new()).of_country(country))
}
