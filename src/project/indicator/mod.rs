//! Indicators: what each measures, its texts and its chart. Each has one file.

mod chart;
mod keys;
mod measure;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Source, Span};
use crate::project::country::Country;
use crate::project::declaration::{Declaration, Located, nearest};
use crate::project::schema::{REST, Schema};
use crate::value::period::Period;

pub use chart::{Chart, ChartKind, Split};
pub use keys::INDICATOR;

/// A declared indicator.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// The file's stem, unique across sections.
    pub id: String,
    /// The folder's name.
    pub section: String,
    /// A noun phrase: "Persons arrested".
    pub title: String,
    /// Its short form for panels and rows: "Arrested".
    pub short: String,
    /// The definition.
    pub description: String,
    /// The unit counted, a key of the language's `[units]`.
    pub unit: String,
    /// The place of its unit.
    pub unit_span: Option<Span>,
    /// What it measures.
    pub measure: Measure,
    /// The dimensions it is broken down by, in the order of figure ids.
    pub dimensions: Vec<String>,
    /// Codes that a row must have: dimension → any of these.
    pub conditions: BTreeMap<String, Vec<String>>,
    /// Its chart, if it has one.
    pub chart: Option<Chart>,
    /// Whether its released table is printed.
    pub table: bool,
    /// Whether it is the scoreboard: its series as rows of one table.
    pub scoreboard: bool,
    /// Its place among the key figures of page one.
    pub key_figure: Option<i64>,
    /// Parts of it that are listed below it in the table of changes: `nationality=foreign`.
    pub of_whom: Vec<Located<String>>,
    /// Whether its chart is drawn only if prose or the cover asks for it.
    pub on_request: bool,
    /// What its figures are to the counts of a country.
    pub role: Role,
    /// Years in which its definition changes, with the reason in two words.
    pub breaks: Vec<(f64, String)>,
    /// Its place within the section.
    pub order: i64,
    /// The place of its declaration.
    pub span: Span,
    /// The place of its title.
    pub title_span: Span,
}

/// What an indicator measures. Another kind of measure becomes a variant with its name in the literature.
#[derive(Debug, Clone)]
pub enum Measure {
    /// The observations of one table and one code of its measure column.
    Observed {
        /// The table.
        table: String,
        /// The code; none for a table with a single measure.
        code: Option<String>,
        /// Whether it is a stock, which is never added over time.
        stock: bool,
    },
    /// Other indicators shown together; it computes nothing.
    Collection(Vec<Located<Selector>>),
    /// The dated events of the events table.
    Events,
    /// The ratio of one indicator to another, from released figures only.
    Ratio(Ratio),
}

/// The ratio of two indicators.
#[derive(Debug, Clone)]
pub struct Ratio {
    /// The numerator.
    pub of: Located<Selector>,
    /// The denominator.
    pub to: Located<Selector>,
    /// The base: 100 for per cent.
    pub per: i64,
}

/// An indicator, or one cell of its breakdowns: `persons_arrested:nationality=foreign`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector {
    /// The indicator's id.
    pub indicator: String,
    /// Codes by dimension; every other dimension is `total`.
    pub codes: BTreeMap<String, String>,
}

/// What the figures of an indicator are to the counts of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// They are counts: the last of them says up to when a country counts.
    Count,
    /// Counts are seen against them: the population, a score.
    Background,
}

impl Selector {
    /// Reads `indicator` or `indicator:dimension=code,…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (indicator, codes) = text.split_once(':').unwrap_or((text, ""));
        let pairs = codes.split(',').filter(|pair| !pair.is_empty());
        let codes: Option<_> = pairs.map(|pair| pair.split_once('=').map(|(d, c)| (d.into(), c.into()))).collect();
        Some(Self { indicator: indicator.to_owned(), codes: codes? })
    }
}

impl Indicator {
    /// Its definition, followed by the country's sentence on what its counts include or exclude.
    #[must_use]
    pub fn definition(&self, country: &Country) -> String {
        format!("{} {}", self.description, country.scope(&self.id)).trim().to_owned()
    }

    /// Reads `data/indicators/<section>/<id>.toml`, checking every name in it against the schemas.
    pub fn parse(
        (section, id): (&str, &str),
        source: &Arc<Source>,
        schemas: &[Schema],
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut file = Declaration::parse(&INDICATOR, source, diagnostics);
        let Located { value: title, span: title_span } = file.required_name("title");
        let short = file.name("short").map_or_else(|| title.clone(), |short| short.value);
        let description = file.text("description").map_or_else(String::new, |text| text.value);
        let unit = file.text("unit");
        let (schema, measure) = measure::measure(&mut file, schemas);
        let dimensions = dimensions(&mut file, schema);
        let conditions = conditions(&mut file, schema);
        let table = file.boolean("released_table");
        let scoreboard = file.boolean("scoreboard");
        let key_figure = file.integer("key_figure").map(|order| order.value);
        let of_whom = file.texts("of_whom");
        let on_request = file.boolean("on_request");
        let role = if file.boolean("background") { Role::Background } else { Role::Count };
        let order = file.integer("order").map_or(i64::MAX, |order| order.value);
        let breaks = file.tables("breaks", read_break).into_iter().flatten().collect();
        let chart = file.table("chart").map(Chart::read);
        file.finish();
        Self {
            id: id.to_owned(),
            section: section.to_owned(),
            title,
            short,
            description,
            unit_span: unit.as_ref().map(|unit| unit.span.clone()),
            unit: unit.map_or_else(String::new, |unit| unit.value),
            measure,
            dimensions,
            conditions,
            chart,
            table,
            scoreboard,
            key_figure,
            of_whom,
            on_request,
            role,
            breaks,
            order,
            span: Span::start_of(source),
            title_span,
        }
    }

    /// The indicators and cells that it shows: itself, or those it collects.
    #[must_use]
    pub fn shown(&self) -> Vec<Selector> {
        match &self.measure {
            Measure::Collection(selectors) => selectors.iter().map(|selector| selector.value.clone()).collect(),
            _ => vec![Selector { indicator: self.id.clone(), codes: BTreeMap::new() }],
        }
    }

    /// Whether it counts a stock.
    #[must_use]
    pub fn is_stock(&self) -> bool {
        matches!(self.measure, Measure::Observed { stock: true, .. })
    }
}

fn dimensions(file: &mut Declaration<'_>, schema: Option<&Schema>) -> Vec<String> {
    let named = file.texts("dimensions");
    let known = known_dimensions(schema);
    // An unknown table is a fault of its own, and its dimensions are not known.
    let judged = named.iter().filter(|dimension| schema.is_some() && !known.contains(&dimension.value.as_str()));
    for dimension in judged {
        unknown(file, "dimension", dimension, known.clone());
    }
    named.into_iter().map(|dimension| dimension.value).collect()
}

fn conditions(file: &mut Declaration<'_>, schema: Option<&Schema>) -> BTreeMap<String, Vec<String>> {
    let known = known_dimensions(schema);
    let mut conditions = BTreeMap::new();
    for (dimension, codes) in file.map("where") {
        if schema.is_some() && !known.contains(&dimension.value.as_str()) {
            unknown(file, "dimension", &dimension, known.clone());
            continue;
        }
        for code in codes.iter().filter(|code| code.value == REST) {
            let message = format!(
                "no row has the code `{REST}`: a register's rare codes are folded into it when they are printed"
            );
            let fault = Diagnostic::error(Code::InvalidValue, code.span.clone(), message);
            file.fault(fault.hint("name the codes that are counted"));
        }
        conditions.insert(dimension.value, codes.into_iter().map(|code| code.value).collect());
    }
    conditions
}

fn known_dimensions(schema: Option<&Schema>) -> Vec<&str> {
    let observations = schema.and_then(|schema| schema.observations.as_ref());
    observations.map_or_else(Vec::new, |o| o.dimensions.iter().map(String::as_str).collect())
}

fn unknown(file: &mut Declaration<'_>, what: &str, named: &Located<String>, known: Vec<&str>) {
    let message = format!("there is no {what} `{}`", named.value);
    let hint = match nearest(&named.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    };
    file.fault(Diagnostic::error(Code::UnknownName, named.span.clone(), message).hint(hint));
}

fn read_break(mut declaration: Declaration<'_>) -> Option<(f64, String)> {
    let at = declaration.required_text("at");
    let label = declaration.required_name("label").value;
    let period = Period::parse(&at.value);
    if let Err(reason) = &period {
        declaration.fault(Diagnostic::error(Code::PeriodError, at.span, reason.clone()));
    }
    declaration.finish();
    Some((period.ok()?.decimal().0, label))
}
