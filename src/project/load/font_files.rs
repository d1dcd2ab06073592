//! The files of the font that a catalogue names: in the project, where no link may lead out of it, elsewhere on the machine, or in
//! the program's package.

use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::entry::inside;
use super::links::{declared, is_in_register, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::face::{CARRIED, Family};
use crate::project::packaged;
use crate::project::text::{Font, Text};

/// Adds the font that the catalogue names to a text, or the one that stands in for it.
pub(super) fn with_face(root: &Path, mut text: Text, diagnostics: &mut Diagnostics) -> Text {
    let Some(font) = &text.font else { return text };
    match family(root, font, diagnostics) {
        // Where a link keeps the files from being read, that alone is reported.
        Ok(family) => text.face = family.or_else(|| stand_in(font)?.ok()),
        Err(fault) => match stand_in(font) {
            Some(Ok(family)) => {
                let documents = format!("documents in `{}` are drafts, set in {}", text.language, family.name);
                let why = fault.message;
                diagnostics
                    .push(Diagnostic::warning(fault.code, fault.span, format!("{why}: {documents}")).hint(SET_UP));
                (text.face, text.stood_in) = (Some(family), true);
            }
            Some(Err(unknown)) => diagnostics.push(*unknown),
            None => diagnostics.push(*fault),
        },
    }
    text
}

/// The folder of fonts in the program's package.
const FONTS: &str = "fonts";

/// What puts the fonts of this series in place.
const SET_UP: &str = "put its files there; a package of this program brings them, and where Debian’s packages can be had \
                      `just fonts` does so in its repository";

/// The built-in font that stands in, where the catalogue names one; a fault where it is not built in.
fn stand_in(font: &Font) -> Option<Result<Family, Box<Diagnostic>>> {
    let named = font.stand_in.as_ref()?;
    let unknown = || {
        let message = format!("the font `{}` is not built in", named.value);
        let fault = Diagnostic::error(Code::MissingFace, named.span.clone(), message);
        Box::new(fault.hint(format!("only `{CARRIED}` is built in and can stand in for another")))
    };
    Some(Family::carried(&named.value).ok_or_else(unknown))
}

/// A file of a family that is not one of those that the catalogue means; none where it names no checksums.
fn other_file(font: &Font, family: &Family) -> Option<String> {
    let meant = |sum: &String| font.sums.iter().any(|known| known.value.eq_ignore_ascii_case(sum));
    let mut sums = family.files().map(sum);
    sums.find(|sum| !font.sums.is_empty() && !meant(sum))
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
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
    if let Some(sum) = found.as_ref().and_then(|found| other_file(font, found)) {
        let message = format!("`{}` holds another edition of the font `{name}`, with the checksum {sum}", folder.value);
        return Err(Box::new(
            fault(message).hint("put the files there whose checksums `sha256` names, or change these"),
        ));
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

/// The family of that name among the font files of a folder, or where that does not have it, among those of the program's package.
fn among_files(root: &Path, name: &str, folder: &str, refused: &mut Diagnostics) -> std::io::Result<Option<Family>> {
    let found = among_own_files(root, name, folder, refused);
    // What a link keeps from being read is put right, and not passed over.
    if matches!(found, Ok(Some(_))) || refused.failed() {
        return found;
    }
    let packaged = packaged::places(FONTS).into_iter().find_map(|folder| {
        let files: Vec<PathBuf> = inside(&folder).ok()?.into_iter().filter(|path| is_font(path)).collect();
        Family::among(name, files.iter().filter_map(|path| fs::read(path).ok()))
    });
    packaged.map_or(found, |family| Ok(Some(family)))
}

/// The family of that name among the font files of a folder. What a link keeps from being read is reported.
fn among_own_files(
    root: &Path,
    name: &str,
    folder: &str,
    refused: &mut Diagnostics,
) -> std::io::Result<Option<Family>> {
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
