//! The declarations of a country.

mod keys;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::declaration::{Declaration, Located};
use crate::project::engine::{self, Engine};
use crate::value::period::Period;

pub use keys::COUNTRY;

/// One folder of `data/countries/`.
#[derive(Debug, Clone)]
pub struct Country {
    /// ISO 3166-1 alpha-3, the folder's name.
    pub iso3: String,
    /// The name printed large.
    pub name: String,
    /// The official name; empty when it is not given.
    pub official: String,
    /// The places of the two names; none for a name that is not given.
    pub written: [Option<Span>; 2],
    /// The alpha-3 codes of the countries shown beside it, in this order.
    pub neighbours: Vec<String>,
    /// The place of each of them.
    pub neighbours_written: Vec<Span>,
    /// The ids of the events on the milestone chart; none if the key is not written, for all events.
    pub milestones: Option<Vec<Located<String>>>,
    /// The indicators on page one in this order; none if the key is not written, for those that hold everywhere.
    pub key_figures: Option<Vec<Located<String>>>,
    /// Years in which the way of counting changes.
    pub breaks: Vec<Break>,
    /// What its counts of an indicator include or exclude, in addition to the definition for all countries.
    pub scopes: Vec<Scope>,
    /// Its provinces, with their places on the tile map.
    pub provinces: Vec<Province>,
    /// Figures that count one event under two names, and must never be added or compared.
    pub same: Vec<Same>,
    /// Years that are confirmed to have no rows of a measure in a register.
    pub confirmed_empty: Vec<ConfirmedEmpty>,
    /// Its registers that are counted in an engine.
    pub engines: Vec<Engine>,
    /// The encoding of its files that are not UTF-8, by its name on the web: `windows-1252`.
    pub encoding: Option<String>,
    /// The delimiter of its CSV files, used in files whose first row contains it.
    pub delimiter: Option<u8>,
    /// Whether it accepts workbooks whose formats and fonts cannot be checked.
    pub unseen_looks: bool,
    /// Its CSV files and workbooks.
    pub tables: Vec<TableFile>,
    /// Its prose.
    pub narratives: Vec<Narrative>,
    /// The prose that is still a guide, by language and place, where that makes drafts.
    pub unwritten: Vec<(String, String)>,
}

/// A province and its place on the tile map.
#[derive(Debug, Clone)]
pub struct Province {
    /// ISO 3166-2.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Column and row of its tile, from 1.
    pub place: (u32, u32),
}

/// A year in which the counts of an indicator change their meaning in this country.
#[derive(Debug, Clone)]
pub struct Break {
    /// The indicator's id.
    pub indicator: Located<String>,
    /// Its place on the time axis.
    pub at: f64,
    /// The reason, in two words.
    pub label: String,
}

/// What the counts of one indicator include or exclude in this country.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The indicator's id.
    pub indicator: Located<String>,
    /// One sentence.
    pub text: String,
}

/// Two figures that are declared to be the same.
#[derive(Debug, Clone)]
pub struct Same {
    /// The two figure ids.
    pub figures: Vec<Located<String>>,
    /// Why they are the same.
    pub reason: String,
}

/// A year without rows in a register that is not a gap: the register covers it, and nothing happened.
#[derive(Debug, Clone)]
pub struct ConfirmedEmpty {
    /// The register's id in sources.csv.
    pub source: Located<String>,
    /// The table and its stage or status: `victims/identified`.
    pub measure: Located<String>,
    /// The calendar year; none if it cannot be read, which is a fault already.
    pub year: Option<Period>,
    /// The place of the year.
    pub written: Span,
}

/// A file with a table, which `ingest` will read.
#[derive(Debug, Clone)]
pub struct TableFile {
    /// The table's name: the file's stem.
    pub table: String,
    /// Path from the root, with `/`.
    pub path: String,
    /// Whether it is a confidential register.
    pub register: bool,
    /// The labels of the columns of its table; empty if they are not known.
    pub labels: Vec<String>,
}

/// A file of prose.
#[derive(Debug, Clone)]
pub struct Narrative {
    /// BCP 47.
    pub language: String,
    /// A section's or a document's id: the file's stem.
    pub place: String,
    /// The text.
    pub source: Arc<Source>,
}

impl Country {
    /// An empty country, for a file that belongs to none.
    #[must_use]
    pub fn nowhere() -> Self {
        Self {
            iso3: String::new(),
            name: String::new(),
            official: String::new(),
            written: [None, None],
            neighbours: Vec::new(),
            neighbours_written: Vec::new(),
            milestones: None,
            key_figures: None,
            breaks: Vec::new(),
            scopes: Vec::new(),
            provinces: Vec::new(),
            same: Vec::new(),
            confirmed_empty: Vec::new(),
            engines: Vec::new(),
            encoding: None,
            delimiter: None,
            unseen_looks: false,
            tables: Vec::new(),
            narratives: Vec::new(),
            unwritten: Vec::new(),
        }
    }

    /// What its counts of an indicator include or exclude; empty if nothing is declared.
    #[must_use]
    pub fn scope(&self, indicator: &str) -> &str {
        self.scopes.iter().find(|scope| scope.indicator.value == indicator).map_or("", |scope| scope.text.as_str())
    }

    /// The engine that counts one of its registers; none if its rows are kept in a file.
    #[must_use]
    pub fn engine(&self, table: &str) -> Option<&Engine> {
        self.engines.iter().find(|engine| engine.table.value == table)
    }

    /// Reads `country.toml`. The files of the country are added by `load`.
    pub fn parse(iso3: &str, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Self {
        let mut declaration = Declaration::parse(&COUNTRY, source, diagnostics);
        let name = name(&mut declaration);
        let official = declaration.name("official");
        let written = [Some(name.span), official.as_ref().map(|official| official.span.clone())];
        let (name, official) = (name.value, official.map_or_else(String::new, |official| official.value));
        let neighbours = declaration.texts("neighbours");
        let neighbours_written = neighbours.iter().map(|code| code.span.clone()).collect();
        let neighbours = neighbours.into_iter().map(|code| code.value).collect();
        let milestones = declaration.has("milestones").then(|| declaration.texts("milestones"));
        let key_figures = declaration.has("key_figures").then(|| declaration.texts("key_figures"));
        let breaks = declaration.tables("breaks", broken).into_iter().flatten().collect();
        let scopes = scopes(&mut declaration);
        let same = declaration.tables("same", |mut same| {
            let read = Same { figures: same.texts("figures"), reason: same.required_text("reason").value };
            same.finish();
            read
        });
        let confirmed_empty = declaration.tables("confirmed_empty", confirmed);
        let provinces = provinces(&mut declaration);
        let engines = engine::read(&mut declaration);
        let encoding = encoding(&mut declaration);
        let delimiter = declaration.table("dialect").and_then(delimiter);
        let unseen_looks = declaration.table("read").is_some_and(unseen_looks);
        declaration.finish();
        let (iso3, tables, narratives) = (iso3.to_owned(), Vec::new(), Vec::new());
        Self {
            iso3,
            name,
            official,
            written,
            neighbours,
            neighbours_written,
            milestones,
            key_figures,
            breaks,
            scopes,
            provinces,
            same,
            confirmed_empty,
            engines,
            encoding,
            delimiter,
            unseen_looks,
            tables,
            narratives,
            unwritten: Vec::new(),
        }
    }
}

/// The name, which may not be left empty.
fn name(declaration: &mut Declaration<'_>) -> Located<String> {
    let written = declaration.has("name");
    let name = declaration.required_name("name");
    if written && name.value.trim().is_empty() {
        let fault = Diagnostic::error(Code::Unwritten, name.span.clone(), "the name is empty");
        declaration.fault(fault.hint("write the name that is printed large on the cover"));
    }
    name
}

fn broken(mut declaration: Declaration<'_>) -> Option<Break> {
    let (indicator, at) = (declaration.required_text("indicator"), declaration.required_text("at"));
    let label = declaration.required_name("label").value;
    let period = Period::parse(&at.value);
    if let Err(reason) = &period {
        declaration.fault(Diagnostic::error(Code::PeriodError, at.span, reason.clone()));
    }
    declaration.finish();
    Some(Break { indicator, at: period.ok()?.decimal().0, label })
}

/// Reads `[[scope]]`: at most one sentence for each indicator.
fn scopes(declaration: &mut Declaration<'_>) -> Vec<Scope> {
    let mut taken: Vec<String> = Vec::new();
    declaration.tables("scope", |mut scope| {
        let written = scope.has("text");
        let (indicator, text) = (scope.required_text("indicator"), scope.required_text("text"));
        if written && text.value.trim().is_empty() {
            let fault = Diagnostic::error(Code::Unwritten, text.span, "the scope is empty");
            scope.fault(fault.hint("write one sentence on what the counts include or exclude"));
        }
        if taken.contains(&indicator.value) {
            let message = format!("`{}` has a scope already", indicator.value);
            let fault = Diagnostic::error(Code::InvalidValue, indicator.span.clone(), message);
            scope.fault(fault.hint("put everything into one text"));
        }
        taken.push(indicator.value.clone());
        scope.finish();
        Scope { indicator, text: text.value }
    })
}

fn confirmed(mut declaration: Declaration<'_>) -> ConfirmedEmpty {
    let (source, measure) = (declaration.required_text("source"), declaration.required_text("measure"));
    let given = declaration.has("period");
    let period = declaration.required_text("period");
    let year = Period::parse(&period.value).and_then(|period| match period.whole_year() {
        Some(_) => Ok(period),
        None => Err(format!("`{}` is not one calendar year", period.text())),
    });
    if let (Err(reason), true) = (&year, given) {
        let fault = Diagnostic::error(Code::PeriodError, period.span.clone(), reason.clone());
        declaration.fault(fault.hint("confirm each empty year by itself: `period = \"2023\"`"));
    }
    declaration.finish();
    ConfirmedEmpty { source, measure, year: year.ok(), written: period.span }
}

/// The most columns or rows of the tile map.
const TILES: i64 = 24;

/// Reads `[[provinces]]`: each has a code and a place of its own.
fn provinces(declaration: &mut Declaration<'_>) -> Vec<Province> {
    let mut taken: Vec<(String, (u32, u32))> = Vec::new();
    declaration.tables("provinces", |mut province| {
        let (code, name) = (province.required_text("code"), province.required_name("name").value);
        let place = (coordinate(&mut province, "column"), coordinate(&mut province, "row"));
        let same = taken.iter().find(|(other, there)| *other == code.value || *there == place && place.0 > 0);
        if let Some((other, _)) = same.filter(|_| !code.value.is_empty()) {
            let message = format!("`{}` has the code or the tile of `{other}`", code.value);
            let fault = Diagnostic::error(Code::InvalidValue, code.span.clone(), message);
            province.fault(fault.hint("give each province a code and a tile of its own"));
        }
        taken.push((code.value.clone(), place));
        province.finish();
        Province { code: code.value, name, place: (place.0.max(1), place.1.max(1)) }
    })
}

/// The column or row of a tile; 0 if it is missing or invalid.
fn coordinate(province: &mut Declaration<'_>, key: &'static str) -> u32 {
    let Some(number) = province.integer(key) else {
        let message = format!("the key `{key}` is missing");
        let fault = Diagnostic::error(Code::MissingField, province.span(), message);
        province.fault(fault.hint("give each province the column and the row of its tile"));
        return 0;
    };
    let fits = u32::try_from(number.value).ok().filter(|at| (1..=TILES).contains(&i64::from(*at)));
    fits.unwrap_or_else(|| {
        let message = format!("{} is not a {key} of the tile map; 1 to {TILES} are expected", number.value);
        province.fault(Diagnostic::error(Code::InvalidValue, number.span, message));
        0
    })
}

fn encoding(declaration: &mut Declaration<'_>) -> Option<String> {
    let encoding = declaration.text("encoding")?;
    if encoding_rs::Encoding::for_label(encoding.value.as_bytes()).is_some() {
        return Some(encoding.value);
    }
    let message = format!("`{}` is not an encoding", encoding.value);
    let fault = Diagnostic::error(Code::InvalidValue, encoding.span, message);
    declaration.fault(fault.hint("write its name on the web, such as `windows-1252` or `utf-16le`"));
    None
}

/// Reads `[dialect]` of Frictionless, of which only the `delimiter` is needed.
fn delimiter(mut dialect: Declaration<'_>) -> Option<u8> {
    let delimiter = dialect.text("delimiter");
    let read = delimiter.as_ref().and_then(|delimiter| match delimiter.value.as_bytes() {
        [byte @ (b',' | b';' | b'\t' | b'|')] => Some(*byte),
        _ => None,
    });
    if let (Some(delimiter), None) = (&delimiter, read) {
        let message = format!("`{}` is not a delimiter", delimiter.value);
        let fault = Diagnostic::error(Code::InvalidValue, delimiter.span.clone(), message);
        dialect.fault(fault.hint("write one of `,` `;` `|` and `\\t`"));
    }
    dialect.finish();
    read
}

/// Reads `[read]`, which can only contain `looks = "unseen"`.
fn unseen_looks(mut read: Declaration<'_>) -> bool {
    let looks = read.text("looks");
    let unseen = looks.as_ref().is_some_and(|looks| looks.value == "unseen");
    if let Some(looks) = looks.filter(|_| !unseen) {
        let message = format!("`looks` is `{}`; its only value is `unseen`", looks.value);
        let hint =
            "write `looks = \"unseen\"` to accept workbooks whose formats and fonts cannot be checked, or delete it";
        read.fault(Diagnostic::error(Code::InvalidValue, looks.span, message).hint(hint));
    }
    read.finish();
    unseen
}
