//! Who publishes the series and answers for it: `[publisher]` in `data/report.toml`.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located};
use crate::project::donor::{Mailbox, Picture};

/// The longest text of a key, in characters: the colophon has four lines.
const LONGEST: usize = 90;

/// The keys of `[publisher]`.
pub static PUBLISHER: Keys = Keys::of(
    "[publisher]",
    "Who publishes the documents and answers for them. Each text is one line of at most 90 characters.",
    &[
        keys::text("name")
            .must()
            .says("Its name: in the colophon, in “cite as”, and the author of each PDF.")
            .example("\"The Anti-Trafficking Desk\""),
        keys::like("contact", "^(mailto:|https://)")
            .says("Where it can be reached.")
            .example("\"mailto:briefs@example.org\""),
        keys::like("address", "^https://")
            .says("Where `output/` is on the web: each document leads there by a link and a QR code.")
            .example("\"https://example.org/briefs/\""),
        keys::text("licence").says("The terms under which the documents may be used.").example("\"CC BY 4.0\""),
        keys::like("issn", "^[0-9]{4}-[0-9]{3}[0-9X]$")
            .says("The International Standard Serial Number of the series.")
            .example("\"2049-3630\""),
        keys::like("doi", "^10\\.[0-9.]{4,}/.+$")
            .says("The Digital Object Identifier of the series, without `https://doi.org/`.")
            .example("\"10.5281/zenodo.1234567\""),
        keys::text("logo")
            .says("The path of its logo below `data/`: PNG, JPEG, or SVG without numbers in its text.")
            .example("\"logos/desk.svg\""),
    ],
);

/// The publisher of a series.
#[derive(Debug, Clone)]
pub struct Publisher {
    /// Its printed name; it is also the author of each PDF.
    pub name: Located<String>,
    /// Where it can be reached: `mailto:…` or `https:…`.
    pub contact: Option<Located<String>>,
    /// The address of the series on the web, `https:…`: each document leads there by a link and a QR code.
    pub address: Option<Located<String>>,
    /// The terms under which the documents may be used: `CC BY 4.0`.
    pub licence: Option<Located<String>>,
    /// The International Standard Serial Number of the series.
    pub issn: Option<Located<String>>,
    /// The Digital Object Identifier of the series.
    pub doi: Option<Located<String>>,
    /// The path of its logo below `data/`.
    pub logo: Option<Located<String>>,
    /// The logo, read.
    pub picture: Option<Picture>,
}

impl Publisher {
    /// Reads `[publisher]`.
    pub(crate) fn read(mut declaration: Declaration<'_>) -> Self {
        let named = declaration.has("name");
        let read = Self {
            name: declaration.required_name("name"),
            contact: declaration.text("contact"),
            address: declaration.text("address"),
            licence: declaration.text("licence"),
            issn: declaration.text("issn"),
            doi: declaration.text("doi"),
            logo: declaration.text("logo"),
            picture: None,
        };
        let judged: [(&Option<Located<String>>, Judge); 4] =
            [(&read.contact, contact), (&read.address, address), (&read.issn, issn), (&read.doi, doi)];
        let mut faults: Vec<Diagnostic> = judged
            .iter()
            .filter_map(|(text, judge)| text.as_ref().and_then(|text| fault(text, judge(&text.value).err()?)))
            .collect();
        faults.extend(read.texts().into_iter().filter_map(unfit));
        faults.extend(Some(&read.name).filter(|_| named).and_then(unfit));
        faults.into_iter().for_each(|fault| declaration.fault(fault));
        declaration.finish();
        read
    }

    /// Its texts beside its name.
    fn texts(&self) -> Vec<&Located<String>> {
        [&self.contact, &self.address, &self.licence, &self.issn, &self.doi].into_iter().flatten().collect()
    }

    /// Its texts that are printed, each with its place.
    pub fn printed(&self) -> impl Iterator<Item = (&str, &Span)> {
        self.texts().into_iter().chain([&self.name]).map(|text| (text.value.as_str(), &text.span))
    }
}

/// What is wrong with a text, and what to write.
type Judge = fn(&str) -> Result<(), (String, &'static str)>;

fn fault(text: &Located<String>, (message, hint): (String, &'static str)) -> Option<Diagnostic> {
    // A key that is written but empty is reported as such.
    let given = !text.value.trim().is_empty();
    given.then(|| Diagnostic::error(Code::InvalidValue, text.span.clone(), message).hint(hint))
}

/// The fault of a text that is empty, of several lines, or too long for its line.
fn unfit(text: &Located<String>) -> Option<Diagnostic> {
    let length = text.value.chars().count();
    let message = match text.value.trim() {
        "" => "the text is empty".to_owned(),
        _ if text.value.chars().any(char::is_control) => "a text of the colophon must be one line".to_owned(),
        _ if length > LONGEST => format!("{length} characters; a line of the colophon has room for {LONGEST}"),
        _ => return None,
    };
    Some(Diagnostic::error(Code::InvalidValue, text.span.clone(), message).hint("shorten it, or remove the key"))
}

fn contact(text: &str) -> Result<(), (String, &'static str)> {
    let mail = text.strip_prefix("mailto:").map(|mailbox| Mailbox::read(mailbox).is_ok());
    let hint = "write it as `mailto:name@example.org` or `https://example.org/contact`";
    match mail {
        Some(true) => Ok(()),
        None if is_web(text) => Ok(()),
        _ => Err((format!("`{text}` is no mail address and no address on the web"), hint)),
    }
}

fn address(text: &str) -> Result<(), (String, &'static str)> {
    let hint = "write it as `https://example.org/briefs`";
    is_web(text).then_some(()).ok_or_else(|| (format!("`{text}` is no address on the web"), hint))
}

/// Whether a text is an address that a reader can open safely: `https:` with a host, in letters that no reader mistakes.
fn is_web(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    text.strip_prefix("https://").is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.contains('.') && !host.starts_with('.') && !host.contains('@') && rest.chars().all(fits)
    })
}

/// Eight digits of which the last is a check digit (ISO 3297): weights 8 to 2, modulo 11, `X` for 10.
fn issn(text: &str) -> Result<(), (String, &'static str)> {
    let hint = "write it as `2049-3630`, with its check digit";
    let wrong = || (format!("`{text}` is no ISSN"), hint);
    let (front, back) =
        text.split_once('-').filter(|(front, back)| (front.len(), back.len()) == (4, 4)).ok_or_else(wrong)?;
    let digits: Option<Vec<u32>> = front
        .chars()
        .chain(back.chars())
        .enumerate()
        .map(|(at, c)| if at == 7 && c == 'X' { Some(10) } else { c.to_digit(10) })
        .collect();
    let digits = digits.ok_or_else(wrong)?;
    let sum: u32 = digits.iter().zip((1..=8).rev()).map(|(digit, weight)| digit * weight).sum();
    if sum.is_multiple_of(11) { Ok(()) } else { Err((format!("`{text}` has a wrong check digit"), hint)) }
}

/// A prefix of `10.` and digits, a slash, and whatever the registrant chose.
fn doi(text: &str) -> Result<(), (String, &'static str)> {
    let parts = text.strip_prefix("10.").and_then(|rest| rest.split_once('/'));
    let fits = parts.is_some_and(|(registrant, rest)| {
        registrant.len() >= 4
            && registrant.chars().all(|c| c.is_ascii_digit() || c == '.')
            && !rest.is_empty()
            && rest.chars().all(|c| c.is_ascii_graphic())
    });
    fits.then_some(()).ok_or_else(|| {
        (format!("`{text}` is no DOI"), "write it as `10.5281/zenodo.1234567`, without `https://doi.org/`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_the_web_or_to_a_mailbox() {
        for good in ["mailto:briefs@example.org", "https://example.org/contact"] {
            assert!(contact(good).is_ok(), "{good}");
        }
        for bad in [
            "http://example.org",
            "javascript:alert(1)",
            "mailto:briefs",
            "briefs@example.org",
            "https://a@b.org",
            "https://х.рф",
        ] {
            assert!(contact(bad).is_err(), "{bad}");
        }
        assert!(address("https://example.org/briefs?x=1#LAO").is_ok());
        assert!(address("mailto:briefs@example.org").is_err() && address("https://local/").is_err());
    }

    #[test]
    fn numbers_of_serials_hold_their_check_digit() {
        assert!(issn("2049-3630").is_ok() && issn("0378-5955").is_ok() && issn("2434-561X").is_ok());
        assert!(issn("2049-3631").is_err() && issn("20493630").is_err() && issn("2049-363A").is_err());
        assert!(
            doi("10.5281/zenodo.1234567").is_ok()
                && doi("https://doi.org/10.5281/x").is_err()
                && doi("10.1/x").is_err()
        );
    }
}
