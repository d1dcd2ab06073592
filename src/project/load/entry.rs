//! Reads the folders and files of a project (**walkdir**), in a project that is filled also those that the program carries, and
//! reports links that leave it, misplaced files, empty files and files that are not UTF-8.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::links::{followed, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::carried;
use crate::project::format::Format;

/// The folder with `data/` and `templates/`, whose files are read by their paths from it.
#[derive(Clone, Copy)]
pub(super) struct Root<'r> {
    pub(super) path: &'r Path,
    from: From,
}

/// Where files are read from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Project,
    /// What the project lacks of templates, schemas and texts, from the program.
    Both,
    /// Only from the program: the series that it carries.
    Program,
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

impl<'r> Root<'r> {
    pub(super) fn of(path: &'r Path, format: Format) -> Self {
        Self { path, from: if format.is_filled() { From::Both } else { From::Project } }
    }

    /// The series that the program carries, without countries.
    pub(super) fn carried() -> Root<'static> {
        Root { path: Path::new(""), from: From::Program }
    }

    /// Whether the project is filled with carried files.
    pub(super) fn is_filled(&self) -> bool {
        self.from != From::Project
    }

    /// The carried file of a path, where it is read.
    pub(super) fn carries(&self, path: &str) -> Option<&'static [u8]> {
        let asked = match self.from {
            From::Project => false,
            From::Both => carried::fills(path) && fs::symlink_metadata(self.path.join(path)).is_err(),
            From::Program => true,
        };
        carried::file(path).filter(|_| asked)
    }

    /// The carried file of a path where a filled project has one of its own.
    pub(super) fn stands_behind(&self, path: &str) -> Option<&'static [u8]> {
        let own = self.from == From::Both && self.carries(path).is_none();
        carried::file(path).filter(|_| own && carried::fills(path))
    }

    /// Whether there is a file at a path, in the project or carried.
    pub(super) fn has(&self, path: &str) -> bool {
        self.carries(path).is_some() || (self.from != From::Program && self.path.join(path).is_file())
    }

    /// The entries of a folder by name, without hidden files and without the lock files of open spreadsheets.
    pub(super) fn list(&self, path: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Entry>> {
        let carried = match self.from {
            From::Project => Vec::new(),
            From::Both if !carried::fills(path) => Vec::new(),
            From::Both | From::Program => carried::inside(path),
        };
        let there = self.from == From::Project || fs::symlink_metadata(self.path.join(path)).is_ok();
        let own = self.from != From::Program && (there || carried.is_empty());
        let mut entries = if own { self.listed(path, diagnostics)? } else { Vec::new() };
        for (name, is_folder) in carried {
            if !entries.iter().any(|entry| entry.name == name) {
                entries.push(Entry { name: name.to_owned(), is_folder });
            }
        }
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    /// The same of what is in the project alone.
    fn listed(&self, path: &str, diagnostics: &mut Diagnostics) -> Result<Vec<Entry>> {
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
        let bytes = match self.carries(path) {
            Some(bytes) => bytes.to_vec(),
            None => fs::read(self.path.join(path)).with_context(|| format!("cannot read `{path}`"))?,
        };
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
        let carried = self.carries(path).is_some();
        let there = carried || self.path.join(path).exists();
        if let Some(why) = followed(self.path, path).err().filter(|_| there && !carried) {
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
