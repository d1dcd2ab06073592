//! What donors ask for held against what there is: countries, languages, editions, sections, and the files of their logos.

use std::fs;
use std::path::{Component, Path};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Project;
use super::relate::hinted;
use crate::declaration::{Located, nearest};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::donor::Donor;

/// How files of pictures begin that Typst can set and a browser can show.
const PICTURES: [&[u8]; 2] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"];

/// Names every fault in what donors ask for.
pub(super) fn relate(project: &Project, diagnostics: &mut Diagnostics) {
    let donors = &project.report.donors;
    for (at, donor) in donors.iter().enumerate() {
        if donors[..at].iter().any(|earlier| earlier.id.value == donor.id.value) {
            let message = format!("there is a donor `{}` already", donor.id.value);
            diagnostics.push(Diagnostic::error(Code::NameMismatch, donor.id.span.clone(), message));
        }
        let mut faults = unknown(project, donor);
        faults.extend(donor.logo.as_ref().and_then(|logo| no_picture(&project.root, logo)));
        faults.into_iter().for_each(|fault| diagnostics.push(fault));
    }
}

/// What a donor names and nobody declares.
fn unknown(project: &Project, donor: &Donor) -> Vec<Diagnostic> {
    let countries: Vec<&str> = project.countries.iter().map(|country| country.iso3.as_str()).collect();
    let languages: Vec<&str> = project.report.languages.iter().map(|language| language.value.as_str()).collect();
    let editions: Vec<&str> = project.report.editions.iter().map(|edition| edition.id.as_str()).collect();
    let sections: Vec<&str> = project.sections.iter().map(|section| section.id.as_str()).collect();
    let asked = [
        ("country", &donor.countries, countries),
        ("language", &donor.languages, languages),
        ("edition", &donor.editions, editions),
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

/// Why a logo cannot be printed.
fn no_picture(root: &Path, logo: &Located<String>) -> Option<Diagnostic> {
    let fault = |code, message: String| Some(Diagnostic::error(code, logo.span.clone(), message));
    let named = Path::new(&logo.value);
    let data = root.join("data");
    let inside = named.components().all(|part| matches!(part, Component::Normal(_)));
    let stays = |path: &Path| match (path.canonicalize(), data.canonicalize()) {
        (Ok(path), Ok(data)) => path.starts_with(data),
        _ => true,
    };
    let path = data.join(named);
    if !inside || !stays(&path) {
        return fault(Code::PathError, format!("`{}` leads out of `data`", logo.value))
            .map(|fault| fault.hint("put the file below `data/` and name its path from there"));
    }
    match fs::read(&path) {
        Err(error) => fault(Code::PathError, format!("the logo `data/{}` cannot be read: {error}", logo.value))
            .map(|fault| fault.hint("put the file there, or take the key `logo` out")),
        Ok(bytes) if is_picture(&bytes) => None,
        Ok(_) => fault(Code::InvalidValue, format!("`data/{}` is no picture", logo.value))
            .map(|fault| fault.hint("save the logo as PNG, JPEG or SVG")),
    }
}

fn is_picture(bytes: &[u8]) -> bool {
    PICTURES.iter().any(|start| bytes.starts_with(start)) || std::str::from_utf8(bytes).is_ok_and(is_svg)
}

/// Whether text is XML throughout whose root is `svg`.
fn is_svg(text: &str) -> bool {
    let (mut reader, mut root) = (Reader::from_str(text), None);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if root.is_none() => {
                root = Some(tag.local_name().as_ref() == "svg");
            }
            Ok(Event::Eof) => return root == Some(true),
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_what_is_in_it() {
        assert!(is_picture(b"\x89PNG\r\n\x1a\n\0\0"));
        assert!(is_picture(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
        for other in [&b"%PDF-1.7"[..], b"", b"<html><svg/></html>", b"<svg><g></svg>", b"a,b\n1,2\n"] {
            assert!(!is_picture(other), "{}", String::from_utf8_lossy(other));
        }
    }
}
