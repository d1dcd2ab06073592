//! The country names of a project, and the user-assigned codes that it has named. From them follows a suggestion for a country
//! that was written in another way.

use std::collections::{BTreeMap, BTreeSet};

use super::{AGREED, ALIASES, FORMER, alpha2, behind, block, countries, is_country, rows};

/// The shortest beginning of a name that can identify it.
const BEGINNING: usize = 4;
/// The endings of words for the people and things of a country.
const ENDINGS: [&str; 9] = ["ese", "ian", "ean", "ish", "an", "i", "n", "s", "e"];

/// The countries of a project.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Codes by their names in lower case.
    names: BTreeMap<String, String>,
    /// User-assigned codes that have a name.
    declared: BTreeSet<String>,
    /// The catalogue in which to declare another one.
    catalogue: String,
}

impl Known {
    /// Collects names with their codes. The first catalogue and the `folders` also declare the meaning of user-assigned codes.
    #[must_use]
    pub fn of<'n>(
        catalogues: impl IntoIterator<Item = (&'n str, Vec<(&'n str, &'n str)>)>,
        folders: impl IntoIterator<Item = (&'n str, &'n str)>,
    ) -> Self {
        let mut known = Self::default();
        for (language, names) in catalogues {
            let first = known.catalogue.is_empty();
            if first {
                known.catalogue = format!("data/text/{language}.toml");
            }
            names.into_iter().for_each(|(code, name)| known.add(code, name, first));
        }
        folders.into_iter().for_each(|(code, name)| known.add(code, name, true));
        known
    }

    fn add(&mut self, code: &str, name: &str, declares: bool) {
        if declares && block(code).is_some() {
            self.declared.insert(code.to_owned());
        }
        self.names.entry(plain(name)).or_insert_with(|| code.to_owned());
    }

    /// Whether a user-assigned code has no declared meaning in the tables of a country. A country with such a code itself may
    /// use others of its block, except those that sources use for existing places.
    #[must_use]
    pub fn is_undeclared(&self, code: &str, of: &str) -> bool {
        let Some(own) = block(code).filter(|_| !self.declared.contains(code)) else { return false };
        block(of) != Some(own) || behind(AGREED, code).is_some()
    }

    /// How to declare the meaning of a user-assigned code.
    #[must_use]
    pub fn declaration(&self, code: &str) -> String {
        let (to_declare, first) = match behind(AGREED, code).as_deref() {
            Some([agreed]) if *agreed != code => (*agreed, format!("write `{agreed}`, and ")),
            _ => (code, String::new()),
        };
        if self.declared.contains(to_declare) {
            return format!("write `{to_declare}`");
        }
        let catalogue = if self.catalogue.is_empty() { "data/text" } else { &self.catalogue };
        format!(
            "{first}name it under `[countries]` in {catalogue}, and in each further language: `{to_declare} = \"…\"`"
        )
    }

    /// A sentence that suggests a code for a word that is not one.
    #[must_use]
    pub fn advice(&self, written: &str) -> Option<String> {
        let word = written.trim();
        let capitals = word.to_uppercase();
        if behind(AGREED, &capitals).is_some() {
            return Some(format!("ISO 3166-1 has no code for it: {}", self.declaration(&capitals)));
        }
        if let Some(codes) = behind(FORMER, &capitals) {
            let now = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" or ");
            return Some(match codes.len() {
                1 => format!("`{capitals}` was withdrawn; write {now}"),
                _ => format!("`{capitals}` was withdrawn; write the code that you mean: {now}"),
            });
        }
        let meant = self.meant(word, &capitals)?;
        Some(format!("did you mean `{meant}`?"))
    }

    fn meant(&self, word: &str, capitals: &str) -> Option<String> {
        let own = |code: &str| Some(code.to_owned());
        if is_country(capitals) && capitals != word {
            return own(capitals);
        }
        if let Some([code]) = behind(ALIASES, capitals).as_deref() {
            return own(code);
        }
        if let Some([code, ..]) = rows().find(|[_, alpha2, _]| *alpha2 == word) {
            return own(code);
        }
        if !word.is_empty() && word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return rows().find(|[.., number]| *number == format!("{word:0>3}")).and_then(|[code, ..]| own(code));
        }
        swapped(capitals).map(str::to_owned).or_else(|| self.named(word))
    }

    /// The country with a name, or with a name that the word is made from or begins.
    fn named(&self, word: &str) -> Option<String> {
        let word = plain(word);
        if let Some(code) = self.names.get(&word) {
            return Some(code.clone());
        }
        if word.chars().count() < BEGINNING {
            return None;
        }
        // The longest name, since one name may begin with another.
        let grown = self.names.iter().filter(|(name, _)| name.chars().count() >= BEGINNING && is_made_of(&word, name));
        if let Some((_, code)) = grown.max_by_key(|(name, _)| name.len()) {
            return Some(code.clone());
        }
        let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending)).chain([word.as_str()]);
        let mut stems: Vec<&str> = stems.filter(|stem| stem.chars().count() >= BEGINNING).collect();
        stems.sort_by_key(|stem| std::cmp::Reverse(stem.len()));
        stems.into_iter().find_map(|stem| {
            let codes: BTreeSet<&String> =
                self.names.iter().filter(|(name, _)| name.starts_with(stem)).map(|(_, code)| code).collect();
            codes.first().filter(|_| codes.len() == 1).map(|code| (*code).clone())
        })
    }
}

/// Whether a word is a name with an ending: `cambodian` of `cambodia`.
fn is_made_of(word: &str, name: &str) -> bool {
    word.strip_prefix(name).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// A name in lower case, without spaces and marks, so that spellings compare as equal.
fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The only code with two neighbouring letters of a word swapped. A code with one different letter is a different country.
fn swapped(word: &str) -> Option<&'static str> {
    let [a, b, c] = word.as_bytes() else { return None };
    let near = [[*b, *a, *c], [*a, *c, *b]];
    let mut found = countries().filter(|code| near.iter().any(|near| near == code.as_bytes()));
    let first = found.next()?;
    (found.next().is_none() && alpha2(word).is_none()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let names = vec![
            ("THA", "Thailand"),
            ("KHM", "Cambodia"),
            ("NER", "Niger"),
            ("NGA", "Nigeria"),
            ("VNM", "Viet Nam"),
            ("CHN", "China"),
            ("XXQ", "Examplia"),
        ];
        Known::of([("en", names), ("fr", vec![("THA", "Thaïlande")])], [("XXA", "Home")])
    }

    #[test]
    fn the_country_that_was_meant_is_suggested_and_no_other() {
        let known = known();
        for (written, meant) in [
            ("TH", "THA"),
            ("tha", "THA"),
            ("764", "THA"),
            ("4", "AFG"),
            ("Thai", "THA"),
            ("Thailand", "THA"),
            ("thaïlande", "THA"),
            ("Cambodian", "KHM"),
            ("Nigerian", "NGA"),
            ("Niger", "NER"),
            ("Vietnamese", "VNM"),
            ("Chinese", "CHN"),
            ("UK", "GBR"),
            ("TAH", "THA"),
            ("MRM", "MMR"),
            ("GER", "DEU"),
        ] {
            assert_eq!(known.advice(written), Some(format!("did you mean `{meant}`?")), "{written}");
        }
        assert_eq!(known.advice("ROM").as_deref(), Some("`ROM` was withdrawn; write `ROU`"));
        assert!(
            known
                .advice("YUG")
                .is_some_and(|advice| advice.ends_with(": `BIH` or `HRV` or `MKD` or `MNE` or `SRB` or `SVN`"))
        );
        for written in ["UNK", "XKK", "XKX"] {
            assert!(known.advice(written).is_some_and(|advice| advice.contains("`XKX = \"…\"`")), "{written}");
        }
        for written in ["STA", "ABC", "VNN", "", "999", "Examples", "Ni", "total"] {
            assert_eq!(known.advice(written), None, "{written}");
        }
    }

    #[test]
    fn a_user_assigned_code_is_declared_by_a_name_or_a_folder() {
        let known = known();
        let undeclared = |code: &str, of: &str| known.is_undeclared(code, of);
        assert!(undeclared("XKX", "XXA") && undeclared("XXB", "THA") && undeclared("QMA", "XXA"));
        for (code, of) in [("XXQ", "THA"), ("XXA", "THA"), ("XXB", "XXA"), ("THA", "XXA"), ("total", "XXA")] {
            assert!(!undeclared(code, of), "{code} in {of}");
        }
    }
}
