//! Who signs a document: its publisher, how to reach and to cite it, and the code that leads to it on the web.

use super::languages::unbroken;
use super::model::{Link, Publisher};
use crate::document::outline::Outline;
use crate::document::typeset::qr;
use crate::project::publisher::Publisher as Declared;
use crate::value::period::Period;

/// What the colophon prints; without a declared publisher only the date of the document.
pub(super) fn publisher(outline: &Outline<'_>) -> Publisher {
    let (text, report) = (outline.document.text, &outline.project.report);
    let day = Period::parse(&report.issue.end().to_string()).map(|day| text.period(&day)).unwrap_or_default();
    let dated = text.phrase("dated", &[("issue", &text.period(&report.issue)), ("date", &day)]);
    let Some(declared) = &report.publisher else { return Publisher { dated, ..Publisher::default() } };
    let name = declared.name.value.as_str();
    let address = address(outline);
    Publisher {
        name: text.phrase("published_by", &[("publisher", name)]),
        dated,
        contact: declared.contact.as_ref().map(|contact| link(&contact.value)),
        licence: declared.licence.as_ref().map(|licence| text.phrase("licence", &[("licence", &licence.value)])),
        numbers: numbers(declared),
        cite: cite(outline, name, address.as_deref()),
        foot: cited(outline, name),
        logo: declared.picture.as_ref().map(|picture| format!("/{LOGO}{}", picture.file)),
        logo_alt: unbroken(&text.phrase("logo_of", &[("donor", name)])),
        code: address.as_deref().and_then(qr::code).map(|_| format!("/{}", qr::FILE)),
        code_alt: address.as_ref().map(|to| text.phrase("code_alt", &[("address", to)])).unwrap_or_default(),
        address: address.as_deref().map(link),
    }
}

/// What the name of the publisher's logo begins with in the staging folder, beside that of a donor.
pub(in crate::document::typeset) const LOGO: &str = "publisher-";

/// The address of the country on the page of the series.
pub(in crate::document::typeset) fn address(outline: &Outline<'_>) -> Option<String> {
    let series = &outline.project.report.publisher.as_ref()?.address.as_ref()?.value;
    Some(format!("{}#{}", series.split('#').next().unwrap_or_default(), outline.document.country.iso3))
}

/// A link as it is printed: without what a reader need not type.
fn link(to: &str) -> Link {
    let bare = to.trim_start_matches("mailto:").trim_start_matches("https://").trim_start_matches("www.");
    Link { to: to.to_owned(), text: bare.trim_end_matches('/').to_owned() }
}

/// The numbers under which libraries keep the series.
fn numbers(declared: &Declared) -> Vec<String> {
    let issn = declared.issn.as_ref().map(|issn| format!("ISSN {}", issn.value));
    issn.into_iter().chain(declared.doi.as_ref().map(|doi| format!("doi:{}", doi.value))).collect()
}

/// How the document is cited, with the address under which it stays.
fn cite(outline: &Outline<'_>, name: &str, address: Option<&str>) -> String {
    let doi = outline.project.report.publisher.as_ref().and_then(|publisher| publisher.doi.as_ref());
    let place = doi.map(|doi| format!("https://doi.org/{}", doi.value)).or_else(|| address.map(str::to_owned));
    let cited = cited(outline, name);
    place.map_or(cited.clone(), |place| format!("{cited} {place}"))
}

/// Who published which document of which issue, in which language.
fn cited(outline: &Outline<'_>, name: &str) -> String {
    let (text, report) = (outline.document.text, &outline.project.report);
    let values = [
        ("publisher", name),
        ("issue", &text.period(&report.issue)),
        ("country", &outline.document.country.name),
        ("series", &report.title),
        ("kind", &outline.document.kind.title),
        ("language", &text.name),
    ];
    text.phrase("cite", &values)
}
