//! One message to one address: its head, its text, and the documents with it, of the same parts always the same bytes.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use lettre::address::{Address, Envelope};
use lettre::message::header::ContentType;
use lettre::message::{Attachment as MailPart, Mailbox, Message, MultiPart, MultiPartBuilder, SinglePart};

use super::Refused;
use super::delivery::{Attachment, Parcel};
use super::journal::{Journal, State, Sum};
use super::recall::Recipient;
use crate::delivery::publish::sum;
use crate::project::donor::{self, Donor, Mail};
use crate::project::letter::{Placeholder, filled};
use crate::project::{Chosen, Document, Project};

/// How many hexadecimal digits identify a message.
const DIGITS: usize = 32;

/// A message as it is planned; its documents are read when it is written.
pub(super) struct Letter<'p> {
    pub(super) donor: &'p str,
    pub(super) address: &'p str,
    pub(super) documents: &'p [Attachment],
    /// Of a correction: the files with wrong figures that it tells about.
    pub(super) corrects: &'p [Sum],
    /// Its Message-ID without brackets.
    pub(super) message_id: String,
    from: Mailbox,
    to: Mailbox,
    subject: String,
    text: String,
}

/// A message as it goes over the line.
pub(super) struct Written {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>,
}

/// The messages to the addresses of one donor, each once.
///
/// # Errors
/// [`Refused`] when one of the addresses is none that mail can be sent to.
pub(super) fn letters<'p>(
    parcel: &'p Parcel<'p>,
    project: &Project,
    chosen: &Chosen<'_>,
    mail: &Mail,
) -> Result<Vec<Letter<'p>>> {
    let filling = Filling::of((parcel.donor, &parcel.documents), project, chosen);
    let mut letters: Vec<Letter<'p>> = Vec::new();
    for address in &parcel.donor.addresses {
        let letter = letter((parcel.donor, &address.value), (&parcel.documents, &[]), &filling, mail)?;
        if !letters.iter().any(|earlier| earlier.message_id == letter.message_id) {
            letters.push(letter);
        }
    }
    Ok(letters)
}

/// The message that tells one mailbox of a correction.
///
/// # Errors
/// [`Refused`] when its address is none that mail can be sent to.
pub(super) fn correction<'p>(
    recipient: &'p Recipient<'p>,
    project: &Project,
    chosen: &Chosen<'_>,
    mail: &Mail,
    (changes, reason): (String, String),
) -> Result<Letter<'p>> {
    let Recipient { donor, address, documents, corrects, .. } = recipient;
    let filling = Filling { changes, reason, ..Filling::of((donor, documents), project, chosen) };
    letter((donor, address), (documents, corrects), &filling, mail)
}

/// One message to one address.
fn letter<'p>(
    (donor, address): (&'p Donor, &'p str),
    (documents, corrects): (&'p [Attachment], &'p [Sum]),
    filling: &Filling<'_>,
    mail: &Mail,
) -> Result<Letter<'p>> {
    let (from, named) = (mailbox(&mail.from.value)?, mailbox(address)?);
    let to = Mailbox::new(named.name.or_else(|| Some(one_line(&donor.name))), named.email);
    let digest = digest(&donor.id.value, to.email.as_ref(), (documents, corrects));
    let fill = |text: &str| filled(text, |placeholder| filling.value(placeholder));
    let subject = filling.chosen.subject.unwrap_or(&mail.subject);
    Ok(Letter {
        donor: &donor.id.value,
        address,
        documents,
        corrects,
        message_id: format!("{digest}@{}", from.email.domain()),
        from,
        to,
        subject: one_line(&fill(&subject.value)),
        text: body(&fill(&filling.chosen.text.value), documents),
    })
}

impl Letter<'_> {
    /// What an officer calls it by.
    pub(super) fn id(&self) -> &str {
        self.message_id.split('@').next().unwrap_or(&self.message_id)
    }

    /// Its state, if it arrived or may have: by its id; or its documents all arrived with other messages, which a correction does not
    /// wait for.
    pub(super) fn standing(&self, journal: &Journal) -> Option<State> {
        let own = journal.state(&self.message_id).filter(|state| state.is_done() || state.is_open());
        let has_all = || self.corrects.is_empty() && journal.has_all((self.donor, self.address), self.documents);
        own.or_else(|| has_all().then_some(State::Sent))
    }

    /// Writes it, with each document as its checksum promises.
    ///
    /// # Errors
    /// [`Refused`] when a document has changed meanwhile, or a failure of the machine.
    pub(super) fn write(&self, root: &Path, date: SystemTime) -> Result<Written> {
        // The boundary between the parts is fixed, so that the same message has the same bytes.
        let parts: MultiPartBuilder = MultiPart::builder().kind(lettre::message::MultiPartKind::Mixed);
        let mut parts = parts.boundary(self.id()).singlepart(SinglePart::plain(self.text.clone()));
        let kind = ContentType::parse("application/pdf").context("the content type is not valid")?;
        for document in self.documents {
            let attached = MailPart::new(document.name().to_owned());
            parts = parts.singlepart(attached.body(document.bytes(root)?, kind.clone()));
        }
        let message = Message::builder()
            .from(self.from.clone())
            .to(self.to.clone())
            .subject(self.subject.clone())
            .date(date)
            .message_id(Some(format!("<{}>", self.message_id)))
            .multipart(parts)
            .with_context(|| format!("cannot write the message to {}", self.address))?;
        Ok(Written { envelope: message.envelope().clone(), bytes: message.formatted() })
    }
}

/// One checksum of recipient and documents, and of the files that they correct. A changed text of the letter does not make another
/// message.
fn digest(donor: &str, address: &str, (documents, corrects): (&[Attachment], &[Sum])) -> String {
    let sums = documents.iter().map(|document| format!("\n{}", document.sha256));
    let corrects = corrects.iter().map(|file| format!("\ncorrects {}", file.sha256));
    let mut digest = sum(format!("{donor}\n{address}{}", sums.chain(corrects).collect::<String>()).as_bytes());
    digest.truncate(DIGITS);
    digest
}

/// An address, with a name or without, as `check` has read it.
fn mailbox(text: &str) -> Result<Mailbox> {
    let refuse = |reason: String| Refused::one(format!("cannot send mail to `{}`: {reason}", one_line(text)));
    let read = donor::Mailbox::read(text).map_err(|why| refuse(why.reason))?;
    let address = Address::new(read.local, read.domain).map_err(|error| refuse(error.to_string()))?;
    Ok(Mailbox::new(read.name.map(|name| one_line(&name)), address))
}

/// What is filled in for the placeholders of one letter.
struct Filling<'f> {
    donor: &'f str,
    chosen: &'f Chosen<'f>,
    /// Each attached file with the document that it is a copy of.
    copies: Vec<(&'f Attachment, Document<'f>)>,
    /// Of a correction: a line for each figure, and why.
    changes: String,
    reason: String,
}

impl<'f> Filling<'f> {
    fn of((donor, documents): (&'f Donor, &'f [Attachment]), project: &'f Project, chosen: &'f Chosen<'f>) -> Self {
        let copy = |attachment: &'f Attachment| Some((attachment, attachment.document(project)?));
        let copies = documents.iter().filter_map(copy).collect();
        Self { donor: &donor.name, chosen, copies, changes: String::new(), reason: String::new() }
    }

    fn value(&self, placeholder: Placeholder) -> String {
        let report = &self.chosen.project.report;
        match placeholder {
            Placeholder::Donor => self.donor.to_owned(),
            Placeholder::Series => report.title.clone(),
            Placeholder::Issue => self.chosen.language.period(&report.issue),
            Placeholder::Contact => {
                let contact = report.publisher.as_ref().and_then(|publisher| publisher.contact.as_ref());
                contact.map_or_else(String::new, |contact| contact.value.trim_start_matches("mailto:").to_owned())
            }
            Placeholder::Country => self.countries().into_iter().next().unwrap_or_default(),
            Placeholder::Countries => self.chosen.language.all_of(&self.countries()),
            Placeholder::Changes => self.changes.clone(),
            Placeholder::Reason => self.reason.clone(),
            Placeholder::Documents => self.copies.iter().map(|copy| self.line(copy)).collect::<Vec<_>>().join("\n"),
        }
    }

    /// The countries of the documents, in the language of the letter.
    fn countries(&self) -> Vec<String> {
        let mut countries: Vec<String> = Vec::new();
        for name in self.copies.iter().map(|(_, copy)| self.country(copy)) {
            if !countries.contains(&name) {
                countries.push(name);
            }
        }
        countries
    }

    fn country(&self, copy: &Document<'_>) -> String {
        let own = self.chosen.project.countries.iter().find(|country| country.iso3 == copy.country.iso3);
        own.unwrap_or(copy.country).name.clone()
    }

    /// A document in the language of the letter: country, title, its own language where there are several, and the file.
    fn line(&self, (attachment, copy): &(&Attachment, Document<'_>)) -> String {
        let own = self.chosen.project.report.documents.iter().find(|kind| kind.id == copy.kind.id);
        let several = self.copies.iter().any(|(_, other)| other.text.language != copy.text.language);
        let language = if several { format!(" ({})", copy.text.name) } else { String::new() };
        format!("{}, {}{language}: {}", self.country(copy), own.unwrap_or(copy.kind).title, attachment.name())
    }
}

/// The letter, then its documents with what proves them whole.
fn body(text: &str, documents: &[Attachment]) -> String {
    let lines = text.replace("\r\n", "\n");
    let lines = lines.trim_end().lines().map(|line| one_line(line) + "\n").collect::<String>();
    let list =
        |document: &Attachment| format!("\n{} ({} p.)\nsha256 {}\n", document.name(), document.pages, document.sha256);
    lines + &documents.iter().map(list).collect::<String>()
}

/// A text that cannot end its line: nothing in it begins another header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_as_an_address_can_be_sent_to() {
        for (text, written) in [
            ("a@example.org", "a@example.org"),
            ("Kock, Arne <a@example.org>", "\"Kock, Arne\" <a@example.org>"),
            ("\"Kock, Arne\" <a@example.org>", "\"Kock, Arne\" <a@example.org>"),
            ("Arne <a.b+c@bücher.example>", "Arne <a.b+c@xn--bcher-kva.example>"),
            ("a@localhost", "a@localhost"),
            ("a@[127.0.0.1]", "a@[127.0.0.1]"),
        ] {
            assert_eq!(mailbox(text).expect(text).to_string(), written);
        }
        assert!(mailbox("a@example.org, b@example.org").is_err());
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(one_line("A\r\nBcc: b@example.org"), "A  Bcc: b@example.org");
    }

    #[test]
    fn a_message_is_told_by_who_receives_what() {
        let attachment = |sum: &str| Attachment { path: "donors/a/b.pdf".into(), sha256: sum.repeat(64), pages: 1 };
        let of = |donor: &str, address: &str, sum: &str| digest(donor, address, (&[attachment(sum)], &[]));
        let first = of("a", "a@example.org", "0");
        assert_eq!((first.len(), &first), (DIGITS, &of("a", "a@example.org", "0")));
        for other in [of("b", "a@example.org", "0"), of("a", "b@example.org", "0"), of("a", "a@example.org", "1")] {
            assert_ne!(first, other);
        }
        let old = Sum { path: "donors/a/b.pdf".into(), sha256: "1".repeat(64) };
        assert_ne!(
            first,
            digest("a", "a@example.org", (&[attachment("0")], &[old])),
            "a correction is another message"
        );
    }

    #[test]
    fn any_text_makes_a_letter() {
        use crate::project::text::anything::{anything, hold};
        let address: Mailbox = "officer@example.org".parse().expect("an address");
        hold(500, (anything(), anything()), |(text, name)| {
            let named = filled(&format!("{text}{{donor}}{name}"), |_| name.clone());
            proptest::prop_assert!(named.contains(&name) && !one_line(&named).contains(['\n', '\r', '\0']));
            let to = Mailbox::new(Some(one_line(&name)), address.email.clone());
            let body = body(&named, &[]);
            let message = Message::builder().from(address.clone()).to(to).subject(one_line(&named)).body(body);
            proptest::prop_assert!(message.is_ok_and(|message| !message.formatted().is_empty()));
            let _ = mailbox(&text).is_ok() || mailbox(&format!("{name} <a@example.org>")).is_ok();
            Ok(())
        });
    }
}
