//! What is known of a figure, as plain data.

use super::Asked;
use crate::disclosure::protect::{Alternative, CountryRelease, Relation, Release, ReleasedCell, Status, Yielding};
use crate::document::outline::said;
use crate::project::Project;
use crate::project::indicator::Measure;
use crate::project::schema::REST;
use crate::project::text::{Text, numerals};
use crate::value::{Qualifier, Value};

/// The answer to a query.
#[derive(Debug)]
pub struct Answer {
    /// What was asked.
    pub query: String,
    /// The figures found.
    pub figures: Vec<Told>,
    /// Where the number stands as no figure.
    pub literals: Vec<Literal>,
}

/// What is known of a figure.
#[derive(Debug)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// The number as it is printed, with its unit, or its state in words.
    pub display: String,
    /// The value in plain digits; none where it has none.
    pub value: Option<Value>,
    /// How it stands to the truth.
    pub qualifier: Qualifier,
    /// Its state.
    pub status: Status,
    /// What it counts, by name.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// The period in words.
    pub period: String,
    /// The definition.
    pub definition: String,
    /// How it came about.
    pub rule: String,
    /// Its rows; none for a register.
    pub rows: Vec<Row>,
    /// Rows of further sources that say the same.
    pub agreeing: Vec<Row>,
    /// What of a register is counted, in place of rows.
    pub filter: Option<String>,
    /// Its sources.
    pub sources: Vec<Source>,
    /// Whether no one number satisfies all sources.
    pub contested: bool,
    /// What others say.
    pub alternatives: Vec<Other>,
    /// Where it is printed.
    pub printed: Vec<Place>,
    /// The copies for donors that print it.
    pub copies: Vec<String>,
}

/// A row: its place, and its text once that is looked up.
#[derive(Debug, Clone)]
pub struct Row {
    /// `path:line`.
    pub place: String,
    /// The text of the row.
    pub text: String,
}

/// A source with its address.
#[derive(Debug)]
pub struct Source {
    /// Its id in the tables.
    pub id: String,
    /// Publisher, title and date in one line.
    pub name: String,
    /// Its address; empty for a register.
    pub url: String,
    /// When its address was last opened, in words; empty where that was not noted.
    pub accessed: String,
}

/// What another source says.
#[derive(Debug)]
pub struct Other {
    /// As it is printed.
    pub display: String,
    /// The value.
    pub value: Value,
    /// How it stands to the truth.
    pub qualifier: Qualifier,
    /// Who says it.
    pub sources: Vec<Source>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Why it stands behind.
    pub why: &'static str,
}

/// Where a figure is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `en/brief.pdf`.
    pub document: String,
    /// Pages, where they could be found.
    pub pages: Vec<usize>,
}

/// A number that is no figure.
#[derive(Debug)]
pub struct Literal {
    /// What it is, in a sentence's end.
    pub what: String,
    /// Where it is written, or in which document.
    pub place: String,
}

/// Everything known of a figure.
pub(super) fn told(asked: &Asked<'_>) -> Told {
    let Asked { project, released, indicator, cell } = *asked;
    let text = &project.texts[0];
    let country = project.countries.iter().find(|country| country.iso3 == released.iso3());
    let unit = if cell.relation == Relation::Share { "percent" } else { indicator.unit.as_str() };
    Told {
        id: cell.id.clone(),
        display: display(asked, text),
        value: cell.value.clone(),
        qualifier: cell.qualifier,
        status: cell.status,
        title: title(asked, text),
        unit: unit.to_owned(),
        period: text.dated(&cell.period),
        definition: country.map_or_else(|| indicator.description.clone(), |country| indicator.definition(country)),
        rule: rule(cell),
        rows: rows(&cell.rows),
        agreeing: rows(&cell.agreeing),
        filter: cell.register.then(|| filter(asked)),
        sources: sources(asked, &cell.sources, text),
        contested: cell.contested,
        alternatives: cell.alternatives.iter().map(|other| one(asked, other, text)).collect(),
        printed: Vec::new(),
        copies: Vec::new(),
    }
}

fn rows(places: &[String]) -> Vec<Row> {
    places.iter().map(|place| Row { place: place.clone(), text: String::new() }).collect()
}

fn display(asked: &Asked<'_>, text: &Text) -> String {
    let cell = asked.cell;
    let Some(value) = &cell.value else { return text.word(cell.status.code()).to_owned() };
    let printed = said(asked.project, text, cell, value, cell.qualifier);
    let unit = text.unit(&asked.indicator.unit, value.count());
    if cell.relation == Relation::Share || unit.is_empty() { printed } else { format!("{printed} {unit}") }
}

/// The name of what is counted, with its codes: "Persons arrested, female".
fn title(asked: &Asked<'_>, text: &Text) -> String {
    let label = |(dimension, code): (&String, &String)| asked.project.label(asked.indicator, dimension, code, text);
    let labels = asked.cell.codes.iter().map(label);
    std::iter::once(asked.indicator.title.clone()).chain(labels).collect::<Vec<_>>().join(", ")
}

/// How it came about. What the register counts now is not told of a number that was released and that is printed
/// again, only that it is another.
fn rule(cell: &ReleasedCell) -> String {
    let Some(reprint) = &cell.reprint else { return cell.rule.to_owned() };
    let computed = cell.is_computed();
    let of = if computed { format!("{}, ", cell.rule) } else { String::new() };
    let now = if reprint.differs { "; the register differs now" } else { "" };
    format!("{of}as released in `{}`{now}", reprint.release)
}

/// What is counted of a register's rows.
fn filter(asked: &Asked<'_>) -> String {
    let Measure::Observed { table, code, .. } = &asked.indicator.measure else { return String::new() };
    let measure = code.iter().map(|code| format!("measure {code}"));
    let conditions = asked.indicator.conditions.iter().map(|(d, codes)| format!("{d} {}", codes.join(" or ")));
    let codes = asked.cell.codes.iter().map(|(d, code)| match code.as_str() {
        REST => format!("{d} recorded under a code that is not named here"),
        code => format!("{d} {code}"),
    });
    let period = std::iter::once(format!("period {}", asked.cell.period.text()));
    let all: Vec<String> = measure.chain(period).chain(conditions).chain(codes).collect();
    let differs = asked.cell.reprint.as_ref().is_some_and(|reprint| reprint.differs);
    let rows = if differs { "rows that were then in the register" } else { "rows of the register" };
    format!("{rows} `{table}` with {}", all.join(", "))
}

fn sources(asked: &Asked<'_>, ids: &[String], text: &Text) -> Vec<Source> {
    let date = |written: &str| {
        crate::value::period::Period::parse(written).map(|period| text.period(&period)).unwrap_or_default()
    };
    let source = |id: &String| {
        let record = asked.released.source(id);
        let parts = record.map(|record| [record.publisher.clone(), record.title.clone(), date(&record.published)]);
        let parts = parts.unwrap_or_default().into_iter().filter(|part| !part.is_empty());
        Source {
            id: id.clone(),
            name: parts.collect::<Vec<_>>().join(", "),
            url: record.map_or_else(String::new, |record| record.url.clone()),
            accessed: record.map_or_else(String::new, |record| date(&record.accessed)),
        }
    };
    ids.iter().map(source).collect()
}

fn one(asked: &Asked<'_>, other: &Alternative, text: &Text) -> Other {
    Other {
        display: said(asked.project, text, asked.cell, &other.value, other.qualifier),
        value: other.value.clone(),
        qualifier: other.qualifier,
        sources: sources(asked, &other.sources, text),
        rows: rows(&other.rows),
        why: why(asked.cell, other),
    }
}

/// Why another source's word stands behind (docs/data.md#how-rows-are-read, rule 4).
fn why(cell: &ReleasedCell, other: &Alternative) -> &'static str {
    match other.yields {
        _ if cell.is_computed() => "computed from another reading of one of the two",
        Yielding::Rank => "its source ranks behind",
        Yielding::Date => "of equal rank, its source was published earlier",
        Yielding::Order => "of equal rank and date, the order of ids decides, stated before derived",
    }
}

/// Where a number is written in prose or in a dated fact, as no figure.
pub(super) fn literals(project: &Project, release: &Release, numeral: &str) -> Vec<Literal> {
    let holds = |text: &str| numerals(text).any(|found| found.replace(',', "") == numeral);
    let mut literals = Vec::new();
    for country in &project.countries {
        for narrative in &country.narratives {
            let text = narrative.source.text();
            let lines = (1..).zip(text.lines()).filter(|(_, line)| marked(line).any(&holds));
            literals.extend(lines.map(|(line, _)| Literal {
                what: "is marked in prose as no figure".to_owned(),
                place: format!("{}:{line}", narrative.source.path),
            }));
        }
        let events = release.country(&country.iso3).into_iter().flat_map(CountryRelease::events);
        for event in events.filter(|event| holds(&event.text)) {
            let place = event.rows.first().cloned().unwrap_or_default();
            literals.push(Literal { what: format!("stands in the dated fact `{}`", event.id), place });
        }
        let sources = release.country(&country.iso3).into_iter().flat_map(CountryRelease::sources);
        let tables = country.tables.iter().find(|file| file.table == "sources").map_or("", |file| file.path.as_str());
        literals.extend(sources.filter(|source| holds(&source.title) || holds(&source.url)).map(|source| Literal {
            what: format!("stands in the title or the address of the source `{}`", source.id),
            place: tables.to_owned(),
        }));
    }
    literals
}

/// The texts of a line that are marked as literals.
fn marked(line: &str) -> impl Iterator<Item = &str> {
    line.split("#lit[").skip(1).filter_map(|rest| rest.split(']').next())
}
