//! An address for mail as people write it, `Arne Kock <arne@example.org>`, read once for `check` and for `send` alike.
//! **`email_address`** and **idna** live here.

use email_address::EmailAddress;

/// An address, with the name of who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, without quotes.
    pub name: Option<String>,
    /// What stands before `@`.
    pub local: String,
    /// What stands behind it, in ASCII.
    pub domain: String,
}

/// Why a text is no address, in words that follow a colon; and what to do.
#[derive(Debug, PartialEq, Eq)]
pub struct NoAddress {
    /// Why.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

const WRITE: &str = "write it as `name@example.org`, or take it out";

fn refuse<T>(reason: impl Into<String>, hint: impl Into<String>) -> Result<T, NoAddress> {
    Err(NoAddress { reason: reason.into(), hint: hint.into() })
}

impl Mailbox {
    /// Reads an address, with a name or without. A comma in the name needs no quotes.
    ///
    /// # Errors
    /// Why no mail can go to it.
    pub fn read(text: &str) -> Result<Self, NoAddress> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return refuse("it holds a line break, or another control character", "write it in one line");
        }
        let (name, address) = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => (named(name.trim())?, address.trim()),
            None if text.contains(['<', '>']) && !text.starts_with('"') => {
                return refuse("of `<` and `>` one is missing", "write it as `Name <name@example.org>`");
            }
            None => (None, text),
        };
        let (local, domain) = parts(address)?;
        Ok(Self { name, local, domain })
    }
}

/// The name before `<`, without its quotes.
fn named(written: &str) -> Result<Option<String>, NoAddress> {
    let one = "write each address as a text of its own";
    let Some(inner) = written.strip_prefix('"') else {
        if written.contains('"') {
            return refuse("a quote stands inside its name", "put the whole name in quotes, or leave the quotes out");
        }
        if written.contains(['@', '<', '>']) {
            return refuse("it holds more than one address", one);
        }
        return Ok(Some(written.to_owned()).filter(|name| !name.is_empty()));
    };
    let (mut name, mut letters) = (String::new(), inner.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next()),
            '"' if letters.as_str().trim().is_empty() => return Ok(Some(name).filter(|name| !name.is_empty())),
            '"' => return refuse("text follows the quotes of its name", "put the whole name in quotes"),
            other => name.push(other),
        }
    }
    refuse("the quote of its name is never closed", "write `\"Name\" <name@example.org>`")
}

/// What stands before `@`, and the domain in ASCII.
fn parts(address: &str) -> Result<(String, String), NoAddress> {
    if address.matches('@').count() > 1 && address.contains([',', ';', ' ']) && !address.starts_with('"') {
        return refuse("it holds more than one address", "write each address as a text of its own");
    }
    let Some((local, domain)) = address.rsplit_once('@') else { return refuse("it has no `@`", WRITE) };
    if local.contains(' ') && !local.starts_with('"') {
        return refuse("a space stands before `@`", "write a name and its address as `Name <name@example.org>`");
    }
    if !EmailAddress::is_valid_local_part(local) {
        return refuse("what stands before `@` is not written as it must be", WRITE);
    }
    match ascii(domain).filter(|domain| EmailAddress::is_valid_domain(domain)) {
        Some(domain) => Ok((local.to_owned(), domain)),
        None => refuse("what stands behind `@` is no domain", WRITE),
    }
}

/// A domain in ASCII: letters beyond it as servers know them, `xn--…`.
pub(super) fn ascii(domain: &str) -> Option<String> {
    if domain.is_ascii() { Some(domain.to_owned()) } else { idna::domain_to_ascii(domain).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<String>, String) {
        let mailbox = Mailbox::read(text).unwrap_or_else(|why| panic!("{text}: {}", why.reason));
        (mailbox.name, format!("{}@{}", mailbox.local, mailbox.domain))
    }

    #[test]
    fn an_address_is_read_as_people_write_it() {
        let with = |name: &str, address: &str| (Some(name.to_owned()), address.to_owned());
        assert_eq!(read("a@example.org"), (None, "a@example.org".to_owned()));
        assert_eq!(read(" <a@example.org> "), (None, "a@example.org".to_owned()));
        assert_eq!(read("Arne Kock <a@example.org>"), with("Arne Kock", "a@example.org"));
        assert_eq!(read("Kock, Arne <a@example.org>"), with("Kock, Arne", "a@example.org"));
        assert_eq!(read("\"Kock, Arne\" <a@example.org>"), with("Kock, Arne", "a@example.org"));
        assert_eq!(read("\"The \\\"Aid\\\"\" <a@example.org>"), with("The \"Aid\"", "a@example.org"));
        assert_eq!(read("Müller (Police) <a@example.org>"), with("Müller (Police)", "a@example.org"));
    }

    #[test]
    fn a_domain_in_any_script_is_written_as_servers_know_it() {
        assert_eq!(read("a@bücher.example").1, "a@xn--bcher-kva.example");
        assert_eq!(read("A.B@Example.ORG").1, "A.B@Example.ORG");
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "it has no `@`"),
            ("officer", "it has no `@`"),
            ("officer@", "what stands behind `@` is no domain"),
            ("@example.org", "what stands before `@` is not written as it must be"),
            ("Arne a@example.org", "a space stands before `@`"),
            ("a@example.org, b@example.org", "it holds more than one address"),
            ("a@example.org; b@example.org", "it holds more than one address"),
            ("A <a@example.org>, B <b@example.org>", "it holds more than one address"),
            ("Arne <a@example.org", "of `<` and `>` one is missing"),
            ("\"Kock, Arne <a@example.org>", "the quote of its name is never closed"),
            ("a@example.org\nBcc: x@example.org", "it holds a line break, or another control character"),
            ("a@exa mple.org", "what stands behind `@` is no domain"),
        ] {
            assert_eq!(Mailbox::read(text).map_err(|why| why.reason), Err(reason.to_owned()), "{text}");
        }
        // Whether a server takes such letters is seen when it is asked.
        assert_eq!(read("jörg@example.org").1, "jörg@example.org");
    }
}
