//! `index.html`: the page of released documents for a web server, without scripts, and the checksums of all that it lists. It lists
//! neither drafts nor donors' copies.

mod corrections;
mod story;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use quick_xml::escape::escape;

use super::commit::FRESH;
use super::manifest::{Manifest, Sums};
use super::paths::path;
use super::set::{Set, file};
use super::stamp::Kept;
use super::workplace::Workplace;
use crate::document::typeset::COVER;
use crate::project::country::Country;
use crate::project::text::Text;
use crate::project::theme::{Role, Theme};
use crate::project::{Document, Project};

/// The name of the page at the top of `output/`.
const FILE: &str = "index.html";
/// The checksums of the files that it lists, as `sha256sum --check` reads them.
const SUMS: &str = "SHA256SUMS";
/// The style sheet, but for its colours.
const STYLE: &str = include_str!("page.css");
/// The colours by night, which only the series' own look has: they match no other.
const NIGHT: &str = include_str!("page-night.css");
/// The colours by day: their names in the style sheet, and what they are for.
const DAY: [(&str, Role); 9] = [
    ("paper", Role::Paper),
    ("band", Role::Cover),
    ("bar", Role::Ink),
    ("ink", Role::Ink),
    ("text-2", Role::Quiet),
    ("slate", Role::Data),
    ("rust", Role::Alert),
    ("mid", Role::Second),
    ("rule", Role::Rule),
];

/// A file that is listed.
struct Listed {
    /// The link from the page to it.
    path: String,
    bytes: u64,
}

/// A document that is listed.
struct Entry<'p> {
    document: Document<'p>,
    known: &'p Kept,
    file: Listed,
}

/// The data from which the page is written.
struct Page<'p> {
    place: &'p Workplace,
    project: &'p Project,
    text: &'p Text,
    outputs: &'p Manifest,
    /// What was listed so far.
    sums: RefCell<Sums>,
}

/// Prepares the page that lists the outputs of a manifest, and the file of checksums, unless they are already in place.
///
/// # Errors
/// When writing fails.
pub(super) fn sets(
    place: &Workplace,
    project: &Project,
    documents: &BTreeMap<String, Kept>,
    outputs: &Manifest,
) -> Result<[Set; 2]> {
    let text = project.texts.first().context("no language is declared")?;
    let page = Page { place, project, text, outputs, sums: RefCell::default() };
    let html = page.html(documents)?;
    let sums: String = page.sums.borrow().iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect();
    Ok([file(place, FILE, html.as_bytes())?, file(place, SUMS, sums.as_bytes())?])
}

/// The colours of a page in a browser, by day and by night, as a style sheet.
#[must_use]
pub fn colours(theme: &Theme) -> String {
    let day = |(name, role): &(&str, Role)| {
        let [red, green, blue] = theme.rgb(*role);
        format!("  --{name}: #{red:02X}{green:02X}{blue:02X};\n")
    };
    let night = if *theme == Theme::default() { NIGHT } else { "" };
    format!(":root {{\n{}}}\n{night}", DAY.iter().map(day).collect::<String>())
}

impl Page<'_> {
    fn html<'d>(&'d self, documents: &'d BTreeMap<String, Kept>) -> Result<String> {
        let mut countries: Vec<Vec<Entry<'d>>> = Vec::new();
        for document in self.project.documents() {
            let path = path(document);
            // Only outputs that are known to be released are listed.
            let Some(known) = documents.get(&path).filter(|known| !known.draft) else { continue };
            let Some(file) = self.listed(&path)? else { continue };
            let entry = Entry { document, known, file };
            match countries.last_mut().filter(|last| last[0].document.country.iso3 == document.country.iso3) {
                Some(country) => country.push(entry),
                None => countries.push(vec![entry]),
            }
        }
        let main: Vec<String> = countries.iter().map(|country| self.country(country)).collect::<Result<_>>()?;
        let nothing = || format!("<p>{}</p>\n", self.word("web_nothing"));
        let main = if main.is_empty() { nothing() } else { main.concat() };
        Ok(self.whole(&self.countries(&countries), &main))
    }

    /// The style sheet in the colours of the series.
    fn style(&self) -> String {
        format!("{}{STYLE}", colours(&self.project.report.theme))
    }

    /// The frame of the page around its lists.
    fn whole(&self, countries: &str, main: &str) -> String {
        let (report, text) = (&self.project.report, self.text);
        let issue = text.period(&report.issue);
        let title = text.phrase("web_title", &[("series", &report.title), ("issue", &issue)]);
        let dated = text.phrase("edition", &[("issue", &issue)]);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
             <meta name=\"color-scheme\" content=\"{schemes}\"/>\n<title>{title}</title>\n\
             <meta name=\"description\" content=\"{deck}\"/>\n{shared}<style>\n{style}</style>\n</head>\n<body>\n\
             <header>\n<p class=\"label\">{author} · {dated}</p>\n<h1>{series}</h1>\n<p class=\"deck\">{deck}</p>\n\
             {countries}</header>\n<main>\n{main}</main>\n<footer>\n{signed}{check}</footer>\n</body>\n</html>\n",
            lang = escape(&text.language),
            schemes = if report.theme == Theme::default() { "light dark" } else { "light" },
            title = escape(&title),
            shared = self.shared(&title),
            style = self.style(),
            deck = self.word("web_deck"),
            author = escape(&report.author),
            dated = escape(&dated),
            series = escape(&report.title),
            signed = self.signed(),
            check = self.checked(),
        )
    }

    /// What those who link to the page show of it.
    fn shared(&self, title: &str) -> String {
        let property =
            |name: &str, content: &str| format!("<meta property=\"og:{name}\" content=\"{}\"/>\n", escape(content));
        let mut shared = property("type", "website") + &property("title", title);
        shared += &property("description", self.text.word("web_deck"));
        shared += &property("locale", &format!("{}_{}", self.text.language, self.text.region.to_uppercase()));
        let address = self.project.report.publisher.as_ref().and_then(|publisher| publisher.address.as_ref());
        if let Some(address) = address {
            let base = address.value.split('#').next().unwrap_or_default().trim_end_matches('/');
            shared += &property("url", &address.value);
            let mut covers =
                self.project.countries.iter().map(|c| format!("{}/{}/{COVER}", c.iso3, self.text.language));
            let cover = covers.find(|path| self.outputs.outputs.contains_key(path) && self.may_show(path));
            shared += &cover.map_or_else(String::new, |path| property("image", &format!("{base}/{path}")));
        }
        shared
    }

    /// Whether a first page may be shown to those who link here: where approvals are asked for, only that of a listed document.
    fn may_show(&self, cover: &str) -> bool {
        let first = self.project.report.documents.first();
        let document = first.map(|first| cover.replace(COVER, &format!("{}.pdf", first.id)));
        self.project.report.approval.is_none() || document.is_some_and(|path| self.sums.borrow().contains_key(&path))
    }

    /// Who publishes the series, and on what terms.
    fn signed(&self) -> String {
        let Some(publisher) = &self.project.report.publisher else { return String::new() };
        let (text, name) = (self.text, escape(&publisher.name.value));
        let contact = publisher.contact.as_ref().map(|contact| {
            let to = escape(&contact.value);
            format!("<a href=\"{to}\">{}</a>", to.trim_start_matches("mailto:").trim_start_matches("https://"))
        });
        let licence = publisher.licence.as_ref();
        let licence = licence.map(|licence| text.phrase("licence", &[("licence", &licence.value)]));
        let licence = licence.map(|licence| escape(&licence).into_owned());
        let signed = text.phrase("published_by", &[("publisher", &name)]);
        let parts: Vec<String> = std::iter::once(signed).chain(licence).chain(contact).collect();
        format!("<p>{}</p>\n", parts.join(" · "))
    }

    /// How a copy is told from a file that was changed; nothing where no file is listed.
    fn checked(&self) -> String {
        if self.sums.borrow().is_empty() {
            return String::new();
        }
        let link = format!("<a href=\"{SUMS}\">{SUMS}</a>");
        format!("<p>{}</p>\n", self.word("web_check").replace("{file}", &link))
    }

    /// Links to the countries, if there are several.
    fn countries(&self, countries: &[Vec<Entry<'_>>]) -> String {
        let link = |entries: &Vec<Entry<'_>>| {
            let country = entries[0].document.country;
            format!("<li><a href=\"#{}\">{}</a></li>\n", escape(&country.iso3), escape(self.name(&country.iso3)))
        };
        let links: Vec<String> = countries.iter().map(link).collect();
        let nav =
            || format!("<nav aria-label=\"{}\">\n<ul>\n{}</ul>\n</nav>\n", self.word("web_countries"), links.concat());
        if links.len() > 1 { nav() } else { String::new() }
    }

    /// A country: its story in the language of the page, its documents in each language, its tables.
    fn country(&self, entries: &[Entry<'_>]) -> Result<String> {
        let iso3 = &entries[0].document.country.iso3;
        let official = self.declared(iso3).map_or("", |country| country.official.as_str());
        let own = |entry: &&Entry<'_>| entry.document.text.language == self.text.language;
        let summary = entries.iter().filter(own).find_map(|entry| entry.known.summary.as_ref());
        let mut html = format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{}</h2>\n<p class=\"official\">{}</p>\n",
            escape(self.name(iso3)),
            escape(official),
            id = escape(iso3),
        );
        if let Some(summary) = summary {
            html += &self.story(iso3, summary)?;
        }
        let corrected =
            entries.iter().filter(own).map(|entry| &entry.known.corrected).find(|corrected| !corrected.is_empty());
        html += &corrected.map_or_else(String::new, |corrected| self.corrections(corrected));
        html += "<div class=\"languages\">\n";
        for language in entries.chunk_by(|one, other| one.document.text.language == other.document.text.language) {
            html += &self.language(language);
        }
        html += &self.tables(iso3)?;
        html += "</div>\n";
        if let Some(cite) = summary.map(|summary| &summary.cite).filter(|cite| !cite.is_empty()) {
            html += &format!("<p class=\"cite\">{} {}</p>\n", self.word("cite_as"), escape(cite));
        }
        Ok(html + "</section>\n")
    }

    /// The documents in one language, next to the picture of the first one that has a picture.
    fn language(&self, entries: &[Entry<'_>]) -> String {
        let text = entries[0].document.text;
        let (lang, iso3) = (escape(&text.language), &entries[0].document.country.iso3);
        let cover = format!("{iso3}/{}/{COVER}", text.language);
        let first = self.project.report.documents.first();
        let pictured = entries.iter().find(|entry| first.is_some_and(|first| first.id == entry.document.kind.id));
        let pictured = pictured.filter(|_| self.outputs.outputs.contains_key(&cover));
        let picture = pictured.map_or_else(String::new, |entry| {
            let title = self.title(&entry.document.kind.id);
            let names = [("country", self.name(iso3)), ("language", &text.name), ("title", title)];
            format!(
                "<a class=\"cover\" href=\"{}\" hreflang=\"{lang}\"><img src=\"{}\" alt=\"{}\" width=\"1200\" \
                 height=\"1697\" loading=\"lazy\"/></a>\n",
                escape(&entry.file.path),
                escape(&cover),
                escape(self.text.phrase("web_cover", &names)),
            )
        });
        let documents: Vec<String> = entries.iter().map(|entry| self.document(entry)).collect();
        format!(
            "<article>\n{picture}<div>\n<h3 lang=\"{lang}\">{}</h3>\n<ul>\n{}</ul>\n</div>\n</article>\n",
            escape(&text.name),
            documents.concat(),
        )
    }

    fn document(&self, entry: &Entry<'_>) -> String {
        let pages = u64::try_from(entry.known.pages).unwrap_or_default();
        let count = self.text.integer(i64::try_from(pages).unwrap_or_default());
        let pages = self.text.counted("web_pages", pages, &[("count", &count)]);
        let lang = escape(&entry.document.text.language);
        let attributes = format!(" lang=\"{lang}\" hreflang=\"{lang}\" type=\"application/pdf\"");
        self.item(&entry.file, &attributes, &entry.document.kind.title, &["PDF", &pages])
    }

    /// The figures and tables of a country, for those who compute with them.
    fn tables(&self, iso3: &str) -> Result<String> {
        let mut items = String::new();
        for (name, title) in [("tables/datapackage.json", "web_package"), ("figures.json", "web_figures")] {
            if let Some(file) = self.listed(&format!("{iso3}/{name}"))? {
                items += &self.item(&file, " type=\"application/json\"", self.text.word(title), &["JSON"]);
            }
        }
        let mut tables = String::new();
        for indicator in &self.project.indicators {
            if let Some(file) = self.listed(&format!("{iso3}/tables/{}.csv", indicator.id))? {
                tables += &self.item(&file, " type=\"text/csv\"", &indicator.title, &["CSV"]);
            }
        }
        if !tables.is_empty() {
            let summary = self.word("web_tables");
            items += &format!("<li><details>\n<summary>{summary}</summary>\n<ul>\n{tables}</ul>\n</details></li>\n");
        }
        Ok(format!(
            "<article class=\"data\">\n<div>\n<h3>{}</h3>\n<ul>\n{items}</ul>\n</div>\n</article>\n",
            self.word("web_data")
        ))
    }

    /// A link to a file, what it is and its size.
    fn item(&self, file: &Listed, attributes: &str, title: &str, details: &[&str]) -> String {
        let size = self.size(file.bytes);
        let details: Vec<&str> = details.iter().copied().chain([size.as_str()]).collect();
        format!(
            "<li><a href=\"{}\"{attributes}>{}</a> <span class=\"facts\">{}</span></li>\n",
            escape(&file.path),
            escape(title),
            escape(details.join(" · ")),
        )
    }

    /// An output file, wherever it is now: prepared, or already in place.
    fn listed(&self, path: &str) -> Result<Option<Listed>> {
        let Some(sum) = self.outputs.outputs.get(path) else { return Ok(None) };
        let fresh = fs::metadata(self.place.folder().join(FRESH).join(path));
        let metadata = fresh.or_else(|_| fs::metadata(self.place.output().join(path)));
        let bytes = metadata.with_context(|| format!("cannot read `{path}`"))?.len();
        self.sums.borrow_mut().insert(path.to_owned(), sum.clone());
        Ok(Some(Listed { path: path.to_owned(), bytes }))
    }

    /// The size of a file in words, rounded up.
    fn size(&self, bytes: u64) -> String {
        let tenths = bytes.div_ceil(100_000);
        if bytes < 1_000_000 {
            let size = i64::try_from(bytes.div_ceil(1000)).unwrap_or_default();
            return self.text.phrase("web_kilobytes", &[("size", &self.text.integer(size))]);
        }
        let size = self.text.decimal(&format!("{}.{}", tenths / 10, tenths % 10));
        self.text.phrase("web_megabytes", &[("size", &size)])
    }

    /// The name of a country in the language of the page.
    fn name(&self, iso3: &str) -> &str {
        self.declared(iso3).map_or("", |country| country.name.as_str())
    }

    fn declared(&self, iso3: &str) -> Option<&Country> {
        self.project.countries.iter().find(|country| country.iso3 == iso3)
    }

    /// The name of a kind of document in the language of the page.
    fn title(&self, kind: &str) -> &str {
        let kinds = &self.project.report.documents;
        kinds.iter().find(|known| known.id == kind).map_or("", |known| known.title.as_str())
    }

    fn word(&self, key: &str) -> String {
        escape(self.text.word(key)).into_owned()
    }
}
