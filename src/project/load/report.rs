//! `data/report.toml`: the format, the title, the publisher, the look, the issue, the languages, the documents, the donors and their mail,
//! who must approve, the disclosure policy and the limits.

use std::sync::Arc;

use chrono::Datelike;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::approval::{self, Approval};
use crate::project::declaration::keys::{self, Holds, Keys, Text};
use crate::project::declaration::{Declaration, Located};
use crate::project::donor::{self, Donor, Mail};
use crate::project::format::{Format, KEY, STATED};
use crate::project::policy::{self, Limits, Policy};
use crate::project::publisher::{self, Publisher};
use crate::project::theme::{self, Theme};
use crate::value::period::{AHEAD, BUDDHIST, PATTERN, Period};

/// The keys of `data/report.toml`.
pub static REPORT: Keys = Keys::of(
    "data/report.toml",
    "What is printed, in which languages, for whom, and by which rules.",
    &[
        STATED,
        keys::text("title").must().says("The title of the series.").example("\"Trafficking in persons\""),
        keys::text("author")
            .without("the publisher; without one, the title")
            .says("The author of each PDF, where no publisher is declared.")
            .example("\"The Anti-Trafficking Desk\""),
        keys::like("issue", PATTERN)
            .must()
            .says("What this set of documents is called, a year, a month or a day. Nothing may have been counted after it.")
            .example("\"2025\""),
        keys::key("languages", Holds::SomeTexts(Text::Like(NAME)))
            .must()
            .says("The languages of the documents, by their codes; each has a file in `data/text/`. The first is the default, in which \
                   tables and declarations are written.")
            .example("[\"en\", \"fr\"]"),
        keys::like("previous", NAME)
            .without("no page “Changes and corrections”")
            .says("The snapshot in `data/snapshots/` that the page “Changes and corrections” compares with.")
            .example("\"2024\""),
        keys::tables("documents", &DOCUMENT).must().says("A kind of document that is made for each country and language."),
        keys::table("publisher", &publisher::PUBLISHER).says("Who publishes the documents and answers for them."),
        keys::table("theme", &theme::THEME).says("The colours of pages, charts and the page on the web."),
        keys::table("approval", &approval::APPROVAL)
            .without("documents are published without")
            .says("Who must approve a document before it is published."),
        keys::tables("donors", &donor::DONOR).says("Somebody who receives copies of its own."),
        keys::table("mail", &donor::MAIL).without("nothing can be mailed").says("How mail to donors is written."),
        keys::table("disclosure", &policy::DISCLOSURE).says("What protects the persons of confidential registers."),
        keys::table("limits", &policy::LIMITS).says("What one run of Typst, or of an engine, may use."),
    ],
);

static DOCUMENT: Keys = Keys::of(
    "[[documents]]",
    "A kind of document.",
    &[
        keys::like("id", NAME)
            .must()
            .says("Its name among files: its template is `templates/<id>.typ`, its PDF `output/<country>/<language>/<id>.pdf`.")
            .example("\"brief\""),
        keys::text("title").must().says("The title that is printed.").example("\"Country brief\""),
        keys::switch("sections").says("Whether it holds the sections, and not only the prose that is named after it.").example("true"),
        keys::switch("record")
            .says("Whether it is the record behind the others: every figure, dated fact and source, listed.")
            .example("true"),
        keys::integer("pages", None, None)
            .without("any number of pages")
            .says("How many pages it must have; it may have fewer where blocks of its text are left out.")
            .example("6"),
    ],
);

/// What the name of a file or a folder fits.
const NAME: &str = "^[A-Za-z0-9_-]*$";

/// The declarations for the whole series of documents.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its format.
    pub format: Format,
    /// The title of the series.
    pub title: String,
    /// The author of the series: the publisher, where one is declared.
    pub author: String,
    /// Who publishes it and answers for it.
    pub publisher: Option<Publisher>,
    /// The colours of its pages and charts.
    pub theme: Theme,
    /// The issue, a period: its last day dates the documents.
    pub issue: Period,
    /// The snapshot to compare with: a folder of `data/snapshots/`.
    pub previous: Option<Located<String>>,
    /// BCP 47, the default language first.
    pub languages: Vec<Located<String>>,
    /// The kinds of document made for each country and language.
    pub documents: Vec<DocumentKind>,
    /// Who receives copies of their own.
    pub donors: Vec<Donor>,
    /// How mail to them is written; without it nothing can be sent.
    pub mail: Option<Mail>,
    /// Who must approve a document; none where nobody must.
    pub approval: Option<Approval>,
    /// The disclosure policy.
    pub policy: Policy,
    /// The base of late cases, where it is declared.
    pub base: Option<Located<i64>>,
    /// What one run of Typst may use, and whether it must be confined.
    pub limits: Limits,
}

/// A kind of document. Its template and its PDF are named after its id.
#[derive(Debug, Clone)]
pub struct DocumentKind {
    /// `brief`, from `templates/brief.typ`.
    pub id: String,
    /// Where its id is declared.
    pub span: Span,
    /// The title that is printed.
    pub title: String,
    /// Whether it contains the sections, or only the prose named after it.
    pub sections: bool,
    /// Whether it is the record behind the others: its sections as text, every figure, dated fact and source listed, and no chart
    /// but those that prose places.
    pub record: bool,
    /// The exact number of pages it must have; none if any number will do.
    pub pages: Option<i64>,
}

/// Whether a name can be that of a file or a folder, and not a path.
pub(super) fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn unfit(name: &str, span: &Span) -> Option<Diagnostic> {
    let fault = || Diagnostic::error(Code::PathError, span.clone(), format!("`{name}` cannot be the name of a file"));
    (!is_name(name)).then(|| fault().hint("use letters, digits, `-` and `_`"))
}

impl DocumentKind {
    fn read(mut document: Declaration<'_>) -> Self {
        let id = document.required_text("id");
        let record = document.boolean("record");
        let read = Self {
            id: id.value,
            span: id.span,
            title: document.required_text("title").value,
            sections: document.boolean("sections") || record,
            record,
            pages: document.integer("pages").map(|pages| pages.value),
        };
        document.finish();
        read
    }
}

/// The period of an issue; reports what is no period, or far in the future.
fn dated(file: &mut Declaration<'_>, issue: Located<String>, unnamed: bool) -> Option<Period> {
    let (period, at) = (Period::parse(&issue.value), issue.span);
    if let Err(reason) = &period
        && (unnamed || !issue.value.is_empty())
    {
        file.fault(Diagnostic::error(Code::PeriodError, at.clone(), reason.clone()));
    }
    if let Ok(year) = &period.as_ref().map(|period| period.end().year())
        && *year > AHEAD
    {
        let fault = Diagnostic::error(Code::PeriodError, at, format!("`{}` is far in the future", issue.value));
        file.fault(fault.hint(format!("{} in the Common Era? the Buddhist year is {BUDDHIST} ahead", year - BUDDHIST)));
    }
    period.ok()
}

impl Report {
    pub(crate) fn parse(source: &Arc<Source>, format: Format, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut file = Declaration::parse(&REPORT, source, diagnostics);
        // Judged already, before anything else was.
        file.text(KEY);
        let title = file.required_text("title").value;
        let author = file.text("author").map(|author| author.value);
        let publisher = file.table("publisher").map(Publisher::read);
        let theme = file.table("theme").map_or_else(Theme::default, Theme::read);
        let signed = publisher.as_ref().map(|publisher| publisher.name.value.clone());
        let author = signed.or(author).unwrap_or_else(|| title.clone());
        let unnamed = file.is_empty("issue");
        let issue = file.required_text("issue");
        let previous = file.text("previous");
        let languages = file.texts("languages");
        file.renamed("editions", "documents");
        let documents = file.tables("documents", DocumentKind::read);
        let donors = file.tables("donors", Donor::read);
        let mail = file.table("mail").map(Mail::read);
        let approval = file.table("approval").map(Approval::read);
        for (key, missing) in [("languages", languages.is_empty()), ("documents", documents.is_empty())] {
            if missing && !source.bytes.is_empty() {
                let message = format!("the key `{key}` is missing or empty");
                file.fault(Diagnostic::error(Code::MissingField, Span::start_of(source), message));
            }
        }
        let named = documents.iter().map(|document| (&document.id, &document.span));
        let further = languages.iter().chain(&previous).chain(donors.iter().map(|donor| &donor.id));
        let names = named.chain(further.map(|named| (&named.value, &named.span)));
        let unfit: Vec<_> = names.filter_map(|(name, span)| unfit(name, span)).collect();
        unfit.into_iter().for_each(|fault| file.fault(fault));
        let (mut policy, base) = file.table("disclosure").map(Policy::read).unwrap_or_default();
        let limits = file.table("limits").map_or_else(Limits::default, Limits::read);
        let issue = dated(&mut file, issue, unnamed);
        file.finish();
        if let Some(issue) = &issue {
            policy.late = policy.late.closing(issue.end());
        }
        let issue = issue?;
        Some(Self {
            format,
            title,
            author,
            publisher,
            theme,
            issue,
            previous,
            languages,
            documents,
            donors,
            mail,
            approval,
            policy,
            base,
            limits,
        })
    }
}
