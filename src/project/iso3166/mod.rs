//! Country codes: every alpha-3 code of ISO 3166-1 with its alpha-2 code and its number (UN M49), and the user-assigned codes,
//! to which a project gives a meaning. [`Known`] suggests a code for other codes and for names.

mod known;

pub use known::Known;

/// `<alpha-3> <alpha-2> <number>` a line, by alpha-3.
const CODES: &str = include_str!("codes.txt");
/// `<alpha-3> <name>` a line: the English short names of the United Nations (M49), and of the standard where M49 has none.
const NAMES: &str = include_str!("names.txt");
/// Withdrawn codes of the standard, each with the codes that replaced it.
const FORMER: &str = include_str!("former.txt");
/// Codes that other sources use instead of those of the standard.
const ALIASES: &str = include_str!("aliases.txt");
/// Codes for places that are not in the standard, each with the user-assigned code that most sources agree on.
const AGREED: &str = include_str!("agreed.txt");

/// Blocks of user-assigned alpha-3 codes, which the standard never uses itself (ISO 3166-1, 8.1.3).
const USER_ASSIGNED: [(&str, &str); 4] = [("AAA", "AAZ"), ("QMA", "QZZ"), ("XAA", "XZZ"), ("ZZA", "ZZZ")];

/// Whether an alpha-3 code is that of a country, or user-assigned.
#[must_use]
pub fn is_country(alpha3: &str) -> bool {
    alpha2(alpha3).is_some() || block(alpha3).is_some()
}

/// The block of user-assigned codes that contains a code.
fn block(code: &str) -> Option<usize> {
    let shaped = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    USER_ASSIGNED.iter().position(|(first, last)| shaped && (first..=last).contains(&&code))
}

/// The alpha-2 code of a country; none for a user-assigned code.
#[must_use]
pub fn alpha2(alpha3: &str) -> Option<&'static str> {
    rows().find(|[code, ..]| *code == alpha3).map(|[_, alpha2, _]| alpha2)
}

/// The alpha-3 code of an alpha-2 code of the standard.
#[must_use]
pub fn of_alpha2(alpha2: &str) -> Option<&'static str> {
    rows().find(|[_, other, _]| *other == alpha2).map(|[alpha3, ..]| alpha3)
}

/// The alpha-3 code of a country by its English short name in the United Nations, without "(the)".
#[must_use]
pub fn of_name(name: &str) -> Option<&'static str> {
    names().find(|(_, known)| *known == name).map(|(code, _)| code)
}

/// Every alpha-3 code with that name.
fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

/// Every alpha-3 code of the standard.
pub fn countries() -> impl Iterator<Item = &'static str> {
    rows().map(|[alpha3, ..]| alpha3)
}

fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    CODES.lines().filter_map(|line| line.split(' ').collect::<Vec<_>>().try_into().ok())
}

/// The words after a word in one of the lists.
fn behind(list: &'static str, word: &str) -> Option<Vec<&'static str>> {
    list.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(first, _)| *first == word)
        .map(|(_, rest)| rest.split(' ').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let codes: Vec<&str> = countries().collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 3 && is_country(code)));
        assert!(rows().all(|[_, alpha2, _]| alpha2.len() == 2 && alpha2.bytes().all(|byte| byte.is_ascii_uppercase())));
        assert!(rows().all(|[.., number]| number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit())));
        assert_eq!([alpha2("THA"), alpha2("XXA"), alpha2("TH")], [Some("TH"), None, None]);
    }

    #[test]
    fn every_country_has_one_name() {
        assert!(names().map(|(code, _)| code).eq(countries()));
        let unlike: std::collections::BTreeSet<&str> = names().map(|(_, name)| name).collect();
        assert_eq!(unlike.len(), 249);
        assert!(unlike.iter().all(|name| !name.contains(['’', '"']) && !name.ends_with("(the)")));
        assert_eq!([of_name("Lao People's Democratic Republic"), of_name("#")], [Some("LAO"), None]);
    }

    #[test]
    fn user_assigned_codes_are_countries() {
        assert!(["XXA", "XKX", "AAZ", "QZZ", "ZZA"].iter().all(|code| is_country(code)));
        assert!(["MRM", "ABA", "QLZ", "tha", "TH", "", "XX1"].iter().all(|code| !is_country(code)));
    }

    #[test]
    fn no_other_code_is_one_of_the_standard() {
        for list in [FORMER, ALIASES, AGREED] {
            for (code, meant) in list.lines().filter_map(|line| line.split_once(' ')) {
                assert!(alpha2(code).is_none(), "{code}");
                assert!(meant.split(' ').all(is_country), "{code}: {meant}");
            }
        }
    }
}
