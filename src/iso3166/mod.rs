//! The codes of countries: every alpha-3 of ISO 3166-1 with its alpha-2, and those that the standard leaves to its users.

/// `<alpha-3> <alpha-2>` a line, by alpha-3.
const CODES: &str = include_str!("codes.txt");

/// Blocks of alpha-3 codes that the standard never assigns, so that users may (ISO 3166-1, 8.1.3).
const OF_USERS: [(&str, &str); 4] = [("AAA", "AAZ"), ("QMA", "QZZ"), ("XAA", "XZZ"), ("ZZA", "ZZZ")];

/// Whether an alpha-3 code is a country's, or one that users may give a meaning of their own.
#[must_use]
pub fn is_country(alpha3: &str) -> bool {
    let shaped = alpha3.len() == 3 && alpha3.bytes().all(|byte| byte.is_ascii_uppercase());
    shaped && (alpha2(alpha3).is_some() || OF_USERS.iter().any(|(first, last)| (first..=last).contains(&&alpha3)))
}

/// The alpha-2 code of a country; none for a code of users.
#[must_use]
pub fn alpha2(alpha3: &str) -> Option<&'static str> {
    pairs().find(|(code, _)| *code == alpha3).map(|(_, alpha2)| alpha2)
}

/// Every alpha-3 code of the standard.
pub fn countries() -> impl Iterator<Item = &'static str> {
    pairs().map(|(alpha3, _)| alpha3)
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    CODES.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let codes: Vec<&str> = countries().collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 3 && is_country(code)));
        assert!(pairs().all(|(_, alpha2)| alpha2.len() == 2 && alpha2.bytes().all(|byte| byte.is_ascii_uppercase())));
        assert_eq!([alpha2("THA"), alpha2("XXA"), alpha2("TH")], [Some("TH"), None, None]);
    }

    #[test]
    fn users_have_codes_of_their_own() {
        assert!(["XXA", "XKX", "AAZ", "QZZ", "ZZA"].iter().all(|code| is_country(code)));
        assert!(["MRM", "ABA", "QLZ", "tha", "TH", "", "XX1"].iter().all(|code| !is_country(code)));
    }
}
