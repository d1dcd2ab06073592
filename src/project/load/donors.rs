//! Checks that the countries, languages, documents and sections that donors name exist, and reads the files of their logos.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path};
use std::sync::Arc;

use super::Project;
use super::among::hinted;
use super::drawing::{Unfit, is_svg, unfit};
use super::faces::unprintable;
use super::links::{declared, unsafe_path};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Reported, Source, Span};
use crate::project::declaration::{Located, nearest};
use crate::project::donor::{Donor, Picture};
use crate::project::text::{is_year, numerals};

/// The first bytes of the picture formats that Typst can print, and a file name by which Typst recognises each.
const PICTURES: [(&[u8], &str); 2] = [(b"\x89PNG\r\n\x1a\n", "logo.png"), (b"\xff\xd8\xff", "logo.jpg")];

/// Reports every fault in what donors ask for, and reads their logos.
pub(super) fn relate(project: &mut Project, diagnostics: &mut Diagnostics) {
    let mut donors = std::mem::take(&mut project.report.donors);
    for at in 0..donors.len() {
        // Some file systems ignore case in file names, so ids that differ in case alone are the same.
        let same = |earlier: &&Donor| earlier.id.value.eq_ignore_ascii_case(&donors[at].id.value);
        if let Some(earlier) = donors[..at].iter().find(same).filter(|earlier| !earlier.id.value.is_empty()) {
            let message = format!("there is a donor `{}` already", earlier.id.value);
            let fault = Diagnostic::error(Code::NameMismatch, donors[at].id.span.clone(), message);
            diagnostics.push(fault.second(earlier.id.span.clone(), "it is declared here"));
        }
        let donor = &mut donors[at];
        let mut faults = unknown(project, donor);
        faults.extend(donor.note.as_ref().and_then(unbacked));
        faults.extend(unprinted(project, donor));
        match donor.logo.as_ref().map(|logo| picture(&project.root, logo, diagnostics)).transpose() {
            Ok(picture) => donor.picture = picture.flatten(),
            Err(fault) => faults.push(*fault),
        }
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
    }
    project.report.donors = donors;
}

impl Project {
    /// The donor of that id, if an id is given.
    ///
    /// # Errors
    /// When there is no such donor; the fault points to where donors are declared.
    pub fn asked(&self, donor: Option<&str>, diagnostics: &mut Diagnostics) -> Result<Option<&Donor>, Reported> {
        let found = |id: &str| self.report.donors.iter().find(|donor| donor.id.value == id);
        if let Some(unknown) = donor.filter(|id| found(id).is_none()) {
            diagnostics.push(self.no_such_donor(unknown));
        }
        diagnostics.conclude_shared(donor.and_then(found))
    }

    fn no_such_donor(&self, asked: &str) -> Diagnostic {
        let donors = &self.report.donors;
        let start = |donor: &Donor| donor.id.span.clone();
        let empty = || Span::start_of(&Arc::new(Source::new("data/report.toml", Vec::new())));
        let message = format!("there is no donor `{asked}`");
        let fault = Diagnostic::error(Code::UnknownName, donors.first().map_or_else(empty, start), message);
        let ids: Vec<&str> = donors.iter().map(|donor| donor.id.value.as_str()).collect();
        match nearest(asked, ids.iter().copied()) {
            Some(near) => hinted(fault, Some(near)),
            None if ids.is_empty() => fault.hint("none is declared; add `[[donors]]` with `id` and `name`"),
            None => fault.hint(format!("there are: {}", ids.join(", "))),
        }
    }
}

/// A number in a cover note, which no table supports.
fn unbacked(note: &Located<String>) -> Option<Diagnostic> {
    let number = numerals(&note.value).find(|numeral| !is_year(numeral))?;
    let fault = Diagnostic::error(Code::UnboundNumber, note.span.clone(), format!("`{number}` is not a figure"));
    Some(fault.hint(
        "write it without a number, or move it to the letter of `[mail]`: a document may print no numbers other than figures",
    ))
}

/// Letters in its name or its note that no font of a language it reads can print.
fn unprinted(project: &Project, donor: &Donor) -> Vec<Diagnostic> {
    let default = project.texts.first().map_or("", |text| text.language.as_str());
    let read = project.texts.iter().filter(|text| donor.speaks(&text.language, default));
    let printed = [
        Some((donor.name.as_str(), &donor.written)),
        donor.note.as_ref().map(|note| (note.value.as_str(), &note.span)),
    ];
    let found =
        read.flat_map(|text| printed.into_iter().flatten().filter_map(|(words, at)| unprintable(words, at, text)));
    found.collect()
}

/// The names that a donor uses and nothing declares.
fn unknown(project: &Project, donor: &Donor) -> Vec<Diagnostic> {
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    let languages: Vec<&str> = project.report.languages.iter().map(|language| language.value.as_str()).collect();
    let documents: Vec<&str> = project.report.documents.iter().map(|document| document.id.as_str()).collect();
    let sections: Vec<&str> = project.sections.iter().map(|section| section.id.as_str()).collect();
    let asked = [
        ("country", &donor.countries, countries),
        ("language", &donor.languages, languages),
        ("document", &donor.documents, documents),
        ("section", &donor.sections, sections),
    ];
    let faults = asked.into_iter().flat_map(|(what, named, known)| {
        let strange: Vec<&Located<String>> =
            named.iter().filter(|name| !known.contains(&name.value.as_str())).collect();
        strange.into_iter().map(move |name| {
            let message = format!("there is no {what} `{}`", name.value);
            let fault = Diagnostic::error(Code::UnknownName, name.span.clone(), message);
            match nearest(&name.value, known.iter().copied()) {
                Some(near) => hinted(fault, Some(near)),
                None => fault.hint(format!("there are: {}", known.join(", "))),
            }
        })
    });
    faults.collect()
}

/// Reads the picture of a logo; the fault gives the reason why it cannot be printed. There is none where a link leads astray,
/// which is reported at that link.
fn picture(
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
        None => Ok(Some(Picture { file, bytes: bytes.into() })),
    }
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
