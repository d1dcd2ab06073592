//! Reads the pictures of logos, of donors and of the publisher: only what lies below `data/` and prints no number of its own.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};

use super::drawing::{Unfit, is_svg, unfit};
use super::links::{declared, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::project::declaration::Located;
use crate::project::donor::Picture;

/// The first bytes of the picture formats that Typst can print, and a file name by which Typst recognises each.
const PICTURES: [(&[u8], &str); 2] = [(b"\x89PNG\r\n\x1a\n", "logo.png"), (b"\xff\xd8\xff", "logo.jpg")];

/// A picture of so many bytes or fewer is light enough.
const LIGHT: usize = 60_000;
/// The height in pixels of the tallest place of a logo, 12 mm, at 200 dpi.
const PRINTED: usize = 95;

/// Reads the picture of a logo; the fault gives the reason why it cannot be printed. There is none where a link leads astray,
/// which is reported at that link.
pub(super) fn picture(
    root: &Path,
    logo: &Located<String>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Picture>, Box<Diagnostic>> {
    let fault = |code, message: String, hint: &str| {
        Err(Box::new(Diagnostic::error(code, logo.span.clone(), message).hint(hint)))
    };
    let named = Path::new(&logo.value);
    let data = root.join("data");
    let inside = named.components().all(|part| matches!(part, Component::Normal(_)));
    let stays = |path: &Path| match (path.canonicalize(), data.canonicalize()) {
        (Ok(path), Ok(data)) => path.starts_with(data),
        _ => true,
    };
    let (path, from_root) = (data.join(named), format!("data/{}", logo.value));
    let hint = "put the file below `data/` and name its path from there";
    let refused = declared(root, &from_root).err().filter(|_| inside && path.symlink_metadata().is_ok());
    match refused {
        // What lies with a country stops that country only; the logo is for all of them.
        Some(why) if from_root.starts_with("data/countries/") => {
            return fault(Code::PathError, format!("`{}` is not read: {why}", logo.value), hint);
        }
        Some(why) => {
            unsafe_path(root, &from_root, why, diagnostics);
            return Ok(None);
        }
        None if !inside || !stays(&path) => {
            return fault(Code::PathError, format!("`{}` leads out of `data`", logo.value), hint);
        }
        None => {}
    }
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = match error.kind() {
                ErrorKind::NotFound => format!("there is no file `data/{}`", logo.value),
                _ => format!("the logo `data/{}` cannot be read: {error}", logo.value),
            };
            return fault(Code::PathError, message, "put the file there, or remove the key `logo`");
        }
    };
    let Some(file) = kind(&bytes) else {
        let hint = "save the logo as PNG, JPEG or SVG";
        return fault(Code::InvalidValue, format!("`data/{}` is not a picture", logo.value), hint);
    };
    match std::str::from_utf8(&bytes).ok().and_then(unfit) {
        Some(Unfit::Number(number)) => {
            let message = format!("`data/{}` contains the number `{number}`, which is not a figure", logo.value);
            let hint = "convert the text of the drawing into paths, or remove the number";
            fault(Code::UnboundNumber, message, hint)
        }
        Some(Unfit::Entity(name)) => {
            let message = format!("`data/{}` contains `&{name};`, whose text is not checked", logo.value);
            fault(Code::InvalidValue, message, "write the text itself, or convert it into paths")
        }
        None => Ok(Some(weighed(logo, Picture { file, bytes: bytes.into() }, diagnostics))),
    }
}

/// Warns of a picture that would make every document heavy: a page costs at most 170 kB, and a logo stands on the first.
fn weighed(logo: &Located<String>, picture: Picture, diagnostics: &mut Diagnostics) -> Picture {
    let weight = picture.bytes.len();
    if weight > LIGHT {
        let message = format!("`data/{}` has {} kB, and every document carries it whole", logo.value, weight / 1000);
        let hint = format!("save it smaller: {PRINTED} pixels high it has 200 dpi where it is printed; or as SVG");
        diagnostics.push(Diagnostic::warning(Code::HeavyPicture, logo.span.clone(), message).hint(hint));
    }
    picture
}

/// The file name by which Typst recognises the format of a picture. The bytes decide, never the name of the file.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let known = PICTURES.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, file)| *file);
    known.or_else(|| std::str::from_utf8(bytes).is_ok_and(is_svg).then_some("logo.svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_recognised_by_its_bytes() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0\0"), Some("logo.png"));
        assert_eq!(kind(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Some("logo.svg"));
        for other in [&b"%PDF-1.7"[..], b"", b"<html><svg/></html>", b"<svg><g></svg>", b"a,b\n1,2\n"] {
            assert_eq!(kind(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
