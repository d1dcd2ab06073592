//! A mail address as people write it, `Arne Kock <arne@example.org>`, read in the same way by `check` and by `send`.
//! **`email_address`** and **idna** live here.

use email_address::EmailAddress;

/// A mail address, with the name of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, without quotes.
    pub name: Option<String>,
    /// The part before `@`.
    pub local: String,
    /// The domain after it, in ASCII.
    pub domain: String,
}

/// The reason why a text is not an address, and the hint.
#[derive(Debug, PartialEq, Eq)]
pub struct NoAddress {
    /// The reason, in words that follow a colon.
    pub reason: String,
    /// The hint.
    pub hint: String,
}

const WRITE: &str = "write it as `name@example.org`, or remove it";

fn refuse<T>(reason: impl Into<String>, hint: impl Into<String>) -> Result<T, NoAddress> {
    Err(NoAddress { reason: reason.into(), hint: hint.into() })
}

impl Mailbox {
    /// Reads an address, with or without a name. A comma in the name needs no quotes.
    ///
    /// # Errors
    /// When no mail can be sent to it, with the reason.
    pub fn read(text: &str) -> Result<Self, NoAddress> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return refuse("it contains a line break or another control character", "write it in one line");
        }
        let (name, address) = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => (named(name.trim())?, address.trim()),
            None if text.contains(['<', '>']) && !text.starts_with('"') => {
                return refuse("`<` or `>` is missing", "write it as `Name <name@example.org>`");
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
            return refuse("there is a quote inside its name", "put the whole name in quotes, or remove the quotes");
        }
        if written.contains(['@', '<', '>']) {
            return refuse("it contains more than one address", one);
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

/// The part before `@`, and the domain in ASCII.
fn parts(address: &str) -> Result<(String, String), NoAddress> {
    if address.matches('@').count() > 1 && address.contains([',', ';', ' ']) && !address.starts_with('"') {
        return refuse("it contains more than one address", "write each address as a text of its own");
    }
    let Some((local, domain)) = address.rsplit_once('@') else { return refuse("it has no `@`", WRITE) };
    if local.contains(' ') && !local.starts_with('"') {
        return refuse("there is a space before `@`", "write a name and its address as `Name <name@example.org>`");
    }
    if !EmailAddress::is_valid_local_part(local) {
        return refuse("the part before `@` is not valid", WRITE);
    }
    match ascii(domain).filter(|domain| EmailAddress::is_valid_domain(domain)) {
        Some(domain) => Ok((local.to_owned(), domain)),
        None => refuse("the part after `@` is not a domain", WRITE),
    }
}

/// A domain in ASCII, with other letters encoded as `xn--…`.
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
            ("officer@", "the part after `@` is not a domain"),
            ("@example.org", "the part before `@` is not valid"),
            ("Arne a@example.org", "there is a space before `@`"),
            ("a@example.org, b@example.org", "it contains more than one address"),
            ("a@example.org; b@example.org", "it contains more than one address"),
            ("A <a@example.org>, B <b@example.org>", "it contains more than one address"),
            ("Arne <a@example.org", "`<` or `>` is missing"),
            ("\"Kock, Arne <a@example.org>", "the quote of its name is never closed"),
            ("a@example.org\nBcc: x@example.org", "it contains a line break or another control character"),
            ("a@exa mple.org", "the part after `@` is not a domain"),
        ] {
            assert_eq!(Mailbox::read(text).map_err(|why| why.reason), Err(reason.to_owned()), "{text}");
        }
        // Whether a server takes such letters is seen when it is asked.
        assert_eq!(read("jörg@example.org").1, "jörg@example.org");
    }
}
