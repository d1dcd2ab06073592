//! Which paths of the project are followed: no link leads out of it, nor into a register from anywhere else, and none brings
//! anything but a template among the templates.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};

/// Why a path is not followed.
pub type Refused = &'static str;

/// Paths that are not followed, each with the reason.
pub type NotFollowed = Vec<(String, Refused)>;

const NOWHERE: Refused = "it leads nowhere";
const OUT: Refused = "it leads out of the project";
const REGISTER: Refused = "it leads into a register";
const NEITHER: Refused = "it is neither a file nor a folder";
const NO_TEMPLATE: Refused = "it leads out of `templates`";
const FOLDER: Refused = "it is a link to a folder";

/// The folder of templates, from the root.
const TEMPLATES: &str = "templates";

/// Whether a path below `data/` or `templates/`, relative to the root, is a folder; or why it is not followed.
///
/// # Errors
/// The reason why nothing of it may be read.
pub fn follow(root: &Path, path: &str) -> Result<bool, Refused> {
    if path.strip_prefix(TEMPLATES).is_some_and(|rest| rest.starts_with('/')) {
        template(root, path)
    } else {
        followed(root, path)
    }
}

/// Whether a path, relative to the root of the project, is a folder; or why it is not followed. Only a register may lie
/// behind a link out of the project, which its custodian made.
pub(super) fn followed(root: &Path, path: &str) -> Result<bool, Refused> {
    let (root, target) = targets(root, path)?;
    if !is_of_register(path) {
        if !target.starts_with(&root) {
            return Err(OUT);
        }
        // Without a link on the way a path leads to where it says.
        if target != root.join(path) && is_in_register(&root, &target) {
            return Err(REGISTER);
        }
    }
    is_folder(&target)
}

/// The same of a file that a declaration names, such as a logo: it is never one of a register.
pub(super) fn declared(root: &Path, path: &str) -> Result<bool, Refused> {
    if is_of_register(path) || is_of_imports(path) { Err(REGISTER) } else { followed(root, path) }
}

fn targets(root: &Path, path: &str) -> Result<(PathBuf, PathBuf), Refused> {
    root.canonicalize().and_then(|real| Ok((real, root.join(path).canonicalize()?))).map_err(|_| NOWHERE)
}

fn is_folder(target: &Path) -> Result<bool, Refused> {
    if target.is_dir() || target.is_file() { Ok(target.is_dir()) } else { Err(NEITHER) }
}

/// Whether a path, from the root, is a register's folder or in one.
fn is_of_register(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("data") && parts.next() == Some("countries") && parts.nth(1) == Some("register")
}

/// Whether a path, from the root, is the folder of a country's confidential delivered files, or in it.
fn is_of_imports(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').take(5).collect();
    matches!(parts.as_slice(), ["data", "countries", _, "imports", "register"])
}

/// Whether a place is in the register of a country, or among its confidential delivered files, wherever its custodian keeps
/// them.
pub(super) fn is_in_register(root: &Path, target: &Path) -> bool {
    let countries = fs::read_dir(root.join("data/countries")).into_iter().flatten().flatten();
    let of = |country: fs::DirEntry| ["register", "imports/register"].map(|folder| country.path().join(folder));
    let mut registers = countries.flat_map(of).filter_map(|folder| folder.canonicalize().ok());
    registers.any(|register| target.starts_with(register))
}

/// The files of `templates/` by path from there, and those that are not followed, with why. A hidden file is none.
///
/// # Errors
/// When a folder cannot be read.
pub fn templates(root: &Path) -> std::io::Result<(Vec<String>, NotFollowed)> {
    let (mut files, mut refused) = (Vec::new(), Vec::new());
    let mut folders = match followed(root, TEMPLATES) {
        Ok(_) => vec![TEMPLATES.to_owned()],
        // Where there is none, each document says that it has no template.
        Err(NOWHERE) if !root.join(TEMPLATES).is_symlink() => Vec::new(),
        Err(why) => {
            refused.push((TEMPLATES.to_owned(), why));
            Vec::new()
        }
    };
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let mut path = format!("{folder}/{name}");
            match template(root, &path) {
                _ if name.starts_with('.') => {}
                Ok(true) => folders.push(path),
                Ok(false) => files.push(path.split_off(TEMPLATES.len() + 1)),
                Err(why) => refused.push((path, why)),
            }
        }
    }
    files.sort();
    refused.sort();
    Ok((files, refused))
}

/// Whether a path below `templates/` is a folder; or why it is not followed. What Typst may read is never data.
fn template(root: &Path, path: &str) -> Result<bool, Refused> {
    followed(root, path)?;
    let (root_, target) = targets(root, path)?;
    if is_in_register(&root_, &target) {
        return Err(REGISTER);
    }
    let (_, templates) = targets(root, TEMPLATES)?;
    if !target.starts_with(&templates) || target.starts_with(root_.join("data")) {
        return Err(NO_TEMPLATE);
    }
    let folder = is_folder(&target)?;
    // A folder behind a link may hold itself.
    if folder && root.join(path).is_symlink() { Err(FOLDER) } else { Ok(folder) }
}

/// Tells of what among the templates is not followed.
pub(super) fn judge_templates(root: &Path, diagnostics: &mut Diagnostics) -> std::io::Result<()> {
    for (path, why) in templates(root)?.1 {
        let hint = if why == NEITHER { "delete it" } else { "put the file itself there" };
        diagnostics
            .push(refusal(&path, why).hint(format!("{hint}; documents are made of the files of `templates/` only")));
    }
    Ok(())
}

/// Tells of what below `data/` is not followed, whether a declaration reads it or not. A folder that cannot be read is not
/// read by anybody, and whoever needs it says so.
pub(super) fn judge_data(root: &Path, diagnostics: &mut Diagnostics) {
    let mut folders = vec!["data".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let (path, kind) = (format!("{folder}/{name}"), entry.file_type().ok());
            match kind.filter(|_| !name.starts_with('.') && !is_of_register(&path)) {
                None => {}
                Some(kind) if kind.is_file() => {}
                Some(kind) if kind.is_dir() => folders.push(path),
                Some(_) => {
                    if let Err(why) = followed(root, &path) {
                        unsafe_path(root, &path, why, diagnostics);
                    }
                }
            }
        }
    }
}

/// Tells of a path of the project, but for templates, that is not followed: of the link on the way to it that leads astray.
pub fn unsafe_path(root: &Path, path: &str, why: Refused, diagnostics: &mut Diagnostics) {
    let hint = "put the file itself there; only the folder `register` may be a link out of the project";
    let ends = path.match_indices('/').map(|(at, _)| at);
    let mut folders = ends.filter_map(|end| path.get(..end));
    let astray = folders.find_map(|folder| Some((folder, followed(root, folder).err()?)));
    let (path, why) = astray.unwrap_or((path, why));
    diagnostics.push(refusal(path, why).hint(hint));
}

fn refusal(path: &str, why: Refused) -> Diagnostic {
    let snapshot = path.strip_prefix("data/snapshots/").and_then(|rest| Some(rest.split_once('/')?.1));
    let country = path.strip_prefix("data/countries/").or(snapshot).and_then(|rest| rest.split('/').next());
    let message = format!("`{}` is not read: {why}", path.rsplit('/').next().unwrap_or(path));
    let source = Arc::new(Source::new(path, Vec::new()).of_country(country));
    Diagnostic::error(Code::PathError, Span::start_of(&source), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_in_a_country_is_a_register() {
        for register in ["data/countries/LAO/register", "data/countries/LAO/register/victims.csv"] {
            assert!(is_of_register(register), "{register}");
        }
        for other in ["data/indicators/register", "data/countries/LAO/narrative/register", "templates/register", "data"]
        {
            assert!(!is_of_register(other) && !is_of_imports(other), "{other}");
        }
        assert!(
            is_of_imports("data/countries/LAO/imports/register/a.csv")
                && is_of_imports("data/countries/LAO/imports/register")
        );
    }
}
