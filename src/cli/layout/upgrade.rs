//! Changes a project to the present format, and takes away files that are the same as those that the program carries.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Refused, schemas};
use crate::delivery::publish;
use crate::diagnostic::Diagnostics;
use crate::project::format::{Format, KEY};
use crate::project::{carried, format_of};

/// The declarations that state the format.
const REPORT: &str = "data/report.toml";

/// What became of a project.
#[derive(Debug, Default)]
pub struct Upgraded {
    /// What was changed, a line each.
    pub changes: Vec<String>,
    /// Files that are the same as carried ones, and still there.
    pub copies: Vec<&'static str>,
}

/// Moves a project to the present format; with `remove` its copies of carried files go, too.
///
/// # Errors
/// [`Refused`] without a project; a format that this program does not know, which is in `diagnostics`; or writing fails.
pub fn upgrade(root: &Path, remove: bool, diagnostics: &mut Diagnostics) -> Result<Upgraded> {
    if !root.join(REPORT).is_file() {
        return Err(Refused(format!("there is no `{REPORT}` in `{}`; nothing was changed", root.display())).into());
    }
    let mut upgraded = Upgraded::default();
    if format_of(root, diagnostics)? != Format::PRESENT {
        let text = fs::read_to_string(root.join(REPORT)).with_context(|| format!("cannot read `{REPORT}` as UTF-8"))?;
        publish::replace(&root.join(REPORT), stating(&text).as_bytes())?;
        upgraded.changes.push(format!(
            "{REPORT}: `{KEY} = \"{}\"` is added. Templates, schemas and texts that the project lacks are those of the program; a \
             document whose prose is not written yet is built as a draft",
            Format::PRESENT.name()
        ));
    }
    for (path, text) in schemas(root) {
        publish::replace(&root.join(&path), text.as_bytes())?;
        upgraded.changes.push(format!("{path}: is written; an editor knows the keys of this program by it"));
    }
    let copies: Vec<&str> = carried::filling().filter(|copy| is_copy(root, *copy)).map(|(path, _)| path).collect();
    if !remove {
        return Ok(Upgraded { copies, ..upgraded });
    }
    for path in copies {
        fs::remove_file(root.join(path)).with_context(|| format!("cannot remove `{path}`"))?;
        clear(root, path);
        upgraded.changes.push(format!("{path}: is removed; the program carries the same"));
    }
    Ok(upgraded)
}

/// Whether a file of the project is the same as the carried one of its path.
fn is_copy(root: &Path, (path, bytes): (&str, &[u8])) -> bool {
    let own = root.join(path);
    let plain = own.symlink_metadata().is_ok_and(|there| there.is_file());
    plain && fs::read(own).is_ok_and(|own| own == bytes)
}

/// Takes away the folders of a removed file that are empty now, up to the root.
fn clear(root: &Path, path: &str) {
    let folders = Path::new(path).ancestors().skip(1).filter(|folder| folder.components().next().is_some());
    let folders: Vec<PathBuf> = folders.map(|folder| root.join(folder)).collect();
    // One that is not empty stays, and so do those around it.
    folders.iter().all(|folder| fs::remove_dir(folder).is_ok());
}

/// The declarations with the present format, in place of an older one or before the first key.
fn stating(report: &str) -> String {
    let states = |line: &str| line.split_once('=').is_some_and(|(key, _)| key.trim() == KEY);
    let mut lines: Vec<&str> = report.split_inclusive('\n').collect();
    let stated = format!("{KEY} = \"{}\"\n", Format::PRESENT.name());
    // Keys of the file itself stand before its tables.
    let own = lines.iter().position(|line| line.trim_start().starts_with('[')).unwrap_or(lines.len());
    if let Some(line) = lines.iter_mut().take(own).find(|line| states(line)) {
        *line = &stated;
        return lines.concat();
    }
    let first = lines.iter().position(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    lines.insert(first.unwrap_or(lines.len()), &stated);
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_stated_once_before_the_tables() {
        for (before, after) in [
            ("# A.\n\ntitle = \"x\"\n", "# A.\n\ntipbrief = \"0.2\"\ntitle = \"x\"\n"),
            ("[limits]\ntipbrief = 1\n", "tipbrief = \"0.2\"\n[limits]\ntipbrief = 1\n"),
            ("title = \"x\"\ntipbrief = \"0.1\" # old\n[a]\n", "title = \"x\"\ntipbrief = \"0.2\"\n[a]\n"),
            ("", "tipbrief = \"0.2\"\n"),
        ] {
            assert_eq!(stating(before), after);
        }
    }
}
