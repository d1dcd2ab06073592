//! `data/report.toml`: the format, the title, the publisher, the look, the issue, the languages, the documents, the donors and their mail,
//! who must approve, the disclosure policy and the limits.

use std::sync::Arc;

use chrono::Datelike;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::approval::Approval;
use crate::project::declaration::{Declaration, Located};
use crate::project::donor::{Donor, Mail};
use crate::project::format::{Format, KEY};
use crate::project::policy::{Limits, Policy};
use crate::project::publisher::Publisher;
use crate::project::theme::Theme;
use crate::value::period::{AHEAD, BUDDHIST, Period};

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
fn dated(file: &mut Declaration<'_>, issue: Located<String>) -> Option<Period> {
    let (period, at) = (Period::parse(&issue.value), issue.span);
    if let Err(reason) = &period
        && !issue.value.is_empty()
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
    pub(super) fn parse(source: &Arc<Source>, format: Format, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut file = Declaration::parse(source, diagnostics);
        // Judged already, before anything else was.
        file.text(KEY);
        let title = file.required_text("title").value;
        let author = file.text("author").map(|author| author.value);
        let publisher = file.table("publisher").map(Publisher::read);
        let theme = file.table("theme").map_or_else(Theme::default, Theme::read);
        let signed = publisher.as_ref().map(|publisher| publisher.name.value.clone());
        let author = signed.or(author).unwrap_or_else(|| title.clone());
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
        let issue = dated(&mut file, issue);
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
