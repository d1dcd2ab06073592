//! Checks that the countries, languages, documents and sections that donors name exist, and reads the files of their logos.

use std::sync::Arc;

use super::Project;
use super::among::hinted;
use super::faces::unprintable;
use super::logos::picture;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Reported, Source, Span};
use crate::project::declaration::{Located, nearest};
use crate::project::donor::Donor;
use crate::project::text::{is_year, numerals};

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
