//! Reads the letters to donors, chooses one for each donor, and reports those that cannot be sent. `check` and `send` ask for them;
//! no build does.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use anyhow::Result;

use super::Project;
use super::among::hinted;
use super::entry::{Root, misplaced};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::carried;
use crate::project::declaration::{Located, nearest};
use crate::project::donor::Donor;
use crate::project::format::Format;
use crate::project::letter::{self, Letter, Occasion, Placeholder};
use crate::project::text::Text;

/// The folder of the letters. It is no input of a build.
pub const LETTERS: &str = "data/letters";

/// The folder of the letters of corrections. What a project lacks there is the program's.
const CORRECTION: &str = "correction";

/// The letters of a project that are in files of their own.
#[derive(Debug, Default)]
pub struct Letters(Vec<Letter>);

/// The letter to a donor.
#[derive(Debug)]
pub struct Chosen<'l> {
    /// What it says.
    pub text: &'l Located<String>,
    /// Its subject, if it has one of its own.
    pub subject: Option<&'l Located<String>>,
    /// Its language.
    pub language: &'l Text,
    /// The declarations in that language.
    pub project: &'l Project,
    /// The letter that is missing, where this one stands in for it: its path.
    pub missing: Option<String>,
}

impl Letters {
    /// The letter to a donor: in the first language that it reads, its own before the one to every donor; else the same in the
    /// default language; else the text of `[mail]`.
    #[must_use]
    pub fn to<'l>(&'l self, project: &'l Project, donor: &Donor) -> Option<Chosen<'l>> {
        let first = first_language(project, donor);
        let languages = project.languages().filter(|(text, _)| Some(text.language.as_str()) == first);
        for (at, (language, project)) in languages.chain(project.languages().take(1)).enumerate() {
            let missing = first.filter(|_| at > 0).map(path);
            if let Some(letter) = self.find(Occasion::Documents, &language.language, &donor.id.value) {
                let Letter { subject, text, .. } = letter;
                return Some(Chosen { text, subject: subject.as_ref(), language, project, missing });
            }
        }
        let (language, own) = project.languages().next()?;
        let text = project.report.mail.as_ref()?.text.as_ref()?;
        let any = self.0.iter().any(|letter| letter.occasion == Occasion::Documents);
        let foreign = first.filter(|first| *first != language.language && any);
        Some(Chosen { text, subject: None, language, project: own, missing: foreign.map(path) })
    }

    /// The letter of a correction to a donor, chosen in the same way; none where neither the project nor the program has one in its
    /// language or in the default one.
    #[must_use]
    pub fn of_correction<'l>(&'l self, project: &'l Project, donor: &Donor) -> Option<Chosen<'l>> {
        let first = first_language(project, donor);
        let languages = project.languages().filter(|(text, _)| Some(text.language.as_str()) == first);
        let mut languages = languages.chain(project.languages().take(1)).enumerate();
        languages.find_map(|(at, (language, project))| {
            let letter = self.find(Occasion::Correction, &language.language, &donor.id.value)?;
            let missing = first.filter(|_| at > 0).map(path_of_correction);
            let Letter { subject, text, .. } = letter;
            Some(Chosen { text, subject: subject.as_ref(), language, project, missing })
        })
    }

    fn find(&self, occasion: Occasion, language: &str, donor: &str) -> Option<&Letter> {
        let of = |id: Option<&str>| {
            let fits = |letter: &&Letter| letter.occasion == occasion && letter.language == language;
            self.0.iter().filter(fits).find(|letter| letter.donor.as_deref() == id)
        };
        of(Some(donor)).or_else(|| of(None))
    }

    fn has(&self, path: &str) -> bool {
        self.0.iter().any(|letter| letter.text.span.path() == path)
    }
}

impl Project {
    /// The letters to donors, as they are now, and every fault in them.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn letters(&self, diagnostics: &mut Diagnostics) -> Result<Letters> {
        let letters = Letters(read(self, diagnostics)?);
        let mut found: Vec<Diagnostic> = Vec::new();
        for letter in &letters.0 {
            found.extend(to_nobody(self, letter));
            found.extend(letter.faults());
        }
        found.extend(of_mail(self, &letters));
        found.extend(unfillable(self, &letters));
        found.extend(missing(self, &letters));
        found.into_iter().for_each(|found| diagnostics.push(found));
        Ok(letters)
    }
}

/// The letter to every donor in a language.
fn path(language: &str) -> String {
    format!("{LETTERS}/{language}.txt")
}

/// The letter of a correction to every donor in a language.
#[must_use]
pub fn path_of_correction(language: &str) -> String {
    format!("{LETTERS}/{CORRECTION}/{language}.txt")
}

/// The language in which a donor is written to.
fn first_language<'p>(project: &'p Project, donor: &'p Donor) -> Option<&'p str> {
    let default = || project.texts.first().map(|text| text.language.as_str());
    donor.languages.first().map(|language| language.value.as_str()).or_else(default)
}

/// The donors who are mailed.
fn mailed(project: &Project) -> impl Iterator<Item = &Donor> {
    project.report.donors.iter().filter(|donor| !donor.addresses.is_empty())
}

fn read(project: &Project, diagnostics: &mut Diagnostics) -> Result<Vec<Letter>> {
    let mut letters = inside(project, LETTERS, Occasion::Documents, diagnostics)?;
    letters.extend(inside(project, &format!("{LETTERS}/{CORRECTION}"), Occasion::Correction, diagnostics)?);
    // Whoever must correct something in a hurry need not write a letter first.
    for language in project.report.languages.iter().map(|language| language.value.as_str()) {
        let own = |letter: &Letter| {
            letter.occasion == Occasion::Correction && letter.language == language && letter.donor.is_none()
        };
        let path = path_of_correction(language);
        if let Some(bytes) = carried::file(&path).filter(|_| !letters.iter().any(own)) {
            let source = Arc::new(Source::new(&path, bytes.to_vec()));
            letters.push(Letter::read(&source, Occasion::Correction, None, language));
        }
    }
    Ok(letters)
}

/// The letters of a folder of the project, which need not be there.
fn inside(project: &Project, folder: &str, of: Occasion, diagnostics: &mut Diagnostics) -> Result<Vec<Letter>> {
    let mut letters = Vec::new();
    if fs::symlink_metadata(project.root.join(folder)).is_err() {
        return Ok(letters);
    }
    let root = Root::of(&project.root, Format::Whole);
    for entry in root.list(folder, diagnostics)? {
        let path = format!("{folder}/{}", entry.name);
        match entry.name.strip_suffix(".txt").filter(|_| !entry.is_folder) {
            Some(name) => {
                let source = root.text(&path, None, diagnostics)?;
                let (donor, language) = name.rsplit_once('.').map_or((None, name), |(id, of)| (Some(id), of));
                letters.push(Letter::read(&source, of, donor, language));
            }
            None if of == Occasion::Documents && entry.is_folder && entry.name == CORRECTION => {}
            None => misplaced(&path, None, "a letter, `<language>.txt` or `<donor>.<language>.txt`", diagnostics),
        }
    }
    Ok(letters)
}

/// A letter in a language that the project does not have, or for a donor that nobody declares or that is written to in another
/// language.
fn to_nobody(project: &Project, letter: &Letter) -> Option<Diagnostic> {
    let place = letter.text.span.of_file();
    let languages = || project.report.languages.iter().map(|language| language.value.as_str());
    let ids = || project.report.donors.iter().map(|donor| donor.id.value.as_str());
    if !languages().any(|language| language == letter.language) {
        // A copy of what the program carries for other languages waits for them, as a catalogue does.
        if carried::file(letter.text.span.path()).is_some() {
            return None;
        }
        let fault = Diagnostic::error(Code::UnknownName, place, format!("there is no language `{}`", letter.language));
        let named = (letter.donor.is_none() && ids().any(|id| id == letter.language)).then(|| {
            format!(
                "a letter to one donor names its language, too: `{}.{}.txt`",
                letter.language,
                languages().next().unwrap_or_default()
            )
        });
        return Some(match (named, nearest(&letter.language, languages())) {
            (Some(hint), _) => fault.hint(hint),
            (None, Some(near)) => hinted(fault, Some(near)),
            (None, None) => fault.hint(format!("there are: {}", languages().collect::<Vec<_>>().join(", "))),
        });
    }
    let id = letter.donor.as_deref()?;
    let Some(donor) = project.report.donors.iter().find(|donor| donor.id.value == id) else {
        let fault = Diagnostic::error(Code::UnknownName, place, format!("there is no donor `{id}`"));
        return Some(match nearest(id, ids()) {
            Some(near) => hinted(fault, Some(near)),
            None => fault.hint(format!("there are: {}", ids().collect::<Vec<_>>().join(", "))),
        });
    };
    let read = first_language(project, donor).filter(|first| *first != letter.language)?;
    let message = format!("nobody receives this letter: the first language of the donor `{id}` is `{read}`");
    let hint = format!("name it `{id}.{read}.txt`, or put `{}` first in `languages` of the donor", letter.language);
    Some(Diagnostic::warning(Code::NameMismatch, place, message).hint(hint))
}

/// `[mail]` without any letter in the default language, or with one too many.
fn of_mail(project: &Project, letters: &Letters) -> Option<Diagnostic> {
    let mail = project.report.mail.as_ref()?;
    let path = path(project.texts.first()?.language.as_str());
    match (&mail.text, letters.has(&path)) {
        (Some(_), false) | (None, true) => None,
        (None, false) => {
            let fault =
                Diagnostic::error(Code::MissingField, mail.from.span.clone(), format!("there is no letter `{path}`"));
            Some(fault.hint(format!("write the letter to donors into `{path}`, or as `text` of `[mail]`")))
        }
        (Some(text), true) => {
            let message = format!("`text` is not sent, because there is the letter `{path}`");
            Some(
                Diagnostic::warning(Code::NameMismatch, text.span.clone().point(), message)
                    .hint("delete one of the two"),
            )
        }
    }
}

/// The placeholders in the letters to donors for which there is nothing to fill in.
fn unfillable(project: &Project, letters: &Letters) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> = Vec::new();
    let each = mailed(project).flat_map(|donor| {
        let chosen = [letters.to(project, donor), letters.of_correction(project, donor)];
        chosen.into_iter().flatten().map(move |chosen| (donor, chosen))
    });
    for (donor, chosen) in each {
        let subject = chosen.subject.or_else(|| project.report.mail.as_ref().map(|mail| &mail.subject));
        for text in subject.into_iter().chain([chosen.text]) {
            for placeholder in letter::open(&text.value) {
                let Some((message, hint)) = nothing_for(project, donor, placeholder) else { continue };
                faults.extend(letter::at_each(text, placeholder.name(), |span| {
                    Diagnostic::error(Code::InvalidValue, span, message.as_str()).hint(hint)
                }));
            }
        }
    }
    // Donors share letters.
    let mut known: Vec<Span> = Vec::new();
    faults.retain(|fault| {
        let first = !known.iter().any(|span| span.same(&fault.span));
        known.push(fault.span.clone());
        first
    });
    faults
}

/// Why a placeholder cannot be filled in for a donor, and what to do.
fn nothing_for(project: &Project, donor: &Donor, placeholder: Placeholder) -> Option<(String, &'static str)> {
    match placeholder {
        Placeholder::Contact => {
            let contact = project.report.publisher.as_ref().and_then(|publisher| publisher.contact.as_ref());
            let hint = "add `contact = \"mailto:…\"` to `[publisher]` in `data/report.toml`";
            contact
                .is_none()
                .then(|| ("`{contact}` stands for nothing: no publisher gives its contact".to_owned(), hint))
        }
        Placeholder::Country => {
            let copies = project.copies().filter(|copy| copy.donor.is_some_and(|of| of.id.value == donor.id.value));
            let countries: BTreeSet<&str> = copies.map(|copy| copy.country.iso3.as_str()).collect();
            let message =
                format!("`{{country}}` is one country, and the donor `{}` follows {}", donor.id.value, countries.len());
            (countries.len() > 1).then_some((message, "write `{countries}`"))
        }
        Placeholder::Donor
        | Placeholder::Series
        | Placeholder::Issue
        | Placeholder::Countries
        | Placeholder::Documents
        | Placeholder::Changes
        | Placeholder::Reason => None,
    }
}

/// The letters that are missing in languages in which donors are written to: a warning for each language, at its first donor.
fn missing(project: &Project, letters: &Letters) -> Vec<Diagnostic> {
    let mut named = BTreeSet::new();
    let mut found = Vec::new();
    for donor in mailed(project) {
        let Some(chosen) = letters.to(project, donor) else { continue };
        let (Some(path), Some(language)) = (chosen.missing, donor.languages.first()) else { continue };
        if named.insert(path.clone()) {
            let message = format!("there is no letter `{path}`; that in `{}` is sent", chosen.language.language);
            let warning = Diagnostic::warning(Code::Untranslated, language.span.clone(), message);
            found.push(warning.hint(format!("write the letter in `{}` into `{path}`", language.value)));
        }
    }
    found
}
