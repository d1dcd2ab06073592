//! The words that a language has agreed on: where a text of the default language has a term, its translation has the agreed word.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::Declaration;

/// A term of the default language, and its agreed translation.
#[derive(Debug, Clone)]
pub struct Agreed {
    /// The term in its forms, in lower case; the first is the one that messages name.
    terms: Vec<String>,
    /// The agreed word in its forms, in lower case; the first is the one that messages name.
    words: Vec<String>,
    /// Why this word, for the translator.
    note: Option<String>,
}

/// The terms of a language, in the order in which they are declared.
#[derive(Debug, Clone, Default)]
pub struct Glossary(Vec<Agreed>);

impl Glossary {
    /// Reads the tables `[[glossary]]` of a catalogue.
    pub(super) fn read(file: &mut Declaration<'_>) -> Self {
        let read = |mut entry: Declaration<'_>| {
            let mut list = |key| {
                let listed = entry.texts(key).into_iter();
                listed.map(|text| comparable(&text.value)).filter(|text| !text.is_empty()).collect::<Vec<_>>()
            };
            let (terms, words) = (list("term"), list("translation"));
            for (key, given) in [("term", &terms), ("translation", &words)] {
                if given.is_empty() {
                    let message = format!("the key `{key}` is missing or empty");
                    let fault = Diagnostic::error(Code::MissingField, entry.span(), message);
                    entry.fault(fault.hint(format!("write `{key} = \"…\"`, or a list of its forms")));
                }
            }
            let note = entry.text("note").map(|note| note.value);
            entry.finish();
            Agreed { terms, words, note }
        };
        let entries = file.tables("glossary", read);
        Self(entries.into_iter().filter(|entry| !entry.terms.is_empty() && !entry.words.is_empty()).collect())
    }

    /// The terms that a text of the default language has, and whose agreed words its translation lacks.
    pub fn lacking<'g>(&'g self, text: &str, translation: &str) -> impl Iterator<Item = &'g Agreed> {
        let (text, translation) = (comparable(text), comparable(translation));
        let lacks = move |agreed: &&Agreed| {
            agreed.terms.iter().any(|term| has_word(&text, term))
                && !agreed.words.iter().any(|word| translation.contains(word.as_str()))
        };
        self.0.iter().filter(lacks)
    }
}

impl Agreed {
    /// The warning that a translation lacks the agreed word.
    #[must_use]
    pub fn warning(&self, language: &str, span: Span) -> Diagnostic {
        let (term, word) = (&self.terms[0], &self.words[0]);
        let message =
            format!("the default text has “{term}”; `{language}` has agreed on “{word}” for it, which is not here");
        let warning = Diagnostic::warning(Code::Untranslated, span, message);
        let form = "write it, or add the form that stands here to the glossary";
        warning.hint(self.note.as_ref().map_or_else(|| form.to_owned(), |note| format!("{form} ({note})")))
    }
}

/// A text in lower case, with one kind of space and without the marks that only say where a line may break.
fn comparable(text: &str) -> String {
    let spaced = text.chars().filter(|c| *c != '\u{200b}').map(|c| if c.is_whitespace() { ' ' } else { c });
    spaced.collect::<String>().to_lowercase()
}

/// Whether a term stands in a text as words of its own, or with the ending of a plural.
fn has_word(text: &str, term: &str) -> bool {
    text.match_indices(term).any(|(at, _)| {
        let (before, from) = text.split_at(at);
        let after = from.strip_prefix(term).unwrap_or(from);
        let after = after.strip_prefix('s').unwrap_or(after);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary() -> Glossary {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let agreed = |terms, translations| Agreed { terms: words(terms), words: words(translations), note: None };
        Glossary(vec![agreed(&["watch list"], &["liste de surveillance"]), agreed(&["victim"], &["victime"])])
    }

    #[test]
    fn a_term_asks_for_its_word() {
        let lacking = |text: &str, translation: &str| glossary().lacking(text, translation).count();
        assert_eq!(lacking("On the Watch List", "Sur la Liste\u{a0}de surveillance"), 0);
        assert_eq!(lacking("On the Watch List", "Sur la liste"), 1);
        assert_eq!(lacking("Victims of 2020", "Personnes de 2020"), 1);
        assert_eq!(lacking("Victimless, revictim", "Rien"), 0);
    }
}
