//! Letters to donors, as they are written: `data/letters/<language>.txt`, and `<donor>.<language>.txt` for one donor; those of corrections
//! the same in `data/letters/correction/`. What a letter
//! leaves open is filled in when it is sent. No build reads them, so that a letter may change after the documents were made.

use crate::diagnostic::{Code, Diagnostic, Source, Span};
use crate::project::declaration::{Located, nearest};

use std::sync::Arc;

/// A letter in a file of its own.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Whether it goes out with the documents or with a correction of them.
    pub occasion: Occasion,
    /// The id of the donor it is for; none for every donor.
    pub donor: Option<String>,
    /// Its language.
    pub language: String,
    /// Its subject, if the first line gives one: `Subject: …`.
    pub subject: Option<Located<String>>,
    /// What it says.
    pub text: Located<String>,
}

/// What a letter is sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// Documents that are new to the donor.
    Documents,
    /// Documents in place of some with wrong figures.
    Correction,
}

/// What a subject or a letter leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// The donor's name.
    Donor,
    /// The title of the series.
    Series,
    /// The issue.
    Issue,
    /// How to reach the publisher.
    Contact,
    /// The one country whose documents are attached.
    Country,
    /// Every country whose documents are attached.
    Countries,
    /// A line for each document.
    Documents,
    /// Of a correction: a line for each figure, as it was printed and as it is now.
    Changes,
    /// Of a correction: why.
    Reason,
}

/// A piece of a text with placeholders.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words that stand as they are.
    Words(&'t str),
    /// What stands between braces.
    Open(&'t str),
}

impl Placeholder {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Donor,
        Self::Series,
        Self::Issue,
        Self::Contact,
        Self::Country,
        Self::Countries,
        Self::Documents,
        Self::Changes,
        Self::Reason,
    ];

    /// The name that stands between braces.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Donor => "donor",
            Self::Series => "series",
            Self::Issue => "issue",
            Self::Contact => "contact",
            Self::Country => "country",
            Self::Countries => "countries",
            Self::Documents => "documents",
            Self::Changes => "changes",
            Self::Reason => "reason",
        }
    }

    /// The placeholder of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// Whether what it stands for takes one line, so that it may stand in a subject.
    fn is_one_line(self) -> bool {
        !matches!(self, Self::Documents | Self::Changes | Self::Reason)
    }

    /// Whether every letter has it, and not only one of a correction.
    fn is_of_any_letter(self) -> bool {
        !matches!(self, Self::Changes | Self::Reason)
    }
}

/// The first line of a file begins with this if it is the subject.
const SUBJECT: &str = "Subject:";

impl Letter {
    /// Reads a letter in UTF-8, with its subject if there is one.
    #[must_use]
    pub fn read(source: &Arc<Source>, occasion: Occasion, donor: Option<&str>, language: &str) -> Self {
        let whole = source.text();
        let text = whole.trim_start_matches('\u{feff}');
        let start = whole.len() - text.len();
        let located = |from: usize, text: &str| Located {
            value: text.to_owned(),
            span: Span::new(source, from..from + text.len()),
        };
        let line = text.split_inclusive('\n').next().unwrap_or_default();
        let subject = line.strip_prefix(SUBJECT).map(|rest| {
            let subject = rest.trim();
            located(start + SUBJECT.len() + (rest.len() - rest.trim_start().len()), subject)
        });
        let below = if subject.is_some() { line.len() } else { 0 };
        let letter = text.split_at_checked(below).map_or(text, |(_, letter)| letter);
        let words = letter.trim_start();
        let from = start + below + (letter.len() - words.len());
        let (donor, language) = (donor.map(str::to_owned), language.to_owned());
        Self { occasion, donor, language, subject, text: located(from, words) }
    }

    /// The faults of its subject and its text, whatever they are filled with.
    #[must_use]
    pub fn faults(&self) -> Vec<Diagnostic> {
        let mut faults: Vec<Diagnostic> = self.subject.iter().flat_map(unknown_in_subject).collect();
        faults.extend(match self.occasion {
            Occasion::Documents => unknown_in_text(&self.text),
            Occasion::Correction => unknown(&self.text, |_| true),
        });
        faults.extend(self.unsaid());
        let given = self.subject.iter().map(|subject| (subject, "subject")).chain([(&self.text, "letter")]);
        faults.extend(given.filter(|(words, _)| words.value.trim().is_empty()).map(|(words, what)| {
            Diagnostic::error(Code::InvalidValue, words.span.clone(), format!("the {what} is empty"))
                .hint(format!("write the {what}, or delete it: then that of the language or of `[mail]` is sent"))
        }));
        faults
    }
}

impl Letter {
    /// What a letter of a correction must say and does not.
    fn unsaid(&self) -> Vec<Diagnostic> {
        let needed = [Placeholder::Changes, Placeholder::Reason];
        let needed = needed.into_iter().filter(|_| self.occasion == Occasion::Correction);
        let open = open(&self.text.value);
        let lacking = needed.filter(|needed| !open.contains(needed) && !self.text.value.trim().is_empty());
        let fault = |lacking: Placeholder| {
            let message = format!("the letter of a correction lacks `{{{}}}`", lacking.name());
            Diagnostic::error(Code::MissingField, self.text.span.clone(), message)
                .hint("without it the donor does not learn what was wrong, and why")
        };
        lacking.map(fault).collect()
    }
}

/// The pieces of a text. A brace that no brace of its line closes stands for itself.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Piece::Words(before));
        let closed = after.split_once('}').filter(|(name, _)| !name.contains(['{', '\n']));
        let (piece, left) = closed.map_or((Piece::Words("{"), after), |(name, left)| (Piece::Open(name), left));
        pieces.push(piece);
        rest = left;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// The placeholders of a text that are known, each once.
#[must_use]
pub fn open(text: &str) -> Vec<Placeholder> {
    let mut open: Vec<Placeholder> = names(text).into_iter().filter_map(Placeholder::named).collect();
    open.sort_unstable();
    open.dedup();
    open
}

/// A text with its placeholders filled in; a value that looks like a placeholder is left as it is.
#[must_use]
pub fn filled(text: &str, value: impl Fn(Placeholder) -> String) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Open(name) => Placeholder::named(name).map_or_else(|| format!("{{{name}}}"), &value),
    };
    pieces(text).into_iter().map(piece).collect()
}

/// A fault at each place of a text where a placeholder is written; at the whole text where it is escaped in the file.
#[must_use]
pub fn at_each(text: &Located<String>, name: &str, fault: impl Fn(Span) -> Diagnostic) -> Vec<Diagnostic> {
    let places = text.span.each(&format!("{{{name}}}"));
    if places.is_empty() { vec![fault(text.span.clone())] } else { places.into_iter().map(fault).collect() }
}

/// The faults of the placeholders in the text of a letter that no letter of that kind has.
#[must_use]
pub fn unknown_in_text(text: &Located<String>) -> Vec<Diagnostic> {
    unknown(text, Placeholder::is_of_any_letter)
}

/// The faults of the placeholders in a subject that no subject has.
#[must_use]
pub fn unknown_in_subject(text: &Located<String>) -> Vec<Diagnostic> {
    unknown(text, Placeholder::is_one_line)
}

fn unknown(text: &Located<String>, fits: fn(Placeholder) -> bool) -> Vec<Diagnostic> {
    let known = || Placeholder::ALL.into_iter().filter(|placeholder| fits(*placeholder)).map(Placeholder::name);
    let strange = names(&text.value).into_iter().filter(|name| !known().any(|known| known == *name));
    let faults = strange.flat_map(|name| {
        let message = match Placeholder::named(name) {
            Some(known) if fits(Placeholder::Documents) && !known.is_of_any_letter() => {
                format!("`{{{name}}}` belongs into a letter of a correction, in `data/letters/correction/`")
            }
            Some(_) => format!("`{{{name}}}` stands for several lines, and a subject is one line"),
            None => format!("`{{{name}}}` is not a placeholder"),
        };
        let meant =
            nearest(name.trim(), known()).map_or_else(String::new, |near| format!("did you mean `{{{near}}}`? "));
        let list = known().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ");
        let hint = format!("{meant}the placeholders are: {list}");
        at_each(text, name, |span| Diagnostic::error(Code::UnknownName, span, message.as_str()).hint(hint.as_str()))
    });
    faults.collect()
}

/// What stands between braces in a text, each once.
fn names(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for piece in pieces(text) {
        match piece {
            Piece::Open(name) if !names.contains(&name) => names.push(name),
            Piece::Open(_) | Piece::Words(_) => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str) -> Letter {
        Letter::read(
            &Arc::new(Source::new("data/letters/en.txt", text.as_bytes().to_vec())),
            Occasion::Documents,
            None,
            "en",
        )
    }

    fn found(text: &str) -> Vec<(String, String)> {
        letter(text).faults().iter().map(|fault| (fault.span.place(), fault.message.to_string())).collect()
    }

    #[test]
    fn the_first_line_may_be_the_subject() {
        let with = letter("\u{feff}Subject:  {series} for {donor}\r\n\r\nDear {donor},\nthe briefs.\n");
        assert_eq!(with.subject.map(|subject| subject.value).as_deref(), Some("{series} for {donor}"));
        assert_eq!(with.text.value, "Dear {donor},\nthe briefs.\n");
        let without = letter("Dear Subject: {donor}");
        assert_eq!((without.subject.is_none(), without.text.value.as_str()), (true, "Dear Subject: {donor}"));
    }

    #[test]
    fn every_unknown_placeholder_is_named_at_its_place() {
        let at = |place: &str, name: &str| {
            (format!("data/letters/en.txt:{place}"), format!("`{{{name}}}` is not a placeholder"))
        };
        assert_eq!(
            found("Subject: {isue}\n\nDear {donor}, { donor} {name}\nand {name} { not this\n} {}\n"),
            [at("1:10", "isue"), at("3:15", " donor"), at("3:24", "name"), at("4:5", "name"), at("5:3", "")]
        );
        assert_eq!(found("Subject: {documents}\n\nDear,\n")[0].0, "data/letters/en.txt:1:10");
        assert_eq!(found("Subject:\n\n").len(), 2, "neither may be empty");
    }

    #[test]
    fn what_is_filled_in_is_text() {
        let value = |placeholder: Placeholder| format!("<{{{}}}>", placeholder.name());
        assert_eq!(filled("{series} {issue}: {donor} {", value), "<{series}> <{issue}>: <{donor}> {");
        assert_eq!(filled("{{donor}} {other}", value), "{<{donor}>} {other}");
        assert!(
            Placeholder::ALL.iter().all(|placeholder| Placeholder::named(placeholder.name()) == Some(*placeholder))
        );
    }
}
