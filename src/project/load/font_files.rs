//! The files of the font that a catalogue names: in the project, where no link may lead out of it, or elsewhere on the machine.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::entry::inside;
use super::links::{declared, is_in_register, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::face::{CARRIED, Family};
use crate::project::text::{Font, Text};

/// Adds the font that the catalogue names to a text.
pub(super) fn with_face(root: &Path, mut text: Text, diagnostics: &mut Diagnostics) -> Text {
    if let Some(font) = &text.font {
        match family(root, font, diagnostics) {
            Ok(family) => text.face = family,
            Err(fault) => diagnostics.push(*fault),
        }
    }
    text
}

/// The family of that name; none where a link keeps its files from being read, which is reported.
fn family(root: &Path, font: &Font, diagnostics: &mut Diagnostics) -> Result<Option<Family>, Box<Diagnostic>> {
    let (name, at) = (font.family.value.as_str(), &font.family.span);
    let fault = |message: String| Diagnostic::error(Code::MissingFace, at.clone(), message);
    let Some(folder) = &font.folder else {
        let hint = format!("only `{CARRIED}` is built in; for any other font add the `folder` that holds its files");
        let unknown = || Box::new(fault(format!("the font `{name}` is not built in")).hint(hint));
        return Family::carried(name).map(Some).ok_or_else(unknown);
    };
    let mut refused = Diagnostics::default();
    let found = among_files(root, name, &folder.value, &mut refused).map_err(|error| {
        let message = format!("the folder `{}` cannot be read: {error}", folder.value);
        let fault = Diagnostic::error(Code::MissingFace, folder.span.clone(), message);
        Box::new(fault.hint(format!("install the font `{name}` there, or name the folder that holds it")))
    })?;
    if found.is_none() && !refused.failed() {
        let message = format!("no file in `{}` contains the upright font of the family `{name}`", folder.value);
        let hint = format!("install it, or name `{CARRIED}`, which is built in, without a folder");
        return Err(Box::new(fault(message).hint(hint)));
    }
    diagnostics.absorb(refused);
    Ok(found)
}

/// The family of that name in a folder as a catalogue names it; none where the folder does not have it, or where a link keeps
/// anything there from being read.
#[must_use]
pub fn face_in(root: &Path, name: &str, folder: &str) -> Option<Family> {
    let mut refused = Diagnostics::default();
    let found = among_files(root, name, folder, &mut refused).ok()?;
    found.filter(|_| !refused.failed())
}

/// The family of that name among the font files of a folder. What a link keeps from being read is reported.
fn among_files(root: &Path, name: &str, folder: &str, refused: &mut Diagnostics) -> std::io::Result<Option<Family>> {
    let own = own(root, folder);
    if own.as_deref().is_some_and(|own| is_refused(root, own, refused)) {
        return Ok(None);
    }
    let mut files = inside(&root.join(folder))?;
    files.retain(|path| is_font(path) && may_be_read(root, own.as_deref(), path, refused));
    Ok(Family::among(name, files.iter().filter_map(|path| fs::read(path).ok())))
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["ttf", "otf"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The path from the root of a folder that is the project's own; none for one elsewhere on the machine, which the catalogue
/// names on purpose.
fn own(root: &Path, folder: &str) -> Option<String> {
    let (real, folder) = (root.canonicalize().ok()?, Path::new(folder));
    let path: PathBuf = folder.strip_prefix(&real).unwrap_or(folder).components().collect();
    let names = path.components().filter(|part| *part != Component::CurDir).map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    Some(names.collect::<Option<Vec<_>>>()?.join("/"))
}

/// Whether a file may be read: one of the project by where its links lead, one of the machine unless it is a register's.
fn may_be_read(root: &Path, own: Option<&str>, path: &Path, diagnostics: &mut Diagnostics) -> bool {
    match own {
        Some(folder) => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            !is_refused(root, &format!("{folder}/{name}"), diagnostics)
        }
        None => path.canonicalize().is_ok_and(|target| target.is_file() && !is_in_register(root, &target)),
    }
}

/// Whether a path of the project is not followed, which is reported. One that does not exist is reported by whoever reads it.
fn is_refused(root: &Path, path: &str, diagnostics: &mut Diagnostics) -> bool {
    let why = declared(root, path).err().filter(|_| root.join(path).symlink_metadata().is_ok());
    if let Some(why) = why {
        unsafe_path(root, path, why, diagnostics);
    }
    why.is_some()
}
