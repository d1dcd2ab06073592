//! Reads a catalogue, and checks it against the texts that a language has to translate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::glossary::Glossary;
use super::keys::CATALOGUE;
use super::locale::Locale;
use super::nouns::Nouns;
use super::scripts::{is_leftwards, unset_direction};
use super::segments::Segments;
use super::{COUNTRIES, Font, Key, Marks, OTHER, Text, UNITS, WORDS};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::keys::Holds;
use crate::project::declaration::{Declaration, Leaf, Located, nearest};

/// A text that a further language has to translate: its key, and the text in the default language.
pub type Expected = (Key, String);

impl Text {
    /// Reads `data/text/<language>.toml`.
    pub fn parse(language: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut file = Declaration::parse(&CATALOGUE, source, diagnostics);
        let region = file.required_text("region").value;
        let (locale, refused) = locale(&mut file, language, &region)?;
        one_era(&mut file);
        let name = file.text("name").map_or_else(|| language.to_owned(), |name| name.value);
        let draft = file.boolean("draft");
        let font = file.table("font").map(font);
        let mut list = |key| file.texts(key).into_iter().map(|item| item.value).collect::<Vec<String>>();
        let (numbers, further_numbers, counted) = (list("number_words"), list("further_number_words"), list("counted"));
        let segments = Segments::new(list("whole_words"));
        let nouns = Nouns::read(&mut file);
        let glossary = Glossary::read(&mut file);
        let sections = file.heads().into_iter().map(|head| (head.value, head.span)).collect();
        let leaves = file.leaves();
        let loose: Vec<Leaf> = leaves.iter().filter(|leaf| leaf.path.len() == 1).cloned().collect();
        loose.iter().for_each(|leaf| file.fault(unknown_key(leaf)));
        if let Some(fault) = leftwards(language, &leaves).filter(|_| !refused) {
            file.fault(fault);
        }
        file.finish();
        let mut text = Self {
            language: language.to_owned(),
            region,
            name,
            draft,
            font,
            face: None,
            carried: false,
            stood_in: false,
            foreign: Vec::new(),
            marks: locale.marks(),
            locale,
            segments,
            texts: leaves
                .into_iter()
                .map(|leaf| (leaf.path, Located { value: leaf.text.value, span: leaf.key }))
                .collect(),
            sections,
            words: BTreeMap::new(),
            numbers,
            further_numbers,
            counted,
            nouns,
            glossary,
        };
        text.settle();
        Some(text)
    }

    /// The texts of this catalogue, the default language's, that every other one has to translate.
    #[must_use]
    pub fn expected(&self) -> Vec<Expected> {
        let mut expected: BTreeMap<Key, String> = BTreeMap::new();
        for (key, text) in &self.texts {
            // The general plural form comes last and wins.
            expected.insert(base(key), text.value.clone());
        }
        expected.into_iter().collect()
    }

    /// The faults in the catalogue of the default language.
    #[must_use]
    pub fn faults(&self) -> Vec<Diagnostic> {
        let own = [WORDS, UNITS, COUNTRIES];
        let elsewhere = |key: &Key| !own.contains(&key[0].as_str());
        let strays = self.texts.iter().filter(|(key, _)| key.len() > 1 && elsewhere(key)).map(|(key, text)| {
            let message = format!("the key `{}` is not known here", key.join("."));
            let fault = Diagnostic::error(Code::UnknownField, text.span.clone(), message);
            fault.hint("write the text of the default language in the declaration itself")
        });
        let forms = self.texts.iter().filter_map(|(key, text)| self.no_form(key, text));
        strays.chain(forms).chain(self.texts.iter().filter_map(|(key, text)| unsound(key, text))).collect()
    }

    /// Checks the texts whose keys are `within` against those expected: unknown keys, and placeholders or numbers that
    /// differ, are faults; missing texts are one warning for each table.
    #[must_use]
    pub fn checked(&self, default: &Self, expected: &[Expected], within: &dyn Fn(&Key) -> bool) -> Vec<Diagnostic> {
        let known: BTreeMap<&Key, &str> = expected.iter().map(|(key, text)| (key, text.as_str())).collect();
        let mut found = Vec::new();
        let mut translated: BTreeSet<Key> = BTreeSet::new();
        for (key, own) in self.texts.iter().filter(|(key, _)| key.len() > 1 && within(key)) {
            let base = base(key);
            match known.get(&base) {
                Some(text) => {
                    found.extend(self.differs(default, key, own, text));
                    let lacking = self.glossary().lacking(text, &own.value);
                    found.extend(lacking.map(|agreed| agreed.warning(&self.language, own.span.clone())));
                }
                None => found.push(unknown(key, own, &known)),
            }
            translated.insert(base);
        }
        let missing: Vec<&Key> = expected.iter().map(|(key, _)| key).filter(|key| !translated.contains(*key)).collect();
        found.extend(self.missing(&missing));
        found
    }

    /// Keeps the texts of these keys alone.
    pub fn retain(&mut self, keys: &BTreeSet<Key>) {
        self.texts.retain(|key, _| key.len() < 2 || keys.contains(&base(key)));
        self.settle();
    }

    /// Takes over the words that it lacks, of these alone if they are given, and returns them: words of a later program than the
    /// one that it was written for.
    pub fn take_words(&mut self, other: &Self, these: Option<&BTreeSet<Key>>) -> BTreeSet<Key> {
        let own: BTreeSet<Key> = self.texts.keys().map(base).collect();
        let lacking =
            |key: &Key| key[0] == WORDS && !own.contains(key) && these.is_none_or(|these| these.contains(key));
        let taken: Vec<_> = other.texts.iter().filter(|(key, _)| lacking(&base(key))).collect();
        let keys = taken.iter().map(|(key, _)| base(key)).collect();
        self.texts.extend(taken.into_iter().map(|(key, text)| (key.clone(), text.clone())));
        self.settle();
        keys
    }

    /// Fills missing texts with those of the default language.
    pub fn fall_back(&mut self, default: &Self, expected: &[Expected]) {
        let own: BTreeSet<Key> = self.texts.keys().map(base).collect();
        for (key, text) in expected.iter().filter(|(key, _)| !own.contains(key)) {
            self.foreign.push(text.clone());
            let forms = default.texts.iter().filter(|(form, _)| base(form) == *key);
            self.texts.extend(forms.map(|(form, text)| (form.clone(), text.clone())));
        }
        self.settle();
    }

    /// Collects the words of the templates, each in its general plural form, and marks where lines may break.
    fn settle(&mut self) {
        for text in self.texts.values_mut() {
            text.value = self.segments.breakable(&text.value.replace('\u{200b}', ""));
        }
        let words = self.texts.iter().filter(|(key, _)| key[0] == WORDS && key.len() > 1);
        let general = words.filter(|(key, _)| key.len() == 2 || key[2] == OTHER);
        self.words = general.map(|(key, text)| (key[1].clone(), text.value.clone())).collect();
    }

    /// The fault of a plural form that the language does not have.
    fn no_form(&self, key: &Key, text: &Located<String>) -> Option<Diagnostic> {
        let categories = self.locale.categories();
        let category = key.get(2).filter(|_| base(key) != *key)?;
        let message = format!("`{category}` is not a plural form of `{}`", self.language);
        let fault = || Diagnostic::error(Code::UnknownField, text.span.clone(), message);
        (!categories.contains(&category.as_str()))
            .then(|| fault().hint(format!("its forms are: {}", categories.join(", "))))
    }

    /// The fault of a translation whose placeholders or numbers differ from the text it translates.
    fn differs(&self, default: &Self, key: &Key, own: &Located<String>, text: &str) -> Option<Diagnostic> {
        if let Some(fault) = self.no_form(key, own) {
            return Some(fault);
        }
        let (wanted, held) = (placeholders(text), placeholders(&own.value));
        let fault = |message| Some(Diagnostic::error(Code::InvalidValue, own.span.clone(), message));
        if let Some(missing) = wanted.difference(&held).next() {
            let message = format!("`{}` must contain `{{{missing}}}`", key.join("."));
            return fault(message).map(|fault| fault.hint(format!("it translates “{text}”")));
        }
        if let Some(other) = held.difference(&wanted).next() {
            let message = format!("`{{{other}}}` is not a placeholder of `{}`", key.join("."));
            let may = wanted.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>();
            let hint = if may.is_empty() {
                "it has no placeholders".to_owned()
            } else {
                format!("its placeholders are: {}", may.join(", "))
            };
            return fault(message).map(|fault| fault.hint(hint));
        }
        let (wanted, held) = (numbers(text, &default.marks), numbers(&own.value, &self.marks));
        (wanted != held).then(|| {
            let message = format!("the numbers in `{}` differ from those in the text it translates", key.join("."));
            let fault = Diagnostic::error(Code::InvalidValue, own.span.clone(), message);
            fault.hint(format!("it translates “{text}”"))
        })
    }

    /// One warning for each table with missing texts, at the head of the table.
    fn missing(&self, missing: &[&Key]) -> Vec<Diagnostic> {
        let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for key in missing {
            tables.entry(&key[0]).or_default().push(key[1..].join("."));
        }
        let warn = |(table, keys): (&str, Vec<String>)| {
            let shown: Vec<String> = keys.iter().take(SHOWN).map(|key| format!("`{key}`")).collect();
            let more = if keys.len() > SHOWN { format!(" and {} more", keys.len() - SHOWN) } else { String::new() };
            let message =
                format!("`{}` has no translation under `{table}` for: {}{more}", self.language, shown.join(", "));
            let warning = Diagnostic::warning(Code::Untranslated, self.head(table)?, message);
            Some(warning.hint("add it there; until then the text of the default language is printed"))
        };
        tables.into_iter().filter_map(warn).collect()
    }

    /// The place of a table's head; that of the first table if this one does not exist.
    fn head(&self, table: &str) -> Option<Span> {
        self.sections.get(table).or_else(|| self.sections.values().next()).cloned()
    }
}

/// A key without its plural category.
fn base(key: &Key) -> Key {
    let form = key.len() == 3 && (key[0] == WORDS || key[0] == UNITS);
    if form { key[..2].to_vec() } else { key.clone() }
}

/// How many missing texts of a table a warning names.
const SHOWN: usize = 6;

/// The conventions of `locale`, else of the language in its region, else of no particular language;
/// and whether they are refused because the page cannot be set in the language's direction of writing.
fn locale(file: &mut Declaration<'_>, language: &str, region: &str) -> Option<(Locale, bool)> {
    let named = file.text("locale");
    let tag =
        named.as_ref().map_or_else(|| format!("{language}-{}", region.to_uppercase()), |named| named.value.clone());
    let found = Locale::of(&tag);
    if let Some((named, direction)) = named.as_ref().and_then(|named| Some((named, unset_direction(&named.value)?))) {
        let message = format!("`{tag}` is written {direction}, which the page cannot set yet");
        let fault = Diagnostic::error(Code::InvalidValue, named.span.clone(), message);
        file.fault(fault.hint(TAKE_OUT));
    }
    if let Some((named, wish)) = named.as_ref().and_then(|named| Some((named, Locale::wish(&tag)?))) {
        let message = format!("`{tag}` asks for `{wish}`; all years are of the Common Era, in European digits");
        let fault = Diagnostic::error(Code::InvalidValue, named.span.clone(), message);
        file.fault(fault.hint("write the tag without `-u-` and everything after it"));
    }
    if let (Some(named), None) = (&named, &found) {
        let message = format!("`{tag}` is not a language tag");
        let fault = Diagnostic::error(Code::InvalidValue, named.span.clone(), message);
        file.fault(fault.hint("write a BCP 47 tag, such as `fr-CH`"));
    }
    let found = found.or_else(|| Locale::of(language)).or_else(|| Locale::of("und"))?;
    Some((found, unset_direction(&tag).is_some()))
}

/// Checks the calendar and the digits. All documents use the same: a year on an axis or in a table has no language.
fn one_era(file: &mut Declaration<'_>) {
    for (key, only) in [("calendar", "gregorian"), ("digits", "latn")] {
        let Some(asked) = file.text(key).filter(|asked| asked.value != only) else { continue };
        let message = format!("`{key}` can only be `{only}`, not `{}`", asked.value);
        let fault = Diagnostic::error(Code::InvalidValue, asked.span, message);
        file.fault(fault.hint("delete the line: every document uses years of the Common Era and European digits"));
    }
}

/// The fault of a catalogue in letters written from right to left, whatever its language tag, at the first such text.
fn leftwards(language: &str, leaves: &[Leaf]) -> Option<Diagnostic> {
    let first = leaves.iter().find(|leaf| is_leftwards(&leaf.text.value))?;
    let all: String = leaves.iter().map(|leaf| leaf.text.value.as_str()).collect();
    let message = format!("the texts of `{language}` are written from right to left, which the page cannot set yet");
    let fault = Diagnostic::error(Code::InvalidValue, first.text.span.clone(), message);
    is_leftwards(&all).then(|| fault.hint(TAKE_OUT))
}

const TAKE_OUT: &str = "remove the language from `languages` in data/report.toml";

fn font(mut table: Declaration<'_>) -> Font {
    let font = Font {
        family: table.required_text("family"),
        folder: table.text("folder"),
        sums: table.texts("sha256"),
        stand_in: table.text("stand_in"),
    };
    table.finish();
    font
}

fn unknown_key(leaf: &Leaf) -> Diagnostic {
    let message = format!("the key `{}` is not known here", leaf.path[0]);
    let fault = Diagnostic::error(Code::UnknownField, leaf.key.clone(), message);
    // A text of its own is no table of texts.
    let own = CATALOGUE.named().filter(|key| !matches!(key.holds, Holds::Nested | Holds::Tables(_)));
    let known: Vec<&str> = own.map(|key| key.name).collect();
    match nearest(&leaf.path[0], known.iter().copied()) {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint(format!("the keys are: {}; texts belong in tables", known.join(", "))),
    }
}

/// The fault of a key that translates nothing.
fn unknown(key: &Key, own: &Located<String>, known: &BTreeMap<&Key, &str>) -> Diagnostic {
    let message = format!("there is no text `{}`", key.join("."));
    let fault = Diagnostic::error(Code::UnknownField, own.span.clone(), message);
    // The longest part of the key that exists, and the keys that can follow it.
    let follows = |depth: usize| {
        let fits = known.keys().filter(|other| other.len() > depth && other[..depth] == key[..depth]);
        fits.map(|other| other[depth].as_str()).collect::<BTreeSet<_>>()
    };
    let depth = (0..key.len()).rev().find(|depth| !follows(*depth).is_empty()).unwrap_or(0);
    let candidates = follows(depth);
    if let Some(near) = nearest(&key[depth], candidates.iter().copied()) {
        return fault.hint(format!("did you mean `{near}`?"));
    }
    let some: Vec<&str> = candidates.into_iter().take(SHOWN).collect();
    fault.hint(format!("there are: {}", some.join(", ")))
}

/// The placeholders of a phrase: the names in braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn numbers(text: &str, marks: &Marks) -> Vec<String> {
    let mut numbers: Vec<String> = marks.numerals(text).map(|numeral| marks.plain(numeral)).collect();
    numbers.sort();
    numbers
}

/// The placeholders that phrases around a figure must contain, so that every language prints the same figure.
const HELD: &[(&str, &[&str])] = &[
    ("approximate", &["value"]),
    ("at_least", &["value"]),
    ("at_most", &["value"]),
    ("fewer_than", &["value"]),
    ("small_base", &["value"]),
    ("change_up", &["value"]),
    ("change_down", &["value"]),
    ("share_value", &["value"]),
    ("share_of", &["share", "whole"]),
    ("trend_up", &["before", "then", "now", "when"]),
    ("trend_down", &["before", "then", "now", "when"]),
    ("trend_same", &["now", "then", "when"]),
    ("period_range", &["from", "to"]),
];

/// The fault of a phrase around a figure that leaves the figure out, or adds another number.
fn unsound(key: &Key, text: &Located<String>) -> Option<Diagnostic> {
    let (_, held) = HELD.iter().find(|(known, _)| key[0] == WORDS && key.get(1).is_some_and(|key| key == known))?;
    let fault = |message| Some(Diagnostic::error(Code::InvalidValue, text.span.clone(), message));
    let own = placeholders(&text.value);
    if let Some(missing) = held.iter().find(|held| !own.contains(**held)) {
        return fault(format!("`{}` must contain `{{{missing}}}`", key[1]));
    }
    let digit = text.value.contains(char::is_numeric);
    if digit { fault(format!("`{}` contains a number besides the figure", key[1])) } else { None }
}
