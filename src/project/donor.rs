//! Donors, who receive their own copies of documents, and the mail to them: `[[donors]]` and `[mail]` of `data/report.toml`.

mod address;
mod server;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::project::declaration::keys::{self, Keys};
use crate::project::declaration::{Declaration, Located};
use crate::project::letter::{unknown_in_subject, unknown_in_text};

pub use address::Mailbox;
pub use server::{SUBMISSION, place};

/// The keys of `[[donors]]`.
pub static DONOR: Keys = Keys::of(
    "[[donors]]",
    "Somebody who receives copies of its own: the same numbers, with its name, a note and its logo on the first page.",
    &[
        keys::like("id", "^[A-Za-z0-9_-]*$")
            .must()
            .says("Its name among folders: its copies lie in `output/donors/<id>/`.")
            .example("\"aid\""),
        keys::text("name").must().says("The name that is printed: “Prepared for …”.").example("\"The Aid Agency\""),
        keys::texts("addresses")
            .without("it fetches its documents")
            .says("Its mail addresses.")
            .example("[\"officer@example.org\"]"),
        keys::texts("languages").without("the default language").says("The languages that it reads.").example("[\"en\", \"fr\"]"),
        keys::texts("countries").without("all countries").says("The countries that it follows, by alpha-3 code.").example("[\"XXA\"]"),
        keys::texts("documents").without("all documents").says("The documents that it receives, by id.").example("[\"brief\"]"),
        keys::texts("sections").without("all sections").says("The sections that it reads, by id.").example("[\"protection\"]"),
        keys::text("note")
            .says("A note on the first page of its copies: one line of at most 160 characters, with no number but a year.")
            .example("\"With thanks for your support.\""),
        keys::text("logo").says("The path of its logo below `data/`: PNG, JPEG or SVG.").example("\"logos/aid.svg\""),
    ],
);

/// The keys of `[mail]`.
pub static MAIL: Keys = Keys::of(
    "[mail]",
    "How mail to donors is written, and the server that sends it.",
    &[
        keys::text("from").must().says("The sender.").example("\"Briefs <briefs@example.org>\""),
        keys::text("subject")
            .must()
            .says("The subject: `{series}`, `{issue}` and other placeholders are filled in.")
            .example("\"{series} {issue}\""),
        keys::text("text")
            .without("the letters are in `data/letters/`")
            .says("The letter in the default language.")
            .example("\"Dear {donor}, please find the briefs with this letter.\""),
        keys::text("server")
            .says("The server that takes the mail, with its port if it is another than 587; `send --server` can name one, too.")
            .example("\"mail.example.org:587\""),
    ],
);

/// The most characters in a cover note: they fill three lines of the first page.
const NOTE: usize = 160;

/// A donor, who receives copies of documents.
#[derive(Debug, Clone)]
pub struct Donor {
    /// Its id, which names its folder in the output.
    pub id: Located<String>,
    /// Its printed name.
    pub name: String,
    /// The place of its name.
    pub written: Span,
    /// Its mail addresses; none for a donor that fetches its documents.
    pub addresses: Vec<Located<String>>,
    /// The languages it reads; empty for the default one.
    pub languages: Vec<Located<String>>,
    /// The countries it follows; empty for all.
    pub countries: Vec<Located<String>>,
    /// The documents it receives; empty for all.
    pub documents: Vec<Located<String>>,
    /// The sections it reads; empty for all.
    pub sections: Vec<Located<String>>,
    /// The cover note, printed on the first page of its copies.
    pub note: Option<Located<String>>,
    /// The path of its logo below `data/`.
    pub logo: Option<Located<String>>,
    /// The logo, read.
    pub picture: Option<Picture>,
}

/// The bytes of a logo, and a file name by which Typst recognises their format.
#[derive(Debug, Clone)]
pub struct Picture {
    /// `logo.png`, `logo.jpg` or `logo.svg`.
    pub file: &'static str,
    /// The bytes, shared by all copies of the donor.
    pub bytes: Arc<[u8]>,
}

/// The text of the mail, and the server that sends it.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The sender.
    pub from: Located<String>,
    /// The subject, with placeholders; a letter in a file may have its own.
    pub subject: Located<String>,
    /// The letter in the default language, unless it is in a file.
    pub text: Option<Located<String>>,
    /// `host` or `host:port`; the command `send` can name another.
    pub server: Option<Located<String>>,
}

impl Donor {
    pub(crate) fn read(mut donor: Declaration<'_>) -> Self {
        let given = [donor.has("id"), donor.has("name")];
        let (id, name) = (donor.required_text("id"), donor.required_text("name"));
        donor.renamed("editions", "documents");
        let addresses = donor.texts("addresses");
        let read = Self {
            id: id.clone(),
            name: name.value.clone(),
            written: name.span.clone(),
            addresses,
            languages: donor.texts("languages"),
            countries: donor.texts("countries"),
            documents: donor.texts("documents"),
            sections: donor.texts("sections"),
            note: donor.text("note"),
            logo: donor.text("logo"),
            picture: None,
        };
        let mut faults: Vec<Diagnostic> = read.addresses.iter().filter_map(no_address).collect();
        faults.extend(read.note.as_ref().and_then(too_long));
        faults.extend(no_line("a name", &name));
        faults.extend(read.note.as_ref().and_then(|note| no_line("a cover note", note)));
        faults.extend([(given[0], "id", &id), (given[1], "name", &name)].into_iter().filter_map(empty));
        faults.into_iter().for_each(|fault| donor.fault(fault));
        donor.finish();
        read
    }

    /// Whether one of its lists contains a value, or is empty and so means all.
    fn wants(list: &[Located<String>], name: &str) -> bool {
        list.is_empty() || list.iter().any(|wanted| wanted.value == name)
    }

    /// Whether it follows a country.
    #[must_use]
    pub fn follows(&self, iso3: &str) -> bool {
        Self::wants(&self.countries, iso3)
    }

    /// Whether it receives a document.
    #[must_use]
    pub fn receives(&self, document: &str) -> bool {
        Self::wants(&self.documents, document)
    }

    /// Whether it reads a section.
    #[must_use]
    pub fn reads(&self, section: &str) -> bool {
        Self::wants(&self.sections, section)
    }

    /// Whether it reads a language. A donor without languages reads the default one.
    #[must_use]
    pub fn speaks(&self, language: &str, default: &str) -> bool {
        if self.languages.is_empty() { language == default } else { Self::wants(&self.languages, language) }
    }
}

impl Mail {
    pub(crate) fn read(mut mail: Declaration<'_>) -> Self {
        let read = Self {
            from: mail.required_text("from"),
            subject: mail.required_text("subject"),
            text: mail.text("text"),
            server: mail.text("server"),
        };
        let sender = Some(&read.from).filter(|from| !from.value.is_empty());
        let mut faults: Vec<Diagnostic> = sender.and_then(no_address).into_iter().collect();
        faults.extend(read.server.as_ref().and_then(no_server));
        faults.extend(unknown_in_subject(&read.subject));
        faults.extend(read.text.iter().flat_map(unknown_in_text));
        faults.extend(no_line("a subject", &read.subject));
        faults.into_iter().for_each(|fault| mail.fault(fault));
        mail.finish();
        read
    }
}

/// The fault of an invalid address.
fn no_address(address: &Located<String>) -> Option<Diagnostic> {
    let why = Mailbox::read(&address.value).err()?;
    let message = format!("`{}` is not a mail address: {}", address.value, why.reason);
    Some(Diagnostic::error(Code::InvalidValue, address.span.clone(), message).hint(why.hint))
}

/// The fault of an invalid server.
fn no_server(server: &Located<String>) -> Option<Diagnostic> {
    let message = format!("`{}` is not a server", server.value);
    let fault = Diagnostic::error(Code::InvalidValue, server.span.clone(), message);
    place(&server.value).is_none().then(|| fault.hint(format!("write it as `mail.example.org:{SUBMISSION}`")))
}

fn too_long(note: &Located<String>) -> Option<Diagnostic> {
    let length = note.value.chars().count();
    let message = format!("the cover note has {length} characters; the first page has room for {NOTE}");
    (length > NOTE).then(|| {
        Diagnostic::error(Code::TooLong, note.span.clone(), message)
            .hint(format!("shorten it to {NOTE} characters, and move the rest to the letter of `[mail]`"))
    })
}

/// The fault of a single line with a character that would break it or change its direction.
fn no_line(what: &str, text: &Located<String>) -> Option<Diagnostic> {
    let turns = |c| matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let message = format!("{what} must be one line without control characters");
    let broken = text.value.chars().any(|c| c.is_control() || turns(c));
    broken.then(|| Diagnostic::error(Code::InvalidValue, text.span.clone(), message))
}

/// The fault of a key that is written but empty.
fn empty((given, key, text): (bool, &str, &Located<String>)) -> Option<Diagnostic> {
    let fault = || Diagnostic::error(Code::InvalidValue, text.span.clone(), format!("`{key}` is empty"));
    (given && text.value.trim().is_empty()).then(fault)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostic::{Diagnostics, Source};

    static FILE: Keys = Keys::of("", "", &[keys::tables("donors", &DONOR), keys::table("mail", &MAIL)]);

    fn faults(text: &str) -> Vec<String> {
        let (mut found, source) =
            (Diagnostics::default(), Arc::new(Source::new("data/report.toml", text.as_bytes().to_vec())));
        let mut file = Declaration::parse(&FILE, &source, &mut found);
        file.tables("donors", Donor::read);
        file.table("mail").map(Mail::read);
        file.finish();
        found.sorted().iter().map(|fault| fault.message.to_string()).collect()
    }

    #[test]
    fn an_address_that_is_none_is_named() {
        let donor = |address: &str| format!("[[donors]]\nid = \"a\"\nname = \"A\"\naddresses = [\"{address}\"]\n");
        assert!(faults(&donor("officer@example.org")).is_empty());
        for wrong in ["", "officer", "officer@", "two@at@example.org", "a b@example.org", "a@example.org\\nBcc: x@y.z"]
        {
            assert_eq!(faults(&donor(wrong)).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_server_that_is_none_is_named() {
        let mail = |server: &str| {
            format!(
                "[mail]\nfrom = \"Kock, Arne <a@example.org>\"\nsubject = \"s\"\ntext = \"t\"\nserver = \"{server}\"\n"
            )
        };
        assert!(faults(&mail("mail.example.org:587")).is_empty());
        assert_eq!(faults(&mail("mail.example.org:smtp")), ["`mail.example.org:smtp` is not a server"]);
    }

    #[test]
    fn a_letter_leaves_only_known_things_open() {
        let mail = |subject: &str| {
            format!("[mail]\nfrom = \"a@example.org\"\nsubject = \"{subject}\"\ntext = \"Dear {{donor}},\"\n")
        };
        assert!(faults(&mail("{series} {issue}")).is_empty());
        assert_eq!(faults(&mail("{year}")), ["`{year}` is not a placeholder"]);
        assert_eq!(faults(&mail("{year} {documents} {isue}")).len(), 3, "each is named");
        assert_eq!(faults(&mail("one\\ntwo")).len(), 1);
    }

    #[test]
    fn a_note_that_is_too_long_is_named() {
        let donor = |note: &str| format!("[[donors]]\nid = \"a\"\nname = \"A\"\nnote = \"{note}\"\n");
        assert!(faults(&donor(&"n".repeat(NOTE))).is_empty());
        assert_eq!(faults(&donor(&"n".repeat(NOTE + 1))).len(), 1);
    }
}
